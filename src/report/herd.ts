import type { CheckResult, FinalState } from '../check/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { formatCondition, hexadecimal } from './format.js';
import { stateTexts } from './states.js';
import { incompletenessText, whereText } from './text.js';

/** What herd7's options say of what it prints. */
export interface HerdOptions {
  /** `-hexa`. @default false */
  readonly hexadecimal?: boolean;
  /** `-candidates`: how many executions there are without the checks of the model. */
  readonly candidates?: number;
  /** `-badflag`: the flag of the model that makes a test undefined, besides `undefined_unless`. */
  readonly badFlag?: string | undefined;
  /**
   * `-speedcheck`: whether only what the condition asks for was looked at; `one`: of that, one execution.
   * @default 'all'
   */
  readonly looksAt?: 'all' | 'asked' | 'one';
  /**
   * Whether executions count as none whose values depend on themselves and cannot be determined: herd7 drops
   * them. @default false
   */
  readonly dropsCircles?: boolean;
}

/** What a result is called in herd7's first line. */
const KIND = { exists: 'Allowed', 'not-exists': 'Forbidden', forall: 'Required' } as const;

/**
 * A result line for line as herd7 prints it, but for the hash line. Without `--count`, the numbers of
 * executions are those visited, which is fewer than herd7's.
 * @param seconds how long the check took
 */
export function herdReport(
  test: LitmusTest,
  result: CheckResult,
  seconds: number,
  options: HerdOptions = {},
): string {
  const { looksAt = 'all', candidates } = options;
  const shown = looksAt === 'one' ? oneExecution(result) : result;
  const numeral = options.hexadecimal ? hexadecimal : undefined;
  const { positive, negative } = shown;
  // As witnesses herd7 counts what agrees with the condition, for ~exists executions in which the proposition
  // does not hold; as observations those in which it holds, and those in which not.
  const witnesses = test.condition.quantifier === 'not-exists' ? [negative, positive] : [positive, negative];
  const isOpen = isUndecided(result, options);
  const lines = [
    `Test ${test.name} ${KIND[test.condition.quantifier]}`,
    `States ${shown.states.length}`,
    ...stateTexts(test, shown, numeral).map(({ text }) => text),
    isOpen ? 'Unknown' : judgement(test, shown, options),
    'Witnesses',
    `Positive: ${witnesses[0]} Negative: ${witnesses[1]}`,
    ...flagsOf(result).map((flag) => `Flag ${flag}`),
    `Condition ${formatCondition(test, numeral)}`,
    `Observation ${test.name} ${isOpen ? 'Unknown' : observation(test, shown, looksAt)} ${positive} ${negative}`,
    `Time ${test.name} ${seconds.toFixed(2)}`,
    ...(candidates === undefined ? [] : [`Candidates ${test.name} ${candidates}`]),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** Of a loop that is cut herd7 says what it has seen; of a test that it is not through with, nothing. */
function isUndecided({ verdict, incomplete }: CheckResult, { dropsCircles }: HerdOptions): boolean {
  if (verdict !== 'Unknown') return false;
  const says = dropsCircles ? ['unrolling', 'circular-values'] : ['unrolling'];
  return incomplete.some(({ kind }) => !says.includes(kind));
}

/** `Ok`, `No`, or that the model says nothing of the program; and whether a loop was cut. */
function judgement(test: LitmusTest, result: CheckResult, { badFlag }: HerdOptions): string {
  const { incomplete, flags, undefinedBy } = result;
  const loop = incomplete.some(({ kind }) => kind === 'unrolling') ? 'Loop ' : '';
  if (undefinedBy.length > 0 || (badFlag !== undefined && flags.includes(badFlag))) return `${loop}Undef`;
  return loop + (holdsOfWhatWasSeen(test, result) ? 'Ok' : 'No');
}

function holdsOfWhatWasSeen({ condition }: LitmusTest, { positive, negative }: CheckResult): boolean {
  if (condition.quantifier === 'forall') return negative === 0;
  return condition.quantifier === 'exists' ? positive > 0 : positive === 0;
}

/** Where only what the condition asks for was looked at, nothing is known of the others. */
function observation(
  { condition }: LitmusTest,
  { positive, negative, observation }: CheckResult,
  looksAt: HerdOptions['looksAt'],
): string {
  if (looksAt === 'all') return observation;
  if (condition.quantifier === 'forall') return negative === 0 ? 'Always' : 'Sometimes';
  return positive === 0 ? 'Never' : 'Sometimes';
}

function oneExecution(result: CheckResult): CheckResult {
  const states: readonly FinalState[] = result.states.slice(0, 1);
  return {
    ...result,
    states,
    positive: Math.min(1, result.positive),
    negative: Math.min(1, result.negative),
  };
}

/** Whatever `undefined_unless` raises is one flag. herd7 says nothing of a thread that waits for ever. */
function flagsOf({ flags, undefinedBy }: CheckResult): string[] {
  const named = flags.filter((flag) => flag !== 'deadlock' && !undefinedBy.includes(flag));
  return undefinedBy.length > 0 ? ['*undef*', ...named] : named;
}

/**
 * Warnings, a line each, that an answer is not the whole answer, or of a deadlock: for the error stream, as
 * herd7's own warnings are.
 */
export function limitWarnings(test: LitmusTest, result: CheckResult): string {
  const said = [
    ...result.incomplete.map((limit) => `incomplete: ${incompletenessText(limit)}`),
    ...(result.flags.includes('deadlock') ? [`deadlock${whereText(test, result, 'deadlock')}`] : []),
  ];
  return said.map((what) => `Warning: File "${test.source.name}": ${what}\n`).join('');
}
