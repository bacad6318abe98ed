import { raise, type Span } from '../../../diagnostics.js';
import { assigned, scalarOf } from '../memory/conversions.js';
import { showType } from '../memory/types.js';
import type { ExpressionSyntax, StatementSyntax } from '../syntax/c-syntax.js';
import { lowerCondition, lowerEffect } from './c-expressions.js';
import type { Context, Loop } from './context.js';
import { writePlace } from './lvalues.js';

type Statement<Kind> = StatementSyntax & { kind: Kind };

export function lowerStatement(context: Context, statement: StatementSyntax): void {
  switch (statement.kind) {
    case 'empty':
      return;
    case 'block':
      context.scoped(() => {
        for (const each of statement.statements) lowerStatement(context, each);
      });
      return;
    case 'expression':
      lowerEffect(context, statement.expression);
      return;
    case 'declaration':
      declaration(context, statement);
      return;
    case 'if':
      lowerIf(context, statement);
      return;
    case 'while':
    case 'do':
    case 'for':
      context.scoped(() => loop(context, statement));
      return;
    case 'break':
    case 'continue':
      leave(context, statement.kind, statement.span);
      return;
    case 'return':
      lowerReturn(context, statement);
      return;
  }
}

function declaration(context: Context, { declared, initial, span }: Statement<'declaration'>): void {
  const name = declared.name!;
  const type = context.globals.types.resolve(declared.type);
  if (type.kind !== 'scalar' && type.kind !== 'pointer') {
    raise(
      `a local variable is a number or a pointer, not ${showType(type)}: declare \`${name}\` at file level`,
      declared.span,
    );
  }
  // C has the name in scope in its own initialiser, but a value there would be undefined.
  const local = context.declare(name, type, declared.span);
  if (!initial) return;
  const value = context.value(context, initial, local.register);
  writePlace(context, { kind: 'register', local, name }, value, span);
}

function lowerIf(context: Context, { condition, then, otherwise, span }: Statement<'if'>): void {
  const { code } = context;
  const end = code.label();
  const alternative = otherwise ? code.label() : end;
  lowerCondition(context, condition, alternative);
  context.scoped(() => lowerStatement(context, then));
  if (otherwise) {
    code.jump(end, span);
    code.place(alternative);
    context.scoped(() => lowerStatement(context, otherwise));
  }
  code.place(end);
}

function loop(context: Context, statement: Statement<'while' | 'do' | 'for'>): void {
  const { code } = context;
  const { span } = statement;
  const [start, continueAt, breakAt] = [code.label(), code.label(), code.label()];
  if (statement.kind === 'for') for (const each of statement.start) lowerStatement(context, each);
  code.place(start);
  if (statement.kind !== 'do') lowerTest(context, statement.condition, breakAt);
  inLoop(context, { continueAt, breakAt }, () => lowerStatement(context, statement.body));
  code.place(continueAt);
  if (statement.kind === 'for' && statement.step) lowerEffect(context, statement.step);
  if (statement.kind === 'do') lowerTest(context, statement.condition, breakAt);
  code.jump(start, span);
  code.place(breakAt);
}

/** A condition that is a number other than 0, as in `while (1)`, needs no test. */
function lowerTest(
  context: Context,
  condition: ExpressionSyntax | undefined,
  otherwise: Loop['breakAt'],
): void {
  const isEndless = !condition || (condition.kind === 'integer' && condition.value !== 0n);
  if (!isEndless) lowerCondition(context, condition, otherwise);
}

function inLoop(context: Context, labels: Loop, body: () => void): void {
  context.loops.push(labels);
  body();
  context.loops.pop();
}

function leave(context: Context, kind: 'break' | 'continue', span: Span): void {
  const inner = context.loops.at(-1) ?? raise(`\`${kind}\` stands in no loop`, span);
  context.code.jump(kind === 'break' ? inner.breakAt : inner.continueAt, span);
}

function lowerReturn(context: Context, { value, span }: Statement<'return'>): void {
  const { result } = context;
  if (!value) {
    if (result && result.kind !== 'void')
      raise(`expected a value to return: the function gives ${showType(result)}`, span);
    context.code.emit({ kind: 'return', span });
    return;
  }
  if (!result || result.kind === 'void') raise('there is nothing to return a value to', value.span);
  scalarOf(result, span);
  const made = assigned(context.globals.warnings, context.value(context, value), result, value.span);
  context.code.emit({ kind: 'return', value: made, span });
}
