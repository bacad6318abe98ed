import { raise, type Span, type Warning } from '../../../diagnostics.js';
import {
  addressOf,
  binary,
  constant,
  type Expression,
  int32,
  isPointer,
  pointerType,
  type ScalarType,
  wrap,
  wrapped,
} from '../../../program/index.js';
import { type CType, numbersOf, pointerTo, scalar, showType } from './types.js';

/** A value, and what C takes it for. Its type is never an array or a function: those stand for addresses. */
export interface Operand {
  readonly value: Expression;
  readonly type: CType;
}

/** How a value of the type lies in a register or a cell. Pointers are as wide as a long. */
export function scalarOf(type: CType, span: Span): ScalarType {
  if (type.kind === 'scalar') return type.scalar;
  if (type.kind === 'pointer') return pointerType;
  return raise(
    `expected a number or a pointer, found ${type.kind === 'void' ? 'no value' : `a ${showType(type)}`}`,
    span,
  );
}

/** The value as a variable of type `to` holds it. */
export function converted({ value, type }: Operand, to: CType, span: Span): Expression {
  if (to.kind === 'void') return value;
  const from = scalarOf(type, span);
  const into = scalarOf(to, span);
  // An address is an address in every type that is as wide.
  const asAddress =
    (to.kind === 'pointer' || type.kind === 'pointer') && from.bits === 64 && into.bits === 64;
  return asAddress || canHold(into, from) ? value : wrappedTo(into, value);
}

/**
 * The value as C's assignment converts it. It is told where that changes a constant's bits: a cast would say
 * that it is meant.
 */
export function assigned(warnings: Warning[], operand: Operand, to: CType, span: Span): Expression {
  const made = converted(operand, to, span);
  const { value } = operand;
  if (!isInteger(value) || !isInteger(made) || to.kind !== 'scalar' || to.scalar.bits === 1) return made;
  const { bits } = to.scalar;
  const fits = value.value >= -(1n << BigInt(bits - 1)) && value.value < 1n << BigInt(bits);
  const [named] = numbersOf(to);
  if (!fits) warnings.push({ reason: `${value.value} becomes ${made.value} in ${named.name}`, span });
  return made;
}

/** A `wrap`, or its result where that is known. */
export function wrappedTo(type: ScalarType, value: Expression): Expression {
  return value.kind === 'constant' ? constant(wrap(value.value, type)) : wrapped(type, value);
}

/** Whether every value of `inner` is one of `outer`. */
function canHold(outer: ScalarType, inner: ScalarType): boolean {
  if (inner.bits === 1) return true;
  if (outer.bits === 1) return false;
  if (outer.signed === inner.signed) return outer.bits >= inner.bits;
  return outer.signed && outer.bits > inner.bits;
}

/** C's integer promotions. */
export function promoted(type: ScalarType): ScalarType {
  return type.bits < 32 ? int32 : type;
}

/** C's usual arithmetic conversions: the type that an operation on the two is made in. */
export function commonScalar(left: ScalarType, right: ScalarType): ScalarType {
  const [a, b] = [promoted(left), promoted(right)];
  if (a.bits !== b.bits) return a.bits > b.bits ? a : b;
  return a.signed ? b : a;
}

/**
 * The type of a pointer's target. A number that is used as an address is one of its own kind, as herd7 takes
 * it.
 */
export function targetType(type: CType, span: Span): CType {
  if (type.kind === 'pointer') return type.target;
  if (type.kind === 'scalar') return scalar(type.scalar);
  return raise(
    `expected a pointer, found ${type.kind === 'void' ? 'no value' : `a ${showType(type)}`}`,
    span,
  );
}

/** An address, moved by a number of bytes. */
export function moved(address: Expression, bytes: number): Expression {
  if (bytes === 0) return address;
  if (address.kind === 'constant' && isPointer(address.value)) {
    return addressOf(address.value.symbol, address.value.offset + bytes);
  }
  if (address.kind === 'binary' && address.op === '+' && isInteger(address.right)) {
    return moved(address.left, Number(address.right.value) + bytes);
  }
  return binary('+', address, constant(bytes));
}

function isInteger(expression: Expression): expression is Expression & { kind: 'constant'; value: bigint } {
  return expression.kind === 'constant' && !isPointer(expression.value);
}

/** `pointer + count` elements of `size` bytes. */
export function advanced(
  pointer: Expression,
  count: Expression,
  size: number,
  op: '+' | '-' = '+',
): Expression {
  if (isInteger(count)) {
    return moved(pointer, Number(op === '+' ? count.value : -count.value) * size);
  }
  return binary(op, pointer, size === 1 ? count : binary('*', count, constant(size)));
}

/** The address of an array is a pointer to its first element. */
export function decayed(address: Expression, type: CType & { kind: 'array' }): Operand {
  return { value: address, type: pointerTo(type.element) };
}
