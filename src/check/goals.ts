import type { ErrorEvent, ExecutionCollector, Goal, PartialExecution } from '../axiomatic/index.js';
import { eventId } from '../execution/index.js';
import {
  type Condition,
  type ErrorName,
  type Observable,
  type Proposition,
  UNKNOWN,
  type Value,
  type ValueId,
  type ValueTable,
} from '../program/index.js';
import { type Execution, type FlagWitness, snapshot } from './execution.js';
import { alternatives, compileProposition, type Outcome, observe, type Truth } from './proposition.js';

/** What is asked of a program and a model. Each later one costs more. */
export type Question =
  /** Which of the two can happen: that the proposition holds at the end, that it does not. */
  | 'verdict'
  /** All final states. */
  | 'states'
  /** How many consistent executions there are, with the states. */
  | 'count';

/** One reachable final state: values in the order of the result's observables. */
export interface FinalState {
  readonly values: readonly Value[];
  /** Whether the condition's proposition holds in it. */
  readonly satisfies: boolean;
}

/**
 * Gathers the answer to a question from the executions that a search finds, and tells it what it need not
 * look at.
 */
export class Collector implements ExecutionCollector {
  positive = 0;
  negative = 0;
  positiveWitness: Execution | undefined;
  negativeWitness: Execution | undefined;
  readonly states = new Map<string, FinalState>();
  /** Flags of the model that executions raise, and errors that they are in; and the errors alone. */
  readonly raised = new Set<string>();
  readonly erred = new Set<ErrorName>();
  /** By flag: an execution that raises it. */
  readonly flagWitnesses = new Map<string, FlagWitness>();
  /** By error: an execution that is in it. */
  readonly errorWitnesses = new Map<string, Execution>();
  readonly shown: ReadonlySet<number>;
  /** What is known of executions with values that cannot be determined. */
  private readonly open: {
    readonly truth: Truth;
    readonly state: string | undefined;
    readonly flags: readonly string[];
  }[] = [];
  private readonly holds: (outcome: Outcome) => Truth;
  private readonly admitted: (outcome: Outcome) => Truth;
  private readonly filtered: boolean;

  constructor(
    private readonly question: Question,
    private readonly condition: Condition,
    readonly filter: Proposition | undefined,
    private readonly observables: readonly Observable[],
    private readonly values: ValueTable,
    /** Names of the flags that the model can raise: until all are, every execution may tell something new. */
    private flags: ReadonlySet<string>,
  ) {
    this.shown = new Set(observables.flatMap((one) => (one.kind === 'cell' ? [one.cell] : [])));
    this.holds = compileProposition(condition.proposition, values);
    this.filtered = filter !== undefined;
    this.admitted = filter ? compileProposition(filter, values) : () => true;
  }

  expectFlags(names: ReadonlySet<string>): void {
    this.flags = names;
  }

  goals(): readonly Goal[] | undefined {
    if (this.question === 'count') return undefined;
    const { filter } = this;
    if (this.question === 'states') {
      const known = (execution: PartialExecution) => this.states.has(this.key(execution) ?? '?');
      const wanted: Proposition = filter ?? { kind: 'true' };
      return [{ wanted, answered: () => false, states: { shown: this.observables, known } }];
    }
    return [true, false].flatMap((truth) => {
      const answered = () => (truth ? this.positive : this.negative) > 0;
      return alternatives(this.condition.proposition, truth).map((part) => ({
        wanted: filter ? ({ kind: 'and', left: filter, right: part } as const) : part,
        answered,
      }));
    });
  }

  settled(execution: PartialExecution): boolean {
    if (this.admitted(execution) === false) return true;
    if (this.raised.size < this.flags.size && this.mayRaiseMore(execution)) return false;
    if (execution.isInError() || execution.graph.partial) return true;
    if (this.question === 'count') return false;
    if (this.question === 'states') {
      const key = this.key(execution);
      return key !== undefined && this.states.has(key);
    }
    const truth = this.holds(execution);
    return truth !== undefined && (truth ? this.positive : this.negative) > 0;
  }

  private mayRaiseMore(execution: PartialExecution): boolean {
    for (const flag of this.flags) if (!this.raised.has(flag) && execution.mayRaise(flag)) return true;
    return false;
  }

  get counts(): boolean {
    return this.question === 'count';
  }

  found(execution: PartialExecution, times = 1): boolean {
    if (this.admitted(execution) === false) return false;
    const errors = execution.errors();
    if (errors.length === 0 && this.isUndetermined(execution)) {
      this.undetermined(execution);
      return false;
    }
    if (!execution.graph.partial) this.raise(execution);
    if (errors.length > 0) return this.inError(execution, errors);
    if (this.record(execution, times)) this.positiveWitness ??= snapshot(execution, this.values);
    else this.negativeWitness ??= snapshot(execution, this.values);
    return this.decided();
  }

  /** Whether what is asked for is not known of a complete execution: it comes from a symbolic value. */
  private isUndetermined(execution: PartialExecution): boolean {
    return this.admitted(execution) === undefined || this.key(execution) === undefined;
  }

  undetermined(execution: PartialExecution): void {
    if (this.admitted(execution) === false) return;
    this.open.push({
      truth: this.holds(execution),
      state: this.key(execution),
      flags: [...execution.flags(), ...execution.errors().map(({ name }) => name)],
    });
  }

  /** Whether executions that are left open may tell something that none found has told. */
  get isIncomplete(): boolean {
    return this.open.some(({ state, flags }) => {
      if (this.question === 'count' || flags.some((flag) => !this.raised.has(flag))) return true;
      return this.question === 'states' && (state === undefined || !this.states.has(state));
    });
  }

  /**
   * Whether they may tell, besides, that the condition's proposition can hold, or fail, where no execution
   * found has told it.
   */
  get isUndecided(): boolean {
    const told = (truth: boolean) => (truth ? this.positive : this.negative) > 0;
    return this.open.some(({ truth }) => (truth === undefined ? !(told(true) && told(false)) : !told(truth)));
  }

  private raise(execution: PartialExecution): void {
    for (const flag of execution.flags()) {
      this.raised.add(flag);
      if (this.flagWitnesses.has(flag)) continue;
      const events = execution.flagged(flag).map((group) => group.map(eventId));
      this.flagWitnesses.set(flag, { execution: snapshot(execution, this.values), events });
    }
  }

  /** Takes an execution that is in error: it has no final state. */
  private inError(execution: PartialExecution, errors: readonly ErrorEvent[]): boolean {
    // What breaks off has no final state that the filter could be asked of.
    if (execution.graph.partial && this.filtered) return false;
    for (const { name } of errors) {
      this.note(name);
      if (!this.errorWitnesses.has(name)) this.errorWitnesses.set(name, snapshot(execution, this.values));
    }
    return this.decided();
  }

  private note(error: ErrorName): void {
    this.raised.add(error);
    this.erred.add(error);
  }

  /**
   * Takes the errors that a machine's run is in, and its end when it is through. True when nothing more is
   * asked.
   */
  failed(errors: readonly ErrorName[], outcome: Outcome | undefined): boolean {
    if (this.filtered && (!outcome || this.admitted(outcome) === false)) return false;
    for (const error of errors) this.note(error);
    return this.decided();
  }

  /** Takes the end of a machine's run. True when nothing more is asked. */
  ended(outcome: Outcome): boolean {
    if (this.admitted(outcome) === false) return false;
    this.record(outcome);
    return this.decided();
  }

  /** Counts an outcome and keeps its state. Says whether it satisfies the proposition. */
  private record(outcome: Outcome, times = 1): boolean {
    const satisfies = this.holds(outcome) === true;
    if (satisfies) this.positive += times;
    else this.negative += times;
    if (this.question === 'verdict') return satisfies;
    const key = this.key(outcome) as string;
    if (!this.states.has(key)) {
      const values = this.shownBy(outcome).map((id) => this.values.value(id));
      this.states.set(key, { values, satisfies });
    }
    return satisfies;
  }

  private decided(): boolean {
    return (
      this.question === 'verdict' &&
      this.positive > 0 &&
      this.negative > 0 &&
      this.raised.size === this.flags.size
    );
  }

  /** The state's key, or undefined while an observable is not determined. */
  private key(outcome: Outcome): string | undefined {
    const shown = this.shownBy(outcome);
    return shown.includes(UNKNOWN) ? undefined : shown.join();
  }

  /**
   * What the observables hold. Which symbolic value is which does not matter: they are numbered as they come
   * up.
   */
  private shownBy(outcome: Outcome): ValueId[] {
    const names = new Map<ValueId, ValueId>();
    return this.observables.map((observable) => {
      const value = observe(outcome, observable);
      if (!this.values.isSymbolic(value)) return value;
      const name = names.get(value) ?? this.values.symbolic(names.size + 1);
      names.set(value, name);
      return name;
    });
  }
}
