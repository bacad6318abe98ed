import { raise } from '../../../diagnostics.js';
import type { CType } from '../memory/types.js';
import type { ExpressionSyntax, TypeSyntax } from '../syntax/c-syntax.js';
import type { Context } from './context.js';
import { type LValue, namedPlace } from './lvalues.js';

/** The type whose size a `sizeof` gives. */
export function sizedType(
  context: Context,
  { of, ofType, span }: ExpressionSyntax & { kind: 'sizeof' },
): CType {
  if (ofType) return context.globals.types.resolve(of as TypeSyntax);
  const operand = of as ExpressionSyntax;
  const pointed = operand.kind === 'unary' && operand.op === '*' ? operand.operand : undefined;
  const place = namedOnly(context, pointed ?? operand);
  if (!place) raise('expected a type, a variable, or * and a variable after sizeof', span);
  const type = place.kind === 'register' ? context.read(place.local).type : place.type;
  if (!pointed) return type;
  return type.kind === 'pointer' ? type.target : raise('expected a pointer', span);
}

function namedOnly(context: Context, expression: ExpressionSyntax): LValue | undefined {
  return expression.kind === 'name' ? namedPlace(context, expression.name) : undefined;
}
