import type { ModelPart } from '../../cat/index.js';
import type { Conflict } from '../sat/solver.js';
import { ExcludedEdges } from './excluded-edges.js';
import type { Explainer } from './explainer.js';
import { Explanation } from './explanation.js';
import type { SearchView } from './search-view.js';
import { ORDER, SOURCE } from './variables.js';

/** Looks that one which found something, and a check that failed, give; and how many are due at most. */
const FOR_EDGES = 2;
const FOR_FAILURE = 4;
const MOST = 32;

/** Edges of rf and co with which a check would fail are ruled out before they are tried. */
export class ExclusionPropagator {
  private readonly edges: ExcludedEdges;
  private readonly why: Explanation;
  /**
   * By variable about which something was concluded: the CPUs on whose paths that rests, besides what the
   * search knows of.
   */
  private readonly cpus: Int32Array;
  /**
   * How many looks are due. One costs about as much as testing the checks, and where no check is near to fail
   * it finds nothing: so all but the first ones have to be earned.
   */
  private due: number;

  constructor(
    private readonly view: SearchView,
    explainer: Explainer,
  ) {
    this.due = view.context.looks ?? 0;
    this.edges = new ExcludedEdges(view.arena.evaluator, explainer, view.context.exclusions);
    this.why = new Explanation(view);
    this.cpus = new Int32Array(view.variables.count);
  }

  /** A check has failed: an edge was tried that could have been ruled out. */
  missed(): void {
    this.earn(FOR_FAILURE);
  }

  private earn(looks: number): void {
    this.due = Math.max(this.due, Math.min(this.due + looks, MOST));
  }

  /** Rules edges out, if a look is due. What the checks that prune need is up to date, and they hold. */
  propagate(): Conflict | undefined {
    if (this.due === 0 || !this.isOpen()) return undefined;
    this.due--;
    this.edges.find();
    const { variables, solver } = this.view;
    let found = false;
    for (let variable = 0; variable < variables.count; variable++) {
      if (solver.truth[2 * variable] !== 0) continue;
      const literal = this.conclusion(variable);
      if (literal < 0) continue;
      found = true;
      const conflict = solver.imply(literal, this.why.literals);
      if (conflict) return conflict;
    }
    if (found) this.earn(FOR_EDGES);
    return undefined;
  }

  /** Whether the source of a read or the order of two writes is open. */
  private isOpen(): boolean {
    const { variables, solver } = this.view;
    for (let variable = variables.count - 1; variable >= 0; variable--)
      if (solver.truth[2 * variable] === 0) return true;
    return false;
  }

  /** What the checks imply of an open variable, as a literal, with `why` told the reason; -1 when nothing. */
  private conclusion(variable: number): number {
    const { kind, first, second } = this.view.variables;
    const { rf, co } = this.edges.exclusions;
    const [from, to] = [first[variable], second[variable]];
    if (kind[variable] === SOURCE) return this.isRuledOut(rf, variable, from, to) ? 2 * variable + 1 : -1;
    if (kind[variable] !== ORDER) return -1;
    if (this.isRuledOut(co, variable, from, to)) return 2 * variable + 1;
    return this.isRuledOut(co, variable, to, from) ? 2 * variable : -1;
  }

  private isRuledOut(part: ModelPart | undefined, variable: number, from: number, to: number): boolean {
    const { why } = this;
    why.begin();
    if (!part || !this.edges.excludes(part, from, to, why) || why.isEverything) return false;
    this.cpus[variable] = why.cpus;
    return true;
  }

  /** A conflict rests on a literal: it rests on the paths as well from which the literal was concluded. */
  addPathsOf(literal: number): void {
    this.why.addPaths(this.cpus[literal >> 1]);
  }
}
