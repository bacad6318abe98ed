import type { Source } from '../../diagnostics.js';
import type { AssemblyBody } from '../../litmus/index.js';
import type { Addition } from './addition.js';

/** A barrier after each instruction but the last of a thread, in a row of its own. */
export function assemblyAdditions(
  { threads }: AssemblyBody,
  source: Source,
  barriers: readonly string[],
): Addition[] {
  const additions = threads.flatMap((lines, thread) => {
    const instructions = lines.filter(({ kind }) => kind === 'instruction');
    return instructions.slice(0, -1).flatMap(({ span }): Addition[] => {
      const { line } = source.position(span.start);
      const row = source.line(line);
      const end = source.text.indexOf('\n', span.end);
      const cells = row.split('|');
      // A row that is not on one line is left as it is.
      if (end < 0 || cells.length !== threads.length || !row.trimEnd().endsWith(';')) return [];
      return barriers.map((primitive) => ({
        primitive,
        line: line + 1,
        edits: [{ start: end + 1, end: end + 1, text: rowWith(cells, thread, primitive) }],
      }));
    });
  });
  return additions.sort((a, b) => a.line - b.line);
}

/** A row like another, with nothing but one word in one column. */
function rowWith(cells: readonly string[], thread: number, word: string): string {
  const last = cells.length - 1;
  const made = cells.map((cell, column) => {
    const width = (column === last ? cell.slice(0, cell.lastIndexOf(';')) : cell).length;
    return (column === thread ? ` ${word} ` : '').padEnd(width);
  });
  return `${made.join('|')};\n`;
}
