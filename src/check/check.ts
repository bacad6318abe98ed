import {
  type AxiomaticRun,
  type Goal,
  ProgramFault,
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
import { errorNames, managesMemory, type Observable, type Program, ValueTable } from '../program/index.js';
import type { Execution, FlagWitness } from './execution.js';
import { Collector, type FinalState, type Question } from './goals.js';
import { checkKnowsGracePeriods } from './grace-periods.js';
import { type MachineChoice, type MachineRun, runMachine } from './machine-run.js';
import { type MachineTrace, tell } from './machine-trace.js';
import { observableKey, observablesOf } from './proposition.js';
import { type SelfWait, selfWaitsOf } from './self-waits.js';

/** How far to go, and for how long. */
export interface CheckOptions extends Limits {
  /** @default 'verdict' */
  readonly question?: Question;
  /** The machine and kernel era that a C program's primitives are mapped to. Needed for C; of no effect in assembly. */
  readonly target?: KernelTarget;
  /** How the axiomatic engine searches; the answers are the same. @default 'directed' */
  readonly search?: SearchStrategy;
  /** How often a loop that reads decide may start again. @default 2 */
  readonly unroll?: number;
  /** Whether a machine is to tell the steps to a final state that satisfies the proposition. @default false */
  readonly trace?: boolean;
  /** States after which a machine gives up. @default none */
  readonly maxStates?: number;
  /**
   * Bytes that the check may take: so many for the visited states of a machine, packed, with the hash table that finds them and the links
   * that traces go along; for each structure of the axiomatic engine that grows with the square of the events; and, where `memoryUsed`
   * tells, for everything. @default 2 GiB
   */
  readonly maxBytes?: number;
  /** Told every so often how many states of a machine were visited, and how many steps made between them. */
  readonly progress?: (states: number, transitions: number) => void;
}

/** Why an answer is not the whole answer. */
export type Incompleteness =
  | { readonly kind: 'timeout' }
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
  /** Consistent executions that satisfy the proposition and that do not: all of them only for the question `count`. */
  readonly positive: number;
  readonly negative: number;
  /** An execution that satisfies the proposition, and one that does not, where there are such. */
  readonly positiveWitness?: Execution;
  readonly negativeWitness?: Execution;
  /** Names of the model's flags that some execution raises, and of the errors with memory that some execution is in. */
  readonly flags: readonly string[];
  /** By flag of the model that some execution raises: one that does. */
  readonly flagWitnesses: ReadonlyMap<string, FlagWitness>;
  /** By error with memory: an execution that is in it. Executions in error have no final state, and are not counted. */
  readonly errorWitnesses: ReadonlyMap<string, Execution>;
  readonly incomplete: readonly Incompleteness[];
  /** Where there is no execution at all: threads that wait for themselves. */
  readonly selfWaits: readonly SelfWait[];
  readonly counts: SearchCounts;
  /** Where a machine was run and was to tell: the fewest steps to a final state that satisfies the proposition, if there is one. */
  readonly positiveTrace?: MachineTrace;
  /** Where a machine was run and was to tell, by error with memory: the fewest steps to a state that is in it. */
  readonly errorTraces: ReadonlyMap<string, MachineTrace>;
  /** Where a machine was run: the states it visited, and the steps between them. */
  readonly machine?: { readonly states: number; readonly transitions: number };
}

/** The program does what no program may, in an execution that can happen. */
export class ProgramError extends SourceError {}

const DEFAULT_UNROLL = 2;
const DEFAULT_MAX_BYTES = 2 ** 31;

/**
 * Answers a question about a litmus test under a model.
 * @throws SourceError when the program does what no program may, such as access no object, or needs what is not supported
 */
export function check(test: LitmusTest, model: Model, options: CheckOptions = {}): CheckResult {
  const flags = new Set(model.checks.filter((c) => c.flag).map((c) => c.name));
  const question = questionOf(test, options, flags);
  const { collector, values } = question;
  const run = search(test, model, values, collector, options, false);
  const limits = limitsOf(run, collector.isIncomplete || collector.isUndecided, options);
  return { counts: run.counts, errorTraces: new Map(), ...answerOf(test, question, limits, options) };
}

/**
 * Shows a goal of one's own the executions of a test; those in which the program does what no program may are passed over. Says what
 * limits it came to.
 * @throws SourceError when the test needs what is not supported
 */
export function searchExecutions(
  test: LitmusTest,
  model: Model,
  values: ValueTable,
  goal: Goal,
  options: CheckOptions,
): Incompleteness[] {
  const run = search(test, model, values, goal, options, true);
  return limitsOf(run, run.counts.circular > 0, options);
}

function search(
  test: LitmusTest,
  model: Model,
  values: ValueTable,
  goal: Goal,
  options: CheckOptions,
  skipFaults: boolean,
): AxiomaticRun {
  const run = (): AxiomaticRun => {
    const program = programOf(test, withLocksFor(model, options));
    // What passes over faults is no check of the test: its model may leave out whatever it likes.
    if (!skipFaults) checkKnowsGracePeriods(program, model, test);
    return searchProgram(program, model, values, goal, {
      search: options.search ?? 'directed',
      unroll: options.unroll ?? DEFAULT_UNROLL,
      skipFaults,
    });
  };
  return guarded(test, () => limited(options, run, (limit) => ({ counts: NO_COUNTS, cut: [], limit })));
}

const NO_COUNTS: SearchCounts = { graphs: 0, decisions: 0, conflicts: 0, executions: 0, circular: 0 };

/** What a run comes to within the limits of a check; what `ended` makes of a limit that was reached before there was anything to tell. */
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
 * Answers a question about a litmus test by running a machine, through all its states: `positive` and `negative` are then numbers of
 * final states of the machine. Loops run as long as they run.
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
  const question = questionOf(test, options, managesMemory(test.program) ? new Set(errorNames) : new Set());
  const { collector, values, observables } = question;
  const { maxStates, maxBytes, progress, trace } = options;
  let witness: MachineState | undefined;
  const inError = new Map<string, MachineState>();
  const shown = [...observables, ...(test.filter ? observablesOf(test.filter) : [])];
  const explored = (): MachineRun =>
    runMachine(programOf(test, options), machine, values, {
      shown,
      ended: (outcome, state) => {
        const { positive } = collector;
        const isLast = collector.ended(outcome);
        if (trace && positive === 0 && collector.positive > 0) witness = state.slice();
        return isLast;
      },
      failed: (errors, outcome, state) => {
        const known = new Set(collector.raised);
        const isLast = collector.failed(errors, outcome);
        if (!trace) return isLast;
        for (const error of errors)
          if (!known.has(error) && collector.raised.has(error)) inError.set(error, state.slice());
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
    machine: { states: run.states, transitions: run.transitions },
    ...answerOf(test, question, incomplete, options),
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

/** A model that puts lock operations among the events that co orders makes reads and writes of them by itself, as the kernel's does. */
function withLocksFor({ ordered }: Model, options: CheckOptions): CheckOptions {
  const { target } = options;
  return target && ordered ? { ...options, target: { locks: 'events', ...target } } : options;
}

/** The program as a target runs it. */
export function programOf(test: LitmusTest, { target }: Pick<CheckOptions, 'target'>): Program {
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
  options: CheckOptions,
): Omit<CheckResult, 'counts' | 'errorTraces'> {
  const { positive, negative, raised } = collector;
  const isEmpty = positive + negative + raised.size + incomplete.length === 0;
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
    errorWitnesses: collector.errorWitnesses,
    incomplete,
    selfWaits: isEmpty
      ? limited(
          options,
          () => selfWaitsOf(test, options.unroll ?? DEFAULT_UNROLL),
          () => [],
        )
      : [],
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

/** What the condition and `locations` name: registers by thread, then locations, each by name. */
export function observablesOfTest(test: LitmusTest): Observable[] {
  const all = new Map<string, Observable>();
  for (const observable of [...observablesOf(test.condition.proposition), ...test.locations]) {
    all.set(observableKey(observable), observable);
  }
  const { threads, cells } = test.program;
  const rank = (o: Observable) => (o.kind === 'register' ? o.thread : threads.length);
  const name = (o: Observable) =>
    o.kind === 'register' ? threads[o.thread].code.registers[o.register] : cells[o.cell].name;
  return [...all.values()].sort((a, b) => rank(a) - rank(b) || (name(a) < name(b) ? -1 : 1));
}

/** Turns what goes wrong in the program into an error at its place in the text. */
export function guarded<Result>(test: LitmusTest, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    const whole = { source: test.source, start: 0, end: 1 };
    if (error instanceof ProgramFault)
      throw new ProgramError(`${test.name}: ${error.fault.reason}`, error.fault.span ?? whole);
    if (error instanceof UnboundedAddress) {
      throw new SourceError(
        `${test.name}: an address can have too many values for its locations to be listed`,
        whole,
      );
    }
    throw error;
  }
}
