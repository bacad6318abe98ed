import {
  type CheckResult,
  type Era,
  eraNamed,
  expectationFor,
  formatCondition,
  formatState,
  isSameCode,
  type LitmusTest,
  outcomeOf,
} from '../../src/index.js';
import type { StatesAnswer, Subject, Target, VerdictAnswer } from '../logic/protocol.js';
import { answerTo, isReached, limitsIn } from './tests.js';

export function verdictOn(subject: Subject): VerdictAnswer {
  const start = performance.now();
  const { test, result } = answerTo(subject, 'verdict');
  const expected =
    subject.model?.name === subject.target.name ? undefined : expectedOf(test, result, subject.target);
  return {
    verdict: result.verdict,
    flags: result.flags,
    limits: limitsIn(result),
    expected,
    reachable: isReached(test, result),
    condition: formatCondition(test),
    milliseconds: performance.now() - start,
  };
}

function expectedOf(
  test: LitmusTest,
  result: CheckResult,
  { name, kernel }: Target,
): VerdictAnswer['expected'] {
  const isVersion = (text: string): boolean => {
    const era = eraNamed(text);
    return test.program.dialect === 'C' && era !== undefined && isSameCode(era, kernel as Era);
  };
  const expected = expectationFor(test, name, isVersion);
  if (!expected) return undefined;
  const flags = expected.flags?.length ? ` with ${expected.flags.join(' ')}` : '';
  return { text: expected.verdict + flags, met: outcomeOf(result, expected) === 'met' };
}

export function statesOn(subject: Subject): StatesAnswer {
  const { test, result } = answerTo(subject, 'states');
  return {
    condition: formatCondition(test),
    states: result.states.map((state) => ({
      text: formatState(state, result.observables, test.program),
      satisfies: state.satisfies,
    })),
    limits: limitsIn(result),
  };
}
