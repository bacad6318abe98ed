import {
  type CheckOptions,
  checkWith,
  type EngineAnswer,
  EngineDisagreement,
  EngineError,
  type EngineName,
  type Question,
  type SearchStrategy,
  withSomethingShown,
} from '../check/index.js';
import { Source, SourceError, warningText } from '../diagnostics.js';
import { explainAll } from '../explain/index.js';
import type { Era, TargetName } from '../kernel/index.js';
import { LimitReached, within } from '../limits.js';
import { type LitmusTest, parseLitmus } from '../litmus/index.js';
import {
  disagreementJson,
  disagreementReport,
  type Expected,
  explanationsJson,
  explanationsReport,
  herdReport,
  type JsonReport,
  jsonReport,
  junitCase,
  junitDisagreement,
  junitError,
  limitWarnings,
  outcomeOf,
  textReport,
  unreadReport,
} from '../report/index.js';
import { UsageError } from './exit.js';
import { readSource } from './files.js';
import { type LimitOptions, limitsOf } from './limit-options.js';
import { ModelFiles, type ModelSettings } from './model-files.js';
import { expectationOf, plansFor, type RunPlan } from './plans.js';
import { stepCommand } from './step-options.js';
import { terminalStyle } from './style.js';

/**
 * The options of `fenceline run` that say how each file is checked: plain data, so that they can go to
 * another thread.
 */
export interface RunOptions extends LimitOptions {
  readonly model?: readonly string[];
  readonly target?: 'all' | readonly TargetName[];
  readonly kernel: Era;
  readonly states?: boolean;
  readonly count?: boolean;
  readonly witness?: boolean;
  readonly explain?: boolean;
  readonly format: 'text' | 'herd' | 'json' | 'junit';
  readonly failOnFlag?: boolean;
  readonly engine?: EngineName;
  readonly maxStates?: number;
  readonly unroll?: number;
  readonly search?: SearchStrategy;
  /** What is read besides the models. */
  readonly settings: ModelSettings;
}

/** What checking one file came to. */
export interface FileOutcome {
  /** What goes to the standard output. */
  readonly output: string;
  readonly checks: number;
  /** Checks that did not come out as expected. */
  readonly failed: number;
  readonly undecided: number;
  /**
   * What the test's writer should know of it; where two engines differ, all about that; limits reached that
   * the output cannot tell.
   */
  readonly warnings: string;
  /** Why the file could not be checked, or not to the end. */
  readonly error?: string;
}

/** A file, or the text of one that is nowhere. */
export type TestFile = string | { readonly name: string; readonly text: string };

export function nameOfFile(file: TestFile): string {
  return typeof file === 'string' ? file : file.name;
}

/** Checks the test of a file under each model asked for. An error in the file is part of the outcome. */
export function checkFile(file: TestFile, options: RunOptions): FileOutcome {
  const outcome = { output: '', checks: 0, failed: 0, undecided: 0, warnings: '' };
  try {
    const files = filesFor(options.settings);
    const { test, plans } = within(limitsOf(options), () => planned(file, options, files));
    outcome.warnings = test.warnings.map((warning) => `${warningText(warning)}\n`).join('');
    for (const plan of plans) {
      const start = performance.now();
      const answer = checkUnder(test, plan, options);
      outcome.checks++;
      if (answer instanceof EngineDisagreement) {
        outcome.failed++;
        outcome.warnings += `${disagreementReport(answer)}\n`;
        outcome.output += differing(answer, options);
        continue;
      }
      const { result } = answer;
      const expected = expectationOf(test, plan);
      const came = outcomeOf(result, expected, options.failOnFlag);
      if (came === 'undecided') outcome.undecided++;
      else if (came === 'failed') outcome.failed++;
      outcome.output += report(test, plan, answer, performance.now() - start, expected, options);
      // The lines of herd7 have no place for it.
      if (options.format === 'herd') outcome.warnings += limitWarnings(test, result);
    }
    return outcome;
  } catch (error) {
    if (error instanceof LimitReached) return unread(file, error, outcome, options);
    if (!(error instanceof SourceError || error instanceof UsageError)) throw error;
    if (options.format === 'junit') outcome.output += junitError(nameOfFile(file), error.message);
    return { ...outcome, error: error.message };
  }
}

/** Reads a test, and the models that it is to be checked under. */
function planned(file: TestFile, options: RunOptions, files: ModelFiles) {
  const read = parseLitmus(sourceOfFile(file), { macros: files.macros });
  // herd7 shows what a test names, and nothing else.
  const test = options.format === 'herd' ? read : withSomethingShown(read);
  return { test, plans: plansOf(test, options, files) };
}

/** A limit was reached before the test, or a model, was read. */
function unread(
  file: TestFile,
  { message }: LimitReached,
  outcome: FileOutcome,
  { format }: RunOptions,
): FileOutcome {
  const told = { ...outcome, checks: outcome.checks + 1, undecided: outcome.undecided + 1 };
  if (format === 'herd')
    return { ...told, warnings: `Warning: File "${nameOfFile(file)}": not read: ${message}\n` };
  return { ...told, output: outcome.output + unreadReport(nameOfFile(file), message, format, terminalStyle) };
}

function sourceOfFile(file: TestFile): Source {
  return typeof file === 'string' ? readSource(file) : new Source(file.name, file.text);
}

const knownFiles = new Map<string, ModelFiles>();

/** One for all files that a thread checks with the same settings: models and macros are read once. */
function filesFor(settings: ModelSettings): ModelFiles {
  const key = JSON.stringify(settings);
  const files = knownFiles.get(key) ?? new ModelFiles(settings);
  knownFiles.set(key, files);
  return files;
}

function plansOf(test: LitmusTest, options: RunOptions, files: ModelFiles): RunPlan[] {
  const { model, target, engine } = options;
  const plans = plansFor(test, {
    ...(model ? { models: model } : {}),
    ...(target ? { targets: target } : {}),
    era: options.kernel,
    files,
  });
  if (model || Array.isArray(target) || !(engine === 'operational' || engine === 'both')) return plans;
  // Nobody has named the models: an engine that runs machines is asked about those that are machines.
  const machines = plans.filter(({ machine }) => machine !== undefined);
  return machines.length > 0 ? machines : plans;
}

function checkUnder(test: LitmusTest, plan: RunPlan, options: RunOptions): EngineAnswer | EngineDisagreement {
  try {
    return checkWith(test, options.engine ?? 'axiomatic', plan, checkOptions(plan, options));
  } catch (error) {
    if (error instanceof EngineDisagreement) return error;
    if (error instanceof EngineError) throw new UsageError(`${test.source.name}: ${error.message}`);
    throw error;
  }
}

function checkOptions({ target }: RunPlan, options: RunOptions): CheckOptions {
  const { unroll, maxStates, search } = options;
  return {
    question: questionOf(options),
    trace: options.witness ?? false,
    ...(target ? { target } : {}),
    ...(unroll === undefined ? {} : { unroll }),
    ...limitsOf(options),
    ...(search === undefined ? {} : { search }),
    ...(maxStates === undefined ? {} : { maxStates }),
  };
}

function questionOf(options: RunOptions): Question {
  if (options.count) return 'count';
  return options.states || options.format === 'herd' ? 'states' : 'verdict';
}

function report(
  test: LitmusTest,
  plan: RunPlan,
  answer: EngineAnswer,
  time: number,
  expected: Expected | undefined,
  options: RunOptions,
): string {
  const { result } = answer;
  const shown = options.engine === undefined ? undefined : answer;
  switch (options.format) {
    case 'herd':
      return herdReport(test, result, time / 1000);
    case 'json':
      return `${JSON.stringify(jsonReport(test, plan.name, result, time, expected, shown, options.witness, explanationData(test, plan, answer, options)))}\n`;
    case 'junit':
      return junitCase(test, plan.name, result, time, expected, options.failOnFlag);
    case 'text':
      return textReport(test, result, {
        model: plan.name,
        ...(expected ? { expected } : {}),
        witness: options.witness ?? false,
        failOnFlag: options.failOnFlag ?? false,
        again: stepCommand(test.source.name, plan.machine ?? plan.name, plan.target),
        ...(options.explain ? { explanation: explanationOf(test, plan, answer, options) } : {}),
        ...(shown ? { answer: shown } : {}),
        style: terminalStyle,
      });
  }
}

const NO_MODEL = 'only models are explained, and no model has the name of this machine';

function explanationOf(
  test: LitmusTest,
  plan: RunPlan,
  { result }: EngineAnswer,
  options: RunOptions,
): string[] {
  const { model } = plan;
  if (!model) return [`not explained: ${NO_MODEL}`];
  return explanationsReport(explainAll(test, model, result, checkOptions(plan, options)), test, model);
}

function explanationData(
  test: LitmusTest,
  plan: RunPlan,
  { result }: EngineAnswer,
  options: RunOptions,
): JsonReport['explanation'] {
  const { model } = plan;
  if (!options.explain) return undefined;
  if (!model) return { reason: NO_MODEL };
  return explanationsJson(explainAll(test, model, result, checkOptions(plan, options)), test, model);
}

/** What stands in a program's output for a test on which two engines differ. */
function differing(error: EngineDisagreement, { format }: RunOptions): string {
  if (format === 'json') return `${JSON.stringify(disagreementJson(error))}\n`;
  return format === 'junit' ? junitDisagreement(error) : '';
}
