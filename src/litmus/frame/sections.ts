import { raise, type Source, type Span } from '../../diagnostics.js';
import type { Dialect } from '../../program/index.js';
import { type CommentStyle, commentEnd } from '../reading/comments.js';
import { misspelt, questionWords } from '../reading/question-words.js';

/** A litmus file, cut into its parts. */
export interface Sections {
  readonly dialect: Dialect;
  readonly name: string;
  /** `Key=value` lines of the head, in order, and the quoted description under key `""`. */
  readonly info: readonly (readonly [string, string])[];
  /** What stands between the braces. */
  readonly init: Span;
  readonly program: Span;
  /** `locations`, `filter` and condition; empty when there are none. */
  readonly condition: Span;
  /** Comments, and lines of the head about an expected result. */
  readonly notes: readonly Span[];
}

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ['c', 'C'],
  ['x86', 'X86'],
  ['x86_64', 'X86_64'],
  ['alpha', 'Alpha'],
]);

/**
 * Finds the sections of a litmus file without looking into them.
 * @throws SourceError
 */
export function splitSections(source: Source): Sections {
  return new Splitter(source).split();
}

/** How comments are written in a dialect. */
export function commentStyle(dialect: Dialect): CommentStyle {
  return dialect === 'C' ? 'nested-and-c' : 'nested';
}

/** `observed` begins a condition as well, where a statement follows: else it is the name of a variable. */
const conditionWord = `(?:${questionWords.join('|')}|[Oo]bserved(?=\\s+[^\\s,;=()[\\]]))`;
/** In assembly a name may hold dots, slashes and dashes, so that a label `exists.1` is one word. */
const inAssembly = new RegExp(`\\(\\*|"|(?<![\\w./$-])${conditionWord}(?![\\w./-])`, 'g');
const inC = new RegExp(`\\(\\*|//|/\\*|"|'|[(){}[\\]]|\\b${conditionWord}\\b`, 'g');
const inBraces = /\(\*|\/\/|\/\*|[{}]/g;
const inCondition = /\(\*|\/\/|\/\*|<</g;

class Splitter {
  private readonly text: string;
  private at = 0;
  private style: CommentStyle = 'nested-and-c';
  private readonly info: [string, string][] = [];
  private readonly notes: Span[] = [];

  constructor(private readonly source: Source) {
    this.text = source.text;
  }

  split(): Sections {
    const { dialect, name } = this.firstLine();
    this.style = commentStyle(dialect);
    const init = this.init();
    const program = dialect === 'C' ? this.programInC() : this.programInAssembly();
    const condition = this.condition();
    return { dialect, name, info: this.info, init, program, condition, notes: this.notes };
  }

  /** Dialect and name, and a name for figures in parentheses, which nothing uses. */
  private firstLine(): { dialect: Dialect; name: string } {
    this.skipBlanks();
    const word = this.take(/\w+/y);
    const dialect = dialects.get(word?.toLowerCase() ?? '');
    if (!dialect) {
      const start = this.at - (word?.length ?? 0);
      const found =
        word === undefined
          ? 'a litmus file begins'
          : `\`${word}\` is not a dialect that is read here: a file begins`;
      return this.raiseAt(`${found} with C, X86 or Alpha and the test's name`, start, this.at);
    }
    this.take(/[ \t]+/y);
    const name = this.take(/[^\s"{(;][^\s"{;]*/y)?.replace(/\(.*$/s, (rest) => this.giveBack(rest));
    if (name === undefined) return this.raiseAt("expected the test's name", this.at, this.at);
    this.skipBlanks();
    if (this.text[this.at] === '(') this.take(/\((?!\*)[^)\n]*\)/y);
    return { dialect, name: name === '--' ? baseName(this.source.name) : name.replace(/\.litmus$/, '') };
  }

  private giveBack(rest: string): string {
    this.at -= rest.length;
    return '';
  }

  /** The rest of the head, and the init section. */
  private init(): Span {
    for (;;) {
      this.skipBlanks();
      if (this.text[this.at] === '{') return this.braced();
      this.refuseDeclaration();
      if (!this.headLine() && !this.otherText()) {
        const word = this.take(/\S+/y);
        this.raiseAt(
          `expected the init section \`{ ... }\`, found ${word === undefined ? 'the end of the file' : `\`${word}\``}`,
          this.at - (word?.length ?? 0),
          this.at,
        );
      }
    }
  }

  /** Its braces would be taken for the init section. */
  private refuseDeclaration(): void {
    const start = this.at;
    const word = this.take(/(?:typedef\s+)?(?:struct|union|enum)\b(?=[^;{(]*\{)/y);
    if (word !== undefined)
      this.raiseAt(
        `expected the init section \`{ ... }\`, found \`${word}\`: declarations of types stand behind it`,
        start,
        this.at,
      );
  }

  private headLine(): boolean {
    if (this.take(/;/y) !== undefined) return true;
    const quoted = this.take(/"[^"]*"/y);
    if (quoted !== undefined) {
      if (quoted !== '""') this.info.push(['', quoted.slice(1, -1).replace(/\r/g, '')]);
      return true;
    }
    const start = this.at;
    const line = this.take(/[A-Za-z][\w./-]*[ \t]*=[^\r\n]*|(?:Expect|Result)[ \t]*:[^\r\n]*/y);
    if (line === undefined) return false;
    const [, key, value] = /^([^\s=:]+)[ \t]*[=:][ \t]*(.*)$/s.exec(line)!;
    this.info.push([key, value.trimEnd()]);
    if (key === 'Expect' || key === 'Result') this.notes.push({ source: this.source, start, end: this.at });
    return true;
  }

  /**
   * Text of the head that says nothing, up to the end of the line or the init section, as in herd7: a second
   * name, a remark. A thread or a function is none, but the program of a test without an init section.
   */
  private otherText(): boolean {
    if (/^(?:[\w*]+[ \t]+)*\**\w+\(|^P\d+\b/.test(this.text.slice(this.at, this.at + 200))) return false;
    return this.take(/[^{\n]+/y) !== undefined;
  }

  private braced(): Span {
    const open = this.at++;
    for (let depth = 1; ; ) {
      const found = this.next(inBraces);
      if (!found) return this.raiseAt('the init section is never closed: expected `}`', open, open + 1);
      if (found === '{') depth++;
      else if (found === '}' && --depth === 0)
        return { source: this.source, start: open + 1, end: this.at - 1 };
    }
  }

  private programInAssembly(): Span {
    const start = this.at;
    for (;;) {
      const found = this.next(inAssembly);
      if (!found) return this.withoutQuestion(start);
      if (found === '"') this.skipString('"');
      else return this.upTo(start, this.at - found.length);
    }
  }

  /** A test may ask nothing; but a line such as `exist (x=1)` is no row of the table. */
  private withoutQuestion(start: number): Span {
    const line = /^[ \t]*(?:~[ \t]*|not[ \t]+)?([A-Za-z]+)[ \t]*[([]/gm;
    line.lastIndex = start;
    for (let found = line.exec(this.text); found; found = line.exec(this.text)) {
      const [, word] = found;
      const hint = misspelt(word);
      const at = found.index + found[0].indexOf(word);
      if (hint)
        this.raiseAt(
          `expected a row of the table or a question, found \`${word}\`${hint}`,
          at,
          at + word.length,
        );
    }
    return this.upTo(start, this.text.length);
  }

  /** In C, `exists` or `filter` within brackets is the program's own name. */
  private programInC(): Span {
    const start = this.at;
    const braces: number[] = [];
    for (let depth = 0; ; ) {
      const found = this.next(inC, depth > 0);
      if (!found) return this.closed(start, braces);
      if (found === '{') braces.push(this.at - 1);
      else if (found === '}') braces.pop();
      if (found === '"' || found === "'") this.skipString(found);
      else if ('([{'.includes(found)) depth++;
      else if (')]}'.includes(found)) depth = Math.max(0, depth - 1);
      else if (depth === 0) return this.upTo(start, this.at - found.length);
    }
  }

  /**
   * The program to the end of the text. A question in it, at the start of a line, stands within a brace that
   * was left open.
   */
  private closed(start: number, [open]: readonly number[]): Span {
    const asks = new RegExp(`^(?:~ *)?${conditionWord} *[([]`, 'm');
    if (open !== undefined && asks.test(this.text.slice(open)))
      this.raiseAt('this brace is never closed', open, open + 1);
    return this.upTo(start, this.text.length);
  }

  /** The program up to the condition, whose negation stands before the word that was found. */
  private upTo(start: number, end: number): Span {
    const negation = /(?:~|\bnot\b)\s*$/.exec(this.text.slice(Math.max(start, end - 40), end));
    this.at = negation && this.text.startsWith('exists', end) ? end - negation[0].length : end;
    return { source: this.source, start, end: this.at };
  }

  /** What follows `<<` is for other tools. */
  private condition(): Span {
    const start = this.at;
    const end = this.next(inCondition) ? this.at - 2 : this.text.length;
    return { source: this.source, start, end };
  }

  /** The next match of a pattern that is no comment; comments on the way are noted. */
  private next(pattern: RegExp, inCode = false): string | undefined {
    for (;;) {
      pattern.lastIndex = this.at;
      const found = pattern.exec(this.text)?.[0];
      if (found === undefined) return undefined;
      this.at = pattern.lastIndex;
      const isComment = found === '(*' || found === '//' || found === '/*';
      if (!isComment) return found;
      const start = this.at - 2;
      // `(*` inside a function is C's own, as in `(*p)(x)`: a nested comment stands between functions only.
      if (found === '(*' && (inCode || this.declaresPointer(start))) {
        this.at = start + 1;
        return '(';
      }
      if (!this.comment(start)) this.at = start + 2;
    }
  }

  /** Whether `(*name)(` stands here, as in a function pointer's declaration. */
  private declaresPointer(at: number): boolean {
    if (this.style === 'nested') return false;
    const declarator = /\(\*\s*\w+\s*(?:\[\s*\w*\s*\])?\s*\)\s*\(/y;
    declarator.lastIndex = at;
    return declarator.test(this.text);
  }

  private comment(start: number): boolean {
    const end = commentEnd(this.source, start, this.style);
    if (end === undefined) return false;
    this.notes.push({ source: this.source, start, end });
    this.at = end;
    return true;
  }

  /** Goes past a string's end on its own line; a lone quote is left to the grammar of the section. */
  private skipString(quote: string): void {
    const rest = quote === '"' ? /(?:[^"\\\n]|\\.)*"/y : /(?:[^'\\\n]|\\.)*'/y;
    this.take(rest);
  }

  private skipBlanks(): void {
    do this.take(/\s+/y);
    while (this.comment(this.at));
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private raiseAt(reason: string, start: number, end: number): never {
    return raise(reason, { source: this.source, start, end });
  }
}

/** A file's name without folders and extension. */
function baseName(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
}
