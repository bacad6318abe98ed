/** A text that positions refer to: a litmus file, a model file, or a string given by a program. */
export class Source {
  private lineStarts: number[] | undefined;
  /** Without the mark that some editors put before the first character. */
  readonly text: string;

  constructor(
    /** What messages call the text: a path as the user gave it, or a name such as `<input>`. */
    readonly name: string,
    text: string,
  ) {
    this.text = text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  /** Line and column, both from 1, of a character offset (0 to `text.length`). */
  position(offset: number): { line: number; column: number } {
    const starts = this.starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low] + 1 };
  }

  /** The text of a line (from 1), without its line end. */
  line(line: number): string {
    const starts = this.starts();
    const end = line < starts.length ? starts[line] : this.text.length + 1;
    return this.text.slice(starts[line - 1], end - 1).replace(/\r$/, '');
  }

  private starts(): number[] {
    if (!this.lineStarts) {
      this.lineStarts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1))
        this.lineStarts.push(at + 1);
    }
    return this.lineStarts;
  }
}

/** A piece of a source: characters `start` (inclusive) to `end` (exclusive). */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** The smallest span that holds both; they must be of one source. */
export function spanning(first: Span, last: Span): Span {
  return {
    source: first.source,
    start: Math.min(first.start, last.start),
    end: Math.max(first.end, last.end),
  };
}

/**
 * Bad input: a file that does not parse, a name that nothing declares, a construct that is not supported.
 * Its `message` is the whole report for a user: `file:line:column: what is wrong`, the line, and a caret under the place.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';

  constructor(
    /** What is wrong and what was expected, without the place. */
    readonly reason: string,
    readonly span: Span,
  ) {
    super(report(reason, span));
  }
}

/** What a user should know of a text that can be used as it is. */
export interface Warning {
  readonly reason: string;
  readonly span: Span;
}

/** A warning with its place, its line and a caret. */
export function warningText({ reason, span }: Warning): string {
  return report(`warning: ${reason}`, span);
}

/** Raises a {@link SourceError}. */
export function raise(reason: string, span: Span): never {
  throw new SourceError(reason, span);
}

function report(reason: string, { source, start, end }: Span): string {
  const { line, column } = source.position(start);
  const text = source.line(line);
  const shown = text.length > 200 ? `${text.slice(0, 200)}...` : text;
  // Tabs stay tabs before the caret, so that it stands under the right character in any terminal.
  const margin = shown.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(end - start, shown.length - column + 1)));
  return `${source.name}:${line}:${column}: ${reason}\n  ${shown}\n  ${margin}${carets}`;
}
