import type { ShapeAccess, ThreadShape } from './thread-shape.js';

/** An access as {@link Relevance} sees it: numbers count the accesses of the program. */
interface NumberedAccess extends ShapeAccess {
  readonly thread: number;
  /** The first access of its thread. */
  readonly start: number;
  /** The first access behind its thread. */
  readonly end: number;
  /** It is half of a read-modify-write, annotated, waits for something, or something waits for it. */
  readonly hasWord: boolean;
}

/**
 * Which locations make a program of threads that is worth looking at; `programShapes` says what is not, and
 * why. Locations are bits: there are few.
 */
export class Relevance {
  private readonly accesses: readonly NumberedAccess[];
  private readonly threads: number;
  // By location, of the assignment that is looked at.
  private readonly count: number[] = [];
  private readonly writes: number[] = [];
  private readonly users: number[] = [];

  constructor(threads: readonly ThreadShape[]) {
    this.threads = threads.length;
    let start = 0;
    this.accesses = threads.flatMap(({ accesses }, thread) => {
      const first = start;
      start += accesses.length;
      return accesses.map((access, index) => ({
        ...access,
        thread,
        start: first,
        end: first + accesses.length,
        hasWord: hasWord(accesses, index),
      }));
    });
  }

  /** @param locations of each access */
  of(locations: readonly number[]): boolean {
    this.tally(locations);
    return (
      this.isConnected(locations) &&
      this.accesses.every((access, index) => !this.isIdle(access, index, locations))
    );
  }

  private tally(locations: readonly number[]): void {
    for (let location = 0; location < locations.length; location++)
      this.count[location] = this.writes[location] = this.users[location] = 0;
    for (const [index, { direction, thread }] of this.accesses.entries()) {
      const location = locations[index];
      this.count[location]++;
      this.users[location] |= 1 << thread;
      if (direction === 'W') this.writes[location]++;
    }
  }

  /** Whether all threads are linked by locations that some of them writes. */
  private isConnected(locations: readonly number[]): boolean {
    let reached = 1;
    for (let before = 0; before !== reached; ) {
      before = reached;
      for (let location = 0; location < locations.length; location++)
        if (this.writes[location] > 0 && (this.users[location] & reached) !== 0)
          reached |= this.users[location];
    }
    return reached === (1 << this.threads) - 1;
  }

  private isIdle(access: NumberedAccess, index: number, locations: readonly number[]): boolean {
    const location = locations[index];
    const isUseless = this.count[location] === 1 || this.writes[location] === 0;
    if (isUseless && !access.hasWord) return true;
    const { wait } = access;
    const asked = wait?.taken ?? 0;
    if (asked > 0 && asked > this.writes[locations[access.start + wait!.read]]) return true;
    return this.hasIdleWord(access, index, locations);
  }

  /** Whether it has a word that tells only of accesses whose order no other thread can see. */
  private hasIdleWord(access: NumberedAccess, index: number, locations: readonly number[]): boolean {
    const { start, end, fence, wait, annotation, update } = access;
    let first = end;
    let last = -1;
    for (let own = start; own < end; own++) {
      if (!this.isSeen(own, locations)) continue;
      first = Math.min(first, own);
      last = own;
    }
    const isAround = (before: number, after: number): boolean => first <= before && last >= after;
    if (fence !== undefined && !isAround(index - 1, index)) return true;
    if (wait && !isAround(start + wait.read, index)) return true;
    if (annotation !== undefined && first >= last) return true;
    return update !== undefined && !this.isSeen(index, locations) && !isAround(index - 1, index + 2);
  }

  /** Other threads have to do with its location. */
  private isSeen(index: number, locations: readonly number[]): boolean {
    const location = locations[index];
    return this.writes[location] > 0 && this.users[location] !== 1 << this.accesses[index].thread;
  }
}

function hasWord(accesses: readonly ShapeAccess[], index: number): boolean {
  const { annotation, wait, update } = accesses[index];
  const isWord = annotation !== undefined || wait !== undefined;
  const isHalf = update !== undefined || accesses[index - 1]?.update !== undefined;
  return isWord || isHalf || accesses.some((other) => other.wait?.read === index);
}
