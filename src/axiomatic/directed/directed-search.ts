import { look } from '../../limits.js';
import type { PartialExecution } from '../candidate/collector.js';
import { type GraphArena, waysToChoose } from '../candidate/graph-arena.js';
import type { SearchContext } from '../candidate/search-context.js';
import { closeCircles } from '../candidate/value-circles.js';
import type { Conflict } from '../sat/solver.js';
import { ordersToTake } from './alike-cpus.js';
import type { ConflictSet } from './conflict-set.js';
import { DecisionOrder } from './decision-order.js';
import { explainError } from './error-obligations.js';
import { Propagation, type Task } from './propagation.js';
import type { SearchView } from './search-view.js';
import { storableValues } from './storable-values.js';

/** Decisions between two looks at the limits. */
const POLL_INTERVAL = 256;

/**
 * Search for the consistent executions of a graph that satisfy a goal, by conflict-driven clause learning
 * with the model as theory. Decisions are sources of reads, last writes, and orders of two writes.
 * Propagators draw conclusions, each with its reasons; what contradicts itself is derived back to decisions,
 * and learned.
 */
export class DirectedSearch {
  private readonly view: SearchView;
  private readonly propagation: Propagation;
  private readonly order: DecisionOrder;
  private conflicts = 0;
  /** Of all that is decided: the ways to make the model's choices that are left. */
  private ways: Iterator<void> | undefined;
  /**
   * While the execution at hand has such values: the mark in the values' trail from before they were given;
   * and whether they are open.
   */
  private closed = -1;
  private isOpen = false;

  /** @param conflictSet without members; the search adds to it, and returns it when there is nothing more */
  constructor(
    arena: GraphArena,
    private readonly context: SearchContext,
    private readonly task: Task,
    conflictSet: ConflictSet,
  ) {
    this.propagation = new Propagation(arena, context, task, conflictSet);
    this.view = this.propagation.view;
    this.order = new DecisionOrder(this.view, this.propagation.sources, this.propagation.requirements);
  }

  /**
   * Shows `visit` the executions, where states are asked for one of each new state, until it returns true.
   * Returns undefined then; else on whose paths it rests that there are no more.
   */
  run(visit: (execution: PartialExecution) => boolean): ConflictSet | undefined {
    const { every, states } = this.task.goal;
    const { conflictSet } = this.view;
    const refuted = this.propagation.begin();
    if (refuted) this.analyze(refuted);
    for (let isFound = !refuted && this.find(); isFound; isFound = this.exclude() && this.find()) {
      do if (visit(this.view)) return undefined;
      while (every && this.nextWay());
      if (!every && !states) break;
    }
    return conflictSet;
  }

  /** Goes on to the next execution. Returns false when there is none. */
  private find(): boolean {
    for (;;) {
      let conflict = this.propagation.propagate();
      if (!conflict) {
        const literal = this.order.next();
        if (literal >= 0) {
          this.decide(literal);
          continue;
        }
        conflict = this.complete();
        if (!conflict) return true;
      }
      if (!this.learn(conflict)) return false;
    }
  }

  /**
   * Looks no more for what was found: the execution, or where states are asked for, its state. Returns false
   * when nothing else is left.
   */
  private exclude(): boolean {
    const { every, states } = this.task.goal;
    const circular = this.closed >= 0;
    this.ways = undefined;
    this.reopen();
    if (every || circular) return this.learn(this.view.blameDecisions(), true);
    return this.learn(this.propagation.explainPlaces(states?.shown ?? []));
  }

  private decide(literal: number): void {
    if (++this.context.counts.decisions % POLL_INTERVAL === 0) look();
    this.propagation.requirements.mark(this.view.solver.decisionLevel);
    this.view.solver.decide(literal);
  }

  /**
   * Learns from a conflict, and takes decisions back. Returns false when it rests on no decision.
   * @param keep whether the conflict says what cannot be found out again
   */
  private learn(conflict: Conflict, keep = false): boolean {
    if (++this.context.counts.conflicts % POLL_INTERVAL === 0) look();
    const clause = this.analyze(conflict);
    if (!clause) return false;
    this.view.solver.learn(clause, keep);
    this.propagation.requirements.backtrack(this.view.solver.decisionLevel);
    if (++this.conflicts !== this.context.strengthenAfter) return true;
    const refuted = this.strengthen();
    if (refuted) this.analyze(refuted);
    return !refuted;
  }

  /**
   * The clause that follows from a conflict; undefined when it rests on no decision. The conflict set takes
   * up what it rests on.
   */
  private analyze(conflict: Conflict): readonly number[] | undefined {
    const { clause, antecedents } = this.view.solver.analyze(conflict);
    for (const literal of antecedents) {
      this.propagation.exclusions.addPathsOf(literal);
      this.view.addLiteral(literal);
    }
    return clause;
  }

  /**
   * Goes back to where nothing is decided, and adds what takes more than a look to find out: which values
   * writes can store, and an order of the CPUs that do the same.
   */
  private strengthen(): Conflict | undefined {
    const { view } = this;
    const { requirements, mayCircle } = this.propagation;
    view.solver.backtrack(0);
    requirements.backtrack(0);
    const writes = [...view.arena.writes.values()].flat();
    // Values that depend on themselves are in no such list.
    if (!mayCircle)
      requirements.storable = storableValues(writes, view.values, view.variables, this.context.mostPaths);
    // What a write can store depends on what the others can.
    if (requirements.storable.length > 0) view.conflictSet.addAll();
    let conflict: Conflict | undefined;
    for (const group of this.task.alike()) conflict ??= this.orderAlike(group);
    return conflict;
  }

  private orderAlike(group: readonly number[]): Conflict | undefined {
    const { graph, variables, conflictSet } = this.view;
    const order = ordersToTake(graph, group, new Set(variables.ends.keys())) ?? [];
    if (order.length > 0) for (const cpu of group) conflictSet.addCpu(cpu);
    let conflict: Conflict | undefined;
    for (let index = 1; index < order.length; index++)
      conflict ??= this.propagation.coherence.put(order[index - 1], order[index], -1);
    return conflict;
  }

  // --- A complete execution ---

  /** All is decided: why the execution is not consistent, or not the one that is looked for. */
  private complete(): Conflict | undefined {
    const { values } = this.view;
    this.isOpen = false;
    if (values.complete()) return this.check();
    this.closed = values.mark();
    const closing = closeCircles(values);
    this.isOpen = closing === 'open';
    if (closing !== 'impossible' && this.isWanted() && !this.check()) return undefined;
    this.reopen();
    return this.view.blameDecisions();
  }

  private isWanted(): boolean {
    const { requirements } = this.propagation;
    return (
      !requirements.isRefuted() && !this.propagation.missedObligation() && !this.propagation.knownState()
    );
  }

  /** Takes back the values that were given to what depends on itself. */
  private reopen(): void {
    if (this.closed >= 0) this.view.values.rewind(this.closed);
    this.closed = -1;
  }

  /** Why an execution with all its values is not consistent, or not taken. */
  private check(): Conflict | undefined {
    const { view } = this;
    const { steps, checks, choices } = this.context.plan;
    const { evaluator } = view.arena;
    view.fillDifferentValues();
    evaluator.run(steps.finalReads);
    view.fillFinalWrites();
    evaluator.run(steps.finalCoherence);
    if (!evaluator.all(checks.finalReads) || !evaluator.all(checks.finalCoherence))
      return view.blameDecisions();
    const [error] = this.task.goal.error === 'none' ? view.errors() : [];
    if (error) return explainError(error, view);
    this.ways = waysToChoose(evaluator, choices);
    return this.nextWay() ? undefined : view.blameDecisions();
  }

  /** Goes on to another way to make the model's choices, which is taken. Returns false when there is none. */
  private nextWay(): boolean {
    while (this.ways && !this.ways.next().done) if (this.accept()) return true;
    this.ways = undefined;
    return false;
  }

  private accept(): boolean {
    if (!this.isOpen) return this.view.accept();
    this.view.leaveOpen();
    return false;
  }
}
