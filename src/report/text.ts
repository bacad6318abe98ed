import type { CheckResult, EngineAnswer, FlagWitness, Incompleteness } from '../check/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { engineText } from './disagreement-text.js';
import { eventInWords, executionReport, tableText } from './execution-text.js';
import { answerText, type Expected, isError, outcomeOf, unexpectedIn } from './expected.js';
import { formatCondition, placeText } from './format.js';
import { stateTexts } from './states.js';
import { traceReport } from './trace-text.js';

/** How text is made to stand out; the plain style changes nothing. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

export interface TextReportOptions {
  readonly model: string;
  readonly expected?: Expected;
  readonly witness: boolean;
  /** The command that walks the same program on the same machine. */
  readonly again?: string;
  /** Lines that say why. */
  readonly explanation?: readonly string[];
  /** Shown where an engine was asked for. */
  readonly answer?: EngineAnswer;
  /** Whether a flag of the model that no expectation names is as bad as an error. */
  readonly failOnFlag?: boolean;
  readonly style: Style;
}

/** What a reader on a terminal sees of one test under one model. */
export function textReport(test: LitmusTest, result: CheckResult, options: TextReportOptions): string {
  const { style, model, expected, failOnFlag } = options;
  const isBad = outcomeOf(result, expected, failOnFlag) === 'failed';
  const met = !isBad && (!expected || outcomeOf(result, expected) === 'met');
  const word = result.verdict.padEnd(9);
  const lines = [
    `${met ? style.strong(word) : style.bad(word)} ${test.name}  ${style.faint(model)}  ${formatCondition(test)}${errorsText(result, options)}${againstText(met, options)}`,
    ...provenHalf(result).map((half) => `  ${half}`),
    ...result.incomplete.map((limit) => `  ${style.bad('incomplete:')} ${incompletenessText(limit)}`),
    ...result.flags.flatMap((flag) => [
      `  ${style.bad(isError(result, flag) ? 'error' : 'flag')} ${flag}${whereText(test, result, flag)}`,
      ...(options.witness ? flagLines(test, result.flagWitnesses.get(flag)) : []),
    ]),
    ...(options.answer ? [`  ${engineText(options.answer)}`] : []),
  ];
  if (result.question !== 'verdict') lines.push(...stateLines(test, result));
  if (result.question === 'count') {
    lines.push(`  executions: ${result.positive} satisfy the condition, ${result.negative} do not`);
  }
  if (options.witness) lines.push(...witnessLines(test, result, options.again ?? ''));
  lines.push(...(options.explanation ?? []).map((line) => `  ${line}`));
  return `${lines.join('\n')}\n`;
}

/** ` with null-dereference`: what executions are in error by, in the words of an expectation. */
function errorsText(result: CheckResult, { style, expected, failOnFlag }: TextReportOptions): string {
  const unexpected = unexpectedIn(result, expected, failOnFlag);
  const told = result.flags.filter((flag) => isError(result, flag) || unexpected.includes(flag));
  if (told.length === 0) return '';
  return ` with ${told.map((flag) => (unexpected.includes(flag) ? style.bad(flag) : flag)).join(' ')}`;
}

function againstText(met: boolean, { style, expected }: TextReportOptions): string {
  if (!expected) return '';
  if (met) return style.faint(' as expected');
  return style.bad(` expected ${answerText(expected.verdict, expected.flags)}`);
}

/** Who makes an error, and where. */
export function whereText(
  { program }: LitmusTest,
  { errorPlaces }: Pick<CheckResult, 'errorPlaces'>,
  error: string,
): string {
  const place = errorPlaces.get(error);
  return place ? `: ${placeText(place, program)}` : '';
}

/** What is certain although the search did not see everything. */
function provenHalf({ verdict, positive, negative }: CheckResult): string[] {
  if (verdict !== 'Unknown') return [];
  if (positive > 0)
    return ['proven: the condition can come true (no execution was found that does not satisfy it)'];
  return negative > 0
    ? ['proven: the condition can stay false (no execution was found that satisfies it)']
    : [];
}

function stateLines(test: LitmusTest, result: CheckResult): string[] {
  const states = stateTexts(test, result).map(({ text, satisfies }) => `  ${satisfies ? '*' : ' '} ${text}`);
  return [
    `  ${states.length} final state${states.length === 1 ? '' : 's'} (* satisfies the condition):`,
    ...states,
  ];
}

function witnessLines(test: LitmusTest, result: CheckResult, again: string): string[] {
  const { positiveWitness, positiveTrace, errorWitnesses, errorTraces } = result;
  const shown = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const errors = [
    ...[...errorWitnesses].map(([error, execution]) => [error, executionReport(execution, test)] as const),
    ...[...errorTraces].map(([error, trace]) => [error, traceReport(trace, again)] as const),
  ].flatMap(([error, lines]) => [`  an execution in error, ${error}:`, ...shown(lines)]);
  if (positiveTrace) return [...shown(traceReport(positiveTrace, again)), ...errors];
  if (!positiveWitness) return ['  no execution satisfies the condition', ...errors];
  return [...shown(executionReport(positiveWitness, test)), ...errors];
}

/**
 * Why a flag is raised, in one execution that raises it: the events that its first reason is about, then all.
 */
function flagLines(test: LitmusTest, witness: FlagWitness | undefined): string[] {
  if (!witness) return [];
  const { execution, events } = witness;
  const about = (events[0] ?? []).map((event) => Object.values(eventInWords(execution, event, test)));
  return [
    ...tableText(about).map((line) => `    ${line}`),
    ...executionReport(execution, test).map((line) => `    ${line}`),
  ];
}

/** Why an answer may not be whole, in words. */
export function incompletenessText(limit: Incompleteness): string {
  switch (limit.kind) {
    case 'timeout':
      return 'the time was up before every execution was seen';
    case 'states':
      return `the machine has more than ${limit.limit} ${limit.limit === 1 ? 'state' : 'states'}, not all of which were visited`;
    case 'memory':
      return `to see every execution takes more memory than it may (${Math.round(limit.limit / 2 ** 20)} MB)`;
    case 'stack':
      return 'the test is too large: following it takes more stack than there is';
    case 'effort':
      return 'the search has done as much work as it was to do';
    case 'unrolling': {
      const places = limit.places.map(({ source, start }) => `line ${source.position(start).line}`);
      return `loops or calls were not followed further than the unrolling limit (${[...new Set(places)].join(', ')})`;
    }
    case 'circular-values':
      return 'the model allows executions with values that depend on themselves and could not be determined';
  }
}
