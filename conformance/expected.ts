import type { CheckResult, Question } from '../src/check/index.js';
import type { LitmusTest, Verdict } from '../src/litmus/index.js';
import { formatState } from '../src/report/index.js';

/** What a suite has put down about one test under one model: whatever of it there is. */
export interface Expected {
  /** Whether the condition holds, with its quantifier: herd7's `Ok`. */
  readonly holds?: boolean;
  readonly observation?: Verdict;
  /**
   * All consistent executions: those that agree with the condition, as herd7 counts witnesses, and the
   * others.
   */
  readonly counts?: { readonly positive: number; readonly negative: number };
  /** All final states, as herd7 prints them. */
  readonly states?: readonly string[];
  /** All flags of the model that some execution raises. */
  readonly flags?: readonly string[];
  /** Whether some execution raises this flag, whatever the others. */
  readonly flag?: { readonly name: string; readonly raised: boolean };
}

/** How an answer relates to what was put down. */
export type Comparison =
  | { readonly kind: 'agree' }
  | { readonly kind: 'differ'; readonly reason: string }
  /** Nothing that was found speaks against it, but a limit was reached before all was. */
  | { readonly kind: 'undecided'; readonly reason: string };

/** The question that tells all that is put down. */
export function questionFor({ counts, states }: Expected): Question {
  if (counts) return 'count';
  return states ? 'states' : 'verdict';
}

/** Compares an answer to the question `questionFor(expected)` with what was put down. */
export function compare(test: LitmusTest, result: CheckResult, expected: Expected): Comparison {
  const found = [
    ofHolds(result, expected),
    ofObservation(result, expected),
    ofStates(test, result, expected),
    ofCounts(test, result, expected),
    ofFlags(result, expected),
    ofFlag(result, expected),
  ];
  const worst =
    found.find((one) => one?.kind === 'differ') ?? found.find((one) => one?.kind === 'undecided') ?? AGREE;
  if (worst.kind !== 'undecided') return worst;
  return { kind: 'undecided', reason: result.incomplete.map(({ kind }) => kind).join(', ') };
}

const AGREE: Comparison = { kind: 'agree' };
const UNDECIDED: Comparison = { kind: 'undecided', reason: '' };

const same = (got: unknown, wanted: unknown): boolean => JSON.stringify(got) === JSON.stringify(wanted);

function differ(what: string, got: unknown, wanted: unknown): Comparison {
  return { kind: 'differ', reason: `${what}: ${String(got)}, expected ${String(wanted)}` };
}

function ofHolds({ holds }: CheckResult, expected: Expected): Comparison {
  if (expected.holds === undefined || holds === expected.holds) return AGREE;
  return holds === undefined ? UNDECIDED : differ('condition holds', holds, expected.holds);
}

function ofObservation({ verdict }: CheckResult, { observation }: Expected): Comparison {
  if (observation === undefined || verdict === observation) return AGREE;
  return verdict === 'Unknown' ? UNDECIDED : differ('observation', verdict, observation);
}

/** What is complete: a list that a limit has cut short is compared with nothing. */
function whole(result: CheckResult, compared: () => Comparison): Comparison {
  return result.incomplete.length > 0 ? UNDECIDED : compared();
}

function ofStates(test: LitmusTest, result: CheckResult, { states }: Expected): Comparison {
  if (!states) return AGREE;
  return whole(result, () => {
    const got = result.states.map((state) => tidy(formatState(state, result.observables, test.program)));
    // herd7 tells states apart by the names of symbolic values, which are of executions.
    const wanted = [...new Set(states.map(tidy))];
    if (same(got.sort(), wanted.sort())) return AGREE;
    const missing = wanted.filter((state) => !got.includes(state));
    const extra = got.filter((state) => !wanted.includes(state));
    const parts = [
      ...missing.slice(0, 1).map((s) => `not ${s}`),
      ...extra.slice(0, 1).map((s) => `also ${s}`),
    ];
    return differ('states', [got.length, ...parts].join(', '), wanted.length);
  });
}

/**
 * A state with its parts in one order and spacing, its numbers in decimals, and symbolic values numbered as
 * they come up.
 */
export function tidy(state: string): string {
  const names = new Map<string, string>();
  return state
    .replace(/(?<==)-?0x[\da-f]+/gi, (number) =>
      number.startsWith('-') ? `-${BigInt(number.slice(1))}` : `${BigInt(number)}`,
    )
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .sort()
    .join('; ')
    .replace(/(?<==)S\d+(?=;|$)/g, (name) => {
      const known = names.get(name) ?? `S${names.size + 1}`;
      names.set(name, known);
      return known;
    });
}

function ofCounts({ condition }: LitmusTest, result: CheckResult, { counts }: Expected): Comparison {
  if (!counts) return AGREE;
  return whole(result, () => {
    const { positive, negative } = result;
    const got = condition.quantifier === 'not-exists' ? [negative, positive] : [positive, negative];
    const wanted = [counts.positive, counts.negative];
    return same(got, wanted) ? AGREE : differ('executions', got, wanted);
  });
}

function ofFlags(result: CheckResult, { flags }: Expected): Comparison {
  if (!flags) return AGREE;
  // Errors are no flags of the model's: herd7 has no word for them.
  const raised = result.flags.filter((flag) => !result.errors.some((error) => error === flag));
  const [got, wanted] = [raised, flags].map((list) => list.toSorted().join(' ') || 'none');
  if (got === wanted) return AGREE;
  return raised.some((flag) => !flags.includes(flag))
    ? differ('flags', got, wanted)
    : whole(result, () => differ('flags', got, wanted));
}

function ofFlag(result: CheckResult, { flag }: Expected): Comparison {
  if (!flag || result.flags.includes(flag.name) === flag.raised) return AGREE;
  const compared = () => differ(`flag ${flag.name}`, !flag.raised, flag.raised);
  return flag.raised ? whole(result, compared) : compared();
}
