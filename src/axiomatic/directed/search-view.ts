import type { Observable } from '../../program/index.js';
import { CandidateExecution } from '../candidate/candidate-execution.js';
import { mayRead } from '../candidate/coherence-shapes.js';
import type { GraphArena } from '../candidate/graph-arena.js';
import type { SearchContext } from '../candidate/search-context.js';
import { type Conflict, Solver, type Theory } from '../sat/solver.js';
import type { ConflictSet } from './conflict-set.js';
import { ORDER, Variables } from './variables.js';

/**
 * What a directed search knows of its graph: the execution as far as it is decided, and what each part of
 * that rests on.
 */
export class SearchView extends CandidateExecution {
  readonly variables: Variables;
  readonly solver: Solver;
  /** By target: the variable of its source; -1 while that is open. */
  readonly chosen: Int32Array;
  /** By cell: the events that co orders, the initial write first. */
  readonly orderedEvents: ReadonlyMap<number, readonly number[]>;

  /**
   * @param shown the locations whose final values are asked for
   * @param conflictSet on whose paths rests what is learned, and what holds without a decision
   */
  constructor(
    arena: GraphArena,
    context: SearchContext,
    shown: ReadonlySet<number>,
    readonly conflictSet: ConflictSet,
    theory: Theory,
  ) {
    super(arena, context);
    arena.evaluate();
    this.orderedEvents = arena.eventsInOrder();
    const mayChoose = (read: number, write: number) => mayRead(this, read, write);
    this.variables = new Variables(arena.graph, arena.writes, this.orderedEvents, shown, mayChoose);
    this.solver = new Solver(this.variables.count, theory);
    this.chosen = new Int32Array(this.variables.targets).fill(-1);
  }

  /** The conflict rests on an event, and what its CPU's path says of it. */
  addEvent(event: number): void {
    const { cpu } = this.graph.events[event];
    if (cpu >= 0) this.conflictSet.addCpu(cpu);
  }

  /** The conflict rests on which sources a target can have. */
  addTarget(target: number): void {
    if (target < this.arena.n) this.addEvent(target);
    this.conflictSet.addWriters(this.variables.cellOf[target]);
  }

  /** The conflict rests on a literal, and what there is for it to be true of. */
  addLiteral(literal: number): void {
    const { kind, first, second } = this.variables;
    const variable = literal >> 1;
    this.addEvent(first[variable]);
    if (kind[variable] === ORDER) this.addEvent(second[variable]);
    else this.addTarget(second[variable]);
  }

  /** All decisions, on all paths, are the conflict: it cannot be said more closely. */
  blameDecisions(): Conflict {
    this.conflictSet.addAll();
    return this.solver.decisions();
  }

  /** Why reads return what they do, as the conflict. */
  blameReads(reads: readonly number[]): Conflict {
    const literals: number[] = [];
    this.explainReads(reads, literals);
    return literals;
  }

  /** Adds why reads return what they do: their sources, and the sources of what those store. */
  explainReads(reads: readonly number[], into: number[]): void {
    for (const read of reads) {
      const literal = 2 * this.chosen[read];
      if (into.includes(literal)) continue;
      into.push(literal);
      this.explainReads(this.values.readsOfWrite(this.variables.first[this.chosen[read]]), into);
    }
  }

  /** Adds why a place holds at the end what it does. */
  explainPlace(place: Observable, into: number[]): void {
    if (place.kind === 'cell') {
      this.explainLast(place.cell, into);
      return;
    }
    this.conflictSet.addThread(place.thread);
    this.explainReads(this.values.readsOfRegister(place.thread, place.register), into);
  }

  private explainLast(cell: number, into: number[]): void {
    this.conflictSet.addWriters(cell);
    const own = this.arena.writes.get(cell);
    if (!own || own.length === 1) return;
    const last = this.lastOf(own) as number;
    const variable = this.variables.lastOf[last];
    if (variable >= 0 && this.solver.truth[2 * variable] === 1) into.push(2 * variable);
    else for (const other of own.slice(1)) if (other !== last) into.push(this.variables.order(other, last));
    this.explainReads(this.values.readsOfWrite(last), into);
  }
}
