import { checkArena, checkEvent, checkSameSize, checkSize } from './checks.js';
import {
  addEvent,
  complementSet,
  count,
  difference,
  equal,
  fullSet,
  hasEvent,
  intersection,
  isEmpty,
  removeEvent,
  union,
  wordsFor,
} from './kernels.js';

type WordKernel = (m: Int32Array, dst: number, a: number, b: number, length: number) => void;

/** An immutable set of events, out of the events 0 to `size` - 1. */
export class EventSet {
  private constructor(
    /** Number of events there are, in the set or not. */
    readonly size: number,
    /** Layout of kernels.ts; never written after construction, never handed out. */
    private readonly words: Int32Array,
  ) {}

  static empty(size: number): EventSet {
    checkSize(size);
    return new EventSet(size, new Int32Array(wordsFor(size)));
  }

  static full(size: number): EventSet {
    checkSize(size);
    const words = new Int32Array(wordsFor(size));
    fullSet(words, 0, size, words.length);
    return new EventSet(size, words);
  }

  static of(size: number, ...events: number[]): EventSet {
    return EventSet.from(size, events);
  }

  static from(size: number, events: Iterable<number>): EventSet {
    const builder = new EventSetBuilder(size);
    for (const event of events) builder.add(event);
    return builder.build();
  }

  /** A copy of the set over n events at `offset` of an arena. */
  static fromArena(m: Int32Array, offset: number, n: number): EventSet {
    checkSize(n);
    checkArena(m, offset, 1, n);
    return new EventSet(n, m.slice(offset, offset + wordsFor(n)));
  }

  /** Writes the set into an arena. */
  copyTo(m: Int32Array, offset: number): void {
    m.set(this.words, offset);
  }

  has(event: number): boolean {
    checkEvent(event, this.size);
    return hasEvent(this.words, 0, event);
  }

  union(other: EventSet): EventSet {
    return this.combine(other, union);
  }

  intersection(other: EventSet): EventSet {
    return this.combine(other, intersection);
  }

  difference(other: EventSet): EventSet {
    return this.combine(other, difference);
  }

  complement(): EventSet {
    const words = this.words.slice();
    complementSet(words, 0, 0, this.size, words.length);
    return new EventSet(this.size, words);
  }

  isEmpty(): boolean {
    return isEmpty(this.words, 0, this.words.length);
  }

  /** Number of events in the set. */
  count(): number {
    return count(this.words, 0, this.words.length);
  }

  /** Same size, same members. */
  equals(other: EventSet): boolean {
    if (this.size !== other.size) return false;
    const length = this.words.length;
    return equal(this.withWordsOf(other), 0, length, length);
  }

  /** The members, ascending. */
  *events(): IterableIterator<number> {
    for (let event = 0; event < this.size; event++) if (hasEvent(this.words, 0, event)) yield event;
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.events();
  }

  toString(): string {
    return `{${[...this.events()].join(', ')}}`;
  }

  private combine(other: EventSet, kernel: WordKernel): EventSet {
    checkSameSize(this.size, other.size);
    const length = this.words.length;
    const m = this.withWordsOf(other);
    kernel(m, 0, 0, length, length);
    return new EventSet(this.size, m.slice(0, length));
  }

  private withWordsOf(other: EventSet): Int32Array {
    const m = new Int32Array(2 * this.words.length);
    m.set(this.words);
    m.set(other.words, this.words.length);
    return m;
  }
}

/** Collects the members of an `EventSet`. */
export class EventSetBuilder {
  private readonly words: Int32Array;

  constructor(readonly size: number) {
    checkSize(size);
    this.words = new Int32Array(wordsFor(size));
  }

  /** A builder that starts with the members of a set. */
  static from(set: EventSet): EventSetBuilder {
    const builder = new EventSetBuilder(set.size);
    set.copyTo(builder.words, 0);
    return builder;
  }

  has(event: number): boolean {
    checkEvent(event, this.size);
    return hasEvent(this.words, 0, event);
  }

  add(event: number): this {
    checkEvent(event, this.size);
    addEvent(this.words, 0, event);
    return this;
  }

  remove(event: number): this {
    checkEvent(event, this.size);
    removeEvent(this.words, 0, event);
    return this;
  }

  /** The set as it is now; the builder can go on. */
  build(): EventSet {
    return EventSet.fromArena(this.words, 0, this.size);
  }
}
