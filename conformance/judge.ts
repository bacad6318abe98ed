import { type CheckResult, check, type Question } from '../src/check/index.js';
import { UsageError } from '../src/cli/exit.js';
import { readSource } from '../src/cli/files.js';
import { ModelFiles } from '../src/cli/model-files.js';
import { plansFor } from '../src/cli/plans.js';
import { SourceError } from '../src/diagnostics.js';
import { type LitmusTest, parseLitmus } from '../src/litmus/index.js';
import { type Comparison, compare, type Expected, questionFor } from './expected.js';
import type { Subject } from './suites.js';

/** One test to be checked: plain data, so that it can go to another thread. */
export interface Task {
  readonly path: string;
  readonly subject: Subject;
  readonly expected: Expected;
  /** What is right instead, where what is expected is argued against. */
  readonly right?: Expected;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * What came of a test. Unread is one that cannot be read, or asked about; argued one that is as it is argued
 * to be.
 */
export type Finding =
  | Comparison
  | { readonly kind: 'unread'; readonly reason: string }
  | { readonly kind: 'argued' };

/** Checks a test as `fenceline run` does, and compares. */
export function judge(task: Task): Finding {
  const { path, expected, right } = task;
  try {
    const { test, result } = answer(task, questionFor({ ...expected, ...right }));
    const finding = compare(test, result, expected);
    if (!right || finding.kind === 'agree') return finding;
    const instead = compare(test, result, right);
    return instead.kind === 'agree' ? { kind: 'argued' } : instead;
  } catch (error) {
    return { kind: 'unread', reason: refusal(error, path) };
  }
}

function answer(
  { path, subject, timeout }: Task,
  question: Question,
): { readonly test: LitmusTest; readonly result: CheckResult } {
  const files = filesFor(subject);
  const test = parseLitmus(readSource(path), { macros: files.macros });
  const [{ model, target }] = plansFor(test, {
    models: [subject.model],
    era: subject.kernel ?? '6.x',
    files,
  });
  if (!model) throw new UsageError(`no model ${subject.model}`);
  return { test, result: check(test, model, { question, timeout, ...(target ? { target } : {}) }) };
}

/** Why a test is refused, in words that are the same for all files that are for the same reason. */
function refusal(error: unknown, path: string): string {
  if (error instanceof SourceError) return error.reason;
  if (error instanceof UsageError) return error.message.replaceAll(path, 'the file');
  throw error;
}

const known = new Map<string, ModelFiles>();

/** Models and macros are read once for all tests of a suite. */
function filesFor({ settings }: Subject): ModelFiles {
  const key = JSON.stringify(settings);
  const files = known.get(key) ?? new ModelFiles(settings);
  known.set(key, files);
  return files;
}
