import { Evaluator, type Model, type Plan, planOf } from '../../cat/index.js';
import type { Execution } from '../../check/index.js';
import { fillBase } from '../../execution/index.js';
import * as bits from '../../relation/index.js';

const plans = new WeakMap<Model, Plan>();

/**
 * Whether executions can be evaluated one by one: not when the model makes choices of its own (`with x
 * from`).
 */
export function canEvaluate(model: Model): boolean {
  return model.choices.length === 0 && model.ordered === undefined;
}

/** The values of all terms of a model, which makes no choices, on a complete execution, consistent or not. */
export function evaluateExecution(model: Model, execution: Execution): Evaluator {
  let plan = plans.get(model);
  if (!plan) {
    plan = planOf(model);
    plans.set(model, plan);
  }
  const { graph } = execution;
  const evaluator = new Evaluator(plan, graph.events.length);
  const { m, n, w, offsets } = evaluator;
  for (const { name, slot } of plan.bases) fillBase(graph, name, m, offsets[slot], n, w);
  fillSearched(plan, execution, evaluator);
  const { pruneReads, pruneCoherence, finalReads, finalCoherence } = plan.steps;
  evaluator.begin();
  for (const steps of [pruneReads, pruneCoherence, finalReads, finalCoherence]) evaluator.run(steps);
  return evaluator;
}

/** What the search decides: rf, co, and what follows from them. */
function fillSearched(plan: Plan, execution: Execution, { m, n, w, offsets }: Evaluator): void {
  const { sources, coherence, values } = execution;
  sources.forEach((source, read) => {
    // What an execution breaks off at has no source.
    if (source !== undefined && source >= 0) bits.add(m, offsets[plan.rf], source, read, w);
  });
  for (const writes of coherence.values()) {
    writes.forEach((write, index) => {
      for (const later of writes.slice(index + 1)) bits.add(m, offsets[plan.co], write, later, w);
    });
    const last = writes[writes.length - 1];
    if (plan.finalWrites >= 0 && last !== undefined) bits.addEvent(m, offsets[plan.finalWrites], last);
  }
  if (plan.differentValues < 0) return;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (differ(values[i], values[j])) bits.add(m, offsets[plan.differentValues], i, j, w);
    }
  }
}

/** Values are numbers or addresses. */
function differ(a: Execution['values'][number], b: Execution['values'][number]): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a === 'bigint' || typeof b === 'bigint') return a !== b;
  return a.symbol !== b.symbol || a.offset !== b.offset;
}
