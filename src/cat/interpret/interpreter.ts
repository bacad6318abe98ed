import { raise, SourceError, type Span } from '../../diagnostics.js';
import type { Binding, Condition, Expression } from '../syntax/model-syntax.js';
import { describe, type Runtime, Scope, type Value } from '../terms/model-values.js';
import { insideCall, UnboundNameError } from './call-errors.js';
import {
  applyBinary,
  applyList,
  applyUnary,
  compareValues,
  isEmptyValue,
  joinedText,
  keyOfValue,
  literal,
  takeFirst,
} from './concrete.js';
import type { Lookup } from './inputs.js';
import { bindPattern } from './patterns.js';

const deepestCalls = 2000;
/** Rounds of a `let rec` whose definitions are not monotone: it may never settle. */
const mostRounds = 10_000;

/**
 * Evaluates expressions on one execution. Names may stand for symbolic values: they are made concrete where
 * they are used.
 */
export class Interpreter {
  private calls = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly lookup: Lookup,
    private readonly decideVariant: (condition: Condition) => boolean,
  ) {}

  evaluate(expression: Expression, scope: Scope): Value {
    const { span } = expression;
    switch (expression.kind) {
      case 'name':
        return this.runtime.concrete(this.lookup(expression.name, span, scope));
      case 'empty':
        return { kind: 'empty' };
      case 'universe':
        return { kind: 'universe' };
      case 'tag':
        return { kind: 'tag', name: expression.name };
      case 'braces':
        return literal(this.all(expression.items, scope), spansOf(expression.items), this.runtime);
      case 'tuple':
        return { kind: 'tuple', items: this.all(expression.items, scope) };
      case 'apply':
        return this.apply(
          this.evaluate(expression.callee, scope),
          this.evaluate(expression.argument, scope),
          expression.argument.span,
          span,
        );
      case 'unary':
        return applyUnary(
          expression.operator,
          this.evaluate(expression.operand, scope),
          expression.operand.span,
          this.runtime,
        );
      case 'list': {
        const { operator, operands } = expression;
        return applyList(operator, this.all(operands, scope), spansOf(operands), this.runtime);
      }
      case 'binary':
        return applyBinary(
          expression.operator,
          this.evaluate(expression.left, scope),
          this.evaluate(expression.right, scope),
          [expression.left.span, expression.right.span],
          this.runtime,
        );
      case 'let':
        return this.evaluate(expression.body, this.bind(expression.recursive, expression.bindings, scope));
      case 'function': {
        const { pattern, body } = expression;
        return { kind: 'closure', name: expression.name ?? 'fun', pattern, body, scope };
      }
      case 'try':
        return this.attempt(expression.body, scope) ?? this.evaluate(expression.fallback, scope);
      case 'if':
        return this.evaluate(
          this.decide(expression.condition, scope) ? expression.whenTrue : expression.whenFalse,
          scope,
        );
      case 'match':
        return this.matchTag(expression, scope);
      case 'match-set':
        return this.matchSet(expression, scope);
    }
  }

  decide(condition: Condition, scope: Scope): boolean {
    switch (condition.kind) {
      case 'variant':
        return this.decideVariant(condition);
      case 'not':
        return !this.decide(condition.operand, scope);
      case 'and':
        return this.decide(condition.left, scope) && this.decide(condition.right, scope);
      case 'or':
        return this.decide(condition.left, scope) || this.decide(condition.right, scope);
      case 'compare': {
        const { operator, left, right, span } = condition;
        return compareValues(
          operator,
          this.evaluate(left, scope),
          this.evaluate(right, scope),
          span,
          this.runtime,
        );
      }
    }
  }

  apply(callee: Value, argument: Value, argumentSpan: Span, call: Span): Value {
    if (callee.kind === 'builtin') return callee.concrete(argument, argumentSpan, this.runtime);
    if (callee.kind !== 'closure')
      return raise(`only a function can be applied, not ${describe(callee)}`, call);
    if (this.calls >= deepestCalls) raise(`\`${callee.name}\` calls itself for ever`, call);
    const inner = new Scope(callee.scope);
    bindPattern(callee.pattern, argument, inner, argumentSpan, `\`${callee.name}\``);
    this.calls++;
    const result = insideCall(callee.name, call, () => this.evaluate(callee.body, inner));
    this.calls--;
    return result;
  }

  bind(recursive: boolean, bindings: readonly Binding[], scope: Scope): Scope {
    if (recursive) return this.bindRecursively(bindings, scope);
    const inner = new Scope(scope);
    for (const { pattern, value } of bindings) {
      bindPattern(pattern, this.evaluate(value, scope), inner, value.span, 'this definition');
    }
    return inner;
  }

  /**
   * Functions see each other. Sets and relations are computed in rounds, from nothing, each definition seeing
   * what those before it have become in the same round, until no definition gains a member. For monotone
   * definitions that is their least solution; for others it is what herd computes.
   */
  private bindRecursively(bindings: readonly Binding[], scope: Scope): Scope {
    const inner = new Scope(scope);
    const definitions = bindings.filter(({ value }) => value.kind !== 'function');
    const empty: Value = { kind: 'empty' };
    for (const { pattern, value } of bindings) {
      if (value.kind === 'function') bindPattern(pattern, this.evaluate(value, inner), inner, value.span, '');
      else
        for (const name of pattern.kind === 'single' ? [pattern.name] : pattern.names) {
          if (name) inner.bind(name.text, empty);
        }
    }
    let before: Value[] = definitions.map(() => empty);
    for (let round = 0; ; round++) {
      const after = definitions.map(({ pattern, value }) => {
        const result = this.evaluate(value, inner);
        bindPattern(pattern, result, inner, value.span, 'this definition');
        return result;
      });
      if (after.every((value, index) => !this.gains(before[index], value, definitions[index].span)))
        return inner;
      if (round === mostRounds) raise('this definition never settles', definitions[0].span);
      before = after;
    }
  }

  /** Whether a value has a member that an earlier one has not. */
  private gains(before: Value, after: Value, span: Span): boolean {
    if (after.kind === 'tuple') {
      const earlier = before.kind === 'tuple' ? before.items : [];
      return after.items.some((item, index) => this.gains(earlier[index] ?? { kind: 'empty' }, item, span));
    }
    return isEmptyValue(joinedText('difference', after, before, span, this.runtime)) === false;
  }

  private all(expressions: readonly Expression[], scope: Scope): Value[] {
    return expressions.map((expression) => this.evaluate(expression, scope));
  }

  private attempt(body: Expression, scope: Scope): Value | undefined {
    const { calls } = this;
    try {
      return this.evaluate(body, scope);
    } catch (error) {
      if (!(error instanceof UnboundNameError) && !(error instanceof SourceError)) throw error;
      this.calls = calls;
      return undefined;
    }
  }

  private matchTag(match: Extract<Expression, { kind: 'match' }>, scope: Scope): Value {
    const subject = this.evaluate(match.subject, scope);
    return this.evaluate(clauseFor(match, subject), scope);
  }

  private matchSet(match: Extract<Expression, { kind: 'match-set' }>, scope: Scope): Value {
    const split = takeFirst(this.evaluate(match.subject, scope), match.subject.span);
    if (!split) return this.evaluate(match.whenEmpty, scope);
    const inner = new Scope(scope);
    if (match.before) inner.bind(match.before.text, { kind: 'empty' });
    if (match.element) inner.bind(match.element.text, split.element);
    if (match.rest) inner.bind(match.rest.text, split.rest);
    return this.evaluate(match.whenMore, inner);
  }
}

/** The body of the clause that a tag selects; raises when none does. */
export function clauseFor<Body>(
  match: {
    readonly subject: Expression;
    readonly clauses: readonly { readonly tag: string; readonly body: Body }[];
    readonly otherwise: Body | undefined;
  },
  subject: Value,
): Body {
  if (subject.kind !== 'tag')
    return raise(`\`match\` on tags needs a tag, not ${describe(subject)}`, match.subject.span);
  const body = match.clauses.find(({ tag }) => tag === subject.name)?.body ?? match.otherwise;
  return body ?? raise(`no clause of this \`match\` is for ${keyOfValue(subject)}`, match.subject.span);
}

function spansOf(expressions: readonly Expression[]): Span[] {
  return expressions.map(({ span }) => span);
}
