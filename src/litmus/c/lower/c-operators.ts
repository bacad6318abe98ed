import { raise, type Span } from '../../../diagnostics.js';
import {
  type BinaryOperator,
  binary,
  constant,
  type Expression,
  evaluate,
  faultIn,
  type ScalarType,
  unary,
} from '../../../program/index.js';
import {
  advanced,
  commonScalar,
  converted,
  type Operand,
  promoted,
  scalarOf,
  wrappedTo,
} from '../memory/conversions.js';
import { type CType, intType, longType, scalar, showType, type Types } from '../memory/types.js';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
/** Operators whose result may lie outside the type of their operands. */
const overflowing: ReadonlySet<string> = new Set(['+', '-', '*', '/', '<<']);

/** A binary operator on two values, both already computed. */
export function binaryOperation(
  types: Types,
  op: BinaryOperator,
  left: Operand,
  right: Operand,
  span: Span,
): Operand {
  const from = scalarOf(left.type, span);
  const by = scalarOf(right.type, span);
  if (op === '&&' || op === '||') return { value: operation(op, left.value, right.value), type: intType };
  if (left.type.kind === 'pointer' || right.type.kind === 'pointer')
    return onPointers(types, op, left, right, span);
  if (op === '<<' || op === '>>') return shifted(op, left, right, promoted(from), span);
  const common = scalar(commonScalar(from, by));
  const place = op === '/' || op === '%' ? { span } : {};
  const value = operation(op, converted(left, common, span), converted(right, common, span), place);
  if (comparisons.has(op)) return { value, type: intType };
  return { value: overflowing.has(op) ? wrappedTo(scalarOf(common, span), value) : value, type: common };
}

/** The type of a shift is that of its left operand alone. */
function shifted(op: '<<' | '>>', left: Operand, right: Operand, type: ScalarType, span: Span): Operand {
  const { bits } = type;
  const value = operation(op, converted(left, scalar(type), span), right.value, { span, bits });
  return { value: op === '<<' ? wrappedTo(type, value) : value, type: scalar(type) };
}

function onPointers(types: Types, op: BinaryOperator, left: Operand, right: Operand, span: Span): Operand {
  if (comparisons.has(op)) return { value: operation(op, left.value, right.value), type: intType };
  if (op === '-' && left.type.kind === 'pointer' && right.type.kind === 'pointer') {
    const size = types.sizeOf(left.type.target, span);
    const bytes = operation('-', left.value, right.value);
    return { value: size === 1 ? bytes : operation('/', bytes, constant(size)), type: longType };
  }
  if (op === '+' || op === '-') {
    const [pointer, count] = left.type.kind === 'pointer' ? [left, right] : [right, left];
    if (pointer.type.kind === 'pointer' && count.type.kind === 'scalar' && (op === '+' || pointer === left)) {
      const size = types.sizeOf(pointer.type.target, span);
      return { value: advanced(pointer.value, count.value, size, op), type: pointer.type };
    }
  }
  // Masks and the like on addresses are no C, but litmus tests make false dependencies of them.
  if (op === '^' || op === '&' || op === '|')
    return { value: operation(op, left.value, right.value), type: longType };
  return raise(`\`${op}\` cannot be applied to ${showType(left.type)} and ${showType(right.type)}`, span);
}

/** `-`, `+`, `~` or `!` of a value. */
export function unaryOperation(op: '-' | '+' | '~' | '!', operand: Operand, span: Span): Operand {
  const from = scalarOf(operand.type, span);
  if (op === '!') return { value: negated(operand.value), type: intType };
  const type = promoted(from);
  if (op === '+') return { value: operand.value, type: scalar(type) };
  const value = folded(unary(op, operand.value));
  return { value: op === '~' && type.signed ? value : wrappedTo(type, value), type: scalar(type) };
}

/** Logical not. */
export const negated = (value: Expression): Expression => folded(unary('!', value));

const operation = (
  op: BinaryOperator,
  left: Expression,
  right: Expression,
  more: { readonly span?: Span; readonly bits?: number } = {},
): Expression => folded({ ...binary(op, left, right), ...more });

/**
 * An operation on constants is made at once. One on registers never is: it is a dependency, even in `r1 ^
 * r1`.
 */
function folded(expression: Expression): Expression {
  const parts =
    expression.kind === 'binary'
      ? [expression.left, expression.right]
      : expression.kind === 'unary'
        ? [expression.operand]
        : [];
  if (!parts.every((part) => part.kind === 'constant')) return expression;
  // What has no result has none wherever the program comes to it.
  return faultIn(expression, () => 0n) ? expression : constant(evaluate(expression, () => 0n));
}

/** The type of `c ? a : b`. */
export function commonType(left: CType, right: CType, span: Span): CType {
  if (left.kind === 'void' && right.kind === 'void') return left;
  if (left.kind === 'pointer') return left;
  if (right.kind === 'pointer') return right;
  return scalar(commonScalar(scalarOf(left, span), scalarOf(right, span)));
}
