import { Evaluator, type Plan, type PlannedCheck } from '../cat/index.js';
import {
  buildGraph,
  type CpuTrace,
  cpusOf,
  type ExecutionGraph,
  fillBase,
  type ReadAt,
  type Speculation,
  type Support,
  type Trace,
} from '../execution/index.js';
import { type CellId, int64, type ThreadId } from '../program/index.js';
import * as bits from '../relation/index.js';
import { kept } from './extension.js';

/** From one read to the next in a circle: what the first returns decides about a write, which the second reads from. */
export interface Step {
  readonly from: ReadAt;
  readonly support: Support;
  /** The read that returns what the write stores; the support's own event where that is a read. */
  readonly to: ReadAt;
}

type Checks = readonly PlannedCheck[];

/**
 * Which checks of a model order the steps of circles. A step is looked at with the two paths that it is on, and no others: by checks that hold
 * the same of them when the rest of an execution is there.
 */
export class StepOrders {
  /** By whether all locations of the paths are known: the checks that can be relied on. */
  private readonly usable: readonly [Checks, Checks];
  private readonly found = new Map<Step, Checks>();
  private readonly evaluators = new Map<number, Evaluator>();

  constructor(
    private readonly speculation: Speculation,
    private readonly plan: Plan,
    localities: Int8Array,
  ) {
    const keepsCpus = !speculation.program.threads.some(({ interrupt }) => interrupt);
    const { program, pruneReads, pruneCoherence } = plan.checks;
    // What the model chooses is open.
    const checks = plan.programChoices.length > 0 ? [] : [...program, ...pruneReads, ...pruneCoherence];
    const usable = (keepsLocations: boolean) => {
      const terms = kept(plan.model, localities, { keepsCpus, keepsLocations });
      return checks.filter(({ check, slot }) => !check.negated && terms[slot] === 1);
    };
    this.usable = [usable(false), usable(true)];
  }

  /** The checks that put the first read of a step before the last; undefined when one fails, so that the step is in no execution. */
  of(step: Step): Checks | undefined {
    let common: Checks | undefined;
    for (const place of this.placesOf(step)) {
      const orders = this.ordersIn(place, step);
      if (orders) common = common ? common.filter((check) => orders.includes(check)) : orders;
    }
    if (common) this.found.set(step, common);
    return common;
  }

  /** Whether one check orders all of some steps. */
  hasCommon(steps: readonly Step[]): boolean {
    const [first, ...others] = steps.map((step) => this.found.get(step) as Checks);
    return first.some((check) => others.every((checks) => checks.includes(check)));
  }

  /** The two paths of a step together: in several ways where one is of a handler that may interrupt the other. */
  private placesOf(step: Step): Place[] {
    const { program } = this.speculation;
    const located = new Located(this.speculation, step);
    const ways = cpusOf(program, located.traces);
    return combinations(ways).map((paths) => ({
      graph: buildGraph(located, paths),
      isKnown: located.isKnown,
    }));
  }

  private ordersIn({ graph, isKnown }: Place, { from, support, to }: Step): Checks | undefined {
    const { plan } = this;
    const n = graph.events.length;
    const evaluator = this.evaluators.get(n) ?? new Evaluator(plan, n);
    this.evaluators.set(n, evaluator);
    const { m, w, offsets } = evaluator;
    prepare(graph, evaluator);
    const event = eventOf(graph, support.thread, support.event);
    const [first, last] = [eventOf(graph, from.thread, from.read), eventOf(graph, to.thread, to.read)];
    if (event !== last) bits.add(m, offsets[plan.rf], event, last, w);
    evaluator.run(plan.steps.pruneReads);
    evaluator.run(plan.steps.pruneCoherence);
    const checks = this.usable[isKnown ? 1 : 0];
    if (!evaluator.all(checks)) return undefined;
    const closed = new Int32Array(n * w);
    return checks.filter(({ check, slot }) => {
      if (check.kind !== 'acyclic') return false;
      closed.set(m.subarray(offsets[slot], offsets[slot] + n * w));
      bits.transitiveClosure(closed, 0, 0, n, w);
      return bits.has(closed, 0, first, last, w);
    });
  }
}

interface Place {
  readonly graph: ExecutionGraph;
  /** Whether the location of each access is known. */
  readonly isKnown: boolean;
}

/** The paths of a step, by thread. Accesses whose address may be any have locations of their own, but for those that the step is about. */
class Located {
  readonly traces: (readonly Trace[] | undefined)[] = [];
  readonly cells: Speculation['cells']['cells'][number][];
  isKnown = true;

  constructor({ cells }: Speculation, { support, to }: Step) {
    this.cells = [...cells.cells];
    const shared =
      support.trace.events[support.event].cell ?? to.trace.events[to.read].cell ?? this.anywhere();
    const isShared = (trace: Trace, index: number) =>
      (trace === support.trace && index === support.event) || (trace === to.trace && index === to.read);
    for (const { thread, trace } of [support, to]) {
      const events = trace.events.map((event, index) => {
        if (event.cell !== undefined || event.kind === 'fence') return event;
        this.isKnown = false;
        return { ...event, cell: isShared(trace, index) ? shared : this.anywhere() };
      });
      this.traces[thread] = [{ ...trace, events }];
    }
  }

  private anywhere(): CellId {
    const id = this.cells.length;
    this.cells.push({ symbol: '(anywhere)', offset: id, name: '', type: int64, initial: 0n });
    return id as CellId;
  }
}

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
  for (const { name, slot } of plan.bases) fillBase(graph, name, m, offsets[slot], n, w);
  bits.clear(m, offsets[plan.rf], n * w);
  bits.clear(m, offsets[plan.co], n * w);
  evaluator.run(plan.steps.program);
  if (plan.ordered >= 0) return;
  graph.events.forEach(({ kind, cell }, event) => {
    const initial = graph.events.findIndex((other) => other.cell === cell);
    if (kind === 'write' && event !== initial) bits.add(m, offsets[plan.co], initial, event, w);
  });
}
