import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceError } from '../../diagnostics.js';
import { version } from '../../shipped.js';
import { EXIT, UsageError } from '../exit.js';
import { readSource } from '../files.js';
import { helpAsked } from './help.js';
import { Herd7Session } from './herd7-session.js';
import { Herd7Options } from './herd7-settings.js';
import { checkVariants } from './herd7-variants.js';
import { readArguments } from './options.js';

/**
 * Runs as herd7 does: its options, its output, its exit status (0 also when a test has an error: that is a
 * warning).
 */
export function runHerd7(args: readonly string[]): void {
  const help = helpAsked(args);
  if (help !== undefined) {
    process.stdout.write(help);
    return;
  }
  try {
    const options = new Herd7Options();
    const files = readArguments(args, options);
    if (options.shows) console.log(options.shows === 'version' ? VERSION : LIBDIR);
    else runTests(files, options);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SourceError)) throw error;
    console.error(`herd7: ${error.message}`);
    process.exitCode = EXIT.badInput;
  }
}

/** The version of herd7 whose answers these are, as herd7 writes its own. */
const VERSION = `7.58+1, Rev: fenceline-${version}`;

/** Seen from build/fenceline.cjs, which this becomes a part of. */
const LIBDIR = fileURLToPath(new URL('../models', import.meta.url));

function runTests(files: readonly string[], options: Herd7Options): void {
  checkVariants(options.variants);
  if (!options.quiet) {
    for (const option of options.unserved)
      console.error(`Warning: option ${option}: no pictures and no other executions are made`);
  }
  const session = new Herd7Session(options);
  const tests = files.length > 0 ? files.flatMap(expanded) : listed(readFileSync(0, 'utf8'), '.');
  for (const file of tests) {
    if (session.run(file) || !options.exits) continue;
    process.exitCode = EXIT.failed;
    return;
  }
}

/**
 * A file whose name begins with `@` stands for the files that it names, a line each, from its own folder on;
 * without any file, the standard input names them.
 */
function expanded(file: string): string[] {
  if (!basename(file).startsWith('@')) return [file];
  return listed(readSource(file).text, dirname(file));
}

function listed(text: string, folder: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => (isAbsolute(line) ? line : join(folder, line)))
    .flatMap(expanded);
}
