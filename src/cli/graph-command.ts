import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type CheckOptions, check } from '../check/index.js';
import { SourceError } from '../diagnostics.js';
import { explainAll } from '../explain/index.js';
import { type Era, eras, type TargetName, targets as targetNames } from '../kernel/index.js';
import { type LitmusTest, parseLitmus } from '../litmus/index.js';
import { dotOf, pictureOfAll, svgOf } from '../report/index.js';
import { EXIT, UsageError } from './exit.js';
import { readSource } from './files.js';
import { list, targets } from './lists.js';
import { ModelFiles } from './model-files.js';
import { count, natural, positive } from './numbers.js';
import { plansFor, type RunPlan } from './plans.js';

interface GraphOptions {
  readonly model?: readonly string[];
  readonly target?: readonly TargetName[];
  readonly kernel: Era;
  readonly format?: 'dot' | 'svg';
  readonly output?: string;
  readonly way: number;
  readonly timeout?: number;
  readonly unroll?: number;
}

export function addGraphCommand(program: Command): void {
  program
    .command('graph')
    .description(
      'draw an execution with the outcome of a test, or one that the model forbids with the cycle that it contains',
    )
    .argument('<file>', 'a litmus file')
    .option('--model <name>', 'a model that ships, or the path of a cat file', list)
    .option(
      '--target <name>',
      `the machine that a C program's primitives are mapped to: ${targetNames.join(', ')}`,
      targets,
    )
    .addOption(
      new Option('--kernel <era>', 'kernel whose mapping of primitives is used').choices(eras).default('6.x'),
    )
    .addOption(
      new Option(
        '--format <format>',
        'what to write (default: what the output file is called, else dot)',
      ).choices(['dot', 'svg']),
    )
    .option('-o, --output <file>', 'where to write it (default: to the standard output)')
    .option('--way <n>', 'of a forbidden outcome: which of the ways to it', count, 1)
    .option('--timeout <seconds>', 'give up after this time', positive)
    .option(
      '--unroll <n>',
      'how often a loop that depends on what is read may start again (default: 2)',
      natural,
    )
    .action(graph);
}

async function graph(file: string, options: GraphOptions): Promise<void> {
  try {
    const dot = draw(file, options);
    const format = options.format ?? (options.output?.endsWith('.svg') ? 'svg' : 'dot');
    const text = format === 'svg' ? await svgOf(dot) : dot;
    if (options.output === undefined) process.stdout.write(text);
    else writeTo(options.output, text);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    console.error(error.message);
    process.exitCode = EXIT.badInput;
  }
}

function draw(file: string, options: GraphOptions): string {
  const test = parseLitmus(readSource(file));
  const plan = onlyPlan(test, options);
  const { model, target, name } = plan;
  if (!model)
    throw new UsageError(`${file}: ${name} is a machine alone, and pictures are of a model's executions`);
  const given: CheckOptions = {
    ...(target ? { target } : {}),
    ...(options.unroll === undefined ? {} : { unroll: options.unroll }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout * 1000 }),
  };
  const explanations = explainAll(test, model, check(test, model, given), given);
  try {
    return dotOf(pictureOfAll(explanations, test, name, options.way), test);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${file}: nothing to draw under ${name}: ${error.message}`);
  }
}

function onlyPlan(test: LitmusTest, { model, target, kernel }: GraphOptions): RunPlan {
  const plans = plansFor(test, {
    ...(model ? { models: model } : {}),
    ...(target ? { targets: target } : {}),
    era: kernel,
    files: new ModelFiles(),
  });
  if (plans.length === 1) return plans[0];
  const names = plans.map(({ name }) => name).join(', ');
  throw new UsageError(
    `${test.source.name}: a picture is of one model; say which with --model or --target: ${names}`,
  );
}

function writeTo(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
