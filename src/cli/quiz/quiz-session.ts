import {
  answerTable,
  ask,
  coloured,
  machinesToWalk,
  type Quiz,
  quizNamed,
  quizzes,
  type Reply,
  stepsText,
  type Variant,
  walkOf,
  wrapped,
} from '../../quiz/index.js';
import { type Style, startLines, stepLines, tableText } from '../../report/index.js';

const HELP: readonly (readonly string[])[] = [
  ['yes, no', 'your guess for the program and the machine shown; it is then checked'],
  ['switch N', 'the N-th switch in its next position'],
  ['machine NAME', 'another machine'],
  ['code', 'the program'],
  ['step', 'how it happens, one step more'],
  ['watch NAME', 'how a machine comes to it, one step more, with its buffers, caches and memory'],
  ['table', 'all variants on all machines'],
  ['answer', 'the answer'],
  ['list', 'the quizzes'],
  ['quiz NAME', 'another quiz; next: the one after this'],
  ['quit', 'leave'],
];

/**
 * A conversation with one reader: takes lines, and writes what there is to say. It knows no terminal, so that
 * tests can hold it too.
 */
export class QuizSession {
  private variant: Variant;
  private machine: string;
  private reply: Reply | undefined;
  private told = 0;
  /** The steps of a machine that are being told, instead of those of an execution. */
  private watched: Watched | undefined;
  private guesses = 0;
  private right = 0;

  constructor(
    private quiz: Quiz,
    private readonly write: (text: string) => void,
    private readonly style: Style,
  ) {
    this.variant = quiz.variants[0];
    this.machine = '';
    this.begin(quiz);
  }

  get prompt(): string {
    return `${this.quiz.name}> `;
  }

  /** Takes a line that the reader has typed. False when that ends the conversation. */
  take(line: string): boolean {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    switch (word.toLowerCase()) {
      case 'y':
      case 'yes':
        this.guess(true);
        return true;
      case 'n':
      case 'no':
        this.guess(false);
        return true;
      case 'switch':
      case 's':
        this.turn(rest.join(' '));
        return true;
      case 'machine':
      case 'm':
        this.choose(rest.join(' '));
        return true;
      case 'code':
        this.say(this.asked().test.source.text.trimEnd());
        return true;
      case 'step':
        this.watched = undefined;
        this.step();
        return true;
      case '':
        if (this.watched) this.watch(this.watched.walk.machine);
        else this.step();
        return true;
      case 'watch':
      case 'w':
        this.watch(rest.join(' ') || this.watched?.walk.machine || this.machine);
        return true;
      case 'table':
        this.say(...answerTable(this.quiz, this.style).lines);
        return true;
      case 'answer':
      case 'a':
        this.say(this.quiz.answer.map(wrapped).join('\n\n'), '', `(${this.quiz.source})`);
        return true;
      case 'list':
        this.say(...tableText(quizzes.map(({ name, title }) => [`  ${name}`, title])));
        return true;
      case 'quiz':
        this.go(rest.join(' '));
        return true;
      case 'next':
        this.begin(quizzes[(quizzes.indexOf(this.quiz) + 1) % quizzes.length]);
        return true;
      case 'quit':
      case 'q':
      case 'exit':
        if (this.guesses > 0) this.say(`${this.right} of ${this.guesses} guesses were right.`);
        return false;
      case 'help':
      case '?':
        this.say(...tableText(HELP.map(([name, meaning]) => [`  ${name}`, meaning])));
        return true;
      default:
        this.say(`There is no command ${word}; help lists those that there are.`);
        return true;
    }
  }

  private say(...lines: readonly string[]): void {
    this.write(`${lines.join('\n')}\n`);
  }

  private begin(quiz: Quiz): void {
    this.quiz = quiz;
    this.variant = quiz.variants[0];
    this.machine = quiz.machines[0];
    this.forget();
    const { strong } = this.style;
    this.say('', strong(quiz.title), '', ...quiz.question.map((text) => `${wrapped(text)}\n`));
    this.show();
    this.say(this.style.faint('Guess with yes or no; help lists what else there is.'));
  }

  private go(name: string): void {
    const quiz = quizNamed(name);
    if (quiz) this.begin(quiz);
    else this.say(`There is no quiz ${name || 'without a name'}; list shows them.`);
  }

  /** The program and machine that the next guess is about. */
  private show(): void {
    const { switches, asked } = this.quiz;
    const { strong } = this.style;
    const rows = switches.map(({ name, positions }, index) => [
      `  ${index + 1}`,
      name,
      positions
        .map((position) => (position === this.variant.at[index] ? strong(`[${position}]`) : position))
        .join(' | '),
    ]);
    const machines = this.quiz.machines.map((name) => (name === this.machine ? strong(`[${name}]`) : name));
    this.say(...tableText([...rows, ['', 'machine', machines.join(' | ')]]), '', strong(asked));
  }

  private turn(text: string): void {
    const { switches, variants } = this.quiz;
    const index = Number(text || 1) - 1;
    const chosen = switches[index];
    if (!chosen) {
      this.say(`Switches are numbered from 1 to ${switches.length}.`);
      return;
    }
    const { positions } = chosen;
    const now = positions.indexOf(this.variant.at[index]);
    // A program for every combination does not ship: the next position for which one does, nearest to the
    // rest as it is.
    for (let by = 1; by < positions.length; by++) {
      const wanted = positions[(now + by) % positions.length];
      const found = nearest(variants, this.variant, index, wanted);
      if (!found) continue;
      this.variant = found;
      this.forget();
      this.show();
      return;
    }
    this.say('There is no test with this switch in another position.');
  }

  private choose(name: string): void {
    const { machines } = this.quiz;
    if (!machines.includes(name)) {
      this.say(`The machines of this quiz are ${machines.join(', ')}.`);
      return;
    }
    this.machine = name;
    this.forget();
    this.show();
  }

  private forget(): void {
    this.reply = undefined;
    this.told = 0;
    this.watched = undefined;
  }

  private asked(): Reply {
    this.reply ??= ask(this.quiz, this.variant, this.machine);
    return this.reply;
  }

  private guess(can: boolean): void {
    const { answer, unexpected } = this.asked();
    const { good, bad } = this.style;
    this.say(`${this.variant.label}, ${this.machine}: ${coloured(answer, this.style)}.`);
    if (answer !== 'unknown') {
      const isRight = can === (answer === 'reachable');
      this.guesses++;
      if (isRight) this.right++;
      this.say(isRight ? good('You were right.') : bad('You guessed otherwise.'));
    }
    if (answer === 'reachable')
      this.say(
        'Every execution was explored; step tells one, step by step, and watch shows a machine do it.',
      );
    else if (answer === 'never') this.say('Every execution was explored, and none does it.');
    if (unexpected)
      this.say(bad('The test that ships expects something else: this is a fault of fenceline.'));
  }

  private step(): void {
    const steps = stepsText(this.quiz, this.asked());
    if (steps.length === 0) {
      this.say(
        `On ${this.machine} there is no execution of this program to tell: it is ${this.asked().answer}.`,
      );
      return;
    }
    this.say(steps[this.told]);
    this.told = (this.told + 1) % steps.length;
    if (this.told === 0) this.say(this.style.faint('That is how it happens.'));
  }

  private watch(machine: string): void {
    if (this.watched?.walk.machine === machine) {
      this.watchOn(this.watched);
      return;
    }
    const names = machinesToWalk(this.quiz);
    if (!names.includes(machine)) {
      this.say(`The machines that can be watched are ${names.join(', ')}.`);
      return;
    }
    const walk = walkOf(this.quiz, this.variant, machine);
    this.watched = walk && { walk, told: 0 };
    if (!walk) this.say(`The machine ${machine} never comes to it.`);
    else
      this.say(
        `The machine ${machine} comes to it in ${walk.steps.length} steps; the Enter key goes on.`,
        ...startLines(walk.initial),
      );
  }

  private watchOn(watched: Watched): void {
    const { steps, initial } = watched.walk;
    const { text, view } = steps[watched.told];
    this.say(...stepLines(watched.told + 1, text, steps[watched.told - 1]?.view ?? initial, view));
    if (++watched.told < steps.length) return;
    this.say(this.style.faint('That is how it happens.'));
    this.watched = undefined;
  }
}

interface Watched {
  readonly walk: NonNullable<ReturnType<typeof walkOf>>;
  /** How many of its steps were told. */
  told: number;
}

/** A variant with one switch as wanted, and as many of the others as can be where they are. */
function nearest(
  variants: readonly Variant[],
  from: Variant,
  index: number,
  wanted: string,
): Variant | undefined {
  const same = (variant: Variant): number =>
    variant.at.filter((position, other) => other !== index && position === from.at[other]).length;
  return variants
    .filter((variant) => variant.at[index] === wanted)
    .reduce<Variant | undefined>((best, one) => (best && same(best) >= same(one) ? best : one), undefined);
}
