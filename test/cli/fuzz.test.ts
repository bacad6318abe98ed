import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { check } from '../../src/check/index.js';
import { Source, SourceError } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedTests } from '../../src/shipped.js';
import { corpusFolder } from '../corpus.js';
import { shippedModel } from '../models.js';
import { runs } from '../seed.js';

const model = shippedModel('i386');

/** Reads and checks a text as the command line would; anything but an answer or a SourceError escapes. */
function answer(text: string): string {
  try {
    const test = parseLitmus(new Source('fuzz.litmus', text));
    const target =
      test.program.dialect === 'C' ? { target: { architecture: 'i386', era: '6.x' } as const } : {};
    return check(test, model, { timeout: 100, ...target }).verdict;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    expect(error.message).toMatch(/^fuzz\.litmus:\d+:\d+: \S/);
    return 'error';
  }
}

function texts(): string[] {
  const list = Object.entries(shippedTests).map(([, text]) => text);
  for (const name of ['x86', 'alpha-asm', 'kernel-c', 'lkmm']) {
    const folder = corpusFolder(name);
    if (!folder) continue;
    const files = globSync('*.litmus', { cwd: folder }).sort();
    for (let index = 0; index < files.length; index += 25)
      list.push(readFileSync(join(folder, files[index]), 'utf8'));
  }
  return list;
}

const originals = texts();
const original = fc.constantFrom(...originals);
const words = [
  '{',
  '}',
  '(',
  ')',
  ';',
  '|',
  '*',
  '$',
  '[',
  ']',
  'exists',
  'P0',
  'while',
  'if',
  '0',
  '-1',
  '/\\',
  '(*',
  '*)',
  '&',
  '=',
  ':',
  '99999999999999999999',
  '\0',
  '\u00e9',
  '\n',
];

/** A text with a few pieces cut out, repeated, or put in. */
const mutated = fc
  .tuple(
    original,
    fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.constantFrom('', ...words), fc.boolean()), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [position, length, word, repeat]) => {
      const at = position % (current.length + 1);
      const piece = current.slice(at, at + length);
      return current.slice(0, at) + (repeat ? piece + piece : word) + current.slice(at + length);
    }, text),
  );
const truncated = fc.tuple(original, fc.nat()).map(([text, cut]) => text.slice(0, cut % text.length));
const bytes = fc.uint8Array({ maxLength: 300 }).map((data) => Buffer.from(data).toString('latin1'));

describe('bad input', () => {
  it('has something to start from', () => {
    expect(originals.length).toBeGreaterThan(20);
  });

  it.each([
    ['mutated files', mutated, 400],
    ['truncated files', truncated, 200],
    ['random bytes', bytes, 200],
    ['random bytes after a header', bytes.map((text) => `C x\n{}\n${text}`), 200],
  ])('%s give an answer or one clean error', (_, texts, count) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(['Never', 'Sometimes', 'Always', 'Unknown', 'error']).toContain(answer(text));
      }),
      runs(count),
    );
  });
});
