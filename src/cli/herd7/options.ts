import { dirname } from 'node:path';
import { UsageError } from '../exit.js';
import { readSource } from '../files.js';
import { ModelFiles, type ModelSettings } from '../model-files.js';

/** What herd7's options, of the command line and of configuration files, come down to here. */
export interface Herd7Options extends ModelSettings {
  readonly folders: string[];
  model?: string;
  bell?: string;
  macros?: string;
  readonly variants: string[];
  /** Seconds. */
  timeout?: number;
  unroll?: number;
  quiet: boolean;
  /** Options that ask for what is not done here, each named once. */
  readonly unserved: Set<string>;
}

export function emptyOptions(): Herd7Options {
  return { folders: [], variants: [], asHerd7: true, quiet: false, unserved: new Set() };
}

/** Takes an option's value. @throws UsageError when it is malformed */
type Setter = (options: Herd7Options, value: string) => void;

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (!(value >= 0)) throw new UsageError(`herd7: -${name} expects a number, found ${text}`);
  return value;
};

/** Options with a value that change the answer. */
const served: Readonly<Record<string, Setter>> = {
  I: (options, value) => options.folders.push(value),
  model: (options, value) => {
    options.model = value;
  },
  bell: (options, value) => {
    options.bell = value;
  },
  macros: (options, value) => {
    options.macros = value;
  },
  variant: (options, value) => {
    for (const variant of value.split(',')) options.variants.push(variant.trim().toLowerCase());
  },
  timeout: (options, value) => {
    if (value !== 'none') options.timeout = number('timeout', value);
  },
  unroll: (options, value) => {
    options.unroll = number('unroll', value);
  },
  through: (options, value) => {
    if (value !== 'none') options.unserved.add(`-through ${value}`);
  },
  show: (options, value) => {
    if (value !== 'none') options.unserved.add(`-show ${value}`);
  },
  o: (options) => {
    options.unserved.add('-o');
  },
};

/**
 * Options with a value that do not change the answer: how much is printed while running (states are always listed), and how pictures
 * look, which herd7 draws and this command does not.
 */
const withoutEffect = new Set([
  'speedcheck',
  'nshow',
  'optace',
  'initwrites',
  'archcheck',
  'suffix',
  'hexa',
  'candidates',
  'outcomereads',
  'view',
  'gv',
  'evince',
  'graph',
  'squished',
  'showevents',
  'movelabel',
  'fontsize',
  'fontname',
  'xscale',
  'yscale',
  'dsiy',
  'arrowsize',
  'showinitrf',
  'showfinalrf',
  'showinitwrites',
  'splines',
  'pad',
  'edgeattr',
  'labelinit',
  'showpo',
  'showraw',
  'oneinit',
  'showobserved',
  'showlegend',
  'showkind',
  'showthread',
  'showone',
  'overlap',
  'sep',
  'margin',
  'scale',
  'edgemerge',
  'brackets',
  'texmacros',
  'shift',
  'edgedelta',
  'penwidth',
  'arrowhead',
  'tight',
  'concurrentlabels',
  'doshow',
  'unshow',
  'noid',
  'symetric',
  'classes',
  'fixedsize',
  'extrachars',
  'dotmode',
  'dotcom',
  'neato',
  'boxscale',
  'ptscale',
  'finaldotpos',
  'verticalspacing',
]);

const flags: Readonly<Record<string, (options: Herd7Options) => void>> = {
  q: (options) => {
    options.quiet = true;
  },
  v: (options) => {
    options.quiet = false;
  },
  states: () => {},
  apply: () => {},
};

/**
 * Reads herd7's command line.
 * @returns the litmus files that it names; options, those of configuration files too, are put into `options`
 * @throws UsageError for an option that herd7 has not, or a value that it does not take
 */
export function readArguments(args: readonly string[], options: Herd7Options): string[] {
  const files: string[] = [];
  const folders: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (!arg.startsWith('-') || arg === '-') {
      files.push(arg);
      continue;
    }
    const name = arg.replace(/^--?/, '');
    if (Object.hasOwn(flags, name)) {
      flags[name](options);
      continue;
    }
    const value = args[++at];
    if (value === undefined) throw new UsageError(`herd7: ${arg} expects a value, or is not supported`);
    if (name === 'conf') folders.push(readConfiguration(value, options));
    else setOption(options, name, value, `option ${arg}`);
  }
  options.folders.push(...folders);
  return files;
}

/**
 * Reads a configuration file: an option and its value on each line, without the dash; `#` begins a comment.
 * @returns the folder that it stands in, where files that it names are looked for when they are nowhere else
 * @throws UsageError as `readArguments` does, with the file's line
 */
export function readConfiguration(file: string, options: Herd7Options): string {
  const source = readSource(new ModelFiles(options).path(file) ?? file);
  source.text.split(/\r?\n/).forEach((line, index) => {
    const [, name, value] = /^\s*([\w-]+)\s*(.*?)\s*$/.exec(line.replace(/#.*$/, '')) ?? [];
    if (name === undefined) return;
    setOption(options, name, value, `${file}:${index + 1}: option ${name}`);
  });
  return dirname(source.name);
}

/** @throws UsageError that calls the option `what`, when it is none of herd7's or does not take the value */
export function setOption(options: Herd7Options, name: string, value: string, what = `option ${name}`): void {
  if (Object.hasOwn(served, name)) served[name](options, value);
  else if (!withoutEffect.has(name)) throw new UsageError(`herd7: ${what} is not supported`);
}
