import * as bits from '../../relation/index.js';
import type { Evaluator } from '../plan/evaluator.js';
import type { RecursiveGroup, Term } from '../terms/terms.js';
import { type Derivation, partsBehind, type Ways } from './derivation.js';

/** What a pair of a base relation adds to the cost of a derivation: not below 0. */
export type Weight = (base: string) => number;

/** Program order, dependencies and communication count; what only chooses among pairs does not. */
const plainly: Weight = (base) => (FREE.has(base) ? 0 : 1);
const FREE = new Set(['loc', 'same-block', 'int', 'ext', 'id', 'same-instance', 'different-values']);

/** Each operator on the way costs this much: less than any pair, and exact in binary. */
const OPERATOR = 2 ** -20;

/** The cheapest paths from an event: what they cost, and the event before the last of each. */
interface Paths {
  readonly from: number;
  readonly costs: Float64Array;
  readonly before: Int32Array;
}

/** The events of a path that ends at `to`. */
function eventsTo(to: number, { from, before }: Paths): number[] {
  const events = [to];
  for (let event = before[to]; event !== from; event = before[event]) events.push(event);
  return [...events, from].reverse();
}

/**
 * Finds the cheapest derivation of what an evaluator has computed. The slots of the terms that are asked
 * about must be up to date, on a part of an execution as well as on the whole; a deriver is of no use once
 * they change.
 */
export class Deriver {
  private readonly n: number;
  /** By term: the cost of each pair or member; -1 where it is not known yet. */
  private readonly known = new Map<Term, Float64Array>();
  /** By relation and first event: the cheapest paths to all events. */
  private readonly paths = new Map<Term, Paths[]>();
  /** Costs of recursive variables, of solved groups or of the round before. */
  private readonly variables = new Map<Term, Float64Array>();
  private readonly solved = new Set<RecursiveGroup>();
  private readonly cheapest: Ways = {
    among: (terms, from, to) => {
      const costs = terms.map((term) => this.cost(term, from, to));
      return terms[costs.indexOf(Math.min(...costs))];
    },
    between: (a, b, from, to) => this.through(a, b, from, to).event,
    along: (relation, from, to) => eventsTo(to, this.pathsFrom(relation, from)),
    partner: (term, event) => this.partner(term, event).event,
  };

  constructor(
    private readonly evaluator: Evaluator,
    private readonly weight: Weight = plainly,
  ) {
    this.n = evaluator.n;
  }

  /** Whether a pair is in a relation, or an event (both numbers the same) in a set. */
  has(term: Term, from: number, to: number): boolean {
    const { m, w, offsets } = this.evaluator;
    const offset = offsets[term.id];
    return term.sort === 'set' ? bits.hasEvent(m, offset, from) : bits.has(m, offset, from, to, w);
  }

  /** What the cheapest derivation costs; infinite for what is not in the term. */
  cost(term: Term, from: number, to: number): number {
    if (!this.has(term, from, to)) return Number.POSITIVE_INFINITY;
    let costs = this.known.get(term);
    if (!costs) {
      costs = new Float64Array(this.n * this.n).fill(-1);
      this.known.set(term, costs);
    }
    const at = from * this.n + to;
    if (costs[at] < 0) costs[at] = this.compute(term, from, to);
    return costs[at];
  }

  /**
   * The cheapest derivation, the first in the order of the term's parts and of the events if there are
   * several.
   * @throws RangeError when the pair or event is not in the term
   */
  derive(term: Term, from: number, to: number): Derivation {
    if (this.cost(term, from, to) === Number.POSITIVE_INFINITY)
      throw new RangeError(`(${from}, ${to}) is not in the term`);
    const parts = partsBehind({ term, from, to }, this.cheapest);
    return { term, from, to, parts: parts.map((part) => this.derive(part.term, part.from, part.to)) };
  }

  /**
   * The cheapest cycle of a relation, edge by edge, from its lowest event on; undefined when there is none.
   */
  cheapestCycle(term: Term): Derivation[] | undefined {
    let best: { readonly paths: Paths; readonly cost: number } | undefined;
    for (let start = 0; start < this.n; start++) {
      const paths = this.findPaths(term, start, start);
      const cost = paths.costs[start];
      if (cost < (best?.cost ?? Number.POSITIVE_INFINITY)) best = { paths, cost };
    }
    return best && this.along(term, eventsTo(best.paths.from, best.paths));
  }

  private compute(term: Term, from: number, to: number): number {
    const [a, b] = term.args;
    switch (term.operator) {
      case 'base':
        return term.sort === 'set' ? OPERATOR : this.weight(term.name as string) + OPERATOR;
      case 'union':
        return OPERATOR + Math.min(...term.args.map((arg) => this.cost(arg, from, to)));
      case 'intersection':
        return OPERATOR + term.args.reduce((sum, arg) => sum + this.cost(arg, from, to), 0);
      case 'difference':
        return OPERATOR + this.cost(a, from, to);
      case 'compose':
        return OPERATOR + this.through(a, b, from, to).cost;
      case 'inverse':
        return OPERATOR + this.cost(a, to, from);
      case 'plus':
        return OPERATOR + this.pathsFrom(a, from).costs[to];
      case 'star':
        return OPERATOR + (from === to ? 0 : this.pathsFrom(a, from).costs[to]);
      case 'optional':
        return OPERATOR + (from === to ? 0 : this.cost(a, from, to));
      case 'identity':
        return OPERATOR + this.cost(a, from, from);
      case 'product':
        return OPERATOR + this.cost(a, from, from) + this.cost(b, to, to);
      case 'domain':
      case 'range':
        return OPERATOR + this.partner(term, from).cost;
      case 'variable':
        return this.variableCost(term, from, to);
      case 'recursive': {
        const group = term.group as RecursiveGroup;
        this.solve(group);
        return this.variableCost(group.variables[term.index as number], from, to);
      }
      case 'empty':
      case 'complement':
      case 'dynamic':
      case 'choice':
        return OPERATOR;
    }
  }

  /** The event between two relations through which the way is cheapest. */
  private through(a: Term, b: Term, from: number, to: number): { event: number; cost: number } {
    let best = { event: -1, cost: Number.POSITIVE_INFINITY };
    for (let event = 0; event < this.n; event++) {
      if (!this.has(a, from, event) || !this.has(b, event, to)) continue;
      const cost = this.cost(a, from, event) + this.cost(b, event, to);
      if (cost < best.cost) best = { event, cost };
    }
    return best;
  }

  /** What makes an event one of the domain or range. */
  private partner({ operator, args: [relation] }: Term, event: number): { event: number; cost: number } {
    let best = { event: -1, cost: Number.POSITIVE_INFINITY };
    for (let other = 0; other < this.n; other++) {
      const cost =
        operator === 'domain' ? this.cost(relation, event, other) : this.cost(relation, other, event);
      if (cost < best.cost) best = { event: other, cost };
    }
    return best;
  }

  private along(relation: Term, events: readonly number[]): Derivation[] {
    return events.slice(1).map((event, index) => this.derive(relation, events[index], event));
  }

  private pathsFrom(relation: Term, from: number): Paths {
    let all = this.paths.get(relation);
    if (!all) {
      all = [];
      this.paths.set(relation, all);
    }
    all[from] ??= this.findPaths(relation, from, 0);
    return all[from];
  }

  /**
   * Dijkstra's algorithm: the cheapest paths of at least one step, through events that are not below
   * `lowest`.
   */
  private findPaths(relation: Term, from: number, lowest: number): Paths {
    const { n } = this;
    const costs = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    const before = new Int32Array(n).fill(-1);
    const done = new Uint8Array(n);
    let [at, base] = [from, 0];
    while (at >= 0) {
      for (let next = lowest; next < n; next++) {
        if (done[next] || !this.has(relation, at, next)) continue;
        const cost = base + this.cost(relation, at, next);
        if (cost < costs[next]) {
          costs[next] = cost;
          before[next] = at;
        }
      }
      at = -1;
      for (let event = lowest; event < n; event++) {
        if (!done[event] && costs[event] < (at < 0 ? Number.POSITIVE_INFINITY : costs[at])) at = event;
      }
      if (at < 0) break;
      base = costs[at];
      done[at] = 1;
    }
    return { from, costs, before };
  }

  private variableCost(variable: Term, from: number, to: number): number {
    const costs = this.variables.get(variable);
    return OPERATOR + (costs ? costs[from * this.n + to] : Number.POSITIVE_INFINITY);
  }

  /**
   * Costs of a group's variables: from nothing, as the least fixpoint is made, until no round finds a cheaper
   * derivation (Knuth 1977, a generalization of Dijkstra's algorithm, by rounds). Costs grow with each
   * unfolding, so no derivation rests on itself.
   */
  private solve(group: RecursiveGroup): void {
    if (this.solved.has(group)) return;
    this.solved.add(group);
    const { n } = this;
    for (const variable of group.variables)
      this.variables.set(variable, new Float64Array(n * n).fill(Number.POSITIVE_INFINITY));
    // Costs of what mentions a variable change from round to round.
    const passing = new Set<Term>();
    for (const body of group.bodies) markMentioning(body, group, passing);
    const forget = () => {
      for (const term of passing) {
        this.known.delete(term);
        this.paths.delete(term);
      }
    };
    for (let changed = true; changed; forget()) {
      const next = group.bodies.map((body) => this.allCosts(body));
      changed = group.variables.some((variable, index) =>
        next[index].some((cost, at) => cost !== (this.variables.get(variable) as Float64Array)[at]),
      );
      for (const [index, variable] of group.variables.entries()) this.variables.set(variable, next[index]);
    }
  }

  private allCosts(term: Term): Float64Array {
    const { n } = this;
    const costs = new Float64Array(n * n).fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++)
        if (term.sort === 'relation' || i === j) costs[i * n + j] = this.cost(term, i, j);
    }
    return costs;
  }
}

/** Whether a term mentions a variable of the group; it and all its parts that do are put into `found`. */
function markMentioning(term: Term, group: RecursiveGroup, found: Set<Term>): boolean {
  if (found.has(term)) return true;
  const mentions = term.args.map((arg) => markMentioning(arg, group, found)).includes(true);
  if (!mentions && !group.variables.includes(term)) return false;
  found.add(term);
  return true;
}
