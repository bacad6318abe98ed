import { type Machine, type MachineView, Walk } from '../operational/index.js';

/** Steps of a machine, told. */
export interface MachineTrace {
  readonly machine: string;
  /** What there is to see before the first step. */
  readonly initial: MachineView;
  readonly steps: readonly TracedStep[];
}

/** A step that a machine made. */
export interface TracedStep {
  /** Its place among the steps that were possible: the list of these leads the same way again. */
  readonly choice: number;
  /** As one sentence. */
  readonly text: string;
  /** What there is to see after it. */
  readonly view: MachineView;
}

/**
 * Tells the steps that choices from the initial state on stand for.
 * @throws BadChoice when there is no such step
 */
export function tell(machine: Machine, choices: readonly number[]): MachineTrace {
  const walk = new Walk(machine);
  const initial = machine.view(walk.state);
  return { machine: machine.name, initial, steps: choices.map((choice) => takeTelling(walk, choice)) };
}

/** Takes a step of a walk. @throws BadChoice when there is no such step */
export function takeTelling(walk: Walk, choice: number): TracedStep {
  const { machine, state } = walk;
  const step = walk.steps()[choice];
  walk.take(choice);
  return { choice, text: machine.describe(state, step), view: machine.view(walk.state) };
}
