import { effect, signal } from '@preact/signals';
import { GivenUp } from '../logic/pool.js';
import type { Answer, Problem, VerdictAnswer } from '../logic/protocol.js';
import { ask, giveUp } from './engines.js';
import { kernel, model, targets, text, view } from './state.js';

/** What is known of the program under one target. */
export interface Row {
  readonly name: string;
  /** The last answer; of an earlier text while a new one is on its way. */
  readonly answer?: VerdictAnswer | undefined;
  readonly state: 'waiting' | 'here' | 'stopped' | 'failed';
  readonly reason?: string;
}

/** Milliseconds that each verdict may take, to begin with; and when the user asks for more. */
const USUAL = 10_000;
const LONGER = 120_000;
const GROUP = 'verdicts';

export const rows = signal<readonly Row[]>([]);
/** What is wrong with the program, or with the model. */
export const problem = signal<Problem | undefined>(undefined);

let round = 0;
let begun = 0;

/** While the program is shown, its verdicts follow what is typed. */
effect(() => {
  if (view.value === 'program' && text.value !== '') check(USUAL);
  else giveUp(GROUP);
});

function check(limit: number): void {
  const [program, names, era, edited] = [text.value, targets.value, kernel.value, model.value];
  const own = ++round;
  begun = performance.now();
  giveUp(GROUP);
  const before = new Map(rows.peek().map((row) => [row.name, row]));
  rows.value = names.map((name) => ({ name, answer: before.get(name)?.answer, state: 'waiting' }));
  for (const name of names) {
    const subject = { text: program, target: { name, kernel: era }, model: edited, limit };
    ask('verdict', subject, { group: GROUP }).then(
      (answer) => own === round && take(name, answer),
      (error: Error) =>
        own === round && !(error instanceof GivenUp) && set(name, { state: 'failed', reason: error.message }),
    );
  }
}

/** Tells the browser's own clock how long all verdicts took, for who measures. */
function measure(): void {
  if (rows.peek().every(({ state }) => state === 'here'))
    performance.measure('fenceline verdicts', { start: begun, end: performance.now() });
}

function take(name: string, answer: Answer<'verdict'>): void {
  if ('problem' in answer) {
    problem.value = answer.problem;
    set(name, { state: 'failed', reason: answer.problem.message });
  } else {
    if (problem.peek()?.of === 'program') problem.value = undefined;
    set(name, { state: 'here', answer });
    measure();
  }
}

function set(name: string, change: Partial<Row>): void {
  rows.value = rows.peek().map((row) => (row.name === name ? { ...row, ...change } : row));
}

export function stop(): void {
  giveUp(GROUP);
  round++;
  rows.value = rows.peek().map((row) => (row.state === 'waiting' ? { ...row, state: 'stopped' } : row));
}

export function tryLonger(): void {
  check(LONGER);
}
