import type { Machine, MachineState, Transition } from '../machine/machine.js';
import { StateStore } from './state-store.js';

/** A choice that there was not. */
export class BadChoice extends Error {
  override readonly name = 'BadChoice';
  readonly code = 'bad-choice';

  constructor(
    /** Which step it was to be, from 1. */
    readonly step: number,
    readonly choice: number,
    /** How many steps were possible. */
    readonly count: number,
  ) {
    super(`step ${step} is to be choice ${choice}, but there ${choicesText(count)}`);
  }
}

function choicesText(count: number): string {
  if (count === 0) return 'was no step left to choose';
  return count === 1 ? 'was only choice 0' : `were only the choices 0 to ${count - 1}`;
}

/**
 * A way through a machine: where it leads, and the steps on it as choices. A choice is a place among the steps that are possible in a
 * state, in the machine's own order: a list of them leads to the same state on every computer.
 */
export class Walk {
  private readonly states: MachineState[];
  private readonly chosen: number[] = [];

  constructor(readonly machine: Machine) {
    const initial = new Int32Array(machine.width);
    machine.writeInitial(initial);
    this.states = [initial];
  }

  get state(): MachineState {
    return this.states[this.states.length - 1];
  }

  /** The choices made so far. */
  get choices(): readonly number[] {
    return this.chosen;
  }

  /** The steps that are possible now. */
  steps(): Transition[] {
    return stepsIn(this.machine, this.state);
  }

  /** @throws BadChoice when there is no such step */
  take(choice: number): void {
    const steps = this.steps();
    if (steps[choice] === undefined) throw new BadChoice(this.chosen.length + 1, choice, steps.length);
    const next = new Int32Array(this.machine.width);
    this.machine.apply(this.state, steps[choice], next);
    this.states.push(next);
    this.chosen.push(choice);
  }

  /** Undoes the last step. False when there is none. */
  back(): boolean {
    if (this.chosen.length === 0) return false;
    this.states.pop();
    this.chosen.pop();
    return true;
  }

  reset(): void {
    this.states.length = 1;
    this.chosen.length = 0;
  }
}

/** The choices that stand for steps from the initial state on. */
export function choicesOf(machine: Machine, steps: readonly Transition[]): number[] {
  const walk = new Walk(machine);
  for (const step of steps) walk.take(walk.steps().indexOf(step));
  return [...walk.choices];
}

/** Where a way is to lead: to a state, or to a step, which is then its last. */
export interface Destination {
  readonly state?: (state: MachineState) => boolean;
  readonly step?: (state: MachineState, step: Transition) => boolean;
}

/** How far to look for a way. */
export interface WayLimits {
  /** Asked every so often; true gives up. */
  readonly expired?: () => boolean;
  readonly maxStates?: number;
}

/** States between two looks at the limits. */
const POLL_INTERVAL = 1024;

/**
 * The choices that lead from a state to a destination: the fewest there are; of several such lists the first. Every step of every state
 * is looked at, as the explorer's reductions are for what is asked of final states alone.
 * @returns undefined when no way leads there, 'limit' when that is not known
 */
export function wayTo(
  machine: Machine,
  from: MachineState,
  to: Destination,
  limits: WayLimits = {},
): number[] | undefined | 'limit' {
  const store = new StateStore(machine.width);
  const links: { readonly from: number; readonly choice: number }[] = [{ from: -1, choice: 0 }];
  const state = new Int32Array(machine.width);
  const next = new Int32Array(machine.width);
  const path = (last: number): number[] => {
    const choices: number[] = [];
    for (let at = last; links[at].from >= 0; at = links[at].from) choices.push(links[at].choice);
    return choices.reverse();
  };
  store.add(from);
  for (let at = 0; at < store.size; at++) {
    if (store.size > (limits.maxStates ?? Number.POSITIVE_INFINITY)) return 'limit';
    if (at % POLL_INTERVAL === 0 && limits.expired?.()) return 'limit';
    store.read(at, state);
    if (to.state?.(state)) return path(at);
    const steps = stepsIn(machine, state);
    for (let choice = 0; choice < steps.length; choice++) {
      if (to.step?.(state, steps[choice])) return [...path(at), choice];
      machine.apply(state, steps[choice], next);
      if (store.add(next) < 0) links.push({ from: at, choice });
    }
  }
  return undefined;
}

function stepsIn(machine: Machine, state: MachineState): Transition[] {
  const steps: Transition[] = [];
  machine.transitions(state, steps);
  return steps;
}
