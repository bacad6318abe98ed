import type { Term } from './terms.js';

/** How tightly operators bind, as in the language; what is highest needs no parentheses. */
const UNION = 0;
const COMPOSE = 1;
const DIFFERENCE = 2;
const INTERSECTION = 3;
const TIGHT = 4;
const POSTFIX = 5;
const ATOM = 6;

/**
 * A term in the notation of the language. A recursive term is shown by the name that the model gives it; its
 * definition is not repeated.
 */
export function printTerm(term: Term): string {
  return print(term)[0];
}

/** The text, and how tightly its outermost operator binds. */
function print(term: Term): [string, number] {
  const { args } = term;
  const inner = (index: number, level: number): string => {
    const [text, binds] = print(args[index]);
    return binds >= level ? text : `(${text})`;
  };
  const all = (symbol: string, level: number): string =>
    args.map((_, index) => inner(index, level)).join(` ${symbol} `);
  switch (term.operator) {
    case 'base':
    case 'variable':
    case 'recursive':
      return [term.name as string, ATOM];
    case 'dynamic':
      return [`{each execution's value of ${oneLine(term)}}`, ATOM];
    case 'choice':
      return [`{a choice from ${oneLine(term)}}`, ATOM];
    case 'empty':
      return [term.sort === 'set' ? '{}' : '0', ATOM];
    case 'union':
      return [all('|', COMPOSE), UNION];
    case 'compose':
      return [`${inner(0, COMPOSE)} ; ${inner(1, DIFFERENCE)}`, COMPOSE];
    case 'difference':
      return [`${inner(0, DIFFERENCE)} \\ ${inner(1, INTERSECTION)}`, DIFFERENCE];
    case 'intersection':
      return [all('&', TIGHT), INTERSECTION];
    case 'product':
      return [`${inner(0, ATOM)} * ${inner(1, ATOM)}`, TIGHT];
    case 'complement':
      return [`~${inner(0, ATOM)}`, TIGHT];
    case 'plus':
      // `r++` would be another operator.
      return [`${inner(0, args[0].operator === 'plus' ? ATOM : POSTFIX)}+`, POSTFIX];
    case 'star':
      return [`${inner(0, POSTFIX)}*`, POSTFIX];
    case 'optional':
      return [`${inner(0, POSTFIX)}?`, POSTFIX];
    case 'inverse':
      return [`${inner(0, POSTFIX)}^-1`, POSTFIX];
    case 'identity':
      return [`[${print(args[0])[0]}]`, ATOM];
    case 'domain':
    case 'range':
      return [`${term.operator}(${print(args[0])[0]})`, ATOM];
  }
}

/** The text that a computed term comes from, shortened. */
function oneLine({ dynamic }: Term): string {
  if (!dynamic) return '...';
  const { source, start, end } = dynamic.span;
  const text = source.text.slice(start, end).replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
