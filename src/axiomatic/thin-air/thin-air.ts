import type { Evaluator } from '../../cat/index.js';
import type { ExecutionGraph } from '../../execution/index.js';
import * as bits from '../../relation/index.js';
import type { EventValues } from '../candidate/event-values.js';

/**
 * Whether an execution of the graph may have values that depend on themselves: a read determines what a write
 * stores, that another read returns, and so on round to the first read. It may not when for each such step
 * from read to read some check that prunes puts the first before the second: going round would then be a
 * cycle. Each step is tried with no other edge of rf: the checks' terms only grow, so they hold the same in
 * every execution with that edge.
 */
export function circlesPossible(
  graph: ExecutionGraph,
  values: EventValues,
  sourcesOf: (read: number) => readonly number[],
  evaluator: Evaluator,
): boolean {
  const steps = stepsInCircles(graph, values, sourcesOf);
  if (steps.length === 0) return false;
  const { plan, m, n, w, offsets } = evaluator;
  const rf = offsets[plan.rf];
  const orders = [...plan.checks.program, ...plan.checks.pruneReads, ...plan.checks.pruneCoherence].filter(
    ({ check }) => check.kind === 'acyclic' && !check.negated,
  );
  const closed = new Int32Array(n * w);
  // One check has to order all steps: a cycle may go through all of them.
  let left = orders;
  for (const { write, read, from } of steps) {
    bits.add(m, rf, write, read, w);
    evaluator.run(plan.steps.pruneReads);
    evaluator.run(plan.steps.pruneCoherence);
    left = left.filter(({ slot }) => {
      closed.set(m.subarray(offsets[slot], offsets[slot] + n * w));
      bits.transitiveClosure(closed, 0, 0, n, w);
      return from.every((first) => bits.has(closed, 0, first, read, w));
    });
    bits.remove(m, rf, write, read, w);
    if (left.length === 0) return true;
  }
  return false;
}

interface Step {
  /** Reads that determine what the write stores, which the read returns. */
  readonly from: readonly number[];
  readonly write: number;
  readonly read: number;
}

/** The steps that are part of a circle. */
function stepsInCircles(
  { events }: ExecutionGraph,
  values: EventValues,
  sourcesOf: (read: number) => readonly number[],
): Step[] {
  const steps: Step[] = [];
  events.forEach(({ kind }, read) => {
    if (kind !== 'read') return;
    for (const write of sourcesOf(read)) {
      const from = values.readsOfWrite(write);
      if (from.length > 0) steps.push({ from, write, read });
    }
  });
  // A step is in a circle as far as its end leads back to its start.
  const n = events.length;
  const w = bits.wordsFor(n);
  const reach = new Int32Array(n * w);
  for (const { from, read } of steps) for (const start of from) bits.add(reach, 0, start, read, w);
  if (steps.length > 0) bits.transitiveClosure(reach, 0, 0, n, w);
  return steps
    .map((step) => ({
      ...step,
      from: step.from.filter((start) => bits.has(reach, 0, step.read, start, w) || start === step.read),
    }))
    .filter(({ from }) => from.length > 0);
}
