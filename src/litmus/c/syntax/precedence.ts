import type { IToken } from 'chevrotain';
import { spanning } from '../../../diagnostics.js';
import type { BinaryOperator } from '../../../program/index.js';
import type { ExpressionSyntax } from './c-syntax.js';

/** C's binary operators, the loosest first. All are left-associative. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const strength = new Map(levels.flatMap((operators, level) => operators.map((op) => [op, level] as const)));

/** The tree of `operands[0] operators[0] operands[1] ...`. */
export function foldBinary(
  operands: readonly ExpressionSyntax[],
  operators: readonly IToken[],
): ExpressionSyntax {
  const values = [operands[0]];
  const pending: BinaryOperator[] = [];
  const reduce = (): void => {
    const right = values.pop()!;
    const left = values.pop()!;
    values.push({ kind: 'binary', op: pending.pop()!, left, right, span: spanning(left.span, right.span) });
  };
  operators.forEach((token, index) => {
    const op = token.image as BinaryOperator;
    while (pending.length > 0 && strength.get(pending.at(-1)!)! >= strength.get(op)!) reduce();
    pending.push(op);
    values.push(operands[index + 1]);
  });
  while (pending.length > 0) reduce();
  return values[0];
}
