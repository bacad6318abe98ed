import fc from 'fast-check';
import { hasCycle, type NaiveRelation, type NaiveSet, setOf } from './oracle.js';

/** Numbers of events: up to 80, mostly about where a row needs one more word. */
export const sizes: fc.Arbitrary<number> = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 3, arbitrary: fc.constantFrom(31, 32, 33, 63, 64, 65) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 80 }) },
);

export function setsOver(n: number): fc.Arbitrary<NaiveSet> {
  const anything = fc.array(fc.boolean(), { minLength: n, maxLength: n });
  return fc.oneof(
    { weight: 6, arbitrary: anything },
    { weight: 1, arbitrary: fc.constant(setOf(n, () => false)) },
    { weight: 1, arbitrary: fc.constant(setOf(n, () => true)) },
  );
}

/** Pairs to add: those from an interval to another; only the pairs i < j, like program order, if `upward`. */
interface Stroke {
  readonly from: readonly [first: number, last: number];
  readonly to: readonly [first: number, last: number];
  readonly upward: boolean;
}

function strokesOver(n: number): fc.Arbitrary<Stroke> {
  const event = fc.nat(n - 1);
  const interval = fc
    .tuple(event, fc.nat(7))
    .map(([first, more]): [number, number] => [first, Math.min(first + more, n - 1)]);
  const pair = fc.tuple(event, event).map(([i, j]): Stroke => ({ from: [i, i], to: [j, j], upward: false }));
  const order = interval.map((events): Stroke => ({ from: events, to: events, upward: true }));
  const block = fc.tuple(interval, interval).map(([from, to]): Stroke => ({ from, to, upward: false }));
  return fc.oneof(
    { weight: 12, arbitrary: pair },
    { weight: 4, arbitrary: order },
    { weight: 1, arbitrary: block },
  );
}

type Test = (i: number, j: number) => boolean;

function paint(n: number, strokes: readonly Stroke[], keep: Test): NaiveRelation {
  const rows = Array.from({ length: n }, () => Array<boolean>(n).fill(false));
  for (const { from, to, upward } of strokes) {
    for (let i = from[0]; i <= from[1]; i++) {
      for (let j = to[0]; j <= to[1]; j++) if (keep(i, j) && (i < j || !upward)) rows[i][j] = true;
    }
  }
  return rows;
}

/** Relations from empty to dense, about half of them without cycles. */
export function relationsOver(n: number): fc.Arbitrary<NaiveRelation> {
  const strokes = fc.array(strokesOver(n), { maxLength: 2 * n + 2, size: 'max' });
  const keep = fc.constantFrom<Test>(
    () => true,
    () => true,
    (i, j) => i < j,
    (i, j) => i > j,
    // An order that is neither upward nor downward.
    (i, j) => (i * 29) % 83 < (j * 29) % 83,
  );
  return fc.tuple(strokes, keep).map(([drawn, kept]) => paint(n, drawn, kept));
}

export const relations: fc.Arbitrary<NaiveRelation> = sizes.chain(relationsOver);
export const sets: fc.Arbitrary<NaiveSet> = sizes.chain(setsOver);

/** Several relations over the same events. */
export const relationTriples = sizes.chain((n) =>
  fc.tuple(relationsOver(n), relationsOver(n), relationsOver(n)),
);

/** Two relations and two sets over the same events. */
export const mixed = sizes.chain((n) =>
  fc.record({ n: fc.constant(n), r: relationsOver(n), s: relationsOver(n), a: setsOver(n), b: setsOver(n) }),
);

/** How many of `count` relations have a cycle, to see that the tests meet both kinds. */
export function shareOfCycles(count: number, seed: number): number {
  return fc.sample(relations, { numRuns: count, seed }).filter(hasCycle).length / count;
}
