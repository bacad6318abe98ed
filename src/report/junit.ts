import type { CheckResult, EngineDisagreement } from '../check/index.js';
import { warningText } from '../diagnostics.js';
import type { LitmusTest } from '../litmus/index.js';
import { disagreementReport } from './disagreement-text.js';
import { answerText, type Expected, outcomeOf, unexpectedIn } from './expected.js';
import { formatCondition } from './format.js';
import { incompletenessText } from './text.js';

/**
 * One test under one model as a `testcase` of JUnit's XML, the form in which CI servers take test results: a
 * failure where the verdict is not the expected one, or an execution is in an error that is not expected;
 * skipped where it is not decided.
 * @param time milliseconds
 */
export function junitCase(
  test: LitmusTest,
  model: string,
  result: CheckResult,
  time: number,
  expected?: Expected,
  failOnFlag = false,
): string {
  const detail = `${result.verdict} ${formatCondition(test)}`;
  const told = test.warnings.map((warning) => `${warningText(warning)}\n`).join('');
  const err = told && `<system-err>${escaped(told)}</system-err>`;
  return testcase(test.source.name, `${test.name} under ${model}`, time, inside() + err);

  function inside(): string {
    const { verdict, incomplete, flags } = result;
    const outcome = outcomeOf(result, expected, failOnFlag);
    const unexpected = unexpectedIn(result, expected, failOnFlag);
    const out = flags.length > 0 ? `<system-out>${escaped(`flags: ${flags.join(', ')}`)}</system-out>` : '';
    if (outcome === 'undecided')
      return `<skipped message="${escaped(incomplete.map(incompletenessText).join('; '))}"/>${out}`;
    if (outcome === 'met') return out;
    const wanted = expected
      ? `expected ${answerText(expected.verdict, expected.flags)}`
      : 'no error is expected';
    const message = `${wanted}, got ${answerText(verdict, expected?.flags ? flags : unexpected)}`;
    return `<failure message="${escaped(message)}">${escaped(detail)}</failure>${out}`;
  }
}

/** A test on which two engines differ, as a `testcase` that failed. */
export function junitDisagreement(error: EngineDisagreement): string {
  const { test, subject, message } = error;
  const failure = `<failure message="${escaped(message)}">${escaped(disagreementReport(error))}</failure>`;
  return testcase(test.source.name, `${test.name} under ${subject}`, 0, failure);
}

/** A file that could not be checked, as a `testcase` with an error. */
export function junitError(file: string, message: string): string {
  const [first] = message.split('\n', 1);
  return testcase(file, file, 0, `<error message="${escaped(first)}">${escaped(message)}</error>`);
}

/** A file that a limit kept from being read, as a `testcase` that is skipped. */
export function junitUndecided(file: string, reason: string): string {
  return testcase(file, file, 0, `<skipped message="${escaped(reason)}"/>`);
}

/**
 * What a document begins and ends with. Between them stand the suites, which need not be known before: each
 * has its own counts.
 */
export const JUNIT_START = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
export const JUNIT_END = '</testsuites>\n';

/** The cases of one file. */
export function junitSuite(
  file: string,
  cases: string,
  counts: {
    readonly checks: number;
    readonly failed: number;
    readonly undecided: number;
    readonly errors: number;
  },
): string {
  const { checks, failed, undecided, errors } = counts;
  // A file that cannot be read as a test is a case too, though nothing was checked.
  const tests = `tests="${checks + errors}" failures="${failed}" errors="${errors}" skipped="${undecided}"`;
  return `<testsuite name="${escaped(file)}" ${tests}>\n${cases}</testsuite>\n`;
}

function testcase(file: string, name: string, time: number, inside: string): string {
  const head = `<testcase classname="${escaped(file)}" name="${escaped(name)}" time="${(time / 1000).toFixed(3)}"`;
  return inside ? `${head}>${inside}</testcase>\n` : `${head}/>\n`;
}

/** XML 1.0 has no control characters but tab and the ends of lines. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '\ufffd');
}
