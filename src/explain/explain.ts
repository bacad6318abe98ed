import type { Model } from '../cat/index.js';
import type { CheckOptions, CheckResult } from '../check/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { type AllowedOutcome, explainAllowed, tell } from './allowed.js';
import { canEvaluate } from './evaluate.js';
import { explainForbidden, type ForbiddenOutcome } from './forbidden.js';

/** Why the outcome of a test can happen under a model, or why it cannot. */
export type Explanation =
  | { readonly kind: 'allowed'; readonly allowed: AllowedOutcome }
  | { readonly kind: 'forbidden'; readonly forbidden: ForbiddenOutcome }
  /** There is nothing to explain, or it cannot be explained. */
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Explains a result of `check` for the same test, model and options.
 * @throws SourceError as `check` does
 */
export function explain(
  test: LitmusTest,
  model: Model,
  result: CheckResult,
  options: CheckOptions = {},
): Explanation {
  if (!canEvaluate(model))
    return {
      kind: 'none',
      reason: 'the model makes choices of its own (`with ... from`), which cannot be explained',
    };
  const forall = test.condition.quantifier === 'forall';
  const found = forall ? result.negative : result.positive;
  if (found > 0) {
    const allowed = explainAllowed(test, model, options);
    return allowed
      ? { kind: 'allowed', allowed }
      : { kind: 'none', reason: 'no execution was found again within the limits' };
  }
  if (result.verdict === 'Unknown')
    return { kind: 'none', reason: 'it is not decided whether the outcome can happen' };
  return { kind: 'forbidden', forbidden: explainForbidden(test, model, options) };
}

/** How the errors with memory come about that executions of a test are in, by their names. */
export function explainErrors(model: Model, { errorWitnesses }: CheckResult): Map<string, AllowedOutcome> {
  if (!canEvaluate(model)) return new Map();
  return new Map([...errorWitnesses].map(([name, execution]) => [name, tell(execution, model)]));
}
