import type { CheckResult } from '../check/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { formatCondition, formatState } from './format.js';
import { incompletenessText, selfWaitText } from './text.js';

/** What a result is called in herd7's first line. */
const KIND = { exists: 'Allowed', 'not-exists': 'Forbidden', forall: 'Required' } as const;

/**
 * A result line for line as herd7 prints it, but for the hash line. Without `--count`, the numbers of executions are those visited, which
 * is fewer than herd7's.
 * @param seconds how long the check took
 */
export function herdReport(test: LitmusTest, result: CheckResult, seconds: number): string {
  const { states, observables, verdict, incomplete } = result;
  // As witnesses herd7 counts what agrees with the condition, for ~exists executions in which the proposition does not hold; as
  // observations those in which it holds, and those in which not.
  const forbids = test.condition.quantifier === 'not-exists';
  const [positive, negative] = forbids
    ? [result.negative, result.positive]
    : [result.positive, result.negative];
  // Of a loop that is cut herd7 says what it has seen; of a test that it is not through with, nothing.
  const isOpen = verdict === 'Unknown' && incomplete.some(({ kind }) => kind !== 'unrolling');
  const lines = [
    `Test ${test.name} ${KIND[test.condition.quantifier]}`,
    `States ${states.length}`,
    ...states.map((state) => formatState(state, observables, test.program)).sort(),
    isOpen ? 'Unknown' : result.holds ? 'Ok' : 'No',
    'Witnesses',
    `Positive: ${positive} Negative: ${negative}`,
    ...result.flags.map((flag) => `Flag ${flag}`),
    `Condition ${formatCondition(test)}`,
    `Observation ${test.name} ${isOpen ? verdict : result.observation} ${result.positive} ${result.negative}`,
    `Time ${test.name} ${seconds.toFixed(2)}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

/** Warnings, a line each, that an answer is not the whole answer, or why there is no execution: for the error stream, as herd7's own warnings are. */
export function limitWarnings(test: LitmusTest, { incomplete, selfWaits }: CheckResult): string {
  const said = [
    ...incomplete.map((limit) => `incomplete: ${incompletenessText(limit)}`),
    ...selfWaits.map((wait) => `deadlock: ${selfWaitText(wait)}`),
  ];
  return said.map((what) => `Warning: File "${test.source.name}": ${what}\n`).join('');
}
