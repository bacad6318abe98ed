import type { Suspect } from '../candidate/candidate-errors.js';
import { GraphExecution } from '../candidate/candidate-execution.js';

/** A graph, before it is searched. */
export class GraphDemands extends GraphExecution {
  /** The ways to come to an error of a name: one of them has to be. */
  suspectsOf(error: string): readonly Suspect[] {
    return this.suspects.all.filter(({ name }) => name === error);
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
