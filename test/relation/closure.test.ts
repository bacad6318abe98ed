import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addClosed, isAcyclic, isIrreflexive, wordsFor } from '../../src/relation/index.js';
import { runs } from '../seed.js';
import { relations, shareOfCycles, sizes } from './arbitrary.js';
import { expectAnswer, expectResult } from './arena.js';
import { closureOf, hasCycle, type NaiveRelation, relationOf, wordsOfRelation } from './oracle.js';

test('the random relations are about as often cyclic as not', () => {
  const share = shareOfCycles(200, 1);
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.75);
});

describe('isAcyclic', () => {
  const expectSame = (r: NaiveRelation) =>
    expectAnswer(r.length, [{ relation: r }], !hasCycle(r), (m, [a], n, w) => isAcyclic(m, a, n, w));

  test('agrees with a depth-first search', () => {
    fc.assert(fc.property(relations, expectSame), runs(500));
  });

  test('of a ring through all events, and of the chain that one edge less leaves', () => {
    for (const n of [1, 2, 31, 32, 33, 63, 64, 65, 80, 97]) {
      for (const step of [1, n - 1]) {
        const ring = relationOf(n, (i, j) => j === (i + step) % n);
        expectSame(ring);
        expectSame(relationOf(n, (i, j) => i !== Math.floor(n / 2) && ring[i][j]));
      }
    }
    expect.hasAssertions();
  });

  test('of more events than any call before', () => {
    const n = 2100;
    const w = wordsFor(n);
    const m = new Int32Array(n * w);
    for (let i = 0; i + 1 < n; i++) m[i * w + ((i + 1) >>> 5)] |= 1 << ((i + 1) & 31);
    expect(isAcyclic(m, 0, n, w)).toBe(true);
    m[(n - 1) * w + 30] |= 1;
    expect(isAcyclic(m, 0, n, w)).toBe(false);
  });
});

test('isIrreflexive', () => {
  fc.assert(
    fc.property(relations, fc.boolean(), (r, withoutLoops) => {
      const tried = withoutLoops ? relationOf(r.length, (i, j) => i !== j && r[i][j]) : r;
      const expected = tried.every((row, i) => !row[i]);
      const args = [{ relation: tried }];
      expectAnswer(r.length, args, expected, (m, [a], n, w) => isIrreflexive(m, a, n, w));
    }),
    runs(200),
  );
});

describe('addClosed', () => {
  /** A closed relation without cycles, and an edge to add. */
  const steps = fc.tuple(relations, fc.nat(), fc.nat()).map(([r, from, to]) => ({
    closed: closureOf(hasCycle(r) ? relationOf(r.length, (i, j) => i < j && r[i][j]) : r),
    i: from % r.length,
    j: to % r.length,
  }));

  test('gives the closure with the edge, or refuses exactly the edges that make a cycle', () => {
    fc.assert(
      fc.property(steps, ({ closed, i, j }) => {
        const n = closed.length;
        const grown = relationOf(n, (k, l) => closed[k][l] || (k === i && l === j));
        if (hasCycle(grown)) {
          const m = Int32Array.from(wordsOfRelation(closed));
          expect(addClosed(m, 0, i, j, n, wordsFor(n))).toBe(false);
          return;
        }
        const expected = { relation: closureOf(grown) };
        let answer: boolean | undefined;
        expectResult(
          n,
          [{ relation: closed }],
          expected,
          (m, dst, _, __, w) => {
            answer = addClosed(m, dst, i, j, n, w);
          },
          0,
        );
        expect(answer).toBe(true);
      }),
      runs(400),
    );
  });

  test('edge after edge, from the empty relation', () => {
    const edges = sizes.chain((n) =>
      fc.tuple(fc.constant(n), fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 40 })),
    );
    fc.assert(
      fc.property(edges, ([n, list]) => {
        const w = wordsFor(n);
        const m = new Int32Array(n * w);
        let added = relationOf(n, () => false);
        for (const [i, j] of list) {
          const before = m.slice();
          const grown = relationOf(n, (k, l) => added[k][l] || (k === i && l === j));
          const accepted = addClosed(m, 0, i, j, n, w);
          expect(accepted).toBe(!hasCycle(grown));
          if (accepted) added = grown;
          else m.set(before);
        }
        expect([...m]).toEqual(wordsOfRelation(closureOf(added)));
      }),
      runs(60),
    );
  });
});
