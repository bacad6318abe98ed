import type { PlannedCheck } from '../../cat/index.js';
import * as bits from '../../relation/index.js';
import type { Conflict } from '../sat/solver.js';
import type { ExclusionPropagator } from './exclusion-propagator.js';
import type { Explainer } from './explainer.js';
import { Explanation } from './explanation.js';
import type { SearchView } from './search-view.js';
import type { ValuePropagator } from './value-propagator.js';

/**
 * The model's checks hold: of a part of an execution those that prune, and once all sources are chosen, those
 * that wait for that.
 */
export class ModelPropagator {
  private readonly why: Explanation;
  private readsChanged = true;
  private coherenceChanged = true;

  constructor(
    private readonly view: SearchView,
    private readonly values: ValuePropagator,
    private readonly explainer: Explainer,
    private readonly exclusions: ExclusionPropagator,
  ) {
    this.why = new Explanation(view);
  }

  /** A read has got its source. */
  sourceChosen(read: number, write: number): void {
    const { m, rf, w } = this.view.arena;
    bits.add(m, rf, write, read, w);
    this.readsChanged = true;
  }

  sourceRetracted(read: number, write: number): void {
    const { m, rf, w } = this.view.arena;
    bits.remove(m, rf, write, read, w);
    this.readsChanged = true;
  }

  /** co has changed. */
  reordered(): void {
    this.coherenceChanged = true;
  }

  /** Tests what has changed since the checks held last; then rules out edges with which they would fail. */
  propagate(): Conflict | undefined {
    if (!this.readsChanged && !this.coherenceChanged) return undefined;
    const { plan } = this.view.context;
    const { evaluator } = this.view.arena;
    if (this.readsChanged) {
      evaluator.run(plan.steps.pruneReads);
      const conflict = this.violation(plan.checks.pruneReads) ?? this.checkSources();
      if (conflict) return conflict;
    }
    evaluator.run(plan.steps.pruneCoherence);
    const conflict = this.violation(plan.checks.pruneCoherence);
    if (conflict) return conflict;
    this.readsChanged = false;
    this.coherenceChanged = false;
    return this.exclusions.propagate();
  }

  /** Why one of the checks fails; undefined when all hold. */
  private violation(checks: readonly PlannedCheck[]): Conflict | undefined {
    const failed = checks.find((check) => !this.view.arena.evaluator.test(check));
    if (!failed) return undefined;
    this.why.begin();
    this.explainer.violation(failed, this.why);
    this.exclusions.missed();
    if (this.why.isEverything) return this.view.blameDecisions();
    this.why.addPaths();
    return this.why.literals.slice();
  }

  /**
   * Of all sources, when they are chosen: that there are values for them, and that the checks hold that wait
   * for them.
   */
  private checkSources(): Conflict | undefined {
    if (this.values.openReads > 0) return undefined;
    if (!this.view.values.complete()) return this.values.refuteCircles();
    const { plan } = this.view.context;
    const { evaluator } = this.view.arena;
    if (plan.checks.finalReads.length === 0) return undefined;
    this.view.fillDifferentValues();
    evaluator.run(plan.steps.finalReads);
    return evaluator.all(plan.checks.finalReads) ? undefined : this.view.blameDecisions();
  }
}
