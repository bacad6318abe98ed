import type { Aim } from './goal.js';
import { GraphExecution } from './graph-execution.js';
import type { Operation } from './graph-values.js';
import type { Suspect } from './suspects.js';

/** What an execution of one graph has to come to, besides what is wanted of it. */
export type Demand =
  /** An error with memory. */
  | { readonly kind: 'error'; readonly suspect: Suspect }
  /** The step of a thread that its path must not take; the thread is not to have read junk. */
  | { readonly kind: 'fault'; readonly thread: number }
  /** An operation of such a thread without a result. */
  | { readonly kind: 'no-result'; readonly thread: number; readonly operation: Operation };

/** A graph, before it is searched. */
export class GraphDemands extends GraphExecution {
  /** The ways to come to what an aim looks for: one of them has to be. */
  of({ error, faultOf }: Aim, cpuOf: readonly number[]): Demand[] {
    if (error !== undefined) {
      return this.suspects.all
        .filter(({ name }) => name === error)
        .map((suspect) => ({ kind: 'error', suspect }));
    }
    const { fault } = this.graph;
    const steps: Demand[] = fault ? [{ kind: 'fault', thread: fault.thread }] : [];
    const operations = this.operations
      .filter(({ thread }) => cpuOf[thread] === faultOf)
      .map((operation): Demand => ({ kind: 'no-result', thread: operation.thread, operation }));
    return [...steps, ...operations];
  }

  /** Makes the choices of the model that the graph alone determines, in each way. */
  *choices(index = 0): IterableIterator<void> {
    if (index === 0) this.prepare();
    const choice = this.context.plan.programChoices[index];
    if (!choice) {
      yield;
      return;
    }
    for (const relation of this.evaluator.choices(choice)) {
      this.evaluator.choose(choice, relation);
      this.evaluator.run(choice.steps);
      yield* this.choices(index + 1);
    }
  }
}
