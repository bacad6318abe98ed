import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { machineWords, regionWords, samples } from '../../src/arbitraries/index.js';
import { explore, livenessOf, machines } from '../../src/operational/index.js';
import { type Code, type Program, registerId, ValueTable } from '../../src/program/index.js';
import { runs } from '../seed.js';

/** Past this many states a program tells no more than a smaller one. */
const MAX_STATES = 5000;

/** The final states that a machine reaches, as text; undefined when there are too many states. */
function finals(program: Program, name: string, reduce: boolean): string[] | undefined {
  const every = ({ registers }: Code) => registers.map((_, index) => registerId(index));
  const values = new ValueTable();
  const machine = machines.get(name)?.create(program, values, livenessOf(every));
  if (!machine) throw new Error(`no machine ${name}`);
  const found = new Set<string>();
  const run = explore(machine, {
    reduce,
    maxStates: MAX_STATES,
    visited: (state) => machine.checkInvariants(state),
    final: (state) => {
      const registers = program.threads.flatMap(({ id, code }) =>
        every(code).map((register) => machine.register(state, id, register)),
      );
      const memory = program.cells.map((_, cell) => machine.memory(state, cell as never));
      found.add([...registers, ...memory].map((value) => String(values.value(value))).join(' '));
      return false;
    },
  });
  return run.limit ? undefined : [...found].sort();
}

describe.each([...machines.keys()].map((name) => ({ name })))('machine $name', ({ name }) => {
  it.each([
    { title: '', words: machineWords, times: 300 },
    { title: ', with grace periods too', words: regionWords, times: 200 },
  ])(
    'keeps its invariants, and reaches the same final states when no step stands for others$title',
    ({ words, times }) => {
      fc.assert(
        fc.property(samples({ words, faults: false }), ({ program }) => {
          const all = finals(program, name, false);
          fc.pre(all !== undefined);
          expect(finals(program, name, true)).toEqual(all);
        }),
        runs(times),
      );
    },
  );
});
