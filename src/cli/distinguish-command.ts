import { type Command, Option } from 'commander';
import { type Difference, type Distinction, distinguish } from '../compare/index.js';
import { SourceError } from '../diagnostics.js';
import { CycleError, dialectNamed, generatedDialects } from '../generate/index.js';
import { type Era, type TargetName, targets } from '../kernel/index.js';
import { contenderNamed, dialectOf } from './contenders.js';
import { EXIT, UsageError } from './exit.js';
import { kernelOption } from './kernel-option.js';
import { addLimitOptions, type LimitOptions, limitsOf } from './limit-options.js';
import { list } from './lists.js';
import { ModelFiles } from './model-files.js';
import { addModelOptions, herd7OptionsOf, type ModelOptions } from './model-options.js';
import { count } from './numbers.js';

interface DistinguishOptions extends LimitOptions, ModelOptions {
  readonly dialect?: string;
  readonly size: number;
  readonly words?: readonly string[];
  readonly all?: boolean;
  readonly target?: TargetName;
  readonly kernel: Era;
  readonly format: 'text' | 'json';
}

export function addDistinguishCommand(program: Command): void {
  const command = program
    .command('distinguish')
    .description('find the smallest program that tells two models apart, by going through all programs')
    .argument('<first>', 'a model that ships, a machine, or a cat file')
    .argument('<second>', 'another one')
    .option('--dialect <name>', `what programs are written in: ${generatedDialects.join(', ')}`)
    .option('--size <n>', 'accesses of a program, at most', count, 4)
    .option(
      '--words <list>',
      'the fences, dependencies, annotations and read-modify-writes that programs have, comma-separated; "" for none (default: all that make a difference)',
      list,
    )
    .option('--all', 'every minimal program, and not one alone')
    .addOption(
      new Option(
        '--target <name>',
        'the machine that C programs are mapped to for a model that is of none (default: lkmm)',
      ).choices(targets),
    )
    .addOption(kernelOption())
    .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json']).default('text'));
  addModelOptions(addLimitOptions(command, 'the search')).action(compareModels);
}

function compareModels(first: string, second: string, options: DistinguishOptions): void {
  try {
    const { dialect, distinction } = distinctionOf(first, second, options);
    if (distinction.limit !== undefined || distinction.undecided > 0) process.exitCode = EXIT.undecided;
    if (options.format === 'json') console.log(json(first, second, dialect, distinction));
    else process.stdout.write(text(first, second, dialect, distinction));
  } catch (error) {
    if (error instanceof CycleError) throw new UsageError(error.message);
    if (!(error instanceof SourceError)) throw error;
    console.error(error.message);
    process.exitCode = EXIT.badInput;
  }
}

function distinctionOf(first: string, second: string, options: DistinguishOptions) {
  const { size, words, all, kernel: era, target } = options;
  const dialect = options.dialect === undefined ? dialectOf([first, second]) : dialectNamed(options.dialect);
  const files = new ModelFiles(herd7OptionsOf(options).settings());
  const [one, other] = [first, second].map((name) =>
    contenderNamed(name, dialect === 'C', { era, files, ...(target && { target }) }),
  );
  const given = { dialect, size, ...(words && { words }), ...(all && { all }), ...limitsOf(options) };
  return { dialect, distinction: distinguish(one, other, given) };
}

function text(first: string, second: string, dialect: string, distinction: Distinction): string {
  const { differences } = distinction;
  const directions = [
    [second, first],
    [first, second],
  ] as const;
  const found = directions.flatMap(([allowing, forbidding]) => {
    const own = differences.filter((one) => one.allowedBy === allowing && one.forbiddenBy === forbidding);
    return own.length > 0
      ? own.map(differenceText)
      : [`${allowing} allows nothing that ${forbidding} forbids, ${extentOf(distinction)}\n`];
  });
  return `${found.join('\n')}\n${programsText(distinction, dialect)}\n`;
}

function differenceText({ allowedBy, forbiddenBy, text: test }: Difference): string {
  return `${allowedBy} allows and ${forbiddenBy} forbids:\n${test}`;
}

function extentOf({ exhausted, limit, undecided }: Distinction): string {
  const open = undecided > 0 ? `, but for ${undecided} that were not decided` : '';
  const ends = limit === undefined ? '' : `: the search came to its limit (${limit})`;
  return `on all programs of up to ${exhausted} accesses${open}${ends}`;
}

function programsText({ programs }: Distinction, dialect: string): string {
  const parts = [...programs].map(([size, number]) => `${number} of ${size}`);
  const total = [...programs.values()].reduce((sum, one) => sum + one, 0);
  return `${total} ${dialect} programs looked at: ${parts.join(', ')} accesses`;
}

function json(
  first: string,
  second: string,
  dialect: string,
  { programs, ...distinction }: Distinction,
): string {
  const sizes = Object.fromEntries(programs);
  return JSON.stringify({ first, second, dialect, ...distinction, programs: sizes });
}
