import { expect } from '@jest/globals';
import fc from 'fast-check';
import { explore, machines } from '../../src/operational/index.js';
import { type Code, livenessOf, type Program, registerId, ValueTable } from '../../src/program/index.js';
import { isLong } from '../seed.js';

/** Past this many states a program tells no more than a smaller one. */
const MAX_STATES = isLong ? 5000 : 400;

interface Manner {
  readonly reduce: boolean;
  readonly symmetry: boolean;
  /** Whether final states show everything, or every other register and location. */
  readonly all: boolean;
}

/**
 * The final states that a machine reaches, and the errors with memory that runs are in, as text; undefined when there are too many states, or the
 * program is at fault.
 */
function finals(program: Program, name: string, { all, ...options }: Manner): string[] | undefined {
  const isShown = (_: unknown, at: number): boolean => all || at % 2 === 1;
  const registers = ({ registers }: Code) => registers.map((_, at) => registerId(at)).filter(isShown);
  const cells = program.cells.map((_, cell) => cell as never).filter(isShown);
  const values = new ValueTable();
  const liveness = livenessOf(registers, (cell) => isShown(cell, cell));
  const machine = machines.get(name)?.create(program, values, liveness);
  if (!machine) throw new Error(`no machine ${name}`);
  const found = new Set<string>();
  const run = explore(machine, {
    ...options,
    maxStates: MAX_STATES,
    visited: (state) => machine.checkInvariants(state),
    final: (state) => {
      const held = program.threads.flatMap(({ id, code }) =>
        registers(code).map((register) => machine.register(state, id, register)),
      );
      const memory = cells.map((cell) => machine.memory(state, cell));
      found.add([...held, ...memory].map((value) => String(values.value(value))).join(' '));
      return false;
    },
    failed: (errors) => {
      for (let bits = errors; bits !== 0; bits &= bits - 1)
        found.add(`error ${31 - Math.clz32(bits & -bits)}`);
      return false;
    },
  });
  return run.limit ? undefined : [...found].sort();
}

/** Every way to explore gives the same as the plain one. */
export function expectSame(program: Program, name: string, all: boolean): void {
  const plain = finals(program, name, { reduce: false, symmetry: false, all });
  fc.pre(plain !== undefined);
  const manners = [
    { reduce: true, symmetry: false },
    { reduce: false, symmetry: true },
    { reduce: true, symmetry: true },
  ];
  const found = manners.map((manner) => ({ ...manner, finals: finals(program, name, { ...manner, all }) }));
  expect(found).toEqual(manners.map((manner) => ({ ...manner, finals: plain })));
}
