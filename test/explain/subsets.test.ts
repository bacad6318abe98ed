import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cheapestGoodSet, minimalGoodSets } from '../../src/explain/primitives/subsets.js';
import { runs } from '../seed.js';

/** Good sets are those that contain one of these. */
const families = fc.integer({ min: 0, max: 6 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    cores: fc.array(fc.subarray(Array.from({ length: size }, (_, index) => index)), { maxLength: 5 }),
    costs: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: size, maxLength: size }),
  }),
);

const contains = (set: ReadonlySet<number>, part: readonly number[]) =>
  part.every((element) => set.has(element));

function everySet(size: number): number[][] {
  return Array.from({ length: 2 ** size }, (_, mask) =>
    Array.from({ length: size }, (_, index) => index).filter((index) => (mask >> index) & 1),
  );
}

describe('smallest sets', () => {
  it('are all those that are good and of which no part is', () => {
    fc.assert(
      fc.property(families, ({ size, cores }) => {
        const isGood = (set: ReadonlySet<number>) => cores.some((core) => contains(set, core));
        const good = everySet(size).filter((set) => isGood(new Set(set)));
        const minimal = good.filter(
          (set) => !good.some((other) => other.length < set.length && contains(new Set(set), other)),
        );
        const found = minimalGoodSets({ size, isGood });
        if (good.length === 0) expect(found).toBeUndefined();
        else expect(new Set(found?.map(String))).toEqual(new Set(minimal.map(String)));
        expect(found?.length ?? 0).toBe(minimal.length);
      }),
      runs(300),
    );
  });

  it('are found that cost the least', () => {
    fc.assert(
      fc.property(families, ({ size, cores, costs }) => {
        const isGood = (set: ReadonlySet<number>) => cores.some((core) => contains(set, core));
        const cost = (set: readonly number[]) => set.reduce((sum, element) => sum + costs[element], 0);
        const good = everySet(size).filter((set) => isGood(new Set(set)));
        const found = cheapestGoodSet({ size, isGood }, (element) => costs[element]);
        if (!found) {
          expect(good).toEqual([]);
          return;
        }
        expect(isGood(new Set(found))).toBe(true);
        expect(cost(found)).toBe(Math.min(...good.map(cost)));
      }),
      runs(300),
    );
  });
});
