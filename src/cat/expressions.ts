import { raise, SourceError, type Span } from '../diagnostics.js';
import { baseRelations, kindSets, tagSets } from '../execution/vocabulary.js';
import { builtins, unsupportedNames } from './builtins.js';
import { quoted, toRelation, toSet, toSort } from './coercions.js';
import { nearMatch } from './near-match.js';
import { bindRecursively, type OpenGroup } from './recursion.js';
import type {
  BinaryOperator,
  Binding,
  Condition,
  Expression,
  ListOperator,
  Pattern,
  UnaryOperator,
} from './syntax.js';
import type { TermFactory } from './term-factory.js';
import type { Sort, Term } from './terms.js';
import { describe, Scope, type Value } from './values.js';

/** A name that nothing defines: the one error that `try` passes over. */
class UnboundNameError extends SourceError {}

/** More steps than this are taken as a model that never ends; the largest in use takes a few thousand. */
const mostSteps = 500_000;
const deepestCalls = 200;

type List = Extract<Expression, { kind: 'list' }>;
type Binary = Extract<Expression, { kind: 'binary' }>;

/** Of a whole kind of constructs: parsed, but nothing here knows what to do with it. */
export function unsupported(construct: string, span: Span): never {
  return raise(`${construct} is not supported`, span);
}

/** Computes what expressions stand for: functions are applied and names replaced, so that only terms remain. */
export class ExpressionElaborator {
  private readonly globals: Map<string, Value>;
  /** See recursion.ts. */
  readonly inner: OpenGroup[][] = [];
  private steps = 0;
  private calls = 0;

  constructor(
    readonly factory: TermFactory,
    private readonly variants: ReadonlySet<string>,
  ) {
    this.globals = builtins(factory);
    for (const name of [kindSets, tagSets, baseRelations].flatMap(Object.keys)) {
      if (name !== '_') this.globals.set(name, { kind: 'term', term: factory.base(name) });
    }
  }

  evaluate(expression: Expression, scope: Scope): Value {
    if (++this.steps > mostSteps)
      raise('the model is too large: its functions call each other too often', expression.span);
    const { span } = expression;
    switch (expression.kind) {
      case 'name':
        return this.lookup(expression.name, span, scope);
      case 'empty':
        return { kind: 'empty' };
      case 'universe':
        return { kind: 'universe' };
      case 'braces':
        return expression.items.length === 0
          ? { kind: 'empty' }
          : unsupported('a set written as a list of elements', span);
      case 'tuple':
        return { kind: 'tuple', items: expression.items.map((item) => this.evaluate(item, scope)) };
      case 'apply':
        return this.apply(this.evaluate(expression.callee, scope), expression.argument, scope, expression);
      case 'unary':
        return this.unary(
          expression.operator,
          this.evaluate(expression.operand, scope),
          expression.operand.span,
        );
      case 'list':
        return this.list(expression, scope);
      case 'binary':
        return this.binary(expression, scope);
      case 'let':
        return this.evaluate(expression.body, this.bind(expression.recursive, expression.bindings, scope));
      case 'function':
        return {
          kind: 'closure',
          name: expression.name ?? 'fun',
          pattern: expression.pattern,
          body: expression.body,
          scope,
        };
      case 'try':
        return this.attempt(expression.body, scope) ?? this.evaluate(expression.fallback, scope);
      case 'if':
        return this.evaluate(
          this.decide(expression.condition) ? expression.whenTrue : expression.whenFalse,
          scope,
        );
      case 'tag':
        return unsupported('a tag', span);
      case 'match':
      case 'match-set':
        return unsupported('`match`', span);
    }
  }

  relation(expression: Expression, scope: Scope): Term {
    return toRelation(this.factory, this.evaluate(expression, scope), expression.span);
  }

  /** Whether a condition holds: only the model's variants can be asked for. */
  decide(condition: Condition): boolean {
    switch (condition.kind) {
      case 'variant':
        return this.variants.has(condition.name);
      case 'not':
        return !this.decide(condition.operand);
      case 'and':
        return this.decide(condition.left) && this.decide(condition.right);
      case 'or':
        return this.decide(condition.left) || this.decide(condition.right);
      case 'compare':
        return unsupported(`a condition with \`${condition.operator}\``, condition.span);
    }
  }

  /** The scope in which the definitions hold. */
  bind(recursive: boolean, bindings: readonly Binding[], scope: Scope): Scope {
    if (recursive) return bindRecursively(this, bindings, scope);
    const inner = new Scope(scope);
    for (const { pattern, value } of bindings) {
      this.bindPattern(pattern, this.evaluate(value, scope), inner, value.span, 'this definition');
    }
    return inner;
  }

  /** Binds the names of a pattern; `taker` says in messages who wants the values. */
  bindPattern(pattern: Pattern, value: Value, scope: Scope, span: Span, taker: string): void {
    if (pattern.kind === 'single') {
      if (pattern.name) scope.bind(pattern.name.text, value);
      return;
    }
    const items = value.kind === 'tuple' ? value.items : [value];
    if (items.length !== pattern.names.length) {
      raise(
        `${taker} takes ${count(pattern.names.length)}, but here ${items.length === 1 ? 'is' : 'are'} ${items.length}`,
        span,
      );
    }
    pattern.names.forEach((name, index) => {
      if (name) scope.bind(name.text, items[index]);
    });
  }

  private lookup(name: string, span: Span, scope: Scope): Value {
    const value = scope.find(name) ?? this.globals.get(name);
    if (value) return value;
    if (unsupportedNames.has(name)) return unsupported(`\`${name}\``, span);
    const near = nearMatch(name, [...scope.names(), ...this.globals.keys()]);
    throw new UnboundNameError(
      `nothing defines \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}`,
      span,
    );
  }

  private attempt(body: Expression, scope: Scope): Value | undefined {
    const { calls, inner } = this;
    const depth = inner.length;
    try {
      return this.evaluate(body, scope);
    } catch (error) {
      if (!(error instanceof UnboundNameError)) throw error;
      this.calls = calls;
      inner.length = depth;
      return undefined;
    }
  }

  private apply(callee: Value, argument: Expression, scope: Scope, call: Expression): Value {
    if (callee.kind === 'builtin') return callee.apply(this.evaluate(argument, scope), argument.span);
    if (callee.kind !== 'closure') {
      const text = quoted((call as Extract<Expression, { kind: 'apply' }>).callee.span);
      const what =
        callee.kind === 'term'
          ? `${describe(callee)}, not a function; join relations with \`;\``
          : `${describe(callee)}, not a function`;
      return raise(`${text ? `\`${text}\`` : 'this'} is ${what}`, call.span);
    }
    const inner = new Scope(callee.scope);
    this.bindPattern(
      callee.pattern,
      this.evaluate(argument, scope),
      inner,
      argument.span,
      `\`${callee.name}\``,
    );
    if (this.calls >= deepestCalls) raise(`\`${callee.name}\` calls itself for ever`, call.span);
    this.calls++;
    const result = insideCall(callee.name, call.span, () => this.evaluate(callee.body, inner));
    this.calls--;
    return result;
  }

  private unary(operator: UnaryOperator, value: Value, span: Span): Value {
    const { factory } = this;
    if (operator === 'complement') return this.complement(value, span);
    if (operator === 'identity') return { kind: 'term', term: factory.identity(toSet(factory, value, span)) };
    return { kind: 'term', term: factory[operator](toRelation(factory, value, span)) };
  }

  private complement(value: Value, span: Span): Value {
    if (value.kind === 'empty') return { kind: 'universe' };
    if (value.kind === 'universe') return { kind: 'empty' };
    const term = value.kind === 'term' ? value.term : toRelation(this.factory, value, span);
    this.refuseVariables(term, 'under `~`', span);
    return { kind: 'term', term: this.factory.complement(term) };
  }

  private list({ operator, operands }: List, scope: Scope): Value {
    const { factory } = this;
    const values = operands.map((operand) => this.evaluate(operand, scope));
    if (operator === 'compose') {
      const terms = values.map((value, index) => toRelation(factory, value, operands[index].span));
      return { kind: 'term', term: terms.reduce((left, right) => factory.compose(left, right)) };
    }
    const sort = commonSort(operator, operands, values);
    if (!sort) return withoutSort(operator, values);
    const terms = values.map((value, index) => toSort(factory, value, sort, operands[index].span));
    return { kind: 'term', term: factory[operator](terms) };
  }

  private binary({ operator, left, right, span }: Binary, scope: Scope): Value {
    const { factory } = this;
    if (operator === 'add') return unsupported('`++`', span);
    const values = [this.evaluate(left, scope), this.evaluate(right, scope)];
    if (operator === 'product') {
      const [from, to] = [toSet(factory, values[0], left.span), toSet(factory, values[1], right.span)];
      return { kind: 'term', term: factory.product(from, to) };
    }
    const sort = commonSort(operator, [left, right], values);
    if (!sort) return values[1].kind === 'empty' ? values[0] : { kind: 'empty' };
    const [kept, removed] = [
      toSort(factory, values[0], sort, left.span),
      toSort(factory, values[1], sort, right.span),
    ];
    this.refuseVariables(removed, 'on the right of `\\`', right.span);
    return { kind: 'term', term: factory.difference(kept, removed) };
  }

  /** A definition by itself has a least solution only if it grows with what it is made from. */
  private refuseVariables(term: Term, place: string, span: Span): void {
    for (const { name } of this.factory.free(term)) {
      raise(`\`${name}\` is defined by itself ${place}, so its definition has no least solution`, span);
    }
  }
}

const symbols: Record<ListOperator | BinaryOperator, string> = {
  union: '|',
  intersection: '&',
  compose: ';',
  difference: '\\',
  product: '*',
  add: '++',
};

/** The sort of the operands of `|`, `&` or `\`; undefined when each could be either. */
function commonSort(
  operator: ListOperator | BinaryOperator,
  operands: readonly Expression[],
  values: readonly Value[],
): Sort | undefined {
  const sorts = values.map((value) => (value.kind === 'term' ? value.term.sort : undefined));
  if (sorts.includes('set') && sorts.includes('relation')) {
    const { span } = operands[sorts.indexOf('set')];
    const text = quoted(span);
    const which = text ? `the set \`${text}\`` : 'a set';
    raise(
      `\`${symbols[operator]}\` joins ${which} and a relation; write \`[${text ?? '...'}]\` for the identity on the set`,
      span,
    );
  }
  const other = values.findIndex(({ kind }) => kind !== 'term' && kind !== 'empty' && kind !== 'universe');
  if (other >= 0) {
    raise(
      `\`${symbols[operator]}\` takes sets or relations, not ${describe(values[other])}`,
      operands[other].span,
    );
  }
  return sorts.find((sort) => sort !== undefined);
}

/** Union and intersection of values that are all `0` or `_`. */
function withoutSort(operator: 'union' | 'intersection', values: readonly Value[]): Value {
  const absorbing = operator === 'union' ? 'universe' : 'empty';
  return values.find((value) => value.kind === absorbing) ?? values[0];
}

function count(arguments_: number): string {
  return arguments_ === 1 ? '1 argument' : `${arguments_} arguments`;
}

/** An error inside a function of another file is of more use at the call. */
export function insideCall<T>(name: string, call: Span, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SourceError) || error.span.source === call.source) throw error;
    const { source, start } = error.span;
    const reason = `${error.reason} (in \`${name}\`, ${source.name}:${source.position(start).line})`;
    throw error instanceof UnboundNameError
      ? new UnboundNameError(reason, call)
      : new SourceError(reason, call);
  }
}
