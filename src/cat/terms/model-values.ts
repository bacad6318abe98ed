import type { SourceError, Span } from '../../diagnostics.js';
import { tick } from '../../limits.js';
import type { EventSet, Relation } from '../../relation/index.js';
import type { Expression, Instruction, Pattern } from '../syntax/model-syntax.js';
import type { Deferred, Term } from './terms.js';

/**
 * What an expression of a model stands for. While the model is made into terms, values are symbolic: terms,
 * functions, tags. What cannot be a term, since it looks at single events, is a `dynamic` value: it is
 * computed on each execution, where values are concrete: sets, relations, events, pairs.
 */
export type Value =
  | { readonly kind: 'term'; readonly term: Term }
  /** `0`, `{}`: the empty set of whatever the place asks for. */
  | { readonly kind: 'empty' }
  /** `_` */
  | { readonly kind: 'universe' }
  | { readonly kind: 'tuple'; readonly items: readonly Value[] }
  | {
      readonly kind: 'closure';
      readonly name: string;
      readonly pattern: Pattern;
      readonly body: Expression;
      readonly scope: Scope;
    }
  | Builtin
  | {
      readonly kind: 'procedure';
      readonly name: string;
      readonly pattern: Pattern;
      readonly body: readonly Instruction[];
      readonly scope: Scope;
    }
  | { readonly kind: 'tag'; readonly name: string }
  /** A set of anything but events and pairs: of tags, of relations, of sets. Without duplicates. */
  | { readonly kind: 'values'; readonly items: readonly Value[] }
  | { readonly kind: 'dynamic'; readonly dynamic: Dynamic }
  /** The total orders of the events at each location that extend a relation. */
  | { readonly kind: 'orders'; readonly events: Value; readonly extending: Value; readonly dynamic: Dynamic }
  /** A name whose definition uses a name that nothing defines: an error only for who uses it. */
  | { readonly kind: 'unbound'; readonly error: SourceError }
  // Concrete values.
  | { readonly kind: 'set'; readonly set: EventSet }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'pair'; readonly from: number; readonly to: number };

/** A function that is not written in the language. */
export interface Builtin {
  readonly kind: 'builtin';
  readonly name: string;
  /** On symbolic values; undefined when the argument has to be concrete. */
  readonly symbolic?: (argument: Value, span: Span) => Value | undefined;
  /** On concrete values. */
  readonly concrete: (argument: Value, span: Span, runtime: Runtime) => Value;
  /** Terms that `concrete` looks at besides its argument. */
  readonly inputs: () => readonly Term[];
}

/** What is computed on each execution, once its inputs are known. */
export interface Dynamic extends Deferred {
  run(runtime: Runtime): Value;
}

/**
 * An execution as dynamic values see it. What is given as something else than it has to be raises an error at
 * `span`.
 */
export interface Runtime {
  /** Number of events. */
  readonly n: number;
  /** A value without terms and dynamic parts. The same term gives the same object each time. */
  concrete(value: Value): Value;
  relation(value: Value, span: Span): Relation;
  set(value: Value, span: Span): EventSet;
  /** The members of a set of anything but events and pairs. */
  members(value: Value, span: Span): readonly Value[];
}

/** A value in words, for messages. */
export function describe(value: Value): string {
  switch (value.kind) {
    case 'term':
      return value.term.sort === 'set' ? 'a set' : 'a relation';
    case 'set':
      return 'a set';
    case 'relation':
      return 'a relation';
    case 'event':
      return 'an event';
    case 'pair':
      return 'a pair of events';
    case 'empty':
      return 'the empty set';
    case 'universe':
      return 'the set of all events';
    case 'tuple':
      return value.items.length === 0 ? 'an empty tuple' : `a tuple of ${value.items.length}`;
    case 'closure':
    case 'builtin':
      return `the function \`${value.name}\``;
    case 'procedure':
      return `the procedure \`${value.name}\``;
    case 'tag':
      return `the tag \`'${value.name}\``;
    case 'values':
      return value.items.some(({ kind }) => kind === 'tag') ? 'a set of tags' : 'a set of sets or relations';
    case 'dynamic':
      return 'a value that each execution gives';
    case 'orders':
      return 'a set of orders';
    case 'unbound':
      return 'a name without a definition';
  }
}

/** Names and their values. A scope never changes what another, made from it earlier, sees. */
export class Scope {
  private readonly values = new Map<string, Value>();

  constructor(private readonly outer?: Scope) {}

  /** Only while the scope is being made: closures hold on to it. */
  bind(name: string, value: Value): void {
    this.values.set(name, value);
  }

  find(name: string): Value | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.outer) {
      const value = scope.values.get(name);
      if (value) return value;
    }
    return undefined;
  }

  /** All the names that {@link find} finds, each once. */
  names(): Set<string> {
    const names = new Set<string>();
    for (let scope: Scope | undefined = this; scope; scope = scope.outer) {
      tick();
      for (const name of scope.values.keys()) names.add(name);
    }
    return names;
  }

  /** The same names and values in a single step, so that a lookup is quick. */
  flattened(): Scope {
    const flat = new Scope();
    for (const name of this.names()) flat.bind(name, this.find(name) as Value);
    return flat;
  }
}
