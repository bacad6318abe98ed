import { Source, SourceError, type Span } from '../../src/diagnostics.js';
import { type CBody, cFrontEnd } from '../../src/litmus/c/index.js';
import type { InitEntry, LoweredBody } from '../../src/litmus/frame/litmus-syntax.js';

const whole = (source: Source): Span => ({ source, start: 0, end: source.text.length });

/** A text that is nothing but the program section of a C test. */
export function parseProgram(text: string): CBody {
  return cFrontEnd.parse(whole(new Source('test.litmus', text)));
}

export function lowerProgram(text: string, init: readonly InitEntry[] = []): LoweredBody {
  return cFrontEnd.lower(parseProgram(text), init);
}

/** The first line of the message that a program is refused with. */
export function refusal(text: string, init: readonly InitEntry[] = []): string {
  try {
    lowerProgram(text, init);
  } catch (error) {
    if (error instanceof SourceError) return error.message.split('\n')[0];
    throw error;
  }
  return 'accepted';
}

/** An init line, `int x = 1;` given as its parts. */
export function initLine(symbol: string, value?: bigint | string, type?: string, length?: number): InitEntry {
  const span: Span = { source: new Source('init', symbol), start: 0, end: symbol.length };
  const address = (name: string) => ({ kind: 'memory', symbol: name, path: [], span }) as const;
  return {
    span,
    place: address(symbol),
    ...(type !== undefined && { type }),
    ...(length !== undefined && { length }),
    ...(typeof value === 'bigint' && { value: { kind: 'integer', value, span } }),
    ...(typeof value === 'string' && { value: { kind: 'address', place: address(value), span } }),
  };
}

/** An init line of a register, `1:r1 = 2;`. */
export function initRegister(thread: number, name: string, value: bigint): InitEntry {
  const span: Span = { source: new Source('init', name), start: 0, end: name.length };
  return { span, place: { kind: 'register', thread, name, span }, value: { kind: 'integer', value, span } };
}

/** A syntax tree without its spans, so that trees from different texts can be compared. */
export function withoutSpans(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) =>
      key === 'span' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
    ),
  );
}
