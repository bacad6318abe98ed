import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Source } from '../src/diagnostics.js';

/** Where the conformance corpus is: beside the checkout, unless `FENCELINE_CORPUS` says otherwise. */
const root = process.env.FENCELINE_CORPUS ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus');

/** A folder of the corpus; undefined where the corpus is not there. */
export function corpusFolder(name: string): string | undefined {
  const folder = join(root, name);
  return existsSync(folder) ? folder : undefined;
}

/**
 * The litmus files of a folder of the corpus, sorted by name; none, with a warning, where the corpus is not
 * there.
 */
export function corpusFiles(name: string): Source[] {
  const folder = corpusFolder(name);
  if (folder === undefined) {
    console.warn(`corpus ${name}: skipped, not there`);
    return [];
  }
  const files = readdirSync(folder).filter((file) => file.endsWith('.litmus'));
  return files.sort().map((file) => new Source(file, readFileSync(join(folder, file), 'utf8')));
}
