import type { Command } from 'commander';
import {
  type CheckResult,
  checkWith,
  type EngineAnswer,
  EngineDisagreement,
  type EngineName,
} from '../check/index.js';
import { type Architecture, architectures } from '../kernel/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { disagreementReport, quizStory, table } from '../report/index.js';
import { engineOption } from './engine-option.js';
import { EXIT } from './exit.js';
import { expectedVerdict, subjectNamed } from './plans.js';
import { shippedTest } from './shipped-tests.js';
import { terminalStyle } from './style.js';

/** The quiz is of 2008; so is its mapping of primitives. */
const ERA = '2.6';

/** The variants of the table: what is taken away, and the test that does so. */
const VARIANTS = [
  { label: 'as the document has it', test: 'nmi/other-cpu-global.litmus' },
  { label: 'plain load in do_nmi()', test: 'nmi/other-cpu-global-plain-load.litmus' },
  { label: 'plain store in set_nmi_callback()', test: 'nmi/other-cpu-global-plain-store.litmus' },
  { label: 'neither primitive', test: 'nmi/other-cpu-global-plain-both.litmus' },
  { label: 'data initialised too late', test: 'nmi/other-cpu-global-late-init.litmus' },
  { label: 'plain load, NMI on the same CPU', test: 'nmi/same-cpu-global-plain-load.litmus' },
] as const;

/** The variant whose stale execution is told, and the machine that it is told of. */
const STORY = { test: 'nmi/other-cpu-global-plain-load.litmus', machine: 'alpha-linux' } as const;

export function addQuizCommand(program: Command): void {
  program
    .command('quiz')
    .description("the Quick Quiz of Linux' NMI-RCU.txt: the question, and the answer from checked runs")
    .addOption(engineOption())
    .action(({ engine }: { engine?: EngineName }) => {
      try {
        quiz(engine);
      } catch (error) {
        if (!(error instanceof EngineDisagreement)) throw error;
        console.error(disagreementReport(error));
        process.exitCode = EXIT.failed;
      }
    });
}

function quiz(engine?: EngineName): void {
  const { strong, bad, good } = terminalStyle;
  const print = (...lines: readonly string[]): void => console.log(lines.join('\n'));
  print(
    strong('Quick Quiz (Linux, Documentation/RCU/NMI-RCU.txt)'),
    '',
    'do_nmi() calls the NMI handler through the pointer nmi_callback, which set_nmi_callback() may change at any time.',
    "The handler's code is read-only. Why might the load of the pointer need rcu_dereference() on Alpha, and not on i386?",
    '',
    strong('Can the new handler run with the old data? Every execution was explored:'),
    '',
  );
  let unexpected = 0;
  const answers: EngineAnswer[] = [];
  const rows = VARIANTS.map(({ label, test: path }) => {
    const test = shippedTest(path);
    const cells = architectures.map((machine) => {
      const given = runOn(test, machine, engine);
      answers.push(given);
      if (expectedVerdict(test, { name: machine }) !== given.result.verdict) unexpected++;
      return answer(given.result);
    });
    return [label, ...cells];
  });
  // Colour goes on after the columns are measured.
  for (const line of table([['', ...architectures], ...rows])) {
    print(
      `  ${line.replaceAll(/\breachable\b/g, (word) => bad(word)).replaceAll(/\bnever\b/g, (word) => good(word))}`,
    );
  }
  print(
    '',
    `  (litmus/nmi, kernel ${ERA} mapping of the primitives; fenceline run litmus/nmi --states shows more)`,
    ...(engine === undefined ? [] : [`  (engine: ${answeredBy(answers)})`]),
    '',
  );
  const told = shippedTest(STORY.test);
  const { positiveWitness } = runOn(told, STORY.machine, engine).result;
  if (positiveWitness) {
    print(
      strong(`How it happens on ${STORY.machine}, when do_nmi() loads the pointer plainly:`),
      '',
      ...quizStory(positiveWitness, told),
      '',
    );
  }
  print(strong('Answer'), '', ...ANSWER);
  if (unexpected > 0) {
    print(
      '',
      bad(`${unexpected} of these runs do not answer as the tests expect: this is a fault of fenceline.`),
    );
    process.exitCode = EXIT.failed;
  }
}

function runOn(test: LitmusTest, machine: Architecture, engine: EngineName = 'axiomatic'): EngineAnswer {
  return checkWith(test, engine, subjectNamed(machine), {
    question: 'verdict',
    target: { architecture: machine, era: ERA },
  });
}

/** `axiomatic`; where several engines answered, how often each did. */
function answeredBy(answers: readonly EngineAnswer[]): string {
  const engines = [...new Set(answers.map(({ engine }) => engine))];
  if (engines.length === 1) return engines[0];
  const count = (one: string): number => answers.filter(({ engine }) => engine === one).length;
  return engines.map((one) => `${one} for ${count(one)} of these runs`).join(', ');
}

function answer({ verdict }: CheckResult): string {
  return verdict === 'Never' ? 'never' : verdict === 'Unknown' ? 'unknown' : 'reachable';
}

const ANSWER = [
  'Whoever calls set_nmi_callback() may have initialised data for the new handler just before. Without rcu_dereference(),',
  'a CPU that takes an NMI right after the handler was set can see the pointer to the new handler, and still the old,',
  "uninitialised version of that handler's data: Alpha orders neither two loads, nor a load that depends on another.",
  'i386 keeps loads in order, so there the plain load does. And in any case rcu_dereference() tells whoever reads the code',
  'that RCU protects the pointer.',
];
