import { CycleError, type Relaxation, type Vocabulary } from './relaxation-vocabulary.js';

/**
 * Reads lists of relaxations as diy7 has them: `A B` are two relaxations, `[A B]` is one of two edges, `A|B`
 * a choice, `A?` may be left out.
 */
class ListReader {
  private readonly tokens: readonly string[];
  private position = 0;
  private readonly text: string;
  private readonly vocabulary: Vocabulary;

  constructor(text: string, vocabulary: Vocabulary) {
    this.text = text;
    this.vocabulary = vocabulary;
    this.tokens = text.match(/[A-Za-z0-9.*-]+|\S/g) ?? [];
  }

  /** Each of the items at the top, by itself. */
  items(): Relaxation[][] {
    const items: Relaxation[][] = [];
    while (this.position < this.tokens.length) {
      if (!this.accept(',')) items.push(this.choice());
    }
    return items;
  }

  private choice(): Relaxation[] {
    const all = this.suffixed();
    while (this.accept('|')) all.push(...this.suffixed());
    return all;
  }

  private suffixed(): Relaxation[] {
    let all = this.one();
    while (this.accept('?')) all = [[], ...all];
    return all;
  }

  private one(): Relaxation[] {
    const token = this.tokens[this.position++];
    if (token === '[') return this.sequence();
    if (token !== undefined && /^[A-Za-z0-9.*-]/.test(token)) return this.vocabulary.relaxations(token);
    throw this.unexpected(token, 'a relaxation');
  }

  private sequence(): Relaxation[] {
    let all: Relaxation[] = [[]];
    while (!this.accept(']')) {
      if (this.accept(',')) continue;
      if (this.position >= this.tokens.length) throw this.unexpected(undefined, ']');
      const next = this.choice();
      all = all.flatMap((before) => next.map((after) => [...before, ...after]));
    }
    return all;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position++;
    return true;
  }

  private unexpected(token: string | undefined, expected: string): CycleError {
    return new CycleError(`${this.text}: ${expected} is expected ${token ? `at ${token}` : 'at the end'}`);
  }
}

/**
 * The relaxations of a list: each item at its top is one, or several.
 * @throws CycleError
 */
export function relaxationsIn(text: string, vocabulary: Vocabulary): Relaxation[] {
  return new ListReader(text, vocabulary).items().flat();
}

/**
 * The one cycle that a list stands for.
 * @throws CycleError where it leaves a choice open
 */
export function cycleIn(text: string, vocabulary: Vocabulary): Relaxation {
  return new ListReader(text, vocabulary).items().flatMap((item) => {
    if (item.length === 1) return item[0];
    const [first, second] = item.map((one) => one.map(({ name }) => name).join(' ') || 'nothing');
    throw new CycleError(
      `${text}: one cycle is expected, and it leaves open whether ${first} or ${second} is meant`,
    );
  });
}
