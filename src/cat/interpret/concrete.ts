import { raise, type Span } from '../../diagnostics.js';
import { EventSet, Relation } from '../../relation/index.js';
import type { BinaryOperator, ListOperator, UnaryOperator } from '../syntax/model-syntax.js';
import { describe, type Runtime, type Value } from '../terms/model-values.js';
import { isPairOfEvents } from './runtime.js';

// The operators of the language on concrete values.

export const setValue = (set: EventSet): Value => ({ kind: 'set', set });
export const relationValue = (relation: Relation): Value => ({ kind: 'relation', relation });

/** A string that is equal for equal values and only for those; all empty sets are equal. */
export function keyOfValue(value: Value): string {
  switch (value.kind) {
    case 'set':
      return value.set.toString();
    case 'relation':
      return value.relation.toString();
    case 'event':
      return `e${value.event}`;
    case 'pair':
      return `(e${value.from},e${value.to})`;
    case 'tag':
      return `'${value.name}`;
    case 'empty':
      return '{}';
    case 'universe':
      return '_';
    case 'tuple':
      return `(${value.items.map(keyOfValue).join(',')})`;
    case 'values':
      return `{${value.items.map(keyOfValue).sort().join(',')}}`;
    case 'closure':
    case 'builtin':
    case 'procedure':
      return `function ${value.name}`;
    default:
      throw new Error(`no key for ${describe(value)}`);
  }
}

/** A set of values; each once. */
export function valuesOf(items: readonly Value[]): Value {
  const unique = new Map(items.map((item) => [keyOfValue(item), item]));
  return { kind: 'values', items: [...unique.values()] };
}

/** What kind of set a value is, as far as operators care. */
type Kind = 'set' | 'relation' | 'values' | 'universe' | 'empty';

function kindOfValue(value: Value, span: Span, operator: string): Kind {
  switch (value.kind) {
    case 'set':
    case 'relation':
    case 'values':
    case 'universe':
    case 'empty':
      return value.kind;
    case 'event':
      return 'set';
    case 'pair':
      return 'relation';
    case 'tag':
      return 'values';
    default:
      return raise(`\`${operator}\` takes sets or relations, not ${describe(value)}`, span);
  }
}

export function applyUnary(operator: UnaryOperator, value: Value, span: Span, runtime: Runtime): Value {
  switch (operator) {
    case 'complement':
      return complement(value, span);
    case 'identity':
      return relationValue(Relation.identityOn(runtime.set(value, span)));
    case 'inverse':
      if (value.kind === 'pair') return { kind: 'pair', from: value.to, to: value.from };
      return relationValue(runtime.relation(value, span).inverse());
    case 'plus':
      return relationValue(runtime.relation(value, span).transitiveClosure());
    case 'star':
      return relationValue(runtime.relation(value, span).reflexiveTransitiveClosure());
    case 'optional':
      return relationValue(runtime.relation(value, span).reflexive());
  }
}

function complement(value: Value, span: Span): Value {
  switch (value.kind) {
    case 'empty':
      return { kind: 'universe' };
    case 'universe':
      return { kind: 'empty' };
    case 'set':
      return setValue(value.set.complement());
    case 'relation':
      return relationValue(value.relation.complement());
    default:
      return raise(`\`~\` takes a set of events or a relation, not ${describe(value)}`, span);
  }
}

export function applyList(
  operator: ListOperator,
  values: readonly Value[],
  spans: readonly Span[],
  runtime: Runtime,
): Value {
  if (operator === 'compose') {
    const relations = values.map((value, index) => runtime.relation(value, spans[index]));
    return relationValue(relations.reduce((left, right) => left.compose(right)));
  }
  return values.reduce((left, right, index) => joinedText(operator, left, right, spans[index], runtime));
}

const symbols = { union: '|', intersection: '&', difference: '\\' } as const;
type Joining = keyof typeof symbols;

/** Union, intersection or difference of two values. */
export function joinedText(operator: Joining, a: Value, b: Value, span: Span, runtime: Runtime): Value {
  const symbol = symbols[operator];
  const [first, second] = [kindOfValue(a, span, symbol), kindOfValue(b, span, symbol)];
  if (first === 'empty' || second === 'empty') {
    if (operator === 'intersection') return { kind: 'empty' };
    if (operator === 'difference') return a;
    return first === 'empty' ? lifted(b) : lifted(a);
  }
  if (operator === 'union' && (first === 'universe' || second === 'universe')) return { kind: 'universe' };
  if (operator === 'intersection' && first === 'universe') return b;
  if (operator === 'intersection' && second === 'universe') return a;
  if (operator === 'difference' && second === 'universe') return { kind: 'empty' };
  if (first !== second && first !== 'universe')
    raise(`\`${symbol}\` joins ${describe(a)} and ${describe(b)}`, span);
  if (second === 'set') return setValue(runtime.set(a, span)[operator](runtime.set(b, span)));
  if (second === 'relation')
    return relationValue(runtime.relation(a, span)[operator](runtime.relation(b, span)));
  return joinedMembers(operator, runtime.members(a, span), runtime.members(b, span));
}

/** A single tag is the set of it. */
function lifted(value: Value): Value {
  return value.kind === 'tag' ? { kind: 'values', items: [value] } : value;
}

function joinedMembers(operator: Joining, a: readonly Value[], b: readonly Value[]): Value {
  if (operator === 'union') return valuesOf([...a, ...b]);
  const others = new Set(b.map(keyOfValue));
  const wanted = operator === 'intersection';
  return valuesOf(a.filter((item) => others.has(keyOfValue(item)) === wanted));
}

export function applyBinary(
  operator: BinaryOperator,
  a: Value,
  b: Value,
  [left, right]: readonly [Span, Span],
  runtime: Runtime,
): Value {
  switch (operator) {
    case 'product':
      return relationValue(Relation.product(runtime.set(a, left), runtime.set(b, right)));
    case 'difference':
      return joinedText('difference', a, b, right, runtime);
    case 'add':
      return added(a, b, [left, right], runtime);
  }
}

/** `a ++ b`: the set b with the element a. */
export function added(
  a: Value,
  b: Value,
  [left, right]: readonly [Span, Span],
  runtime: Runtime | undefined,
): Value {
  if (a.kind === 'universe') raise('`_` cannot be an element of a set', left);
  if (b.kind === 'universe') return b;
  if (runtime && (b.kind === 'set' || (b.kind === 'empty' && a.kind === 'event'))) {
    if (a.kind !== 'event') raise(`only an event can join a set of events, not ${describe(a)}`, left);
    return setValue(runtime.set(b, right).union(runtime.set(a, left)));
  }
  const isPair = a.kind === 'pair' || isPairOfEvents(a);
  if (runtime && (b.kind === 'relation' || (b.kind === 'empty' && a.kind === 'pair'))) {
    if (!isPair) raise(`only a pair of events can join a relation, not ${describe(a)}`, left);
    return relationValue(runtime.relation(b, right).union(runtime.relation(a, left)));
  }
  if (b.kind === 'empty') return { kind: 'values', items: [a] };
  if (b.kind === 'values') return valuesOf([a, ...b.items]);
  return raise(`\`++\` adds to a set, not to ${describe(b)}`, right);
}

/** `{a, b, c}` */
export function literal(
  items: readonly Value[],
  spans: readonly Span[],
  runtime: Runtime | undefined,
): Value {
  let all: Value = { kind: 'empty' };
  for (let index = items.length - 1; index >= 0; index--) {
    all = added(items[index], all, [spans[index], spans[index]], runtime);
  }
  return all;
}

/** Whether `a = b`, `a subset b` or `a in b`. */
export function compareValues(
  operator: '=' | 'subset' | 'in',
  a: Value,
  b: Value,
  span: Span,
  runtime: Runtime,
): boolean {
  if (operator === '=') return keyOfValue(a) === keyOfValue(b);
  if (operator === 'subset') return keyOfValue(joinedText('difference', a, b, span, runtime)) === '{}';
  if (a.kind === 'event') return runtime.set(b, span).has(a.event);
  if (a.kind === 'pair' || isPairOfEvents(a))
    return runtime.relation(a, span).difference(runtime.relation(b, span)).isEmpty();
  return runtime.members(b, span).some((item) => keyOfValue(item) === keyOfValue(a));
}

/** Whether a set or relation has no members; undefined for what is neither. */
export function isEmptyValue(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'empty':
      return true;
    case 'set':
      return value.set.isEmpty();
    case 'relation':
      return value.relation.isEmpty();
    case 'values':
      return value.items.length === 0;
    case 'universe':
    case 'event':
    case 'pair':
    case 'tag':
      return false;
    default:
      return undefined;
  }
}

/** An element of a set that is not empty, what comes before it in the set's order, and what comes after. */
export interface Split {
  readonly element: Value;
  readonly rest: Value;
}

/** Takes the first element out of a set or relation; undefined when it has none. */
export function takeFirst(value: Value, span: Span): Split | undefined {
  switch (value.kind) {
    case 'empty':
      return undefined;
    case 'set':
      for (const event of value.set) {
        const rest = value.set.difference(EventSet.of(value.set.size, event));
        return { element: { kind: 'event', event }, rest: setValue(rest) };
      }
      return undefined;
    case 'relation':
      for (const [from, to] of value.relation) {
        const rest = value.relation.difference(Relation.of(value.relation.size, [from, to]));
        return { element: { kind: 'pair', from, to }, rest: relationValue(rest) };
      }
      return undefined;
    case 'values':
      if (value.items.length === 0) return undefined;
      return { element: value.items[0], rest: { kind: 'values', items: value.items.slice(1) } };
    case 'universe':
      return raise('`match` cannot take `_` apart', span);
    default:
      return raise(`\`match\` takes a set apart, not ${describe(value)}`, span);
  }
}
