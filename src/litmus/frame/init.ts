import { raise, type Span } from '../../diagnostics.js';
import { LeftBracket, Semicolon } from '../reading/punctuation.js';
import type { InitEntry, InitValue, PlaceSyntax } from './litmus-syntax.js';
import { Equal, Name, PlaceParser, type Rule, Star } from './places.js';
import { printPlace } from './print-frame.js';

/** The grammar of the init section. */
export class InitParser extends PlaceParser {
  constructor(skipValidations = true) {
    super('`;`', skipValidations);
    this.performSelfAnalysis();
  }

  parse(section: Span, text: string): InitEntry[] {
    return this.run(section, text, () => this.entries());
  }

  private entries: Rule<InitEntry[]> = this.RULE('entries', () => {
    const entries: InitEntry[] = [];
    this.MANY(() => this.CONSUME(Semicolon));
    this.OPTION(() => entries.push(this.SUBRULE(this.entry)));
    this.MANY2(() => {
      this.AT_LEAST_ONE(() => this.CONSUME2(Semicolon));
      this.OPTION2(() => entries.push(this.SUBRULE2(this.entry)));
    });
    return entries;
  });

  private entry: Rule<InitEntry> = this.RULE('entry', () => {
    const first = this.LA(1);
    const type = this.SUBRULE(this.typeWords);
    const place = this.SUBRULE(this.place);
    const value = this.OPTION(() => {
      this.CONSUME(Equal);
      return this.SUBRULE(this.value);
    });
    return this.ACTION(() => entryOf(this.spanFrom(first), type, place, value));
  });

  /** Names and stars before the name that is declared; empty when no type is written. */
  private typeWords: Rule<string> = this.RULE('typeWords', () => {
    let words = '';
    this.MANY({
      GATE: () => this.startsTypeWord(),
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              words += `${this.CONSUME(Name).image} `;
            },
          },
          {
            ALT: () => {
              this.CONSUME(Star);
              // A star with no type before it is as in `*x = 1`, which is about x.
              if (words !== '') words += '*';
            },
          },
        ]),
    });
    return words.trim();
  });

  private startsTypeWord(): boolean {
    const [first, second] = [this.LA(1).tokenType, this.LA(2)];
    if (first === Star) return second.tokenType !== LeftBracket;
    return isName(this.LA(1)) && (isName(second) || second.tokenType === Star || this.startsRegister(2));
  }
}

const isName = ({ tokenType }: { tokenType: { CATEGORIES?: unknown[]; name: string } }): boolean =>
  tokenType === Name || (tokenType.CATEGORIES?.includes(Name) ?? false);

function entryOf(span: Span, type: string, place: PlaceSyntax, value: InitValue | undefined): InitEntry {
  const rest = value ? { value } : {};
  if (type === '') return { span, place, ...rest };
  const words = type.replace(/\*\s*(?=\*)/g, '*');
  // With a type, `a[2]` declares an array of 2; without, it is a's third element.
  if (place.kind === 'memory' && place.path.length === 1 && typeof place.path[0] === 'number') {
    return { span, type: words, place: { ...place, path: [] }, length: place.path[0], ...rest };
  }
  return { span, type: words, place, ...rest };
}

/** @throws SourceError where a place is given a value for the second time, as herd7 does */
export function checkGivenOnce(init: readonly InitEntry[]): void {
  const given = new Set<string>();
  for (const { place, value, span } of init) {
    if (!value) continue;
    const name = printPlace(place);
    if (given.has(name)) raise(`\`${name}\` is given a value twice`, span);
    given.add(name);
  }
}

let initParser: InitParser | undefined;

/**
 * Parses what stands between the braces of the init section.
 * @param text the section's text with comments blanked out
 * @throws SourceError
 */
export function parseInit(section: Span, text: string): InitEntry[] {
  // Most tests of assembly dialects start from zeros.
  if (text.trim() === '') return [];
  initParser ??= new InitParser();
  return initParser.parse(section, text);
}
