import { availableParallelism } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import type { Case } from './answers.js';
import { type ArguedAnswer, arguedAnswers, arguedRefusals } from './argued.js';
import type { Finding, Task } from './judge.js';
import type { Subject, Suite } from './suites.js';

/** What came of one test of a suite. */
export interface Result {
  readonly file: string;
  readonly finding: Finding;
}

export interface SuiteResults {
  readonly suite: string;
  readonly results: readonly Result[];
  readonly seconds: number;
  /** Tests whose answer is argued against, and comes out all the same. */
  readonly stale: readonly string[];
}

export interface RunSettings {
  /** Seconds for a test. */
  readonly timeout: number;
  /** Threads. */
  readonly jobs?: number;
}

/** Megabytes of objects that a thread may hold; what needs more is given up, and the thread is made anew. */
const MEMORY = 3072;

/**
 * Milliseconds beyond its time after which a test is given up with its thread: where it does not look at the
 * clock.
 */
const GRACE = 5000;

/** Tests for each thread that wait to be checked. */
const AHEAD = 4;

/** Checks all tests of a suite, each within its time and memory. */
export async function runSuite(suite: Suite, root: string, settings: RunSettings): Promise<SuiteResults> {
  const cases = suite.answers(root);
  const start = performance.now();
  const results = await checkAll(cases, suite, root, settings);
  const seconds = (performance.now() - start) / 1000;
  const stale = results.filter(({ file, finding }) => finding.kind === 'agree' && argumentOn(suite, file));
  return {
    suite: suite.name,
    results: results.map(argued(suite)),
    seconds,
    stale: stale.map(({ file }) => file),
  };
}

async function checkAll(
  cases: readonly Case[],
  suite: Suite,
  root: string,
  { timeout, jobs = availableParallelism() }: RunSettings,
): Promise<Result[]> {
  const pool = workerpool.pool(fileURLToPath(new URL('worker.js', import.meta.url)), {
    workerType: 'thread',
    maxWorkers: Math.min(jobs, Math.max(1, cases.length)),
    workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: MEMORY } },
  });
  const subject = within(root, suite.subject);
  const check = async ({ file, expected }: Case): Promise<Result> => {
    const argument = argumentOn(suite, file);
    const task: Task = {
      path: join(root, file),
      subject,
      expected,
      ...(argument ? { right: argument.right } : {}),
      timeout: timeout * 1000,
    };
    return { file, finding: await given(pool.exec('judge', [task]).timeout(task.timeout + GRACE)) };
  };
  try {
    return await inOrder(cases, check, jobs * AHEAD);
  } finally {
    await pool.terminate();
  }
}

/** Runs an action on each item, so many at once, and gives what comes of them in their order. */
async function inOrder<Item, Made>(
  items: readonly Item[],
  action: (item: Item) => Promise<Made>,
  atOnce: number,
): Promise<Made[]> {
  const made: Made[] = [];
  const running: Promise<Made>[] = [];
  for (const item of items) {
    running.push(action(item));
    if (running.length >= atOnce) made.push(await (running.shift() as Promise<Made>));
  }
  return [...made, ...(await Promise.all(running))];
}

/** What a thread says; where it was ended, or ended itself, why. */
async function given(answer: PromiseLike<Finding>): Promise<Finding> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof workerpool.Promise.TimeoutError)
      return { kind: 'undecided', reason: 'its thread was ended' };
    if (!(error instanceof Error)) throw error;
    if (/terminated|memory/i.test(error.message)) return { kind: 'undecided', reason: 'out of memory' };
    return { kind: 'differ', reason: `an error of fenceline's own: ${error.message}` };
  }
}

/** A subject whose files are found from anywhere. */
function within(root: string, subject: Subject): Subject {
  if (!subject.settings) return subject;
  const folders = subject.settings.folders.map((folder) =>
    isAbsolute(folder) ? folder : join(root, folder),
  );
  return { ...subject, settings: { ...subject.settings, folders } };
}

function argumentOn(suite: Suite, file: string): ArguedAnswer | undefined {
  return arguedAnswers.find((one) => one.suite === suite.name && one.files.includes(file));
}

/** A refusal that is argued for counts as argued. */
function argued(suite: Suite): (result: Result) => Result {
  const refusals = arguedRefusals.filter((one) => one.suite === suite.name);
  return (result) => {
    const { finding } = result;
    const isArgued =
      finding.kind === 'unread' && refusals.some(({ refusal }) => refusal.test(finding.reason));
    return isArgued ? { ...result, finding: { kind: 'argued' } } : result;
  };
}
