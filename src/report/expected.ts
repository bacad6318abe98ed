import type { CheckResult } from '../check/index.js';
import type { Expectation } from '../litmus/index.js';

/** What a test expects of an answer. */
export type Expected = Pick<Expectation, 'verdict' | 'flags'>;

/**
 * What an answer has that fails a test whatever its verdict: errors, and with `failOnFlag` flags of the
 * model, that no expectation names. Where an expectation lists flags, all that are raised have to be there.
 */
export function unexpectedIn(
  result: Pick<CheckResult, 'flags' | 'errors'>,
  expected?: Expected,
  failOnFlag = false,
): string[] {
  const counts = (flag: string): boolean =>
    failOnFlag || expected?.flags !== undefined || isError(result, flag);
  return result.flags.filter((flag) => counts(flag) && !expected?.flags?.includes(flag));
}

/** Whether one of the flags of an answer is an error: a model's flag of the same name is none. */
export function isError({ errors }: Pick<CheckResult, 'errors'>, flag: string): boolean {
  return errors.some((error) => error === flag);
}

/**
 * Whether an answer is the expected one. Without an expectation, what is asked is whether the condition
 * holds.
 */
export function outcomeOf(
  result: CheckResult,
  expected?: Expected,
  failOnFlag = false,
): 'met' | 'failed' | 'undecided' {
  const { verdict, flags, incomplete, holds } = result;
  if (unexpectedIn(result, expected, failOnFlag).length > 0) return 'failed';
  if (!expected) return holds === undefined ? 'undecided' : 'met';
  const wanted = expected.flags ?? [];
  if (verdict === 'Unknown') return 'undecided';
  if (verdict !== expected.verdict) return 'failed';
  if (wanted.every((flag) => flags.includes(flag))) return 'met';
  return incomplete.length > 0 ? 'undecided' : 'failed';
}

/** `Never with use-after-free`. */
export function answerText(verdict: string, flags: readonly string[] = []): string {
  return [verdict, ...(flags.length > 0 ? ['with', ...flags] : [])].join(' ');
}
