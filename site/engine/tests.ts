import {
  type CheckOptions,
  type CheckResult,
  check,
  checkOnMachine,
  type Era,
  incompletenessText,
  type LitmusTest,
  loadModel,
  type Model,
  machines,
  parseLitmus,
  Source,
  SourceError,
  shippedModel,
  shippedModelFile,
  shippedModelNames,
  type TargetName,
  targets,
} from '../../src/index.js';
import type { EditedModel, Problem, ProblemAnswer, Subject, Target } from '../logic/protocol.js';

/** More than a person writes; what a link carries may be longer. */
const LONGEST_TEXT = 200_000;

/** What the program is called in messages. */
const PROGRAM = 'program.litmus';

/** The test that was read last: most questions are about the same one. */
let latest: { readonly text: string; readonly test: LitmusTest } | undefined;

/** @throws SourceError */
export function testOf(text: string): LitmusTest {
  if (latest?.text === text) return latest.test;
  const source = new Source(PROGRAM, text);
  if (text.length > LONGEST_TEXT)
    throw new SourceError(
      `this program has ${text.length} characters; more than ${LONGEST_TEXT} are not looked at here`,
      { source, start: 0, end: 1 },
    );
  latest = { text, test: parseLitmus(source) };
  return latest.test;
}

let edited: { readonly key: string; readonly model: Model } | undefined;

/** The model of a name: a shipped one, or what the user has made of it. @throws SourceError */
export function modelOf(name: string, changed: EditedModel | undefined): Model {
  if (changed?.name !== name) return shippedModel(name);
  const key = JSON.stringify(changed);
  if (edited?.key !== key) {
    const include = includeOf(changed);
    edited = { key, model: loadModel(`${name}.cat`, include(`${name}.cat`) ?? '', { include }) };
  }
  return edited.model;
}

/** The files of a model: those that the user has changed, and the shipped ones. */
export function includeOf(changed: EditedModel | undefined): (file: string) => string | undefined {
  const files = new Map(Object.entries(changed?.files ?? {}));
  return (file) => files.get(file) ?? shippedModelFile(file);
}

/** Whose code a C program's primitives are, under a model or on a machine. */
export function architectureFor(name: string): TargetName {
  if ((targets as readonly string[]).includes(name)) return name as TargetName;
  return machines.get(name)?.architecture ?? 'sc';
}

export function optionsFor(test: LitmusTest, { name, kernel }: Target, limit: number): CheckOptions {
  const target = { architecture: architectureFor(name), era: kernel as Era };
  return { timeout: limit, ...(test.program.dialect === 'C' ? { target } : {}) };
}

/** Puts a question to the model of a target, or to the machine, where it is no model. */
export function answerTo(
  { text, target, model, limit }: Subject,
  question: CheckOptions['question'],
): { readonly test: LitmusTest; readonly result: CheckResult } {
  const test = testOf(text);
  const options = { ...optionsFor(test, target, limit), ...(question ? { question } : {}) };
  const isModel = shippedModelNames().includes(target.name);
  const result = isModel
    ? check(test, modelOf(target.name, model), options)
    : checkOnMachine(test, target.name, { ...options, maxBytes: 2 ** 29 });
  return { test, result };
}

export function limitsIn({ incomplete }: CheckResult): string[] {
  return incomplete.map(incompletenessText);
}

/**
 * Whether the outcome that a test asks about was found: what `exists` names, what speaks against `forall`.
 */
export function isReached({ condition }: LitmusTest, { positive, negative }: CheckResult): boolean {
  return (condition.quantifier === 'forall' ? negative : positive) > 0;
}

/** Runs what may find a text wrong. */
export function guarded<Answer>(answer: () => Answer): Answer | ProblemAnswer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof SourceError) return { problem: problemOf(error) };
    throw error;
  }
}

function problemOf({ reason, span: { source, start, end } }: SourceError): Problem {
  const { line } = source.position(start);
  return { message: reason, start, end, line, of: source.name === PROGRAM ? 'program' : 'model' };
}
