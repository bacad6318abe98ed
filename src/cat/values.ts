import type { Span } from '../diagnostics.js';
import type { Expression, Instruction, Pattern } from './syntax.js';
import type { Term } from './terms.js';

/** What an expression of a model stands for while the model is made into terms. */
export type Value =
  | { readonly kind: 'term'; readonly term: Term }
  /** `0`, `{}`, `_`: a set or a relation, as the place asks for. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'universe' }
  | { readonly kind: 'tuple'; readonly items: readonly Value[] }
  | {
      readonly kind: 'closure';
      readonly name: string;
      readonly pattern: Pattern;
      readonly body: Expression;
      readonly scope: Scope;
    }
  | {
      readonly kind: 'builtin';
      readonly name: string;
      readonly apply: (argument: Value, span: Span) => Value;
    }
  | {
      readonly kind: 'procedure';
      readonly name: string;
      readonly pattern: Pattern;
      readonly body: readonly Instruction[];
      readonly scope: Scope;
    }
  /** The total orders per location that extend a relation: what co may be. */
  | { readonly kind: 'coherence-orders'; readonly extending: Value };

/** A value in words, for messages. */
export function describe(value: Value): string {
  switch (value.kind) {
    case 'term':
      return value.term.sort === 'set' ? 'a set' : 'a relation';
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
    case 'coherence-orders':
      return 'a set of coherence orders';
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

  /** All the names that {@link find} finds. */
  names(): string[] {
    return [...this.values.keys(), ...(this.outer?.names() ?? [])];
  }

  /** The same names and values in a single step, so that a lookup is quick. */
  flattened(): Scope {
    const flat = new Scope();
    for (const name of this.names()) flat.bind(name, this.find(name) as Value);
    return flat;
  }
}
