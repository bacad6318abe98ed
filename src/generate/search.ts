import { type Cycle, closed } from './cycle.js';
import { isStep, type RelaxationEdge } from './edge.js';
import { type Mode, meetings } from './modes.js';
import { normalForm } from './normal-form.js';
import type { Relaxation, Vocabulary } from './relaxation-vocabulary.js';

/** What cycles to look for, as diy7's options have it. */
export interface SearchOptions {
  readonly mode: Mode;
  /** Relaxations in a cycle, at most. */
  readonly size: number;
  /** Exactly as many. */
  readonly exact?: boolean;
  readonly safe: readonly Relaxation[];
  /**
   * Where there are any: each cycle has as many different ones of these as the bounds say. Those of one group
   * count as one.
   */
  readonly relaxed?: readonly (readonly Relaxation[])[];
  readonly relaxedBounds?: readonly [number, number];
  readonly rejected?: readonly Relaxation[];
  /** With these in front, besides the size. */
  readonly prefixes?: readonly Relaxation[];
  /** Threads, at most. */
  readonly threads: number;
  /** Edges in a thread, at most, that which leaves it among them. */
  readonly edgesInThread: number;
  readonly cumulative?: readonly string[];
}

/** A relaxation, with what the search has to know of it. */
interface Piece {
  readonly edges: Relaxation;
  readonly external: number;
  /** Edges before it leaves a thread, those after it last did, and the most of them on end. */
  readonly head: number;
  readonly tail: number;
  readonly stay: number;
  /** Which of the relaxed ones it is; -1 where it is a safe one. */
  readonly group: number;
}

/**
 * All cycles of relaxations, each once, in the rotation that diy7 has for it.
 *
 * Sequences of relaxations are enumerated as necklaces are: a sequence that is not the least of its rotations
 * is cut off as soon as that shows (Fredricksen, Kessler and Maiorana), so that few cycles are met twice.
 * Those that are, because they can be put together in several ways, are known by their normal form.
 */
export class CycleSearch {
  private readonly options: SearchOptions;
  private readonly vocabulary: Vocabulary;
  private readonly pieces: readonly Piece[];
  /** Pieces that may follow each, in order. */
  private readonly follows: readonly (readonly number[])[];
  private readonly mayFollow: readonly Uint8Array[];
  private readonly seen = new Set<string>();
  private readonly rejected: readonly Relaxation[];

  constructor(options: SearchOptions, vocabulary: Vocabulary) {
    this.options = options;
    this.vocabulary = vocabulary;
    this.pieces = piecesOf(options);
    this.rejected = options.rejected ?? [];
    const meet = meetings(options, vocabulary);
    this.mayFollow = this.pieces.map(({ edges }) =>
      Uint8Array.from(this.pieces, (next) => Number(meet(edges, next.edges))),
    );
    this.follows = this.mayFollow.map((row) => [...row.keys()].filter((next) => row[next] === 1));
  }

  *cycles(): Generator<Cycle> {
    const { prefixes = [] } = this.options;
    if (prefixes.length === 0) yield* this.necklaces(NO_EDGES, 1);
    for (const prefix of prefixes) yield* this.behind(prefix);
  }

  /**
   * Necklaces that begin with a sequence which is the first of its rotations as far as it goes.
   * @param period the length of what it repeats
   */
  private *necklaces(begun: Begun, period: number): Generator<Cycle> {
    const { sequence } = begun;
    const length = sequence.length;
    if (length > 0 && length % period === 0) yield* this.closing(sequence, []);
    if (length === this.options.size) return;
    const least = length === 0 ? 0 : sequence[length - period];
    for (const next of this.nextAfter(sequence)) {
      if (next < least) continue;
      const longer = this.with(begun, next);
      if (longer) yield* this.necklaces(longer, next === least && length > 0 ? period : length + 1);
    }
  }

  private nextAfter(sequence: readonly number[]): Iterable<number> {
    return sequence.length === 0 ? this.pieces.keys() : this.follows[sequence.at(-1)!];
  }

  /** Behind a prefix nothing is symmetric. */
  private *behind(prefix: Relaxation): Generator<Cycle> {
    const meet = meetings(this.options, this.vocabulary);
    const canEnd = this.pieces.map(({ edges }) => meet(edges, prefix));
    for (const [start, { edges }] of this.pieces.entries()) {
      const begun = meet(prefix, edges) && this.with(NO_EDGES, start);
      if (begun) yield* this.after(prefix, begun, canEnd);
    }
  }

  private *after(prefix: Relaxation, begun: Begun, canEnd: readonly boolean[]): Generator<Cycle> {
    const { sequence } = begun;
    const last = sequence.at(-1)!;
    if (canEnd[last]) yield* this.closing(sequence, prefix);
    if (sequence.length === this.options.size) return;
    for (const next of this.follows[last]) {
      const longer = this.with(begun, next);
      if (longer) yield* this.after(prefix, longer, canEnd);
    }
  }

  /** One piece more; undefined where that is no part of a cycle that is wanted. */
  private with({ sequence, external, stay }: Begun, next: number): Begun | undefined {
    const { threads, edgesInThread } = this.options;
    const piece = this.pieces[next];
    if (external + piece.external > threads) return undefined;
    if (Math.max(stay + piece.head, piece.stay) >= edgesInThread) return undefined;
    const longer = [...sequence, next];
    if (this.rejected.length > 0 && this.isRejected(this.edgesOf(longer), false)) return undefined;
    return {
      sequence: longer,
      external: external + piece.external,
      stay: piece.external === 0 ? stay + piece.head : piece.tail,
    };
  }

  private edgesOf(sequence: readonly number[]): RelaxationEdge[] {
    return sequence.flatMap((index) => this.pieces[index].edges);
  }

  /** Closes a sequence to a cycle. */
  private *closing(sequence: readonly number[], prefix: Relaxation): Generator<Cycle> {
    const { size, exact } = this.options;
    if (exact && sequence.length !== size) return;
    if (prefix.length === 0 && this.mayFollow[sequence.at(-1)!][sequence[0]] === 0) return;
    if (!this.hasRelaxed(sequence)) return;
    const edges = [...prefix, ...this.edgesOf(sequence)];
    if (!this.isWanted(edges)) return;
    const cycle = closed(edges, this.vocabulary);
    if (typeof cycle === 'string' || this.isRejected(cycle, true)) return;
    const normal = normalForm(cycle);
    if (normal && !this.isKnown(normal)) yield normal;
  }

  private hasRelaxed(sequence: readonly number[]): boolean {
    const { relaxed = [], relaxedBounds: [least, most] = [1, 1] } = this.options;
    if (relaxed.length === 0) return true;
    const groups = new Set(sequence.map((index) => this.pieces[index].group));
    groups.delete(-1);
    return groups.size >= least && groups.size <= most;
  }

  private isWanted(edges: readonly RelaxationEdge[]): boolean {
    const { threads, edgesInThread, mode } = this.options;
    const external = edges.filter(({ bare }) => bare.external).length;
    const leaving = Math.min(external, 1);
    if (external > threads || longestStay(edges, true) + leaving > edgesInThread) return false;
    if (this.isRejected(edges, true)) return false;
    if (!strictModes.has(mode)) return true;
    return external > 1 && edges.filter(({ bare }) => !bare.same).length > 1;
  }

  /** A rejected relaxation is in it; round the end only where it is of more than one edge. */
  private isRejected(edges: readonly RelaxationEdge[], isRing: boolean): boolean {
    return this.rejected.some((one) => containsEdges(edges, one, isRing && one.length > 1));
  }

  private isKnown(cycle: Cycle): boolean {
    const key = keyOfSteps(cycle);
    if (this.seen.has(key)) return true;
    this.seen.add(key);
    return false;
  }
}

/** The beginning of a cycle: its pieces, how often it changes threads, and edges since it last did. */
interface Begun {
  readonly sequence: readonly number[];
  readonly external: number;
  readonly stay: number;
}

const NO_EDGES: Begun = { sequence: [], external: 0, stay: 0 };

/** The same for all rotations of a cycle in one thread, of which there is no normal form. */
function keyOfSteps(cycle: Cycle): string {
  const key = String.fromCharCode(...cycle.map(({ id }) => id));
  if (cycle.some(({ bare }) => bare.external)) return key;
  const rotations = cycle.map((_, index) => key.slice(index) + key.slice(0, index));
  return rotations.sort()[0];
}

/** Modes in which a cycle goes through two threads and two locations at least. */
const strictModes: ReadonlySet<Mode> = new Set(['default', 'sc', 'ppo', 'mixed']);

function piecesOf({ safe, relaxed = [] }: SearchOptions): Piece[] {
  const groups = new Map<string, Piece>();
  const add = (edges: Relaxation, group: number): void => {
    const key = edges.map(({ name }) => name).join(' ');
    if (edges.length > 0 && hangsTogether(edges) && !groups.has(key)) groups.set(key, pieceOf(edges, group));
  };
  for (const [group, ones] of relaxed.entries()) for (const one of ones) add(one, group);
  for (const one of safe) add(one, -1);
  return [...groups.values()];
}

function pieceOf(edges: Relaxation, group: number): Piece {
  const counted = edges.filter(({ bare }) => bare.kind !== 'annotation');
  const external = counted.filter(({ bare }) => bare.external).length;
  const first = counted.findIndex(({ bare }) => bare.external);
  const last = counted.findLastIndex(({ bare }) => bare.external);
  const head = first < 0 ? counted.length : first;
  return { edges, external, head, tail: counted.length - 1 - last, stay: longestStay(edges, false), group };
}

/** Each of its edges can follow the one before, annotations and insertions aside. */
function hangsTogether(edges: Relaxation): boolean {
  const steps = edges.filter(isStep);
  return steps.every((step, index) => {
    const before = steps[index - 1];
    return !before || (before.bare.target === step.bare.source && agree(before.after, step.before));
  });
}

function agree(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** Most edges on end that stay in a thread. Round a ring, what goes on for ever counts once. */
function longestStay(edges: readonly RelaxationEdge[], isRing: boolean): number {
  let longest = 0;
  let stay = 0;
  const turns = isRing && edges.some(({ bare }) => bare.external) ? 2 : 1;
  for (let index = 0; index < edges.length * turns; index++) {
    const { bare } = edges[index % edges.length];
    if (bare.external) stay = 0;
    else if (bare.kind !== 'annotation') longest = Math.max(longest, ++stay);
  }
  return longest;
}

function containsEdges(edges: readonly RelaxationEdge[], part: Relaxation, isRing: boolean): boolean {
  const last = isRing ? edges.length - 1 : edges.length - part.length;
  for (let start = 0; start <= last; start++) {
    if (
      part.length <= edges.length &&
      part.every((edge, index) => edges[(start + index) % edges.length] === edge)
    )
      return true;
  }
  return false;
}
