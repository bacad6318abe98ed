import type { Model } from '../cat/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { type CheckOptions, type CheckResult, check, checkOnMachine } from './check.js';

/** An answer, the engine that gave it, and why that one. */
export interface AutoAnswer {
  readonly result: CheckResult;
  readonly engine: 'axiomatic' | 'operational';
  readonly chosen: string;
}

/**
 * How often the search may look at its limits before the machine takes over: 32 times 256 decisions, if it is
 * these that are many. Work is counted, not time, so that every computer makes the same choice.
 */
const LOOKS = 32;

/** States after which the machine gives up and the search goes on. */
const STATES = 1_000_000;

/**
 * Answers with the axiomatic engine where its search is short, which it is for almost every litmus test, and
 * for verdicts above all. Where it is not, there are many executions, and often far fewer states: then the
 * machine of the model's name is run. If that has too many states as well, the search gets all the time that
 * there is.
 */
export function checkAutomatically(
  test: LitmusTest,
  model: Model,
  machine: string,
  options: CheckOptions,
): AutoAnswer {
  const { timeout, ...rest } = options;
  const end = performance.now() + (timeout ?? Number.POSITIVE_INFINITY);
  const over = (): boolean => performance.now() > end || (options.cancelled?.() ?? false);
  const limits = (): CheckOptions => ({ ...rest, timeout: end - performance.now() });
  const first = check(test, model, { ...limits(), effort: LOOKS });
  const decisions = first.counts.decisions;
  const wasCutOff = first.incomplete.some(({ kind }) => kind === 'effort');
  if (isAnswered(first) || over())
    return { result: first, engine: 'axiomatic', chosen: `its search ended after ${decisions} decisions` };
  const { maxStates = STATES } = options;
  const second = checkOnMachine(test, machine, { ...limits(), maxStates });
  const why = wasCutOff
    ? `the search for executions had not ended after ${decisions} decisions`
    : 'the search for executions cannot be complete';
  if (isAnswered(second) || over()) return { result: second, engine: 'operational', chosen: why };
  const chosen = `the machine has more than ${maxStates} ${maxStates === 1 ? 'state' : 'states'}`;
  if (!wasCutOff) return { result: first, engine: 'axiomatic', chosen };
  return { result: check(test, model, limits()), engine: 'axiomatic', chosen };
}

/** Whether more time, or the other engine, could add to an answer. */
function isAnswered({ question, verdict, incomplete }: CheckResult): boolean {
  return incomplete.length === 0 || (question === 'verdict' && verdict !== 'Unknown');
}
