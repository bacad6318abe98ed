import type { Answer, Args, TaskName } from '../logic/protocol.js';
import { library, quizText, shippedText } from './library.js';
import { pictureOn } from './pictures.js';
import { guarded } from './tests.js';
import { statesOn, verdictOn } from './verdicts.js';

/** Tells what is known so far. */
export type Report = (progress: unknown) => void;

type Answers = { readonly [Name in TaskName]: (args: Args<Name>, report: Report) => Answer<Name> };

/** What a worker does for each question. */
const answers: Answers = {
  quizText: (switches) => quizText(switches),
  library: () => library(),
  shipped: (path) => shippedText(path),
  verdict: (subject) => guarded(() => verdictOn(subject)),
  states: (subject) => guarded(() => statesOn(subject)),
  picture: (request) => guarded(() => pictureOn(request)),
};

export function answer<Name extends TaskName>(name: Name, args: Args<Name>, report: Report): Answer<Name> {
  return answers[name](args, report);
}
