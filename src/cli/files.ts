import { readFileSync, statSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { Source } from '../diagnostics.js';
import { UsageError } from './exit.js';

/**
 * The litmus files that arguments name: files as they are, folders with all `*.litmus` files below them, globs. In the order of the
 * arguments, each folder's by name; none twice.
 * @throws UsageError when an argument names nothing
 */
export function litmusFiles(patterns: readonly string[]): string[] {
  const files = new Set<string>();
  for (const pattern of patterns) {
    const kind = statSync(pattern, { throwIfNoEntry: false });
    if (kind?.isFile()) {
      files.add(pattern);
      continue;
    }
    const found = kind?.isDirectory()
      ? globSync('**/*.litmus', { cwd: pattern }).map((file) => `${pattern.replace(/\/+$/, '')}/${file}`)
      : globSync(pattern);
    if (found.length === 0) {
      throw new UsageError(
        kind
          ? `${pattern}: no *.litmus file in this folder`
          : `${pattern}: no such file or folder, and no file matches it`,
      );
    }
    for (const file of found.sort()) files.add(file);
  }
  return [...files];
}

/**
 * The text of a file.
 * @throws UsageError when it cannot be read
 */
export function readSource(file: string): Source {
  try {
    return new Source(file, readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
