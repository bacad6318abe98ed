import type { Command } from 'commander';
import { Herd7Options } from './herd7/herd7-settings.js';
import { readConfiguration, setOption } from './herd7/options.js';

/** The options of herd7 that say what is read besides the tests: for commands of our own. */
export interface ModelOptions {
  readonly conf?: string;
  readonly bell?: string;
  readonly macros?: string;
  readonly I?: readonly string[];
  readonly variant?: readonly string[];
}

export function addModelOptions(command: Command): Command {
  const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];
  return command
    .option('--conf <file>', "a configuration file of herd7's, such as the kernel's linux-kernel.cfg")
    .option('--bell <file>', 'a bell file: the tags of programs, and definitions over them')
    .option('--macros <file>', "a macro file (.def): what the kernel's primitives are made of")
    .option(
      '--variant <name>',
      'a variant that models ask for, or lkmmv1 or lkmmv2; may be repeated',
      collected,
    )
    .option('-I <folder>', 'a folder to look for models and macros in; may be repeated', collected);
}

/** What the options come down to, those of the command line after those of the configuration file. */
export function herd7OptionsOf({ conf, I = [], variant = [], bell, macros }: ModelOptions): Herd7Options {
  const options = new Herd7Options();
  for (const folder of I) setOption(options, 'I', folder);
  if (conf !== undefined) readConfiguration(conf, options);
  for (const name of variant) setOption(options, 'variant', name);
  if (bell !== undefined) setOption(options, 'bell', bell);
  if (macros !== undefined) setOption(options, 'macros', macros);
  return options;
}

/**
 * The arguments with every long option that is written as herd7 writes it, with one dash, written with two:
 * `-model x` becomes `--model x`. No command of ours has several short options in one word, which alone could
 * be meant otherwise.
 */
export function withTwoDashes(args: readonly string[], { options }: Command): string[] {
  const long = new Set(options.map((option) => option.long));
  return args.map((arg) => (long.has(`-${arg}`) ? `-${arg}` : arg));
}
