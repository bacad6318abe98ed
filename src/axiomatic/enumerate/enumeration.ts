import { look } from '../../limits.js';
import * as bits from '../../relation/index.js';
import { CandidateExecution } from '../candidate/candidate-execution.js';
import { mayRead, orderAround } from '../candidate/coherence-shapes.js';
import { type GraphArena, waysToChoose } from '../candidate/graph-arena.js';
import type { SearchContext } from '../candidate/search-context.js';
import { closeCircles } from '../candidate/value-circles.js';
import { independentParts } from './independence.js';

/** Orders of the writes to some locations with the same end: how many, and one of them. */
interface Way {
  times: number;
  readonly order: Int32Array;
}

/** Decisions, and graphs, between two looks at the limits. */
const POLL_INTERVAL = 1024;
const GRAPHS_POLLED = 128;

/**
 * Depth-first search for the consistent executions of one graph: sources of reads first, then the coherence
 * order where it is not forced. After each decision, the checks that prune are evaluated; with a coherent
 * model, what coherence per location forces is added to co at once (Alglave, Maranget, Tautschnig: Herding
 * Cats, 2014, section 8, does the same on whole executions).
 */
export class Enumeration extends CandidateExecution {
  private readonly n: number;
  private readonly w: number;
  private readonly m: Int32Array;
  private readonly co: number;
  /** Reads in the order of decision, and the writes that each may read from. */
  private order: number[] = [];
  private readonly candidates: number[][];
  /**
   * By cell: the events that co orders, the initial write first. The writes, unless the model says otherwise.
   */
  private ordered: ReadonlyMap<number, readonly number[]>;
  /** Pairs of events of one location whose order in co may be open. */
  private pairs: (readonly [number, number])[] = [];
  /** Saved states of co, by depth of decision. */
  private readonly saved: Int32Array[] = [];
  private stopped = false;
  /** While a part of the locations is searched by itself: it, and the ways found for each end of it. */
  private ways: { readonly found: Map<string, Way>; readonly cells: readonly number[] } | undefined;
  /** How many executions the one at hand stands for. */
  private times = 1;
  /** Whether values of the execution at hand depend on themselves and cannot be determined. */
  private isOpen = false;

  constructor(arena: GraphArena, context: SearchContext) {
    super(arena, context);
    this.n = arena.n;
    this.w = arena.w;
    this.m = arena.m;
    this.co = arena.co;
    this.ordered = arena.writes;
    this.candidates = this.findCandidates();
  }

  /** Searches the graph. True when the goal ended the whole search. */
  run(): boolean {
    const { counts } = this.context;
    // Graphs in which nothing is to be decided take time as well.
    if (++counts.graphs % GRAPHS_POLLED === 0) look();
    if (this.order.some((read) => this.candidates[read].length === 0)) return false;
    for (const _ of this.arena.programChoices()) {
      this.searchGraph();
      if (this.stopped) break;
    }
    return this.stopped;
  }

  /** Whether nothing new is below this point. */
  private settled(): boolean {
    return !this.context.naive && this.context.collector.settled(this);
  }

  // --- Preparation ---

  private findCandidates(): number[][] {
    const { events } = this.graph;
    const candidates: number[][] = events.map(() => []);
    events.forEach((event, read) => {
      if (event.kind !== 'read') return;
      this.order.push(read);
      const writes = this.arena.writes.get(event.cell) as readonly number[];
      candidates[read] = writes.filter((write) => mayRead(this, read, write));
    });
    // What is forced comes first: it costs nothing and tells values.
    const forced = this.order.filter((read) => candidates[read].length < 2);
    this.order = [...forced, ...this.order.filter((read) => candidates[read].length >= 2)];
    return candidates;
  }

  private searchGraph(): void {
    const { checks } = this.context.plan;
    if (this.arena.evaluator.all(checks.program) && this.beginCoherence() && !this.settled())
      this.chooseSource(0);
  }

  /** Puts into co what holds before any read has its source. False when that rules the graph out. */
  private beginCoherence(): boolean {
    const { m, n, w } = this;
    bits.clear(m, this.co, n * w);
    this.ordered = this.arena.eventsInOrder();
    this.pairs = [];
    for (const events of this.ordered.values()) {
      events.slice(1).forEach((later, index) => {
        bits.add(m, this.co, events[0], later, w);
        for (const other of events.slice(1, index + 1)) this.pairs.push([other, later]);
      });
    }
    return (
      !this.context.coherent || this.pairs.every(([a, b]) => !this.sameCpu(a, b) || this.putBefore(a, b))
    );
  }

  private sameCpu(a: number, b: number): boolean {
    return this.graph.events[a].cpu === this.graph.events[b].cpu;
  }

  // --- Sources ---

  private chooseSource(depth: number): void {
    if (depth === this.order.length) {
      this.sourcesChosen(depth);
      return;
    }
    const read = this.order[depth];
    const sources = this.candidates[read];
    for (let index = 0; index < sources.length && !this.stopped; index++) {
      const mark = this.values.mark();
      this.save(depth);
      bits.add(this.m, this.arena.rf, sources[index], read, this.w);
      if (this.trySource(read, sources[index])) this.chooseSource(depth + 1);
      bits.remove(this.m, this.arena.rf, sources[index], read, this.w);
      this.restore(depth);
      this.values.undo(read, mark);
    }
  }

  private trySource(read: number, write: number): boolean {
    this.count();
    if (this.values.choose(read, write)) return false;
    if (this.context.coherent && !orderAround(this, read, write, this.put)) return false;
    return this.context.naive || (this.readsAllowed() && this.coherenceAllowed() && !this.settled());
  }

  private readsAllowed(): boolean {
    const { steps, checks } = this.context.plan;
    this.arena.evaluator.run(steps.pruneReads);
    return this.arena.evaluator.all(checks.pruneReads);
  }

  private coherenceAllowed(): boolean {
    const { steps, checks } = this.context.plan;
    this.arena.evaluator.run(steps.pruneCoherence);
    return this.arena.evaluator.all(checks.pruneCoherence);
  }

  /** Puts a write before another in co, and what follows from it. False when that makes a cycle. */
  private readonly put = (first: number, second: number): boolean => this.putBefore(first, second);

  private putBefore(first: number, second: number): boolean {
    return (
      bits.has(this.m, this.co, first, second, this.w) ||
      bits.addClosed(this.m, this.co, first, second, this.n, this.w)
    );
  }

  // --- Coherence ---

  private sourcesChosen(depth: number): void {
    const { naive } = this.context;
    const complete = this.values.complete();
    if (this.order.length === 0 || (naive && !complete)) {
      if (!this.readsAllowed() || !this.coherenceAllowed()) return;
    }
    const closing = complete ? 'closed' : closeCircles(this.values);
    this.isOpen = closing === 'open';
    if (closing === 'impossible') return;
    this.fillDifferentValues();
    if (naive || this.readsAccepted()) this.orderAllWrites(depth);
  }

  /** Whether the checks hold that wait until all sources are chosen. */
  private readsAccepted(): boolean {
    const { steps, checks } = this.context.plan;
    this.arena.evaluator.run(steps.finalReads);
    return this.arena.evaluator.all(checks.finalReads);
  }

  /**
   * Where the writes to some locations can be ordered without a look at others, each of these parts is
   * searched by itself.
   */
  private orderAllWrites(depth: number): void {
    const parts = this.context.sharing && this.flagsAreKnown() ? this.independentParts() : [];
    if (parts.length < 2) this.orderWrites(depth, 0);
    else this.orderByPart(depth, parts);
  }

  /** Whether the flags that depend on co have been raised: others may be, by some of the orders only. */
  private flagsAreKnown(): boolean {
    const { plan, collector } = this.context;
    return plan.checks.flags.every(
      ({ check, stage }) => stage < 2 || (collector.raised?.has(check.name) ?? false),
    );
  }

  private independentParts(): number[][] {
    const open = this.pairs.filter((pair) => !this.isOrdered(pair));
    const cellOf = (event: number) => this.graph.events[event].cell;
    return independentParts(open, cellOf, this.arena.evaluator);
  }

  private orderByPart(depth: number, parts: readonly (readonly number[])[]): void {
    const all = this.pairs;
    const found: Way[][] = [];
    for (const cells of parts) {
      this.pairs = all.filter(([a]) => cells.includes(this.graph.events[a].cell));
      const ways = new Map<string, Way>();
      this.ways = { found: ways, cells };
      this.orderWrites(depth, 0);
      found.push([...ways.values()]);
    }
    this.pairs = all;
    this.ways = undefined;
    this.combine(depth, found, 0, 1);
  }

  /** The writes of a part are in order: one way more to the same end of its locations. */
  private keepWay({ found, cells }: NonNullable<typeof this.ways>): void {
    const { shown } = this.context.collector;
    const end = cells.map((cell) => (!shown || shown.has(cell) ? this.final(cell) : '')).join();
    const way = found.get(end);
    if (way) way.times++;
    else found.set(end, { times: 1, order: this.m.slice(this.co, this.co + this.n * this.w) });
  }

  /**
   * Puts the ways of the parts together, from number `part` on: each of one part goes with each of another.
   */
  private combine(depth: number, parts: readonly (readonly Way[])[], part: number, times: number): void {
    if (part === parts.length) {
      if (!this.coherenceAllowed())
        throw new Error('orders of writes that were taken for independent are not');
      this.times = times;
      this.executionComplete();
      this.times = 1;
      return;
    }
    for (const way of parts[part]) {
      if (this.stopped) return;
      this.save(depth + part);
      for (let index = 0; index < way.order.length; index++) this.m[this.co + index] |= way.order[index];
      this.combine(depth, parts, part + 1, times * way.times);
      this.restore(depth + part);
    }
  }

  private orderWrites(depth: number, from: number): void {
    let index = from;
    while (index < this.pairs.length && this.isOrdered(this.pairs[index])) index++;
    if (index === this.pairs.length) {
      if (this.ways) this.keepWay(this.ways);
      else this.executionComplete();
      return;
    }
    const [a, b] = this.pairs[index];
    this.tryOrder(depth, index, a, b);
    if (!this.stopped) this.tryOrder(depth, index, b, a);
  }

  private tryOrder(depth: number, index: number, first: number, second: number): void {
    this.count();
    this.save(depth);
    const allowed =
      this.putBefore(first, second) && (this.context.naive || (this.coherenceAllowed() && !this.settled()));
    if (allowed) this.orderWrites(depth + 1, index + 1);
    this.restore(depth);
  }

  private isOrdered([a, b]: readonly [number, number]): boolean {
    return bits.has(this.m, this.co, a, b, this.w) || bits.has(this.m, this.co, b, a, this.w);
  }

  private executionComplete(): void {
    const { plan, naive } = this.context;
    const { evaluator } = this.arena;
    if (naive && !(this.readsAllowed() && this.coherenceAllowed() && this.readsAccepted())) return;
    this.fillFinalWrites();
    evaluator.run(plan.steps.finalCoherence);
    if (!evaluator.all(plan.checks.finalCoherence)) return;
    // Each way to make the model's choices is an execution.
    for (const _ of waysToChoose(evaluator, plan.choices)) {
      this.found();
      if (this.stopped) return;
    }
  }

  private found(): void {
    if (this.isOpen) this.leaveOpen();
    else if (this.accept()) this.stopped = this.context.collector.found(this, this.times);
  }

  // --- Undoing, limits ---

  private save(depth: number): void {
    const size = this.n * this.w;
    if (depth >= this.saved.length) this.saved.push(new Int32Array(size));
    const copy = this.saved[depth];
    for (let index = 0; index < size; index++) copy[index] = this.m[this.co + index];
  }

  private restore(depth: number): void {
    this.m.set(this.saved[depth], this.co);
  }

  private count(): void {
    if (++this.context.counts.decisions % POLL_INTERVAL === 0) look();
  }
}
