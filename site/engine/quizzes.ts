import { type Quiz, quizzes, shippedTests } from '../../src/index.js';
import type { QuizEntry } from '../logic/protocol.js';

/** The quizzes of the command line, with the texts of their programs. */
export function quizEntries(): QuizEntry[] {
  return quizzes.map(entryOf);
}

function entryOf({
  name,
  title,
  source,
  question,
  asked,
  variants,
  machines,
  era,
  error,
  story,
  answer,
}: Quiz): QuizEntry {
  const told = variants.findIndex(({ label }) => label === story?.variant);
  return {
    name,
    title,
    source,
    question,
    asked,
    variants: variants.map(({ label, test }) => ({ label, test, text: shippedTests[test] })),
    machines,
    kernel: era,
    answer,
    ...(error === undefined ? {} : { error }),
    ...(story && told >= 0 ? { story: { variant: told, machine: story.machine } } : {}),
  };
}
