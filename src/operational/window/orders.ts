/** What may not pass what in a CPU's window: a table of ordered pairs for each machine. */
import type { Tag } from '../../program/index.js';

/** A read, a write, or either. */
type Kind = 'R' | 'W' | 'M';

/**
 * Why of two accesses of a CPU the later one performs after the earlier one.
 *
 * - `location`: both are to one location; `other-write`: and return different writes, or are no two reads;
 * - `address`, `data`, `control`: the later one depends on the earlier one, a read;
 * - `cause`: the later one is ordered by this table after an access that depends on the earlier one;
 * - `address-po`: it stands behind an access whose address comes from the earlier one;
 * - `choice`: the earlier one decided, by a branch that is over, which of several values the later one stores, or where;
 * - `source`: it is a read that is forwarded a store whose address or value comes from the earlier one;
 * - `atomic-source`: it would be forwarded the earlier one, which is the write of an atomic;
 * - `barrier`: a barrier stands between them; `marks`: they carry these tags, where one is named.
 */
export type OrderedPair = readonly [first: Kind, then: Kind, by: Reason];
type Reason =
  | 'location'
  | 'other-write'
  | 'address'
  | 'data'
  | 'control'
  | 'cause'
  | 'address-po'
  | 'choice'
  | 'source'
  | 'atomic-source'
  | { readonly barrier: Tag }
  | { readonly marks: readonly [first?: Tag | undefined, then?: Tag | undefined] };

/** Accesses to one location keep their order, and a full barrier keeps everything apart (Alpha handbook, table 5-1). */
export const alphaPairs: readonly OrderedPair[] = [
  ['M', 'W', 'location'],
  ['R', 'R', 'location'],
  ['M', 'M', { barrier: 'MB' }],
  ['W', 'W', { barrier: 'WMB' }],
];

/** As Linux relies on it: a store waits for what it depends on, by whatever way. */
export const alphaLinuxPairs: readonly OrderedPair[] = [
  ...alphaPairs,
  ['R', 'W', 'address'],
  ['R', 'W', 'data'],
  ['R', 'W', 'control'],
  ['R', 'W', 'choice'],
  ['R', 'W', 'cause'],
];

/** What Armv8 and RISC-V have in common: order by dependencies, and by location as far as another CPU can tell. */
const multiCopyAtomic: readonly OrderedPair[] = [
  ['M', 'W', 'location'],
  ['R', 'R', 'other-write'],
  ['R', 'M', 'address'],
  ['R', 'W', 'data'],
  ['R', 'W', 'control'],
  ['R', 'W', 'choice'],
  ['R', 'W', 'address-po'],
  ['R', 'R', 'source'],
];

/** Armv8 (Arm Architecture Reference Manual, B2.3): LDAR is marked `A`, LDAPR `Q`, STLR `L`. */
export const arm64Pairs: readonly OrderedPair[] = [
  ...multiCopyAtomic,
  ['M', 'M', { barrier: 'DMB.ISH' }],
  ['R', 'M', { barrier: 'DMB.ISHLD' }],
  ['W', 'W', { barrier: 'DMB.ISHST' }],
  ['R', 'M', { marks: ['A'] }],
  ['R', 'M', { marks: ['Q'] }],
  ['M', 'W', { marks: [undefined, 'L'] }],
  ['W', 'R', { marks: ['L', 'A'] }],
];

/** RISC-V (unprivileged manual, chapter RVWMO). */
export const riscvPairs: readonly OrderedPair[] = [
  ...multiCopyAtomic,
  ['W', 'R', 'atomic-source'],
  ['M', 'M', { barrier: 'fence rw,rw' }],
  ['M', 'W', { barrier: 'fence rw,w' }],
  ['R', 'M', { barrier: 'fence r,rw' }],
  ['R', 'R', { barrier: 'fence r,r' }],
  ['W', 'W', { barrier: 'fence w,w' }],
];

/** A set of pairs of kinds, a bit for each. */
export type PairMask = number;
const bit = (first: 'R' | 'W', then: 'R' | 'W'): PairMask =>
  1 << ((first === 'W' ? 2 : 0) + (then === 'W' ? 1 : 0));
const kindsOf = (kind: Kind): readonly ('R' | 'W')[] => (kind === 'M' ? ['R', 'W'] : [kind]);

function maskOf([first, then]: OrderedPair): PairMask {
  return kindsOf(first).reduce(
    (mask, one) => kindsOf(then).reduce((all, other) => all | bit(one, other), mask),
    0,
  );
}

const EVERY_PAIR: PairMask = 0b1111;

/** An access as far as a table looks at it. */
export interface OrderedAccess {
  readonly kind: 'load' | 'store';
  readonly mark?: Tag;
}

/** A table, looked up by its reasons. */
export class Orders {
  /** Pairs that one location orders. */
  readonly location: PairMask;
  /** By barrier, what it keeps apart. */
  private readonly barriers: ReadonlyMap<Tag, PairMask>;
  private readonly marks: readonly {
    readonly pairs: PairMask;
    readonly tags: readonly (Tag | undefined)[];
  }[];
  private readonly marking: ReadonlySet<Tag>;
  private readonly by: ReadonlyMap<Reason, PairMask>;

  constructor(pairs: readonly OrderedPair[]) {
    const masks = new Map<Reason, PairMask>();
    for (const pair of pairs) masks.set(pair[2], (masks.get(pair[2]) ?? 0) | maskOf(pair));
    this.by = masks;
    this.location = this.of('location');
    this.barriers = new Map(
      [...masks].flatMap(([by, mask]) =>
        typeof by === 'object' && 'barrier' in by ? [[by.barrier, mask]] : [],
      ),
    );
    this.marks = [...masks].flatMap(([by, mask]) =>
      typeof by === 'object' && 'marks' in by ? [{ pairs: mask, tags: by.marks }] : [],
    );
    this.marking = new Set(this.marks.flatMap(({ tags }) => tags.filter((tag) => tag !== undefined)));
  }

  /** The pairs that a reason orders. */
  of(reason: Reason & string): PairMask {
    return this.by.get(reason) ?? 0;
  }

  /** What barriers with these tags keep apart. */
  barrier(tags: readonly Tag[]): PairMask {
    return tags.reduce((mask, tag) => mask | (this.barriers.get(tag) ?? 0), 0);
  }

  /** Whether a barrier keeps everything apart: then nothing is issued before all has performed. */
  isFull(mask: PairMask): boolean {
    return mask === EVERY_PAIR;
  }

  /** The tag of an access that the table names. */
  markAmong(tags: readonly Tag[]): Tag | undefined {
    return tags.find((tag) => this.marking.has(tag));
  }

  /** Whether their tags order two accesses. */
  byMarks(first: OrderedAccess, then: OrderedAccess): boolean {
    return this.marks.some(
      ({ pairs, tags: [one, other] }) =>
        isIn(pairs, first, then) &&
        (one === undefined || one === first.mark) &&
        (other === undefined || other === then.mark),
    );
  }
}

/** Whether two accesses are one of some pairs. */
export function isIn(mask: PairMask, first: OrderedAccess, then: OrderedAccess): boolean {
  return (mask & bit(letterOf(first), letterOf(then))) !== 0;
}

/** Whether a barrier between keeps anything behind an access. */
export function startsIn(mask: PairMask, first: OrderedAccess): boolean {
  return (mask & (bit(letterOf(first), 'R') | bit(letterOf(first), 'W'))) !== 0;
}

const letterOf = ({ kind }: OrderedAccess): 'R' | 'W' => (kind === 'load' ? 'R' : 'W');
