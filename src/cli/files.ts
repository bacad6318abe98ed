import { readFileSync, statSync } from 'node:fs';
import { Source, warningText } from '../diagnostics.js';
import { type Limits, within } from '../limits.js';
import { type LitmusTest, parseLitmus } from '../litmus/index.js';
import { shippedTests } from '../shipped.js';
import { UsageError } from './exit.js';

/**
 * The litmus files that arguments name: files as they are, folders with all `*.litmus` files below them,
 * globs. In the order of the arguments, each folder's by name; none twice. What ships is found by its path
 * from wherever the command runs.
 * @throws UsageError when an argument names nothing
 */
export async function litmusFiles(patterns: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const pattern of patterns) {
    if (pattern === STDIN) {
      files.add(pattern);
      continue;
    }
    const kind = statSync(pattern, { throwIfNoEntry: false });
    if (kind?.isFile()) {
      files.add(pattern);
      continue;
    }
    const { globSync } = await import('tinyglobby');
    const found = kind?.isDirectory()
      ? globSync('**/*.litmus', { cwd: pattern }).map((file) => `${pattern.replace(/\/+$/, '')}/${file}`)
      : globSync(pattern);
    if (found.length === 0 && !kind) found.push(...shippedUnder(pattern));
    if (found.length === 0) {
      throw new UsageError(
        kind
          ? `${pattern}: no *.litmus file in this folder`
          : `${pattern}: no such file or folder, and no file matches it`,
      );
    }
    found.sort();
    // Of many files, a second list would take more than all else that is held.
    if (patterns.length === 1) return found;
    for (const file of found) files.add(file);
  }
  return [...files];
}

/**
 * The test of a file; what a user should know of it is told.
 * @throws UsageError, SourceError, LimitReached
 */
export function readTest(file: string, limits: Limits): LitmusTest {
  const test = within(limits, () => parseLitmus(readSource(file)));
  for (const warning of test.warnings) console.error(warningText(warning));
  return test;
}

/** What stands for the standard input, among files. */
const STDIN = '-';

/**
 * Said in one word, Node would make an object of a new kind at each call, which lives until the next full
 * collection of garbage.
 */
const UTF8 = { encoding: 'utf8', flag: 'r' } as const;

/**
 * The text of a file.
 * @throws UsageError when it cannot be read
 */
export function readSource(file: string): Source {
  try {
    return file === STDIN
      ? new Source('<stdin>', readFileSync(0, UTF8))
      : new Source(file, readFileSync(file, UTF8));
  } catch (error) {
    const [shipped] = shippedUnder(file);
    if (shipped?.endsWith('.litmus') && file.endsWith('.litmus'))
      return new Source(file, shippedTests[shipped.slice('litmus/'.length)]);
    throw new UsageError(whyUnread(file, error as NodeJS.ErrnoException));
  }
}

function whyUnread(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `${file}: there is no such file`;
  if (code === 'EISDIR') return `${file} is a folder: the name of a file is expected`;
  return code === 'EACCES' ? `${file}: the file may not be read` : `${file}: ${message}`;
}

/** The tests that ship at a path or below it, as the package has them under `litmus/`. */
function shippedUnder(path: string): string[] {
  const wanted = path.replace(/^\.\//, '').replace(/\/+$/, '');
  return Object.keys(shippedTests)
    .map((name) => `litmus/${name}`)
    .filter((name) => name === wanted || name.startsWith(`${wanted}/`));
}
