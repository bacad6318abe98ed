import type { Model } from '../../cat/index.js';
import type { CheckOptions, CheckResult } from '../../check/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import type { ErrorName } from '../../program/index.js';
import { type AllowedOutcome, explainAllowed } from './allowed.js';
import { canEvaluate } from './evaluate.js';
import { explainForbidden, type ForbiddenOutcome } from './forbidden.js';
import { errorsToAskFor, namesOutcome, theError, theOutcome, type WantedOf } from './wanted.js';

/** Why the outcome of a test, or an error, can happen under a model, or why it cannot. */
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
  const forall = test.condition.quantifier === 'forall';
  if (!namesOutcome(test) && forall)
    return { kind: 'none', reason: 'nothing is asked: there is no condition that names an outcome' };
  const found = (forall ? result.negative : result.positive) > 0;
  return explanation(test, model, options, theOutcome, found, result.verdict !== 'Unknown');
}

/** All that there is to explain of a test. */
export interface Explanations {
  /** By error that the events of the test allow: how it comes about, or what keeps it from coming about. */
  readonly errors: ReadonlyMap<ErrorName, Explanation>;
  /** Undefined when the condition names no outcome, and there are errors to tell of instead. */
  readonly outcome: Explanation | undefined;
}

/**
 * Explains a result of `check` for the same test, model and options: the errors, and the outcome.
 * @throws SourceError as `check` does
 */
export function explainAll(
  test: LitmusTest,
  model: Model,
  result: CheckResult,
  options: CheckOptions = {},
): Explanations {
  const names = errorsToAskFor(test, options);
  const errors = new Map(names.map((name) => [name, explainError(name, test, model, result, options)]));
  const isOfErrors = !namesOutcome(test) && errors.size > 0;
  return { errors, outcome: isOfErrors ? undefined : explain(test, model, result, options) };
}

/**
 * Explains one error.
 * @throws SourceError as `check` does
 */
export function explainError(
  name: ErrorName,
  test: LitmusTest,
  model: Model,
  { flags, incomplete }: CheckResult,
  options: CheckOptions = {},
): Explanation {
  return explanation(test, model, options, theError(name), flags.includes(name), incomplete.length === 0);
}

function explanation(
  test: LitmusTest,
  model: Model,
  options: CheckOptions,
  wantedOf: WantedOf,
  found: boolean,
  decided: boolean,
): Explanation {
  if (found) {
    const allowed = explainAllowed(test, model, options, wantedOf);
    return allowed
      ? { kind: 'allowed', allowed }
      : { kind: 'none', reason: 'no execution was found again within the limits' };
  }
  if (!decided) return { kind: 'none', reason: 'it is not decided whether it can happen' };
  if (!canEvaluate(model)) {
    const reason =
      'the model chooses relations of its own (`with ... from`); of such a model it is not told what an execution breaks, since each choice may break another rule';
    return { kind: 'none', reason };
  }
  return { kind: 'forbidden', forbidden: explainForbidden(test, model, options, wantedOf) };
}
