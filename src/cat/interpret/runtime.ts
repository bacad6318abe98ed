import { raise, type Span } from '../../diagnostics.js';
import { EventSet, Relation } from '../../relation/index.js';
import { type Dynamic, describe, type Runtime, type Value } from '../terms/model-values.js';
import type { Term } from '../terms/terms.js';

/** An execution: the values of the terms that dynamic values name as inputs. */
export class ExecutionRuntime implements Runtime {
  private readonly terms = new Map<Term, Value>();
  private readonly dynamics = new Map<Dynamic, Value>();

  constructor(
    /** Number of events. */
    readonly n: number,
    private readonly read: (term: Term) => Value,
  ) {}

  concrete(value: Value): Value {
    switch (value.kind) {
      case 'term':
        return this.term(value.term);
      case 'dynamic':
      case 'orders':
        return this.dynamic(value.dynamic);
      case 'tuple':
      case 'values':
        return { kind: value.kind, items: value.items.map((item) => this.concrete(item)) };
      case 'unbound':
        throw value.error;
      default:
        return value;
    }
  }

  private term(term: Term): Value {
    let value = this.terms.get(term);
    if (!value) {
      value = this.read(term);
      this.terms.set(term, value);
    }
    return value;
  }

  private dynamic(dynamic: Dynamic): Value {
    let value = this.dynamics.get(dynamic);
    if (!value) {
      value = dynamic.run(this);
      this.dynamics.set(dynamic, value);
    }
    return value;
  }

  relation(value: Value, span: Span): Relation {
    switch (value.kind) {
      case 'relation':
        return value.relation;
      case 'pair':
        return Relation.of(this.n, [value.from, value.to]);
      case 'tuple':
        if (isPairOfEvents(value)) return Relation.of(this.n, [eventOf(value, 0), eventOf(value, 1)]);
        break;
      case 'empty':
        return Relation.empty(this.n);
      case 'universe':
        return Relation.full(this.n);
    }
    return raise(`expected a relation, found ${describe(value)}`, span);
  }

  set(value: Value, span: Span): EventSet {
    switch (value.kind) {
      case 'set':
        return value.set;
      case 'event':
        return EventSet.of(this.n, value.event);
      case 'empty':
        return EventSet.empty(this.n);
      case 'universe':
        return EventSet.full(this.n);
      default:
        return raise(`expected a set of events, found ${describe(value)}`, span);
    }
  }

  members(value: Value, span: Span): readonly Value[] {
    if (value.kind === 'empty') return [];
    if (value.kind === 'values') return value.items;
    if (value.kind === 'tag') return [value];
    return raise(`expected a set of sets or relations, found ${describe(value)}`, span);
  }
}

/** Whether a tuple is a pair of events. */
export function isPairOfEvents(value: Value): boolean {
  if (value.kind !== 'tuple' || value.items.length !== 2) return false;
  return value.items.every(({ kind }) => kind === 'event');
}

function eventOf(value: Value & { kind: 'tuple' }, index: number): number {
  return (value.items[index] as Value & { kind: 'event' }).event;
}
