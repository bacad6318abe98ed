import { ProgramFault } from '../axiomatic/index.js';
import { explore, livenessOf, type MachineState, machines } from '../operational/index.js';
import type { Observable, Program, ValueTable } from '../program/index.js';
import type { Outcome } from './proposition.js';

export interface MachineRunOptions {
  /** What must be kept of a run to its end. */
  readonly shown: readonly Observable[];
  /** Takes each final state. True ends the run. */
  readonly ended: (outcome: Outcome) => boolean;
  readonly expired: () => boolean;
  readonly maxStates?: number;
}

export interface MachineRun {
  readonly states: number;
  readonly transitions: number;
  readonly complete: boolean;
}

/** Names of the machines that there are. */
export const machineNames: readonly string[] = [...machines.keys()];

/**
 * Explores a machine that runs the program.
 * @throws RangeError when there is no machine of that name
 * @throws ProgramFault when a reachable state does what the program must not do
 */
export function runMachine(
  program: Program,
  name: string,
  values: ValueTable,
  options: MachineRunOptions,
): MachineRun {
  const kind = machines.get(name);
  if (!kind) throw new RangeError(`there is no machine ${name}; there are ${machineNames.join(', ')}`);
  const observed = new Map(
    program.threads.map((thread) => [
      thread.code,
      options.shown.flatMap((o) => (o.kind === 'register' && o.thread === thread.id ? [o.register] : [])),
    ]),
  );
  const machine = kind.create(
    program,
    values,
    livenessOf((code) => observed.get(code) ?? []),
  );
  const run = explore(machine, {
    expired: options.expired,
    ...(options.maxStates === undefined ? {} : { maxStates: options.maxStates }),
    final: (state: MachineState) =>
      options.ended({
        register: (thread, register) => machine.register(state, thread, register),
        final: (cell) => machine.memory(state, cell),
      }),
  });
  if (run.fault) throw new ProgramFault(run.fault);
  return { states: run.states, transitions: run.transitions, complete: run.complete };
}
