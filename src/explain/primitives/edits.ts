import type { Source } from '../../diagnostics.js';

/**
 * A piece of a text, and what takes its place. Edits of one text do not overlap; those at one place are made
 * in their order.
 */
export interface Edit {
  /** Characters `start` (inclusive) to `end` (exclusive). */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all edits made. */
export function edited({ text }: Source, edits: readonly Edit[]): string {
  const inOrder = edits.map((edit, index) => ({ ...edit, index }));
  inOrder.sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index);
  let result = '';
  let at = 0;
  for (const edit of inOrder) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/**
 * An edit that takes a piece out. Where nothing else stands in its line, that is left empty, so that lines
 * keep their numbers.
 */
export function removal({ text }: Source, start: number, end: number): Edit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline;
  const alone = text.slice(lineStart, start).trim() === '' && text.slice(end, lineEnd).trim() === '';
  return alone ? { start: lineStart, end: lineEnd, text: '' } : { start, end, text: '' };
}

/**
 * The lines that differ: `-` with those of the first text, `+` with those of the second, and up to `context`
 * lines around them.
 */
export function lineDiff(before: string, after: string, context = 2): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const marked = align(a, b);
  const near = (index: number): boolean =>
    marked.slice(Math.max(0, index - context), index + context + 1).some((line) => line[0] !== ' ');
  const lines: string[] = [];
  marked.forEach((line, index) => {
    if (near(index)) lines.push(line);
    else if (lines.length > 0 && lines[lines.length - 1] !== '...') lines.push('...');
  });
  if (lines[lines.length - 1] === '...') lines.pop();
  return lines;
}

/** A longest common subsequence of lines, and what stands between. */
function align(a: readonly string[], b: readonly string[]): string[] {
  const width = b.length + 1;
  const common = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1] + 1
          : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i++]}`);
      j++;
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j] >= common[i * width + j + 1]))
      lines.push(`-${a[i++]}`);
    else lines.push(`+${b[j++]}`);
  }
  return lines;
}
