import type { Context } from './context.js';
import type { ExpressionSyntax, StatementSyntax } from './syntax.js';

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

/** Calls `visit` for an expression and all expressions in it. */
export function forEachExpression(
  expression: ExpressionSyntax,
  visit: (expression: ExpressionSyntax) => void,
): void {
  visit(expression);
  for (const part of partsOf(expression)) forEachExpression(part, visit);
}

function partsOf(expression: ExpressionSyntax): readonly ExpressionSyntax[] {
  switch (expression.kind) {
    case 'unary':
    case 'cast':
      return [expression.operand];
    case 'binary':
    case 'comma':
      return [expression.left, expression.right];
    case 'assign':
      return [expression.target, expression.value];
    case 'increment':
      return [expression.target];
    case 'conditional':
      return [expression.condition, expression.then, expression.otherwise];
    case 'call':
      return [expression.callee, ...expression.args];
    case 'index':
      return [expression.object, expression.index];
    case 'member':
      return [expression.object];
    default:
      return [];
  }
}

/** Calls `visit` for all expressions in a statement. */
export function forEachExpressionIn(
  statement: StatementSyntax,
  visit: (expression: ExpressionSyntax) => void,
): void {
  const inner = (expression: ExpressionSyntax | undefined): void => {
    if (expression) forEachExpression(expression, visit);
  };
  switch (statement.kind) {
    case 'block':
      for (const each of statement.statements) forEachExpressionIn(each, visit);
      return;
    case 'expression':
      inner(statement.expression);
      return;
    case 'declaration':
      inner(statement.initial);
      return;
    case 'if':
      inner(statement.condition);
      forEachExpressionIn(statement.then, visit);
      if (statement.otherwise) forEachExpressionIn(statement.otherwise, visit);
      return;
    case 'while':
    case 'do':
      inner(statement.condition);
      forEachExpressionIn(statement.body, visit);
      return;
    case 'for':
      for (const each of statement.start) forEachExpressionIn(each, visit);
      inner(statement.condition);
      inner(statement.step);
      forEachExpressionIn(statement.body, visit);
      return;
    case 'return':
      inner(statement.value);
      return;
  }
}
