import type { Command } from 'commander';
import { EngineDisagreement, type EngineName } from '../../check/index.js';
import { type Quiz, quizNamed, quizText, quizzes } from '../../quiz/index.js';
import { disagreementReport, tableText } from '../../report/index.js';
import { engineOption } from '../engine-option.js';
import { EXIT, UsageError } from '../exit.js';
import { terminalStyle } from '../style.js';
import { QuizSession } from './quiz-session.js';

interface QuizOptions {
  readonly list?: boolean;
  readonly all?: boolean;
  readonly plain?: boolean;
  readonly engine?: EngineName;
}

export function addQuizCommand(program: Command): void {
  program
    .command('quiz')
    .description(
      "quizzes about memory ordering, first the Quick Quiz of Linux' NMI-RCU.txt: questions, and answers from checked runs",
    )
    .argument('[name]', 'which quiz (default: the Quick Quiz)')
    .option('--list', 'list the quizzes')
    .option('--all', 'print all of them, with their answers')
    .option('--plain', 'print question and answer, also on a terminal')
    .addOption(engineOption())
    .action(quiz);
}

async function quiz(name: string | undefined, options: QuizOptions): Promise<void> {
  if (options.list) console.log(listing().join('\n'));
  else if (options.all) printQuestions(quizzes, options.engine);
  else if (options.plain || !(process.stdin.isTTY && process.stdout.isTTY))
    printQuestions([chosen(name)], options.engine);
  else await converse(chosen(name));
}

function chosen(name: string | undefined): Quiz {
  const found = name === undefined ? quizzes[0] : quizNamed(name);
  if (!found)
    throw new UsageError(`no quiz ${name}; there are ${quizzes.map((each) => each.name).join(', ')}`);
  return found;
}

function listing(): string[] {
  return tableText(quizzes.map(({ name, title }) => [name, title]));
}

function printQuestions(asked: readonly Quiz[], engine?: EngineName): void {
  let unexpected = 0;
  try {
    for (const [index, each] of asked.entries()) {
      const { text, unexpected: more } = quizText(each, terminalStyle, engine);
      unexpected += more;
      process.stdout.write(index === 0 ? text : `\n${'-'.repeat(72)}\n\n${text}`);
    }
    if (unexpected > 0) process.exitCode = EXIT.failed;
  } catch (error) {
    if (!(error instanceof EngineDisagreement)) throw error;
    console.error(disagreementReport(error));
    process.exitCode = EXIT.failed;
  }
}

/** The quiz as a conversation, until the reader leaves. */
async function converse(first: Quiz): Promise<void> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const session = new QuizSession(first, (text) => process.stdout.write(text), terminalStyle);
  lines.setPrompt(session.prompt);
  lines.prompt();
  for await (const line of lines) {
    if (!session.take(line)) break;
    lines.setPrompt(session.prompt);
    lines.prompt();
  }
  lines.close();
}
