import { Evaluator, type Exclusions, type Plan } from '../../cat/index.js';
import { SourceError } from '../../diagnostics.js';
import { type ExecutionGraph, fillBase } from '../../execution/index.js';
import { isErrorName, JUNK, UNKNOWN, type ValueId, type ValueTable } from '../../program/index.js';
import * as bits from '../../relation/index.js';
import { type Suspect, Suspects } from './candidate-errors.js';
import type { Goal, PartialExecution, SearchCounts } from './collector.js';
import { GraphValues } from './event-values.js';

/** What all searches of one check share. */
export interface SearchContext {
  readonly plan: Plan;
  /** Whether the model requires coherence per location (cat's `coherenceIsRequired`), and the search may count on it. */
  readonly coherent: boolean;
  /** Generate every candidate execution and test it when it is complete. */
  readonly naive?: boolean;
  /** Whether executions may be in error. */
  readonly mayErr: boolean;
  /** Whether executions that differ in the order of writes to independent locations may be counted without a look at each. */
  readonly sharing?: boolean;
  /** Looks ahead in a graph that the directed search takes before it has earned one. */
  readonly looks?: number;
  /** Conflicts in a graph after which the directed search looks more closely. */
  readonly strengthenAfter?: number;
  /** Paths of values from write to write that it then tells apart. */
  readonly mostPaths?: number;
  readonly values: ValueTable;
  readonly goal: Goal;
  readonly counts: SearchCounts;
  /** By term of the plan's model: whose paths it depends on (`localities`). */
  readonly localities: Int8Array;
  /** What the plan's checks exclude. */
  readonly exclusions: Exclusions;
  /** The graph for which `GraphExecution.prepare` was called last. */
  readonly prepared: { graph?: ExecutionGraph };
  /** Evaluators by number of events, to be used again. */
  readonly evaluators: Map<number, Evaluator>;
}

/** One graph under search: what is known of its execution so far, and what every search does with it. */
export abstract class GraphExecution implements PartialExecution {
  protected readonly n: number;
  protected readonly w: number;
  protected readonly evaluator: Evaluator;
  protected readonly m: Int32Array;
  protected readonly rf: number;
  protected readonly co: number;
  protected readonly values: GraphValues;
  /** By cell: its writes, the initial one first. */
  protected readonly writes = new Map<number, number[]>();
  /** By event: accesses of its CPU to its location, in issue order, itself included. */
  protected readonly chains: (readonly number[])[];
  protected readonly suspects: Suspects;
  private readonly junk: ValueId;

  constructor(
    readonly graph: ExecutionGraph,
    protected readonly context: SearchContext,
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
    this.junk = context.values.id(JUNK);
    this.suspects = new Suspects(graph, this.writes, this.junk);
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

  flagged(name: string): readonly (readonly number[])[] {
    const { plan } = this.context;
    return plan.checks.flags
      .filter(({ check }) => check.name === name && check.negated && check.kind === 'empty')
      .flatMap(({ slot }): readonly (readonly number[])[] => {
        const offset = this.evaluator.offsets[slot];
        if (plan.slots[slot].sort === 'relation') return this.pairsOf(offset);
        return this.graph.events.flatMap((_, event) =>
          bits.hasEvent(this.m, offset, event) ? [[event]] : [],
        );
      });
  }

  flags(): readonly string[] {
    const { plan } = this.context;
    return plan.checks.flags.filter((flag) => this.evaluator.test(flag)).map((flag) => flag.check.name);
  }

  mayRaise(flag: string): boolean {
    if (isErrorName(flag) && this.suspects.allows(flag, this)) return true;
    // A model may have a flag of the same name.
    return !this.graph.partial && this.context.plan.checks.flags.some(({ check }) => check.name === flag);
  }

  isInError(): boolean {
    return this.suspects.isCertain(this);
  }

  errors(): readonly Suspect[] {
    return this.suspects.found(this);
  }

  hasSymbolicValues(): boolean {
    return this.values.reads.some((read) => this.context.values.isSymbolic(this.value(read)));
  }

  protected isLast(write: number, writes: readonly number[]): boolean {
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

  /** Whether nothing that is fixed already speaks against reading from a write. */
  protected mayRead(read: number, write: number): boolean {
    if (this.isOwnInstruction(read, write)) return false;
    if (this.context.naive) return true;
    if (this.context.coherent) {
      const own = this.lastOwnWrite(read);
      const { cpu } = this.graph.events[write];
      if (cpu < 0 && own >= 0) return false;
      if (cpu === this.graph.events[read].cpu && write !== own) return false;
    }
    return this.values.admits(read, this.values.of[write] as ValueId);
  }

  /**
   * Whether a write is that of the instruction whose read it is. Such a read is in no candidate, as in herd7: an instruction reads
   * before it writes, whatever a model orders.
   */
  private isOwnInstruction(read: number, write: number): boolean {
    const { atomic, besideRead } = this.graph.events[write];
    return write === read + 1 && (atomic === 'rmw' || besideRead === read);
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
  protected prepare(): void {
    const { plan, prepared } = this.context;
    const { m, n, w, evaluator, graph } = this;
    bits.clear(m, this.rf, n * w);
    // A search for something else in the same graph finds it there.
    if (prepared.graph === graph) return;
    prepared.graph = graph;
    for (const { name, slot } of plan.bases) fillBase(graph, name, m, evaluator.offsets[slot], n, w);
    evaluator.run(plan.steps.program);
  }

  /** By cell, the events that co orders; the initial write of a cell is its first event. */
  protected eventsInOrder(): ReadonlyMap<number, readonly number[]> {
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

  // --- A complete execution ---

  /**
   * Counts a complete and consistent execution. False for one that breaks off and is in no error, or in which junk comes from no error but
   * itself: it is none.
   * @throws SourceError when an assertion of the model fails
   */
  protected accept(): boolean {
    const { plan, counts } = this.context;
    if (this.graph.astray) {
      this.leaveOpen();
      return false;
    }
    if ((this.graph.partial || this.hasJunk()) && this.errors().length === 0) return false;
    counts.executions++;
    if (this.graph.partial) return true;
    const failed = plan.checks.assertions.find((assertion) => !this.evaluator.test(assertion));
    if (failed) {
      const { name, span } = failed.check;
      throw new SourceError(`an execution of this program fails the assertion \`${name}\``, span);
    }
    return true;
  }

  private hasJunk(): boolean {
    return this.context.mayErr && this.values.reads.some((read) => this.value(read) === this.junk);
  }

  /** Tells of a complete execution with values that cannot be determined. */
  protected leaveOpen(): void {
    if (this.graph.partial && !this.isInError()) return;
    this.context.counts.circular++;
    this.context.goal.undetermined?.(this);
  }

  /** Of events without a value nothing is said. */
  protected fillDifferentValues(): void {
    const { m, n, w } = this;
    const offset = this.evaluator.offsets[this.context.plan.differentValues];
    bits.clear(m, offset, n * w);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const [a, b] = [this.values.of[i], this.values.of[j]];
        if (a !== UNKNOWN && b !== UNKNOWN && a !== b) bits.add(m, offset, i, j, w);
      }
    }
  }

  /** As in herd7, a write is final only at a location whose final value is asked for. */
  protected fillFinalWrites(offset: number): void {
    bits.clear(this.m, offset, this.w);
    const { shown } = this.context.goal;
    for (const [cell, writes] of this.writes) {
      if (shown && !shown.has(cell)) continue;
      for (const write of writes) if (this.isLast(write, writes)) bits.addEvent(this.m, offset, write);
    }
  }
}
