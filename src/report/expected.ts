import type { CheckResult } from '../check/index.js';
import type { Expectation } from '../litmus/index.js';

/** What a test expects of an answer. */
export type Expected = Pick<Expectation, 'verdict' | 'flags'>;

/** Whether an answer is the expected one. Without an expectation, what is asked is whether the condition holds. */
export function outcomeOf(result: CheckResult, expected?: Expected): 'met' | 'failed' | 'undecided' {
  const { verdict, flags, incomplete, holds } = result;
  if (!expected) return holds === undefined ? 'undecided' : 'met';
  const wanted = expected.flags ?? [];
  if (expected.flags && flags.some((flag) => !wanted.includes(flag))) return 'failed';
  if (verdict === 'Unknown') return 'undecided';
  if (verdict !== expected.verdict) return 'failed';
  if (wanted.every((flag) => flags.includes(flag))) return 'met';
  return incomplete.length > 0 ? 'undecided' : 'failed';
}

/** `Never with use-after-free`. */
export function answerText(verdict: string, flags: readonly string[] = []): string {
  return [verdict, ...(flags.length > 0 ? ['with', ...flags] : [])].join(' ');
}
