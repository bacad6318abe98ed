import { type CheckResult, check, type Question } from '../check/index.js';
import { SourceError } from '../diagnostics.js';
import type { Era, TargetName } from '../kernel/index.js';
import { type LitmusTest, parseLitmus } from '../litmus/index.js';
import { herdReport, jsonReport, junitCase, junitError, textReport } from '../report/index.js';
import { UsageError } from './exit.js';
import { readSource } from './files.js';
import { expectedVerdict, plansFor, type RunPlan } from './plans.js';
import { terminalStyle } from './style.js';

/** The options of `fenceline run` that say how each file is checked: plain data, so that they can go to another thread. */
export interface RunOptions {
  readonly model?: readonly string[];
  readonly target?: readonly TargetName[];
  readonly kernel: Era;
  readonly states?: boolean;
  readonly count?: boolean;
  readonly witness?: boolean;
  readonly format: 'text' | 'herd' | 'json' | 'junit';
  readonly timeout?: number;
  readonly unroll?: number;
}

/** What checking one file came to. */
export interface FileOutcome {
  /** What goes to the standard output. */
  readonly output: string;
  readonly checks: number;
  /** Checks that did not come out as expected. */
  readonly failed: number;
  readonly undecided: number;
  /** Why the file could not be checked, or not to the end. */
  readonly error?: string;
}

/** Checks the test of a file under each model asked for. An error in the file is part of the outcome. */
export function checkFile(file: string, options: RunOptions): FileOutcome {
  const outcome = { output: '', checks: 0, failed: 0, undecided: 0 };
  try {
    const test = parseLitmus(readSource(file));
    for (const plan of plansOf(test, options)) {
      const start = performance.now();
      const result = checkUnder(test, plan, options);
      const expected = expectedVerdict(test, plan);
      outcome.checks++;
      // Without an expectation, it is the condition with its quantifier that is asked for: one half may be enough for it.
      if (expected === undefined ? result.holds === undefined : result.verdict === 'Unknown')
        outcome.undecided++;
      else if (expected !== undefined && expected !== result.verdict) outcome.failed++;
      outcome.output += report(test, plan, result, performance.now() - start, expected, options);
    }
    return outcome;
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof UsageError)) throw error;
    if (options.format === 'junit') outcome.output += junitError(file, error.message);
    return { ...outcome, error: error.message };
  }
}

function plansOf(test: LitmusTest, options: RunOptions): RunPlan[] {
  return plansFor(test, {
    ...(options.model ? { models: options.model } : {}),
    ...(options.target ? { targets: options.target } : {}),
    era: options.kernel,
  });
}

function checkUnder(test: LitmusTest, plan: RunPlan, options: RunOptions): CheckResult {
  return check(test, plan.model, {
    question: questionOf(options),
    ...(plan.target ? { target: plan.target } : {}),
    ...(options.unroll === undefined ? {} : { unroll: options.unroll }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout * 1000 }),
  });
}

function questionOf(options: RunOptions): Question {
  if (options.count) return 'count';
  return options.states || options.format === 'herd' ? 'states' : 'verdict';
}

function report(
  test: LitmusTest,
  plan: RunPlan,
  result: CheckResult,
  time: number,
  expected: string | undefined,
  options: RunOptions,
): string {
  switch (options.format) {
    case 'herd':
      return herdReport(test, result, time / 1000);
    case 'json':
      return `${JSON.stringify(jsonReport(test, plan.name, result, time, expected))}\n`;
    case 'junit':
      return junitCase(test, plan.name, result, time, expected);
    case 'text':
      return textReport(test, result, {
        model: plan.name,
        ...(expected ? { expected } : {}),
        witness: options.witness ?? false,
        style: terminalStyle,
      });
  }
}
