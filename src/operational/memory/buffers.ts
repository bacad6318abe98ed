import type { ValueId } from '../../program/index.js';
import { type CellMask, maskOf } from './cell-mask.js';
import type { Renaming } from './memory-system.js';

declare const brand: unique symbol;
/** The content of a store buffer, as a small number: equal for equal contents. */
export type BufferId = number & { readonly [brand]: 'buffer' };

export const EMPTY = 0 as BufferId;
/** Stands in the place of a cell for a barrier: what is behind it waits until what is before it is gone. */
const BARRIER = -1;
/** Stands in the place of a cell where a read-side section ended; the value says who waits for it, as a bit for each CPU. */
const SECTION_END = -2;
export const isSectionEnd = (cell: number): boolean => cell === SECTION_END;

/**
 * Store buffers, interned: a buffer is a list of entries, oldest first, each a cell and a value, or a barrier, or the end of a
 * section, which is over once all that is before it is gone. Invariants: no buffer begins with a barrier or an end; no two barriers
 * stand side by side, no two ends, and no end behind a barrier; only the last end may be one that nobody waits for. What follows from
 * a buffer is computed once.
 */
export class BufferTable {
  /** Cell and value of each entry in turn. */
  private readonly contents: (readonly number[])[] = [[]];
  private readonly byKey = new Map<string, BufferId>([['', EMPTY]]);
  private readonly pushed: Map<number, BufferId>[] = [new Map()];
  private readonly removed: BufferId[][] = [[]];
  private readonly drainable: (readonly number[] | undefined)[] = [undefined];
  private readonly waiting: number[] = [0];
  private readonly masks: CellMask[] = [0];
  private readonly images = new Map<Renaming, BufferId[]>();

  constructor(private readonly discipline: 'fifo' | 'per-location') {}

  /** The buffer with one more entry, the youngest. */
  push(buffer: BufferId, cell: number, value: ValueId): BufferId {
    const key = value * 0x10000 + cell;
    let found = this.pushed[buffer].get(key);
    if (found === undefined) {
      found = this.intern([...this.contents[buffer], cell, value]);
      this.pushed[buffer].set(key, found);
    }
    return found;
  }

  /** The buffer behind a barrier: later entries wait for those in it now. */
  fence(buffer: BufferId): BufferId {
    const content = this.contents[buffer];
    if (content.length === 0 || content[content.length - 2] === BARRIER) return buffer;
    return this.intern([...content, BARRIER, 0]);
  }

  /** The buffer after the end of a section that some wait for: those in `mask`. */
  endSection(buffer: BufferId, mask: number): BufferId {
    const content = this.contents[buffer];
    if (content.length === 0) return EMPTY;
    const isFenced = content[content.length - 2] === BARRIER;
    return this.intern(
      withoutIdleEnds(content.toSpliced(isFenced ? -2 : content.length, 0, SECTION_END, mask)),
    );
  }

  /** The buffer when those in `mask` begin to wait for the sections that have ended. */
  awaitSections(buffer: BufferId, mask: number): BufferId {
    const content = this.contents[buffer];
    for (let at = content.length - 2; at >= 0; at -= 2) {
      if (content[at] === SECTION_END) return this.intern(content.with(at + 1, content[at + 1] | mask));
    }
    return buffer;
  }

  /** Who waits for a section that has ended. */
  awaitedBy(buffer: BufferId): number {
    return this.waiting[buffer];
  }

  /** The value of the youngest entry for a cell, or -1. */
  forward(buffer: BufferId, cell: number): number {
    const content = this.contents[buffer];
    for (let at = content.length - 2; at >= 0; at -= 2) if (content[at] === cell) return content[at + 1];
    return -1;
  }

  /** Places of the entries that may go to memory now. */
  leaving(buffer: BufferId): readonly number[] {
    let found = this.drainable[buffer];
    if (!found) {
      found = this.computeLeaving(this.contents[buffer]);
      this.drainable[buffer] = found;
    }
    return found;
  }

  /** The locations that entries are for. */
  cells(buffer: BufferId): CellMask {
    return this.masks[buffer];
  }

  /** The locations of the entries that may go to memory now. */
  leavingCells(buffer: BufferId): CellMask {
    return this.discipline === 'fifo' && buffer !== EMPTY
      ? maskOf(this.contents[buffer][0])
      : this.leaving(buffer).reduce((mask, place) => mask | maskOf(this.cellAt(buffer, place)), 0);
  }

  /** The buffer with other values in it. */
  renamed(buffer: BufferId, rename: Renaming): BufferId {
    if (buffer === EMPTY) return EMPTY;
    let images = this.images.get(rename);
    if (!images) {
      images = [];
      this.images.set(rename, images);
    }
    images[buffer] ??= this.intern(
      this.contents[buffer].map((word, at, all) => (at % 2 === 1 && all[at - 1] >= 0 ? rename(word) : word)),
    );
    return images[buffer];
  }

  /** Whether a store to a cell could reach memory ahead of all that is in the buffer. */
  letsPass(buffer: BufferId, cell: number): boolean {
    if (buffer === EMPTY) return true;
    return (
      this.discipline === 'per-location' &&
      this.entries(buffer).every((e) => e.cell !== BARRIER && e.cell !== cell)
    );
  }

  cellAt(buffer: BufferId, place: number): number {
    return this.contents[buffer][place * 2];
  }

  valueAt(buffer: BufferId, place: number): ValueId {
    return this.contents[buffer][place * 2 + 1] as ValueId;
  }

  /** The buffer without the entry at a place. */
  without(buffer: BufferId, place: number): BufferId {
    const known = this.removed[buffer];
    if (known[place] === undefined) {
      const rest = this.contents[buffer].toSpliced(place * 2, 2);
      let start = 0;
      while (rest[start] < 0) start += 2;
      known[place] = this.intern(withoutIdleEnds(start > 0 ? rest.slice(start) : rest));
    }
    return known[place];
  }

  /** Entries, oldest first. */
  entries(buffer: BufferId): readonly { readonly cell: number; readonly value: ValueId }[] {
    const content = this.contents[buffer];
    return Array.from({ length: content.length / 2 }, (_, i) => ({
      cell: content[2 * i],
      value: content[2 * i + 1] as ValueId,
    }));
  }

  private computeLeaving(content: readonly number[]): number[] {
    if (content.length === 0) return [];
    if (this.discipline === 'fifo') return [0];
    const places: number[] = [];
    const seen = new Set<number>();
    for (let at = 0; at < content.length && content[at] !== BARRIER; at += 2) {
      if (content[at] >= 0 && !seen.has(content[at])) places.push(at / 2);
      seen.add(content[at]);
    }
    return places;
  }

  private intern(content: readonly number[]): BufferId {
    const key = content.join(',');
    let id = this.byKey.get(key);
    if (id === undefined) {
      id = this.contents.length as BufferId;
      this.byKey.set(key, id);
      this.contents.push(content);
      this.pushed.push(new Map());
      this.removed.push([]);
      this.drainable.push(undefined);
      this.waiting.push(
        content.reduce(
          (mask, cell, at) => (cell === SECTION_END && at % 2 === 0 ? mask | content[at + 1] : mask),
          0,
        ),
      );
      this.masks.push(
        content.reduce((mask, word, at) => (at % 2 === 0 && word >= 0 ? mask | maskOf(word) : mask), 0),
      );
    }
    return id;
  }
}

/** With one end where several stand side by side, and none that nobody waits for before another. */
function withoutIdleEnds(content: readonly number[]): readonly number[] {
  if (!content.includes(SECTION_END)) return content;
  const kept: number[] = [];
  let isLast = true;
  for (let at = content.length - 2; at >= 0; at -= 2) {
    const mask = content[at + 1];
    if (content[at] === SECTION_END) {
      if (kept[0] === SECTION_END) {
        kept[1] |= mask;
        continue;
      }
      if (!isLast && mask === 0) continue;
      isLast = false;
    }
    kept.unshift(content[at], mask);
  }
  return kept;
}
