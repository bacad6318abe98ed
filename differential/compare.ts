/** What comes of one test. */
import { compare, tidy } from '../conformance/expected.js';
import type { LogEntry } from '../conformance/herd-log.js';
import type { CheckResult } from '../src/check/index.js';
import type { LitmusTest } from '../src/litmus/index.js';
import { formatState } from '../src/report/index.js';
import { executionsOf, type Told } from './executions.js';
import type { Herd7Answer } from './herd7.js';
import type { OwnAnswer, OwnSide } from './sides.js';

export type Outcome =
  | { readonly kind: 'agree' }
  | { readonly kind: 'differ'; readonly reason: string }
  /**
   * They differ in executions alone in which a value depends on itself: herd7 leaves out those for which it
   * would have to solve an equation.
   */
  | { readonly kind: 'argued' }
  /** herd7 has not come to an answer in time. */
  | { readonly kind: 'timeout' }
  /** fenceline has not. */
  | { readonly kind: 'undecided'; readonly reason: string }
  /** herd7 does not read the test. */
  | { readonly kind: 'unread'; readonly reason: string };

/** Compares what is said of a test: states, numbers of executions, flags, and whether the condition holds. */
export function outcomeOf(said: Herd7Answer, own: OwnAnswer, side: OwnSide): Outcome {
  if (said.kind === 'timeout') return said;
  if (said.kind === 'refused') return { kind: 'unread', reason: said.reason };
  if (own.kind === 'refused') return { kind: 'differ', reason: own.reason };
  for (const { model, result } of own.results) {
    const found = compare(own.test, result, said.entry);
    if (found.kind === 'agree') continue;
    const limits = result.incomplete.map(({ kind }) => kind).filter((kind) => kind !== 'circular-values');
    if (limits.length > 0) return { kind: 'undecided', reason: limits.join(', ') };
    const executions = executionsOf(own.test, model, result.observables, side.options);
    const isArgued = argued.some((left) => agreesBut(left, own.test, result, said.entry, executions));
    if (!isArgued) return { kind: 'differ', reason: `under ${model.name}: ${found.reason}` };
    return { kind: 'argued' };
  }
  return { kind: 'agree' };
}

/**
 * The executions that herd7 may leave out: those in which values depend on themselves, and also those in
 * which it cannot know better.
 */
const argued: readonly ((execution: Told) => boolean)[] = [
  ({ byData }) => byData,
  ({ byDependency }) => byDependency,
];

/**
 * Whether an answer of herd7's has all executions but some of those that it may leave out, and no others than
 * fenceline has. Where fenceline leaves values open, there may be any others.
 */
function agreesBut(
  isLeft: (execution: Told) => boolean,
  test: LitmusTest,
  result: CheckResult,
  said: LogEntry,
  all: readonly Told[],
): boolean {
  const sure = all.filter((execution) => !isLeft(execution));
  if (sure.length === all.length && result.incomplete.length === 0) return false;
  const found = partsOf(said.states?.map(tidy), said.flags, said.counts);
  const told = (some: readonly Told[]): Parts =>
    partsOf(
      some.map(({ state }) => tidy(formatState(state, result.observables, test.program))),
      some.flatMap(({ flags }) => flags),
      {
        positive: some.filter(({ state }) => state.satisfies).length,
        negative: some.filter(({ state }) => !state.satisfies).length,
      },
    );
  return isWithin(told(sure), found) && (result.incomplete.length > 0 || isWithin(found, told(all)));
}

interface Parts {
  readonly shown: ReadonlySet<string>;
  readonly positive: number;
  readonly negative: number;
}

const partsOf = (
  states: readonly string[] = [],
  flags: readonly string[] = [],
  { positive, negative } = { positive: 0, negative: 0 },
): Parts => ({ shown: new Set([...states, ...flags.map((flag) => `flag ${flag}`)]), positive, negative });

const isWithin = (some: Parts, all: Parts): boolean =>
  [...some.shown].every((one) => all.shown.has(one)) &&
  some.positive <= all.positive &&
  some.negative <= all.negative;
