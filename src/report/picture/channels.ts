import type { Stretch } from './routes.js';

/**
 * Where stretches of one level are, from the top: those that are side by side somewhere have different slots.
 */
export interface Slots {
  /** By stretch: its slot, counted from the middle of those that it has to do with, from above to below. */
  readonly offset: ReadonlyMap<Stretch, number>;
  /** How many are on top of one another. */
  readonly depth: number;
}

/** Gives the stretches of one level slots in the order of their ranks. */
export function slotsOf(stretches: readonly Stretch[]): Slots {
  const offset = new Map<Stretch, number>();
  let depth = 0;
  for (const group of groups(stretches)) {
    const slots = stacked(group);
    const count = Math.max(...slots.values()) + 1;
    depth = Math.max(depth, count);
    for (const [stretch, slot] of slots) offset.set(stretch, slot - (count - 1) / 2);
  }
  return { offset, depth };
}

/** Splits stretches into those that have nothing to do with one another. */
function groups(stretches: readonly Stretch[]): Stretch[][] {
  const sorted = [...stretches].sort((a, b) => a.first - b.first || a.last - b.last);
  const found: Stretch[][] = [];
  let end = -1;
  for (const stretch of sorted) {
    if (stretch.first > end) found.push([]);
    found[found.length - 1].push(stretch);
    end = Math.max(end, stretch.last);
  }
  return found;
}

function stacked(group: readonly Stretch[]): Map<Stretch, number> {
  const slots = new Map<Stretch, number>();
  const bottoms = new Map<number, number>();
  for (const stretch of [...group].sort((a, b) => a.rank - b.rank || a.first - b.first)) {
    let slot = 0;
    for (let gap = stretch.first; gap <= stretch.last; gap++) slot = Math.max(slot, bottoms.get(gap) ?? 0);
    slots.set(stretch, slot);
    for (let gap = stretch.first; gap <= stretch.last; gap++) bottoms.set(gap, slot + 1);
  }
  return slots;
}

/** A line that goes up or down in a gap, and on which side of the gap its ends go on. */
export interface Rise {
  readonly top: number;
  readonly bottom: number;
  readonly topSide: 'left' | 'right';
  readonly bottomSide: 'left' | 'right';
}

/** Lines nearer than this above one another are not put on one track: they would look like one. */
const APART = 12;
/** With more lines than this in a gap, their order is left as it is estimated. */
const MOST_TO_IMPROVE = 150;

/** The track of each rise, from the left, so that they do not touch and few lines cross. */
export function tracksOf(rises: readonly Rise[]): { readonly track: Int32Array; readonly count: number } {
  const order = improved(
    rises,
    [...rises.keys()].sort((a, b) => compareLines(rises[a], rises[b]) || a - b),
  );
  const track = new Int32Array(rises.length);
  let count = 0;
  order.forEach((one, at) => {
    for (let before = 0; before < at; before++)
      if (touch(rises[one], rises[order[before]]))
        track[one] = Math.max(track[one], track[order[before]] + 1);
    count = Math.max(count, track[one] + 1);
  });
  moveRight(rises, order, track, count);
  return { track, count };
}

const touch = (a: Rise, b: Rise): boolean => a.top - APART < b.bottom && b.top - APART < a.bottom;

/** Lines that come back to the lane on the right are next to it. */
function moveRight(rises: readonly Rise[], order: readonly number[], track: Int32Array, count: number): void {
  for (let at = order.length - 1; at >= 0; at--) {
    const one = order[at];
    if (kindOfLine(rises[one]) !== RIGHT) continue;
    track[one] = count - 1;
    for (let after = at + 1; after < order.length; after++)
      if (touch(rises[one], rises[order[after]])) track[one] = Math.min(track[one], track[order[after]] - 1);
  }
}

const LEFT = 0;
const THROUGH = 1;
const RIGHT = 2;

function kindOfLine({ topSide, bottomSide }: Rise): number {
  return topSide !== bottomSide ? THROUGH : topSide === 'left' ? LEFT : RIGHT;
}

/**
 * An order from left to right in which few lines cross: what comes back to a lane is near it, the short ones
 * nearest.
 */
function compareLines(a: Rise, b: Rise): number {
  const [kind, other] = [kindOfLine(a), kindOfLine(b)];
  if (kind !== other) return kind - other;
  const longer = a.bottom - a.top - (b.bottom - b.top);
  if (kind !== THROUGH) return kind === LEFT ? longer : -longer;
  if (a.topSide !== b.topSide) return a.topSide === 'left' ? -1 : 1;
  return a.topSide === 'left' ? b.top - a.top : a.top - b.top;
}

/** Swaps neighbours as long as that saves crossings. */
function improved(rises: readonly Rise[], order: number[]): number[] {
  if (order.length > MOST_TO_IMPROVE) return order;
  for (let isBetter = true, round = 0; isBetter && round < order.length; round++) {
    isBetter = false;
    for (let at = 0; at + 1 < order.length; at++) {
      const [a, b] = [rises[order[at]], rises[order[at + 1]]];
      if (crossings(b, a) >= crossings(a, b)) continue;
      [order[at], order[at + 1]] = [order[at + 1], order[at]];
      isBetter = true;
    }
  }
  return order;
}

/** How often two rises' lines cross when the first is on the left of the second. */
function crossings(left: Rise, right: Rise): number {
  let count = 0;
  const within = (y: number, { top, bottom }: Rise) => y > top && y < bottom;
  if (left.topSide === 'right' && within(left.top, right)) count++;
  if (left.bottomSide === 'right' && within(left.bottom, right)) count++;
  if (right.topSide === 'left' && within(right.top, left)) count++;
  if (right.bottomSide === 'left' && within(right.bottom, left)) count++;
  return count;
}
