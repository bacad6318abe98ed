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
 * What a text does that is refused: `invalid`, it is no test or model, or names what is not there;
 * `unsupported`, it asks for what this checker does not do.
 */
export type SourceErrorCode = 'invalid' | 'unsupported';

/**
 * Bad input: a file that does not parse, a name that nothing declares, a construct that is not supported. Its
 * `message` is the whole report for a user: `file:line:column: what is wrong`, the line, and a caret under
 * the place.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';

  /** What is wrong and what was expected, without the place: one line. */
  readonly reason: string;

  constructor(
    reason: string,
    readonly span: Span,
    readonly code: SourceErrorCode = 'invalid',
  ) {
    const line = printable(reason);
    super(report(line, span));
    this.reason = line;
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

/** Raises a {@link SourceError} about what is not supported. */
export function refuse(reason: string, span: Span): never {
  throw new SourceError(reason, span, 'unsupported');
}

/** Characters of a long line that are shown, some before the place. */
const SHOWN = 200;
const BEFORE = 60;

function report(reason: string, { source, start, end }: Span): string {
  const { line, column } = source.position(start);
  const text = source.line(line);
  const from = text.length > SHOWN ? Math.max(0, column - 1 - BEFORE) : 0;
  const piece = text.slice(from, from + SHOWN);
  const before = `${from > 0 ? '...' : ''}${printable(text.slice(from, column - 1))}`;
  const shown = `${from > 0 ? '...' : ''}${printable(piece)}${from + SHOWN < text.length ? '...' : ''}`;
  // Tabs stay tabs before the caret, so that it stands under the right character in any terminal.
  const margin = before.replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(end - start, from + piece.length - column + 1)));
  return `${source.name}:${line}:${column}: ${reason}\n  ${shown}\n  ${margin}${carets}`;
}

/** Line ends and what else moves a terminal's cursor, or is half a character, as `\u000a`. Tabs stay. */
function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
    /[\0-\x08\n-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
