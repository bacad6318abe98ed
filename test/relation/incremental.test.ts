import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as kernels from '../../src/relation/index.js';
import { runs } from '../seed.js';
import { relationsOver, setsOver, sizes } from './arbitrary.js';
import * as naive from './oracle.js';

/** A relation or set as it was and as it is, and what counts as changed besides what has. */
interface Changed<T> {
  readonly before: T;
  readonly after: T;
  readonly besides: naive.NaiveSet;
}

type ChangedRelation = Changed<naive.NaiveRelation>;
type ChangedSet = Changed<naive.NaiveSet>;

/** Few rows, if any, that count as changed though they are not. */
const besidesOver = (n: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(naive.setOf(n, () => false)) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.nat(n - 1), { maxLength: 2 })
        .map((some) => naive.setOf(n, (i) => some.includes(i))),
    },
  );

/** Mostly a few pairs come or go; sometimes nothing is as it was. */
const changedRelations = (n: number): fc.Arbitrary<ChangedRelation> => {
  const pairs = fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 4 });
  return relationsOver(n).chain((before) => {
    const turned = pairs.map((some) =>
      naive.relationOf(n, (i, j) => before[i][j] !== some.some(([k, l]) => k === i && l === j)),
    );
    const after = fc.oneof({ weight: 6, arbitrary: turned }, { weight: 1, arbitrary: relationsOver(n) });
    return fc.record({ before: fc.constant(before), after, besides: besidesOver(n) });
  });
};

const changedSets = (n: number): fc.Arbitrary<ChangedSet> =>
  setsOver(n).chain((before) => {
    const turned = fc
      .array(fc.nat(n - 1), { maxLength: 3 })
      .map((some) => naive.setOf(n, (i) => before[i] !== some.includes(i)));
    return fc.record({ before: fc.constant(before), after: turned, besides: besidesOver(n) });
  });

const cases = sizes.chain((n) =>
  fc.record({
    n: fc.constant(n),
    r: changedRelations(n),
    s: changedRelations(n),
    t: changedRelations(n),
    a: changedSets(n),
  }),
);

type Argument = ChangedRelation | ChangedSet;
const isRelation = (value: naive.NaiveRelation | naive.NaiveSet): value is naive.NaiveRelation =>
  Array.isArray(value[0]);
const wordsOf = (value: naive.NaiveRelation | naive.NaiveSet) =>
  isRelation(value) ? naive.wordsOfRelation(value) : naive.wordsOfSet(value);

/** The rows that differ, or the members. */
const differing = (before: naive.NaiveRelation | naive.NaiveSet, after: typeof before): naive.NaiveSet =>
  naive.setOf(before.length, (i) => String(before[i]) !== String(after[i]));

type Kernel = (m: Int32Array, dst: number, offsets: readonly number[], n: number, w: number) => void;

/**
 * Lays out the arguments as they are, each with its changes behind it, and the result on the arguments as
 * they were. Afterwards the result has to be that on the arguments as they are, its changes the rows that
 * differ, and all else what it was.
 */
function expectUpdate(
  n: number,
  args: readonly Argument[],
  result: (values: readonly (naive.NaiveRelation | naive.NaiveSet)[]) => naive.NaiveRelation,
  kernel: Kernel,
): void {
  const words: number[] = [7];
  const put = (...some: number[]) => {
    const at = words.length;
    words.push(...some, 7);
    return at;
  };
  const offsets = args.map(({ before, after, besides }) => {
    const differ = differing(before, after);
    const changes = naive.setOf(n, (i) => differ[i] || besides[i]);
    return put(...wordsOf(after), ...naive.wordsOfSet(changes));
  });
  const before = result(args.map((arg) => arg.before));
  const after = result(args.map((arg) => arg.after));
  const dst = put(...wordsOf(before), ...naive.wordsOfSet(naive.setOf(n, (i) => i % 3 === 0)));
  const expected = [...words];
  const update = [...wordsOf(after), ...naive.wordsOfSet(differing(before, after))];
  expected.splice(dst, update.length, ...update);
  const m = Int32Array.from(words);
  kernel(m, dst, offsets, n, kernels.wordsFor(n));
  expect([...m]).toEqual(expected);
}

const closure =
  (reflexive: boolean): typeof kernels.updateInverse =>
  (m, dst, a, n, w) =>
    kernels.updateClosure(m, dst, a, reflexive, n, w);

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;
const check = (property: (one: Case) => void) => fc.assert(fc.property(cases, property), runs(100));

describe('brought up to date', () => {
  test.each([
    ['union', kernels.updateUnion, naive.unionOf],
    ['intersection', kernels.updateIntersection, naive.intersectionOf],
  ] as const)('%s of one to three relations', (_, kernel, oracle) => {
    check(({ n, r, s, t }) => {
      for (const args of [[r], [r, s], [r, s, t], [s, s]]) {
        expectUpdate(
          n,
          args,
          (values) => (values as naive.NaiveRelation[]).reduce(oracle),
          (m, dst, offsets, size, w) => kernel(m, dst, Int32Array.from(offsets), size, w),
        );
      }
    });
  });

  test.each([
    ['difference', kernels.updateDifference, naive.differenceOf],
    ['compose', kernels.updateCompose, naive.composeOf],
  ] as const)('%s of two relations, also of one with itself', (_, kernel, oracle) => {
    check(({ n, r, s }) => {
      const result = ([a, b]: readonly unknown[]) =>
        oracle(a as naive.NaiveRelation, (b ?? a) as naive.NaiveRelation);
      expectUpdate(n, [r, s], result, (m, dst, [a, b], size, w) => kernel(m, dst, a, b, size, w));
      expectUpdate(n, [r], result, (m, dst, [a], size, w) => kernel(m, dst, a, a, size, w));
    });
  });

  test.each([
    ['copy', kernels.updateCopy, (r: naive.NaiveRelation) => r],
    ['inverse', kernels.updateInverse, naive.inverseOf],
    ['reflexive', kernels.updateReflexive, naive.reflexiveOf],
    ['transitive closure', closure(false), naive.closureOf],
    [
      'reflexive and transitive closure',
      closure(true),
      (r: naive.NaiveRelation) => naive.reflexiveOf(naive.closureOf(r)),
    ],
  ] as const)('%s of a relation', (_, kernel, oracle) => {
    check(({ n, r }) => {
      const result = ([a]: readonly unknown[]) => oracle(a as naive.NaiveRelation);
      expectUpdate(n, [r], result, (m, dst, [a], size, w) => kernel(m, dst, a, size, w));
    });
  });

  test('restrictions to a set', () => {
    check(({ n, r, a }) => {
      const starting = ([relation, set]: readonly unknown[]) =>
        naive.relationOf(n, (i, j) => (relation as naive.NaiveRelation)[i][j] && (set as naive.NaiveSet)[i]);
      const ending = ([relation, set]: readonly unknown[]) =>
        naive.relationOf(n, (i, j) => (relation as naive.NaiveRelation)[i][j] && (set as naive.NaiveSet)[j]);
      expectUpdate(n, [r, a], starting, (m, dst, [relation, set], size, w) =>
        kernels.updateRestrictDomain(m, dst, set, relation, size, w),
      );
      expectUpdate(n, [r, a], ending, (m, dst, [relation, set], size, w) =>
        kernels.updateRestrictRange(m, dst, relation, set, size, w),
      );
    });
  });
});

test('changes are found by comparison with a copy, which is then as new', () => {
  check(({ n, r, a }) => {
    const w = kernels.wordsFor(n);
    for (const { before, after } of [r, a]) {
      const now = wordsOf(after);
      const m = Int32Array.from([...now, ...new Array(w).fill(-1), 7]);
      const old = Int32Array.from([7, ...wordsOf(before), 7]);
      if (isRelation(after)) kernels.findChanges(m, 0, old, 1, now.length, n, w);
      else kernels.findChangesOfSet(m, 0, old, 1, now.length, w);
      expect([...m]).toEqual([...now, ...naive.wordsOfSet(differing(before, after)), 7]);
      expect([...old]).toEqual([7, ...now, 7]);
    }
  });
});
