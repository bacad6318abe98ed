import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CheckOptions, check } from '../check/index.js';
import { SourceError } from '../diagnostics.js';
import { explainAll } from '../explain/index.js';
import { type Era, type TargetName, targets as targetNames } from '../kernel/index.js';
import type { LitmusTest } from '../litmus/index.js';
import {
  dotOf,
  layoutOf,
  type Picture,
  type PictureRelation,
  pictureOfAll,
  pictureRelationNames,
  svgOf,
  type Theme,
  usualRelations,
} from '../report/index.js';
import { EXIT, UsageError } from './exit.js';
import { readTest } from './files.js';
import { kernelOption } from './kernel-option.js';
import { addLimitOptions, type LimitOptions, limitsOf } from './limit-options.js';
import { list, models, targets } from './lists.js';
import { ModelFiles } from './model-files.js';
import { count, natural } from './numbers.js';
import { plansFor, type RunPlan } from './plans.js';
import { pngOf } from './png.js';

const formats = ['dot', 'svg', 'png'] as const;
type Format = (typeof formats)[number];

interface GraphOptions extends LimitOptions {
  readonly model?: readonly string[];
  readonly target?: readonly TargetName[];
  readonly kernel: Era;
  readonly format?: Format;
  readonly output?: string;
  readonly show?: readonly PictureRelation[];
  readonly hide?: readonly PictureRelation[];
  readonly theme: Theme;
  readonly way: number;
  readonly unroll?: number;
}

export function addGraphCommand(program: Command): void {
  const command = program
    .command('graph')
    .description(
      'draw an execution with the outcome of a test, or one that the model forbids with the cycle that it contains',
    )
    .argument('<file>', 'a litmus file')
    .option('--model <name>', 'a model that ships, or the path of a cat file', models)
    .option(
      '--target <name>',
      `the machine that a C program's primitives are mapped to: ${targetNames.join(', ')}`,
      targets,
    )
    .addOption(kernelOption())
    .addOption(
      new Option(
        '--format <format>',
        'what to write (default: what the output file is called, else dot)',
      ).choices(formats),
    )
    .option('-o, --output <file>', 'where to write it (default: to the standard output)')
    .option(
      '--show <relations>',
      `the relations to draw: all, or some of ${pictureRelationNames.join(', ')} (default: all but init)`,
      relations,
    )
    .option('--hide <relations>', 'relations that are not drawn', relations)
    .addOption(
      new Option('--theme <theme>', 'colours of svg and png; auto is as the reader has it')
        .choices(['auto', 'light', 'dark'])
        .default('auto'),
    )
    .option('--way <n>', 'of a forbidden outcome: which of the ways to it', count, 1)
    .option(
      '--unroll <n>',
      'how often a loop that depends on what is read may start again (default: 2)',
      natural,
    );
  addLimitOptions(command, 'it').action(graph);
}

async function graph(file: string, options: GraphOptions): Promise<void> {
  try {
    const format = formatOf(options);
    const drawing = await draw(file, options, format);
    if (options.output === undefined) process.stdout.write(drawing);
    else writeTo(options.output, drawing);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    console.error(error.message);
    process.exitCode = EXIT.badInput;
  }
}

function formatOf({ format, output = '' }: GraphOptions): Format {
  const ending = extname(output).toLowerCase();
  if (format || ending === '' || ending === '.gv') return format ?? 'dot';
  const named = formats.find((one) => ending === `.${one}`);
  if (named) return named;
  throw new UsageError(
    `${output}: pictures are written as .svg, .png and .dot; write an .svg, which browsers print as PDF and other programs convert`,
  );
}

async function draw(file: string, options: GraphOptions, format: Format): Promise<string | Uint8Array> {
  const test = readTest(file, limitsOf(options));
  const picture = pictureIn(file, test, options);
  const shown = shownOf(options);
  if (format === 'dot') return dotOf(picture, test, { shown });
  const layout = layoutOf(picture, test, { shown });
  const svg = svgOf(layout, options);
  return format === 'svg' ? svg : pngOf(layout, svg);
}

/** `rf,co`, or `all`. */
function relations(value: string): PictureRelation[] {
  const names = list(value);
  if (names.includes('all')) return [...pictureRelationNames];
  const isKnown = (name: string): name is PictureRelation =>
    (pictureRelationNames as readonly string[]).includes(name);
  return names.map((name) => {
    if (isKnown(name)) return name;
    throw new InvalidArgumentError(
      `There is no relation ${name}; there are ${pictureRelationNames.join(', ')}. Or say all.`,
    );
  });
}

function shownOf({ show = [...usualRelations], hide = [] }: GraphOptions): ReadonlySet<PictureRelation> {
  return new Set(show.filter((name) => !hide.includes(name)));
}

function pictureIn(file: string, test: LitmusTest, options: GraphOptions): Picture {
  const { model, target, name } = onlyPlan(test, options);
  if (!model)
    throw new UsageError(`${file}: ${name} is a machine alone, and pictures are of a model's executions`);
  const given: CheckOptions = {
    ...(target ? { target } : {}),
    ...(options.unroll === undefined ? {} : { unroll: options.unroll }),
    ...limitsOf(options),
  };
  const explanations = explainAll(test, model, check(test, model, given), given);
  try {
    return pictureOfAll(explanations, test, name, options.way);
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

function writeTo(path: string, drawing: string | Uint8Array): void {
  try {
    writeFileSync(path, drawing);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
