import { raise, type Source, type Span } from '../../diagnostics.js';

/**
 * Which comments a text has: `(* nested *)` everywhere, and C's two forms in the C dialect. (In assembly,
 * `//` does not occur and `/*` can begin only where an operator is cut short, so both are left to the grammar
 * to refuse.)
 */
export type CommentStyle = 'nested' | 'nested-and-c';

/**
 * The end of the comment that begins at an offset; undefined when none begins there.
 * @throws SourceError when the comment is never closed
 */
export function commentEnd(source: Source, at: number, style: CommentStyle): number | undefined {
  const two = source.text.slice(at, at + 2);
  if (two === '(*') return nestedEnd(source, at);
  if (style === 'nested') return undefined;
  if (two === '//') {
    const end = source.text.indexOf('\n', at);
    return end < 0 ? source.text.length : end;
  }
  if (two !== '/*') return undefined;
  const end = source.text.indexOf('*/', at + 2);
  return end < 0 ? unclosed(source, at) : end + 2;
}

function nestedEnd(source: Source, at: number): number {
  const edge = /\(\*|\*\)/g;
  edge.lastIndex = at + 2;
  let depth = 1;
  while (depth > 0) {
    const found = edge.exec(source.text);
    if (!found) return unclosed(source, at);
    depth += found[0] === '(*' ? 1 : -1;
  }
  return edge.lastIndex;
}

function unclosed(source: Source, at: number): never {
  return raise('this comment is never closed', { source, start: at, end: at + 2 });
}

/** The text of a section with its comments turned to blanks, so that offsets stay what they are. */
export function withoutComments({ source, start, end }: Span, style: CommentStyle): string {
  const text = source.text.slice(start, end);
  const mark = style === 'nested' ? /\(\*/ : /\(\*|\/\/|\/\*/;
  if (!mark.test(text)) return text;
  let made = '';
  let from = start;
  for (let at = start; at < end; at++) {
    const after = commentEnd(source, at, style);
    if (after === undefined) continue;
    made += source.text.slice(from, at) + blanks(source.text.slice(at, Math.min(after, end)));
    from = after;
    at = after - 1;
  }
  return made + source.text.slice(from, Math.max(from, end));
}

const blanks = (text: string): string => text.replace(/[^\n]/g, ' ');
