import type { Cycle } from './cycle.js';
import { compareEdges, type Direction, isStep, type RelaxationEdge } from './edge.js';

/**
 * A thread of a cycle, as indices into it: from the step that its first access begins to the one that leaves
 * it.
 */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** What a thread does first and last; one letter where it does one thing. */
export type Points = 'W' | 'R' | `${Direction}${Direction}`;

/** diy7's order of threads. */
const order: readonly Points[] = ['W', 'WW', 'RR', 'RW', 'WR', 'R'];

/**
 * Its threads, from the first that begins at the head or after it; undefined where the cycle has none: a
 * single external step cannot close it.
 */
function stretches(cycle: Cycle): Stretch[] | undefined {
  const size = cycle.length;
  const external = cycle.flatMap(({ bare }, index) => (bare.external ? [index] : []));
  if (external.length === 1) return undefined;
  if (external.length === 0) return alone(cycle);
  const ends = cycle[cycle.findLastIndex(isStep)].bare.external
    ? [...external.slice(-1), ...external]
    : [...external, external[0] + size];
  const all: Stretch[] = [];
  for (let index = 1; index < ends.length; index++) {
    const first = nextStep(cycle, (ends[index - 1] + 1) % size);
    all.push({ first, last: ends[index] % size });
  }
  return all;
}

/** All in one thread: it begins after the first communication. */
function alone(cycle: Cycle): Stretch[] | undefined {
  const first = cycle.findIndex(({ bare }) => bare.kind === 'communication');
  if (first < 0) return undefined;
  return [{ first: nextStep(cycle, (first + 1) % cycle.length), last: first }];
}

function nextStep(cycle: Cycle, index: number): number {
  for (let at = index; ; at = (at + 1) % cycle.length) if (isStep(cycle[at])) return at;
}

function pointsOf(cycle: Cycle, { first, last }: Stretch): Points {
  const [start, end] = [cycle[first].bare.source!, cycle[last].bare.source!];
  return first === last ? start : `${start}${end}`;
}

/** What the threads of a cycle do, from its head on; undefined where it falls into no threads. */
export function pointsIn(cycle: Cycle): readonly Points[] | undefined {
  return stretches(cycle)?.map((stretch) => pointsOf(cycle, stretch));
}

/** Of all its rotations, the one that diy7 takes. */
export function normalForm(cycle: Cycle): Cycle | undefined {
  const all = stretches(cycle);
  if (!all) return undefined;
  const keys = all.map((stretch) => order.indexOf(pointsOf(cycle, stretch)));
  let best = 0;
  for (let index = 1; index < all.length; index++) {
    const points = compareTurns(keys, best, index, (a, b) => a - b);
    if ((points || compareFrom(cycle, all[best].first, all[index].first)) >= 0) best = index;
  }
  return turned(cycle, all[best].first);
}

function turned<T>(ring: readonly T[], first: number): readonly T[] {
  return first === 0 ? ring : [...ring.slice(first), ...ring.slice(0, first)];
}

/** Compares two rotations of a ring. */
function compareTurns<T>(ring: readonly T[], a: number, b: number, compare: (a: T, b: T) => number): number {
  for (let step = 0; step < ring.length; step++) {
    const difference = compare(ring[(a + step) % ring.length], ring[(b + step) % ring.length]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The one with fewer steps in its first thread, or else the one with the lesser edges. */
function compareFrom(cycle: Cycle, a: number, b: number): number {
  return internals(cycle, a) - internals(cycle, b) || compareTurns<RelaxationEdge>(cycle, a, b, compareEdges);
}

function internals(cycle: Cycle, first: number): number {
  let count = 0;
  while (count < cycle.length - 1 && !cycle[(first + count) % cycle.length].bare.external) count++;
  return count;
}
