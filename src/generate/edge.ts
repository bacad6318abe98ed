/** What an access does. */
export type Direction = 'R' | 'W';

/**
 * - `communication`: from an access to one of the same location that it bears on: `Rf`, `Fr`, `Co`;
 * - `order`, `fence`, `dependency`: from an access to the next one of its thread;
 * - `update`: from the read of a read-modify-write to its write;
 * - `hat`: from a read to a read of another thread that sees the same value;
 * - `annotation`: no step, but what the access between two steps is;
 * - `insertion`: no step either, but a fence between the two accesses that the steps around it have in
 *   between.
 */
export type EdgeKind =
  | 'communication'
  | 'order'
  | 'fence'
  | 'dependency'
  | 'update'
  | 'hat'
  | 'annotation'
  | 'insertion';

/** An edge but for what its two accesses are annotated with. */
export interface Bare {
  readonly kind: EdgeKind;
  /** Which communication, fence, dependency, read-modify-write. */
  readonly what: string;
  /** It leads to another thread. */
  readonly external: boolean;
  /** Both its accesses are of one location. */
  readonly same: boolean;
  readonly source?: Direction;
  readonly target?: Direction;
  /** As it is written. */
  readonly word: string;
  /** diy7's order of edges; see {@link compareEdges}. */
  readonly rank: readonly number[];
}

/**
 * A candidate relaxation: one step of a cycle. There is one object for each, so that they are compared as
 * objects.
 */
export interface RelaxationEdge {
  readonly bare: Bare;
  /** What the access is that it leads from, and the one that it leads to; undefined where nothing is said. */
  readonly before?: string;
  readonly after?: string;
  /** As it is written, with its annotations. */
  readonly name: string;
  readonly rank: readonly number[];
  /** Counts the edges of a vocabulary from 0. */
  readonly id: number;
}

/** It stands for a pair of accesses. */
export function isStep({ bare }: RelaxationEdge): boolean {
  return bare.kind !== 'annotation' && bare.kind !== 'insertion';
}

export function isCommunication({ bare }: RelaxationEdge): boolean {
  return bare.kind === 'communication' || bare.kind === 'hat';
}

/**
 * Negative where `a` is before `b`: of the rotations of a cycle, diy7 takes the first as its normal form, and
 * names it by that.
 */
export function compareEdges(a: RelaxationEdge, b: RelaxationEdge): number {
  const special = precedence(a.bare) - precedence(b.bare);
  if (precedence(a.bare) > 0 && precedence(b.bare) > 0 && special !== 0) return special;
  for (let index = 0; index < a.rank.length && index < b.rank.length; index++) {
    if (a.rank[index] !== b.rank[index]) return a.rank[index] - b.rank[index];
  }
  return a.rank.length - b.rank.length;
}

/** Fences before dependencies before what orders nothing, whatever else; 0 for all other edges. */
function precedence({ kind, what }: Bare): number {
  if (kind === 'fence') return 1;
  if (kind === 'dependency') return 2;
  return kind === 'order' || (kind === 'communication' && what === 'Rf') ? 3 : 0;
}
