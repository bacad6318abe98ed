import type { Evaluator, Exclusions, ModelPart } from '../../cat/index.js';
import * as bits from '../../relation/index.js';
import { ExcludedEdges } from './excluded-edges.js';
import type { Explainer } from './explainer.js';
import { ALL, Reasons } from './explanation.js';
import type { Ground } from './search-view.js';
import { ORDER, SOURCE } from './variables.js';

/** What a look that found something, and a check that failed, give; and how many looks are due at most. */
const FOR_EDGES = 2;
const FOR_FAILURE = 4;
const MOST = 32;

/** Looks ahead in a directed search: rules out edges of rf and co before they are tried, and keeps what that rests on. */
export class Lookahead {
  private readonly edges: ExcludedEdges;
  private readonly reasons: Reasons;
  /** By variable about which something was concluded: the CPUs whose paths that rests on, besides what the search knows of. */
  private readonly cpus: Int32Array;
  /**
   * How many looks are due. One costs about as much as testing the checks, and where no check is near to fail it finds nothing: so all but
   * the first ones have to be earned.
   */
  private due: number;

  constructor(
    private readonly search: Ground,
    evaluator: Evaluator,
    explainer: Explainer,
    private readonly exclusions: Exclusions,
    looks: number,
  ) {
    this.due = looks;
    this.edges = new ExcludedEdges(evaluator, explainer, exclusions);
    this.reasons = new Reasons(search);
    this.cpus = new Int32Array(search.variables.count);
  }

  /** A check has failed: an edge was tried that could have been ruled out. */
  missed(): void {
    this.due = Math.max(this.due, Math.min(this.due + FOR_FAILURE, MOST));
  }

  /** Rules edges out, if a look is due. What the checks that prune need is up to date, and they hold. False when there is a conflict. */
  follow(): boolean {
    if (this.due === 0 || !this.isOpen()) return true;
    this.due--;
    this.edges.find();
    const { variables, solver } = this.search;
    let found = false;
    for (let variable = 0; variable < variables.count; variable++) {
      if (solver.truth[2 * variable] !== 0) continue;
      const literal = this.conclusion(variable);
      if (literal < 0) continue;
      found = true;
      if (!solver.imply(literal, this.reasons.literals)) return false;
    }
    if (found) this.due = Math.max(this.due, Math.min(this.due + FOR_EDGES, MOST));
    return true;
  }

  /** Whether the source of a read or the order of two writes is open. */
  private isOpen(): boolean {
    const { variables, solver } = this.search;
    for (let variable = variables.count - 1; variable >= 0; variable--)
      if (solver.truth[2 * variable] === 0) return true;
    return false;
  }

  /** What the checks imply of an open variable, as a literal, with `reasons` told why; -1 when nothing. */
  private conclusion(variable: number): number {
    const { kind, first, second } = this.search.variables;
    const { rf, co } = this.exclusions;
    const [from, to] = [first[variable], second[variable]];
    if (kind[variable] === SOURCE) return this.isRuledOut(rf, variable, from, to) ? 2 * variable + 1 : -1;
    if (kind[variable] !== ORDER) return -1;
    if (this.isRuledOut(co, variable, from, to)) return 2 * variable + 1;
    return this.isRuledOut(co, variable, to, from) ? 2 * variable : -1;
  }

  private isRuledOut(part: ModelPart | undefined, variable: number, from: number, to: number): boolean {
    const { reasons } = this;
    reasons.begin();
    if (!part || !this.edges.excludes(part, from, to, reasons) || reasons.isEverything) return false;
    this.cpus[variable] = reasons.cpus;
    return true;
  }

  /** A refutation rests on what is known of a variable: the paths are told what that was concluded from. */
  touched(variable: number): void {
    const cpus = this.cpus[variable];
    if (cpus === ALL) this.search.paths.all();
    else for (let rest = cpus; rest !== 0; rest &= rest - 1) this.search.paths.cpu(bits.lowest(rest));
  }
}
