import { raise, type Span } from '../../diagnostics.js';
import { insideCall } from '../interpret/call-errors.js';
import { isEmptyValue, takeFirst } from '../interpret/concrete.js';
import { clauseFor, type Interpreter } from '../interpret/interpreter.js';
import { bindPattern } from '../interpret/patterns.js';
import type { Instruction, Test } from '../syntax/model-syntax.js';
import { type Dynamic, describe, type Runtime, Scope, type Value } from '../terms/model-values.js';
import { toRelation } from './coercions.js';
import type { Elaboration } from './elaboration.js';
import { unsupported } from './model-expressions.js';

type Forall = Extract<Instruction, { kind: 'forall' }>;

/**
 * `forall x in S do ... end`: over tags, the body once for each. Over events, pairs or relations, one check
 * that all tests of the body hold for each element, and one flag for each name that the body can raise.
 */
export function forall(elaborator: Elaboration, instruction: Forall, scope: Scope): void {
  const { name, from, body, span } = instruction;
  const value = elaborator.expressions.evaluate(from, scope);
  if (value.kind === 'empty') return;
  if (value.kind === 'values' || value.kind === 'tag') {
    for (const item of value.kind === 'values' ? value.items : [value]) {
      const inner = new Scope(scope);
      inner.bind(name.text, item);
      elaborator.run(body, inner);
    }
    return;
  }
  if (value.kind !== 'term' && value.kind !== 'dynamic')
    raise(`\`forall\` takes a set, not ${describe(value)}`, from.span);
  const outcome = blockOn(elaborator, instruction, scope);
  const line = span.source.position(span.start).line;
  const add = (flag?: string, undefinedUnless = false): void => {
    const name = flag ?? `forall-line-${line}`;
    if (elaborator.skips(name)) return;
    const holds = (found: Outcome) => (flag === undefined ? found.holds : !found.flags.has(flag));
    const run: Dynamic['run'] = (runtime) =>
      holds(outcome.of(runtime)) ? { kind: 'empty' } : { kind: 'universe' };
    const term = toRelation(
      elaborator.factory,
      { kind: 'dynamic', dynamic: { inputs: outcome.inputs, span, run } },
      span,
    );
    const isFlag = flag !== undefined;
    elaborator.checks.push({
      kind: 'empty',
      negated: isFlag,
      term,
      name,
      flag: isFlag,
      ...(undefinedUnless ? { undefinedUnless } : {}),
      span,
    });
  };
  add();
  for (const [flag, undefinedUnless] of flagsIn(body)) add(flag, undefinedUnless);
}

/** What the instructions of a block come to, for all elements together. */
interface Outcome {
  readonly holds: boolean;
  readonly flags: ReadonlySet<string>;
}

function blockOn(elaborator: Elaboration, instruction: Forall, scope: Scope) {
  const { expressions } = elaborator;
  const inputs = expressions
    .collector()
    .expression(instruction.from, scope)
    .instructions(instruction.body, [instruction.name.text], scope).inputs;
  const known = new WeakMap<Runtime, Outcome>();
  const of = (runtime: Runtime): Outcome => {
    let found = known.get(runtime);
    if (!found) {
      const block = new Block(expressions.interpreter(runtime), runtime);
      block.run([instruction], scope);
      found = block;
      known.set(runtime, found);
    }
    return found;
  };
  return { inputs, of };
}

/** Carries instructions out on one execution. */
class Block implements Outcome {
  holds = true;
  readonly flags = new Set<string>();

  constructor(
    private readonly interpreter: Interpreter,
    private readonly runtime: Runtime,
  ) {}

  run(instructions: readonly Instruction[], scope: Scope): Scope {
    return instructions.reduce((current, instruction) => this.step(instruction, current), scope);
  }

  private step(instruction: Instruction, scope: Scope): Scope {
    const { interpreter } = this;
    switch (instruction.kind) {
      case 'let': {
        const inner = interpreter.bind(instruction.recursive, instruction.bindings, scope);
        if (instruction.when && !this.test(instruction.when, inner)) this.holds = false;
        return inner;
      }
      case 'test': {
        const { mode, test, span } = instruction;
        const holds = this.test(test, scope);
        if (mode === 'check' || mode === 'assert') this.holds &&= holds;
        else if (holds === (mode === 'flag')) this.flags.add(flagName(test, mode, span));
        return scope;
      }
      case 'if':
        return this.run(
          interpreter.decide(instruction.condition, scope) ? instruction.whenTrue : instruction.whenFalse,
          scope,
        );
      case 'match':
        return this.run(clauseFor(instruction, interpreter.evaluate(instruction.subject, scope)), scope);
      case 'forall':
        this.forall(instruction, scope);
        return scope;
      case 'call':
        this.call(instruction, scope);
        return scope;
      case 'procedure': {
        const outer = new Scope(scope);
        const { name, pattern, body, recursive } = instruction;
        const own = recursive ? outer : scope;
        outer.bind(name.text, { kind: 'procedure', name: name.text, pattern, body, scope: own });
        return outer;
      }
      case 'show':
      case 'show-as':
      case 'unshow':
      case 'debug':
        return scope;
      default:
        return unsupported(`\`${instruction.kind}\` inside \`forall\``, instruction.span);
    }
  }

  private forall({ name, from, body }: Forall, scope: Scope): void {
    let rest = this.interpreter.evaluate(from, scope);
    for (let split = takeFirst(rest, from.span); split; split = takeFirst(rest, from.span)) {
      const inner = new Scope(scope);
      inner.bind(name.text, split.element);
      this.run(body, inner);
      rest = split.rest;
    }
  }

  private call({ callee, argument, span }: Extract<Instruction, { kind: 'call' }>, scope: Scope): void {
    const name = { kind: 'name', name: callee.text, span: callee.span } as const;
    const value = this.interpreter.evaluate(name, scope);
    if (value.kind !== 'procedure')
      raise(`\`call\` needs a procedure; \`${callee.text}\` is ${describe(value)}`, callee.span);
    const inner = new Scope(value.scope);
    bindPattern(
      value.pattern,
      this.interpreter.evaluate(argument, scope),
      inner,
      argument.span,
      `\`${callee.text}\``,
    );
    insideCall(callee.text, span, () => this.run(value.body, inner));
  }

  private test({ kind, negated, subject }: Test, scope: Scope): boolean {
    const value = this.interpreter.evaluate(subject, scope);
    return this.holdsFor(kind, value, subject.span) !== negated;
  }

  private holdsFor(kind: Test['kind'], value: Value, span: Span): boolean {
    if (kind === 'empty')
      return isEmptyValue(value) ?? raise(`\`empty\` takes a set, not ${describe(value)}`, span);
    const relation = this.runtime.relation(value, span);
    return kind === 'acyclic' ? relation.isAcyclic() : relation.isIrreflexive();
  }
}

function flagName(test: Test, mode: string, span: Span): string {
  if (test.name) return test.name.text;
  return mode === 'undefined_unless'
    ? 'undefined'
    : `${test.kind}-line-${span.source.position(span.start).line}`;
}

/**
 * Names of the flags that instructions can raise, those of procedures that they call left out, and whether it
 * is `undefined_unless` that raises them.
 */
function flagsIn(instructions: readonly Instruction[]): Map<string, boolean> {
  const found = new Map<string, boolean>();
  const visit = (instruction: Instruction): void => {
    switch (instruction.kind) {
      case 'test':
        if (instruction.mode === 'flag' || instruction.mode === 'undefined_unless')
          found.set(
            flagName(instruction.test, instruction.mode, instruction.span),
            instruction.mode === 'undefined_unless',
          );
        return;
      case 'if':
        instruction.whenTrue.forEach(visit);
        instruction.whenFalse.forEach(visit);
        return;
      case 'match':
        for (const { body } of instruction.clauses) body.forEach(visit);
        instruction.otherwise?.forEach(visit);
        return;
      case 'forall':
      case 'procedure':
        instruction.body.forEach(visit);
    }
  };
  instructions.forEach(visit);
  return found;
}
