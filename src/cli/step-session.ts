import type { Stepper } from '../check/index.js';
import type { WayLimits } from '../operational/index.js';
import type { CellId } from '../program/index.js';
import {
  choicesText,
  formatCondition,
  formatState,
  placeText,
  startLines,
  stepLines,
  viewReport,
} from '../report/index.js';

const HELP = [
  'a number         take that step',
  'back             undo the last step; back 3 undoes three',
  'reset            go back to the start',
  'run              go the shortest way to a final state that satisfies the condition',
  'break LOCATION   stop at accesses of a location; break alone forgets it',
  'continue         go the shortest way through the next access of that location',
  'show             show memory, and all of every CPU',
  'choices          show the choices made so far, for --follow',
  'help             show this',
  'quit             leave',
];

/**
 * What a command is called, and what is said when it was carried out. It takes what follows it on the line.
 */
type Commands = Readonly<Record<string, (rest: string) => readonly string[]>>;

/** Where a walk stands: at a final state, at an error of the program, or nowhere in particular. */
export function standing(stepper: Stepper): string[] {
  const { program } = stepper.test;
  const errors = stepper.errors().map(({ name, thread, span }) => {
    const place = thread === undefined ? '' : placeText({ thread, ...(span && { span }) }, program);
    return place ? `${name}, ${place}` : name;
  });
  if (errors.length > 0) return [`this run is in error: ${errors.join('; ')}`];
  if (stepper.isCut()) return ['a thread is not followed any further'];
  const end = stepper.end();
  if (!end) return [];
  const state = formatState(end, stepper.observables, stepper.test.program);
  if (!end.admitted) return [`final state: ${state} The test's filter leaves it out.`];
  return [`final state: ${state} It ${end.satisfies ? 'satisfies' : 'does not satisfy'} the condition.`];
}

/** A conversation about a machine: the steps that are possible are listed, and one is chosen. */
export class StepSession {
  private breakpoint: { readonly cell: CellId; readonly name: string } | undefined;
  private readonly commands: Commands = {
    back: (rest) => this.back(rest),
    reset: () => this.reset(),
    run: () => this.goToCondition(),
    break: (rest) => this.break(rest),
    continue: () => this.continue(),
    show: () => viewReport(this.stepper.view()),
    choices: () => [`${this.again} --follow ${choicesText(this.stepper.walk.choices)}`],
    help: () => HELP,
  };

  /**
   * @param again the command that begins this session
   * @param limits what one look for a way may cost, from now on
   */
  constructor(
    private readonly stepper: Stepper,
    private readonly again: string,
    private readonly limits: () => WayLimits,
  ) {}

  /** Reads commands until the input ends or one of them is `quit`. */
  async run(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<void> {
    const print = (lines: readonly string[]): void => {
      for (const line of lines) output.write(`${line}\n`);
    };
    const { test, walk } = this.stepper;
    print([
      `${test.name} on the machine ${walk.machine.name}: ${formatCondition(test)}`,
      ...startLines(this.stepper.view()),
      ...this.choices(),
    ]);
    const { createInterface } = await import('node:readline');
    const lines = createInterface({ input, output, prompt: '> ' });
    lines.prompt();
    for await (const line of lines) {
      if (/^\s*q(?:u|ui|uit)?\s*$/.test(line)) break;
      print(this.answer(line.trim()));
      lines.prompt();
    }
    lines.close();
  }

  /** What there is to say to a line. */
  private answer(line: string): readonly string[] {
    if (line === '') return this.choices();
    if (/^\d+$/.test(line)) return [...this.take([Number(line)]), ...this.choices()];
    const [, word, rest] = /^(\S+)\s*(.*)$/.exec(line) as RegExpExecArray;
    const names = Object.keys(this.commands);
    const meant = names.includes(word) ? [word] : names.filter((name) => name.startsWith(word));
    if (meant.length === 1) return this.commands[meant[0]](rest);
    if (meant.length > 1) return [`${word} could be ${meant.join(' or ')}`];
    return [`there is no command ${word}; help lists what there is`];
  }

  private choices(): string[] {
    const at = standing(this.stepper);
    const steps = this.stepper.steps();
    if (steps.length === 0 && at.length === 0) return ['no step is possible: the program waits for ever'];
    return [...at, ...steps.map((text, index) => `${String(index).padStart(4)}  ${text}`)];
  }

  /** Takes steps, and tells them. */
  private take(choices: readonly number[]): string[] {
    const { walk } = this.stepper;
    return choices.flatMap((choice) => {
      const { length } = walk.steps();
      if (choice >= length)
        return [length === 0 ? 'there is no step to choose' : `choose a number from 0 to ${length - 1}`];
      const before = this.stepper.view();
      const { text, view } = this.stepper.take(choice);
      return stepLines(walk.choices.length, text, before, view);
    });
  }

  private back(rest: string): string[] {
    if (rest !== '' && !/^[1-9]\d*$/.test(rest)) return ['back takes a number of steps'];
    let undone = 0;
    for (const wanted = Number(rest || 1); undone < wanted && this.stepper.walk.back(); ) undone++;
    if (undone === 0) return ['this is the start'];
    return [`back at step ${this.stepper.walk.choices.length}`, ...this.choices()];
  }

  private reset(): string[] {
    this.stepper.walk.reset();
    return ['back at the start', ...this.choices()];
  }

  private goToCondition(): string[] {
    const way = this.stepper.wayToCondition(this.limits());
    if (way === undefined) return ['no final state that can be reached from here satisfies the condition'];
    if (way === 'limit') return ['a limit was reached before such a final state was found'];
    return [...this.take(way), ...this.choices()];
  }

  private break(rest: string): string[] {
    this.breakpoint = undefined;
    if (rest === '') return ['no location to stop at'];
    const { cells } = this.stepper.test.program;
    const cell = cells.findIndex(({ name }) => name === rest);
    if (cell < 0)
      return [`there is no location ${rest}; there are ${cells.map(({ name }) => name).join(', ')}`];
    this.breakpoint = { cell: cell as CellId, name: rest };
    return [`continue stops after the next access of ${rest}`];
  }

  private continue(): string[] {
    if (!this.breakpoint) return ['say first where to stop: break LOCATION'];
    const { cell, name } = this.breakpoint;
    const way = this.stepper.wayToLocation(cell, this.limits());
    if (way === undefined) return [`nothing accesses ${name} from here on`];
    if (way === 'limit') return [`a limit was reached before an access of ${name} was found`];
    return [...this.take(way), ...this.choices()];
  }
}
