import type { Evaluator, PlannedChoice } from '../../cat/index.js';
import { type ExecutionGraph, fillBase } from '../../execution/index.js';
import { JUNK } from '../../program/index.js';
import * as bits from '../../relation/index.js';
import { PossibleErrors } from './possible-errors.js';
import type { SearchContext } from './search-context.js';

/**
 * One graph in an arena of its own, and what the graph alone determines: it is worked out once for all
 * searches of it.
 */
export class GraphArena {
  readonly evaluator: Evaluator;
  readonly n: number;
  readonly w: number;
  readonly m: Int32Array;
  readonly rf: number;
  readonly co: number;
  /** By cell: its writes, the initial one first. */
  readonly writes = new Map<number, number[]>();
  /** By event: accesses of its CPU to its location, in issue order, itself included. */
  readonly chains: readonly (readonly number[])[];
  readonly errors: PossibleErrors;
  private isEvaluated = false;

  constructor(
    readonly graph: ExecutionGraph,
    private readonly context: SearchContext,
  ) {
    const { arenas, plan, values } = context;
    this.n = graph.events.length;
    this.evaluator = arenas.lease(this.n);
    this.w = this.evaluator.w;
    this.m = this.evaluator.m;
    this.rf = this.evaluator.offsets[plan.rf];
    this.co = this.evaluator.offsets[plan.co];
    this.chains = this.findChains();
    this.errors = new PossibleErrors(graph, this.writes, values.id(JUNK));
  }

  private findChains(): (readonly number[])[] {
    const { events, cells } = this.graph;
    const byPlace = new Map<number, number[]>();
    return events.map((event, id) => {
      if (event.cell < 0) return [];
      if (event.kind === 'write') append(this.writes, event.cell, id);
      return append(byPlace, (event.cpu + 1) * cells.length + event.cell, id);
    });
  }

  /** Fills the bases and evaluates the program's stage, unless that has been done. Leaves rf empty. */
  evaluate(): void {
    bits.clear(this.m, this.rf, this.n * this.w);
    if (this.isEvaluated) return;
    this.isEvaluated = true;
    evaluateProgram(this.graph, this.evaluator);
  }

  /**
   * By cell, the events that co orders; the initial write of a cell is its first event. The program's stage
   * is evaluated.
   */
  eventsInOrder(): ReadonlyMap<number, readonly number[]> {
    const { ordered } = this.context.plan;
    if (ordered < 0) return this.writes;
    const found = new Map<number, number[]>();
    const set = this.evaluator.offsets[ordered];
    this.graph.events.forEach(({ cell }, event) => {
      if (cell >= 0 && bits.hasEvent(this.m, set, event)) append(found, cell, event);
    });
    return found;
  }

  /** The pairs of a relation of the plan, in lexicographic order. */
  pairsOf(slot: number): (readonly [number, number])[] {
    return [...bits.Relation.fromArena(this.m, this.evaluator.offsets[slot], this.n)];
  }

  /** Makes the choices of the model that the graph alone determines, in each way. */
  programChoices(): IterableIterator<void> {
    this.evaluate();
    return waysToChoose(this.evaluator, this.context.plan.programChoices);
  }

  /** Gives the arena back: from here on, nothing of it is used. */
  release(): void {
    this.context.arenas.release(this.evaluator);
  }
}

/** Fills the bases of a graph, and evaluates what depends on the graph alone. */
export function evaluateProgram(graph: ExecutionGraph, evaluator: Evaluator): void {
  const { plan, m, n, w, offsets } = evaluator;
  for (const { name, slot } of plan.bases) fillBase(graph, name, m, offsets[slot], n, w);
  evaluator.begin();
}

/**
 * Makes choices of a model one after the other, in each way in which what they decide holds; from number
 * `index` on.
 */
export function* waysToChoose(
  evaluator: Evaluator,
  choices: readonly PlannedChoice[],
  index = 0,
): IterableIterator<void> {
  const choice = choices[index];
  if (!choice) {
    yield;
    return;
  }
  for (const relation of evaluator.choices(choice)) {
    evaluator.choose(choice, relation);
    evaluator.run(choice.steps);
    if (evaluator.all(choice.checks)) yield* waysToChoose(evaluator, choices, index + 1);
  }
}

/** Appends to the list of a key, which it returns. */
function append(lists: Map<number, number[]>, key: number, value: number): number[] {
  const list = lists.get(key) ?? [];
  if (list.length === 0) lists.set(key, list);
  list.push(value);
  return list;
}
