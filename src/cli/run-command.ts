import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { searchStrategies } from '../check/index.js';
import { targets as targetNames } from '../kernel/index.js';
import { JUNIT_END, JUNIT_START, junitSuite } from '../report/index.js';
import { engineOption } from './engine-option.js';
import { EXIT } from './exit.js';
import { litmusFiles } from './files.js';
import { checkFiles } from './jobs.js';
import { kernelOption } from './kernel-option.js';
import { addLimitOptions } from './limit-options.js';
import { models, targetsOrAll } from './lists.js';
import { addModelOptions, herd7OptionsOf, type ModelOptions } from './model-options.js';
import { count, natural } from './numbers.js';
import { Progress } from './progress.js';
import type { FileOutcome, RunOptions, TestFile } from './run-file.js';

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('check litmus tests, and compare with what they expect')
    .argument('<files...>', 'litmus files, folders with them, or globs');
  addModelOptions(addCheckOptions(command)).action(run);
}

/** The options that say how tests are checked, wherever they come from. */
export function addCheckOptions(command: Command): Command {
  command
    .option(
      '--model <names>',
      'models that ship (fenceline models lists them) or paths of cat files, comma-separated',
      models,
    )
    .option(
      '--target <names>',
      `machines that a C program's primitives are mapped to: ${targetNames.join(', ')}; or all of them`,
      targetsOrAll,
    )
    .addOption(kernelOption())
    .option('--states', 'list all reachable final states')
    .option('--count', 'list the states, and count all consistent executions, as herd7 does')
    .option('--witness', 'show an execution that satisfies the condition')
    .option('--explain', 'say why the outcome can happen, or what forbids it')
    .addOption(
      new Option('--format <format>', 'what to print')
        .choices(['text', 'herd', 'json', 'junit'])
        .default('text'),
    )
    .option(
      '--fail-on-flag',
      'a flag of the model that no expectation names counts as a failure, as errors do',
    )
    .addOption(engineOption())
    .option('--max-states <n>', 'states after which a machine gives up on a test', natural)
    .option(
      '--unroll <n>',
      'how often a loop that depends on what is read may start again (default: 2)',
      natural,
    )
    .addOption(
      new Option(
        '--search <how>',
        'how to search for executions; the answers are the same (default: directed)',
      ).choices(searchStrategies),
    )
    .option('--jobs <n>', 'files checked at once (default: as many as there are processors)', count);
  return addLimitOptions(command);
}

/** What {@link addCheckOptions} adds. */
export interface CheckingOptions extends Omit<RunOptions, 'settings'> {
  readonly jobs?: number;
}

type Options = CheckingOptions & ModelOptions;

/** The options with what a configuration file says; what the command line says goes before it. */
function configured({ conf, bell, macros, I, variant, ...options }: Options): RunOptions {
  const given = { conf, bell, macros, I, variant };
  const read = herd7OptionsOf(given);
  const { model, timeout, unroll } = read;
  return {
    ...(model === undefined ? {} : { model: [model] }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(unroll === undefined ? {} : { unroll }),
    ...options,
    settings: read.settings(),
  };
}

/** What a run came to, over all tests. */
interface Tally {
  checks: number;
  failed: number;
  undecided: number;
  readonly errors: string[];
}

async function run(patterns: readonly string[], options: Options): Promise<void> {
  const files = await litmusFiles(patterns);
  await checkAll(files, files.length, options);
}

/**
 * Checks tests, and reports as they come.
 * @param total how many there are, where that is known
 */
export async function checkAll(
  tests: Iterable<TestFile>,
  total: number | undefined,
  { jobs, ...given }: Options,
): Promise<void> {
  const options = configured(given);
  const tally: Tally = { checks: 0, failed: 0, undecided: 0, errors: [] };
  const progress = new Progress(total);
  const isJunit = options.format === 'junit';
  let done = 0;
  if (isJunit) await write(JUNIT_START);
  for await (const { file, outcome } of checkFiles(tests, total, options, jobs)) {
    progress.clear();
    await write(isJunit ? suiteOf(file, outcome) : outcome.output);
    if (outcome.warnings) process.stderr.write(outcome.warnings);
    add(tally, outcome);
    done++;
    if (done !== total) progress.show(done, file);
  }
  progress.clear();
  if (isJunit) await write(JUNIT_END);
  for (const error of tally.errors) console.error(error);
  if (options.format === 'text' && done !== 1) console.log(summary(done, tally));
  process.exitCode = exitCode(tally);
}

/** Writes to the standard output, and waits while its reader is behind: what is not read would be held. */
async function write(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}

function suiteOf(file: string, { output, error, ...counts }: FileOutcome): string {
  return junitSuite(file, output, { ...counts, errors: error === undefined ? 0 : 1 });
}

function add(tally: Tally, { checks, failed, undecided, error }: FileOutcome): void {
  tally.checks += checks;
  tally.failed += failed;
  tally.undecided += undecided;
  if (error !== undefined) tally.errors.push(error);
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
