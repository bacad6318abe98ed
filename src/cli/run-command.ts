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
import type { FileOutcome, RunOptions } from './run-file.js';

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('check litmus tests, and compare with what they expect')
    .argument('<files...>', 'litmus files, folders with them, or globs')
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
  addModelOptions(addLimitOptions(command)).action(run);
}

interface Options extends Omit<RunOptions, 'settings'>, ModelOptions {
  readonly jobs?: number;
}

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

async function run(patterns: readonly string[], { jobs, ...given }: Options): Promise<void> {
  const options = configured(given);
  const files = await litmusFiles(patterns);
  const tally: Tally = { checks: 0, failed: 0, undecided: 0, errors: [] };
  const progress = new Progress(files.length);
  const isJunit = options.format === 'junit';
  let done = 0;
  if (isJunit) await write(JUNIT_START);
  progress.show(0, files[0]);
  for await (const outcome of checkFiles(files, options, jobs)) {
    progress.clear();
    await write(isJunit ? suiteOf(files[done], outcome) : outcome.output);
    if (outcome.warnings) process.stderr.write(outcome.warnings);
    add(tally, outcome);
    done++;
    if (done < files.length) progress.show(done, files[done]);
  }
  progress.clear();
  if (isJunit) await write(JUNIT_END);
  for (const error of tally.errors) console.error(error);
  if (options.format === 'text' && files.length > 1) console.log(summary(files.length, tally));
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
