import type { CellId } from './ids.js';
import type { Tag } from './program.js';

/** Stands for the read-side sections of RCU, which grace periods wait for. */
export const SECTIONS = -1;

/** What a thread can hold, and others wait for: a lock, or sections of SRCU, each by a location; or sections of RCU. */
export type Resource = CellId | typeof SECTIONS;

const begins: ReadonlySet<Tag> = new Set(['LKW', 'srcu-lock', 'srcu-begin']);
const ends: ReadonlySet<Tag> = new Set(['UL', 'srcu-unlock', 'srcu-end']);

/** What is held after an event, a section within another twice. */
export function heldAfter(
  held: readonly Resource[],
  tags: readonly Tag[],
  cell: CellId | undefined,
): readonly Resource[] {
  for (const tag of tags) {
    if (tag === 'rcu-lock' || (begins.has(tag) && cell !== undefined))
      return [...held, resourceOf(tag, cell)];
    if (tag === 'rcu-unlock' || (ends.has(tag) && cell !== undefined)) {
      const at = held.lastIndexOf(resourceOf(tag, cell));
      return at < 0 ? held : held.toSpliced(at, 1);
    }
  }
  return held;
}

/** What an event waits for, if it waits. */
export function waitedFor(tags: readonly Tag[], cell: CellId | undefined): Resource | undefined {
  if (tags.includes('sync-rcu')) return SECTIONS;
  return tags.includes('LKR') || tags.includes('sync-srcu') ? cell : undefined;
}

function resourceOf(tag: Tag, cell: CellId | undefined): Resource {
  return tag.startsWith('rcu-') || cell === undefined ? SECTIONS : cell;
}

/**
 * Those of some who wait that can wait for ever, each for another of them, or for itself.
 * @param waitsFor whether one waits for what another holds
 */
export function inCircles(count: number, waitsFor: (one: number, other: number) => boolean): Set<number> {
  const all = Array.from({ length: count }, (_, one) => one);
  const reached = all.map((one) => new Set(all.filter((other) => waitsFor(one, other))));
  for (const by of all)
    for (const from of reached) if (from.has(by)) for (const one of reached[by]) from.add(one);
  return new Set(all.filter((one) => reached[one].has(one)));
}
