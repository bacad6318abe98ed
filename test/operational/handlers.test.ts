import { describe, expect, it } from '@jest/globals';
import { FULL, STORES } from '../../src/arbitraries/index.js';
import { checkOnMachine, machineNames } from '../../src/check/index.js';
import { all, cellIs, registerIs } from '../check/statements.js';
import { testOf } from '../oracle/asking.js';
import { fence, load, loadLocked, program, store, storeConditional } from '../oracle/code.js';

/** Whether some final state has x = 5: the store-conditional has succeeded. */
function stored(
  name: string,
  own: Parameters<typeof program>[0]['threads'][0],
  handler: readonly ReturnType<typeof load>[],
) {
  const threads = [own, { code: handler, interrupt: 'nmi' }] as const;
  const test = testOf(program({ cells: { x: 0, y: 0 }, threads }), cellIs(0, 5));
  return checkOnMachine(test, name).verdict;
}

// Entering a handler, or leaving it, clears the lock flag (Alpha handbook, 4.2.5 and 5.6.1.8).
describe.each(machineNames.map((name) => ({ name })))('handlers on the machine $name', ({ name }) => {
  it("pair no store-conditional of the thread's with a load-locked of theirs", () => {
    expect(stored(name, [storeConditional(0, 'x', 5)], [loadLocked(0, 'x')])).toBe('Never');
  });

  it("pair no store-conditional of theirs with a load-locked of the thread's", () => {
    expect(stored(name, [loadLocked(0, 'x')], [storeConditional(0, 'x', 5)])).toBe('Never');
  });

  it('come before, after or between a pair of the thread, which may succeed', () => {
    expect(stored(name, [loadLocked(0, 'x'), storeConditional(1, 'x', 5)], [load(0, 'y')])).toBe('Sometimes');
  });
});

describe.each(machineNames.map((name) => ({ name })))('the machine $name', ({ name }) => {
  it('keeps a store-conditional behind a store fence, also where the load-locked is before it', () => {
    const threads = [
      [loadLocked(0, 'y'), store('x', 1), fence(...STORES), storeConditional(1, 'y', 1)],
      [load(0, 'y'), fence(...FULL), load(1, 'x')],
    ];
    const seen = all(registerIs(1, 0, 1), registerIs(1, 1, 0));
    const test = testOf(program({ cells: { x: 0, y: 0 }, threads }), seen);
    expect(checkOnMachine(test, name).verdict).toBe('Never');
  });
});
