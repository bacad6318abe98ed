import { raise, type Span } from '../../diagnostics.js';
import { type Dynamic, describe, type Value } from '../terms/model-values.js';
import type { TermFactory } from '../terms/term-factory.js';
import type { Sort, Term } from '../terms/terms.js';

/** The text at a place when it is short enough to be quoted, else undefined. */
export function quoted({ source, start, end }: Span): string | undefined {
  const text = source.text.slice(start, end);
  return text.length <= 24 && /^\S.*$/.test(text) ? text : undefined;
}

/** A value where a relation is needed; raises when it is anything else. */
export function toRelation(factory: TermFactory, value: Value, span: Span): Term {
  return toSort(factory, value, 'relation', span);
}

/** A value where a set of events is needed; raises when it is anything else. */
export function toSet(factory: TermFactory, value: Value, span: Span): Term {
  return toSort(factory, value, 'set', span);
}

/** The same, for a sort that is only known when the model is read. */
export function toSort(factory: TermFactory, value: Value, sort: Sort, span: Span): Term {
  if (value.kind === 'empty') return factory.empty(sort);
  if (value.kind === 'universe') return factory.universe(sort);
  if (value.kind === 'term' && value.term.sort === sort) return value.term;
  if (value.kind === 'dynamic') return dynamicTerm(factory, value.dynamic, sort);
  if (value.kind === 'tuple' && value.items.some(({ kind }) => kind === 'dynamic')) {
    return dynamicTerm(factory, tupleOf(value.items, span), sort);
  }
  const text = quoted(span);
  const found =
    text && value.kind === 'term' ? `${describe(value).replace(/^a /, 'the ')} \`${text}\`` : describe(value);
  return raise(`expected a ${sort}, found ${found}${hint(value, text)}`, span);
}

/**
 * A recursive definition that cannot be solved as terms: it is then computed as a whole on each execution.
 */
export class NotMonotone extends Error {}

/** The term for what each execution gives. */
function dynamicTerm(factory: TermFactory, dynamic: Dynamic, sort: Sort): Term {
  const term = factory.dynamic(dynamic, sort);
  if (factory.free(term).size > 0) throw new NotMonotone();
  return term;
}

/** A pair of events may be written as a tuple. */
function tupleOf(items: readonly Value[], span: Span): Dynamic {
  const inputs = new Set<Term>();
  for (const item of items) {
    if (item.kind === 'dynamic') for (const input of item.dynamic.inputs) inputs.add(input);
    if (item.kind === 'term') inputs.add(item.term);
  }
  const run: Dynamic['run'] = (runtime) => runtime.concrete({ kind: 'tuple', items });
  return { inputs: [...inputs], span, run };
}

function hint(value: Value, text: string | undefined): string {
  if (value.kind === 'closure' || value.kind === 'builtin') return ', which needs an argument';
  if (value.kind !== 'term') return '';
  const inner = text ?? '...';
  if (value.term.sort === 'set') return `; write \`[${inner}]\` for the identity on it`;
  return `; write \`domain(${inner})\` or \`range(${inner})\` for the events at its ends`;
}
