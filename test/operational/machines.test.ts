import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { machineWords, regionWords, samples, srcuWords } from '../../src/arbitraries/index.js';
import { machines } from '../../src/operational/index.js';
import { runs } from '../seed.js';
import { expectSame } from './exploring.js';
import { looping } from './loops.js';
import { twins } from './twins.js';

describe.each([...machines.keys()].map((name) => ({ name })))('machine $name', ({ name }) => {
  it.each([
    { title: '', words: machineWords, times: 50 },
    { title: ', with grace periods too', words: regionWords, times: 50 },
    { title: ', with SRCU and locks too', words: { ...srcuWords, locks: true }, times: 50 },
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
      runs(50),
    );
  });

  it.each([
    { title: '', words: machineWords, times: 50 },
    {
      title: ', with grace periods and memory that is freed',
      words: { ...regionWords, memory: true },
      times: 50,
    },
  ])(
    'keeps its invariants, and reaches the same final states and errors when threads wait in loops$title',
    ({ words, times }) => {
      fc.assert(
        fc.property(looping(words), fc.boolean(), (program, all) => expectSame(program, name, all)),
        runs(times),
      );
    },
  );
});
