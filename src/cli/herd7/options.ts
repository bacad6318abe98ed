import { dirname, join } from 'node:path';
import { UsageError } from '../exit.js';
import { readSource } from '../files.js';
import { ModelFiles } from '../model-files.js';
import type { Herd7Options } from './herd7-settings.js';
import { type Herd7Option, optionTable, pictureFlags, pictureOptions } from './option-table.js';

const table = new Map<string, Herd7Option>(optionTable.map((option) => [option.name, option]));

/**
 * Sets an option to a value.
 * @throws UsageError that calls the option `what`, when it is none of herd7's, or does not take the value
 */
export function setOption(options: Herd7Options, name: string, value: string, what = `option ${name}`): void {
  const option = table.get(name);
  if (!option && !pictureOptions.includes(name)) throw new UsageError(`${what} is not supported`);
  try {
    option?.set(options, value);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${what} ${error.message}`) : error;
  }
}

/**
 * Reads herd7's command line.
 * @returns the litmus files that it names; options, those of configuration files too, are put into `options`
 * @throws UsageError for an option that herd7 has not, or a value that it does not take
 */
export function readArguments(args: readonly string[], options: Herd7Options): string[] {
  const files: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    const name = arg.replace(/^--?/, '');
    if (!arg.startsWith('-') || arg === '-') {
      files.push(arg);
      continue;
    }
    const value = takesNoValue(name) ? '' : args[++at];
    if (value === undefined) throw new UsageError(`option ${arg} expects a value, or is not supported`);
    if (name === 'conf') readConfiguration(value, options);
    else setOption(options, name, value, `option ${arg}`);
  }
  return files;
}

function takesNoValue(name: string): boolean {
  const option = table.get(name);
  return option ? option.value === undefined : pictureFlags.includes(name);
}

/**
 * Reads a configuration file: an option and its value on each line, without the dash, with `=` between them
 * or not; `#` begins a comment. `include` names a folder to look for files in, `conf` and `local-conf`
 * another configuration file. What the file names is looked for beside it when it is nowhere else.
 * @param within the configuration files that this one is read for, one from within the other
 * @throws UsageError as `readArguments` does, with the file's line
 */
export function readConfiguration(file: string, options: Herd7Options, within: readonly string[] = []): void {
  const source = readSource(new ModelFiles(options.settings()).path(file) ?? file);
  if (within.includes(source.name)) throw new UsageError(`${source.name} is read from within itself`);
  const folder = dirname(source.name);
  options.beside.push(folder);
  const another = (name: string): void => readConfiguration(name, options, [...within, source.name]);
  source.text.split(/\r?\n/).forEach((line, index) => {
    const [, key, value] =
      /^\s*([\w-]+)(?:\s*=\s*|\s+|$)(.*?)\s*$/.exec(line.replace(/(^|\s)#.*$/, '')) ?? [];
    if (key === undefined) return;
    const what = `${file}:${index + 1}: option ${key}`;
    if (value === '') throw new UsageError(`${what} expects a value`);
    if (key === 'include') options.folders.push(value);
    else if (key === 'conf') another(value);
    else if (key === 'local-conf') another(join(folder, value));
    else setOption(options, key, value, what);
  });
}
