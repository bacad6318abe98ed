import { newWords, tick } from '../../limits.js';
import * as bits from '../../relation/index.js';
import { relationValue, setValue } from '../interpret/concrete.js';
import { ExecutionRuntime } from '../interpret/runtime.js';
import type { Runtime } from '../terms/model-values.js';
import { PROGRAM, type Term } from '../terms/terms.js';
import type { Computed, Plan, PlannedCheck, PlannedChoice, PlannedGroup, PlanStep } from './plan.js';
import { Updates } from './updates.js';

/** How the results of a list of steps came about. */
interface Results {
  /** The number of the graph that they are of; 0 when they are not to be relied on. */
  graph: number;
  /** How often the list has run. */
  runs: number;
  updates?: Updates;
}

/**
 * A list of steps that has run this often will run again: what it takes to do only what has changed is made.
 */
const WORTH_UPDATING = 2;

/**
 * The values of a plan's terms on graphs of `n` events: one arena, a slot a term (layout: relation/kernels.ts
 * and updates.ts). Whoever owns it fills the bases of the program's stage and begins, for each graph anew;
 * then changes rf, co and what is like them in place, and runs the other steps when their inputs have
 * changed. Nobody else writes into slots that steps make.
 */
export class Evaluator {
  readonly m: Int32Array;
  /** Words in a row. */
  readonly w: number;
  /** Where each slot starts in `m`. */
  readonly offsets: Int32Array;
  private readonly results = new Map<readonly PlanStep[], Results>();
  /** By slot: the list that makes it, once that can tell what it changes. */
  private readonly makers = new Map<number, Updates>();
  /** Counts the graphs, and the choices that make another of one. */
  private graph = 1;

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
      size += (slot.sort === 'set' ? 1 : n) * this.w + this.w;
    });
    this.m = newWords(size);
  }

  /** Begins with another graph: does the steps of the program's stage. The bases are filled. */
  begin(): void {
    tick(1 + ((this.n * this.w) >>> 4));
    this.graph++;
    this.makeAll(this.plan.steps.program);
  }

  /**
   * Does steps of a later stage; as far as it is known what has changed since they were done last on this
   * graph, only what that calls for.
   */
  run(steps: readonly PlanStep[]): void {
    tick(1 + ((this.n * this.w) >>> 4));
    const results = this.resultsOf(steps);
    const isKnown = results.graph === this.graph;
    results.graph = 0;
    if (isKnown && results.updates && !results.updates.stale) results.updates.run();
    else {
      this.makeAll(steps);
      if (++results.runs >= WORTH_UPDATING) {
        results.updates ??= new Updates(this, steps, this.makers);
        results.updates.done();
      }
    }
    results.graph = this.graph;
  }

  private resultsOf(steps: readonly PlanStep[]): Results {
    let results = this.results.get(steps);
    if (!results) {
      results = { graph: 0, runs: 0 };
      this.results.set(steps, results);
    }
    return results;
  }

  private makeAll(steps: readonly PlanStep[]): void {
    const units = (this.n * this.w) >>> 10;
    for (let index = 0; index < steps.length; index++) {
      if (units > 0) tick(units);
      this.make(steps[index]);
    }
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

  /** Does a step, whatever has changed. */
  make(step: PlanStep): void {
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
        this.iterate(step.group as PlannedGroup);
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
    if (this.plan.model.terms[slot].stage === PROGRAM) this.graph++;
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
   * Makes a fixpoint again, from empty variables.
   * @param after is told the number of each round, from 1, once its results are those of the variables
   */
  fixpoint(group: PlannedGroup, after: (round: number) => void): void {
    for (const results of this.results.values()) results.graph = 0;
    for (const variable of group.variables) this.become(variable, -1);
    for (let [round, changed] = [1, true]; changed; round++) {
      changed = this.round(group);
      after(round);
    }
  }

  /** Kleene's iteration: the bodies are monotone, so it ends at the least fixpoint. */
  private iterate(group: PlannedGroup): void {
    const { variables, first } = group;
    if (first) this.makeAll(first.steps);
    for (let index = 0; index < variables.length; index++)
      this.become(variables[index], first ? first.results[index] : -1);
    while (this.round(group));
  }

  /** Whether a round of the iteration changes any variable. */
  private round({ variables, results, steps }: PlannedGroup): boolean {
    const { m, offsets } = this;
    this.makeAll(steps);
    let changed = false;
    for (let index = 0; index < variables.length; index++) {
      if (bits.equal(m, offsets[variables[index]], offsets[results[index]], this.length(variables[index])))
        continue;
      this.become(variables[index], results[index]);
      changed = true;
    }
    return changed;
  }

  /** Makes a slot what another is; empty, if that is -1. */
  private become(slot: number, from: number): void {
    if (from < 0) bits.clear(this.m, this.offsets[slot], this.length(slot));
    else bits.copy(this.m, this.offsets[slot], this.offsets[from], this.length(slot));
  }

  /** Words of a slot's value. */
  length(slot: number): number {
    return this.plan.slots[slot].sort === 'set' ? this.w : this.n * this.w;
  }
}
