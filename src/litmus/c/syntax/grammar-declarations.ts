import type { IToken } from 'chevrotain';
import { raise, type Span } from '../../../diagnostics.js';
import * as t from './c-lexer.js';
import type {
  DeclaredSyntax,
  ExpressionSyntax,
  InitializerSyntax,
  ItemSyntax,
  ListEntrySyntax,
  TypeSyntax,
} from './c-syntax.js';
import { ExpressionGrammar, type Rule } from './grammar-expressions.js';
import { isBaseWord, normalizeTypeWords } from './type-words.js';

/** What stands before the declarators of a declaration. */
export interface Specifiers {
  readonly type: TypeSyntax;
  readonly isStatic: boolean;
}

/** A declarator, waiting for the type that its declaration begins with. */
export type Declarator = (base: TypeSyntax) => DeclaredSyntax;

type Suffix = (of: TypeSyntax) => TypeSyntax;

/** Types, declarators and initialisers of the C grammar. */
export abstract class DeclarationGrammar extends ExpressionGrammar {
  /** Structures defined by specifiers since the last item, in order. */
  protected definedStructs: (ItemSyntax & { kind: 'struct' })[] = [];

  protected override typeName: Rule<TypeSyntax> = this.RULE('typeName', () => {
    const { type } = this.SUBRULE(this.specifiers);
    const declarator = this.SUBRULE(this.declarator);
    return this.ACTION(() => {
      const declared = declarator(type);
      if (declared.name !== undefined) raise(`expected \`)\`, found \`${declared.name}\``, declared.span);
      return declared.type;
    });
  });

  protected specifiers: Rule<Specifiers> = this.RULE('specifiers', () => {
    const ignored: IToken[] = [];
    this.MANY(() => ignored.push(this.CONSUME(t.Ignored)));
    const type = this.OR<TypeSyntax>({
      DEF: [
        { ALT: () => this.SUBRULE(this.structType) },
        { GATE: () => this.startsType(1), ALT: () => this.SUBRULE(this.wordType) },
      ],
      ERR_MSG: 'a type',
    });
    this.MANY2(() => ignored.push(this.CONSUME2(t.Ignored)));
    return this.ACTION(() => ({ type, isStatic: ignored.some((token) => token.image === 'static') }));
  });

  private wordType: Rule<TypeSyntax> = this.RULE('wordType', () => {
    const first = this.CONSUME(t.Identifier);
    const words = [first.image];
    this.MANY({
      GATE: () =>
        isBaseWord(first.image) && (this.LA(1).tokenType === t.Ignored || isBaseWord(this.LA(1).image)),
      DEF: () =>
        this.OR([
          { ALT: () => this.CONSUME(t.Ignored) },
          { ALT: () => words.push(this.CONSUME2(t.Identifier).image) },
        ]),
    });
    return this.ACTION((): TypeSyntax => {
      const span = this.spanFrom(first);
      if (!isBaseWord(first.image)) return { kind: 'named', name: first.image, span };
      const name = normalizeTypeWords(words);
      return { kind: 'named', name: name ?? raise(`there is no type \`${words.join(' ')}\``, span), span };
    });
  });

  private structType: Rule<TypeSyntax> = this.RULE('structType', () => {
    const word = this.CONSUME(t.Struct);
    this.MANY(() => this.CONSUME(t.Ignored));
    const tag = this.OPTION(() => this.CONSUME(t.Identifier));
    const members = this.OPTION2(() => this.SUBRULE(this.structBody));
    return this.ACTION((): TypeSyntax => {
      const span = this.spanFrom(word);
      // An anonymous structure takes the name of its typedef, which follows: `typedef struct { ... } foo;`.
      const name = tag?.image ?? '';
      if (members) this.definedStructs.push({ kind: 'struct', tag: name, members, span });
      else if (!tag) raise(`expected a name or \`{\` after \`struct\``, span);
      return { kind: 'named', name: `struct ${name}`, span };
    });
  });

  private structBody: Rule<DeclaredSyntax[]> = this.RULE('structBody', () => {
    const members: DeclaredSyntax[] = [];
    this.CONSUME(t.LeftBrace);
    this.MANY(() => {
      const { type } = this.SUBRULE(this.specifiers);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => {
          const declarator = this.SUBRULE(this.namedDeclarator);
          this.ACTION(() => members.push(declarator(type)));
        },
      });
      this.CONSUME(t.Semicolon);
    });
    this.CONSUME(t.RightBrace, { ERR_MSG: 'a member or `}`' });
    this.MANY2(() => this.CONSUME(t.Ignored));
    return members;
  });

  /** A declarator that must have a name. */
  protected namedDeclarator: Rule<Declarator> = this.RULE('namedDeclarator', () => {
    const first = this.ACTION(() => this.LA(1));
    const declarator = this.SUBRULE(this.declarator);
    return this.ACTION(
      (): Declarator => (base) => {
        const declared = declarator(base);
        if (declared.name === undefined) this.expected('a name', first);
        return declared;
      },
    );
  });

  protected declarator: Rule<Declarator> = this.RULE('declarator', () => {
    const start = this.ACTION(() => this.LA(1));
    let stars = 0;
    this.MANY(() => {
      this.CONSUME(t.Star);
      this.MANY2(() => this.CONSUME(t.Ignored));
      stars++;
    });
    let inner: Declarator | undefined;
    let name: IToken | undefined;
    this.OR([
      {
        GATE: () => this.opensDeclarator(),
        ALT: () => {
          this.CONSUME(t.LeftParen);
          inner = this.nested(() => this.SUBRULE(this.declarator));
          this.CONSUME(t.RightParen);
        },
      },
      {
        ALT: () => {
          name = this.CONSUME(t.Identifier);
        },
      },
      { ALT: () => undefined },
    ]);
    const suffixes: Suffix[] = [];
    this.MANY3(() => suffixes.push(this.SUBRULE(this.suffix)));
    this.MANY4(() => this.CONSUME2(t.Ignored));
    return this.ACTION((): Declarator => {
      const whole = this.spanFrom(start);
      const span = name ? this.spanOf(name) : whole;
      return (base) => {
        let type = base;
        for (let count = 0; count < stars; count++) type = { kind: 'pointer', target: type, span: whole };
        for (const suffix of suffixes.reverse()) type = suffix(type);
        if (inner) return inner(type);
        return name ? { name: name.image, type, span } : { type, span };
      };
    });
  });

  /** Tells `(*p)` and `(f)` from a parameter list. */
  private opensDeclarator(): boolean {
    const next = this.LA(2);
    return (
      next.tokenType === t.Star ||
      next.tokenType === t.LeftParen ||
      (next.tokenType === t.Identifier && !this.typeNames.has(next.image))
    );
  }

  private suffix: Rule<Suffix> = this.RULE('suffix', () =>
    this.OR<Suffix>([
      {
        ALT: () => {
          const open = this.CONSUME(t.LeftBracket);
          const length = this.OPTION(() => this.SUBRULE(this.expression));
          this.CONSUME(t.RightBracket);
          return this.ACTION((): Suffix => {
            const span = this.spanFrom(open);
            return (element) => ({ kind: 'array', element, ...(length && { length }), span });
          });
        },
      },
      {
        ALT: () => {
          const open = this.ACTION(() => this.LA(1));
          const parameters = this.SUBRULE(this.parameters);
          return this.ACTION((): Suffix => {
            const span = this.spanFrom(open);
            return (result) => ({ kind: 'function', result, parameters, span });
          });
        },
      },
    ]),
  );

  protected parameters: Rule<DeclaredSyntax[]> = this.RULE('parameters', () => {
    const parameters: DeclaredSyntax[] = [];
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const { type } = this.SUBRULE(this.specifiers);
        const declarator = this.SUBRULE(this.declarator);
        this.ACTION(() => parameters.push(declarator(type)));
      },
    });
    this.CONSUME(t.RightParen, { ERR_MSG: "a parameter's type or `)`" });
    return this.ACTION(() => (isVoidAlone(parameters) ? [] : parameters));
  });

  protected initializer: Rule<InitializerSyntax> = this.RULE('initializer', () =>
    this.OR<InitializerSyntax>([
      { ALT: () => this.nested(() => this.SUBRULE(this.list)) },
      { ALT: () => this.SUBRULE(this.assignment) },
    ]),
  );

  private list: Rule<InitializerSyntax> = this.RULE('list', () => {
    const entries: ListEntrySyntax[] = [];
    const open = this.CONSUME(t.LeftBrace);
    this.MANY(() => {
      const entry = this.SUBRULE(this.listEntry);
      this.ACTION(() => entries.push(entry));
      // A comma may also stand after the last entry.
      this.OPTION(() => this.CONSUME(t.Comma));
    });
    this.CONSUME(t.RightBrace, { ERR_MSG: 'a value or `}`' });
    return this.ACTION((): InitializerSyntax => ({ kind: 'list', entries, span: this.spanFrom(open) }));
  });

  private listEntry: Rule<ListEntrySyntax> = this.RULE('listEntry', () => {
    let member: IToken | undefined;
    let index: ExpressionSyntax | undefined;
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Dot);
            member = this.CONSUME(t.Identifier, { ERR_MSG: "a member's name" });
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.LeftBracket);
            index = this.SUBRULE(this.expression);
            this.CONSUME(t.RightBracket);
          },
        },
      ]);
      this.CONSUME(t.Assign);
    });
    const value = this.SUBRULE(this.initializer);
    return this.ACTION(() => ({ ...(member && { member: member.image }), ...(index && { index }), value }));
  });

  protected expected(what: string, found: IToken): never {
    raise(`expected ${what}, found ${foundWords(found)}`, this.foundSpan(found));
  }

  /**
   * Where to point at for a token that should not be there; the end of the text stands after the last token.
   */
  protected foundSpan(token: IToken): Span {
    const span = this.spanOf(token);
    if (span.start < span.end) return span;
    const text = span.source.text.slice(this.section.start, this.section.end).trimEnd();
    const end = Math.max(this.section.start, Math.min(this.section.start + text.length, this.section.end));
    return { source: span.source, start: Math.max(this.section.start, end - 1), end };
  }
}

/** A token in an error's words. */
export function foundWords(token: IToken): string {
  return Number.isNaN(token.startOffset) ? 'the end of the program' : `\`${token.image}\``;
}

function isVoidAlone(parameters: readonly DeclaredSyntax[]): boolean {
  const [only] = parameters;
  return (
    parameters.length === 1 &&
    only.name === undefined &&
    only.type.kind === 'named' &&
    only.type.name === 'void'
  );
}
