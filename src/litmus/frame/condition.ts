import { type IToken, tokenMatcher } from 'chevrotain';
import { raise, type Span, spanning } from '../../diagnostics.js';
import { maxNesting } from '../reading/parsing.js';
import {
  Colon,
  LeftBracket,
  LeftParen,
  RightBracket,
  RightParen,
  Semicolon,
} from '../reading/punctuation.js';
import { inCondition } from '../reading/question-words.js';
import type { InitValue, LitmusSyntax, PlaceSyntax, PropositionSyntax } from './litmus-syntax.js';
import {
  And,
  AndWord,
  Equal,
  Exists,
  False,
  Filter,
  Final,
  Forall,
  Implies,
  Locations,
  Name,
  Not,
  NotEqual,
  Observed,
  Or,
  PlaceParser,
  type Rule,
  Star,
  True,
  With,
} from './places.js';

/** The last section of a litmus file. */
export type QuestionSyntax = Pick<LitmusSyntax, 'locations' | 'filter' | 'condition'>;
type Quantifier = QuestionSyntax['condition']['quantifier'];

/**
 * The grammar of the last section. From the tightest: `~`, then `=>`, `/\`, `\/`, as herd7's grammar ranks
 * them: its `=>` binds more tightly than `/\`.
 */
export class QuestionParser extends PlaceParser {
  constructor(skipValidations = true) {
    super('`/\\`, `\\/` or the end of the condition', skipValidations);
    this.performSelfAnalysis();
  }

  parse(section: Span, text: string): QuestionSyntax {
    return this.run(section, text, () => this.question());
  }

  protected override hint(word: string): string {
    return inCondition(word);
  }

  private question: Rule<QuestionSyntax> = this.RULE('question', () => {
    const locations = this.OPTION(() => this.SUBRULE(this.locationList)) ?? [];
    const filter = this.OPTION2(() => {
      this.CONSUME(Filter);
      return this.SUBRULE(this.proposition);
    });
    const condition = this.OPTION3(() => this.SUBRULE(this.condition));
    this.MANY(() => this.CONSUME(Semicolon));
    this.OPTION4(() => this.SUBRULE(this.verdicts));
    return this.ACTION(() => ({
      locations,
      ...(filter && { filter }),
      // As herd7: a test that asks nothing asks whether every final state is a final state.
      condition: condition ?? { quantifier: 'forall', proposition: { kind: 'true', span: this.section } },
    }));
  });

  private locationList: Rule<PlaceSyntax[]> = this.RULE('locationList', () => {
    const places: PlaceSyntax[] = [];
    this.CONSUME(Locations);
    this.CONSUME(LeftBracket);
    this.OPTION(() => places.push(this.SUBRULE(this.location)));
    this.MANY(() => {
      this.CONSUME(Semicolon);
      this.OPTION2(() => places.push(this.SUBRULE2(this.location)));
    });
    this.CONSUME(RightBracket);
    return places;
  });

  /** A place, and a type, which says how other tools print the value. */
  private location: Rule<PlaceSyntax> = this.RULE('location', () => {
    const place = this.SUBRULE(this.place);
    this.OPTION(() => this.CONSUME(Name));
    this.OPTION2(() => this.CONSUME(Star));
    return place;
  });

  private condition: Rule<QuestionSyntax['condition']> = this.RULE('condition', () =>
    this.OR<QuestionSyntax['condition']>([
      {
        // A condition that begins with a variable of this name needs its quantifier.
        IGNORE_AMBIGUITIES: true,
        ALT: () => ({ quantifier: 'exists', proposition: this.SUBRULE(this.observedStates) }),
      },
      {
        ALT: () => {
          const quantifier = this.OPTION(() => this.SUBRULE(this.quantifier)) ?? 'exists';
          return { quantifier, proposition: this.SUBRULE(this.proposition) };
        },
      },
    ]),
  );

  /** `observed 0:r0=1; x=1; and 0:r0=2; x=2;`: that one of the states exists. */
  private observedStates: Rule<PropositionSyntax> = this.RULE('observedStates', () => {
    const word = this.CONSUME(Observed);
    let made = this.SUBRULE(this.observedState);
    this.MANY(() => {
      this.CONSUME(AndWord);
      const right = this.SUBRULE2(this.observedState);
      made = this.ACTION(() => joined('or', made, right));
    });
    return this.ACTION(() => ({ ...made, span: this.spanFrom(word) }));
  });

  private observedState: Rule<PropositionSyntax> = this.RULE('observedState', () => {
    let made: PropositionSyntax | undefined;
    this.MANY({
      GATE: () => this.LA(1).tokenType !== AndWord,
      DEF: () => {
        const part = this.SUBRULE(this.comparison);
        this.CONSUME(Semicolon);
        made = this.ACTION(() => (made ? joined('and', made, part) : part));
      },
    });
    return this.ACTION(() => made ?? { kind: 'true' as const, span: this.spanFrom(this.LA(0)) });
  });

  private quantifier: Rule<Quantifier> = this.RULE('quantifier', () =>
    this.OR<Quantifier>([
      {
        ALT: () => {
          this.CONSUME(Not);
          this.CONSUME(Exists);
          return 'not-exists';
        },
      },
      {
        ALT: () => {
          this.CONSUME2(Exists);
          return 'exists';
        },
      },
      {
        ALT: () => {
          this.CONSUME(Forall);
          return 'forall';
        },
      },
      {
        ALT: () => {
          this.CONSUME(Final);
          return 'exists';
        },
      },
    ]),
  );

  /** `with tso: ~exists; default: exists;`: what models of another tool answer; it asks nothing more. */
  private verdicts: Rule<void> = this.RULE('verdicts', () => {
    this.CONSUME(With);
    this.MANY(() => {
      this.CONSUME(Name);
      this.CONSUME(Colon);
      this.SUBRULE(this.quantifier);
      this.MANY2(() => this.CONSUME(Semicolon));
    });
  });

  private proposition: Rule<PropositionSyntax> = this.RULE('proposition', () => {
    const parts = [this.SUBRULE(this.conjunction)];
    this.MANY(() => {
      this.CONSUME(Or);
      parts.push(this.SUBRULE2(this.conjunction));
    });
    return this.ACTION(() => chained('or', parts));
  });

  private conjunction: Rule<PropositionSyntax> = this.RULE('conjunction', () => {
    const parts = [this.SUBRULE(this.implication)];
    this.MANY(() => {
      this.CONSUME(And);
      parts.push(this.SUBRULE2(this.implication));
    });
    return this.ACTION(() => chained('and', parts));
  });

  /** Groups to the right: `a => b => c` is `a => (b => c)`. */
  private implication: Rule<PropositionSyntax> = this.RULE('implication', () => {
    const parts = [this.SUBRULE(this.atom)];
    this.MANY(() => {
      const arrow = this.CONSUME(Implies);
      parts.push(this.SUBRULE2(this.atom));
      this.ACTION(() => {
        if (parts.length > maxNesting) raise(`more than ${maxNesting} \`=>\` in a row`, this.spanOf(arrow));
      });
    });
    return this.ACTION(() => parts.reduceRight((right, left) => joined('implies', left, right)));
  });

  private atom: Rule<PropositionSyntax> = this.RULE('atom', () =>
    this.OR<PropositionSyntax>({
      DEF: [
        { ALT: () => this.SUBRULE(this.negation) },
        { ALT: () => this.SUBRULE(this.parenthesised) },
        { ALT: () => this.truth('true', this.CONSUME(True)) },
        { ALT: () => this.truth('false', this.CONSUME(False)) },
        { ALT: () => this.SUBRULE(this.comparison) },
      ],
      ERR_MSG: 'a statement such as `0:r1=1` or `x=1`',
    }),
  );

  private truth(kind: 'true' | 'false', token: IToken): PropositionSyntax {
    return this.ACTION(() => ({ kind, span: this.spanOf(token) }));
  }

  private negation: Rule<PropositionSyntax> = this.RULE('negation', () => {
    const not = this.CONSUME(Not);
    this.ACTION(() => this.enter(not));
    const operand = this.SUBRULE(this.atom);
    return this.ACTION((): PropositionSyntax => {
      this.leave();
      return { kind: 'not', operand, span: this.spanFrom(not) };
    });
  });

  private parenthesised: Rule<PropositionSyntax> = this.RULE('parenthesised', () => {
    const open = this.CONSUME(LeftParen);
    this.ACTION(() => this.enter(open));
    const inner = this.SUBRULE(this.proposition);
    this.CONSUME(RightParen);
    this.ACTION(() => this.leave());
    return inner;
  });

  private comparison: Rule<PropositionSyntax> = this.RULE('comparison', () => {
    const first = this.LA(1);
    const left = this.SUBRULE(this.place);
    const op = this.OR({
      DEF: [{ ALT: () => this.CONSUME(Equal) }, { ALT: () => this.CONSUME(NotEqual) }],
      ERR_MSG: '`=` or `!=`',
    });
    const right = this.SUBRULE(this.right);
    return this.ACTION(
      (): PropositionSyntax => ({
        kind: 'compare',
        op: tokenMatcher(op, Equal) ? '=' : '!=',
        left,
        right,
        span: this.spanFrom(first),
      }),
    );
  });

  /** A bare name is an address, as in herd7; `[x]`, `*x` and `1:r1` are what the place holds. */
  private right: Rule<InitValue | PlaceSyntax> = this.RULE('right', () =>
    this.OR<InitValue | PlaceSyntax>({
      DEF: [
        { GATE: () => this.startsRegister(), ALT: () => this.SUBRULE(this.registerPlace) },
        { ALT: () => this.SUBRULE(this.dereference) },
        { ALT: () => this.SUBRULE(this.value) },
      ],
      ERR_MSG: 'a number, the name of a variable, or a register',
    }),
  );
}

const joined = (
  kind: 'and' | 'or' | 'implies',
  left: PropositionSyntax,
  right: PropositionSyntax,
): PropositionSyntax => ({
  kind,
  left,
  right,
  span: spanning(left.span, right.span),
});

/**
 * Parts that are nested one in the other, the first innermost; more are split in halves: whoever follows the
 * tree has a stack.
 */
const MOST_NESTED = 64;

function chained(kind: 'and' | 'or', parts: readonly PropositionSyntax[]): PropositionSyntax {
  if (parts.length <= MOST_NESTED) return parts.reduce((left, right) => joined(kind, left, right));
  const middle = parts.length >> 1;
  return joined(kind, chained(kind, parts.slice(0, middle)), chained(kind, parts.slice(middle)));
}

let conditionParser: QuestionParser | undefined;

/**
 * Parses `locations`, `filter` and the condition.
 * @param text the section's text with comments blanked out
 * @throws SourceError
 */
export function parseQuestion(section: Span, text: string): QuestionSyntax {
  conditionParser ??= new QuestionParser();
  return conditionParser.parse(section, text);
}
