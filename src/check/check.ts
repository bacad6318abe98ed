import {
  type AxiomaticRun,
  type ExecutionCollector,
  type SearchCounts,
  type SearchStrategy,
  searchProgram,
} from '../axiomatic/index.js';
import type { Model } from '../cat/index.js';
import { SourceError, type Span } from '../diagnostics.js';
import { UnboundedAddress } from '../execution/index.js';
import { type KernelTarget, lowerPrimitives } from '../kernel/index.js';
import { type LimitKind, LimitReached, type Limits, within } from '../limits.js';
import type { LitmusTest, Verdict } from '../litmus/index.js';
import type { MachineState } from '../operational/index.js';
import {
  type ErrorName,
  errorNames,
  type Fault,
  mayErr,
  type Observable,
  type Program,
  type ThreadId,
  ValueTable,
} from '../program/index.js';
import type { Execution, FlagWitness } from './execution.js';
import { Collector, type FinalState, type Question } from './goals.js';
import { checkKnowsGracePeriods } from './grace-period-support.js';
import { type MachineChoice, type MachineRun, runMachine } from './machine-run.js';
import { type MachineTrace, tell } from './machine-trace.js';
import { observablesOf } from './proposition.js';
import { observablesOfTest } from './shown.js';

/** How far to go, and for how long. */
export interface CheckOptions extends Limits {
  /** @default 'verdict' */
  readonly question?: Question;
  /**
   * The machine and kernel era that a C program's primitives are mapped to. Needed for C; of no effect in
   * assembly.
   */
  readonly target?: KernelTarget;
  /** How the axiomatic engine searches; the answers are the same. @default 'directed' */
  readonly search?: SearchStrategy;
  /** How often a loop that reads decide may start again. @default 2 */
  readonly unroll?: number;
  /**
   * Whether a machine is to tell the steps to a final state that satisfies the proposition. @default false
   */
  readonly trace?: boolean;
  /** States after which a machine gives up. @default none */
  readonly maxStates?: number;
  /**
   * Bytes that the check may take: so many for the visited states of a machine, packed, with the hash table
   * that finds them and the links that traces go along; for each structure of the axiomatic engine that grows
   * with the square of the events; and, where `memoryUsed` tells, for everything. @default 2 GiB
   */
  readonly maxBytes?: number;
  /** Told every so often how many states of a machine were visited, and how many steps made between them. */
  readonly progress?: (states: number, transitions: number) => void;
}

/** Why an answer is not the whole answer. */
export type Incompleteness =
  | { readonly kind: 'timeout' }
  /** It is too large for the stack: so many threads, each with several paths, for one. */
  | { readonly kind: 'stack' }
  /** So much work was done as was asked for. */
  | { readonly kind: 'effort'; readonly limit: number }
  /** A machine has more states than it was to visit. */
  | { readonly kind: 'states'; readonly limit: number }
  /** It takes more memory than so many bytes. */
  | { readonly kind: 'memory'; readonly limit: number }
  /** Loops or calls were followed only so far, at these places. */
  | { readonly kind: 'unrolling'; readonly places: readonly Span[] }
  /** The model allows executions in which values depend on themselves and cannot be determined. */
  | { readonly kind: 'circular-values' };

/** The answer to a question. */
export interface CheckResult {
  readonly question: Question;
  /** What the states found say of the condition's proposition: it never, sometimes or always holds. */
  readonly observation: Verdict;
  /** The observation, or `Unknown` where what is incomplete could change it. */
  readonly verdict: Verdict | 'Unknown';
  /** Whether the condition holds, with its quantifier; undefined when that is not decided. */
  readonly holds: boolean | undefined;
  /** What the states show: registers, then locations. */
  readonly observables: readonly Observable[];
  /** All reachable final states, for the questions `states` and `count`; else empty. */
  readonly states: readonly FinalState[];
  /**
   * Consistent executions that satisfy the proposition and that do not: all of them only for the question
   * `count`.
   */
  readonly positive: number;
  readonly negative: number;
  /** An execution that satisfies the proposition, and one that does not, where there are such. */
  readonly positiveWitness?: Execution;
  readonly negativeWitness?: Execution;
  /** Names of the model's flags that some execution raises, and of the errors that some execution is in. */
  readonly flags: readonly string[];
  /** The errors among them. A model may have a flag of the same name as an error; that is none. */
  readonly errors: readonly ErrorName[];
  /**
   * Those of the flags that `undefined_unless` raises: with one of them, the model says nothing of the
   * program.
   */
  readonly undefinedBy: readonly string[];
  /** By flag of the model that some execution raises: one that does. */
  readonly flagWitnesses: ReadonlyMap<string, FlagWitness>;
  /** By error: an execution that is in it. Executions in error have no final state, and are not counted. */
  readonly errorWitnesses: ReadonlyMap<string, Execution>;
  /** By error: which thread makes it in one such execution, and where, as far as the engine can tell. */
  readonly errorPlaces: ReadonlyMap<string, ErrorPlace>;
  readonly incomplete: readonly Incompleteness[];
  readonly counts: SearchCounts;
  /**
   * Where a machine was run and was to tell: the fewest steps to a final state that satisfies the
   * proposition, if there is one.
   */
  readonly positiveTrace?: MachineTrace;
  /** Where a machine was run and was to tell, by error: the fewest steps to a state that is in it. */
  readonly errorTraces: ReadonlyMap<string, MachineTrace>;
  /** Where a machine was run: the states it visited, and the steps between them. */
  readonly machine?: { readonly states: number; readonly transitions: number };
}

/** Which thread makes an error, and at what place of its code. */
export interface ErrorPlace {
  readonly thread: ThreadId;
  readonly span?: Span;
}

const DEFAULT_UNROLL = 2;
const DEFAULT_MAX_BYTES = 2 ** 31;

/**
 * Answers a question about a litmus test under a model.
 * @throws SourceError when the program needs what is not supported
 * @throws TypeError, RangeError when it is called with what is no test, no model, or no target
 */
export function check(test: LitmusTest, model: Model, options: CheckOptions = {}): CheckResult {
  const program = programUnder(test, model, options);
  const flags = new Set(model.checks.filter((c) => c.flag).map((c) => c.name));
  const question = questionOf(test, options, flags);
  const { collector, values } = question;
  checkKnowsGracePeriods(program, model, test);
  const run = search(test, program, model, values, collector, options);
  refuseMixedSizes(test, faultsIn(collector.errorWitnesses.get('mixed-size')));
  const limits = limitsOf(run, collector.isIncomplete || collector.isUndecided, options);
  const answer = answerOf(test, question, limits);
  const undefinedBy = answer.flags.filter((flag) =>
    model.checks.some(({ name, undefinedUnless }) => undefinedUnless && name === flag),
  );
  return {
    counts: run.counts,
    errorTraces: new Map(),
    errorPlaces: new Map([...collector.errorWitnesses].map(([name, one]) => [name, placeIn(one, name)])),
    ...answer,
    undefinedBy,
  };
}

/**
 * What a thread does that is not supported.
 * @throws SourceError at its place, if there is such
 */
function refuseMixedSizes({ name, source }: LitmusTest, faults: readonly Fault[]): void {
  const found = faults.find((fault) => fault.name === 'mixed-size');
  if (found)
    throw new SourceError(
      `${name}: ${found.reason}`,
      found.span ?? { source, start: 0, end: 1 },
      'unsupported',
    );
}

function faultsIn(execution: Execution | undefined): readonly Fault[] {
  return execution?.graph.events.flatMap(({ fault }) => fault ?? []) ?? [];
}

/** Where an execution is in an error. */
function placeIn({ errors, graph }: Execution, name: string): ErrorPlace {
  const { event } = errors.find((error) => error.name === name) as Execution['errors'][number];
  const { thread, span } = graph.events[event];
  return { thread: thread as ThreadId, ...(span && { span }) };
}

/**
 * Shows a collector of one's own the executions of a test, those in error too. Says what limits it came to.
 * The model may leave out whatever it likes.
 * @throws SourceError when the test needs what is not supported
 */
export function searchExecutions(
  test: LitmusTest,
  model: Model,
  values: ValueTable,
  collector: ExecutionCollector,
  options: CheckOptions,
): Incompleteness[] {
  const program = programUnder(test, model, options);
  const run = search(test, program, model, values, collector, options);
  return limitsOf(run, run.counts.circular > 0, options);
}

function search(
  test: LitmusTest,
  program: Program,
  model: Model,
  values: ValueTable,
  collector: ExecutionCollector,
  options: CheckOptions,
): AxiomaticRun {
  const run = (): AxiomaticRun =>
    searchProgram(program, model, values, collector, {
      search: options.search ?? 'directed',
      unroll: options.unroll ?? DEFAULT_UNROLL,
    });
  return guarded(test, () => limited(options, run, (limit) => ({ counts: NO_COUNTS, cut: [], limit })));
}

const NO_COUNTS: SearchCounts = { graphs: 0, decisions: 0, conflicts: 0, executions: 0, circular: 0 };

/**
 * What a run comes to within the limits of a check; what `ended` makes of a limit that was reached before
 * there was anything to tell.
 */
function limited<Run>(options: CheckOptions, run: () => Run, ended: (limit: LimitKind) => Run): Run {
  const { timeout, cancelled, memoryUsed, effort, maxBytes = DEFAULT_MAX_BYTES } = options;
  try {
    return within({ timeout, cancelled, memoryUsed, effort, maxBytes }, run);
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    return ended(error.kind);
  }
}

function limitsOf({ limit, cut }: AxiomaticRun, isOpen: boolean, options: CheckOptions): Incompleteness[] {
  const incomplete: Incompleteness[] = [];
  if (limit) incomplete.push(incompleteness(limit, options));
  if (cut.length > 0) incomplete.push({ kind: 'unrolling', places: cut });
  if (isOpen) incomplete.push({ kind: 'circular-values' });
  return incomplete;
}

function incompleteness(
  limit: LimitKind | 'states',
  { maxBytes = DEFAULT_MAX_BYTES, maxStates = 0, effort = 0 }: CheckOptions,
): Incompleteness {
  switch (limit) {
    case 'timeout':
    case 'stack':
      return { kind: limit };
    case 'memory':
      return { kind: limit, limit: maxBytes };
    case 'states':
      return { kind: limit, limit: maxStates };
    case 'effort':
      return { kind: limit, limit: effort };
  }
}

/**
 * Answers a question about a litmus test by running a machine, through all its states: `positive` and
 * `negative` are then numbers of final states of the machine. Loops run as long as they run.
 * @throws RangeError when there is no machine of that name, or executions are to be counted
 * @throws SourceError as `check` does
 */
export function checkOnMachine(
  test: LitmusTest,
  machine: MachineChoice,
  options: CheckOptions = {},
): CheckResult {
  if (options.question === 'count')
    throw new RangeError('a machine has states, and no executions to count: ask for them, or another engine');
  const program = programOf(test, options);
  // Where runs may be in error, all are looked at: any may be in one more.
  const question = questionOf(test, options, mayErr(program) ? new Set(errorNames) : new Set());
  const { collector, values, observables } = question;
  const { maxStates, maxBytes, progress, trace } = options;
  let witness: MachineState | undefined;
  const inError = new Map<string, MachineState>();
  const places = new Map<string, ErrorPlace>();
  const shown = [...observables, ...(test.filter ? observablesOf(test.filter) : [])];
  const explored = (): MachineRun =>
    runMachine(program, machine, values, {
      shown,
      ended: (outcome, state) => {
        const { positive } = collector;
        const isLast = collector.ended(outcome);
        if (trace && positive === 0 && collector.positive > 0) witness = state.slice();
        return isLast;
      },
      failed: (errors, outcome, state, faults) => {
        const known = new Set(collector.raised);
        const isLast = collector.failed(errors, outcome);
        if (collector.raised.has('mixed-size')) refuseMixedSizes(test, faults);
        for (const error of errors) {
          if (known.has(error) || !collector.raised.has(error)) continue;
          if (trace) inError.set(error, state.slice());
          const fault = faults.find(({ name }) => name === error);
          if (fault) places.set(error, { thread: fault.thread, ...(fault.span && { span: fault.span }) });
        }
        return isLast;
      },
      ...(maxStates === undefined ? {} : { maxStates }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ...(progress ? { progress } : {}),
      shortest: trace ?? false,
    });
  const run = guarded(test, () =>
    limited<MachineRun | Unstarted>(options, explored, (limit) => ({ ...UNSTARTED, limit })),
  );
  const traceTo = (state: MachineState): MachineTrace => {
    const { machine, choicesTo } = run as MachineRun;
    return tell(machine, choicesTo(state));
  };
  const incomplete: Incompleteness[] = run.limit ? [incompleteness(run.limit, options)] : [];
  if (run.cut.length > 0) incomplete.push({ kind: 'unrolling', places: run.cut });
  return {
    counts: NO_COUNTS,
    ...(witness ? { positiveTrace: traceTo(witness) } : {}),
    errorTraces: new Map([...inError].map(([error, state]) => [error, traceTo(state)])),
    errorPlaces: places,
    machine: { states: run.states, transitions: run.transitions },
    ...answerOf(test, question, incomplete),
  };
}

/** A limit was reached before there was a machine. */
type Unstarted = Pick<MachineRun, 'states' | 'transitions' | 'cut' | 'limit'>;

const UNSTARTED: Unstarted = { states: 0, transitions: 0, cut: [] };

/** A question, ready to be put to an engine. */
interface Asked {
  readonly question: Question;
  readonly observables: readonly Observable[];
  readonly values: ValueTable;
  readonly collector: Collector;
}

function questionOf(test: LitmusTest, options: CheckOptions, flags: ReadonlySet<string>): Asked {
  const question = options.question ?? 'verdict';
  const values = new ValueTable();
  const observables = observablesOfTest(test);
  const collector = new Collector(question, test.condition, test.filter, observables, values, flags);
  return { question, observables, values, collector };
}

/**
 * The program as a model is asked about it: one that puts lock operations among the events that co orders
 * makes reads and writes of them by itself, as the kernel's does.
 * @throws TypeError when it is no model
 */
function programUnder(test: LitmusTest, model: Model, { target }: CheckOptions): Program {
  if (!model?.checks)
    throw new TypeError(
      "expected a model, as loadModel() gives it, or shippedModel('sc') for one that ships",
    );
  return programOf(test, { target: target && model.ordered ? { locks: 'events', ...target } : target });
}

/**
 * The program as a target runs it.
 * @throws TypeError when it is no test, RangeError when it has primitives and there is no target
 */
export function programOf(test: LitmusTest, { target }: Pick<CheckOptions, 'target'>): Program {
  if (!test?.program) throw new TypeError('expected a test, as parseLitmus() gives it');
  if (target !== undefined) return lowerPrimitives(test.program, target);
  if (hasPrimitives(test.program))
    throw new RangeError(
      `${test.name} has primitives of the kernel: pass the target whose code they are, such as { target: { architecture: 'i386', era: '6.x' } }`,
    );
  return test.program;
}

function hasPrimitives({ threads, functions }: Program): boolean {
  return [...threads.map(({ code }) => code), ...functions].some(({ instructions }) =>
    instructions.some(({ kind }) => kind === 'primitive'),
  );
}

function answerOf(
  test: LitmusTest,
  { question, observables, collector }: Asked,
  incomplete: readonly Incompleteness[],
): Omit<CheckResult, 'counts' | 'errorTraces' | 'errorPlaces'> {
  return {
    question,
    ...judge(
      test,
      collector,
      !collector.isUndecided && incomplete.every(({ kind }) => kind === 'circular-values'),
    ),
    observables,
    states: [...collector.states.values()],
    positive: collector.positive,
    negative: collector.negative,
    flagWitnesses: collector.flagWitnesses,
    ...(collector.positiveWitness ? { positiveWitness: collector.positiveWitness } : {}),
    ...(collector.negativeWitness ? { negativeWitness: collector.negativeWitness } : {}),
    flags: [...collector.raised].sort(),
    errors: [...collector.erred].sort(),
    undefinedBy: [],
    errorWitnesses: collector.errorWitnesses,
    incomplete,
  };
}

/** What was found proves that it can happen; that something cannot happen takes a complete search. */
function judge(
  test: LitmusTest,
  { positive, negative }: Collector,
  complete: boolean,
): Pick<CheckResult, 'observation' | 'verdict' | 'holds'> {
  const observation: Verdict = positive === 0 ? 'Never' : negative === 0 ? 'Always' : 'Sometimes';
  const verdict = complete || observation === 'Sometimes' ? observation : 'Unknown';
  const possible = positive > 0 ? true : complete ? false : undefined;
  const refuted = negative > 0 ? true : complete ? false : undefined;
  const not = (truth: boolean | undefined) => (truth === undefined ? undefined : !truth);
  switch (test.condition.quantifier) {
    case 'exists':
      return { observation, verdict, holds: possible };
    case 'not-exists':
      return { observation, verdict, holds: not(possible) };
    case 'forall':
      return { observation, verdict, holds: not(refuted) };
  }
}

/** Turns what the engines do not support into an error of the test. */
export function guarded<Result>(test: LitmusTest, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof UnboundedAddress)) throw error;
    throw new SourceError(
      `${test.name}: an address can have too many values for its locations to be listed`,
      { source: test.source, start: 0, end: 1 },
      'unsupported',
    );
  }
}
