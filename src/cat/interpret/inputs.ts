import { SourceError, type Span } from '../../diagnostics.js';
import { type FreeName, freeNames, freeNamesOf, namesOf } from '../syntax/free-names.js';
import type { Expression, Instruction } from '../syntax/model-syntax.js';
import type { Scope, Value } from '../terms/model-values.js';
import type { Term } from '../terms/terms.js';

/** Finds a name's value in a scope and among what is predefined; raises when nothing defines it. */
export type Lookup = (name: string, span: Span, scope: Scope) => Value;

/**
 * The terms that concrete evaluation may look at, starting from values or from the free names of code: those
 * that can be reached through names, function bodies and parts. More than what it will look at, never less.
 */
export class InputCollector {
  private readonly terms = new Set<Term>();
  private readonly seen = new Map<object, Set<Scope>>();

  constructor(private readonly lookup: Lookup) {}

  get inputs(): Term[] {
    return [...this.terms];
  }

  expression(expression: Expression, scope: Scope): this {
    return this.code(expression, scope, () => freeNames(expression));
  }

  instructions(instructions: readonly Instruction[], bound: readonly string[], scope: Scope): this {
    return this.code(instructions, scope, () => freeNamesOf(instructions, bound));
  }

  value(value: Value): this {
    switch (value.kind) {
      case 'term':
        this.terms.add(value.term);
        break;
      case 'tuple':
      case 'values':
        for (const item of value.items) this.value(item);
        break;
      case 'closure': {
        const bound = new Set(namesOf(value.pattern));
        this.code(value.body, value.scope, () =>
          freeNames(value.body).filter(({ name }) => !bound.has(name)),
        );
        break;
      }
      case 'procedure':
        this.instructions(value.body, [value.name, ...namesOf(value.pattern)], value.scope);
        break;
      case 'builtin':
        for (const term of value.inputs()) this.terms.add(term);
        break;
      case 'dynamic':
      case 'orders':
        for (const term of value.dynamic.inputs) this.terms.add(term);
        break;
    }
    return this;
  }

  private code(node: object, scope: Scope, names: () => readonly FreeName[]): this {
    const scopes = this.seen.get(node) ?? new Set();
    this.seen.set(node, scopes);
    if (scopes.has(scope)) return this;
    scopes.add(scope);
    for (const { name, span, optional } of names()) {
      const value = this.find(name, span, optional, scope);
      if (value) this.value(value);
    }
    return this;
  }

  private find(name: string, span: Span, optional: boolean, scope: Scope): Value | undefined {
    try {
      return this.lookup(name, span, scope);
    } catch (error) {
      if (optional && error instanceof SourceError) return undefined;
      throw error;
    }
  }
}
