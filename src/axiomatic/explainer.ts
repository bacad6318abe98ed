import type { Evaluator, PlannedCheck, Term } from '../cat/index.js';
import * as bits from '../relation/index.js';
import { LOCAL, PAIRWISE } from './locality.js';

/** Takes what a violation rests on. */
export interface Blame {
  /** A pair that the search has put into rf, or into co. */
  readsFrom(write: number, read: number): void;
  coherence(first: number, second: number): void;
  /** An event of the graph, with what its CPU's path says of it. */
  event(event: number): void;
  /** The paths of all CPUs. */
  allPaths(): void;
  /** All that was decided: it cannot be said more closely. */
  everything(): void;
}

/**
 * Derives why a check that prunes is violated: the pairs of rf and co from which the violation follows, whatever else the execution
 * does. The checks' terms only grow, so the derivation holds wherever these pairs do.
 */
export class Explainer {
  private readonly m: Int32Array;
  private readonly n: number;
  private readonly w: number;
  private readonly offsets: Int32Array;
  private readonly queue: Int32Array;
  private readonly parent: Int32Array;
  private blame!: Blame;

  constructor(
    evaluator: Evaluator,
    private readonly localities: Int8Array,
  ) {
    this.m = evaluator.m;
    this.n = evaluator.n;
    this.w = evaluator.w;
    this.offsets = evaluator.offsets;
    this.queue = new Int32Array(this.n);
    this.parent = new Int32Array(this.n);
  }

  /** Why the check does not hold now. Its term is up to date. */
  violation({ check }: PlannedCheck, blame: Blame): void {
    this.blame = blame;
    const { term } = check;
    switch (check.kind) {
      case 'acyclic':
        this.cycle(term);
        return;
      case 'irreflexive':
        for (let i = 0; i < this.n; i++) {
          if (!this.has(term, i, i)) continue;
          this.pair(term, i, i);
          return;
        }
        return;
      case 'empty':
        this.anyMember(term);
    }
  }

  private anyMember(term: Term): void {
    for (let i = 0; i < this.n; i++) {
      if (term.sort === 'set') {
        if (!this.hasEvent(term, i)) continue;
        this.member(term, i);
        return;
      }
      for (let j = 0; j < this.n; j++) {
        if (!this.has(term, i, j)) continue;
        this.pair(term, i, j);
        return;
      }
    }
  }

  /** The shortest cycle. */
  private cycle(term: Term): void {
    let shortest = this.n + 1;
    let start = -1;
    for (let i = 0; i < this.n && shortest > 1; i++) {
      const length = this.search(term, i, i, shortest);
      if (length >= shortest) continue;
      shortest = length;
      start = i;
    }
    this.path(term, start, start);
  }

  /** Why a path of the term's pairs leads from i to j: at least one step. */
  private path(term: Term, i: number, j: number): void {
    this.search(term, i, j, this.n + 1);
    // Explanations of the steps search as well: the path is taken down before.
    const steps = [j];
    for (let at = j; ; ) {
      at = this.parent[at];
      steps.push(at);
      if (at === i) break;
    }
    for (let index = steps.length - 1; index > 0; index--) this.pair(term, steps[index], steps[index - 1]);
  }

  /**
   * Breadth first from i to j: the number of steps, with `parent` set along the way; `limit` when there is no shorter path. */
  private search(term: Term, i: number, j: number, limit: number): number {
    const { m, n, w, queue, parent } = this;
    const offset = this.offsets[term.id];
    parent.fill(-1);
    let end = 1;
    queue[0] = i;
    let level = 0;
    for (let at = 0; at < end; ) {
      if (++level >= limit) return limit;
      for (const last = end; at < last; at++) {
        const from = queue[at];
        for (let to = 0; to < n; to++) {
          if (parent[to] >= 0 || !bits.has(m, offset, from, to, w)) continue;
          parent[to] = from;
          if (to === j) return level;
          queue[end++] = to;
        }
      }
    }
    return limit;
  }

  private has(term: Term, i: number, j: number): boolean {
    return bits.has(this.m, this.offsets[term.id], i, j, this.w);
  }

  private hasEvent(set: Term, i: number): boolean {
    return bits.hasEvent(this.m, this.offsets[set.id], i);
  }

  /** Why (i, j) is in a relation. */
  private pair(term: Term, i: number, j: number): void {
    if (term.stage === 0) {
      this.fixed(term, i, j);
      return;
    }
    const { args } = term;
    switch (term.operator) {
      case 'base':
        this.blame.event(i);
        this.blame.event(j);
        if (term.name === 'rf') this.blame.readsFrom(i, j);
        else if (term.name === 'co') this.blame.coherence(i, j);
        else this.blame.everything();
        return;
      case 'union':
        this.pair(this.earliest(args, i, j), i, j);
        return;
      case 'intersection':
        for (const arg of args) this.pair(arg, i, j);
        return;
      case 'difference':
        this.pair(args[0], i, j);
        this.absence(args[1], i, j);
        return;
      case 'complement':
        this.absence(args[0], i, j);
        return;
      case 'compose':
        this.composed(args[0], args[1], i, j);
        return;
      case 'inverse':
        this.pair(args[0], j, i);
        return;
      case 'plus':
        this.path(args[0], i, j);
        return;
      case 'star':
        if (i !== j) this.path(args[0], i, j);
        else this.blame.event(i);
        return;
      case 'optional':
        if (i !== j) this.pair(args[0], i, j);
        else this.blame.event(i);
        return;
      case 'identity':
        this.member(args[0], i);
        return;
      case 'product':
        this.member(args[0], i);
        this.member(args[1], j);
        return;
      default:
        this.blame.everything();
    }
  }

  /** Of several terms that hold the pair, one that depends on as little as possible. */
  private earliest(terms: readonly Term[], i: number, j: number): Term {
    let best: Term | undefined;
    for (const term of terms) {
      if (this.has(term, i, j) && (!best || term.stage < best.stage)) best = term;
    }
    return best as Term;
  }

  private composed(a: Term, b: Term, i: number, j: number): void {
    for (let k = 0; k < this.n; k++) {
      if (!this.has(a, i, k) || !this.has(b, k, j)) continue;
      this.pair(a, i, k);
      this.pair(b, k, j);
      return;
    }
  }

  /** Why i is in a set. */
  private member(set: Term, i: number): void {
    const { args } = set;
    this.blame.event(i);
    if (set.stage === 0) {
      if (this.localities[set.id] !== LOCAL) this.blame.allPaths();
      return;
    }
    switch (set.operator) {
      case 'union': {
        const some = args.filter((arg) => this.hasEvent(arg, i)).sort((x, y) => x.stage - y.stage);
        this.member(some[0], i);
        return;
      }
      case 'intersection':
        for (const arg of args) this.member(arg, i);
        return;
      case 'domain':
      case 'range':
        this.end(set.operator, args[0], i);
        return;
      default:
        this.blame.everything();
    }
  }

  private end(side: 'domain' | 'range', relation: Term, i: number): void {
    for (let k = 0; k < this.n; k++) {
      const [from, to] = side === 'domain' ? [i, k] : [k, i];
      if (!this.has(relation, from, to)) continue;
      this.pair(relation, from, to);
      return;
    }
  }

  /** A pair that the program alone determines, or its absence. */
  private fixed(term: Term, i: number, j: number): void {
    this.blame.event(i);
    this.blame.event(j);
    if (this.localities[term.id] > PAIRWISE) this.blame.allPaths();
  }

  /** Why (i, j) is not in a relation. */
  private absence(term: Term, i: number, j: number): void {
    if (term.stage === 0) this.fixed(term, i, j);
    else this.blame.everything();
  }
}
