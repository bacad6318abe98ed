import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { outcomeOf } from '../../fuzz/answers.js';
import { mutations, salad, wordsOf } from '../../fuzz/mutations.js';
import { type FileKind, fileKinds, originalsOf } from '../../fuzz/originals.js';
import { corpusFiles } from '../corpus.js';
import { runs } from '../seed.js';

/** Milliseconds for a file: few need one. */
const TIMEOUT = 200;

/** Some of each corpus, where they are there. */
const ofCorpora = ['x86', 'alpha-asm', 'kernel-c', 'lkmm'].flatMap((name) =>
  corpusFiles(name)
    .filter((_, index) => index % 25 === 0)
    .map(({ text }) => text),
);

function goodFiles(kind: FileKind): readonly string[] {
  return [...originalsOf(kind, []), ...(kind === 'litmus' ? ofCorpora : [])];
}

describe.each(fileKinds)('broken files: %s', (kind) => {
  const originals = goodFiles(kind);
  const words = wordsOf(originals);

  it('start from files most of which are good: some of the others are parts of files', () => {
    const outcomes = originals.slice(0, 40).map((text) => outcomeOf(kind, text, 2000));
    expect(outcomes.filter((one) => one === 'answered').length).toBeGreaterThan(outcomes.length / 2);
  });

  it.each([
    ['good files with changes', mutations(originals, words), kind === 'litmus' ? 400 : 150],
    ['words and bytes in any order', salad(words), 100],
  ])('%s come to an answer, one error with its place, or a limit that is told', (_, texts, count) => {
    fc.assert(
      fc.property(texts, (text) =>
        expect(['answered', 'refused', 'limit']).toContain(outcomeOf(kind, text, TIMEOUT)),
      ),
      runs(count),
    );
  });
});
