import type { Span } from '../diagnostics.js';
import type { Architecture } from '../kernel/index.js';
import {
  choicesOf,
  type Exploration,
  type ExploreOptions,
  errorBit,
  explore,
  type Machine,
  type MachineKind,
  type MachineState,
  machines,
} from '../operational/index.js';
import {
  type ErrorName,
  errorNames,
  livenessOf,
  type Observable,
  type Program,
  type ValueTable,
} from '../program/index.js';
import type { Outcome } from './proposition.js';

export interface MachineRunOptions
  extends Pick<ExploreOptions, 'maxStates' | 'maxBytes' | 'progress' | 'shortest'> {
  /** What must be kept of a run to its end. */
  readonly shown: readonly Observable[];
  /** Takes each final state, which is overwritten later. True ends the run. */
  readonly ended: (outcome: Outcome, state: MachineState) => boolean;
  /**
   * Takes the errors that a run is in, with its end when it is through, and what threads could not do. True
   * ends the exploration.
   */
  readonly failed: (
    errors: readonly ErrorName[],
    outcome: Outcome | undefined,
    state: MachineState,
    faults: ReturnType<Machine['faults']>,
  ) => boolean;
}

export interface MachineRun extends Pick<Exploration, 'states' | 'transitions' | 'limit'> {
  readonly machine: Machine;
  /** The choices that lead to a state handed to `ended` or `failed`. */
  choicesTo(state: MachineState): number[];
  /** Where threads were followed no further. */
  readonly cut: readonly Span[];
}

/** Names of the machines that there are. */
export const machineNames: readonly string[] = [...machines.keys()];

/** A machine by its name (`machineNames`), or one of your own. */
export type MachineChoice = string | MachineKind;

/**
 * A machine that runs a program.
 * @param shown what must be kept of a run to its end
 * @throws RangeError when there is no machine of that name
 */
export function createMachine(
  program: Program,
  choice: MachineChoice,
  values: ValueTable,
  shown: readonly Observable[],
): Machine {
  const kind = kindOf(choice);
  const observed = new Map(
    program.threads.map((thread) => [
      thread.code,
      shown.flatMap((o) => (o.kind === 'register' && o.thread === thread.id ? [o.register] : [])),
    ]),
  );
  return kind.create(
    program,
    values,
    livenessOf(
      (code) => observed.get(code) ?? [],
      (cell) => shown.some((one) => one.kind === 'cell' && one.cell === cell),
    ),
  );
}

/**
 * The target whose code for the kernel's primitives a C program has on a machine.
 * @throws RangeError when there is no machine of that name
 */
export function architectureOf(choice: MachineChoice): Architecture {
  return kindOf(choice).architecture;
}

function kindOf(choice: MachineChoice): MachineKind {
  const kind = typeof choice === 'string' ? machines.get(choice) : choice;
  if (!kind) throw new RangeError(`there is no machine ${choice}; there are ${machineNames.join(', ')}`);
  return kind;
}

/** A final state of a machine as what can be looked at. */
export function outcomeOf(machine: Machine, state: MachineState): Outcome {
  return {
    register: (thread, register) => machine.register(state, thread, register),
    final: (cell) => machine.memory(state, cell),
  };
}

/** The errors that the bits of `Machine.errors` stand for. */
export function errorsIn(bits: number): ErrorName[] {
  return errorNames.filter((error) => (bits & errorBit(error)) !== 0);
}

/**
 * Explores a machine that runs the program.
 * @throws RangeError when there is no machine of that name
 */
export function runMachine(
  program: Program,
  choice: MachineChoice,
  values: ValueTable,
  options: MachineRunOptions,
): MachineRun {
  const { ended, failed, shown, ...limits } = options;
  const machine = createMachine(program, choice, values, shown);
  const run = explore(machine, {
    final: (state) => ended(outcomeOf(machine, state), state),
    failed: (errors, state, isFinal) =>
      failed(errorsIn(errors), isFinal ? outcomeOf(machine, state) : undefined, state, machine.faults(state)),
    ...limits,
  });
  return {
    machine,
    states: run.states,
    transitions: run.transitions,
    ...(run.limit ? { limit: run.limit } : {}),
    cut: run.cut,
    choicesTo: (state) => choicesOf(machine, run.trace(state)),
  };
}
