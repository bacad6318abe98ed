import { createToken, type IToken, type Lexer, type ParserMethod, type TokenType } from 'chevrotain';
import { raise } from '../../diagnostics.js';
import { lexerOf, maxNesting, SectionParser } from '../reading/parsing.js';
import {
  Blank,
  Colon,
  Comma,
  LeftBracket,
  LeftParen,
  punctuation,
  RightBracket,
  RightParen,
  Semicolon,
} from '../reading/punctuation.js';
import type { InitValue, PlaceSyntax } from './litmus-syntax.js';

/** A rule of a grammar, as chevrotain's `RULE` makes it. */
export type Rule<Result, Args extends unknown[] = []> = ParserMethod<Args, Result>;

export const Name = createToken({ name: 'Name', pattern: /[A-Za-z_$][\w$]*/, label: 'a name' });
const Int = createToken({
  name: 'Int',
  pattern: /-?(?:0[xX][0-9a-fA-F]+|\d+)(?:[uU][lL]{0,2}|[lL]{1,2}[uU]?)?/,
  label: 'a number',
});

/** A word of the grammar that may still name a variable, where no confusion can arise. */
const softWord = (image: string, pattern: string | RegExp = image): TokenType =>
  createToken({ name: image, pattern, label: `\`${image}\``, longer_alt: Name, categories: [Name] });

export const True = createToken({ name: 'true', pattern: 'true', label: '`true`', longer_alt: Name });
export const False = createToken({ name: 'false', pattern: 'false', label: '`false`', longer_alt: Name });
export const Not = createToken({ name: 'Not', pattern: /~|not\b/, label: '`~`' });
export const Exists = softWord('exists');
export const Forall = softWord('forall');
export const Final = softWord('final');
export const Locations = softWord('locations');
export const Filter = softWord('filter');
export const Observed = softWord('observed', /[Oo]bserved/);
export const AndWord = softWord('and');
export const With = softWord('with');
export const And = punctuation('And', '/\\');
export const Or = punctuation('Or', '\\/');
export const Implies = punctuation('Implies', '=>');
export const Equal = createToken({ name: 'Equal', pattern: /==?/, label: '`=`' });
export const NotEqual = createToken({ name: 'NotEqual', pattern: /!=|<>/, label: '`!=`' });
const LeftBrace = punctuation('LeftBrace', '{');
const RightBrace = punctuation('RightBrace', '}');
const Dot = punctuation('Dot', '.');
export const Star = punctuation('Star', '*');
const Ampersand = punctuation('Ampersand', '&');

/** Order matters: `=>` before `=`, words before names. */
const placeTokens = [
  Blank,
  Int,
  True,
  False,
  Not,
  Exists,
  Forall,
  Final,
  Locations,
  Filter,
  Observed,
  AndWord,
  With,
  Name,
  And,
  Or,
  Implies,
  Equal,
  NotEqual,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Semicolon,
  Colon,
  Comma,
  Dot,
  Star,
  Ampersand,
];

let placeLexer: Lexer | undefined;

/** The tokens of a piece of an init section or a condition; what is no token is passed over. */
export function lexPlaces(text: string): IToken[] {
  placeLexer ??= lexerOf(placeTokens);
  return placeLexer.tokenize(text).tokens;
}

/** The number that a token writes; C's suffixes say nothing here. */
function integerOf({ image }: { readonly image: string }): bigint {
  const digits = image.replace(/[uUlL]+$/, '');
  return digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
}

/** What init section and condition share: places and values. */
export abstract class PlaceParser extends SectionParser {
  private depth = 0;

  constructor(next: string, skipValidations: boolean) {
    placeLexer ??= lexerOf(placeTokens);
    super(placeLexer, placeTokens, next, skipValidations);
  }

  /** `0:r1`, `P0:r1`, `x`, `d.count`, `a[1]`, `[x]`, `*x`. */
  protected place: Rule<PlaceSyntax> = this.RULE('place', () =>
    this.OR<PlaceSyntax>({
      DEF: [
        { GATE: () => this.startsRegister(), ALT: () => this.SUBRULE(this.registerPlace) },
        { ALT: () => this.SUBRULE(this.memoryPlace) },
        { ALT: () => this.SUBRULE(this.dereference) },
      ],
      ERR_MSG: 'a register such as `0:r1`, or a variable',
    }),
  );

  protected startsRegister(ahead = 1): boolean {
    const first = this.LA(ahead);
    if (this.LA(ahead + 1).tokenType !== Colon) return false;
    return first.tokenType === Int || /^P\d+$/.test(first.image);
  }

  protected registerPlace: Rule<PlaceSyntax & { kind: 'register' }> = this.RULE('registerPlace', () => {
    const thread = this.OR([{ ALT: () => this.CONSUME(Int) }, { ALT: () => this.CONSUME(Name) }]);
    this.CONSUME(Colon);
    const name = this.CONSUME2(Name, { ERR_MSG: "a register's name" });
    return this.ACTION(() => ({
      kind: 'register' as const,
      thread: this.threadNumber(thread),
      name: name.image,
      span: this.spanOf(thread, name),
    }));
  });

  private threadNumber(token: IToken): number {
    const digits = token.image.replace(/^P/, '');
    // Nothing else a number can say (`-1`, `0x1`, `1u`) names a thread.
    if (!/^\d{1,4}$/.test(digits))
      raise(`expected a thread's number, found \`${token.image}\``, this.spanOf(token));
    return Number(digits);
  }

  protected memoryPlace: Rule<PlaceSyntax & { kind: 'memory' }> = this.RULE('memoryPlace', () => {
    const first = this.CONSUME(Name);
    const path: (string | number)[] = [];
    this.MANY(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(Dot);
            path.push(this.CONSUME2(Name, { ERR_MSG: "a member's name" }).image);
          },
        },
        { ALT: () => path.push(this.SUBRULE(this.index)) },
      ]),
    );
    return this.ACTION(() => ({
      kind: 'memory' as const,
      symbol: first.image,
      path,
      span: this.spanFrom(first),
    }));
  });

  protected index: Rule<number> = this.RULE('index', () => {
    this.CONSUME(LeftBracket);
    const token = this.CONSUME(Int, { ERR_MSG: 'a number' });
    this.CONSUME(RightBracket);
    return this.ACTION(() => {
      const value = integerOf(token);
      if (value < 0n || value > 65535n) raise('expected a number from 0 to 65535', this.spanOf(token));
      return Number(value);
    });
  });

  /** `[x]` and `*x` name `x` itself. */
  protected dereference: Rule<PlaceSyntax> = this.RULE('dereference', () =>
    this.OR([
      {
        ALT: () => {
          this.CONSUME(LeftBracket);
          const place = this.SUBRULE(this.memoryPlace);
          this.CONSUME(RightBracket);
          return place;
        },
      },
      {
        ALT: () => {
          this.CONSUME(Star);
          return this.SUBRULE2(this.place);
        },
      },
    ]),
  );

  protected value: Rule<InitValue> = this.RULE('value', () =>
    this.OR<InitValue>({
      DEF: [
        { ALT: () => this.integer(this.CONSUME(Int)) },
        { ALT: () => this.integer(this.CONSUME(True), 1n) },
        { ALT: () => this.integer(this.CONSUME(False), 0n) },
        { GATE: () => this.LA(2).tokenType === LeftParen, ALT: () => this.SUBRULE(this.wrappedValue) },
        { ALT: () => this.SUBRULE(this.address) },
        { ALT: () => this.SUBRULE(this.list) },
      ],
      ERR_MSG: 'a number or the name of a variable',
    }),
  );

  private integer(token: IToken, value?: bigint): InitValue {
    return this.ACTION(() => ({
      kind: 'integer' as const,
      value: value ?? integerOf(token),
      span: this.spanOf(token),
    }));
  }

  /** `ATOMIC_INIT(3)`, and the kernel's other static initialisers, which are 0. */
  private wrappedValue: Rule<InitValue> = this.RULE('wrappedValue', () => {
    const name = this.CONSUME(Name);
    this.ACTION(() => {
      if (!/^ATOMIC(?:64|_LONG)?_INIT$/.test(name.image)) {
        raise(`expected ATOMIC_INIT or a number, found \`${name.image}\``, this.spanOf(name));
      }
    });
    this.CONSUME(LeftParen);
    const value = this.SUBRULE(this.value);
    this.CONSUME(RightParen);
    return value;
  });

  private address: Rule<InitValue> = this.RULE('address', () => {
    const ampersand = this.OPTION(() => this.CONSUME(Ampersand));
    const place = this.SUBRULE(this.memoryPlace);
    return this.ACTION((): InitValue => {
      const span = ampersand ? this.spanFrom(ampersand) : place.span;
      if (place.symbol === 'NULL' && !ampersand) return { kind: 'integer', value: 0n, span };
      return { kind: 'address', place, span };
    });
  });

  private list: Rule<InitValue> = this.RULE('list', () => {
    const open = this.CONSUME(LeftBrace);
    this.ACTION(() => this.enter(open));
    const values: InitValue[] = [];
    this.MANY_SEP({ SEP: Comma, DEF: () => values.push(this.SUBRULE(this.value)) });
    this.CONSUME(RightBrace);
    return this.ACTION(() => {
      this.leave();
      return { kind: 'list' as const, values, span: this.spanFrom(open) };
    });
  });

  /** Counts nesting, so that no input can exhaust the stack. */
  protected enter(at: IToken): void {
    if (++this.depth > maxNesting) {
      raise(`nested more than ${maxNesting} deep`, this.spanOf(at));
    }
  }

  protected leave(): void {
    this.depth--;
  }

  protected override run<Result>(...args: Parameters<SectionParser['run']>): Result {
    this.depth = 0;
    return super.run(...args) as Result;
  }
}
