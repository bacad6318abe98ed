import * as bits from '../relation/index.js';
import { relationValue, setValue } from './concrete.js';
import type { Computed, Plan, PlannedCheck, PlannedChoice, PlannedGroup, Step } from './plan.js';
import { ExecutionRuntime } from './runtime.js';
import type { Term } from './terms.js';
import type { Runtime } from './values.js';

/**
 * The values of a plan's terms on graphs of `n` events: one arena, a slot a term (layout: relation/kernels.ts). Whoever
 * owns it fills the bases, changes rf and co in place, and runs the plan's steps when their inputs have changed.
 */
export class Evaluator {
  readonly m: Int32Array;
  /** Words in a row. */
  readonly w: number;
  /** Where each slot starts in `m`. */
  readonly offsets: Int32Array;

  constructor(
    readonly plan: Plan,
    /** Number of events. */
    readonly n: number,
  ) {
    this.w = bits.wordsFor(n);
    this.offsets = new Int32Array(plan.slots.length);
    let size = 0;
    plan.slots.forEach((slot, index) => {
      this.offsets[index] = size;
      size += slot.sort === 'set' ? this.w : n * this.w;
    });
    this.m = new Int32Array(size);
  }

  run(steps: readonly Step[]): void {
    for (let index = 0; index < steps.length; index++) this.step(steps[index]);
  }

  /** Whether the check's test holds (after its `~`). */
  test({ check, slot }: PlannedCheck): boolean {
    const { m, n, w } = this;
    const at = this.offsets[slot];
    let holds: boolean;
    switch (check.kind) {
      case 'acyclic':
        holds = bits.isAcyclic(m, at, n, w);
        break;
      case 'irreflexive':
        holds = bits.isIrreflexive(m, at, n, w);
        break;
      case 'empty':
        holds = bits.isEmpty(m, at, check.term.sort === 'set' ? w : n * w);
        break;
    }
    return holds !== check.negated;
  }

  /** Whether all the tests hold. */
  all(checks: readonly PlannedCheck[]): boolean {
    for (let index = 0; index < checks.length; index++) if (!this.test(checks[index])) return false;
    return true;
  }

  private step(step: Step): void {
    const { m, n, w, offsets } = this;
    const to = offsets[step.slot];
    const a = offsets[step.a];
    const b = offsets[step.b];
    const isSet = step.sort === 'set';
    const length = isSet ? w : n * w;
    switch (step.kind) {
      case 'union':
        bits.union(m, to, a, b, length);
        return;
      case 'intersection':
        bits.intersection(m, to, a, b, length);
        return;
      case 'difference':
        bits.difference(m, to, a, b, length);
        return;
      case 'complement':
        if (isSet) bits.complementSet(m, to, a, n, w);
        else bits.complementRelation(m, to, a, n, w);
        return;
      case 'compose':
        bits.compose(m, to, a, b, n, w);
        return;
      case 'inverse':
        bits.inverse(m, to, a, n, w);
        return;
      case 'plus':
        bits.transitiveClosure(m, to, a, n, w);
        return;
      case 'star':
        bits.transitiveClosure(m, to, a, n, w);
        bits.reflexive(m, to, to, n, w);
        return;
      case 'optional':
        bits.reflexive(m, to, a, n, w);
        return;
      case 'identity':
        bits.identityOn(m, to, a, n, w);
        return;
      case 'product':
        bits.product(m, to, a, b, n, w);
        return;
      case 'domain':
        bits.domain(m, to, a, n, w);
        return;
      case 'range':
        bits.range(m, to, a, n, w);
        return;
      case 'empty':
        bits.clear(m, to, length);
        return;
      case 'copy':
        bits.copy(m, to, a, length);
        return;
      case 'restrictDomain':
        bits.restrictDomain(m, to, a, b, n, w);
        return;
      case 'restrictRange':
        bits.restrictRange(m, to, a, b, n, w);
        return;
      case 'fixpoint':
        this.fixpoint(step.group as PlannedGroup);
        return;
      case 'dynamic':
        this.compute(step.computed as Computed, isSet, to);
        return;
    }
  }

  /** The relations that a choice can be, now that its inputs are known. */
  choices({ computed }: PlannedChoice): readonly bits.Relation[] {
    const { dynamic } = computed;
    const runtime = this.runtime(computed);
    return runtime
      .members(dynamic.run(runtime), dynamic.span)
      .map((one) => runtime.relation(one, dynamic.span));
  }

  /** Makes a choice. */
  choose({ slot }: PlannedChoice, relation: bits.Relation): void {
    relation.copyTo(this.m, this.offsets[slot]);
  }

  private compute(computed: Computed, isSet: boolean, to: number): void {
    const { dynamic } = computed;
    const runtime = this.runtime(computed);
    const value = dynamic.run(runtime);
    const result = isSet ? runtime.set(value, dynamic.span) : runtime.relation(value, dynamic.span);
    result.copyTo(this.m, to);
  }

  private runtime({ slots }: Computed): Runtime {
    const { m, n, offsets } = this;
    const read = (term: Term) => {
      const at = offsets[slots.get(term) as number];
      if (term.sort === 'set') return setValue(bits.EventSet.fromArena(m, at, n));
      return relationValue(bits.Relation.fromArena(m, at, n));
    };
    return new ExecutionRuntime(n, read);
  }

  /**
   * Kleene's iteration from the empty relation: the bodies are monotone, so it ends at the least fixpoint.
   * @param after is told the number of each round, from 1, once its results are those of the variables
   */
  fixpoint(group: PlannedGroup, after?: (round: number) => void): void {
    const { m, n, w, offsets, plan } = this;
    const length = (slot: number) => (plan.slots[slot].sort === 'set' ? w : n * w);
    for (const variable of group.variables) bits.clear(m, offsets[variable], length(variable));
    for (let [round, changed] = [1, true]; changed; round++) {
      this.run(group.steps);
      changed = false;
      for (let index = 0; index < group.variables.length; index++) {
        const variable = group.variables[index];
        const result = group.results[index];
        if (bits.equal(m, offsets[variable], offsets[result], length(variable))) continue;
        bits.copy(m, offsets[variable], offsets[result], length(variable));
        changed = true;
      }
      after?.(round);
    }
  }
}
