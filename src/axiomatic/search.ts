import { Evaluator, type Plan } from '../cat/index.js';
import { SourceError } from '../diagnostics.js';
import { type ExecutionGraph, type Fault, fillBase } from '../execution/index.js';
import { UNDEFINED, UNKNOWN, type ValueId, type ValueTable } from '../program/index.js';
import * as bits from '../relation/index.js';
import { GraphValues } from './graph-values.js';

/** What the search has determined of an execution so far; complete when it is handed over as found. */
export interface PartialExecution {
  readonly graph: ExecutionGraph;
  /** What a register holds at the end, or `UNKNOWN`. */
  register(thread: number, register: number): ValueId;
  /** What a location holds at the end, or `UNKNOWN`. */
  final(cell: number): ValueId;
  /** What a read returns or a write stores, or `UNKNOWN`. */
  value(event: number): ValueId;
  /** The write that a read reads from, or -1. */
  source(read: number): number;
  /** Whether a write is known to take effect before another to the same location. */
  coherenceBefore(write: number, later: number): boolean;
  /** Of a complete execution: what each of the model's acyclic checks puts in order, as pairs of events. */
  orders(): readonly (readonly (readonly [number, number])[])[];
  /** Names of the model's flags that a complete execution raises. */
  flags(): readonly string[];
}

/** What is asked: it prunes and ends the search. */
export interface Goal {
  /** Whether no execution below this point of the search can tell anything new. */
  settled(execution: PartialExecution): boolean;
  /** Takes a consistent execution. True ends the whole search. */
  found(execution: PartialExecution): boolean;
  /** Is told, before the search, which flags executions of the program can raise at all. */
  expectFlags?(names: ReadonlySet<string>): void;
  /** Locations whose final value is asked for; all when absent. */
  readonly shown?: ReadonlySet<number>;
}

/** Raised through the search to end it: a limit is reached, or the goal is. */
export interface Poll {
  /** Whether to give up now. Called every so often. */
  expired(): boolean;
}

/** What the search did: the same on every machine. */
export interface SearchCounts {
  /** Combinations of paths, one a CPU, that were looked at. */
  graphs: number;
  /** Choices of a source, or of the order of two writes, that were tried. */
  decisions: number;
  /** Consistent executions visited. */
  executions: number;
  /** Choices of all sources that the model allows, but in which values depend on themselves: they are not explored. */
  circular: number;
}

export class SearchExpired extends Error {
  override readonly name = 'SearchExpired';
}

/** A consistent execution does what the program must not do, such as access no object. */
export class ProgramFault extends Error {
  override readonly name = 'ProgramFault';

  constructor(readonly fault: Fault) {
    super(fault.reason);
  }
}

/** What all searches of one check share. */
export interface SearchContext {
  readonly plan: Plan;
  /** Whether the model requires coherence per location (cat's `coherenceIsRequired`), and the search may count on it. */
  readonly coherent: boolean;
  /** Generate every candidate execution and test it when it is complete. */
  readonly naive?: boolean;
  readonly values: ValueTable;
  readonly goal: Goal;
  readonly poll: Poll;
  readonly counts: SearchCounts;
  /** Evaluators by number of events, to be used again. */
  readonly evaluators: Map<number, Evaluator>;
}

/** Decisions, and graphs, between two looks at the limits. */
const POLL_INTERVAL = 1024;
const GRAPHS_POLLED = 128;

/**
 * Depth-first search for the consistent executions of one graph: sources of reads first, then the coherence order where it is
 * not forced. After each decision, the checks that prune are evaluated; with a coherent model, what coherence per location
 * forces is added to co at once (Alglave, Maranget, Tautschnig: Herding Cats, 2014, section 8, does the same on whole executions).
 */
export class GraphSearch implements PartialExecution {
  private readonly n: number;
  private readonly w: number;
  private readonly evaluator: Evaluator;
  private readonly m: Int32Array;
  private readonly rf: number;
  private readonly co: number;
  private readonly values: GraphValues;
  /** Reads in the order of decision, and the writes that each may read from. */
  private order: number[] = [];
  private readonly candidates: number[][];
  /** By cell: its writes, the initial one first. */
  private readonly writes = new Map<number, number[]>();
  /** By cell: the events that co orders, the initial write first. The writes, unless the model says otherwise. */
  private ordered: ReadonlyMap<number, readonly number[]> = this.writes;
  /** By event: accesses of its CPU to its location, in issue order, itself included. */
  private readonly chains: (readonly number[])[];
  /** Pairs of events of one location whose order in co may be open. */
  private pairs: (readonly [number, number])[] = [];
  /** Saved states of co, by depth of decision. */
  private readonly saved: Int32Array[] = [];
  private stopped = false;

  constructor(
    readonly graph: ExecutionGraph,
    private readonly context: SearchContext,
  ) {
    const { plan, evaluators } = context;
    this.n = graph.events.length;
    let evaluator = evaluators.get(this.n);
    if (!evaluator) {
      evaluator = new Evaluator(plan, this.n);
      evaluators.set(this.n, evaluator);
    }
    this.evaluator = evaluator;
    this.w = evaluator.w;
    this.m = evaluator.m;
    this.rf = evaluator.offsets[plan.rf];
    this.co = evaluator.offsets[plan.co];
    this.values = new GraphValues(graph, context.values);
    this.chains = this.findChains();
    this.candidates = this.findCandidates();
  }

  /** Searches the graph. True when the goal ended the whole search. */
  run(): boolean {
    const { counts, poll } = this.context;
    // Graphs in which nothing is to be decided take time as well.
    if (++counts.graphs % GRAPHS_POLLED === 0 && poll.expired()) throw new SearchExpired();
    if (this.order.some((read) => this.candidates[read].length === 0)) return false;
    this.prepare();
    this.chooseForProgram(0);
    return this.stopped;
  }

  // --- What it shows to the goal ---

  register(thread: number, register: number): ValueId {
    return this.values.register(thread, register);
  }

  final(cell: number): ValueId {
    const writes = this.writes.get(cell);
    if (!writes) return this.context.values.id(this.graph.cells[cell].initial);
    const last = writes.length === 1 ? writes[0] : writes.find((write) => this.isLast(write, writes));
    return last === undefined ? UNKNOWN : (this.values.of[last] as ValueId);
  }

  value(event: number): ValueId {
    return this.values.of[event] as ValueId;
  }

  source(read: number): number {
    return this.values.source[read];
  }

  coherenceBefore(write: number, later: number): boolean {
    return bits.has(this.m, this.co, write, later, this.w);
  }

  orders(): readonly (readonly (readonly [number, number])[])[] {
    const { checks } = this.context.plan;
    const acyclic = Object.values(checks)
      .flat()
      .filter(({ check }) => check.kind === 'acyclic' && !check.negated && !check.flag)
      .sort((a, b) => a.check.span.start - b.check.span.start);
    return acyclic.map(({ slot }) => this.pairsOf(this.evaluator.offsets[slot]));
  }

  private pairsOf(offset: number): (readonly [number, number])[] {
    const pairs: (readonly [number, number])[] = [];
    for (let i = 0; i < this.n; i++) {
      for (let j = 0; j < this.n; j++) if (bits.has(this.m, offset, i, j, this.w)) pairs.push([i, j]);
    }
    return pairs;
  }

  flags(): readonly string[] {
    const { plan } = this.context;
    return plan.checks.flags.filter((flag) => this.evaluator.test(flag)).map((flag) => flag.check.name);
  }

  /** Whether nothing new is below this point. A fault is looked for to the end: it is worse than any answer. */
  private settled(): boolean {
    return !this.context.naive && !this.graph.fault && this.context.goal.settled(this);
  }

  private isLast(write: number, writes: readonly number[]): boolean {
    return writes.every((other) => other === write || bits.has(this.m, this.co, other, write, this.w));
  }

  // --- Preparation ---

  private findChains(): (readonly number[])[] {
    const { events } = this.graph;
    const byPlace = new Map<number, number[]>();
    const stride = this.graph.cells.length;
    return events.map((event, id) => {
      if (event.cell < 0) return [];
      if (event.kind === 'write') {
        const writes = this.writes.get(event.cell);
        if (writes) writes.push(id);
        else this.writes.set(event.cell, [id]);
      }
      const place = (event.cpu + 1) * stride + event.cell;
      const chain = byPlace.get(place) ?? [];
      if (chain.length === 0) byPlace.set(place, chain);
      chain.push(id);
      return chain;
    });
  }

  private findCandidates(): number[][] {
    const { events } = this.graph;
    const candidates: number[][] = events.map(() => []);
    events.forEach((event, read) => {
      if (event.kind !== 'read') return;
      this.order.push(read);
      const writes = this.writes.get(event.cell) as readonly number[];
      candidates[read] = writes.filter((write) => this.mayRead(read, write));
    });
    // What is forced comes first: it costs nothing and tells values.
    const forced = this.order.filter((read) => candidates[read].length < 2);
    this.order = [...forced, ...this.order.filter((read) => candidates[read].length >= 2)];
    return candidates;
  }

  /** Whether nothing that is fixed already speaks against reading from a write. */
  private mayRead(read: number, write: number): boolean {
    if (this.context.naive) return true;
    if (this.context.coherent) {
      const own = this.lastOwnWrite(read);
      const { cpu } = this.graph.events[write];
      if (cpu < 0 && own >= 0) return false;
      if (cpu === this.graph.events[read].cpu && write !== own) return false;
    }
    return this.values.admits(read, this.values.of[write] as ValueId);
  }

  /** The last write to a read's location that its CPU issues before it; -1 when there is none. */
  private lastOwnWrite(read: number): number {
    let last = -1;
    for (const event of this.chains[read]) {
      if (event === read) break;
      if (this.graph.events[event].kind === 'write') last = event;
    }
    return last;
  }

  /** Fills the bases, and evaluates what depends on the graph alone. */
  private prepare(): void {
    const { plan } = this.context;
    const { m, n, w, evaluator } = this;
    for (const { name, slot } of plan.bases) fillBase(this.graph, name, m, evaluator.offsets[slot], n, w);
    bits.clear(m, this.rf, n * w);
    evaluator.run(plan.steps.program);
  }

  /** Makes the choices that the graph alone determines, from number `index` on; searches below each. */
  private chooseForProgram(index: number): void {
    const choice = this.context.plan.programChoices[index];
    if (!choice) {
      const possible = this.evaluator.all(this.context.plan.checks.program) && this.beginCoherence();
      if (possible && !this.settled()) this.chooseSource(0);
      return;
    }
    for (const relation of this.evaluator.choices(choice)) {
      if (this.stopped) return;
      this.evaluator.choose(choice, relation);
      this.evaluator.run(choice.steps);
      this.chooseForProgram(index + 1);
    }
  }

  /** Puts into co what holds before any read has its source. False when that rules the graph out. */
  private beginCoherence(): boolean {
    const { m, n, w } = this;
    bits.clear(m, this.co, n * w);
    this.ordered = this.eventsInOrder();
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

  /** By cell, the events that co orders; the initial write of a cell is its first event. */
  private eventsInOrder(): ReadonlyMap<number, readonly number[]> {
    const { plan } = this.context;
    if (plan.ordered < 0) return this.writes;
    const found = new Map<number, number[]>();
    const set = this.evaluator.offsets[plan.ordered];
    this.graph.events.forEach(({ cell }, event) => {
      if (cell < 0 || !bits.hasEvent(this.m, set, event)) return;
      const events = found.get(cell);
      if (events) events.push(event);
      else found.set(cell, [event]);
    });
    return found;
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
      bits.add(this.m, this.rf, sources[index], read, this.w);
      if (this.trySource(read, sources[index])) this.chooseSource(depth + 1);
      bits.remove(this.m, this.rf, sources[index], read, this.w);
      this.restore(depth);
      this.values.undo(read, mark);
    }
  }

  private trySource(read: number, write: number): boolean {
    this.count();
    if (!this.values.choose(read, write)) return false;
    if (this.context.coherent && !this.forceCoherence(read, write)) return false;
    return this.context.naive || (this.readsAllowed() && this.coherenceAllowed() && !this.settled());
  }

  private readsAllowed(): boolean {
    const { steps, checks } = this.context.plan;
    this.evaluator.run(steps.pruneReads);
    return this.evaluator.all(checks.pruneReads);
  }

  private coherenceAllowed(): boolean {
    const { steps, checks } = this.context.plan;
    this.evaluator.run(steps.pruneCoherence);
    return this.evaluator.all(checks.pruneCoherence);
  }

  /**
   * Adds to co what coherence per location makes of a new rf edge: around the read in its chain, other writes, and the sources of
   * other reads, come before the write or after it, as they stand before the read or after it (the shapes CoWR, CoRW, CoRR).
   */
  private forceCoherence(read: number, write: number): boolean {
    const chain = this.chains[read];
    let before = true;
    for (let index = 0; index < chain.length; index++) {
      const other = chain[index];
      if (other === read) {
        before = false;
        continue;
      }
      const near = this.graph.events[other].kind === 'write' ? other : this.values.source[other];
      if (near < 0 || near === write) continue;
      if (!(before ? this.putBefore(near, write) : this.putBefore(write, near))) return false;
    }
    return true;
  }

  /** Puts a write before another in co, and what follows from it. False when that makes a cycle. */
  private putBefore(first: number, second: number): boolean {
    return (
      bits.has(this.m, this.co, first, second, this.w) ||
      bits.addClosed(this.m, this.co, first, second, this.n, this.w)
    );
  }

  // --- Coherence ---

  private sourcesChosen(depth: number): void {
    const { plan, naive } = this.context;
    const complete = this.values.complete();
    if (this.order.length === 0 || (naive && !complete)) {
      if (!this.readsAllowed() || !this.coherenceAllowed()) return;
    }
    if (!complete) {
      this.context.counts.circular++;
      return;
    }
    if (plan.differentValues >= 0) this.fillDifferentValues();
    if (naive || this.readsAccepted()) this.orderWrites(depth, 0);
  }

  /** Whether the checks hold that wait until all sources are chosen. */
  private readsAccepted(): boolean {
    const { steps, checks } = this.context.plan;
    this.evaluator.run(steps.finalReads);
    return this.evaluator.all(checks.finalReads);
  }

  private orderWrites(depth: number, from: number): void {
    let index = from;
    while (index < this.pairs.length && this.isOrdered(this.pairs[index])) index++;
    if (index === this.pairs.length) {
      this.executionComplete();
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
    const { evaluator } = this;
    if (naive && !(this.readsAllowed() && this.coherenceAllowed() && this.readsAccepted())) return;
    if (plan.finalWrites >= 0) this.fillFinalWrites(evaluator.offsets[plan.finalWrites]);
    evaluator.run(plan.steps.finalCoherence);
    if (evaluator.all(plan.checks.finalCoherence)) this.choose(0);
  }

  /** Makes the choices that are open once rf and co are complete, from number `index` on: each way is an execution. */
  private choose(index: number): void {
    const choice = this.context.plan.choices[index];
    if (!choice) {
      this.found();
      return;
    }
    for (const relation of this.evaluator.choices(choice)) {
      if (this.stopped) return;
      this.evaluator.choose(choice, relation);
      this.evaluator.run(choice.steps);
      if (this.evaluator.all(choice.checks)) this.choose(index + 1);
    }
  }

  private found(): void {
    const { plan, goal, counts } = this.context;
    counts.executions++;
    this.raiseFault();
    const failed = plan.checks.assertions.find((assertion) => !this.evaluator.test(assertion));
    if (failed) {
      const { name, span } = failed.check;
      throw new SourceError(`an execution of this program fails the assertion \`${name}\``, span);
    }
    this.stopped = goal.found(this);
  }

  private raiseFault(): void {
    if (this.graph.fault) throw new ProgramFault(this.graph.fault);
    const event = this.values.undefinedEvent();
    if (event >= 0) {
      const { span } = this.graph.events[event];
      throw new ProgramFault({
        reason: 'an operation without a value (see the operands)',
        ...(span ? { span } : {}),
      });
    }
    if (this.values.undefinedConstraint()) throw new ProgramFault({ reason: 'a condition without a value' });
    if (this.values.undefinedRegister()) {
      throw new ProgramFault({ reason: 'a register with the result of an operation without a value' });
    }
  }

  /** Of events without a value, and of values that no operation gives, nothing is said. */
  private fillDifferentValues(): void {
    const { m, n, w } = this;
    const offset = this.evaluator.offsets[this.context.plan.differentValues];
    bits.clear(m, offset, n * w);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const [a, b] = [this.values.of[i], this.values.of[j]];
        if (a > UNDEFINED && b > UNDEFINED && a !== b) bits.add(m, offset, i, j, w);
      }
    }
  }

  /** As in herd7, a write is final only at a location whose final value is asked for. */
  private fillFinalWrites(offset: number): void {
    bits.clear(this.m, offset, this.w);
    const { shown } = this.context.goal;
    for (const [cell, writes] of this.writes) {
      if (shown && !shown.has(cell)) continue;
      for (const write of writes) if (this.isLast(write, writes)) bits.addEvent(this.m, offset, write);
    }
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
    const { counts, poll } = this.context;
    if (++counts.decisions % POLL_INTERVAL === 0 && poll.expired()) throw new SearchExpired();
  }
}
