import {
  type ExpressionSyntax,
  expressionsOf,
  partsOf,
  type StatementSyntax,
  statementsOf,
} from '../../litmus/index.js';

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
  const place = statement.kind === 'expression' ? { statement: true, inBlock, tight: false } : loose;
  for (const expression of expressionsOf(statement)) visit(expression, place, found);
  for (const part of statementsOf(statement)) visitStatement(part, statement.kind === 'block', found);
}

type CallPlace = Pick<Placed, 'statement' | 'inBlock' | 'tight'>;
const loose: CallPlace = { statement: false, inBlock: false, tight: false };
const tight: CallPlace = { ...loose, tight: true };

function visit(expression: ExpressionSyntax, place: CallPlace, found: Placed[]): void {
  if (expression.kind === 'call' && expression.callee.kind === 'name')
    found.push({ call: expression, name: expression.callee.name, ...place });
  for (const part of partsOf(expression)) visit(part, isTight(part, expression) ? tight : loose, found);
}

/** Whether a part of an expression is an operand of what binds tighter than `*`. */
function isTight(part: ExpressionSyntax, whole: ExpressionSyntax): boolean {
  switch (whole.kind) {
    case 'unary':
    case 'cast':
    case 'increment':
    case 'member':
      return true;
    case 'index':
      return part === whole.object;
    case 'call':
      return part === whole.callee;
    default:
      return false;
  }
}
