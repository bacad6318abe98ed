import { checkArena, checkEvent, checkSameSize, checkSize } from './checks.js';
import { isAcyclic, isIrreflexive, transitiveClosure } from './closure.js';
import { EventSet } from './event-set.js';
import {
  add,
  complementRelation,
  compose,
  count,
  difference,
  domain,
  equal,
  has,
  identity,
  identityOn,
  intersection,
  inverse,
  isEmpty,
  product,
  range,
  reflexive,
  remove,
  restrictDomain,
  restrictRange,
  union,
  wordsFor,
} from './kernels.js';

type UnaryKernel = (m: Int32Array, dst: number, a: number, n: number, w: number) => void;
type WordKernel = (m: Int32Array, dst: number, a: number, b: number, length: number) => void;

/** An immutable relation between the events 0 to `size` - 1. */
export class Relation {
  /** Words in a row. */
  private readonly width: number;

  private constructor(
    /** Number of events there are, related or not. */
    readonly size: number,
    /** Layout of kernels.ts; never written after construction, never handed out. */
    private readonly words: Int32Array,
  ) {
    this.width = wordsFor(size);
  }

  static empty(size: number): Relation {
    return new Relation(size, room(size));
  }

  static identity(size: number): Relation {
    const words = room(size);
    identity(words, 0, size, wordsFor(size));
    return new Relation(size, words);
  }

  static full(size: number): Relation {
    return Relation.empty(size).complement();
  }

  static of(size: number, ...pairs: (readonly [number, number])[]): Relation {
    return Relation.from(size, pairs);
  }

  static from(size: number, pairs: Iterable<readonly [number, number]>): Relation {
    const builder = new RelationBuilder(size);
    for (const [i, j] of pairs) builder.add(i, j);
    return builder.build();
  }

  /** Every pair of an event of `from` and one of `to`. */
  static product(from: EventSet, to: EventSet): Relation {
    checkSameSize(from.size, to.size);
    return Relation.ofSets(from, to, product);
  }

  /** The pairs (i, i) of the members of a set. */
  static identityOn(set: EventSet): Relation {
    return Relation.ofSets(set, set, (m, dst, a, _, n, w) => identityOn(m, dst, a, n, w));
  }

  /** A copy of the relation over n events at `offset` of an arena. */
  static fromArena(m: Int32Array, offset: number, n: number): Relation {
    checkSize(n);
    checkArena(m, offset, n, n);
    return new Relation(n, m.slice(offset, offset + n * wordsFor(n)));
  }

  /** Writes the relation into an arena. */
  copyTo(m: Int32Array, offset: number): void {
    m.set(this.words, offset);
  }

  has(i: number, j: number): boolean {
    checkEvent(i, this.size);
    checkEvent(j, this.size);
    return has(this.words, 0, i, j, this.width);
  }

  /** The events that i is related to. */
  row(i: number): EventSet {
    checkEvent(i, this.size);
    return EventSet.fromArena(this.words, i * this.width, this.size);
  }

  union(other: Relation): Relation {
    return this.combine(other, union);
  }

  intersection(other: Relation): Relation {
    return this.combine(other, intersection);
  }

  difference(other: Relation): Relation {
    return this.combine(other, difference);
  }

  complement(): Relation {
    return this.derive(complementRelation);
  }

  inverse(): Relation {
    return this.derive(inverse);
  }

  /** The pairs (i, j) with a step of this relation from i to some event and one of `next` from there to j. */
  compose(next: Relation): Relation {
    return this.combine(next, (m, dst, a, b) => compose(m, dst, a, b, this.size, this.width));
  }

  transitiveClosure(): Relation {
    return this.derive(transitiveClosure);
  }

  /** With every pair (i, i). */
  reflexive(): Relation {
    return this.derive(reflexive);
  }

  reflexiveTransitiveClosure(): Relation {
    return this.transitiveClosure().reflexive();
  }

  /** The pairs that start in `from` and end in `to`. */
  restrict(from: EventSet, to: EventSet): Relation {
    checkSameSize(this.size, from.size);
    checkSameSize(this.size, to.size);
    const { size, width, words } = this;
    const m = this.withRoom(2 * width);
    from.copyTo(m, words.length);
    to.copyTo(m, words.length + width);
    restrictDomain(m, 0, words.length, 0, size, width);
    restrictRange(m, 0, 0, words.length + width, size, width);
    return new Relation(size, m.slice(0, words.length));
  }

  domain(): EventSet {
    return this.project(domain);
  }

  range(): EventSet {
    return this.project(range);
  }

  isEmpty(): boolean {
    return isEmpty(this.words, 0, this.words.length);
  }

  isIrreflexive(): boolean {
    return isIrreflexive(this.words, 0, this.size, this.width);
  }

  isAcyclic(): boolean {
    return isAcyclic(this.words, 0, this.size, this.width);
  }

  /**
   * A shortest cycle: events such that each is related to the next and the last to the first. It begins at
   * its lowest event, and of all shortest cycles it is the first in lexicographic order. Undefined when the
   * relation is acyclic.
   */
  findCycle(): number[] | undefined {
    if (this.isAcyclic()) return undefined;
    let best: number[] | undefined;
    for (let start = 0; start < this.size; start++) {
      const cycle = this.cycleThrough(start, best === undefined ? this.size : best.length - 1);
      if (cycle !== undefined) best = cycle;
    }
    return best;
  }

  /** Number of pairs. */
  count(): number {
    return count(this.words, 0, this.words.length);
  }

  /** Same size, same pairs. */
  equals(other: Relation): boolean {
    if (this.size !== other.size) return false;
    const length = this.words.length;
    return equal(this.withWordsOf(other), 0, length, length);
  }

  /** The pairs, in lexicographic order. */
  *pairs(): IterableIterator<[number, number]> {
    for (let i = 0; i < this.size; i++) {
      for (let j = 0; j < this.size; j++) if (has(this.words, 0, i, j, this.width)) yield [i, j];
    }
  }

  [Symbol.iterator](): IterableIterator<[number, number]> {
    return this.pairs();
  }

  toString(): string {
    return `{${Array.from(this.pairs(), ([i, j]) => `${i}->${j}`).join(', ')}}`;
  }

  /** The first shortest cycle through `start` of at most `limit` events: a breadth-first search. */
  private cycleThrough(start: number, limit: number): number[] | undefined {
    const parent = new Int32Array(this.size).fill(-1);
    // Paths are queued by length and, within a length, in lexicographic order.
    let level = [start];
    for (let length = 1; length <= limit && level.length > 0; length++) {
      const next: number[] = [];
      for (const event of level) {
        if (has(this.words, 0, event, start, this.width)) return pathTo(event, start, parent);
        for (const successor of this.row(event)) {
          if (parent[successor] >= 0) continue;
          parent[successor] = event;
          next.push(successor);
        }
      }
      level = next;
    }
    return undefined;
  }

  private static ofSets(
    a: EventSet,
    b: EventSet,
    kernel: (m: Int32Array, dst: number, a: number, b: number, n: number, w: number) => void,
  ): Relation {
    const n = a.size;
    const w = wordsFor(n);
    const m = new Int32Array(n * w + 2 * w);
    a.copyTo(m, n * w);
    b.copyTo(m, n * w + w);
    kernel(m, 0, n * w, n * w + w, n, w);
    return new Relation(n, m.slice(0, n * w));
  }

  private derive(kernel: UnaryKernel): Relation {
    const length = this.words.length;
    const m = this.withRoom(length);
    kernel(m, length, 0, this.size, this.width);
    return new Relation(this.size, m.slice(length));
  }

  private combine(other: Relation, kernel: WordKernel): Relation {
    checkSameSize(this.size, other.size);
    const length = this.words.length;
    const m = new Int32Array(3 * length);
    m.set(this.words, length);
    m.set(other.words, 2 * length);
    kernel(m, 0, length, 2 * length, length);
    return new Relation(this.size, m.slice(0, length));
  }

  private project(kernel: UnaryKernel): EventSet {
    const m = this.withRoom(this.width);
    kernel(m, this.words.length, 0, this.size, this.width);
    return EventSet.fromArena(m, this.words.length, this.size);
  }

  private withWordsOf(other: Relation): Int32Array {
    const m = this.withRoom(other.words.length);
    m.set(other.words, this.words.length);
    return m;
  }

  /** An arena with this relation at 0 and `length` words after it. */
  private withRoom(length: number): Int32Array {
    const m = new Int32Array(this.words.length + length);
    m.set(this.words);
    return m;
  }
}

/** Collects the pairs of a `Relation`. */
export class RelationBuilder {
  private readonly words: Int32Array;
  private readonly width: number;

  constructor(readonly size: number) {
    this.words = room(size);
    this.width = wordsFor(size);
  }

  /** A builder that starts with the pairs of a relation. */
  static from(relation: Relation): RelationBuilder {
    const builder = new RelationBuilder(relation.size);
    relation.copyTo(builder.words, 0);
    return builder;
  }

  has(i: number, j: number): boolean {
    this.check(i, j);
    return has(this.words, 0, i, j, this.width);
  }

  add(i: number, j: number): this {
    this.check(i, j);
    add(this.words, 0, i, j, this.width);
    return this;
  }

  remove(i: number, j: number): this {
    this.check(i, j);
    remove(this.words, 0, i, j, this.width);
    return this;
  }

  /** The relation as it is now; the builder can go on. */
  build(): Relation {
    return Relation.fromArena(this.words, 0, this.size);
  }

  private check(i: number, j: number): void {
    checkEvent(i, this.size);
    checkEvent(j, this.size);
  }
}

/** Words for an empty relation. */
function room(size: number): Int32Array {
  checkSize(size);
  return new Int32Array(size * wordsFor(size));
}

/** The events from `start` to `event` along the parents. */
function pathTo(event: number, start: number, parent: Int32Array): number[] {
  const path = [event];
  for (let at = event; at !== start; path.push(at)) at = parent[at];
  return path.reverse();
}
