import { raise, type Span } from '../diagnostics.js';
import { toRelation } from './coercions.js';
import type { TermFactory } from './term-factory.js';
import type { Value } from './values.js';

/** The functions that models may use without defining them. */
export function builtins(factory: TermFactory): Map<string, Value> {
  const all = new Map<string, Value>();
  const define = (name: string, apply: (argument: Value, span: Span) => Value): void => {
    all.set(name, { kind: 'builtin', name, apply });
  };
  define('domain', (relation, span) => ({
    kind: 'term',
    term: factory.domain(toRelation(factory, relation, span)),
  }));
  define('range', (relation, span) => ({
    kind: 'term',
    term: factory.range(toRelation(factory, relation, span)),
  }));
  define('generate_cos', (extending) => ({ kind: 'coherence-orders', extending }));
  define('generate_orders', (argument, span) => {
    if (argument.kind !== 'tuple' || argument.items.length !== 2) {
      raise('`generate_orders` takes two arguments: `generate_orders(W, r)`', span);
    }
    const [writes, extending] = argument.items;
    if (writes.kind !== 'term' || writes.term !== factory.base('W')) {
      raise('only the writes can be ordered here: `generate_orders(W, r)`', span);
    }
    return { kind: 'coherence-orders', extending };
  });
  return all;
}

/**
 * What herd defines beyond this. They are told apart from misspelt names: a model that uses them is not wrong, and
 * `try` does not pass over them.
 */
export const unsupportedNames: ReadonlySet<string> = new Set([
  'as_transitive',
  'at-least-one-writable',
  'bisimulation',
  'classes',
  'classes-loc',
  'co_locs',
  'cross',
  'delift',
  'deliftinter',
  'different-values',
  'fail',
  'fromto',
  'lift',
  'linearisations',
  'loc2events',
  'map',
  'partition',
  'same-oa',
  'tag2events',
  'tag2fenced',
  'tag2instrs',
  'tag2level',
  'tag2scope',
]);
