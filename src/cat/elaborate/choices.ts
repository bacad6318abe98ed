import { raise } from '../../diagnostics.js';
import type { Instruction } from '../syntax/model-syntax.js';
import { type Dynamic, describe, Scope, type Value } from '../terms/model-values.js';
import { PROGRAM, type Term } from '../terms/terms.js';
import { toRelation, toSet } from './coercions.js';
import type { Elaboration } from './elaboration.js';
import { unsupported } from './model-expressions.js';
import { recogniseOrders } from './recognise.js';

type With = Extract<Instruction, { kind: 'with' }>;
type Orders = Extract<Value, { kind: 'orders' }>;

/**
 * `with x from S`: each relation of S makes an execution of its own. When S is all the total orders per
 * location of the writes, x is the coherence order that the search enumerates anyway; else it becomes a
 * choice of the plan.
 */
export function withFrom(elaborator: Elaboration, { name, from, span }: With, scope: Scope): Scope {
  const value = elaborator.expressions.evaluate(from, scope);
  const inner = new Scope(scope);
  const bind = (made: Value): Scope => {
    inner.bind(name.text, made);
    return inner;
  };
  switch (value.kind) {
    case 'orders':
      return bind(asCoherence(elaborator, value, span) ?? choice(elaborator, value.dynamic));
    case 'dynamic': {
      const orders = recogniseOrders(elaborator.factory, value.dynamic);
      return bind((orders && asCoherence(elaborator, orders, span)) ?? choice(elaborator, value.dynamic));
    }
    case 'values':
      if (value.items.length === 1) return bind(value.items[0]);
      if (value.items.length > 1) unsupported('`with` over a set of tags', from.span);
      return bind(none(elaborator, span));
    case 'empty':
      return bind(none(elaborator, span));
    default:
      return raise(
        `\`with\` takes a set of relations, such as generate_cos gives, not ${describe(value)}`,
        from.span,
      );
  }
}

function choice(elaborator: Elaboration, dynamic: Dynamic): Value {
  const term = elaborator.factory.choice(dynamic, elaborator.choices.length);
  elaborator.choices.push(term);
  return { kind: 'term', term };
}

/** Nothing to choose from: no execution is left. */
function none(elaborator: Elaboration, span: With['span']): Value {
  const term = elaborator.factory.empty('relation');
  const line = span.source.position(span.start).line;
  elaborator.checks.push({
    kind: 'empty',
    negated: true,
    term,
    name: `with-line-${line}`,
    flag: false,
    span,
  });
  return { kind: 'term', term };
}

/**
 * The search enumerates co: for each location every total order of the writes, the initial one first. So
 * `with co from` all orders of W that contain r leaves the executions of the search in which co contains r,
 * as far as r relates writes to one location: that much becomes a check. The same holds when a model orders
 * more events than the writes, if the program determines which: the search then orders those. When it orders
 * fewer, its orders are what co leaves of those events; each of them is found, but more than once where co
 * also orders others of the location (herd would count them once).
 *
 * Only the first such `with` is co; a second one enumerates anew, as a choice.
 */
function asCoherence(elaborator: Elaboration, orders: Orders, span: With['span']): Value | undefined {
  const { factory } = elaborator;
  if (elaborator.ordered) return undefined;
  const events = toSet(factory, orders.events, span);
  const within = isWithin(events, factory.base('W'));
  if (events.stage !== PROGRAM || !(within || contains(events, factory.base('W')))) return undefined;
  elaborator.ordered = within ? factory.base('W') : events;
  requireOrder(elaborator, orders, events, span);
  const co = factory.base('co');
  const writesOnly = events === elaborator.ordered;
  return {
    kind: 'term',
    term: writesOnly ? co : factory.intersection([co, factory.product(events, events)]),
  };
}

/** Whether a set evidently has no events but those of another. */
function isWithin(events: Term, all: Term): boolean {
  if (events === all || events.operator === 'empty') return true;
  if (events.operator === 'intersection') return events.args.some((arg) => isWithin(arg, all));
  if (events.operator === 'difference') return isWithin(events.args[0], all);
  return events.operator === 'union' && events.args.every((arg) => isWithin(arg, all));
}

/** Whether a set evidently has all the events of another. */
function contains(events: Term, all: Term): boolean {
  if (events === all) return true;
  return events.operator === 'union' && events.args.some((arg) => contains(arg, all));
}

/**
 * That co contains what the generator asks for. co is total on the events of a location: it lacks a pair if
 * and only if it has the opposite one, or the pair is of one event. Said so, the check can fail, for good,
 * before co is complete.
 */
function requireOrder(
  elaborator: Elaboration,
  { extending }: Orders,
  events: Term,
  span: With['span'],
): void {
  const { factory, standard } = elaborator;
  const always = standard.find('co0');
  const asked = toRelation(factory, extending, span);
  const parts = asked.operator === 'union' ? asked.args : [asked];
  const open = parts.filter((part) => !(always?.kind === 'term' && isPartOf(part, always.term)));
  if (open.length === 0 || asked.operator === 'empty') return;
  const relevant = factory.intersection([
    factory.union(open),
    factory.base('loc'),
    factory.product(events, events),
  ]);
  const term = factory.union([relevant, factory.compose(relevant, factory.base('co'))]);
  if (term.operator === 'empty') return;
  const line = span.source.position(span.start).line;
  elaborator.checks.push({
    kind: 'irreflexive',
    negated: false,
    term,
    name: `co-line-${line}`,
    flag: false,
    span,
  });
}

/** Whether a relation is what holds of every co, or a part of that. */
function isPartOf(part: Term, always: Term): boolean {
  return part === always || (always.operator === 'union' && always.args.includes(part));
}
