import { batch, computed, effect, signal } from '@preact/signals';
import { BadLink, linkOf, openLink, type Pane, type Shared, type View } from '../logic/link.js';
import type { EditedModel, QuizSwitches } from '../logic/protocol.js';
import { asAsked } from '../logic/quiz-program.js';
import { usualTargets } from '../logic/targets.js';
import { ask } from './engines.js';

/** The state of the page: all that a link carries. */

export const titles: Readonly<Record<View, string>> = {
  quiz: 'Quick Quiz',
  program: 'Program',
  model: 'Model',
  lessons: 'Lessons',
  library: 'Library',
};

export const view = signal<View>('quiz');
export const switches = signal<QuizSwitches>(asAsked);

/** The program, and the shipped test that it was, if it was one. */
export const text = signal('');
const origin = signal<{ readonly path: string; readonly text: string } | undefined>(undefined);
export const originPath = computed(() => origin.value?.path);
export const isEdited = computed(() => origin.value !== undefined && origin.value.text !== text.value);

export const kernel = signal('6.x');
const chosenTargets = signal<readonly string[] | undefined>(undefined);
export const targets = computed(() => chosenTargets.value ?? usualTargets(text.value));
const chosenTarget = signal<string | undefined>(undefined);
/** The target that is looked at. */
export const target = computed(() =>
  chosenTarget.value !== undefined && targets.value.includes(chosenTarget.value)
    ? chosenTarget.value
    : (targets.value.at(-1) ?? 'sc'),
);
export const pane = signal<Pane>('execution');
export const stateShown = signal<number | undefined>(undefined);
export const way = signal(1);
export const machine = signal<string | undefined>(undefined);
export const steps = signal<readonly number[]>([]);
export const model = signal<EditedModel | undefined>(undefined);
/** The model and the file of it that are shown, and a line to go to. */
export const shownModel = signal<
  | { readonly name: string; readonly file?: string | undefined; readonly line?: number | undefined }
  | undefined
>(undefined);
export const lesson = signal<string | undefined>(undefined);

/** What the page says at the top, about a link. */
export const notice = signal<string | undefined>(undefined);

/** The text, once nobody has typed for a moment: for what takes longer than a verdict. */
export const settledText = signal('');
const SETTLING = 250;
let timer: ReturnType<typeof setTimeout> | undefined;
text.subscribe((value) => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    settledText.value = value;
  }, SETTLING);
});

/** What is typed or otherwise made of the program: what was looked at of the old one is gone. */
export function edit(next: string): void {
  batch(() => {
    text.value = next;
    stateShown.value = undefined;
    way.value = 1;
    steps.value = [];
  });
}

/** Another program takes the place of the one that was there. */
export function openText(next: string, path?: string): void {
  batch(() => {
    edit(next);
    settledText.value = next;
    origin.value = path === undefined ? undefined : { path, text: next };
    chosenTargets.value = undefined;
    chosenTarget.value = undefined;
    machine.value = undefined;
    view.value = 'program';
  });
}

export async function openTest(path: string, how: { readonly kernel?: string } = {}): Promise<void> {
  const found = await ask('shipped', path);
  if (found === null) notice.value = `there is no test ${path} in this version`;
  else {
    openText(found, path);
    if (how.kernel !== undefined) kernel.value = how.kernel;
  }
}

export function choose(name: string): void {
  batch(() => {
    chosenTarget.value = name;
    stateShown.value = undefined;
    way.value = 1;
  });
}

export function chooseTargets(names: readonly string[]): void {
  chosenTargets.value = names;
}

/** Where there is no program yet. */
const FIRST = 'nmi/other-cpu-global-plain-load.litmus';

/** A view that shows a program needs one. */
effect(() => {
  if (view.value === 'program' && text.value === '' && origin.value === undefined) void openTest(FIRST);
});

const shared = computed((): Shared => {
  switch (view.value) {
    case 'quiz':
      return { view: 'quiz', switches: switches.value };
    case 'library':
      return { view: 'library' };
    case 'lessons':
      return { view: 'lessons', lesson: lesson.value };
    case 'model':
      return { view: 'model', model: model.value };
    case 'program':
      return {
        view: 'program',
        test: origin.value?.path,
        text: origin.value?.text === text.value ? undefined : text.value,
        kernel: kernel.value,
        targets: chosenTargets.value,
        target: chosenTarget.value,
        pane: pane.value,
        state: stateShown.value,
        way: way.value > 1 ? way.value : undefined,
        machine: machine.value,
        steps: steps.value.length > 0 ? steps.value : undefined,
        model: model.value,
      };
  }
});

let rounds = 0;

/** Takes over what a link carries. */
async function apply(opened: Shared): Promise<void> {
  const round = ++rounds;
  const found = opened.test === undefined ? undefined : await ask('shipped', opened.test);
  // Another link was opened meanwhile.
  if (round !== rounds) return;
  if (found === null) notice.value = `there is no test ${opened.test} in this version`;
  batch(() => {
    if (opened.view === 'program' && (opened.text !== undefined || typeof found === 'string')) {
      openText(opened.text ?? (found as string));
      if (typeof found === 'string') origin.value = { path: opened.test as string, text: found };
    }
    view.value = opened.view;
    switches.value = opened.switches ?? switches.value;
    kernel.value = opened.kernel ?? kernel.value;
    chosenTargets.value = opened.targets;
    chosenTarget.value = opened.target;
    pane.value = opened.pane ?? pane.value;
    stateShown.value = opened.state;
    way.value = opened.way ?? 1;
    machine.value = opened.machine;
    steps.value = opened.steps ?? [];
    model.value = opened.model ?? model.value;
    lesson.value = opened.lesson;
  });
}

/** The fragment that the page has made itself: coming back to it is no news. */
let own = '';

async function readAddress(): Promise<void> {
  if (location.hash === own) return;
  try {
    const opened = openLink(location.hash, FENCELINE_VERSION);
    notice.value =
      opened?.madeBy === undefined
        ? undefined
        : `This link was made by fenceline ${opened.madeBy}; this is ${FENCELINE_VERSION}. Answers may differ.`;
    await apply(opened?.shared ?? { view: 'quiz' });
  } catch (error) {
    if (!(error instanceof BadLink)) throw error;
    notice.value = `${error.message}.`;
  }
}

const QUIET = 300;

/** Reads the address, and keeps it what the page shows: a step back for each view. */
export async function followAddress(): Promise<void> {
  addEventListener('popstate', () => void readAddress());
  await readAddress();
  let lastView = view.value;
  let isFirst = true;
  let pending: ReturnType<typeof setTimeout> | undefined;
  const write = (isNew: boolean): void => {
    own = `#${linkOf(shared.peek(), FENCELINE_VERSION)}`;
    if (isNew) history.pushState(null, '', own);
    else history.replaceState(null, '', own);
  };
  shared.subscribe(({ view: now }) => {
    clearTimeout(pending);
    const isNew = now !== lastView;
    lastView = now;
    if (isFirst) isFirst = false;
    else if (isNew) write(true);
    else pending = setTimeout(() => write(false), QUIET);
  });
}

/** The address of what is shown now. */
export function currentLink(): string {
  return `${location.origin}${location.pathname}#${linkOf(shared.peek(), FENCELINE_VERSION)}`;
}
