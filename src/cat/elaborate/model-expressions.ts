import { raise, refuse, type SourceError, type Span } from '../../diagnostics.js';
import { baseRelations, kindSets, tagSets } from '../../execution/vocabulary.js';
import { nearMatch } from '../../near-match.js';
import { insideCall, UnboundNameError } from '../interpret/call-errors.js';
import { compareValues, literal, takeFirst } from '../interpret/concrete.js';
import { InputCollector } from '../interpret/inputs.js';
import { clauseFor, Interpreter } from '../interpret/interpreter.js';
import { bindPattern } from '../interpret/patterns.js';
import { namesOf } from '../syntax/free-names.js';
import { likeInstruction } from '../syntax/instruction-words.js';
import type { Binding, Condition, Expression, Pattern } from '../syntax/model-syntax.js';
import { type Dynamic, describe, type Runtime, Scope, type Value } from '../terms/model-values.js';
import type { TermFactory } from '../terms/term-factory.js';
import type { Definition, Term } from '../terms/terms.js';
import { builtins, unsupportedNames } from './builtins.js';
import { NotMonotone, quoted, toRelation } from './coercions.js';
import { isStatic, nowhere, SymbolicOperators } from './model-operators.js';
import { bindRecursively, type OpenGroup } from './recursion.js';
import { toInclude } from './shipped-files.js';

/** More steps than this are taken as a model that never ends; the largest in use takes a few thousand. */
const mostSteps = 500_000;
const deepestCalls = 200;

/** Of a whole kind of constructs: parsed, but nothing here knows what to do with it. */
export function unsupported(construct: string, span: Span): never {
  return refuse(`${construct} is not supported`, span);
}

/**
 * Computes what expressions stand for: functions are applied and names replaced, so that only terms remain.
 */
export class ExpressionElaborator {
  private readonly globals = new Map<string, Value>();
  private readonly operators: SymbolicOperators;
  /** The sets of the declared tags. */
  private readonly tags = new Map<string, Term>();
  /** Definitions that could not be made: errors only when something uses them. */
  readonly warnings: SourceError[] = [];
  /** What definitions call terms, in the order of the text. */
  readonly definitions: Definition[] = [];
  /** See recursion.ts. */
  readonly inner: OpenGroup[][] = [];
  private steps = 0;
  private calls = 0;

  constructor(
    readonly factory: TermFactory,
    private readonly variants: ReadonlySet<string>,
  ) {
    for (const name of [kindSets, tagSets, baseRelations].flatMap(Object.keys)) {
      if (name !== '_') this.globals.set(name, { kind: 'term', term: factory.base(name) });
    }
    this.operators = new SymbolicOperators(
      factory,
      () => this.collector(),
      () => this.tags.keys(),
    );
    const functions = builtins({
      factory,
      tagSet: (tag) => this.tags.get(tag),
      tagSets: () => [...this.tags.values()],
    });
    for (const [name, value] of functions) this.globals.set(name, value);
  }

  /** Makes a tag known, and the set of the events that carry it by the tag's name with a capital letter. */
  declareTag(tag: string): void {
    const name = `${tag[0].toUpperCase()}${tag.slice(1)}`;
    const set = this.factory.base(name);
    this.tags.set(tag, set);
    this.globals.set(name, { kind: 'term', term: set });
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
        return this.braces(expression, scope);
      case 'tuple':
        return { kind: 'tuple', items: expression.items.map((item) => this.evaluate(item, scope)) };
      case 'apply':
        return this.apply(this.evaluate(expression.callee, scope), expression.argument, scope, expression);
      case 'unary':
        return this.operators.unary(
          expression.operator,
          this.evaluate(expression.operand, scope),
          expression.operand.span,
        );
      case 'list':
        return this.operators.list(
          expression,
          expression.operands.map((operand) => this.evaluate(operand, scope)),
        );
      case 'binary':
        return this.operators.binary(expression, [
          this.evaluate(expression.left, scope),
          this.evaluate(expression.right, scope),
        ]);
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
        return this.choose(expression, scope);
      case 'tag':
        return this.tag(expression.name, span);
      case 'match':
        return this.matchTag(expression, scope);
      case 'match-set':
        return this.matchSet(expression, scope);
    }
  }

  relation(expression: Expression, scope: Scope): Term {
    return toRelation(this.factory, this.evaluate(expression, scope), expression.span);
  }

  /** Whether a condition holds; undefined when only an execution decides it. */
  decide(condition: Condition, scope: Scope): boolean | undefined {
    switch (condition.kind) {
      case 'variant':
        return this.variants.has(condition.name);
      case 'not':
        return !this.decide(condition.operand, scope);
      case 'and':
        return this.decide(condition.left, scope) && this.decide(condition.right, scope);
      case 'or':
        return this.decide(condition.left, scope) || this.decide(condition.right, scope);
      case 'compare': {
        const { operator, left, right, span } = condition;
        const [a, b] = [this.evaluate(left, scope), this.evaluate(right, scope)];
        return isStatic(a) && isStatic(b) ? compareValues(operator, a, b, span, nowhere) : undefined;
      }
    }
  }

  /** What a name stands for; raises when nothing defines it. */
  readonly lookup = (name: string, span: Span, scope: Scope): Value => {
    const value = scope.find(name) ?? this.globals.get(name);
    if (value?.kind === 'unbound') throw value.error;
    if (value) return value;
    if (unsupportedNames.has(name)) return unsupported(`\`${name}\``, span);
    const near = nearMatch(name, [...scope.names(), ...this.globals.keys()]);
    const hint = toInclude(name) ?? (near ? `; did you mean \`${near}\`?` : '');
    throw new UnboundNameError(`nothing defines \`${name}\`${hint}`, span);
  };

  /** Leaves an expression to each execution. */
  defer(expression: Expression, scope: Scope): Value {
    const inputs = this.collector().expression(expression, scope).inputs;
    const run = (runtime: Runtime) => this.interpreter(runtime).evaluate(expression, scope);
    return { kind: 'dynamic', dynamic: { inputs, span: expression.span, run } };
  }

  deferRecursion(bindings: readonly Binding[], names: readonly string[], scope: Scope): Dynamic {
    const { span } = bindings[0];
    const items = names.map((text): Expression => ({ kind: 'name', name: text, span }));
    const body: Expression = { kind: 'tuple', items, span };
    const whole: Expression = { kind: 'let', recursive: true, bindings, body, span };
    return (this.defer(whole, scope) as Value & { kind: 'dynamic' }).dynamic;
  }

  unlessNotMonotone<T>(run: () => T): T | undefined {
    return this.undoing(run, (error) => error instanceof NotMonotone);
  }

  collector(): InputCollector {
    return new InputCollector(this.lookup);
  }

  interpreter(runtime: Runtime): Interpreter {
    return new Interpreter(runtime, this.lookup, (condition) => this.decide(condition, new Scope()) === true);
  }

  /** The scope in which the definitions hold. */
  bind(recursive: boolean, bindings: readonly Binding[], scope: Scope): Scope {
    if (recursive) return bindRecursively(this, bindings, scope);
    const inner = new Scope(scope);
    for (const { pattern, value } of bindings) {
      this.define(pattern, value, scope, inner);
    }
    return inner;
  }

  /**
   * A definition that uses a name without one is an error only for what uses it: herd's own models have such.
   */
  private define(pattern: Pattern, value: Expression, scope: Scope, inner: Scope): void {
    let made: Value;
    try {
      made = this.evaluate(value, scope);
    } catch (error) {
      if (!(error instanceof UnboundNameError)) throw error;
      this.warnings.push(error);
      for (const name of namesOf(pattern)) inner.bind(name, { kind: 'unbound', error });
      return;
    }
    bindPattern(pattern, made, inner, value.span, 'this definition');
    if (made.kind === 'term' && pattern.kind === 'single' && pattern.name)
      this.definitions.push({ name: pattern.name.text, term: made.term });
  }

  private attempt(body: Expression, scope: Scope): Value | undefined {
    return this.undoing(
      () => this.evaluate(body, scope),
      (error) => error instanceof UnboundNameError,
    );
  }

  /** Undefined when an error comes up that is expected; what was begun when it came is given up. */
  private undoing<T>(run: () => T, expected: (error: unknown) => boolean): T | undefined {
    const { calls, inner } = this;
    const depth = inner.length;
    try {
      return run();
    } catch (error) {
      if (!expected(error)) throw error;
      this.calls = calls;
      inner.length = depth;
      return undefined;
    }
  }

  private tag(name: string, span: Span): Value {
    if (this.tags.has(name)) return { kind: 'tag', name };
    const near = nearMatch(name, this.tags.keys());
    throw new UnboundNameError(
      `no \`enum\` declares the tag \`'${name}\`${near ? `; did you mean \`'${near}\`?` : ''}`,
      span,
    );
  }

  private braces(expression: Extract<Expression, { kind: 'braces' }>, scope: Scope): Value {
    const items = expression.items.map((item) => this.evaluate(item, scope));
    if (!items.every(isStatic)) return this.defer(expression, scope);
    return literal(
      items,
      expression.items.map(({ span }) => span),
      undefined,
    );
  }

  private choose(expression: Extract<Expression, { kind: 'if' }>, scope: Scope): Value {
    const decided = this.decide(expression.condition, scope);
    if (decided === undefined) return this.defer(expression, scope);
    return this.evaluate(decided ? expression.whenTrue : expression.whenFalse, scope);
  }

  private matchTag(match: Extract<Expression, { kind: 'match' }>, scope: Scope): Value {
    const subject = this.evaluate(match.subject, scope);
    if (subject.kind === 'dynamic') return this.defer(match, scope);
    return this.evaluate(clauseFor(match, subject), scope);
  }

  private matchSet(match: Extract<Expression, { kind: 'match-set' }>, scope: Scope): Value {
    const subject = this.evaluate(match.subject, scope);
    if (subject.kind === 'term' && subject.term.operator === 'empty')
      return this.evaluate(match.whenEmpty, scope);
    if (subject.kind === 'term' || subject.kind === 'dynamic' || subject.kind === 'orders')
      return this.defer(match, scope);
    const split = takeFirst(subject, match.subject.span);
    if (!split) return this.evaluate(match.whenEmpty, scope);
    const inner = new Scope(scope);
    if (match.before) inner.bind(match.before.text, { kind: 'empty' });
    if (match.element) inner.bind(match.element.text, split.element);
    if (match.rest) inner.bind(match.rest.text, split.rest);
    return this.evaluate(match.whenMore, inner);
  }

  private apply(callee: Value, argument: Expression, scope: Scope, call: Expression): Value {
    if (callee.kind === 'builtin') {
      const value = this.evaluate(argument, scope);
      const result = callee.symbolic?.(value, argument.span);
      return (
        result ??
        this.operators.defer([callee, value], call.span, ([, given], runtime) =>
          callee.concrete(given, argument.span, runtime),
        )
      );
    }
    if (callee.kind === 'dynamic') {
      const value = this.evaluate(argument, scope);
      return this.operators.defer([callee, value], call.span, ([function_, given], runtime) =>
        this.interpreter(runtime).apply(function_, given, argument.span, call.span),
      );
    }
    if (callee.kind !== 'closure') {
      refuseNextLine(call as Extract<Expression, { kind: 'apply' }>);
      const text = quoted((call as Extract<Expression, { kind: 'apply' }>).callee.span);
      const what =
        callee.kind === 'term'
          ? `${describe(callee)}, not a function; join relations with \`;\``
          : `${describe(callee)}, not a function`;
      return raise(`${text ? `\`${text}\`` : 'this'} is ${what}`, call.span);
    }
    const inner = new Scope(callee.scope);
    const given = this.evaluate(argument, scope);
    bindPattern(callee.pattern, given, inner, argument.span, `\`${callee.name}\``);
    if (this.calls >= deepestCalls) raise(`\`${callee.name}\` calls itself for ever`, call.span);
    this.calls++;
    const result = insideCall(callee.name, call.span, () => this.evaluate(callee.body, inner));
    this.calls--;
    return result;
  }
}

/**
 * `po`, and on the next line `acylic rf`: what is no function is applied to what was meant to begin an
 * instruction.
 */
function refuseNextLine({ callee, argument }: Extract<Expression, { kind: 'apply' }>): void {
  if (argument.kind !== 'name' || !argument.span || !callee.span) return;
  const { source, start } = argument.span;
  if (source.position(start).line === source.position(callee.span.end).line) return;
  const { name } = argument;
  raise(
    `expected an operator or the next instruction, found \`${name}\`${likeInstruction(name)}`,
    argument.span,
  );
}
