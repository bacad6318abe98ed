import { Source } from '../diagnostics.js';
import type { GeneratedDialect } from '../generate/index.js';
import { type LimitKind, LimitReached, type Limits, within } from '../limits.js';
import { parseLitmus } from '../litmus/index.js';
import type { Value } from '../program/index.js';
import { alphabetOf } from './alphabet.js';
import { type Answer, type Contender, onlyIn, statesOf } from './contender.js';
import { familyOf } from './program-family.js';
import { type ProgramShape, programShapes } from './program-shape.js';
import { type WrittenProgram, written } from './program-text.js';
import { MinimalPrograms } from './weaker.js';

/** Which programs are gone through, and for how long. */
export interface DistinguishOptions extends Limits {
  readonly dialect: GeneratedDialect;
  /**
   * Annotations, fences, dependencies and read-modify-writes that programs are made of, as
   * `fenceline generate --list` has them. @default all that make a difference in the dialect
   */
  readonly words?: readonly string[];
  /** Accesses of a program, at most. @default 4 */
  readonly size?: number;
  /** Every minimal program, and not only a smallest one. @default false */
  readonly all?: boolean;
}

/** A program with an outcome that one contender allows and the other forbids. */
export interface Difference {
  /** The text of a test that asks for the outcome. */
  readonly text: string;
  readonly name: string;
  /** Accesses in it. */
  readonly size: number;
  /** Names of the contenders. */
  readonly allowedBy: string;
  readonly forbiddenBy: string;
}

/** What came of comparing two contenders on all programs up to a size. */
export interface Distinction {
  /** Smallest first. Of each direction one, or all minimal ones. */
  readonly differences: readonly Difference[];
  /** Programs that were looked at, of each size. */
  readonly programs: ReadonlyMap<number, number>;
  /** Programs on which a contender did not come to an end. */
  readonly undecided: number;
  /** The size up to which all programs were looked at. */
  readonly exhausted: number;
  readonly limit?: LimitKind;
}

/**
 * The smallest programs that tell two contenders apart, by going through all programs of a dialect.
 * `programShapes` says what is left out.
 * @throws CycleError when there is no such word
 * @throws SourceError when a contender does not support a program
 */
export function distinguish(first: Contender, second: Contender, options: DistinguishOptions): Distinction {
  return new Distinguisher(first, second, options).run();
}

class Distinguisher {
  private readonly contenders: readonly [Contender, Contender];
  private readonly options: DistinguishOptions;
  private readonly differences: Difference[] = [];
  private readonly programs = new Map<number, number>();
  /** For each direction, what has been found. */
  private readonly found = [new MinimalPrograms(), new MinimalPrograms()];
  private undecided = 0;

  constructor(first: Contender, second: Contender, options: DistinguishOptions) {
    this.contenders = [first, second];
    this.options = options;
  }

  run(): Distinction {
    let exhausted = 0;
    let limit: LimitKind | undefined;
    try {
      within(this.options, () => {
        for (let size = 2; size <= (this.options.size ?? 4) && !this.isDone; size++) {
          if (this.ofSize(size)) exhausted = size;
        }
      });
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      limit = error.kind;
    }
    const { differences, programs, undecided } = this;
    return { differences, programs, undecided, exhausted, ...(limit && { limit }) };
  }

  private get isDone(): boolean {
    return this.options.all !== true && this.found.every(({ count }) => count > 0);
  }

  /** @returns whether all programs of the size were looked at */
  private ofSize(size: number): boolean {
    const { dialect, words } = this.options;
    for (const program of programShapes(alphabetOf(dialect, words), size)) {
      if (this.isDone) return false;
      this.programs.set(size, (this.programs.get(size) ?? 0) + 1);
      this.look(program, size);
    }
    return true;
  }

  private look(program: ProgramShape, size: number): void {
    const text = written(program, this.options.dialect);
    const test = parseLitmus(new Source('program', text.text('program')));
    const [first, second] = this.contenders.map((contender) => statesOf(test, contender));
    if (!first.isComplete || !second.isComplete) this.undecided++;
    this.compare(program, text, size, [first, second], 0);
    this.compare(program, text, size, [second, first], 1);
  }

  private compare(
    program: ProgramShape,
    text: WrittenProgram,
    size: number,
    [allowing, forbidding]: readonly [Answer, Answer],
    direction: 0 | 1,
  ): void {
    const [state] = onlyIn(allowing, forbidding);
    if (!state) return;
    const found = this.found[direction];
    const isNew = found.add(program);
    if (!isNew || (found.count > 1 && this.options.all !== true)) return;
    const name = familyOf(program);
    const condition = `exists (${claimsOf(state, allowing, forbidding, text.places).join(' /\\ ')})`;
    this.differences.push({
      text: text.text(name, condition),
      name,
      size,
      allowedBy: this.contenders[direction].name,
      forbiddenBy: this.contenders[1 - direction].name,
    });
  }
}

/** What tells the state from all that are forbidden: no claim more than that takes. */
function claimsOf(
  state: readonly Value[],
  { observables }: Answer,
  forbidding: Answer,
  places: readonly string[],
): string[] {
  const others = [...forbidding.states.values()];
  let claimed = observables.map((_, index) => index);
  const isTold = (claims: readonly number[]): boolean =>
    others.every((other) => claims.some((index) => other[index] !== state[index]));
  for (const index of [...claimed].reverse()) {
    const fewer = claimed.filter((one) => one !== index);
    if (isTold(fewer)) claimed = fewer;
  }
  return claimed.map((index) => `${places[index]}=${state[index]}`);
}
