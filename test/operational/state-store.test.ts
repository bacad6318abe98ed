import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StateStore } from '../../src/operational/explore/state-store.js';
import { runs } from '../seed.js';

/** Small integers mostly, as machines have them; now and then any. */
const integer = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -1, max: 3 }) },
  { weight: 2, arbitrary: fc.integer({ min: -1, max: 5000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
);

describe('a store of states', () => {
  it('numbers tuples as they come, knows them again, and gives them back', () => {
    const tuples = fc
      .integer({ min: 0, max: 9 })
      .chain((width) =>
        fc.array(fc.array(integer, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 80 }),
      );
    fc.assert(
      fc.property(tuples, (list) => {
        const width = list[0].length;
        const store = new StateStore(width, 1);
        const numbers = new Map<string, number>();
        for (const numbersOf of list) {
          const tuple = Int32Array.from(numbersOf);
          const key = tuple.join();
          const known = numbers.get(key);
          expect(store.find(tuple)).toBe(known ?? -1);
          expect(store.add(tuple)).toBe(known ?? ~numbers.size);
          if (known === undefined) numbers.set(key, numbers.size);
        }
        expect(store.size).toBe(numbers.size);
        const read = new Int32Array(width);
        for (const [key, number] of numbers) {
          store.read(number, read);
          expect(read.join()).toBe(key);
        }
      }),
      runs(300),
    );
  });

  it('takes a bit for what has two values, and none for what has one', () => {
    const store = new StateStore(40, 16);
    const tuple = new Int32Array(40).fill(7);
    for (let bits = 0; bits < 2 ** 16; bits++) {
      for (let at = 0; at < 16; at++) tuple[at] = ((bits >> at) & 1) - 1;
      store.add(tuple);
    }
    expect(store.size).toBe(2 ** 16);
    // A word for each tuple, and two to four places of the table.
    expect(store.bytes).toBeLessThanOrEqual(2 ** 16 * (4 + 4 + 16));
  });
});
