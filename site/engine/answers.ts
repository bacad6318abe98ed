import { completionsAt, diagnosticsOf, hoverAt, lineDiff, tokensOf } from '../../src/index.js';
import type { Answer, Args, TaskName } from '../logic/protocol.js';
import { library, quizText, shippedText } from './library.js';
import { effectsOf, modelDiagnostics, models } from './models.js';
import { pictureOn } from './pictures.js';
import { quizEntries } from './quizzes.js';
import { repairOn, sitesIn, whyOn, withoutOn } from './reasons.js';
import { guarded } from './tests.js';
import { statesOn, verdictOn } from './verdicts.js';
import { walkOn, wayOn } from './walks.js';

/** Tells what is known so far. */
export type Report = (progress: unknown) => void;

type Answers = { readonly [Name in TaskName]: (args: Args<Name>, report: Report) => Answer<Name> };

/** What a worker does for each question. */
const answers: Answers = {
  quizText: (switches) => quizText(switches),
  library: () => library(),
  shipped: (path) => shippedText(path),
  text: ({ text, language, model }) => ({
    tokens: tokensOf(text, language),
    diagnostics: model ? modelDiagnostics(text, model) : diagnosticsOf(text, language),
  }),
  hover: ({ text, language, offset }) => hoverAt(text, language, offset) ?? null,
  complete: ({ text, language, offset }) => completionsAt(text, language, offset),
  verdict: (subject) => guarded(() => verdictOn(subject)),
  states: (subject) => guarded(() => statesOn(subject)),
  models: () => models(),
  diff: ({ before, after }) => lineDiff(before, after),
  effects: (request, report) => guarded(() => effectsOf(request, report)),
  quizzes: () => quizEntries(),
  why: (subject) => guarded(() => whyOn(subject)),
  sites: ({ text, target }) => guarded(() => sitesIn(text, target)),
  without: (request) => guarded(() => withoutOn(request)),
  repair: (subject) => guarded(() => repairOn(subject)),
  walk: (request) => guarded(() => walkOn(request)),
  way: (request) => guarded(() => wayOn(request)),
  picture: (request) => guarded(() => pictureOn(request)),
};

export function answer<Name extends TaskName>(name: Name, args: Args<Name>, report: Report): Answer<Name> {
  return answers[name](args, report);
}
