import {
  type Evaluator,
  type PlannedCheck,
  partsBehind,
  type RecursiveGroup,
  type Term,
  type Ways,
} from '../../cat/index.js';
import { newWords } from '../../limits.js';
import * as bits from '../../relation/index.js';
import { LOCAL, PAIRWISE } from '../candidate/path-dependence.js';

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
 * Derives why a check that prunes is violated: the pairs of rf and co from which the violation follows,
 * whatever else the execution does. The checks' terms only grow, so the derivation holds wherever these pairs
 * do.
 */
export class Explainer {
  private readonly m: Int32Array;
  private readonly n: number;
  private readonly w: number;
  private readonly offsets: Int32Array;
  private readonly queue: Int32Array;
  private readonly parent: Int32Array;
  /** The events that a search has not come to. */
  private readonly unreached: Int32Array;
  /** Which events lead to which. */
  private readonly reached: Int32Array;
  private blame!: Blame;
  /**
   * Of what was recursive in the violation at hand, by slot: in which round each pair came up; and the last
   * that may be used.
   */
  private readonly ranks = new Map<number, Int32Array>();
  private latest = Number.MAX_SAFE_INTEGER;
  private readonly ways: Ways = {
    among: (terms, from, to) => this.earliest(terms, from, to),
    between: (a, b, from, to) => this.find((k) => this.has(a, from, k) && this.has(b, k, to)),
    along: (relation, from, to) => this.path(relation, from, to),
    partner: ({ operator, args: [relation] }, event) =>
      this.find((k) => (operator === 'domain' ? this.has(relation, event, k) : this.has(relation, k, event))),
  };

  constructor(
    private readonly evaluator: Evaluator,
    private readonly dependence: Int8Array,
  ) {
    this.m = evaluator.m;
    this.n = evaluator.n;
    this.w = evaluator.w;
    this.offsets = evaluator.offsets;
    // A search may come back to where it began.
    this.queue = new Int32Array(this.n + 1);
    this.parent = new Int32Array(this.n);
    this.unreached = new Int32Array(this.w);
    this.reached = newWords(this.n * this.w);
  }

  /** From here on, `blame` is told, of what is up to date now. */
  begin(blame: Blame): void {
    this.blame = blame;
    this.ranks.clear();
  }

  /** Why the check does not hold now. Its term is up to date. */
  violation({ check }: PlannedCheck, blame: Blame): void {
    this.begin(blame);
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
      for (let j = 0; j < this.n; j++) {
        if ((term.sort === 'set' && i !== j) || !this.has(term, i, j)) continue;
        this.pair(term, i, j);
        return;
      }
    }
  }

  /** The shortest cycle. */
  private cycle(term: Term): void {
    const { m, n, w, reached } = this;
    for (let k = 0; k < n * w; k++) reached[k] = m[this.offsets[term.id] + k];
    bits.transitiveClosure(reached, 0, 0, n, w);
    let shortest = n + 1;
    let start = -1;
    for (let i = 0; i < n && shortest > 1; i++) {
      if (!bits.has(reached, 0, i, i, w)) continue;
      const length = this.search(term, i, i, shortest);
      if (length >= shortest) continue;
      shortest = length;
      start = i;
    }
    this.explainPath(term, start, start);
  }

  private explainPath(term: Term, i: number, j: number): void {
    const events = this.path(term, i, j);
    events.slice(1).forEach((event, index) => void this.pair(term, events[index], event));
  }

  /** Why a path of the term's pairs leads from i to j. False when there is none. */
  way(term: Term, i: number, j: number): boolean {
    if (this.search(term, i, j, this.n + 1) > this.n) return false;
    this.explainPath(term, i, j);
    return true;
  }

  /** The events of a shortest path of the term's pairs from i to j: of at least one step. */
  private path(term: Term, i: number, j: number): number[] {
    this.search(term, i, j, this.n + 1);
    const events = [j];
    for (let at = j; ; ) {
      at = this.parent[at];
      events.push(at);
      if (at === i) return events.reverse();
    }
  }

  private find(isIt: (event: number) => boolean): number {
    let event = 0;
    while (event < this.n && !isIt(event)) event++;
    return event;
  }

  /** Of several terms that hold the pair, one that depends on as little as possible. */
  private earliest(terms: readonly Term[], i: number, j: number): Term {
    let best: Term | undefined;
    for (const term of terms) {
      if (this.has(term, i, j) && (!best || term.stage < best.stage)) best = term;
    }
    return best as Term;
  }

  /**
   * Breadth first from i to j: the number of steps, with `parent` set along the way; `limit` when there is no
   * shorter path.
   */
  private search(term: Term, i: number, j: number, limit: number): number {
    const { m, n, w, queue, parent, unreached, latest } = this;
    const offset = this.offsets[term.id];
    const ranks = this.ranks.get(term.id);
    bits.fullSet(unreached, 0, n, w);
    let end = 1;
    queue[0] = i;
    let level = 0;
    for (let at = 0; at < end; ) {
      if (++level >= limit) return limit;
      for (const last = end; at < last; at++) {
        const from = queue[at];
        for (let k = 0; k < w; k++) {
          for (let rest = m[offset + from * w + k] & unreached[k]; rest !== 0; rest &= rest - 1) {
            const to = (k << 5) + bits.lowest(rest);
            if (ranks && ranks[from * n + to] > latest) continue;
            parent[to] = from;
            if (to === j) return level;
            bits.removeEvent(unreached, 0, to);
            queue[end++] = to;
          }
        }
      }
    }
    return limit;
  }

  /**
   * Whether a pair is in a relation, or an event in a set; inside a recursion, whether it came to be there
   * early enough.
   */
  private has(term: Term, i: number, j: number): boolean {
    const at = this.offsets[term.id];
    const there = term.sort === 'set' ? bits.hasEvent(this.m, at, i) : bits.has(this.m, at, i, j, this.w);
    return there && (this.ranks.get(term.id)?.[i * this.n + j] ?? 0) <= this.latest;
  }

  /** Why (i, j) is in a relation, or i in a set. */
  pair(term: Term, i: number, j: number): void {
    if (term.stage === 0) {
      this.fixed(term, i, j);
      return;
    }
    this.blame.event(i);
    this.blame.event(j);
    switch (term.operator) {
      case 'base':
        if (term.name === 'rf') this.blame.readsFrom(i, j);
        else if (term.name === 'co') this.blame.coherence(i, j);
        else this.blame.everything();
        return;
      case 'complement':
        this.absence(term.args[0], i, j);
        return;
      case 'dynamic':
      case 'choice':
        this.blame.everything();
        return;
      case 'variable':
      case 'recursive':
        this.recursion(term, i, j);
        return;
    }
    if (term.operator === 'difference') this.absence(term.args[1], i, j);
    for (const { term: part, from, to } of partsBehind({ term, from: i, to: j }, this.ways))
      this.pair(part, from, to);
  }

  /**
   * Why a recursive definition has a pair: its body has it, by what the variables held in the rounds before.
   * So no derivation rests on itself.
   */
  private recursion(term: Term, i: number, j: number): void {
    const group = term.group as RecursiveGroup;
    const index = term.index as number;
    const variable = group.variables[index].id;
    if (!this.ranks.has(variable) && !this.rank(group)) {
      this.blame.everything();
      return;
    }
    const { latest } = this;
    this.latest = (this.ranks.get(variable) as Int32Array)[i * this.n + j] - 1;
    this.pair(group.bodies[index], i, j);
    this.latest = latest;
  }

  /**
   * Makes a fixpoint again, and puts down in which round each pair comes up: of a variable, the round after,
   * when it can be used.
   */
  private rank({ variables }: RecursiveGroup): boolean {
    const { evaluator } = this;
    const planned = Object.values(evaluator.plan.steps)
      .flat()
      .find(({ group }) => group?.variables.includes(variables[0].id))?.group;
    if (!planned) return false;
    const inside = [...new Set(planned.steps.map(({ slot }) => slot)), ...planned.variables];
    for (const slot of inside) this.ranks.set(slot, newWords(this.n * this.n));
    evaluator.fixpoint(planned, (round) => {
      for (const slot of inside) this.putDown(slot, round + (planned.variables.includes(slot) ? 1 : 0));
    });
    return true;
  }

  private putDown(slot: number, round: number): void {
    const { m, n, w } = this;
    const ranks = this.ranks.get(slot) as Int32Array;
    const isSet = this.evaluator.plan.slots[slot].sort === 'set';
    const offset = this.offsets[slot];
    for (let k = 0; k < (isSet ? w : n * w); k++) {
      for (let word = m[offset + k]; word !== 0; word &= word - 1) {
        const j = (k % w) * 32 + bits.lowest(word);
        const at = isSet ? j * n + j : Math.floor(k / w) * n + j;
        if (ranks[at] === 0) ranks[at] = round;
      }
    }
  }

  /** A pair, or an event of a set, that the program alone determines, or its absence. */
  private fixed(term: Term, i: number, j: number): void {
    this.blame.event(i);
    this.blame.event(j);
    if (this.dependence[term.id] > (term.sort === 'set' ? LOCAL : PAIRWISE)) this.blame.allPaths();
  }

  /** Why (i, j) is not in a relation. */
  absence(term: Term, i: number, j: number): void {
    if (term.stage === 0) this.fixed(term, i, j);
    else this.blame.everything();
  }
}
