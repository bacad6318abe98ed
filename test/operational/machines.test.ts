import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { machineWords, regionWords, samples, srcuWords } from '../../src/arbitraries/index.js';
import { explore, livenessOf, machines } from '../../src/operational/index.js';
import { type Code, type Program, registerId, ValueTable } from '../../src/program/index.js';
import { runs } from '../seed.js';
import { twins } from './twins.js';

/** Past this many states a program tells no more than a smaller one. */
const MAX_STATES = 5000;

interface Manner {
  readonly reduce: boolean;
  readonly symmetry: boolean;
  /** Whether final states show everything, or every other register and location. */
  readonly all: boolean;
}

/** The final states that a machine reaches, as text; undefined when there are too many states, or the program is at fault. */
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
  });
  return run.limit || run.fault ? undefined : [...found].sort();
}

/** Every way to explore gives the same as the plain one. */
function expectSame(program: Program, name: string, all: boolean): void {
  const plain = finals(program, name, { reduce: false, symmetry: false, all });
  fc.pre(plain !== undefined);
  for (const [reduce, symmetry] of [
    [true, false],
    [false, true],
    [true, true],
  ])
    expect({ reduce, symmetry, finals: finals(program, name, { reduce, symmetry, all }) }).toEqual({
      reduce,
      symmetry,
      finals: plain,
    });
}

describe.each([...machines.keys()].map((name) => ({ name })))('machine $name', ({ name }) => {
  it.each([
    { title: '', words: machineWords, times: 150 },
    { title: ', with grace periods too', words: regionWords, times: 100 },
    { title: ', with SRCU and locks too', words: { ...srcuWords, locks: true }, times: 100 },
  ])(
    'keeps its invariants, and reaches the same final states when no step stands for others$title',
    ({ words, times }) => {
      fc.assert(
        fc.property(samples({ words, faults: false }), fc.boolean(), ({ program }, all) =>
          expectSame(program, name, all),
        ),
        runs(times),
      );
    },
  );

  it('keeps its invariants, and reaches the same final states when no thread stands for its twins', () => {
    fc.assert(
      fc.property(twins(), fc.boolean(), (program, all) => expectSame(program, name, all)),
      runs(80),
    );
  });
});
