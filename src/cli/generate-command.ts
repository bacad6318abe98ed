import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import {
  CycleError,
  cycleText,
  dialectNamed,
  generatedDialects,
  modes,
  type NamedTest,
  observations,
  readConfiguration,
  type Settings,
  TestGenerator,
  vocabularyOf,
} from '../generate/index.js';
import { UsageError } from './exit.js';
import { readSource } from './files.js';
import { count } from './numbers.js';
import { addCheckOptions, type CheckingOptions, checkAll } from './run-command.js';

interface GenerateOptions extends CheckingOptions {
  readonly dialect?: string;
  readonly cycle?: string;
  readonly relaxations?: readonly string[];
  readonly relaxed?: readonly string[];
  readonly reject?: readonly string[];
  readonly prefix?: readonly string[];
  readonly size?: number;
  readonly exact?: boolean;
  readonly mode?: Settings['mode'];
  readonly cpus?: number;
  readonly variables?: number;
  readonly edges?: number;
  readonly observers?: Settings['observers'];
  readonly observe?: boolean;
  readonly oneLocation?: boolean;
  readonly name?: string;
  readonly conf?: string;
  readonly out?: string;
  readonly text?: boolean;
  readonly run?: boolean;
  readonly list?: boolean;
}

const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];

export function addGenerateCommand(program: Command): void {
  const command = program
    .command('generate')
    .description('write litmus tests, from cycles of relaxations such as PodWR Fre PodWR Fre')
    .option('--dialect <name>', `what they are written in: ${generatedDialects.join(', ')}`)
    .option('--cycle <cycle>', 'the test of one cycle')
    .option(
      '--relaxations <list>',
      'all cycles of these, such as "Rfe Fre Pod**"; may be repeated',
      collected,
    )
    .option('--relaxed <list>', 'each cycle has one of these besides; may be repeated', collected)
    .option('--reject <list>', 'no cycle has one of these in it; may be repeated', collected)
    .option('--prefix <list>', 'each cycle begins with one of these; may be repeated', collected)
    .option('--size <n>', 'relaxations in a cycle, at most (default: 6)', count)
    .option('--exact', 'cycles of that size alone')
    .addOption(new Option('--mode <mode>', 'which may follow each other (default: default)').choices(modes))
    .option('--cpus <n>', 'CPUs of a test, at most (default: 4)', count)
    .option('--variables <n>', 'variables of a test, at most', count)
    .option(
      '--edges <n>',
      "edges of a CPU's code, at most, that which leaves it among them (default: 4)",
      count,
    )
    .addOption(
      new Option(
        '--observers <how>',
        'what tells the order of three writes of a variable (default: avoid)',
      ).choices(observations),
    )
    .option('--observe', 'list all final states, and ask for none')
    .option('--one-location', 'cycles within one variable are tests as well')
    .option('--name <name>', 'call the tests by this and a number')
    .option('--conf <file>', "a configuration file of diy7's; what the command line says goes before it")
    .option('--out <folder>', 'write a file for each test, and their names to @all')
    .option('--text', 'print the tests, and not their cycles alone')
    .option('--list', 'list the words that relaxations are made of in the dialect')
    .option('--run', 'check the tests as fenceline run does, whose options follow');
  addCheckOptions(command).action(generate);
}

async function generate(given: GenerateOptions): Promise<void> {
  try {
    await generateWith(given);
  } catch (error) {
    if (error instanceof CycleError) throw new UsageError(error.message);
    throw error;
  }
}

async function generateWith(given: GenerateOptions): Promise<void> {
  if (given.list) return console.log(wordsOf(given));
  const settings = settingsOf(given);
  const tests = new TestGenerator(settings).tests();
  if (given.run) await checkAll(textsOf(tests), undefined, given);
  else if (given.out !== undefined) await writeAll(tests, given.out);
  else printTests(tests, given.text === true || settings.cycle !== undefined);
}

function wordsOf({ dialect }: GenerateOptions): string {
  return [...vocabularyOf(dialectNamed(dialect ?? noDialect())).vocabulary].sort().join('\n');
}

function noDialect(): never {
  throw new CycleError(`which dialect? Say --dialect ${generatedDialects.join(', ')}`);
}

/** What the command line says goes before what the configuration file says. */
function settingsOf(given: GenerateOptions): Settings {
  const { conf, dialect, reject, prefix, observe, cpus, variables, edges, size, exact, mode, cycle } = given;
  const read = conf === undefined ? {} : readConfiguration(readSource(conf).text, conf);
  const { relaxations, relaxed, observers, oneLocation, name } = given;
  const said: Partial<Settings> = {
    ...(dialect !== undefined && { dialect: dialectNamed(dialect) }),
    ...(observe && { condition: 'observe' }),
    ...defined({ cycle, relaxations, relaxed, rejected: reject, prefixes: prefix, size, exact, mode }),
    ...defined({ cpus, variables, edges, observers, oneLocation, name }),
  };
  const settings = { ...read, ...said };
  return { ...settings, dialect: settings.dialect ?? noDialect() };
}

function defined<T extends object>(values: { [Key in keyof T]: T[Key] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function* textsOf(tests: Iterable<NamedTest>): Generator<{ name: string; text: string }> {
  for (const { name, test } of tests) yield { name: `${name}.litmus`, text: test.text(name) };
}

/** A line for each cycle, as diy7 prints them with -cycleonly, or the tests themselves. */
function printTests(tests: Iterable<NamedTest>, isText: boolean): void {
  for (const { name, test } of tests) {
    process.stdout.write(isText ? `${test.text(name)}\n` : `${name}: ${cycleText(test.cycle)}\n`);
  }
}

/** A file for each, and one that lists them, which herd7 and litmus7 take in their place. */
async function writeAll(tests: Iterable<NamedTest>, folder: string): Promise<void> {
  let written = 0;
  try {
    mkdirSync(folder, { recursive: true });
    const all = createWriteStream(join(folder, '@all'));
    for (const { name, text } of textsOf(tests)) {
      writeFileSync(join(folder, name), text);
      all.write(`${name}\n`);
      written++;
    }
    await new Promise<void>((done) => all.end(done));
  } catch (error) {
    if (error instanceof CycleError || !(error instanceof Error)) throw error;
    throw new UsageError(`${folder}: ${error.message}`);
  }
  console.log(`${written} tests in ${folder}`);
}
