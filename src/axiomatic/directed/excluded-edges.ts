import type { Evaluator, Exclusions, ExclusionUse, ModelPart, PlannedCheck, Term } from '../../cat/index.js';
import * as bits from '../../relation/index.js';
import type { Blame, Explainer } from './explainer.js';

/**
 * The edges that rf and co of an execution cannot get any more, since a check that holds would fail with
 * them; and why.
 */
export class ExcludedEdges {
  private readonly m: Int32Array;
  private readonly n: number;
  private readonly w: number;
  private readonly offsets: Int32Array;
  private blame!: Blame;

  constructor(
    private readonly evaluator: Evaluator,
    private readonly explainer: Explainer,
    readonly exclusions: Exclusions,
  ) {
    this.m = evaluator.m;
    this.n = evaluator.n;
    this.w = evaluator.w;
    this.offsets = evaluator.offsets;
  }

  /** Finds them. What the checks that prune need is up to date, and they hold. */
  find(): void {
    this.evaluator.run(this.exclusions.steps);
  }

  /**
   * Whether rf or co, as a part of the model, must not get an edge; if so, `blame` is told what that rests
   * on.
   */
  excludes(part: ModelPart, from: number, to: number, blame: Blame): boolean {
    if (!this.has(part, from, to)) return false;
    this.blame = blame;
    this.explainer.begin(blame);
    this.explain(part, from, to);
    return true;
  }

  private has({ slot }: ModelPart, from: number, to: number): boolean {
    return bits.has(this.m, this.offsets[slot], to, from, this.w);
  }

  private holds({ id }: Term, from: number, to: number): boolean {
    return bits.has(this.m, this.offsets[id], from, to, this.w);
  }

  /** Why a part must not get a pair: what else makes up a violation with it. */
  private explain(part: ModelPart, from: number, to: number): void {
    this.blame.event(from);
    this.blame.event(to);
    if (!part.uses.some((use) => this.explainUse(use, from, to)))
      throw new Error('an edge was excluded for no reason');
  }

  /** Whether it must not because of one of its uses; if so, why. */
  private explainUse(use: ExclusionUse, from: number, to: number): boolean {
    if ('check' in use) return this.explainCheck(use.check, from, to);
    const { of, position } = use;
    const { args, operator } = of.term;
    switch (operator) {
      case 'compose':
        return position === 0 ? this.explainFirst(of, from, to) : this.explainSecond(of, from, to);
      case 'plus':
      case 'star':
        return this.explainPath(of, from, to);
      case 'inverse':
        if (!this.has(of, to, from)) return false;
        this.explain(of, to, from);
        return true;
    }
    if (!this.has(of, from, to)) return false;
    if (operator === 'intersection') {
      const others = args.filter((_, index) => index !== position);
      if (!others.every((other) => this.holds(other, from, to))) return false;
      for (const other of others) this.explainer.pair(other, from, to);
    } else if (operator === 'difference') {
      if (this.holds(args[1], from, to)) return false;
      this.explainer.absence(args[1], from, to);
    }
    this.explain(of, from, to);
    return true;
  }

  private explainFirst(of: ModelPart, from: number, to: number): boolean {
    const [, second] = of.term.args;
    for (let end = 0; end < this.n; end++) {
      if (!this.holds(second, to, end) || !this.has(of, from, end)) continue;
      this.explainer.pair(second, to, end);
      this.explain(of, from, end);
      return true;
    }
    return false;
  }

  private explainSecond(of: ModelPart, from: number, to: number): boolean {
    const [first] = of.term.args;
    for (let start = 0; start < this.n; start++) {
      if (!this.holds(first, start, from) || !this.has(of, start, to)) continue;
      this.explainer.pair(first, start, from);
      this.explain(of, start, to);
      return true;
    }
    return false;
  }

  private explainPath(of: ModelPart, from: number, to: number): boolean {
    const { term } = of;
    for (let start = 0; start < this.n; start++) {
      if (start !== from && !this.holds(term, start, from)) continue;
      for (let end = 0; end < this.n; end++) {
        if ((end !== to && !this.holds(term, to, end)) || !this.has(of, start, end)) continue;
        if (start !== from) this.explainer.pair(term, start, from);
        if (end !== to) this.explainer.pair(term, to, end);
        this.explain(of, start, end);
        return true;
      }
    }
    return false;
  }

  private explainCheck({ check }: PlannedCheck, from: number, to: number): boolean {
    if (check.kind === 'empty' || from === to) return true;
    return check.kind === 'acyclic' && this.explainer.way(check.term, to, from);
  }
}
