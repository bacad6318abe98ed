import { raise, type Span } from '../../diagnostics.js';
import type { Pattern } from '../syntax/model-syntax.js';
import type { Dynamic, Scope, Value } from '../terms/model-values.js';

/** Binds the names of a pattern; `taker` says in messages who wants the values. */
export function bindPattern(pattern: Pattern, value: Value, scope: Scope, span: Span, taker: string): void {
  if (pattern.kind === 'single') {
    if (pattern.name) scope.bind(pattern.name.text, value);
    return;
  }
  const wanted = pattern.names.length;
  const items =
    value.kind === 'dynamic' ? partsOfPattern(value.dynamic, wanted, span, taker) : itemsOf(value);
  if (items.length !== wanted) {
    refuseCount(wanted, items.length, span, taker);
  }
  pattern.names.forEach((name, index) => {
    if (name) scope.bind(name.text, items[index]);
  });
}

function itemsOf(value: Value): readonly Value[] {
  if (value.kind === 'tuple') return value.items;
  if (value.kind !== 'pair') return [value];
  return [
    { kind: 'event', event: value.from },
    { kind: 'event', event: value.to },
  ];
}

/** The items of a tuple that only an execution gives. */
function partsOfPattern(dynamic: Dynamic, count: number, span: Span, taker: string): Value[] {
  return Array.from({ length: count }, (_, index) => {
    const run: Dynamic['run'] = (runtime) => {
      const items = itemsOf(runtime.concrete({ kind: 'dynamic', dynamic }));
      if (items.length !== count) refuseCount(count, items.length, span, taker);
      return items[index];
    };
    return { kind: 'dynamic', dynamic: { inputs: dynamic.inputs, span: dynamic.span, run } };
  });
}

function refuseCount(wanted: number, count: number, span: Span, taker: string): never {
  const found = `here ${count === 1 ? 'is' : 'are'} ${count}`;
  return raise(`${taker} takes ${wanted === 1 ? '1 argument' : `${wanted} arguments`}, but ${found}`, span);
}
