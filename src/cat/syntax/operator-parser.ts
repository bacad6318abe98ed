import { EmbeddedActionsParser, type IToken, type ParserMethod } from 'chevrotain';
import { raise, type Source, type Span } from '../../diagnostics.js';
import { LazyLookahead } from '../../lazy-lookahead.js';
import { tokens as t, vocabulary } from './model-lexer.js';
import type { BinaryOperator, Expression, ListOperator, Name, UnaryOperator } from './model-syntax.js';
import { parserMessages } from './parse-errors.js';

/**
 * Deeper nesting than this is refused, so that no input exhausts the stack. One level takes about 60 frames
 * of it.
 */
const deepest = 60;

const nowhere: Expression = { kind: 'empty', span: undefined as never };

/**
 * The grammar of operators, in herd's precedences, loosest first: `|`, `++`, `;`, `\`, `&`, then the group of
 * product, postfix `+ * ?` and prefix `~`, then `^-1`, then application. Within the group there is no order:
 * where two of its operators could each take the operand, as in `~r+`, the writer has to put parentheses.
 *
 * While the grammar is recorded (see Chevrotain's documentation), rules run once on tokens that do not exist,
 * so what they compute from tokens must not depend on their being real.
 */
export abstract class OperatorParser extends EmbeddedActionsParser {
  protected source!: Source;
  /** Of the nesting of expressions, conditions and instructions. */
  protected depth = 0;

  constructor(validate: boolean) {
    super(vocabulary, {
      maxLookahead: 2,
      lookaheadStrategy: new LazyLookahead({ maxLookahead: 2 }),
      skipValidations: !validate,
      errorMessageProvider: parserMessages,
    });
  }

  protected since(first: IToken): Span {
    return this.spanOf(first, this.LA(0));
  }

  protected spanOf(first: IToken, last: IToken = first): Span {
    return this.ACTION(() => {
      const end = last.startOffset + last.image.length;
      return { source: this.source, start: first.startOffset, end };
    });
  }

  protected nameOf(token: IToken): Name {
    return { text: token.image, span: this.spanOf(token) };
  }

  /** Undoes the quotes of a string token, or the quote before a tag. */
  protected textOf(token: IToken): string {
    return this.ACTION(() => token.image.slice(1, token.tokenType === t.String ? -1 : undefined));
  }

  /** One level down; whoever calls this decrements `depth` on the way out. */
  protected enter(): void {
    this.depth++;
    if (this.depth > deepest) raise(`this nests more than ${deepest} levels deep`, this.spanOf(this.LA(1)));
  }

  /** Any expression; also what may stand in parentheses. */
  abstract expression: ParserMethod<[], Expression>;

  protected operatorsOrTuple = this.RULE('operatorsOrTuple', (): Expression => {
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
