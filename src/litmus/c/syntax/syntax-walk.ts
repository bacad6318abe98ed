import type { ExpressionSyntax, StatementSyntax } from './c-syntax.js';

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
