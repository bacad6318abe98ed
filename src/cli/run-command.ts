import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CheckResult, check, type Question } from '../check/index.js';
import { SourceError } from '../diagnostics.js';
import { type Era, eras, type TargetName, targets as targetNames } from '../kernel/index.js';
import { type LitmusTest, parseLitmus } from '../litmus/index.js';
import { herdReport, jsonReport, textReport } from '../report/index.js';
import { EXIT, UsageError } from './exit.js';
import { litmusFiles, readSource } from './files.js';
import { expectedVerdict, isTarget, plansFor, type RunPlan } from './plans.js';
import { Progress } from './progress.js';
import { terminalStyle } from './style.js';

interface RunOptions {
  readonly model?: readonly string[];
  readonly target?: readonly TargetName[];
  readonly kernel: Era;
  readonly states?: boolean;
  readonly count?: boolean;
  readonly witness?: boolean;
  readonly format: 'text' | 'herd' | 'json';
  readonly timeout?: number;
  readonly unroll?: number;
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('check litmus tests, and compare with what they expect')
    .argument('<files...>', 'litmus files, folders with them, or globs')
    .option(
      '--model <names>',
      'models that ship (fenceline models lists them) or paths of cat files, comma-separated',
      list,
    )
    .option(
      '--target <names>',
      `machines that a C program's primitives are mapped to: ${targetNames.join(', ')}`,
      targets,
    )
    .addOption(
      new Option('--kernel <era>', 'kernel whose mapping of primitives is used').choices(eras).default('6.x'),
    )
    .option('--states', 'list all reachable final states')
    .option('--count', 'list the states, and count all consistent executions, as herd7 does')
    .option('--witness', 'show an execution that satisfies the condition')
    .addOption(
      new Option('--format <format>', 'what to print').choices(['text', 'herd', 'json']).default('text'),
    )
    .option('--timeout <seconds>', 'give up on a test after this time', positive)
    .option(
      '--unroll <n>',
      'how often a loop that depends on what is read may start again (default: 2)',
      natural,
    )
    .action(run);
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

function targets(text: string): TargetName[] {
  return list(text).map((name) => {
    if (!isTarget(name))
      throw new InvalidArgumentError(`There is no target ${name}; there are ${targetNames.join(', ')}.`);
    return name;
  });
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}

function natural(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('A whole number from 0 on is expected.');
  return value;
}

/** What a run came to, over all tests. */
interface Tally {
  checks: number;
  failed: number;
  undecided: number;
  readonly errors: string[];
}

function run(patterns: readonly string[], options: RunOptions): void {
  const files = litmusFiles(patterns);
  const tally: Tally = { checks: 0, failed: 0, undecided: 0, errors: [] };
  const progress = new Progress(files.length);
  files.forEach((file, index) => {
    progress.show(index, file);
    try {
      runFile(file, options, tally, progress);
    } catch (error) {
      if (!(error instanceof SourceError || error instanceof UsageError)) throw error;
      tally.errors.push(error.message);
    }
  });
  progress.clear();
  for (const error of tally.errors) console.error(error);
  if (options.format === 'text' && files.length > 1) console.log(summary(files.length, tally));
  process.exitCode = exitCode(tally);
}

function runFile(file: string, options: RunOptions, tally: Tally, progress: Progress): void {
  const test = parseLitmus(readSource(file));
  const plans = plansFor(test, {
    ...(options.model ? { models: options.model } : {}),
    ...(options.target ? { targets: options.target } : {}),
    era: options.kernel,
  });
  for (const plan of plans) {
    const start = performance.now();
    const result = check(test, plan.model, {
      question: questionOf(options),
      ...(plan.target ? { target: plan.target } : {}),
      ...(options.unroll === undefined ? {} : { unroll: options.unroll }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout * 1000 }),
    });
    const expected = expectedVerdict(test, plan);
    tally.checks++;
    // Without an expectation, it is the condition with its quantifier that is asked for: one half may be enough for it.
    if (expected === undefined ? result.holds === undefined : result.verdict === 'Unknown') tally.undecided++;
    else if (expected !== undefined && expected !== result.verdict) tally.failed++;
    progress.clear();
    process.stdout.write(report(test, plan, result, performance.now() - start, expected, options));
  }
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
    case 'text':
      return textReport(test, result, {
        model: plan.name,
        ...(expected ? { expected } : {}),
        witness: options.witness ?? false,
        style: terminalStyle,
      });
  }
}

function summary(files: number, { checks, failed, undecided, errors }: Tally): string {
  const parts = [`${files} files, ${checks} checks`, `${failed} not as expected`];
  if (undecided > 0) parts.push(`${undecided} undecided`);
  if (errors.length > 0) parts.push(`${errors.length} with errors`);
  return parts.join(', ');
}

function exitCode({ failed, undecided, errors }: Tally): number {
  if (errors.length > 0) return EXIT.badInput;
  if (failed > 0) return EXIT.failed;
  return undecided > 0 ? EXIT.undecided : EXIT.good;
}
