import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventSet, Relation } from '../../src/relation/index.js';
import { runs } from '../seed.js';
import { relationTriples, setsOver, sizes } from './arbitrary.js';
import { closureOf, membersOf, type NaiveRelation, pairsOf, unionOf } from './oracle.js';

type Sides = readonly [left: Relation, right: Relation];

const made = (r: NaiveRelation) => Relation.from(r.length, pairsOf(r));
const isWithin = (a: Relation, b: Relation) => a.difference(b).isEmpty();

const laws: Record<string, (a: Relation, b: Relation, c: Relation) => Sides> = {
  'compose is associative': (a, b, c) => [a.compose(b).compose(c), a.compose(b.compose(c))],
  'identity is neutral on the left': (a) => [Relation.identity(a.size).compose(a), a],
  'identity is neutral on the right': (a) => [a.compose(Relation.identity(a.size)), a],
  'compose with nothing is nothing': (a) => [a.compose(Relation.empty(a.size)), Relation.empty(a.size)],
  'compose distributes over union on the left': (a, b, c) => [
    a.compose(b.union(c)),
    a.compose(b).union(a.compose(c)),
  ],
  'compose distributes over union on the right': (a, b, c) => [
    a.union(b).compose(c),
    a.compose(c).union(b.compose(c)),
  ],
  'the inverse of a composition': (a, b) => [a.compose(b).inverse(), b.inverse().compose(a.inverse())],
  'inverse twice': (a) => [a.inverse().inverse(), a],
  'inverse distributes over union': (a, b) => [a.union(b).inverse(), a.inverse().union(b.inverse())],
  'inverse and complement commute': (a) => [a.inverse().complement(), a.complement().inverse()],
  'De Morgan, of a union': (a, b) => [a.union(b).complement(), a.complement().intersection(b.complement())],
  'De Morgan, of an intersection': (a, b) => [
    a.intersection(b).complement(),
    a.complement().union(b.complement()),
  ],
  'complement twice': (a) => [a.complement().complement(), a],
  'difference is intersection with the complement': (a, b) => [
    a.difference(b),
    a.intersection(b.complement()),
  ],
  'intersection distributes over union': (a, b, c) => [
    a.intersection(b.union(c)),
    a.intersection(b).union(a.intersection(c)),
  ],
  'union distributes over intersection': (a, b, c) => [
    a.union(b.intersection(c)),
    a.union(b).intersection(a.union(c)),
  ],
  absorption: (a, b) => [a.union(a.intersection(b)), a],
  'union is idempotent': (a) => [a.union(a), a],
  'closure is idempotent': (a) => [a.transitiveClosure().transitiveClosure(), a.transitiveClosure()],
  'closure unfolds': (a) => [a.transitiveClosure(), a.union(a.compose(a.transitiveClosure()))],
  'closure and inverse commute': (a) => [a.inverse().transitiveClosure(), a.transitiveClosure().inverse()],
  'reflexive closure': (a) => [
    a.reflexiveTransitiveClosure(),
    Relation.identity(a.size).union(a.transitiveClosure()),
  ],
  'closure of a union': (a, b) => [
    a.union(b).reflexiveTransitiveClosure(),
    a
      .reflexiveTransitiveClosure()
      .compose(b.compose(a.reflexiveTransitiveClosure()).reflexiveTransitiveClosure()),
  ],
  'domain and range restrict nothing': (a) => [a.restrict(a.domain(), a.range()), a],
  'restriction is composition with identities': (a, b, c) => [
    a.restrict(b.domain(), c.range()),
    Relation.identityOn(b.domain()).compose(a).compose(Relation.identityOn(c.range())),
  ],
  'restriction is intersection with a product': (a, b, c) => [
    a.restrict(b.domain(), c.range()),
    a.intersection(Relation.product(b.domain(), c.range())),
  ],
};

describe('laws of relations', () => {
  test.each(Object.entries(laws))('%s', (_, law) => {
    fc.assert(
      fc.property(relationTriples, (triple) => {
        const [left, right] = law(...(triple.map(made) as [Relation, Relation, Relation]));
        expect(left.equals(right) || `${left} is not ${right}`).toBe(true);
      }),
      runs(50),
    );
  });

  test('closure is the least transitive relation that contains its argument', () => {
    fc.assert(
      fc.property(relationTriples, ([r, s]) => {
        const closure = made(r).transitiveClosure();
        expect(isWithin(made(r), closure)).toBe(true);
        expect(isWithin(closure.compose(closure), closure)).toBe(true);
        expect(isWithin(closure, made(closureOf(unionOf(r, s))))).toBe(true);
      }),
      runs(60),
    );
  });

  test('acyclic is: the closure is irreflexive', () => {
    fc.assert(
      fc.property(relationTriples, ([r]) => {
        expect(made(r).isAcyclic()).toBe(made(r).transitiveClosure().isIrreflexive());
      }),
      runs(150),
    );
  });
});

test('De Morgan and distributivity of sets', () => {
  const triples = sizes.chain((n) => fc.tuple(setsOver(n), setsOver(n), setsOver(n)));
  fc.assert(
    fc.property(triples, (triple) => {
      const [a, b, c] = triple.map((set) => EventSet.from(set.length, membersOf(set)));
      expect(`${a.union(b).complement()}`).toBe(`${a.complement().intersection(b.complement())}`);
      expect(`${a.intersection(b.union(c))}`).toBe(`${a.intersection(b).union(a.intersection(c))}`);
      expect(`${a.difference(b.union(c))}`).toBe(`${a.difference(b).difference(c)}`);
    }),
    runs(100),
  );
});
