import { Evaluator, type Plan } from '../../cat/index.js';

/**
 * Evaluators of one plan, to be used again. Whoever leases one owns its arena until it gives it back. One
 * whose owner was stopped half way is never given back, and so never used again.
 */
export class ArenaPool {
  /** By number of events. */
  private readonly free = new Map<number, Evaluator[]>();

  constructor(readonly plan: Plan) {}

  lease(n: number): Evaluator {
    return this.free.get(n)?.pop() ?? new Evaluator(this.plan, n);
  }

  release(evaluator: Evaluator): void {
    const free = this.free.get(evaluator.n);
    if (free) free.push(evaluator);
    else this.free.set(evaluator.n, [evaluator]);
  }
}
