import { variantNames } from './herd7-variants.js';
import { type Category, optionTable, pictureFlags, pictureOptions } from './option-table.js';

const HEADINGS: Readonly<Record<Category, string>> = {
  setup: 'Files, and what is printed:',
  runmode: 'How tests are run:',
  filter: 'The model, and which executions count:',
};

const categories: Readonly<Record<string, () => string>> = {
  setup: () => part('setup'),
  runmode: () => part('runmode'),
  filter: () => part('filter'),
  graph_content: pictures,
  graph_presentation: pictures,
  variant: () => `Variants, in any case of the letters:\n${wrappedHelp(variantNames)}\n`,
};

/**
 * What `-help` or `--help` prints, when it is among the arguments: all, or the part that is named behind it,
 * or `short`.
 */
export function helpAsked(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === '-help' || arg === '--help');
  if (at < 0) return undefined;
  const named: string | undefined = args[at + 1];
  if (named === undefined || /^--?help$/.test(named)) return whole();
  const text = Object.hasOwn(categories, named) ? categories[named]() : short();
  return `${USAGE}\n${text}`;
}

const USAGE = `Usage: fenceline herd7 [options] [test]*

Checks litmus tests as herd7 does: with its options, and in its words. Files, lists of files as @FILE, or on the standard
input. docs/lkmm.md says what differs.
`;

function whole(): string {
  return `${USAGE}\n${part('setup')}\n${part('runmode')}\n${part('filter')}\n${pictures()}\n${MORE}`;
}

const MORE =
  'Parts of this: --help setup, runmode, filter, graph_content, graph_presentation; --help variant; --help short\n';

const COMMON = new Set([
  'conf',
  'macros',
  'bell',
  'I',
  'variant',
  'hexa',
  'timeout',
  'unroll',
  'cat',
  'model',
  'skipcheck',
]);

function short(): string {
  const rows = optionTable.filter(({ name }) => COMMON.has(name));
  return `Options that are used most:\n${rows.map(line).join('')}\n${MORE}`;
}

function part(category: Category): string {
  const rows = optionTable.filter((option) => option.category === category);
  return `${HEADINGS[category]}\n${rows.map(line).join('')}`;
}

function line({ name, value, help }: (typeof optionTable)[number]): string {
  return `  ${`-${name}${value === undefined ? '' : ` ${value}`}`.padEnd(32)} ${help}\n`;
}

function pictures(): string {
  const names = [
    ...pictureOptions.map((name) => `-${name} <value>`),
    ...pictureFlags.map((name) => `-${name}`),
  ];
  return `About pictures, which are not made; these are read and have no effect:\n${wrappedHelp(names)}\n`;
}

function wrappedHelp(names: readonly string[]): string {
  const lines: string[] = [];
  let current = ' ';
  for (const name of names) {
    if (current.length + name.length > 100) {
      lines.push(current);
      current = ' ';
    }
    current += ` ${name},`;
  }
  return [...lines, current.replace(/,$/, '')].join('\n');
}
