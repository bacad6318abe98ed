import { parseLitmus, Source, shippedTests } from '../../src/index.js';
import type { QuizSwitches, TestEntry } from '../logic/protocol.js';
import { quizProgram } from '../logic/quiz-program.js';

let entries: readonly TestEntry[] | undefined;

/** All tests that ship. */
export function library(): readonly TestEntry[] {
  entries ??= Object.entries(shippedTests).map(([path, text]) => entryOf(path, text));
  return entries;
}

function entryOf(path: string, text: string): TestEntry {
  const { name, program, expectations } = parseLitmus(new Source(path, text));
  return {
    path,
    name,
    dialect: program.dialect,
    about: aboutOf(text),
    expects: expectations.map(({ model, verdict }) => `${model} ${verdict}`),
  };
}

/** The first sentences of the comment at the head of a test, without what it expects. */
function aboutOf(text: string): string {
  const comment = /\(\*([\s\S]*?)\*\)/.exec(text)?.[1] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^[\s*]+/, '').trim());
  return lines
    .filter((line) => !/^(Expect|Result)\s*:/.test(line))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

export function shippedText(path: string): string | null {
  return Object.hasOwn(shippedTests, path) ? shippedTests[path] : null;
}

export function quizText(switches: QuizSwitches): string {
  return quizProgram(shippedTests['nmi/other-cpu-global.litmus'], switches);
}
