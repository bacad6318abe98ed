import { type BinaryOperator, type Expression, evaluate, faultIn } from './expressions.js';
import type { RegisterId } from './ids.js';
import { type Value, valuesEqual } from './values.js';

/**
 * A value not yet known: arithmetic over what the reads of one trace return. Its form is an expression's, with the
 * read's index in the trace in the place of a register.
 */
export type Symbolic = Expression;

/** What the read at this index of the trace returns. */
export const readAt = (index: number): Symbolic => ({ kind: 'register', register: index as never });

/**
 * An expression with registers replaced by what they hold. Arithmetic on constants is done at once.
 * @param keepsFaults whether operations that have no result stay; else they give junk
 */
export function substitute(
  expression: Expression,
  registers: (register: RegisterId) => Symbolic,
  keepsFaults = false,
): Symbolic {
  const part = (of: Expression): Symbolic => substitute(of, registers, keepsFaults);
  switch (expression.kind) {
    case 'constant':
      return expression;
    case 'register':
      return registers(expression.register);
    case 'unary':
    case 'wrap': {
      const operand = part(expression.operand);
      return folded(
        operand === expression.operand ? expression : { ...expression, operand },
        keepsFaults,
        operand,
      );
    }
    case 'binary': {
      const left = part(expression.left);
      const right = part(expression.right);
      if (isAlwaysZero(expression.op, left, right)) return ZERO;
      if (isUnchanged(expression.op) && isZero(right)) return left;
      return folded({ ...expression, left, right }, keepsFaults, left, right);
    }
    case 'select': {
      const condition = part(expression.condition);
      const then = part(expression.then);
      const otherwise = part(expression.otherwise);
      return folded({ ...expression, condition, then, otherwise }, keepsFaults, condition, then, otherwise);
    }
  }
}

const ZERO: Symbolic = { kind: 'constant', value: 0n };

/**
 * Whether an operation on reads gives 0 whatever they return: `r ^ r`, `r - r`, `r & 0`, the ways to make a dependency that
 * leaves a value as it is. Without this the value would wait for the source of the read.
 */
function isAlwaysZero(op: BinaryOperator, left: Symbolic, right: Symbolic): boolean {
  if (op === '^' || op === '-') return isSameRead(left, right);
  return op === '&' && ((isZero(left) && isRead(right)) || (isRead(left) && isZero(right)));
}

/** Whether an operation with 0 on its right gives what is on its left, whatever that is. */
function isUnchanged(op: BinaryOperator): boolean {
  return op === '+' || op === '-' || op === '|' || op === '^';
}

function isSameRead(left: Symbolic, right: Symbolic): boolean {
  if (left.kind === 'wrap' && right.kind === 'wrap') {
    const { bits, signed } = left.type;
    return (
      right.type.bits === bits && right.type.signed === signed && isSameRead(left.operand, right.operand)
    );
  }
  return left.kind === 'register' && right.kind === 'register' && left.register === right.register;
}

/** Arithmetic below might have no result, which must not get lost. */
function isRead(symbolic: Symbolic): boolean {
  return symbolic.kind === 'register' || (symbolic.kind === 'wrap' && isRead(symbolic.operand));
}

function isZero(symbolic: Symbolic): boolean {
  return symbolic.kind === 'constant' && symbolic.value === 0n;
}

function folded(symbolic: Symbolic, keepsFaults: boolean, ...parts: readonly Symbolic[]): Symbolic {
  for (const part of parts) if (part.kind !== 'constant') return symbolic;
  if (keepsFaults && faultIn(symbolic, noRead)) return symbolic;
  return { kind: 'constant', value: evaluate(symbolic, noRead) };
}

function noRead(): Value {
  throw new Error('a folded expression mentions a read');
}

/** Whether two expressions are the same, part by part. */
export function sameSymbolic(left: Symbolic, right: Symbolic): boolean {
  if (left === right) return true;
  switch (left.kind) {
    case 'constant':
      return right.kind === 'constant' && valuesEqual(left.value, right.value);
    case 'register':
      return right.kind === 'register' && left.register === right.register;
    case 'unary':
      return right.kind === 'unary' && left.op === right.op && sameSymbolic(left.operand, right.operand);
    case 'wrap':
      return (
        right.kind === 'wrap' &&
        left.type.bits === right.type.bits &&
        left.type.signed === right.type.signed &&
        sameSymbolic(left.operand, right.operand)
      );
    case 'binary':
      return (
        right.kind === 'binary' &&
        left.op === right.op &&
        sameSymbolic(left.left, right.left) &&
        sameSymbolic(left.right, right.right)
      );
    case 'select':
      return (
        right.kind === 'select' &&
        sameSymbolic(left.condition, right.condition) &&
        sameSymbolic(left.then, right.then) &&
        sameSymbolic(left.otherwise, right.otherwise)
      );
  }
}

/** The reads that a value is made of: indices in the trace, ascending, each once. */
export function readsOf(symbolic: Symbolic): number[] {
  const reads: number[] = [];
  collect(symbolic, reads);
  return reads.length < 2 ? reads : [...new Set(reads)].sort((a, b) => a - b);
}

function collect(symbolic: Symbolic, reads: number[]): void {
  switch (symbolic.kind) {
    case 'constant':
      return;
    case 'register':
      reads.push(symbolic.register);
      return;
    case 'unary':
    case 'wrap':
      collect(symbolic.operand, reads);
      return;
    case 'binary':
      collect(symbolic.left, reads);
      collect(symbolic.right, reads);
      return;
    case 'select':
      collect(symbolic.condition, reads);
      collect(symbolic.then, reads);
      collect(symbolic.otherwise, reads);
      return;
  }
}
