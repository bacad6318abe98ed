import type { ExpressionSyntax } from '../syntax/c-syntax.js';
import type { Context } from './context.js';

/** Whether evaluating an expression may do more than give a value: access memory, call, assign. */
export function hasEffects(context: Context, expression: ExpressionSyntax): boolean {
  switch (expression.kind) {
    case 'name': {
      if (context.local(expression.name)) return false;
      // An array's or a function's name is an address; another global's is a load.
      const kind = context.globals.memory.typeOf(expression.name)?.kind;
      return kind !== undefined && kind !== 'array';
    }
    case 'integer':
    case 'sizeof':
      return false;
    case 'unary':
      if (expression.op === '*') return true;
      if (expression.op === '&' && expression.operand.kind === 'name') return false;
      return hasEffects(context, expression.operand);
    case 'cast':
      return hasEffects(context, expression.operand);
    case 'binary':
    case 'comma':
      return hasEffects(context, expression.left) || hasEffects(context, expression.right);
    case 'conditional':
      return [expression.condition, expression.then, expression.otherwise].some((part) =>
        hasEffects(context, part),
      );
    default:
      return true;
  }
}
