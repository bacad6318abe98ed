import { type ReadAt, type Speculation, type Support, strayReads, supports } from '../../execution/index.js';
import type { CellId } from '../../program/index.js';
import type { ArenaPool } from '../candidate/arena-pool.js';
import { componentsOf } from './components.js';
import { type Step, StepOrders } from './step-orders.js';

/** Steps of circles that are looked at; where there are more, all count as allowed. */
const MOST_STEPS = 20_000;

/** Circles, and parts of such, that are looked at one by one. */
const MOST_LOOKS = 2000;

/**
 * The locations that can hold, in executions of a model, what only a circle of reads and writes brings about.
 * A model forbids a circle where a check that prunes puts, for each of its steps, the first read before the
 * second: to go round would be a cycle; or where a check fails on it as it is.
 */
export function allowedCircles(
  speculation: Speculation,
  arenas: ArenaPool,
  dependence: Int8Array,
): Set<CellId> {
  const reads = strayReads(speculation);
  const steps = stepsAmong(supports(speculation), reads);
  if (!steps) return cellsOf(reads, speculation);
  const orders = new StepOrders(speculation, arenas, dependence);
  const possible = circlesOf(steps)
    .flat()
    .filter((step) => orders.of(step));
  // Whatever the check, a circle that is allowed has a step that it does not order.
  const allowed = circlesOf(possible).filter((steps) =>
    someCircle(orders.leftBy(steps), steps, (circle) => orders.allow(circle)),
  );
  return cellsOf(behind(allowed.flat(), steps), speculation);
}

/**
 * Whether a circle through one of the first steps, each read at most once and one path a thread, passes a
 * test. Each is tried, as long as they are not too many.
 */
function someCircle(
  first: readonly Step[],
  steps: readonly Step[],
  passes: (circle: readonly Step[]) => boolean,
): boolean {
  const numbers = new Numbers();
  const edges = steps.map((step) => ({ step, from: numbers.of(step.from), to: numbers.of(step.to) }));
  let looks = 0;
  const follow = (circle: readonly (typeof edges)[number][]): boolean => {
    if (++looks > MOST_LOOKS) return true;
    const last = circle[circle.length - 1];
    if (last.to === circle[0].from) return passes(circle.map(({ step }) => step));
    return edges.some(
      (edge) =>
        edge.from === last.to &&
        !circle.some(({ to }) => to === edge.to) &&
        goesWith(edge.step, circle) &&
        follow([...circle, edge]),
    );
  };
  return edges.some((edge) => first.includes(edge.step) && follow([edge]));
}

/** Whether a step is on no other path of a thread than those of a circle. */
function goesWith({ support, to }: Step, circle: readonly { readonly step: Step }[]): boolean {
  const taken = circle.flatMap(({ step }) => [step.support, step.to]);
  return [support, to].every(({ thread, trace }) =>
    taken.every((other) => other.thread !== thread || other.trace === trace),
  );
}

/** All steps, whether in a circle or not; undefined where there are too many. */
function stepsAmong(supports: readonly Support[], reads: readonly ReadAt[]): Step[] | undefined {
  const steps: Step[] = [];
  for (const support of supports) {
    const { thread, trace } = support;
    for (const to of endsOf(support, reads)) {
      for (const read of support.reads) steps.push({ from: { thread, trace, read }, support, to });
      if (steps.length > MOST_STEPS) return undefined;
    }
  }
  return steps;
}

/** The reads that can read from a write; what is no write is an end by itself. */
function endsOf({ thread, trace, event }: Support, reads: readonly ReadAt[]): readonly ReadAt[] {
  const { kind, cell } = trace.events[event];
  if (kind === 'read') return reads.filter((to) => to.trace === trace && to.read === event);
  return reads.filter((to) => {
    const other = to.trace.events[to.read].cell;
    // A thread takes one path.
    if (to.thread === thread && to.trace !== trace) return false;
    return cell === undefined || other === undefined || cell === other;
  });
}

/** The steps that are part of circles, by what can be reached from each other. */
function circlesOf(steps: readonly Step[]): Step[][] {
  const numbers = new Numbers();
  const edges = steps.map(({ from, to }) => [numbers.of(from), numbers.of(to)] as const);
  const component = componentsOf(edges);
  const circles = new Map<number, Step[]>();
  steps.forEach((step, index) => {
    const [from, to] = edges[index];
    if (component[from] !== component[to]) return;
    const circle = circles.get(component[from]);
    if (circle) circle.push(step);
    else circles.set(component[from], [step]);
  });
  return [...circles.values()];
}

/** Reads are the same when they stand at the same place of the same path. */
class Numbers {
  private readonly byTrace = new Map<ReadAt['trace'], Map<number, number>>();
  private count = 0;

  of({ trace, read }: ReadAt): number {
    const own = this.byTrace.get(trace) ?? new Map<number, number>();
    this.byTrace.set(trace, own);
    const number = own.get(read) ?? this.count++;
    own.set(read, number);
    return number;
  }
}

/** The reads that circles lead to, and those that others lead to from there. */
function behind(circles: readonly Step[], steps: readonly Step[]): ReadAt[] {
  const numbers = new Numbers();
  const found = new Map(circles.map(({ to }) => [numbers.of(to), to]));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { from, to } of steps) if (found.has(numbers.of(from))) found.set(numbers.of(to), to);
  }
  return [...found.values()];
}

/** The locations of reads: all that can hold more where that of one may be any. */
function cellsOf(reads: readonly ReadAt[], { cells, least, bounds }: Speculation): Set<CellId> {
  const found = reads.map(({ trace, read }) => trace.events[read].cell);
  if (!found.includes(undefined)) return new Set(found as CellId[]);
  const all = cells.cells.map((_, cell) => cell as CellId);
  return new Set(all.filter((cell) => !least.covers(cell, bounds[cell])));
}
