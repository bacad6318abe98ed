import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as kernels from '../../src/relation/index.js';
import { runs } from '../seed.js';
import { mixed, relations, sets, sizes } from './arbitrary.js';
import { expectAnswer, expectResult } from './arena.js';
import * as naive from './oracle.js';

type Inputs = typeof mixed extends fc.Arbitrary<infer T> ? T : never;

const check = (property: (inputs: Inputs) => void) => fc.assert(fc.property(mixed, property), runs(120));

test('a row has a word for every 32 events, and at least one', () => {
  const expected = new Map([
    [0, 1],
    [1, 1],
    [31, 1],
    [32, 1],
    [33, 2],
    [64, 2],
    [65, 3],
    [96, 3],
    [97, 4],
  ]);
  for (const [n, words] of expected) expect(kernels.wordsFor(n)).toBe(words);
});

describe('words', () => {
  const binary = [
    ['union', kernels.union, naive.unionOf],
    ['intersection', kernels.intersection, naive.intersectionOf],
    ['difference', kernels.difference, naive.differenceOf],
  ] as const;

  test.each(binary)('%s of relations, also in place of either', (_, kernel, oracle) => {
    check(({ n, r, s }) => {
      const expected = { relation: oracle(r, s) };
      for (const inPlaceOf of [undefined, 0, 1]) {
        const args = [{ relation: r }, { relation: s }];
        expectResult(n, args, expected, (m, dst, [a, b], _, w) => kernel(m, dst, a, b, n * w), inPlaceOf);
      }
      const same = { relation: oracle(r, r) };
      expectResult(n, [{ relation: r }], same, (m, dst, [a], _, w) => kernel(m, dst, a, a, n * w), 0);
    });
  });

  test.each(binary)('%s of sets, also in place of either', (_, kernel, oracle) => {
    check(({ n, a, b }) => {
      // A set is the row of a relation whose rows are all alike.
      const [expected] = oracle(Array(n).fill(a), Array(n).fill(b));
      for (const inPlaceOf of [undefined, 0, 1]) {
        const args = [{ set: a }, { set: b }];
        expectResult(
          n,
          args,
          { set: expected },
          (m, dst, [x, y], _, w) => kernel(m, dst, x, y, w),
          inPlaceOf,
        );
      }
    });
  });

  test('copy and clear', () => {
    check(({ n, r }) => {
      const copied = { relation: r };
      expectResult(n, [{ relation: r }], copied, (m, dst, [a], _, w) => kernels.copy(m, dst, a, n * w));
      const none = { relation: naive.relationOf(n, () => false) };
      expectResult(n, [], none, (m, dst, _, __, w) => kernels.clear(m, dst, n * w));
    });
  });

  test('equal, isEmpty and count', () => {
    check(({ n, r, s }) => {
      const args = [{ relation: r }, { relation: s }];
      const same = naive.pairsOf(r).join(' ') === naive.pairsOf(s).join(' ');
      expectAnswer(n, args, same, (m, [a, b], _, w) => kernels.equal(m, a, b, n * w));
      const twice = [{ relation: r }, { relation: r }];
      expectAnswer(n, twice, true, (m, [a, b], _, w) => kernels.equal(m, a, b, n * w));
      const size = naive.pairsOf(r).length;
      expectAnswer(n, args, size === 0, (m, [a], _, w) => kernels.isEmpty(m, a, n * w));
      expectAnswer(n, args, size, (m, [a], _, w) => kernels.count(m, a, n * w));
    });
  });

  test('equal sees a difference in any pair', () => {
    const pairIn = relations.chain((r) =>
      fc.tuple(fc.constant(r), fc.nat(r.length - 1), fc.nat(r.length - 1)),
    );
    fc.assert(
      fc.property(pairIn, ([r, i, j]) => {
        const other = naive.relationOf(r.length, (k, l) => r[k][l] !== (k === i && l === j));
        const args = [{ relation: r }, { relation: other }];
        expectAnswer(r.length, args, false, (m, [a, b], n, w) => kernels.equal(m, a, b, n * w));
      }),
      runs(100),
    );
  });
});

describe('single members', () => {
  const pairIn = relations.chain((r) => fc.tuple(fc.constant(r), fc.nat(r.length - 1), fc.nat(r.length - 1)));

  test('has, add and remove of a pair', () => {
    fc.assert(
      fc.property(pairIn, ([r, i, j]) => {
        const n = r.length;
        const args = [{ relation: r }];
        expectAnswer(n, args, r[i][j], (m, [a], _, w) => kernels.has(m, a, i, j, w));
        const added = { relation: naive.relationOf(n, (k, l) => r[k][l] || (k === i && l === j)) };
        expectResult(n, args, added, (m, dst, _, __, w) => kernels.add(m, dst, i, j, w), 0);
        const removed = { relation: naive.relationOf(n, (k, l) => r[k][l] && !(k === i && l === j)) };
        expectResult(n, args, removed, (m, dst, _, __, w) => kernels.remove(m, dst, i, j, w), 0);
      }),
      runs(150),
    );
  });

  test('hasEvent, addEvent and removeEvent', () => {
    fc.assert(
      fc.property(
        sets.chain((a) => fc.tuple(fc.constant(a), fc.nat(a.length - 1))),
        ([a, i]) => {
          const n = a.length;
          const args = [{ set: a }];
          expectAnswer(n, args, a[i], (m, [set]) => kernels.hasEvent(m, set, i));
          const added = { set: naive.setOf(n, (k) => a[k] || k === i) };
          expectResult(n, args, added, (m, dst) => kernels.addEvent(m, dst, i), 0);
          const removed = { set: naive.setOf(n, (k) => a[k] && k !== i) };
          expectResult(n, args, removed, (m, dst) => kernels.removeEvent(m, dst, i), 0);
        },
      ),
      runs(150),
    );
  });
});

describe('whole sets and relations', () => {
  test('fullSet and identity', () => {
    fc.assert(
      fc.property(sizes, (n) => {
        expectResult(n, [], { set: naive.setOf(n, () => true) }, (m, dst, _, __, w) =>
          kernels.fullSet(m, dst, n, w),
        );
        expectResult(n, [], { relation: naive.relationOf(n, (i, j) => i === j) }, (m, dst, _, __, w) =>
          kernels.identity(m, dst, n, w),
        );
      }),
      runs(80),
    );
  });

  test('complementSet, also in place', () => {
    check(({ n, a }) => {
      const expected = { set: naive.setOf(n, (i) => !a[i]) };
      for (const inPlaceOf of [undefined, 0]) {
        expectResult(
          n,
          [{ set: a }],
          expected,
          (m, dst, [x], _, w) => kernels.complementSet(m, dst, x, n, w),
          inPlaceOf,
        );
      }
    });
  });

  const unary = [
    ['complementRelation', kernels.complementRelation, naive.complementOf, 'also in place'],
    ['reflexive', kernels.reflexive, naive.reflexiveOf, 'also in place'],
    ['transitiveClosure', kernels.transitiveClosure, naive.closureOf, 'also in place'],
    ['inverse', kernels.inverse, naive.inverseOf, 'to another place'],
  ] as const;

  test.each(unary)('%s', (_, kernel, oracle, places) => {
    check(({ n, r }) => {
      const expected = { relation: oracle(r) };
      for (const inPlaceOf of places === 'also in place' ? [undefined, 0] : [undefined]) {
        const args = [{ relation: r }];
        expectResult(n, args, expected, (m, dst, [a], _, w) => kernel(m, dst, a, n, w), inPlaceOf);
      }
    });
  });

  test('compose, also of a relation with itself', () => {
    check(({ n, r, s }) => {
      const args = [{ relation: r }, { relation: s }];
      const expected = { relation: naive.composeOf(r, s) };
      expectResult(n, args, expected, (m, dst, [a, b], _, w) => kernels.compose(m, dst, a, b, n, w));
      const square = { relation: naive.composeOf(r, r) };
      expectResult(n, args, square, (m, dst, [a], _, w) => kernels.compose(m, dst, a, a, n, w));
    });
  });

  test('identityOn and product', () => {
    check(({ n, a, b }) => {
      const on = { relation: naive.relationOf(n, (i, j) => i === j && a[i]) };
      expectResult(n, [{ set: a }], on, (m, dst, [x], _, w) => kernels.identityOn(m, dst, x, n, w));
      const args = [{ set: a }, { set: b }];
      const all = { relation: naive.relationOf(n, (i, j) => a[i] && b[j]) };
      expectResult(n, args, all, (m, dst, [x, y], _, w) => kernels.product(m, dst, x, y, n, w));
    });
  });

  test('domain and range', () => {
    check(({ n, r }) => {
      const args = [{ relation: r }];
      const starts = { set: naive.domainOf(r) };
      expectResult(n, args, starts, (m, dst, [x], _, w) => kernels.domain(m, dst, x, n, w));
      const ends = { set: naive.rangeOf(r) };
      expectResult(n, args, ends, (m, dst, [x], _, w) => kernels.range(m, dst, x, n, w));
    });
  });

  test('restrictDomain and restrictRange, also in place of the relation', () => {
    check(({ n, r, a }) => {
      const args = [{ relation: r }, { set: a }];
      const starting = { relation: naive.relationOf(n, (i, j) => r[i][j] && a[i]) };
      const ending = { relation: naive.relationOf(n, (i, j) => r[i][j] && a[j]) };
      for (const inPlaceOf of [undefined, 0]) {
        const byStart = (m: Int32Array, dst: number, [x, set]: readonly number[], _: number, w: number) =>
          kernels.restrictDomain(m, dst, set, x, n, w);
        expectResult(n, args, starting, byStart, inPlaceOf);
        const byEnd = (m: Int32Array, dst: number, [x, set]: readonly number[], _: number, w: number) =>
          kernels.restrictRange(m, dst, x, set, n, w);
        expectResult(n, args, ending, byEnd, inPlaceOf);
      }
    });
  });
});

test('no events: sets of one empty word and relations of none', () => {
  const m = Int32Array.of(7, 7, 7);
  kernels.fullSet(m, 1, 0, 1);
  expect([...m]).toEqual([7, 0, 7]);
  kernels.complementSet(m, 1, 1, 0, 1);
  kernels.transitiveClosure(m, 0, 2, 0, 1);
  expect([...m]).toEqual([7, 0, 7]);
  expect(kernels.isAcyclic(m, 0, 0, 1)).toBe(true);
  expect(kernels.isIrreflexive(m, 0, 0, 1)).toBe(true);
});
