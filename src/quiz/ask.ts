import { shippedModel } from '../cat/index.js';
import {
  type CheckResult,
  checkWith,
  type EngineAnswer,
  type EngineName,
  machineNames,
} from '../check/index.js';
import { Source } from '../diagnostics.js';
import { type TargetName, targets } from '../kernel/index.js';
import { expectationFor, type LitmusTest, parseLitmus } from '../litmus/index.js';
import { shippedTests } from '../shipped.js';
import type { Quiz, Variant } from './quiz.js';

/** Whether what a quiz asks about can be. */
export type Answer = 'reachable' | 'never' | 'unknown';

/** One variant on one machine, checked. */
export interface Reply {
  readonly answer: Answer;
  readonly test: LitmusTest;
  readonly result: CheckResult;
  readonly engine: EngineAnswer['engine'];
  /** The test says otherwise: fenceline or the test is at fault. */
  readonly unexpected: boolean;
}

/**
 * Checks the program of a variant on a machine.
 * @throws EngineDisagreement when both engines are asked and differ
 */
export function ask(
  quiz: Quiz,
  { test: path }: Variant,
  machine: string,
  engine: EngineName = 'axiomatic',
): Reply {
  const test = testAt(path);
  const isC = test.program.dialect === 'C';
  const subject = {
    name: machine,
    model: shippedModel(machine),
    ...(machineNames.includes(machine) ? { machine } : {}),
  };
  const { result, engine: asked } = checkWith(test, engine, subject, {
    question: 'verdict',
    ...(isC ? { target: { architecture: targetNamed(machine), era: quiz.era } } : {}),
  });
  const expected = expectationFor(test, machine, (version) => isC && version === quiz.era);
  return {
    answer: answerOf(result, test, quiz),
    test,
    result,
    engine: asked,
    unexpected: expected !== undefined && !isExpected(result, expected),
  };
}

function isExpected(
  { verdict, flags }: CheckResult,
  expected: NonNullable<ReturnType<typeof expectationFor>>,
): boolean {
  const same = !expected.flags || [...expected.flags].sort().join() === flags.join();
  return expected.verdict === verdict && same;
}

/** A `forall` asks for an execution in which its proposition does not hold. */
function answerOf(result: CheckResult, { condition }: LitmusTest, { error }: Quiz): Answer {
  const { verdict, positive, negative, flags, incomplete } = result;
  if (error !== undefined)
    return flags.includes(error) ? 'reachable' : incomplete.length > 0 ? 'unknown' : 'never';
  const found = condition.quantifier === 'forall' ? negative : positive;
  if (found > 0) return 'reachable';
  return verdict === 'Unknown' ? 'unknown' : 'never';
}

/** The execution that shows how it can be, if it can. */
export function executionOf({ test, result }: Reply, { error }: Quiz): CheckResult['positiveWitness'] {
  if (error !== undefined) return result.errorWitnesses.get(error);
  return test.condition.quantifier === 'forall' ? result.negativeWitness : result.positiveWitness;
}

/** A test that ships, by its path under litmus/. */
export function testAt(path: string): LitmusTest {
  const text = shippedTests[path];
  if (text === undefined) throw new Error(`no test ${path} ships`);
  return parseLitmus(new Source(`litmus/${path}`, text));
}

function targetNamed(machine: string): TargetName {
  const found = targets.find((target) => target === machine);
  if (!found) throw new Error(`${machine} is no machine of C programs`);
  return found;
}
