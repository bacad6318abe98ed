import {
  EmbeddedActionsParser,
  type IParserErrorMessageProvider,
  type IToken,
  Lexer,
  type TokenType,
  tokenLabel,
} from 'chevrotain';
import { raise, type Span } from '../../diagnostics.js';
import { LazyLookahead } from '../../lazy-lookahead.js';

/**
 * The nesting of parentheses and braces that a grammar takes: more than a person writes, less than a stack
 * holds.
 */
export const maxNesting = 200;

/** The work of parsing a statement or an instruction, in units of `tick`. */
export const STATEMENT = 8;

const messages = (next: string): IParserErrorMessageProvider => ({
  buildMismatchTokenMessage: ({ expected, actual }) =>
    `expected ${tokenLabel(expected)}, found ${shown(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `expected ${next}, found ${shown(firstRedundant)}`,
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual, customUserDescription }) =>
    `expected ${customUserDescription ?? oneOf(expectedPathsPerAlt.flat())}, found ${shown(actual[0])}`,
  buildEarlyExitMessage: ({ expectedIterationPaths, actual, customUserDescription }) =>
    `expected ${customUserDescription ?? oneOf(expectedIterationPaths)}, found ${shown(actual[0])}`,
});

function oneOf(paths: readonly TokenType[][]): string {
  const labels = [...new Set(paths.map(([first]) => tokenLabel(first)))];
  const last = labels.pop();
  return labels.length === 0 ? String(last) : `${labels.join(', ')} or ${last}`;
}

/** A token as a message quotes it. */
export function shown({ image }: { readonly image: string }): string {
  if (image === '') return 'the end of the section';
  return `\`${image.length > 30 ? `${image.slice(0, 30)}...` : image}\``;
}

/** A lexer that tracks offsets alone: lines and columns are worked out only for messages. */
export function lexerOf(tokens: TokenType[], skipValidations = true): Lexer {
  return new Lexer(tokens, { positionTracking: 'onlyOffset', ensureOptimizations: false, skipValidations });
}

/** A grammar over one section of a source. A parser object is made once and used for many sections. */
export abstract class SectionParser extends EmbeddedActionsParser {
  /** The section being parsed. */
  protected section!: Span;

  constructor(
    private readonly lexer: Lexer,
    tokens: TokenType[],
    /** What may come where a section could also end, for messages. */
    next: string,
    skipValidations: boolean,
  ) {
    super(tokens, {
      errorMessageProvider: messages(next),
      maxLookahead: 2,
      lookaheadStrategy: new LazyLookahead({ maxLookahead: 2 }),
      nodeLocationTracking: 'none',
      recoveryEnabled: false,
      skipValidations,
    });
  }

  /**
   * Runs a rule on a section's text (of the section's length, comments blanked out).
   * @throws SourceError
   */
  protected run<Result>(section: Span, text: string, rule: () => Result): Result {
    this.section = section;
    const { tokens, errors } = this.lexer.tokenize(text);
    if (errors.length > 0) {
      const start = section.start + errors[0].offset;
      const end = start + Math.max(1, errors[0].length);
      const bad = text.slice(errors[0].offset, end - section.start);
      raise(`${shown({ image: bad })} has no meaning here${this.hint(bad[0])}`, { ...section, start, end });
    }
    this.input = tokens;
    const result = rule();
    const [error] = this.errors;
    if (error) raise(error.message + this.hint(error.token.image), this.placeOf(error.token));
    return result;
  }

  /** What a word may have been meant for that stands where it has no meaning. */
  protected hint(_word: string): string {
    return '';
  }

  protected spanOf(first: IToken, last: IToken = first): Span {
    const { source, start } = this.section;
    return {
      source,
      start: start + first.startOffset,
      end: start + last.startOffset + last.image.length,
    };
  }

  /** From a token to the last one consumed. */
  protected spanFrom(first: IToken): Span {
    return this.spanOf(first, this.LA(0));
  }

  /** A token's place; the end of the last line with text for the token that stands for the end. */
  private placeOf(token: IToken): Span {
    if (token.image !== '') return this.spanOf(token);
    const { source, start, end } = this.section;
    const at = start + source.text.slice(start, end).trimEnd().length;
    return { source, start: at, end: at };
  }
}
