import type { CheckResult, EngineAnswer, ErrorPlace, MachineTrace } from '../check/index.js';
import { warningText } from '../diagnostics.js';
import type { LitmusTest } from '../litmus/index.js';
import { type EventInWords, eventInWords, executionReport } from './execution-text.js';
import type { Expected } from './expected.js';
import type { ExplanationsJson } from './explanation-json.js';
import { formatCondition, formatObservable, formatValue } from './format.js';
import { statesInOrder } from './states.js';
import { incompletenessText } from './text.js';

/** One test under one model, as `--format json` prints it. */
export interface JsonReport {
  readonly test: string;
  readonly file: string;
  readonly model: string;
  readonly condition: string;
  readonly verdict: CheckResult['verdict'];
  readonly observation: CheckResult['observation'];
  /** null when it is not decided. */
  readonly holds: boolean | null;
  readonly expected?: string;
  /** Present where the test says which flags it expects. */
  readonly expectedFlags?: readonly string[];
  readonly states?: readonly {
    readonly values: Readonly<Record<string, string>>;
    readonly satisfies: boolean;
  }[];
  readonly positive?: number;
  readonly negative?: number;
  /** Names of the model's flags that some execution raises, and of the errors that some execution is in. */
  readonly flags: readonly string[];
  /** By error that some execution is in: who makes it and where, as far as that is known. */
  readonly errors: Readonly<Record<string, ErrorJson>>;
  /** What the writer of the test should know of it, each with its place. */
  readonly warnings: readonly string[];
  /**
   * With a witness asked for: for each of the model's flags that is raised, the events that are why, and the
   * execution.
   */
  readonly flagged?: readonly {
    readonly flag: string;
    readonly events: readonly (readonly EventInWords[])[];
    readonly execution: readonly string[];
  }[];
  /** With a witness asked for: an execution that satisfies the condition, null when none does. */
  readonly witness?: readonly string[] | null;
  /** With an explanation asked for; a reason where there is none. */
  readonly explanation?: ExplanationsJson | { readonly reason: string };
  readonly incomplete: readonly string[];
  readonly counts: CheckResult['counts'];
  /** Which engine answered; and why, where that was a choice. */
  readonly engine?: EngineAnswer['engine'];
  readonly chosen?: string;
  readonly agreement?: NonNullable<EngineAnswer['agreement']>;
  /**
   * The fewest steps of a machine to a final state that satisfies the condition: in words, and as choices
   * that make them again.
   */
  readonly trace?: { readonly choices: readonly number[]; readonly steps: readonly string[] };
  /** What a machine visited. */
  readonly machine?: NonNullable<CheckResult['machine']>;
  /** Milliseconds. */
  readonly time: number;
}

/** An error that some execution is in, and who makes it. */
export interface ErrorJson {
  readonly thread?: string;
  readonly line?: number;
  readonly column?: number;
  readonly text?: string;
}

/** The answer to one test as data, for `--format json`. */
export function jsonReport(
  test: LitmusTest,
  model: string,
  result: CheckResult,
  time: number,
  expected?: Expected,
  answer?: EngineAnswer,
  witness = false,
  explanation?: JsonReport['explanation'],
): JsonReport {
  const { program } = test;
  const states = statesInOrder(test, result).map((state) => ({
    values: Object.fromEntries(
      result.observables.map((o, index) => [
        formatObservable(o, program),
        formatValue(state.values[index], program),
      ]),
    ),
    satisfies: state.satisfies,
  }));
  return {
    test: test.name,
    file: test.source.name,
    model,
    condition: formatCondition(test),
    verdict: result.verdict,
    observation: result.observation,
    holds: result.holds ?? null,
    ...(expected ? { expected: expected.verdict } : {}),
    ...(expected?.flags ? { expectedFlags: expected.flags } : {}),
    ...(result.question === 'verdict' ? {} : { states }),
    ...(result.question === 'count' ? { positive: result.positive, negative: result.negative } : {}),
    flags: result.flags,
    errors: Object.fromEntries(
      result.errors.map((name) => [name, errorJson(result.errorPlaces.get(name), program)]),
    ),
    warnings: test.warnings.map(warningText),
    ...(witness ? witnesses(test, result) : {}),
    ...(explanation ? { explanation } : {}),
    incomplete: result.incomplete.map(incompletenessText),
    counts: result.counts,
    ...(answer ? { engine: answer.engine } : {}),
    ...(answer?.chosen === undefined ? {} : { chosen: answer.chosen }),
    ...(answer?.agreement === undefined ? {} : { agreement: answer.agreement }),
    ...(result.positiveTrace ? { trace: traceOf(result.positiveTrace) } : {}),
    ...(result.machine ? { machine: result.machine } : {}),
    time: Math.round(time * 1000) / 1000,
  };
}

function errorJson(place: ErrorPlace | undefined, { threads }: LitmusTest['program']): ErrorJson {
  if (!place) return {};
  const { thread, span } = place;
  const { name } = threads[thread];
  if (!span) return { thread: name };
  const { line, column } = span.source.position(span.start);
  return { thread: name, line, column, text: span.source.text.slice(span.start, span.end) };
}

function witnesses(
  test: LitmusTest,
  { flagWitnesses, positiveWitness }: CheckResult,
): Pick<JsonReport, 'flagged' | 'witness'> {
  const flagged = [...flagWitnesses].sort().map(([flag, { execution, events }]) => ({
    flag,
    events: events.map((group) => group.map((event) => eventInWords(execution, event, test))),
    execution: executionReport(execution, test),
  }));
  return { flagged, witness: positiveWitness ? executionReport(positiveWitness, test) : null };
}

function traceOf({ steps }: MachineTrace): NonNullable<JsonReport['trace']> {
  return { choices: steps.map(({ choice }) => choice), steps: steps.map(({ text }) => text) };
}
