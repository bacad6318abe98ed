import { raise, type Span } from '../../../diagnostics.js';
import { constant, type Expression, type RegisterId, register, uint64 } from '../../../program/index.js';
import { converted, type Operand, scalarOf } from '../memory/conversions.js';
import { intType, pointerTo, scalar, voidType } from '../memory/types.js';
import type { ExpressionSyntax, TypeSyntax } from '../syntax/c-syntax.js';
import { binaryOperation, commonType, negated, unaryOperation } from './c-operators.js';
import { lowerCall } from './calls.js';
import type { Context } from './context.js';
import { hasEffects } from './effects.js';
import type { Label } from './function-code.js';
import { addressOfPlace, type LValue, lowerPlace, namedPlace, readPlace, writePlace } from './lvalues.js';
import { sizedType } from './sized-type.js';

/**
 * Lowers an expression to a value, after the instructions for what it does to memory and variables, left to
 * right. A value that one instruction makes is put in the register `into`, where that is given.
 */
export function lowerExpression(context: Context, expression: ExpressionSyntax, into?: RegisterId): Operand {
  const { span } = expression;
  switch (expression.kind) {
    case 'integer':
      return { value: constant(expression.value), type: scalar(expression.type) };
    case 'name':
      return named(context, expression, into);
    case 'unary':
      return lowerUnary(context, expression, into);
    case 'binary':
      return lowerBinary(context, expression);
    case 'assign':
      return assign(context, expression);
    case 'increment':
      return increment(context, expression, true);
    case 'conditional':
      return conditional(context, expression, into);
    case 'call':
      return callsPlace(context, expression)
        ? readPlace(context, lowerPlace(context, expression), span, into)
        : lowerCall(context, expression, into);
    case 'index':
    case 'member':
      return readPlace(context, lowerPlace(context, expression), span, into);
    case 'cast':
      return cast(context, expression, into);
    case 'sizeof':
      return {
        value: constant(context.globals.types.sizeOf(sizedType(context, expression), span)),
        type: scalar(uint64),
      };
    case 'comma':
      lowerEffect(context, expression.left);
      return context.value(context, expression.right, into);
  }
}

/** Lowers an expression whose value nobody uses. */
export function lowerEffect(context: Context, expression: ExpressionSyntax): void {
  if (expression.kind === 'increment') increment(context, expression, false);
  else if (expression.kind === 'cast' && isVoid(expression.type)) lowerEffect(context, expression.operand);
  else context.value(context, expression);
}

const isVoid = (type: TypeSyntax): boolean => type.kind === 'named' && type.name === 'void';

function named(
  context: Context,
  { name, span }: ExpressionSyntax & { kind: 'name' },
  into?: RegisterId,
): Operand {
  const place = namedPlace(context, name);
  if (place) return readPlace(context, place, span, into);
  if (name === 'NULL') return { value: constant(0), type: pointerTo(voidType) };
  if (name === 'true' || name === 'false') return { value: constant(name === 'true' ? 1 : 0), type: intType };
  return context.unknownName(name, 'variable', span);
}

/** `count(cpu)` of a global array. */
function callsPlace(context: Context, { callee }: ExpressionSyntax & { kind: 'call' }): boolean {
  return (
    callee.kind === 'name' &&
    !context.local(callee.name) &&
    context.globals.memory.typeOf(callee.name)?.kind === 'array'
  );
}

function lowerUnary(
  context: Context,
  expression: ExpressionSyntax & { kind: 'unary' },
  into?: RegisterId,
): Operand {
  const { op, operand, span } = expression;
  if (op === '*') return readPlace(context, lowerPlace(context, expression), span, into);
  if (op === '&') return addressOfPlace(lowerPlace(context, operand), span);
  return unaryOperation(op, context.value(context, operand), span);
}

function lowerBinary(context: Context, expression: ExpressionSyntax & { kind: 'binary' }): Operand {
  const { op, left, right, span } = expression;
  if ((op === '&&' || op === '||') && hasEffects(context, right)) return shortCircuit(context, expression);
  const first = context.value(context, left);
  return binaryOperation(context.globals.types, op, first, context.value(context, right), span);
}

/** `a && b` or `a || b` where evaluating `b` does something: only when `a` does not decide. */
function shortCircuit(context: Context, expression: ExpressionSyntax & { kind: 'binary' }): Operand {
  const { code } = context;
  const { op, left, right, span } = expression;
  const target = code.temporary();
  const end = code.label();
  code.emit({ kind: 'assign', target, value: constant(op === '||' ? 1 : 0), span });
  const first = context.value(context, left);
  scalarOf(first.type, left.span);
  code.branch(op === '||' ? first.value : negated(first.value), end, left.span);
  const second = context.value(context, right);
  scalarOf(second.type, right.span);
  code.emit({ kind: 'assign', target, value: negated(negated(second.value)), span: right.span });
  code.place(end);
  return { value: register(target), type: intType };
}

/** Goes to `otherwise` when the condition is 0. */
export function lowerCondition(context: Context, condition: ExpressionSyntax, otherwise: Label): void {
  const { code } = context;
  if (condition.kind === 'binary' && condition.op === '&&' && hasEffects(context, condition.right)) {
    lowerCondition(context, condition.left, otherwise);
    lowerCondition(context, condition.right, otherwise);
    return;
  }
  const { value, type } = context.value(context, condition);
  scalarOf(type, condition.span);
  // To go elsewhere when `!x` is 0 is to go there when x is not.
  const fails = value.kind === 'unary' && value.op === '!' ? value.operand : negated(value);
  code.branch(fails, otherwise, condition.span);
}

function conditional(
  context: Context,
  expression: ExpressionSyntax & { kind: 'conditional' },
  into?: RegisterId,
): Operand {
  const { condition, then, otherwise, span } = expression;
  if (hasEffects(context, then) || hasEffects(context, otherwise))
    return branching(context, expression, into);
  const test = context.value(context, condition);
  scalarOf(test.type, condition.span);
  const [first, second] = [context.value(context, then), context.value(context, otherwise)];
  const type = commonType(first.type, second.type, span);
  const [left, right] = [converted(first, type, then.span), converted(second, type, otherwise.span)];
  return { value: select(test.value, left, right), type };
}

const select = (condition: Expression, then: Expression, otherwise: Expression): Expression => ({
  kind: 'select',
  condition,
  then,
  otherwise,
});

/** `c ? a : b` where evaluating `a` or `b` does something. */
function branching(
  context: Context,
  expression: ExpressionSyntax & { kind: 'conditional' },
  into?: RegisterId,
): Operand {
  const { code } = context;
  const { condition, then, otherwise, span } = expression;
  const [alternative, end] = [code.label(), code.label()];
  lowerCondition(context, condition, alternative);
  const target = into ?? code.temporary();
  const settle = ({ value, type }: Operand, place: Span): void => {
    if (type.kind === 'void' || (value.kind === 'register' && value.register === target)) return;
    code.emit({ kind: 'assign', target, value, span: place });
  };
  const first = context.value(context, then, target);
  settle(first, then.span);
  code.jump(end, span);
  code.place(alternative);
  const second = context.value(context, otherwise, target);
  settle(second, otherwise.span);
  code.place(end);
  const type = commonType(first.type, second.type, span);
  if (type.kind === 'void') return { value: constant(0), type };
  // Either value may need the conversion to the common type; one after the join serves both.
  const wider = [first, second].map(
    (one): Expression => converted({ value: register(target), type: one.type }, type, span),
  );
  return { value: wider.find((value) => value.kind !== 'register') ?? register(target), type };
}

function assign(context: Context, expression: ExpressionSyntax & { kind: 'assign' }): Operand {
  const { op, target, value, span } = expression;
  const place = lowerPlace(context, target);
  if (op === '=') {
    const into = place.kind === 'register' ? place.local.register : undefined;
    return writePlace(context, place, context.value(context, value, into), span);
  }
  const old = readPlace(context, place, target.span);
  const by = context.value(context, value);
  return writePlace(context, place, binaryOperation(context.globals.types, op, old, by, span), span);
}

function increment(
  context: Context,
  expression: ExpressionSyntax & { kind: 'increment' },
  isUsed: boolean,
): Operand {
  const { op, prefix, target, span } = expression;
  const place: LValue = lowerPlace(context, target);
  let old = readPlace(context, place, span);
  if (!prefix && isUsed && place.kind === 'register')
    old = { ...old, value: context.code.copied(old.value, span) };
  const one = { value: constant(1), type: intType };
  const changed = writePlace(
    context,
    place,
    binaryOperation(context.globals.types, op === '++' ? '+' : '-', old, one, span),
    span,
  );
  return prefix ? changed : old;
}

function cast(context: Context, expression: ExpressionSyntax & { kind: 'cast' }, into?: RegisterId): Operand {
  const { operand, span } = expression;
  const type = context.globals.types.resolve(expression.type);
  const value = context.value(context, operand, into);
  if (type.kind === 'void') return { value: constant(0), type };
  if (type.kind !== 'scalar' && type.kind !== 'pointer') raise('a cast gives a number or a pointer', span);
  return { value: converted(value, type, span), type };
}

/** In C, sizeof does not evaluate its operand; here only types and variables are asked for. */
