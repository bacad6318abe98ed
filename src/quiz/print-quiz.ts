import type { EngineName } from '../check/index.js';
import { executionReport, type Style, tableText } from '../report/index.js';
import { type Answer, ask, executionOf, type Reply } from './ask.js';
import type { Quiz, Variant } from './quiz.js';
import { walkOf } from './quiz-walk.js';
import { seedStory } from './story.js';

/** Columns of running text. */
const WIDTH = 110;

/**
 * A quiz asked and answered, as a reader of plain text sees it; and how many of its runs did not come out as
 * the tests expect.
 */
export function quizText(
  quiz: Quiz,
  style: Style,
  engine?: EngineName,
): { readonly text: string; readonly unexpected: number } {
  const { strong, bad } = style;
  const { lines, unexpected } = answerTable(quiz, style, engine);
  const paragraphs = [
    strong(quiz.title),
    ...quiz.question.map(wrapped),
    strong(`${quiz.asked} Every execution was explored:`),
    ...lines,
    `  (${runsOf(quiz)})`,
    ...storyOf(quiz, style),
    strong('Answer'),
    ...quiz.answer.map(wrapped),
  ];
  if (unexpected > 0)
    paragraphs.push(
      bad(`${unexpected} of these runs do not answer as the tests expect: this is a fault of fenceline.`),
    );
  return { text: `${paragraphs.join('\n\n')}\n`, unexpected };
}

/** All variants on all machines; and, where an engine was asked for, which answered. */
export function answerTable(
  quiz: Quiz,
  style: Style,
  engine?: EngineName,
): { readonly lines: readonly string[]; readonly unexpected: number } {
  const replies = quiz.variants.map((variant) =>
    quiz.machines.map((machine) => ask(quiz, variant, machine, engine)),
  );
  const rows = quiz.variants.map(({ label }, row) => [label, ...replies[row].map(({ answer }) => answer)]);
  // Colour goes on after the columns are measured.
  const lines: string[] = tableText([['', ...quiz.machines], ...rows]).map(
    (line) =>
      `  ${line
        .replaceAll(/\breachable\b/g, (word) => coloured(word as Answer, style))
        .replaceAll(/\bnever\b/g, (word) => coloured(word as Answer, style))}`,
  );
  if (engine !== undefined) lines.push('', `  (engine: ${answeredBy(replies.flat())})`);
  return { lines: [lines.join('\n')], unexpected: replies.flat().filter((r) => r.unexpected).length };
}

/** `axiomatic`; where several engines answered, how often each did. */
function answeredBy(replies: readonly Reply[]): string {
  const engines = [...new Set(replies.map(({ engine }) => engine))];
  if (engines.length === 1) return engines[0];
  const count = (one: string): number => replies.filter(({ engine }) => engine === one).length;
  return engines.map((one) => `${one} for ${count(one)} of these runs`).join(', ');
}

/** An answer in its colour. */
export function coloured(answer: Answer, { good, bad, strong }: Style): string {
  if (answer === 'unknown') return strong(answer);
  return answer === 'never' ? good(answer) : bad(answer);
}

/** What was run: the folder of the tests and the kernel. */
function runsOf({ variants, era }: Quiz): string {
  const folders = [...new Set(variants.map(({ test }) => test.slice(0, test.lastIndexOf('/'))))];
  const paths = folders.map((folder) => `litmus/${folder}`).join(', ');
  const kernel = folders.some((folder) => /(x86|alpha)/.test(folder))
    ? ''
    : `, kernel ${era} mapping of the primitives`;
  return `${paths}${kernel}; fenceline run ${folders.map((f) => `litmus/${f}`).join(' ')} --states shows more`;
}

function storyOf(quiz: Quiz, { strong }: Style): string[] {
  const { story } = quiz;
  const variant = quiz.variants.find(({ label }) => label === story?.variant);
  if (!story || !variant) return [];
  const steps = stepsText(quiz, ask(quiz, variant, story.machine));
  if (steps.length === 0) return [];
  const told = [strong(`How it happens on ${story.machine}, ${story.variant}:`), steps.join('\n')];
  return story.walk === undefined ? told : [...told, ...walkLines(quiz, variant, story.walk, strong)];
}

/** The steps of a machine, and the command that shows what is in its buffers and queues after each. */
function walkLines(quiz: Quiz, variant: Variant, machine: string, strong: Style['strong']): string[] {
  const walk = walkOf(quiz, variant, machine);
  if (!walk) return [];
  const steps = walk.steps.map(({ text }, index) => `${`${index + 1}.`.padStart(5)} ${text}`);
  return [
    strong(`The same as steps of the machine ${machine}:`),
    steps.join('\n'),
    `  (fenceline step litmus/${variant.test} --machine ${machine} --kernel ${quiz.era} shows what is in its buffers, caches and queues after each)`,
  ];
}

/** How what is asked about comes to be, step by step; empty where it cannot be. */
export function stepsText(quiz: Quiz, reply: Reply): string[] {
  const execution = executionOf(reply, quiz);
  if (!execution) return [];
  if (quiz.name === 'nmi') return seedStory(execution, reply.test);
  const [, ...steps] = executionReport(execution, reply.test);
  return steps;
}

/** A paragraph in lines of running text. */
export function wrapped(paragraph: string): string {
  const lines = [''];
  for (const word of paragraph.split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
