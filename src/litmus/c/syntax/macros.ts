import { raise, type Source, type Span } from '../../../diagnostics.js';
import { nearMatch } from '../../../near-match.js';
import { parseMacroFile } from './c-parser.js';
import type { ExpressionSyntax, MacroSyntax, StatementSyntax } from './c-syntax.js';
import { intrinsicNames, intrinsicOf } from './macro-intrinsics.js';
import { forEachExpression, forEachExpressionIn } from './syntax-walk.js';

/**
 * The macros of a macro file: what the primitives of a program are made of. With them, no other primitive is
 * known.
 */
export class Macros {
  private constructor(private readonly byName: ReadonlyMap<string, MacroSyntax>) {}

  /**
   * Reads a macro file, as herd7's option -macros takes it. Where a name is defined twice, the later
   * definition counts.
   * @throws SourceError when a definition uses what is not there, or itself
   */
  static parse(source: Source): Macros {
    const definitions = parseMacroFile({ source, start: 0, end: source.text.length });
    const macros = new Macros(new Map(definitions.map((macro) => [macro.name, macro])));
    for (const macro of definitions) macros.check(macro);
    for (const macro of macros.byName.values()) macros.refuseCycle(macro, []);
    return macros;
  }

  /** @internal */
  find(name: string): MacroSyntax | undefined {
    return this.byName.get(name);
  }

  names(): Iterable<string> {
    return this.byName.keys();
  }

  private check({ body }: MacroSyntax): void {
    forEachCall(body, (call, callee) => {
      const { args, tags, operator, span } = call;
      const intrinsic = intrinsicOf(callee.name);
      const known = intrinsic?.signature.parameters ?? this.byName.get(callee.name)?.parameters;
      if (!known) {
        const near = nearMatch(callee.name, [...this.byName.keys(), ...intrinsicNames()]);
        raise(
          `there is no macro \`${callee.name}\`${near ? `; did you mean \`${near}\`?` : ''}`,
          callee.span,
        );
      }
      if (known.length !== args.length)
        raise(`\`${callee.name}\` takes ${known.length} values here, found ${args.length}`, span);
      const wantsOperator = intrinsic?.shape?.includes('op') ?? false;
      if (wantsOperator !== (operator !== undefined)) {
        raise(`\`${callee.name}\` takes ${wantsOperator ? 'an operator such as `+`' : 'no operator'}`, span);
      }
      if (intrinsic?.tagged && !tags && intrinsic.shape !== 'op')
        raise(`expected what its events carry, such as \`${callee.name}{once}\``, callee.span);
    });
  }

  private refuseCycle(macro: MacroSyntax, above: readonly string[]): void {
    if (above.includes(macro.name)) raise(`\`${macro.name}\` is defined by itself`, macro.span);
    forEachCall(macro.body, (_, { name }) => {
      const next = this.byName.get(name);
      if (next) this.refuseCycle(next, [...above, macro.name]);
    });
  }
}

type CallSyntax = ExpressionSyntax & { kind: 'call' };
type NameSyntax = ExpressionSyntax & { kind: 'name' };

function forEachCall(body: MacroSyntax['body'], visit: (call: CallSyntax, callee: NameSyntax) => void): void {
  const each = (expression: ExpressionSyntax): void => {
    if (expression.kind !== 'call') return;
    const { callee } = expression;
    if (callee.kind !== 'name') raise('expected the name of a macro', callee.span);
    visit(expression, callee);
  };
  if (body.kind === 'block') forEachExpressionIn(body, each);
  else forEachExpression(body, each);
}

/**
 * The expressions that a call of a macro stands for, one after another: one for a macro that is an
 * expression. Arguments take the place of the parameters as they are written. All else stands, for messages,
 * where the call does.
 */
export function expandMacro(
  { name, parameters, body }: MacroSyntax,
  args: readonly ExpressionSyntax[],
  site: Span,
): readonly ExpressionSyntax[] {
  const given = new Map(parameters.map((parameter, index) => [parameter, args[index]]));
  const effects = body.kind === 'block' ? effectsOf(body, name) : [body];
  return effects.map((expression) => substituted(expression, given, site));
}

function effectsOf(statement: StatementSyntax, name: string): ExpressionSyntax[] {
  switch (statement.kind) {
    case 'block':
      return statement.statements.flatMap((each) => effectsOf(each, name));
    case 'empty':
      return [];
    case 'expression':
      return [statement.expression];
    default:
      return raise(`the macro \`${name}\` can be an expression, or calls in braces`, statement.span);
  }
}

function substituted(
  expression: ExpressionSyntax,
  given: ReadonlyMap<string, ExpressionSyntax>,
  span: Span,
): ExpressionSyntax {
  const put = (part: ExpressionSyntax): ExpressionSyntax => substituted(part, given, span);
  switch (expression.kind) {
    case 'name':
      return given.get(expression.name) ?? { ...expression, span };
    case 'integer':
    case 'sizeof':
      return { ...expression, span };
    case 'unary':
    case 'cast':
      return { ...expression, operand: put(expression.operand), span };
    case 'binary':
    case 'comma':
      return { ...expression, left: put(expression.left), right: put(expression.right), span };
    case 'assign':
      return { ...expression, target: put(expression.target), value: put(expression.value), span };
    case 'increment':
      return { ...expression, target: put(expression.target), span };
    case 'conditional': {
      const [condition, then, otherwise] = [expression.condition, expression.then, expression.otherwise].map(
        put,
      );
      return { ...expression, condition, then, otherwise, span };
    }
    case 'call':
      // A callee is a macro's name, never a parameter.
      return { ...expression, callee: { ...expression.callee, span }, args: expression.args.map(put), span };
    case 'index':
      return { ...expression, object: put(expression.object), index: put(expression.index), span };
    case 'member':
      return { ...expression, object: put(expression.object), span };
  }
}
