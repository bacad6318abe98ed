import { raise, type Span } from '../../diagnostics.js';
import { UnboundNameError } from '../interpret/call-errors.js';
import { keyOfValue, relationValue, setValue, valuesOf } from '../interpret/concrete.js';
import { byLocation, classesOf, ordersByLocation, totalOrders, unionsOf } from '../interpret/total-orders.js';
import { type Builtin, describe, type Runtime, type Value } from '../terms/model-values.js';
import type { TermFactory } from '../terms/term-factory.js';
import type { Term } from '../terms/terms.js';
import { toRelation, toSet } from './coercions.js';

/** What the functions need of the model that uses them. */
export interface BuiltinContext {
  readonly factory: TermFactory;
  /** The set of the events that carry a tag; undefined for a tag that no `enum` declares. */
  tagSet(tag: string): Term | undefined;
  /** The sets of all declared tags. */
  tagSets(): readonly Term[];
}

type Concrete = Builtin['concrete'];
type Symbolic = NonNullable<Builtin['symbolic']>;

const isTermLike = ({ kind }: Value): boolean => kind === 'term' || kind === 'empty' || kind === 'universe';

/** The functions that models may use without defining them. */
export function builtins(context: BuiltinContext): Map<string, Value> {
  const { factory } = context;
  const all = new Map<string, Value>();
  const define = (
    name: string,
    concrete: Concrete,
    symbolic?: Symbolic,
    inputs: () => readonly Term[] = () => [],
  ): void => {
    all.set(name, { kind: 'builtin', name, concrete, inputs, ...(symbolic ? { symbolic } : {}) });
  };
  const term = (made: Term): Value => ({ kind: 'term', term: made });
  const [loc, po, different] = ['loc', 'po', 'different-values'].map((name) => factory.base(name));

  define(
    'domain',
    (r, span, runtime) => setValue(runtime.relation(r, span).domain()),
    (r, span) => (isDeferred(r) ? undefined : term(factory.domain(toRelation(factory, r, span)))),
  );
  define(
    'range',
    (r, span, runtime) => setValue(runtime.relation(r, span).range()),
    (r, span) => (isDeferred(r) ? undefined : term(factory.range(toRelation(factory, r, span)))),
  );
  define(
    'as_transitive',
    (r, span, runtime) => relationValue(runtime.relation(r, span).transitiveClosure()),
    (r, span) => (isDeferred(r) ? undefined : term(factory.plus(toRelation(factory, r, span)))),
  );
  define(
    'fromto',
    (set, span, runtime) => {
      const order = runtime.relation(runtime.concrete(term(po)), span);
      return relationValue(order.restrict(fullSet(runtime, span), runtime.set(set, span)).compose(order));
    },
    (set, span) => (isDeferred(set) ? undefined : term(throughFence(factory, toSet(factory, set, span)))),
    () => [po],
  );
  define(
    'different-values',
    (r, span, runtime) =>
      relationValue(
        runtime.relation(r, span).intersection(runtime.relation(runtime.concrete(term(different)), span)),
      ),
    (r, span) =>
      isDeferred(r) ? undefined : term(factory.intersection([toRelation(factory, r, span), different])),
    () => [different],
  );
  defineOrders(define, context);
  define('classes', (r, span, runtime) => valuesOf(classesOf(runtime.relation(r, span)).map(setValue)));
  for (const name of ['classes-loc', 'partition']) {
    define(
      name,
      (set, span, runtime) => {
        const place = runtime.relation(runtime.concrete(term(loc)), span);
        return valuesOf(byLocation(runtime.set(set, span), place).map(setValue));
      },
      undefined,
      () => [loc],
    );
  }
  for (const name of ['tag2events', 'tag2instrs', 'tag2set']) {
    define(
      name,
      (tag, span, runtime) => runtime.concrete(term(eventsOf(context, name, tag, span))),
      (tag, span) => (tag.kind === 'dynamic' ? undefined : term(eventsOf(context, name, tag, span))),
      () => context.tagSets(),
    );
  }
  define(
    'tag2fenced',
    (tag, span) =>
      raise(`\`tag2fenced\` needs a tag that is known when the model is read, not ${keyOfValue(tag)}`, span),
    (tag, span) => term(throughFence(factory, eventsOf(context, 'tag2fenced', tag, span))),
  );
  const fail = (value: Value, span: Span): never => {
    throw new UnboundNameError(`\`fail\` was called with ${describe(value)}`, span);
  };
  define('fail', fail, fail);
  return all;
}

function fullSet(runtime: Runtime, span: Span) {
  return runtime.set({ kind: 'universe' }, span);
}

/** `po; [set]; po` */
function throughFence(factory: TermFactory, set: Term): Term {
  const po = factory.base('po');
  return factory.compose(factory.compose(po, factory.identity(set)), po);
}

function eventsOf(context: BuiltinContext, name: string, tag: Value, span: Span): Term {
  if (tag.kind !== 'tag') return raise(`\`${name}\` takes a tag, not ${describe(tag)}`, span);
  const found = context.tagSet(tag.name);
  if (found) return found;
  throw new UnboundNameError(`no \`enum\` declares the tag \`'${tag.name}\``, span);
}

/** Whether a value is known only on an execution. */
function isDeferred(value: Value): boolean {
  return value.kind === 'dynamic';
}

type Define = (name: string, concrete: Concrete, symbolic?: Symbolic, inputs?: () => readonly Term[]) => void;

/** The functions that enumerate orders. */
function defineOrders(define: Define, { factory }: BuiltinContext): void {
  const loc = factory.base('loc');
  const W: Value = { kind: 'term', term: factory.base('W') };
  const two = (name: string, value: Value, span: Span): readonly Value[] => {
    if (value.kind === 'tuple' && value.items.length === 2) return value.items;
    return raise(`\`${name}\` takes two arguments: \`${name}(events, relation)\``, span);
  };
  const enumerate = (events: Value, extending: Value, span: Span, runtime: Runtime): Value => {
    const place = runtime.relation(runtime.concrete({ kind: 'term', term: loc }), span);
    const orders = ordersByLocation(
      runtime.set(runtime.concrete(events), span),
      runtime.relation(runtime.concrete(extending), span),
      place,
    );
    return { kind: 'values', items: Array.from(orders, relationValue) };
  };
  const symbolic = (events: Value, extending: Value, span: Span): Value | undefined => {
    if (!isTermLike(events) || !(isTermLike(extending) || extending.kind === 'dynamic')) return undefined;
    const inputs = new Set([loc]);
    for (const value of [events, extending]) {
      if (value.kind === 'term') inputs.add(value.term);
      if (value.kind === 'dynamic') for (const input of value.dynamic.inputs) inputs.add(input);
    }
    const run = (runtime: Runtime) => enumerate(events, extending, span, runtime);
    return { kind: 'orders', events, extending, dynamic: { inputs: [...inputs], span, run } };
  };
  define(
    'generate_orders',
    (argument, span, runtime) => {
      const [events, extending] = two('generate_orders', argument, span);
      return enumerate(events, extending, span, runtime);
    },
    (argument, span) => {
      if (argument.kind === 'dynamic') return undefined;
      const [events, extending] = two('generate_orders', argument, span);
      return symbolic(events, extending, span);
    },
    () => [loc],
  );
  define(
    'generate_cos',
    (extending, span, runtime) => enumerate(W, extending, span, runtime),
    (extending, span) => symbolic(W, extending, span),
    () => [loc, factory.base('W')],
  );
  define(
    'linearisations',
    (argument, span, runtime) => {
      const [events, containing] = two('linearisations', argument, span);
      const orders = totalOrders(runtime.set(events, span), runtime.relation(containing, span));
      return { kind: 'values', items: Array.from(orders, relationValue) };
    },
    (argument, span) => {
      if (argument.kind !== 'dynamic') two('linearisations', argument, span);
      return undefined;
    },
  );
  define(
    'cross',
    (argument, span, runtime) => {
      const choices = runtime
        .members(argument, span)
        .map((choice) => runtime.members(choice, span).map((one) => runtime.relation(one, span)));
      return valuesOf(Array.from(unionsOf(runtime.n, choices), relationValue));
    },
    (argument) => (argument.kind === 'empty' ? { kind: 'values', items: [argument] } : undefined),
  );
}

/**
 * What herd defines beyond this. They are told apart from misspelt names: a model that uses them is not
 * wrong, and `try` does not pass over them.
 */
export const unsupportedNames: ReadonlySet<string> = new Set([
  'at-least-one-writable',
  'bisimulation',
  'delift',
  'deliftinter',
  'lift',
  'loc2events',
  'same-oa',
  'tag2level',
  'tag2scope',
]);
