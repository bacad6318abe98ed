import { type IRecognitionException, type IToken, tokenMatcher } from 'chevrotain';
import { raise, refuse, type Span } from '../../../diagnostics.js';
import { nearMatch } from '../../../near-match.js';
import { misspelt } from '../../reading/question-words.js';
import * as t from './c-lexer.js';
import type {
  BlockSyntax,
  CBody,
  DeclaredSyntax,
  InitializerSyntax,
  ItemSyntax,
  MacroSyntax,
  ThreadSyntax,
  TypeSyntax,
} from './c-syntax.js';
import { type Declarator, foundWords, type Specifiers } from './grammar-declarations.js';
import type { Rule } from './grammar-expressions.js';
import { StatementGrammar } from './grammar-statements.js';
import { builtinTypeNames } from './type-words.js';
import { insteadOfWord } from './unsupported.js';

/** One declarator at file level, with what follows it. */
interface Declared {
  readonly declarator: Declarator;
  readonly initial?: InitializerSyntax;
}

/** What a program is a list of, in the words of messages. */
const ITEM = 'a declaration, a function or a thread';

/** The whole C grammar: what stands at file level. */
class CParser extends StatementGrammar {
  constructor(skipValidations: boolean) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  private program: Rule<CBody> = this.RULE('program', () => {
    const items: ItemSyntax[] = [];
    this.MANY(() => {
      const made = this.SUBRULE(this.item);
      this.ACTION(() => items.push(...made));
    });
    return { items };
  });

  private item: Rule<ItemSyntax[]> = this.RULE('item', () =>
    this.OR<ItemSyntax[]>({
      DEF: [
        { GATE: () => this.startsThread(), ALT: () => [this.SUBRULE(this.thread)] },
        { ALT: () => this.SUBRULE(this.typedef) },
        { GATE: () => this.startsType(1), ALT: () => this.SUBRULE(this.definition) },
        {
          ALT: () => {
            this.CONSUME(t.Semicolon);
            return [];
          },
        },
      ],
      ERR_MSG: ITEM,
      IGNORE_AMBIGUITIES: true,
    }),
  );

  /** A macro file. */
  private macroFile: Rule<MacroSyntax[]> = this.RULE('macroFile', () => {
    const macros: MacroSyntax[] = [];
    this.MANY(() => {
      const macro = this.SUBRULE(this.macro);
      this.ACTION(() => macros.push(macro));
    });
    return macros;
  });

  private macro: Rule<MacroSyntax> = this.RULE('macro', () => {
    const name = this.CONSUME(t.Identifier, { ERR_MSG: "a macro's name" });
    const parameters: string[] = [];
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => parameters.push(this.CONSUME2(t.Identifier, { ERR_MSG: "a parameter's name" }).image),
    });
    this.CONSUME(t.RightParen, { ERR_MSG: '`)` or `,`' });
    const body = this.OR<MacroSyntax['body']>({
      DEF: [{ ALT: () => this.SUBRULE(this.block) }, { ALT: () => this.SUBRULE(this.assignment) }],
      ERR_MSG: 'an expression or `{`',
    });
    return this.ACTION((): MacroSyntax => ({ name: name.image, parameters, body, span: this.spanOf(name) }));
  });

  private startsThread(): boolean {
    const first = this.LA(1);
    return (
      first.tokenType === t.Interrupt ||
      (threadNumber(first.image) !== undefined && this.LA(2).tokenType === t.LeftParen)
    );
  }

  private thread: Rule<ThreadSyntax> = this.RULE('thread', () => {
    const interrupt = this.OPTION(() => this.SUBRULE(this.interruptOf));
    this.OPTION2({ GATE: () => this.startsType(1), DEF: () => this.SUBRULE(this.specifiers) });
    const name = this.CONSUME(t.Identifier, { ERR_MSG: "a thread's name, such as P2" });
    const number = this.ACTION(
      () => threadNumber(name.image) ?? this.expected("a thread's name, such as P2", name),
    );
    const parameters = this.SUBRULE(this.parameters);
    const body = this.SUBRULE(this.block);
    return this.ACTION(
      (): ThreadSyntax => ({
        kind: 'thread',
        number,
        ...(interrupt && { interrupt }),
        parameters,
        body,
        span: this.spanOf(name),
      }),
    );
  });

  private interruptOf: Rule<NonNullable<ThreadSyntax['interrupt']>> = this.RULE('interruptOf', () => {
    const word = this.CONSUME(t.Interrupt);
    this.CONSUME(t.LeftParen);
    const name = this.CONSUME(t.Identifier, { ERR_MSG: 'the thread that is interrupted, such as P1' });
    this.CONSUME(t.RightParen);
    return this.ACTION(
      (): NonNullable<ThreadSyntax['interrupt']> => ({
        kind: word.image === '__nmi' ? 'nmi' : 'irq',
        on: threadNumber(name.image) ?? this.expected('the thread that is interrupted, such as P1', name),
        span: this.spanOf(name),
      }),
    );
  });

  private typedef: Rule<ItemSyntax[]> = this.RULE('typedef', () => {
    this.CONSUME(t.Typedef);
    const specifiers = this.SUBRULE(this.specifiers);
    const declarators: Declarator[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const declarator = this.SUBRULE(this.namedDeclarator);
        this.ACTION(() => declarators.push(declarator));
      },
    });
    this.CONSUME(t.Semicolon);
    return this.ACTION(() => {
      const base = this.named(specifiers.type, declarators[0]);
      const typedefs = declarators.map((declarator): ItemSyntax => {
        const declared = declarator(base);
        this.typeNames.add(declared.name!);
        return { kind: 'typedef', declared, span: declared.span };
      });
      return [...this.takeStructs(declarators[0]), ...typedefs];
    });
  });

  /** A structure, variables, a prototype, or a function with its body. */
  private definition: Rule<ItemSyntax[]> = this.RULE('definition', () => {
    const specifiers = this.SUBRULE(this.specifiers);
    const declared: Declared[] = [];
    let body: BlockSyntax | undefined;
    this.OR({
      DEF: [
        { ALT: () => this.CONSUME(t.Semicolon) },
        {
          ALT: () => {
            const declarator = this.SUBRULE(this.namedDeclarator);
            this.OR2({
              DEF: [
                {
                  ALT: () => {
                    body = this.SUBRULE(this.block);
                    this.ACTION(() => declared.push({ declarator }));
                  },
                },
                {
                  ALT: () => {
                    const { initial, rest } = this.SUBRULE(this.variables);
                    this.ACTION(() => declared.push({ declarator, ...(initial && { initial }) }, ...rest));
                  },
                },
              ],
              ERR_MSG: '`;`, `,`, `=` or `{`',
            });
          },
        },
      ],
      ERR_MSG: 'a name or `;`',
    });
    return this.ACTION(() => this.itemsOf(specifiers, declared, body));
  });

  /** What follows the first declarator of a list of variables. */
  private variables: Rule<{ initial?: InitializerSyntax; rest: Declared[] }> = this.RULE('variables', () => {
    const rest: Declared[] = [];
    const initial = this.OPTION(() => {
      this.CONSUME(t.Assign);
      return this.SUBRULE(this.initializer);
    });
    this.MANY(() => {
      this.CONSUME(t.Comma);
      const declarator = this.SUBRULE(this.namedDeclarator);
      const value = this.OPTION2(() => {
        this.CONSUME2(t.Assign);
        return this.SUBRULE2(this.initializer);
      });
      this.ACTION(() => rest.push({ declarator, ...(value && { initial: value }) }));
    });
    this.CONSUME(t.Semicolon, { ERR_MSG: '`;` or `,`' });
    return { ...(initial && { initial }), rest };
  });

  private itemsOf({ type }: Specifiers, declared: readonly Declared[], body?: BlockSyntax): ItemSyntax[] {
    const structs = this.takeStructs(undefined);
    if (body) return [...structs, functionOrThread(declared[0].declarator(type), body)];
    const globals = declared.map(({ declarator, initial }): ItemSyntax => {
      const made = declarator(type);
      return { kind: 'global', declared: made, ...(initial && { initial }), span: made.span };
    });
    return [...structs, ...globals];
  }

  /** The structures that the item's specifiers defined; an anonymous one gets its typedef's name. */
  private takeStructs(naming: Declarator | undefined): ItemSyntax[] {
    const structs = this.definedStructs;
    this.definedStructs = [];
    return structs.map((struct, index) => {
      if (struct.tag !== '') return struct;
      // The outermost comes last: those inside it are complete before it.
      if (!naming || index < structs.length - 1) raise('give this structure a name', struct.span);
      return { ...struct, tag: naming(voidType(struct.span)).name! };
    });
  }

  private named(type: TypeSyntax, declarator: Declarator): TypeSyntax {
    if (type.kind !== 'named' || type.name !== 'struct ') return type;
    return { ...type, name: `struct ${declarator(type).name}` };
  }

  parse(section: Span): CBody {
    return this.read(section, () => this.program(), ITEM);
  }

  parseMacros(section: Span): MacroSyntax[] {
    return this.read(section, () => this.macroFile(), "a macro's name");
  }

  /** `items` is what a text is a list of. */
  private read<Result>(section: Span, rule: () => Result, items: string): Result {
    this.section = section;
    this.typeNames = new Set(builtinTypeNames);
    this.definedStructs = [];
    this.input = t.tokenize(section);
    const result = rule();
    if (this.errors.length > 0) this.report(this.errors[0], items);
    return result;
  }

  private report(error: IRecognitionException, items: string): never {
    const found = error.token;
    const before = (error as { previousToken?: IToken }).previousToken;
    const span = this.foundSpan(found);
    if (tokenMatcher(found, t.Unsupported))
      refuse(`\`${found.image}\` is not supported: ${insteadOfWord(found.image)}`, span);
    if (found.tokenType === t.Colon && before?.tokenType === t.Identifier)
      refuse(`labels are not supported: ${insteadOfWord('goto')}`, this.spanOf(before));
    if (/^(?:DEFINE|DECLARE)_|^LIST_HEAD$/.test(found.image))
      refuse(`\`${found.image}\` is not supported: write a declaration, such as \`spinlock_t lock;\``, span);
    if (found.tokenType === t.Integer && before?.tokenType === t.Dot)
      refuse('numbers with a point are not supported', span);
    const expected = error.name === 'NotAllInputParsedException' ? items : error.message;
    const hint = this.unknownType(found) || this.nearType(error, found) || this.nearItem(expected, found);
    raise(`expected ${expected}, found ${foundWords(found)}${hint}`, span);
  }

  private nearItem(expected: string, found: IToken): string {
    const hint = misspelt(found.image);
    const isCalled = this.input[this.input.indexOf(found) + 1]?.tokenType === t.LeftParen;
    if (hint || expected !== ITEM || found.tokenType !== t.Identifier || !isCalled) return hint;
    return ': a thread is called P0, P1 and so on, and a function has a type before its name';
  }

  private nearType({ message }: IRecognitionException, { image }: IToken): string {
    const near = message === 'a type' ? nearMatch(image, this.typeNames) : undefined;
    return near === undefined ? '' : `; did you mean \`${near}\`?`;
  }

  /** Two names in a row: the first was meant for a type. */
  private unknownType(found: IToken): string {
    if (found.tokenType !== t.Identifier) return '';
    const at = this.input.indexOf(found);
    const first = [at - 1, at].find((place) => this.isUnknownType(place));
    return first === undefined ? '' : `: \`${this.input[first].image}\` is not a known type`;
  }

  /** Whether a name stands before another one, and has no type before it. */
  private isUnknownType(at: number): boolean {
    const [before, token, after] = [at - 1, at, at + 1].map((place): IToken | undefined => this.input[place]);
    const isName = (one: IToken | undefined) => one?.tokenType === t.Identifier;
    const isTyped = before && at > 0 && (before.tokenType === t.Star || this.typeNames.has(before.image));
    return isName(token) && isName(after) && !isTyped && !this.typeNames.has(token?.image ?? '');
  }
}

const voidType = (span: Span): TypeSyntax => ({ kind: 'named', name: 'void', span });

function threadNumber(name: string): number | undefined {
  return /^P(?:0|[1-9]\d{0,4})$/.test(name) ? Number(name.slice(1)) : undefined;
}

function functionOrThread({ name, type, span }: DeclaredSyntax, body: BlockSyntax): ItemSyntax {
  if (type.kind !== 'function') raise(`\`${name}\` has a body but is no function: write \`${name}()\``, span);
  const number = threadNumber(name!);
  if (number !== undefined) return { kind: 'thread', number, parameters: type.parameters, body, span };
  return { kind: 'function', name: name!, type, body, span };
}

let cParser: CParser | undefined;

/** The program section of a C litmus test. @throws SourceError */
export function parseC(section: Span): CBody {
  cParser ??= new CParser(true);
  return cParser.parse(section);
}

/** The definitions of a macro file. @throws SourceError */
export function parseMacroFile(section: Span): MacroSyntax[] {
  cParser ??= new CParser(true);
  return cParser.parseMacros(section);
}

/** Builds the parser with chevrotain's own checks of the grammar, which production skips. */
export function validateGrammar(): void {
  new CParser(false);
}
