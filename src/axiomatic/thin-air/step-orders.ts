import type { Evaluator, PlannedCheck } from '../../cat/index.js';
import {
  buildGraph,
  type CpuTrace,
  cpusOf,
  type ExecutionGraph,
  type ReadAt,
  type Speculation,
  type Support,
  type Trace,
  type TraceEvent,
} from '../../execution/index.js';
import { type CellId, int64, type ThreadId } from '../../program/index.js';
import * as bits from '../../relation/index.js';
import type { ArenaPool } from '../candidate/arena-pool.js';
import { evaluateProgram } from '../candidate/graph-arena.js';
import { kept } from './extension.js';

/**
 * From one read to the next in a circle: what the first returns decides about a write, which the second reads
 * from.
 */
export interface Step {
  readonly from: ReadAt;
  readonly support: Support;
  /** The read that returns what the write stores; the support's own event where that is a read. */
  readonly to: ReadAt;
}

type Checks = readonly PlannedCheck[];

/**
 * Which checks of a model order the steps of circles. A step is looked at with the two paths that it is on,
 * and no others: by checks that hold the same of them when the rest of an execution is there.
 */
export class StepOrders {
  /** By whether all locations of the paths are known: the checks that can be relied on. */
  private readonly usable: readonly [Checks, Checks];
  private readonly found = new Map<Step, Checks>();

  constructor(
    private readonly speculation: Speculation,
    private readonly arenas: ArenaPool,
    dependence: Int8Array,
  ) {
    const { plan } = arenas;
    const keepsCpus = !speculation.program.threads.some(({ interrupt }) => interrupt);
    const { program, pruneReads, pruneCoherence } = plan.checks;
    // What the model chooses is open.
    const checks = plan.programChoices.length > 0 ? [] : [...program, ...pruneReads, ...pruneCoherence];
    const usable = (keepsLocations: boolean) => {
      const terms = kept(plan.model, dependence, { keepsCpus, keepsLocations });
      return checks.filter(({ check, slot }) => !check.negated && terms[slot] === 1);
    };
    this.usable = [usable(false), usable(true)];
  }

  /**
   * The checks that put the first read of a step before the last; undefined when one fails, so that the step
   * is in no execution.
   */
  of(step: Step): Checks | undefined {
    const { from, to } = step;
    if (this.latest?.support !== step.support || this.latest.to !== to) this.latest = this.lookAt(step);
    const orders = this.latest.ways.map(({ graph, closures }) => {
      const [first, last] = [eventOf(graph, from.thread, from.read), eventOf(graph, to.thread, to.read)];
      const w = bits.wordsFor(graph.events.length);
      return closures.flatMap(({ check, closed }) => (bits.has(closed, 0, first, last, w) ? [check] : []));
    });
    if (orders.length === 0) return undefined;
    const common = orders.reduce((some, others) => some.filter((check) => others.includes(check)));
    this.found.set(step, common);
    return common;
  }

  /** The write and the last read that were looked at last, of which several reads may be the first. */
  private latest: Look | undefined;

  private lookAt(step: Step): Look {
    const ways = this.waysToHold([step], (graph, evaluator, checks) => ({
      graph,
      closures: closuresOf(evaluator, checks),
    }));
    return { support: step.support, to: step.to, ways: [...ways] };
  }

  /** Of some steps, those that the check that orders most of them does not order. */
  leftBy(steps: readonly Step[]): readonly Step[] {
    const checks = new Set(steps.flatMap((step) => this.found.get(step) as Checks));
    let fewest = steps;
    for (const check of checks) {
      const left = steps.filter((step) => !this.found.get(step)?.includes(check));
      if (left.length < fewest.length) fewest = left;
    }
    return fewest;
  }

  /** Whether no check fails on a circle. */
  allow(circle: readonly Step[]): boolean {
    for (const _ of this.waysToHold(circle, () => true)) return true;
    return false;
  }

  /**
   * The paths of some steps together, in several ways if one is of a handler that may interrupt another: what
   * is found of each on which the checks that can be relied on hold when the reads of the steps have their
   * sources, whatever the others read.
   */
  private *waysToHold<Found>(
    steps: readonly Step[],
    find: (graph: ExecutionGraph, evaluator: Evaluator, checks: Checks) => Found,
  ): IterableIterator<Found> {
    const located = locate(this.speculation, steps);
    if (!located) return;
    const checks = this.usable[located.isKnown ? 1 : 0];
    for (const paths of combinations(cpusOf(this.speculation.program, located.traces))) {
      const graph = buildGraph(located, paths);
      const evaluator = this.arenas.lease(graph.events.length);
      evaluateSteps(graph, evaluator, steps);
      const found = evaluator.all(checks) ? find(graph, evaluator, checks) : undefined;
      this.arenas.release(evaluator);
      if (found !== undefined) yield found;
    }
  }
}

/** Evaluates what prunes on a graph in which the reads of some steps have their sources. */
function evaluateSteps(graph: ExecutionGraph, evaluator: Evaluator, steps: readonly Step[]): void {
  const { plan, m, w, offsets } = evaluator;
  prepare(graph, evaluator);
  for (const { support, to } of steps) {
    const event = eventOf(graph, support.thread, support.event);
    const read = eventOf(graph, to.thread, to.read);
    if (event !== read) bits.add(m, offsets[plan.rf], event, read, w);
  }
  evaluator.run(plan.steps.pruneReads);
  evaluator.run(plan.steps.pruneCoherence);
}

/**
 * What was found of the steps to one read by way of one write: where no check fails, what the checks put in
 * order.
 */
interface Look {
  readonly support: Support;
  readonly to: ReadAt;
  readonly ways: readonly {
    readonly graph: ExecutionGraph;
    readonly closures: readonly { readonly check: PlannedCheck; readonly closed: Int32Array }[];
  }[];
}

function closuresOf({ m, n, w, offsets }: Evaluator, checks: Checks) {
  return checks
    .filter(({ check }) => check.kind === 'acyclic')
    .map((check) => {
      const closed = m.slice(offsets[check.slot], offsets[check.slot] + n * w);
      bits.transitiveClosure(closed, 0, 0, n, w);
      return { check, closed };
    });
}

/**
 * The paths of some steps, by thread, and locations: accesses whose address may be any have locations of
 * their own.
 */
interface Located {
  readonly traces: readonly (readonly Trace[] | undefined)[];
  readonly cells: Speculation['cells']['cells'];
  readonly isKnown: boolean;
}

/** Undefined where a read would be at another location than its source. */
function locate({ cells }: Speculation, steps: readonly Step[]): Located | undefined {
  const found = new Locations(cells.cells);
  for (const { support, to } of steps) {
    const ends = [support.trace.events[support.event], to.trace.events[to.read]] as const;
    if (!found.join(...ends)) return undefined;
  }
  const traces: (readonly Trace[] | undefined)[] = [];
  for (const { thread, trace } of steps.flatMap(({ support, to }) => [support, to])) {
    const events = trace.events.map((event) =>
      event.cell === undefined && event.kind !== 'fence' ? { ...event, cell: found.of(event) } : event,
    );
    traces[thread] = [{ ...trace, events }];
  }
  return { traces, cells: found.cells, isKnown: found.isKnown };
}

/** The locations of accesses whose address may be any. */
class Locations {
  readonly cells: Speculation['cells']['cells'][number][];
  /** Whether none is one that nothing is known of. */
  isKnown = true;
  private readonly places = new Map<TraceEvent, CellId>();

  constructor(cells: Speculation['cells']['cells']) {
    this.cells = [...cells];
  }

  of(event: TraceEvent): CellId {
    const known = event.cell ?? this.places.get(event);
    if (known !== undefined) return known;
    this.isKnown = false;
    const id = this.cells.length as CellId;
    this.cells.push({ symbol: ANYWHERE, offset: id, name: '', type: int64, initial: 0n });
    this.places.set(event, id);
    return id;
  }

  /** Two accesses are to the same location. False where that cannot be. */
  join(one: TraceEvent, other: TraceEvent): boolean {
    const [a, b] = [one.cell ?? this.places.get(one), other.cell ?? this.places.get(other)];
    if (a !== undefined && b !== undefined) return a === b || this.merge(a, b);
    const cell = a ?? b ?? this.of(one);
    if (a === undefined && one.cell === undefined) this.places.set(one, cell);
    if (b === undefined) this.places.set(other, cell);
    return true;
  }

  /** Locations of which one at least has come up here. */
  private merge(a: CellId, b: CellId): boolean {
    const isOwn = (cell: CellId) => this.cells[cell].symbol === ANYWHERE;
    if (!isOwn(a) && !isOwn(b)) return false;
    const [from, to] = isOwn(a) ? [a, b] : [b, a];
    for (const [event, cell] of this.places) if (cell === from) this.places.set(event, to);
    return true;
  }
}

/** What a location is called that nothing is known of. */
const ANYWHERE = '(anywhere)';

/** Each way to take one of each list. */
function combinations(lists: readonly (readonly CpuTrace[])[]): CpuTrace[][] {
  return lists.reduce<CpuTrace[][]>(
    (ways, list) => ways.flatMap((way) => list.map((one) => [...way, one])),
    [[]],
  );
}

function eventOf({ events }: ExecutionGraph, thread: ThreadId, index: number): number {
  const own = events.find((event) => event.thread === thread && event.part.length > index);
  return own?.part[index] as number;
}

/** Puts down what holds of a graph before any read has its source. */
function prepare(graph: ExecutionGraph, evaluator: Evaluator): void {
  const { plan, m, n, w, offsets } = evaluator;
  bits.clear(m, offsets[plan.rf], n * w);
  bits.clear(m, offsets[plan.co], n * w);
  evaluateProgram(graph, evaluator);
  if (plan.ordered >= 0) return;
  graph.events.forEach(({ kind, cell }, event) => {
    const initial = graph.events.findIndex((other) => other.cell === cell);
    if (kind === 'write' && event !== initial) bits.add(m, offsets[plan.co], initial, event, w);
  });
}
