import type { ExpressionSyntax, StatementSyntax } from './c-syntax.js';

/** Calls `visit` for an expression and all expressions in it. */
export function forEachExpression(
  expression: ExpressionSyntax,
  visit: (expression: ExpressionSyntax) => void,
): void {
  visit(expression);
  for (const part of partsOf(expression)) forEachExpression(part, visit);
}

/** The expressions that an expression is made of. */
export function partsOf(expression: ExpressionSyntax): readonly ExpressionSyntax[] {
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
  for (const expression of expressionsOf(statement)) forEachExpression(expression, visit);
  for (const part of statementsOf(statement)) forEachExpressionIn(part, visit);
}

/** The expressions that stand in a statement itself; of a `for`, those of its head. */
export function expressionsOf(statement: StatementSyntax): readonly ExpressionSyntax[] {
  switch (statement.kind) {
    case 'expression':
      return [statement.expression];
    case 'declaration':
      return statement.initial ? [statement.initial] : [];
    case 'if':
    case 'while':
    case 'do':
      return [statement.condition];
    case 'for': {
      const start = statement.start.flatMap((one) => (one.kind === 'expression' ? [one.expression] : []));
      return [...start, statement.condition, statement.step].filter((one) => one !== undefined);
    }
    case 'return':
      return statement.value ? [statement.value] : [];
    default:
      return [];
  }
}

/** The statements that stand in a statement; of a `for`, the declarations of its head and the body. */
export function statementsOf(statement: StatementSyntax): readonly StatementSyntax[] {
  switch (statement.kind) {
    case 'block':
      return statement.statements;
    case 'if':
      return statement.otherwise ? [statement.then, statement.otherwise] : [statement.then];
    case 'while':
    case 'do':
      return [statement.body];
    case 'for':
      return [...statement.start.filter(({ kind }) => kind !== 'expression'), statement.body];
    default:
      return [];
  }
}
