import type { ExpressionSyntax, StatementSyntax } from '../../litmus/index.js';

type WrittenCall = ExpressionSyntax & { kind: 'call' };

/** A call of a function by its name, and where it stands. */
export interface Placed {
  readonly call: WrittenCall;
  readonly name: string;
  /** It is a statement of its own. */
  readonly statement: boolean;
  /** That statement stands in a block, and not alone after `if (...)`. */
  readonly inBlock: boolean;
  /** It is an operand of an operator that binds tighter than `*`. */
  readonly tight: boolean;
}

/** The calls in a statement, in the order of the text. */
export function placedCalls(statement: StatementSyntax): Placed[] {
  const found: Placed[] = [];
  visitStatement(statement, false, found);
  return found.sort((a, b) => a.call.span.start - b.call.span.start);
}

function visitStatement(statement: StatementSyntax, inBlock: boolean, found: Placed[]): void {
  switch (statement.kind) {
    case 'block':
      for (const each of statement.statements) visitStatement(each, true, found);
      return;
    case 'expression':
      visit(statement.expression, { statement: true, inBlock, tight: false }, found);
      return;
    case 'declaration':
      if (statement.initial) visit(statement.initial, loose, found);
      return;
    case 'if':
      visit(statement.condition, loose, found);
      visitStatement(statement.then, false, found);
      if (statement.otherwise) visitStatement(statement.otherwise, false, found);
      return;
    case 'while':
    case 'do':
      visit(statement.condition, loose, found);
      visitStatement(statement.body, false, found);
      return;
    case 'for':
      for (const each of statement.start)
        if (each.kind === 'expression') visit(each.expression, loose, found);
        else visitStatement(each, false, found);
      if (statement.condition) visit(statement.condition, loose, found);
      if (statement.step) visit(statement.step, loose, found);
      visitStatement(statement.body, false, found);
      return;
    case 'return':
      if (statement.value) visit(statement.value, loose, found);
      return;
  }
}

type CallPlace = Pick<Placed, 'statement' | 'inBlock' | 'tight'>;
const loose: CallPlace = { statement: false, inBlock: false, tight: false };
const tight: CallPlace = { ...loose, tight: true };

function visit(expression: ExpressionSyntax, place: CallPlace, found: Placed[]): void {
  switch (expression.kind) {
    case 'unary':
    case 'cast':
      visit(expression.operand, tight, found);
      return;
    case 'binary':
    case 'comma':
      visit(expression.left, loose, found);
      visit(expression.right, loose, found);
      return;
    case 'assign':
      visit(expression.target, loose, found);
      visit(expression.value, loose, found);
      return;
    case 'increment':
      visit(expression.target, tight, found);
      return;
    case 'conditional':
      visit(expression.condition, loose, found);
      visit(expression.then, loose, found);
      visit(expression.otherwise, loose, found);
      return;
    case 'call':
      if (expression.callee.kind === 'name')
        found.push({ call: expression, name: expression.callee.name, ...place });
      else visit(expression.callee, tight, found);
      for (const arg of expression.args) visit(arg, loose, found);
      return;
    case 'index':
      visit(expression.object, tight, found);
      visit(expression.index, loose, found);
      return;
    case 'member':
      visit(expression.object, tight, found);
      return;
  }
}
