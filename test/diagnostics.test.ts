import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Source, SourceError } from '../src/diagnostics.js';
import { runs } from './seed.js';

function messageFor(text: string, start: number, end: number, reason = 'this is wrong'): string {
  return new SourceError(reason, { source: new Source('f.litmus', text), start, end }).message;
}

describe('a message for bad input', () => {
  it('has the place, the line, and a caret under it', () => {
    expect(messageFor('one\ntwo three\n', 8, 13)).toBe(
      'f.litmus:2:5: this is wrong\n  two three\n      ^^^^^',
    );
  });

  it('keeps tabs before the caret', () => {
    expect(messageFor('\ta b', 3, 4)).toBe('f.litmus:1:4: this is wrong\n  \ta b\n  \t  ^');
  });

  it('shows a long line around the place', () => {
    const text = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`;
    const [, line, carets] = messageFor(text, 500, 504).split('\n');
    expect(line).toMatch(/^ {2}\.\.\.x+HEREy+\.\.\.$/);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('shows what would move the cursor by its number', () => {
    expect(messageFor('a\u001b[2Jb', 5, 6)).toContain('a\\u001b[2Jb');
    expect(messageFor('a', 0, 1, 'no file `a\nb`')).toMatch(/^f\.litmus:1:1: no file `a\\u000ab`\n/);
  });

  it('has three lines and the caret under what it is about, whatever the text', () => {
    const texts = fc
      .string({ unit: 'grapheme-ascii', maxLength: 600 })
      .filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(5), (text, place, length) => {
        const start = place % (text.length + 1);
        const lines = messageFor(text, start, start + length).split('\n');
        expect(lines).toHaveLength(3);
        const at = lines[2].indexOf('^');
        if (start < text.length) expect(lines[1][at]).toBe(text[start]);
      }),
      runs(200),
    );
  });
});
