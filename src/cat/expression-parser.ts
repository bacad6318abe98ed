import { EmbeddedActionsParser, type IToken, type ParserMethod } from 'chevrotain';
import { raise, type Source, type Span } from '../diagnostics.js';
import { messages } from './parse-errors.js';
import type {
  BinaryOperator,
  Binding,
  Condition,
  Expression,
  ListOperator,
  Name,
  Pattern,
  UnaryOperator,
} from './syntax.js';
import { tokens as t, vocabulary } from './tokens.js';

/** Deeper nesting than this is refused, so that no input exhausts the stack. */
const deepest = 200;

const nowhere: Expression = { kind: 'empty', span: undefined as never };

/**
 * The grammar of expressions, in herd's precedences, loosest first: `|`, `++`, `;`, `\`, `&`, then the group of
 * product, postfix `+ * ?` and prefix `~`, then `^-1`, then application. Within the group there is no order: where
 * two of its operators could each take the operand, as in `~r+`, the writer has to put parentheses.
 *
 * While the grammar is recorded (see Chevrotain's documentation), rules run once on tokens that do not exist, so what
 * they compute from tokens must not depend on their being real.
 */
export class ExpressionParser extends EmbeddedActionsParser {
  protected source!: Source;
  protected depth = 0;

  constructor(validate: boolean) {
    super(vocabulary, { maxLookahead: 2, skipValidations: !validate, errorMessageProvider: messages });
  }

  protected since(first: IToken): Span {
    return this.spanOf(first, this.LA(0));
  }

  protected spanOf(first: IToken, last: IToken = first): Span {
    return { source: this.source, start: first.startOffset, end: (last.endOffset ?? first.startOffset) + 1 };
  }

  protected nameOf(token: IToken): Name {
    return { text: token.image, span: this.spanOf(token) };
  }

  /** Undoes the quotes of a string token, or the quote before a tag. */
  protected textOf(token: IToken): string {
    return this.ACTION(() => token.image.slice(1, token.tokenType === t.String ? -1 : undefined));
  }

  /** Any expression. */
  expression: ParserMethod<[], Expression> = this.RULE('expression', () => {
    this.depth++;
    if (this.depth > deepest)
      raise(`expressions nest more than ${deepest} deep here`, this.spanOf(this.LA(1)));
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
    this.depth++;
    if (this.depth > deepest)
      raise(`conditions nest more than ${deepest} deep here`, this.spanOf(this.LA(1)));
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

  private operatorsOrTuple = this.RULE('operatorsOrTuple', (): Expression => {
    const first = this.LA(1);
    const items: Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.union)) });
    return items.length === 1 ? items[0] : { kind: 'tuple', items, span: this.since(first) };
  });

  /** An expression that is built from operators: no `let`, `fun`, `if` or tuple unless in parentheses. */
  union: ParserMethod<[], Expression> = this.RULE('union', () => {
    const first = this.LA(1);
    const operands: Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Union, DEF: () => operands.push(this.SUBRULE(this.add)) });
    return this.list('union', operands, first);
  });

  private add: ParserMethod<[], Expression> = this.RULE('add', () => {
    const first = this.LA(1);
    const operands: { value: Expression; first: IToken }[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.PlusPlus,
      DEF: () => operands.push({ first: this.LA(1), value: this.SUBRULE(this.compose) }),
    });
    // Binds to the right: `a ++ b ++ c` adds b to c first.
    let right = operands[operands.length - 1]?.value ?? nowhere;
    for (let at = operands.length - 2; at >= 0; at--) {
      const left = operands[at];
      right = { kind: 'binary', operator: 'add', left: left.value, right, span: this.since(left.first) };
    }
    return this.ACTION(() => (first === undefined ? nowhere : right));
  });

  private compose: ParserMethod<[], Expression> = this.RULE('compose', () => {
    const first = this.LA(1);
    const operands: Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Semicolon, DEF: () => operands.push(this.SUBRULE(this.difference)) });
    return this.list('compose', operands, first);
  });

  private difference: ParserMethod<[], Expression> = this.RULE('difference', () => {
    const first = this.LA(1);
    let left = this.SUBRULE(this.intersection);
    this.MANY(() => {
      this.CONSUME(t.Backslash);
      left = this.binary('difference', left, this.SUBRULE1(this.intersection), first);
    });
    return left;
  });

  private intersection: ParserMethod<[], Expression> = this.RULE('intersection', () => {
    const first = this.LA(1);
    const operands: Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Intersection, DEF: () => operands.push(this.SUBRULE(this.tight)) });
    return this.list('intersection', operands, first);
  });

  /** The operators without an order among them: `~`, product and postfix. */
  private tight: ParserMethod<[], Expression> = this.RULE('tight', () =>
    this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.complement) },
      { ALT: () => this.SUBRULE(this.postfix) },
    ]),
  );

  private complement = this.RULE('complement', (): Expression => {
    const tildes: IToken[] = [];
    this.AT_LEAST_ONE(() => tildes.push(this.CONSUME(t.Tilde)));
    let operand = this.SUBRULE(this.inverse);
    for (let at = tildes.length - 1; at >= 0; at--) operand = this.unary('complement', operand, tildes[at]);
    this.ACTION(() => this.refuseTightOperator('~'));
    return operand;
  });

  private postfix = this.RULE('postfix', (): Expression => {
    const first = this.LA(1);
    let result = this.SUBRULE(this.inverse);
    this.MANY({
      GATE: () => !this.isProductNext(),
      DEF: () => {
        const operator = this.OR<UnaryOperator>([
          { ALT: () => this.operator(t.Plus, 'plus') },
          { ALT: () => this.operator(t.Star, 'star') },
          { ALT: () => this.operator(t.Question, 'optional') },
          { ALT: () => this.SUBRULE(this.hatMinusOne) },
        ]);
        result = this.unary(operator, result, first);
      },
    });
    this.OPTION(() => {
      this.CONSUME1(t.Star);
      const right = this.SUBRULE1(this.inverse);
      result = this.binary('product', result, right, first);
      this.ACTION(() => this.refuseTightOperator('*'));
    });
    return result;
  });

  private operator(token: (typeof t)['Plus'], operator: UnaryOperator): UnaryOperator {
    this.CONSUME(token);
    return operator;
  }

  /** Whether a `*` comes that has an operand on its right: a product, not the postfix `*`. */
  private isProductNext(): boolean {
    if (this.LA(1).tokenType !== t.Star) return false;
    const { tokenType } = this.LA(2);
    if (tokenType === t.Tilde) {
      const after = this.LA(3).tokenType;
      if (after === t.Acyclic || after === t.Irreflexive || after === t.Empty) return false;
      raise('write parentheses around the right operand of this product', this.spanOf(this.LA(2)));
    }
    return operandStarts.has(tokenType);
  }

  private refuseTightOperator(before: string): void {
    const next = this.LA(1);
    if (next.tokenType !== t.Plus && next.tokenType !== t.Star && next.tokenType !== t.Question) return;
    const reason = `\`${before}\` and \`${next.image}\` bind equally tightly: write parentheses`;
    raise(reason, this.spanOf(next));
  }

  private inverse = this.RULE('inverse', (): Expression => {
    const first = this.LA(1);
    let result = this.SUBRULE(this.primary);
    this.MANY(() => {
      result = this.unary(this.SUBRULE(this.hatMinusOne), result, first);
    });
    return result;
  });

  private hatMinusOne = this.RULE('hatMinusOne', (): UnaryOperator => {
    this.CONSUME(t.Hat);
    this.CONSUME(t.MinusOne);
    return 'inverse';
  });

  private primary = this.RULE(
    'primary',
    (): Expression =>
      this.OR<Expression>({
        DEF: [{ ALT: () => this.SUBRULE(this.application) }, { ALT: () => this.SUBRULE(this.simple) }],
        ERR_MSG: 'an expression',
      }),
  );

  private application = this.RULE('application', (): Expression => {
    const first = this.CONSUME(t.Identifier);
    let callee: Expression = { kind: 'name', name: first.image, span: this.spanOf(first) };
    this.MANY(() => {
      const argument = this.OR<Expression>([
        {
          ALT: () => {
            const token = this.CONSUME1(t.Identifier);
            return { kind: 'name', name: token.image, span: this.spanOf(token) };
          },
        },
        { ALT: () => this.SUBRULE(this.simple) },
      ]);
      callee = { kind: 'apply', callee, argument, span: this.since(first) };
    });
    return callee;
  });

  /** An operand that needs no parentheses, other than a name. */
  simple: ParserMethod<[], Expression> = this.RULE('simple', () => {
    const first = this.LA(1);
    return this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(t.Zero);
          return { kind: 'empty', span: this.since(first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Underscore);
          return { kind: 'universe', span: this.since(first) };
        },
      },
      { ALT: () => ({ kind: 'tag', name: this.textOf(this.CONSUME(t.Tag)), span: this.since(first) }) },
      {
        ALT: () => {
          this.CONSUME(t.LeftBrace);
          const items = this.SUBRULE(this.items);
          this.CONSUME(t.RightBrace);
          return { kind: 'braces', items, span: this.since(first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          const inner = this.OPTION(() => this.SUBRULE(this.expression));
          this.CONSUME(t.RightParen);
          return inner ?? { kind: 'tuple', items: [], span: this.since(first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Begin);
          const inner = this.SUBRULE1(this.expression);
          this.CONSUME(t.End);
          return inner;
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          const operand = this.SUBRULE2(this.expression);
          this.CONSUME(t.RightBracket);
          return { kind: 'unary', operator: 'identity', operand, span: this.since(first) };
        },
      },
    ]);
  });

  /** Expressions between commas, perhaps none. */
  items: ParserMethod<[], Expression[]> = this.RULE('items', () => {
    const all: Expression[] = [];
    this.MANY_SEP({ SEP: t.Comma, DEF: () => all.push(this.SUBRULE(this.union)) });
    return all;
  });

  private list(operator: ListOperator, operands: Expression[], first: IToken): Expression {
    if (operands.length === 1) return operands[0];
    return { kind: 'list', operator, operands, span: this.since(first) };
  }

  private binary(operator: BinaryOperator, left: Expression, right: Expression, first: IToken): Expression {
    return { kind: 'binary', operator, left, right, span: this.since(first) };
  }

  private unary(operator: UnaryOperator, operand: Expression, first: IToken): Expression {
    return { kind: 'unary', operator, operand, span: this.since(first) };
  }
}

const operandStarts = new Set<unknown>([
  t.Identifier,
  t.Tag,
  t.Zero,
  t.Underscore,
  t.LeftBrace,
  t.LeftParen,
  t.LeftBracket,
  t.Begin,
]);

function patternOf(names: (Name | undefined)[], span: Span): Pattern {
  if (names.length === 1) return { kind: 'single', name: names[0], span };
  return { kind: 'tuple', names, span };
}
