import { EmbeddedActionsParser, type IToken, type ParserMethod, tokenMatcher } from 'chevrotain';
import { raise, type Span, spanning } from '../../../diagnostics.js';
import { LazyLookahead } from '../../../lazy-lookahead.js';
import { int32, int64, type ScalarType, uint32, uint64 } from '../../../program/index.js';
import * as t from './c-lexer.js';
import type { AssignmentOperator, ExpressionSyntax, TypeSyntax } from './c-syntax.js';
import { isIntrinsic } from './macro-intrinsics.js';
import { foldBinary } from './precedence.js';

export type Rule<T> = ParserMethod<[], T>;

/**
 * How deep expressions, statements and declarators may nest: what a recursive parser's stack bears with ease.
 */
const nestingLimit = 120;
/** How many operands may stand in a row without parentheses: trees are walked recursively. */
const chainLimit = 400;

/** The expressions of the C grammar. */
export abstract class ExpressionGrammar extends EmbeddedActionsParser {
  /** The program section that is being parsed. */
  protected section!: Span;
  protected typeNames = new Set<string>();
  private depth = 0;

  constructor(skipValidations: boolean) {
    super(t.tokenTypes, {
      // One token decides everywhere, with the gates that know the types' names: the first alternative that
      // fits wins.
      maxLookahead: 1,
      lookaheadStrategy: new LazyLookahead({ maxLookahead: 1 }),
      skipValidations,
      nodeLocationTracking: 'none',
      errorMessageProvider: expectation,
    });
  }

  /** A type without a name, as in a cast. */
  protected abstract typeName: Rule<TypeSyntax>;

  protected expression: Rule<ExpressionSyntax> = this.RULE('expression', () => {
    let result = this.SUBRULE(this.assignment);
    let count = 0;
    this.MANY(() => {
      this.CONSUME(t.Comma);
      const right = this.SUBRULE2(this.assignment);
      this.ACTION(() => {
        this.limitChain(++count);
        result = { kind: 'comma', left: result, right, span: spanning(result.span, right.span) };
      });
    });
    return result;
  });

  protected assignment: Rule<ExpressionSyntax> = this.RULE('assignment', () => {
    let result = this.SUBRULE(this.conditional);
    this.OPTION(() => {
      const op = this.OR([
        { ALT: () => this.CONSUME(t.Assign) },
        { ALT: () => this.CONSUME(t.CompoundAssign) },
      ]);
      const value = this.nested(() => this.SUBRULE(this.assignment));
      result = this.ACTION(
        (): ExpressionSyntax => ({
          kind: 'assign',
          op: (op.image === '=' ? '=' : op.image.slice(0, -1)) as AssignmentOperator,
          target: result,
          value,
          span: spanning(result.span, value.span),
        }),
      );
    });
    return result;
  });

  private conditional: Rule<ExpressionSyntax> = this.RULE('conditional', () => {
    let result = this.SUBRULE(this.binary);
    this.OPTION(() => {
      this.CONSUME(t.Question);
      const [then, otherwise] = this.nested(() => {
        const first = this.SUBRULE(this.expression);
        this.CONSUME(t.Colon);
        return [first, this.SUBRULE(this.conditional)];
      });
      result = this.ACTION(
        (): ExpressionSyntax => ({
          kind: 'conditional',
          condition: result,
          then,
          otherwise,
          span: spanning(result.span, otherwise.span),
        }),
      );
    });
    return result;
  });

  private binary: Rule<ExpressionSyntax> = this.RULE('binary', () => {
    const first = this.SUBRULE(this.unary);
    const operands = [first];
    const operators: IToken[] = [];
    this.MANY(() => {
      const operator = this.CONSUME(t.Binary);
      const operand = this.SUBRULE2(this.unary);
      this.ACTION(() => {
        operators.push(operator);
        operands.push(operand);
        this.limitChain(operators.length);
      });
    });
    return operators.length === 0 ? first : foldBinary(operands, operators);
  });

  private unary: Rule<ExpressionSyntax> = this.RULE('unary', () =>
    this.nested(() =>
      this.OR({
        DEF: [
          { GATE: () => this.startsCast(), ALT: () => this.SUBRULE(this.cast) },
          { ALT: () => this.SUBRULE(this.prefixed) },
          { ALT: () => this.SUBRULE(this.sizeof) },
          { ALT: () => this.SUBRULE(this.postfix) },
        ],
        ERR_MSG: 'an expression',
        IGNORE_AMBIGUITIES: true,
      }),
    ),
  );

  private prefixed: Rule<ExpressionSyntax> = this.RULE('prefixed', () => {
    const op = this.OR([{ ALT: () => this.CONSUME(t.LexerStep) }, { ALT: () => this.CONSUME(t.Prefix) }]);
    const operand = this.SUBRULE(this.unary);
    return this.ACTION((): ExpressionSyntax => {
      const span = this.spanFrom(op);
      if (op.image === '++' || op.image === '--') {
        return { kind: 'increment', op: op.image, prefix: true, target: operand, span };
      }
      return { kind: 'unary', op: op.image as '*' | '&' | '+' | '-' | '~' | '!', operand, span };
    });
  });

  private cast: Rule<ExpressionSyntax> = this.RULE('cast', () => {
    const open = this.CONSUME(t.LeftParen);
    const type = this.SUBRULE(this.typeName);
    this.CONSUME(t.RightParen);
    const operand = this.SUBRULE(this.unary);
    return this.ACTION((): ExpressionSyntax => ({ kind: 'cast', type, operand, span: this.spanFrom(open) }));
  });

  private sizeof: Rule<ExpressionSyntax> = this.RULE('sizeof', () => {
    const word = this.CONSUME(t.Sizeof);
    return this.OR([
      {
        GATE: () => this.startsCast(),
        ALT: () => {
          this.CONSUME(t.LeftParen);
          const type = this.SUBRULE(this.typeName);
          this.CONSUME(t.RightParen);
          return this.ACTION(
            (): ExpressionSyntax => ({ kind: 'sizeof', of: type, ofType: true, span: this.spanFrom(word) }),
          );
        },
      },
      {
        ALT: () => {
          const operand = this.SUBRULE(this.unary);
          return this.ACTION(
            (): ExpressionSyntax => ({
              kind: 'sizeof',
              of: operand,
              ofType: false,
              span: this.spanFrom(word),
            }),
          );
        },
      },
    ]);
  });

  private postfix: Rule<ExpressionSyntax> = this.RULE('postfix', () => {
    let result = this.SUBRULE(this.primary);
    let count = 0;
    this.MANY(() => {
      this.ACTION(() => this.limitChain(++count));
      const object = result;
      result = this.OR<ExpressionSyntax>([
        { ALT: () => this.callOf(object) },
        { ALT: () => this.elementOf(object) },
        { ALT: () => this.memberOf(object) },
        { ALT: () => this.steppedOf(object) },
      ]);
    });
    return result;
  });

  private callOf(callee: ExpressionSyntax): ExpressionSyntax {
    const args: ExpressionSyntax[] = [];
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.assignment)) });
    this.CONSUME(t.RightParen, { ERR_MSG: '`)` or `,`' });
    return this.ACTION(
      (): ExpressionSyntax => ({ kind: 'call', callee, args, span: this.spanFrom(callee.span) }),
    );
  }

  private elementOf(object: ExpressionSyntax): ExpressionSyntax {
    this.CONSUME(t.LeftBracket);
    const index = this.SUBRULE(this.expression);
    this.CONSUME(t.RightBracket);
    return this.ACTION(
      (): ExpressionSyntax => ({ kind: 'index', object, index, span: this.spanFrom(object.span) }),
    );
  }

  private memberOf(object: ExpressionSyntax): ExpressionSyntax {
    const op = this.OR2([{ ALT: () => this.CONSUME(t.Dot) }, { ALT: () => this.CONSUME(t.Arrow) }]);
    const name = this.CONSUME(t.Identifier, { ERR_MSG: "a member's name" });
    return this.ACTION(
      (): ExpressionSyntax => ({
        kind: 'member',
        object,
        arrow: op.image === '->',
        name: name.image,
        span: this.spanFrom(object.span),
      }),
    );
  }

  private steppedOf(target: ExpressionSyntax): ExpressionSyntax {
    const op = this.CONSUME(t.LexerStep).image as '++' | '--';
    return this.ACTION(
      (): ExpressionSyntax => ({
        kind: 'increment',
        op,
        prefix: false,
        target,
        span: this.spanFrom(target.span),
      }),
    );
  }

  /**
   * One of herd7's own primitives: `__load{once}(*x)`, `__fence{mb}`, `__atomic_op{once}(x, +, 1)`,
   * `__lock(x)`.
   */
  private intrinsic: Rule<ExpressionSyntax> = this.RULE('intrinsic', () => {
    const token = this.CONSUME(t.Identifier);
    const args: ExpressionSyntax[] = [];
    let operator: string | undefined;
    const tags = this.OPTION(() => this.SUBRULE(this.tags));
    this.OPTION2(() => {
      this.CONSUME(t.LeftParen);
      this.MANY_SEP({
        SEP: t.Comma,
        DEF: () =>
          this.OR({
            DEF: [
              {
                GATE: () => this.startsOperator(),
                ALT: () => {
                  operator = this.CONSUME(t.Binary).image;
                  this.OPTION3(() => {
                    operator += this.CONSUME(t.Prefix).image;
                  });
                },
              },
              { ALT: () => args.push(this.SUBRULE(this.assignment)) },
            ],
            IGNORE_AMBIGUITIES: true,
          }),
      });
      this.CONSUME(t.RightParen, { ERR_MSG: '`)` or `,`' });
    });
    return this.ACTION((): ExpressionSyntax => {
      const callee = { kind: 'name', name: token.image, span: this.spanOf(token) } as const;
      const given = { ...(tags && { tags }), ...(operator !== undefined && { operator }) };
      return { kind: 'call', callee, args, ...given, span: this.spanFrom(token) };
    });
  });

  /** `{once}`, `{rcu-lock}` */
  private tags: Rule<string[]> = this.RULE('tags', () => {
    const tags: string[] = [];
    this.CONSUME(t.LeftBrace);
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      ERR_MSG: 'a word such as `once`',
      DEF: () => {
        let tag = this.CONSUME(t.Identifier, { ERR_MSG: 'a word such as `once`' }).image;
        this.MANY(() => {
          const joint = this.CONSUME(t.Sign).image;
          const next = this.CONSUME2(t.Identifier, { ERR_MSG: 'a word such as `lock`' }).image;
          tag += joint + next;
        });
        this.ACTION(() => tags.push(tag));
      },
    });
    this.CONSUME(t.RightBrace, { ERR_MSG: '`}` or `,`' });
    return tags;
  });

  /** Whether an operator stands here as an argument of its own: `+`, `&~`. */
  private startsOperator(): boolean {
    const [first, second] = [this.LA(1), this.LA(2)];
    const last = second.image === '~' ? this.LA(3) : second;
    return tokenMatcher(first, t.Binary) && last.tokenType === t.Comma;
  }

  private startsIntrinsic(): boolean {
    const { image } = this.LA(1);
    const next = this.LA(2).tokenType;
    // With a brace it can be nothing else, however it is spelt.
    return (next === t.LeftBrace && image.startsWith('__')) || (next === t.LeftParen && isIntrinsic(image));
  }

  private primary: Rule<ExpressionSyntax> = this.RULE('primary', () =>
    this.OR<ExpressionSyntax>({
      DEF: [
        { GATE: () => this.startsIntrinsic(), ALT: () => this.SUBRULE(this.intrinsic) },
        {
          ALT: () => {
            const token = this.CONSUME(t.Identifier);
            return this.ACTION(
              (): ExpressionSyntax => ({ kind: 'name', name: token.image, span: this.spanOf(token) }),
            );
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(t.Integer);
            return this.ACTION(() => integerLiteral(token.image, this.spanOf(token)));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(t.Character);
            return this.ACTION(
              (): ExpressionSyntax => ({
                kind: 'integer',
                value: characterCode(token.image),
                type: int32,
                span: this.spanOf(token),
              }),
            );
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.LeftParen);
            const inner = this.SUBRULE(this.expression);
            this.CONSUME(t.RightParen);
            return inner;
          },
        },
      ],
      ERR_MSG: 'an expression',
      IGNORE_AMBIGUITIES: true,
    }),
  );

  /** Whether a type begins at token `LA(at)`. */
  protected startsType(at: number): boolean {
    const token = this.LA(at);
    return (
      token.tokenType === t.Ignored ||
      token.tokenType === t.Struct ||
      (token.tokenType === t.Identifier && this.typeNames.has(token.image))
    );
  }

  private startsCast(): boolean {
    return this.LA(1).tokenType === t.LeftParen && this.startsType(2);
  }

  /** Runs a part of a rule one level deeper. */
  protected nested<T>(part: () => T): T {
    this.ACTION(() => {
      if (++this.depth > nestingLimit) raise('this is nested too deeply', this.spanOf(this.LA(1)));
    });
    const result = part();
    this.ACTION(() => {
      this.depth--;
    });
    return result;
  }

  private limitChain(length: number): void {
    if (length > chainLimit) raise('this is too long for one expression', this.spanOf(this.LA(1)));
  }

  protected spanOf(token: IToken): Span {
    const { source, start, end } = this.section;
    if (Number.isNaN(token.startOffset)) return { source, start: end, end };
    return { source, start: start + token.startOffset, end: start + token.startOffset + token.image.length };
  }

  /** From a token or span to the last token consumed. */
  protected spanFrom(start: IToken | Span): Span {
    return spanning('source' in start ? start : this.spanOf(start), this.spanOf(this.LA(0)));
  }

  override reset(): void {
    super.reset();
    this.depth = 0;
  }
}

/** The messages of the parser's errors say only what was expected; the caller adds what was found. */
const expectation = {
  buildMismatchTokenMessage: ({ expected }: { expected: { LABEL?: string; name: string } }) =>
    expected.LABEL ?? expected.name,
  buildNotAllInputParsedMessage: () => 'the end',
  buildNoViableAltMessage: ({ customUserDescription }: { customUserDescription?: string }) =>
    customUserDescription ?? 'something else',
  buildEarlyExitMessage: ({ customUserDescription }: { customUserDescription?: string }) =>
    customUserDescription ?? 'something else',
};

function integerLiteral(image: string, span: Span): ExpressionSyntax {
  const digits = image.replace(/[uUlL]+$/, '');
  const suffix = image.slice(digits.length).toLowerCase();
  if (!/^(?:u?l?l?|l?l?u)$/.test(suffix)) raise(`\`${image}\` is not a number`, span);
  const decimal = !/^0[xXbB0-7]/.test(digits);
  if (decimal && digits.length > 1 && digits[0] === '0') raise(`\`${image}\` is not a number`, span);
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const fitting = literalTypes.filter(
    (type) =>
      value < 1n << BigInt(type.signed ? type.bits - 1 : type.bits) &&
      (type.bits === 64 || !suffix.includes('l')) &&
      (type.signed ? !suffix.includes('u') : suffix.includes('u') || !decimal),
  );
  if (fitting.length === 0) raise(`${image} does not fit in 64 bits`, span);
  return { kind: 'integer', value, type: fitting[0], span };
}

/** In the order in which C tries them. */
const literalTypes: readonly ScalarType[] = [int32, uint32, int64, uint64];

const escapes: Record<string, number> = { '0': 0, a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

function characterCode(image: string): bigint {
  const [first, second] = image.slice(1, -1);
  return BigInt(first === '\\' ? (escapes[second] ?? second.charCodeAt(0)) : first.charCodeAt(0));
}
