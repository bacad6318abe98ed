import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventSet, Relation, RelationBuilder } from '../../src/relation/index.js';
import { runs } from '../seed.js';
import { mixed, relations, relationsOver } from './arbitrary.js';
import * as naive from './oracle.js';

const made = (r: naive.NaiveRelation) => Relation.from(r.length, naive.pairsOf(r));
const madeSet = (a: naive.NaiveSet) => EventSet.from(a.length, naive.membersOf(a));

const expectPairs = (actual: Relation, expected: naive.NaiveRelation) =>
  expect(`${actual}`).toBe(`${made(expected)}`);

describe('Relation', () => {
  test('prints, counts and iterates its pairs', () => {
    const relation = Relation.of(40, [2, 33], [0, 1], [2, 3]);
    expect(`${relation}`).toBe('{0->1, 2->3, 2->33}');
    expect([...relation]).toEqual([
      [0, 1],
      [2, 3],
      [2, 33],
    ]);
    expect(relation.count()).toBe(3);
    expect(relation.size).toBe(40);
    expect([relation.has(2, 33), relation.has(33, 2)]).toEqual([true, false]);
    expect(`${relation.row(2)} ${relation.row(1)}`).toBe('{3, 33} {}');
    expect(`${Relation.empty(0)}`).toBe('{}');
    expect(`${Relation.full(2)} ${Relation.identity(2)}`).toBe('{0->0, 0->1, 1->0, 1->1} {0->0, 1->1}');
  });

  test('operations agree with their definitions', () => {
    fc.assert(
      fc.property(mixed, ({ n, r, s, a, b }) => {
        const [x, y] = [made(r), made(s)];
        expect([...x]).toEqual(naive.pairsOf(r));
        expectPairs(x.union(y), naive.unionOf(r, s));
        expectPairs(x.intersection(y), naive.intersectionOf(r, s));
        expectPairs(x.difference(y), naive.differenceOf(r, s));
        expectPairs(x.complement(), naive.complementOf(r));
        expectPairs(x.inverse(), naive.inverseOf(r));
        expectPairs(x.compose(y), naive.composeOf(r, s));
        expectPairs(x.transitiveClosure(), naive.closureOf(r));
        expectPairs(x.reflexive(), naive.reflexiveOf(r));
        expectPairs(x.reflexiveTransitiveClosure(), naive.reflexiveOf(naive.closureOf(r)));
        const [from, to] = [madeSet(a), madeSet(b)];
        expectPairs(
          x.restrict(from, to),
          naive.relationOf(n, (i, j) => a[i] && r[i][j] && b[j]),
        );
        expectPairs(
          Relation.product(from, to),
          naive.relationOf(n, (i, j) => a[i] && b[j]),
        );
        expectPairs(
          Relation.identityOn(from),
          naive.relationOf(n, (i, j) => a[i] && i === j),
        );
        expect([...x.domain()]).toEqual(naive.membersOf(naive.domainOf(r)));
        expect([...x.range()]).toEqual(naive.membersOf(naive.rangeOf(r)));
        expect(x.isEmpty()).toBe(naive.pairsOf(r).length === 0);
        expect(x.count()).toBe(naive.pairsOf(r).length);
        expect(x.isIrreflexive()).toBe(r.every((row, i) => !row[i]));
        expect(x.isAcyclic()).toBe(!naive.hasCycle(r));
        expect(x.equals(y)).toBe(naive.isSubset(r, s) && naive.isSubset(s, r));
        // Whatever was computed from it, the relation itself is as it was.
        expectPairs(x, r);
      }),
      runs(50),
    );
  });

  test('goes to an arena and back', () => {
    fc.assert(
      fc.property(relations, (r) => {
        const words = naive.wordsOfRelation(r);
        const m = new Int32Array(words.length + 4).fill(-1);
        made(r).copyTo(m, 2);
        expect([...m]).toEqual([-1, -1, ...words, -1, -1]);
        const back = Relation.fromArena(m, 2, r.length);
        m.fill(0);
        expect(back.equals(made(r))).toBe(true);
      }),
      runs(60),
    );
  });

  test('a builder goes on after it has built', () => {
    const builder = new RelationBuilder(40).add(1, 2).add(33, 34).remove(1, 2);
    const first = builder.build();
    builder.add(34, 0);
    expect(`${first}`).toBe('{33->34}');
    expect(`${RelationBuilder.from(first).add(0, 0).build()}`).toBe('{0->0, 33->34}');
    expect([builder.has(34, 0), builder.has(0, 34)]).toEqual([true, false]);
    expect(`${first} ${builder.build()}`).toBe('{33->34} {33->34, 34->0}');
  });

  test('no events', () => {
    const none = Relation.empty(0);
    expect(none.transitiveClosure().inverse().complement().compose(none).equals(Relation.full(0))).toBe(true);
    expect([none.isAcyclic(), none.isEmpty(), none.domain().isEmpty(), none.findCycle()]).toEqual([
      true,
      true,
      true,
      undefined,
    ]);
  });

  test('errors name the values that were wrong', () => {
    const relation = Relation.of(3, [0, 1]);
    const set = EventSet.empty(4);
    expect(() => relation.has(0, 3)).toThrow(new RangeError('event 3 is out of range for size 3'));
    expect(() => relation.row(-1)).toThrow('event -1 is out of range for size 3');
    expect(() => Relation.of(2, [2, 0])).toThrow('event 2 is out of range for size 2');
    expect(() => new RelationBuilder(2).remove(0, 7)).toThrow('event 7 is out of range for size 2');
    expect(() => relation.compose(Relation.empty(4))).toThrow(new RangeError('sizes differ: 3 and 4'));
    expect(() => relation.restrict(set, EventSet.empty(3))).toThrow('sizes differ: 3 and 4');
    expect(() => relation.restrict(EventSet.empty(3), set)).toThrow('sizes differ: 3 and 4');
    expect(() => Relation.product(set, EventSet.empty(5))).toThrow('sizes differ: 4 and 5');
    expect(() => Relation.empty(Number.NaN)).toThrow(new RangeError('size NaN is not a number of events'));
    expect(() => Relation.fromArena(new Int32Array(5), 3, 3)).toThrow(
      new RangeError('3 words at offset 3 are not within an arena of 5 words'),
    );
    expect(() => Relation.fromArena(Int32Array.of(0, 0, 8), 0, 3)).toThrow(
      new RangeError('row 2 at offset 0 has bits beyond its 3 events'),
    );
    expect(relation.equals(Relation.of(4, [0, 1]))).toBe(false);
  });
});

describe('findCycle', () => {
  test('is a cycle of different events, none is shorter, and it begins at its lowest event', () => {
    fc.assert(
      fc.property(relations, (r) => {
        const cycle = made(r).findCycle();
        if (cycle === undefined) {
          expect(naive.hasCycle(r)).toBe(false);
          return;
        }
        expect(cycle.filter((event, at) => !r[event][cycle[(at + 1) % cycle.length]])).toEqual([]);
        expect(new Set(cycle).size).toBe(cycle.length);
        expect(cycle.length).toBe(naive.shortestCycleLength(r));
        expect(cycle[0]).toBe(Math.min(...cycle));
      }),
      runs(80),
    );
  });

  test('is the first shortest cycle in lexicographic order', () => {
    const small = fc.integer({ min: 1, max: 7 }).chain(relationsOver);
    fc.assert(
      fc.property(small, (r) => {
        expect(made(r).findCycle()).toEqual(firstCycle(r, naive.shortestCycleLength(r)));
      }),
      runs(300),
    );
  });

  test('of rings about the word boundaries', () => {
    for (const n of [1, 2, 31, 32, 33, 63, 64, 65, 80]) {
      const events = [...Array(n).keys()];
      const ring = Relation.from(
        n,
        events.map((i) => [i, (i + 1) % n] as const),
      );
      expect(ring.findCycle()).toEqual(events);
      expect(
        RelationBuilder.from(ring)
          .remove(n - 1, 0)
          .build()
          .findCycle(),
      ).toBeUndefined();
    }
  });
});

/** Tries all sequences of `length` events in lexicographic order. */
function firstCycle(r: naive.NaiveRelation, length: number): number[] | undefined {
  const extend = (path: number[]): number[] | undefined => {
    const last = path[path.length - 1];
    if (path.length === length) return r[last][path[0]] ? path : undefined;
    for (const next of naive.membersOf(r[last])) {
      const found = extend([...path, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  if (length > r.length) return undefined;
  for (const start of r.keys()) {
    const found = extend([start]);
    if (found !== undefined) return found;
  }
  return undefined;
}
