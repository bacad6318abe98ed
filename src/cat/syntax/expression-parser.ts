import type { IToken, ParserMethod } from 'chevrotain';
import type { Span } from '../../diagnostics.js';
import { tokens as t } from './model-lexer.js';
import type { Binding, Condition, Expression, Name, Pattern } from './model-syntax.js';
import { OperatorParser } from './operator-parser.js';

/** The grammar of expressions that begin with a word, and of what definitions bind. */
export class ExpressionParser extends OperatorParser {
  /** Any expression. */
  expression: ParserMethod<[], Expression> = this.RULE('expression', () => {
    this.enter();
    const result = this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.letIn) },
      { ALT: () => this.SUBRULE(this.lambda) },
      { ALT: () => this.SUBRULE(this.tryWith) },
      { ALT: () => this.SUBRULE(this.ifThenElse) },
      { ALT: () => this.SUBRULE(this.match) },
      { ALT: () => this.SUBRULE(this.operatorsOrTuple) },
    ]);
    this.depth--;
    return result;
  });

  private letIn = this.RULE('letIn', (): Expression => {
    const first = this.CONSUME(t.Let);
    const recursive = this.OPTION(() => this.CONSUME(t.Rec)) !== undefined;
    const bindings = this.SUBRULE(this.bindings);
    this.CONSUME(t.In);
    const body = this.SUBRULE(this.expression);
    return { kind: 'let', recursive, bindings, body, span: this.since(first) };
  });

  private lambda = this.RULE('lambda', (): Expression => {
    const first = this.CONSUME(t.Fun);
    const pattern = this.SUBRULE(this.parameter);
    this.CONSUME(t.Arrow);
    const body = this.SUBRULE(this.expression);
    return { kind: 'function', name: undefined, pattern, body, span: this.since(first) };
  });

  private tryWith = this.RULE('tryWith', (): Expression => {
    const first = this.CONSUME(t.Try);
    const body = this.SUBRULE(this.expression);
    this.CONSUME(t.With);
    const fallback = this.SUBRULE1(this.expression);
    return { kind: 'try', body, fallback, span: this.since(first) };
  });

  private ifThenElse = this.RULE('ifThenElse', (): Expression => {
    const first = this.CONSUME(t.If);
    const condition = this.OR<Condition>([
      { GATE: () => this.isVariantNext(), ALT: () => this.SUBRULE(this.variants) },
      { ALT: () => this.SUBRULE(this.comparison) },
    ]);
    this.CONSUME(t.Then);
    const whenTrue = this.SUBRULE(this.expression);
    this.CONSUME(t.Else);
    const whenFalse = this.SUBRULE1(this.expression);
    return { kind: 'if', condition, whenTrue, whenFalse, span: this.since(first) };
  });

  /** Whether a condition begins as one over variants does, whatever parentheses stand before it. */
  private isVariantNext(): boolean {
    let ahead = 1;
    while (this.LA(ahead).tokenType === t.LeftParen) ahead++;
    const { tokenType } = this.LA(ahead);
    return tokenType === t.String || tokenType === t.Not || tokenType === t.Variant;
  }

  private comparison = this.RULE('comparison', (): Condition => {
    const first = this.LA(1);
    const left = this.SUBRULE(this.expression);
    const operator = this.OR<IToken>([
      { ALT: () => this.CONSUME(t.Equals) },
      { ALT: () => this.CONSUME(t.Subset) },
      { ALT: () => this.CONSUME(t.In) },
    ]).image as '=' | 'subset' | 'in';
    const right = this.SUBRULE1(this.expression);
    return { kind: 'compare', operator, left, right, span: this.since(first) };
  });

  /** A condition over variants: `"name"`, `not`, `&&`, `||`. */
  variants: ParserMethod<[], Condition> = this.RULE('variants', () => {
    const first = this.LA(1);
    let left = this.SUBRULE(this.variantsAnd);
    this.MANY(() => {
      this.CONSUME(t.OrOr);
      const right = this.SUBRULE1(this.variantsAnd);
      left = { kind: 'or', left, right, span: this.since(first) };
    });
    return left;
  });

  private variantsAnd = this.RULE('variantsAnd', (): Condition => {
    const first = this.LA(1);
    let left = this.SUBRULE(this.variant);
    this.MANY(() => {
      this.CONSUME(t.AndAnd);
      const right = this.SUBRULE1(this.variant);
      left = { kind: 'and', left, right, span: this.since(first) };
    });
    return left;
  });

  private variant: ParserMethod<[], Condition> = this.RULE('variant', () => {
    this.enter();
    const first = this.LA(1);
    const result = this.OR<Condition>([
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(t.Variant));
          const name = this.textOf(this.CONSUME(t.String));
          return { kind: 'variant', name, span: this.since(first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Not);
          const operand = this.SUBRULE(this.variant);
          return { kind: 'not', operand, span: this.since(first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          const inner = this.SUBRULE(this.variants);
          this.CONSUME(t.RightParen);
          return inner;
        },
      },
    ]);
    this.depth--;
    return result;
  });

  private match = this.RULE('match', (): Expression => {
    const first = this.CONSUME(t.Match);
    const subject = this.SUBRULE(this.expression);
    this.CONSUME(t.With);
    this.OPTION(() => this.CONSUME(t.OrOr));
    const cases = this.OR<(subject: Expression, span: () => Span) => Expression>([
      { GATE: () => this.isTagClauseNext(), ALT: () => this.SUBRULE(this.tagClauses) },
      { ALT: () => this.SUBRULE(this.setClauses) },
    ]);
    this.CONSUME(t.End);
    return this.ACTION(() => cases(subject, () => this.since(first)));
  });

  protected isTagClauseNext(): boolean {
    const { tokenType } = this.LA(1);
    return tokenType === t.Tag || (tokenType === t.Underscore && this.LA(2).tokenType === t.Arrow);
  }

  private tagClauses = this.RULE('tagClauses', () => {
    const clauses: { tag: string; body: Expression }[] = [];
    let otherwise: Expression | undefined;
    this.AT_LEAST_ONE_SEP({
      SEP: t.OrOr,
      DEF: () =>
        this.OR([
          {
            GATE: () => otherwise === undefined,
            ALT: () => {
              const tag = this.textOf(this.CONSUME(t.Tag));
              this.CONSUME(t.Arrow);
              clauses.push({ tag, body: this.SUBRULE(this.expression) });
            },
          },
          {
            GATE: () => otherwise === undefined,
            ALT: () => {
              this.CONSUME(t.Underscore);
              this.CONSUME1(t.Arrow);
              otherwise = this.SUBRULE1(this.expression);
            },
          },
        ]),
    });
    return (subject: Expression, span: () => Span): Expression => ({
      kind: 'match',
      subject,
      clauses,
      otherwise,
      span: span(),
    });
  });

  /** The two clauses of a match on a set, in either order. */
  private setClauses = this.RULE('setClauses', () => {
    return this.OR([
      {
        ALT: () => {
          const whenEmpty = this.SUBRULE(this.emptyClause);
          this.CONSUME(t.OrOr);
          const more = this.SUBRULE(this.moreClause);
          return (subject: Expression, span: () => Span): Expression =>
            ({ kind: 'match-set', subject, whenEmpty, ...more, span: span() }) as Expression;
        },
      },
      {
        ALT: () => {
          const more = this.SUBRULE1(this.moreClause);
          this.CONSUME1(t.OrOr);
          const whenEmpty = this.SUBRULE1(this.emptyClause);
          return (subject: Expression, span: () => Span): Expression =>
            ({ kind: 'match-set', subject, whenEmpty, ...more, span: span() }) as Expression;
        },
      },
    ]);
  });

  private emptyClause = this.RULE('emptyClause', (): Expression => {
    this.CONSUME(t.LeftBrace);
    this.CONSUME(t.RightBrace);
    this.CONSUME(t.Arrow);
    return this.SUBRULE(this.expression);
  });

  private moreClause = this.RULE('moreClause', () => {
    let before: Name | undefined;
    let element = this.SUBRULE(this.optionalName);
    const split = this.OPTION(() => {
      this.CONSUME(t.Union);
      before = element;
      element = this.SUBRULE1(this.optionalName);
      return true;
    });
    this.CONSUME(t.PlusPlus);
    const rest = this.SUBRULE2(this.optionalName);
    this.CONSUME(t.Arrow);
    const whenMore = this.SUBRULE(this.expression);
    return { before, split: split === true, element, rest, whenMore };
  });

  /** One or more definitions, joined by `and`. */
  bindings: ParserMethod<[], Binding[]> = this.RULE('bindings', () => {
    const all: Binding[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.And, DEF: () => all.push(this.SUBRULE(this.binding)) });
    return all;
  });

  private binding = this.RULE('binding', (): Binding => {
    const first = this.LA(1);
    const define = this.OR<(value: Expression) => Binding>([
      {
        ALT: () => {
          const name = this.nameOf(this.CONSUME(t.Identifier));
          const parameter = this.SUBRULE(this.parameter);
          const pattern: Pattern = { kind: 'single', name, span: name.span };
          return (body) => {
            const span = this.since(first);
            return {
              pattern,
              value: { kind: 'function', name: name.text, pattern: parameter, body, span },
              span,
            };
          };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          const pattern = this.SUBRULE(this.formals);
          this.CONSUME(t.RightParen);
          return (value) => ({ pattern, value, span: this.since(first) });
        },
      },
      {
        ALT: () => {
          const names: (Name | undefined)[] = [];
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => names.push(this.SUBRULE(this.optionalName)) });
          const pattern = patternOf(names, this.since(first));
          return (value) => ({ pattern, value, span: this.since(first) });
        },
      },
    ]);
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return this.ACTION(() => define(value));
  });

  /** What a function or procedure takes: a name, `_`, or names in parentheses. */
  parameter: ParserMethod<[], Pattern> = this.RULE('parameter', () =>
    this.OR<Pattern>([
      {
        ALT: () => {
          const first = this.LA(1);
          const name = this.SUBRULE(this.optionalName);
          return { kind: 'single', name, span: this.since(first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          const pattern = this.SUBRULE(this.formals);
          this.CONSUME(t.RightParen);
          return pattern;
        },
      },
    ]),
  );

  private formals = this.RULE('formals', (): Pattern => {
    const first = this.LA(1);
    const names: (Name | undefined)[] = [];
    this.MANY_SEP({ SEP: t.Comma, DEF: () => names.push(this.SUBRULE(this.optionalName)) });
    return patternOf(names, names.length === 0 ? this.spanOf(first) : this.since(first));
  });

  private optionalName: ParserMethod<[], Name | undefined> = this.RULE('optionalName', () =>
    this.OR<Name | undefined>([
      { ALT: () => this.nameOf(this.CONSUME(t.Identifier)) },
      {
        ALT: () => {
          this.CONSUME(t.Underscore);
          return undefined;
        },
      },
    ]),
  );
}

function patternOf(names: (Name | undefined)[], span: Span): Pattern {
  if (names.length === 1) return { kind: 'single', name: names[0], span };
  return { kind: 'tuple', names, span };
}
