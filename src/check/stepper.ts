import type { KernelTarget } from '../kernel/index.js';
import type { LitmusTest } from '../litmus/index.js';
import {
  choicesOf,
  explore,
  type Machine,
  type MachineState,
  type MachineView,
  Walk,
  type WayLimits,
  wayTo,
} from '../operational/index.js';
import { type CellId, type ErrorName, type Observable, ValueTable } from '../program/index.js';
import { type ErrorPlace, guarded, programOf } from './check.js';
import type { FinalState } from './goals.js';
import { createMachine, errorsIn, type MachineChoice, outcomeOf } from './machine-run.js';
import { type MachineTrace, type TracedStep, takeTelling, tell } from './machine-trace.js';
import { compileProposition, observablesOf, observe, type Truth } from './proposition.js';
import { observablesOfTest } from './shown.js';

/** A final state, and the shortest way to it. */
export interface ReachedState extends FinalState {
  readonly choices: readonly number[];
}

/** All that can come of a program, as far as it was looked for. */
export interface ReachedStates {
  readonly states: readonly ReachedState[];
  readonly errors: readonly { readonly error: ErrorName; readonly choices: readonly number[] }[];
  readonly complete: boolean;
}

/** Where a walk stands at the end of the program. */
export interface End extends FinalState {
  /** False for a state that the test's `filter` leaves out. */
  readonly admitted: boolean;
}

/** What a stepper has to know beside the test and the machine. */
export interface StepperOptions {
  /**
   * The machine and kernel era that a C program's primitives are mapped to. Needed for C; of no effect in
   * assembly.
   */
  readonly target?: KernelTarget;
}

/** A litmus test on a machine, walked through one step at a time. */
export class Stepper {
  /** What final states show. */
  readonly observables: readonly Observable[];
  readonly walk: Walk;
  private readonly machine: Machine;
  private readonly values = new ValueTable();
  private readonly holds: (state: MachineState) => boolean;
  private readonly admitted: (state: MachineState) => boolean;

  /**
   * @throws RangeError when there is no machine of that name
   * @throws SourceError when the program cannot be run
   */
  constructor(
    readonly test: LitmusTest,
    machine: MachineChoice,
    options: StepperOptions = {},
  ) {
    this.observables = observablesOfTest(test);
    const shown = [...this.observables, ...(test.filter ? observablesOf(test.filter) : [])];
    this.machine = guarded(test, () => createMachine(programOf(test, options), machine, this.values, shown));
    const { filter, condition } = test;
    const truth = (proposition: (outcome: ReturnType<typeof outcomeOf>) => Truth) => (state: MachineState) =>
      proposition(outcomeOf(this.machine, state)) === true;
    this.holds = truth(compileProposition(condition.proposition, this.values));
    this.admitted = filter ? truth(compileProposition(filter, this.values)) : () => true;
    this.walk = guarded(test, () => new Walk(this.machine));
  }

  /** The steps that are possible now, each as a sentence. */
  steps(): string[] {
    return this.walk.steps().map((step) => this.machine.describe(this.walk.state, step));
  }

  /** Takes a step. @throws BadChoice when there is no such step */
  take(choice: number): TracedStep {
    return takeTelling(this.walk, choice);
  }

  view(): MachineView {
    return this.machine.view(this.walk.state);
  }

  /** Whether a thread is not followed any further. */
  isCut(): boolean {
    return this.machine.limit(this.walk.state) !== undefined;
  }

  /** The errors that the run is in by now; of what a thread could not do, who and where. */
  errors(): (Partial<ErrorPlace> & { readonly name: ErrorName })[] {
    const { machine, walk } = this;
    const faults = machine.faults(walk.state);
    return errorsIn(machine.errors(walk.state)).map(
      (name) => faults.find((fault) => fault.name === name) ?? { name },
    );
  }

  /** The final state; undefined before the end, and for a run in error, which has none. */
  end(): End | undefined {
    const { state } = this.walk;
    if (!this.isEnd(state)) return undefined;
    return { ...this.finalState(state), admitted: this.admitted(state) };
  }

  /**
   * The trace of choices from the initial state on. The walk stays where it is.
   * @throws BadChoice when there is no such step
   */
  told(choices: readonly number[]): MachineTrace {
    return tell(this.machine, choices);
  }

  /**
   * The fewest choices that lead from here to a final state that satisfies the condition's proposition; from
   * the start, perhaps one more for each store-conditional that fails (`ExploreOptions.shortest`).
   */
  wayToCondition(limits: WayLimits = {}): number[] | undefined | 'limit' {
    if (this.walk.choices.length === 0) return this.wayFromStart(limits);
    const state = (at: MachineState): boolean => this.isEnd(at) && this.admitted(at) && this.holds(at);
    return wayTo(this.machine, this.walk.state, { state }, limits);
  }

  /** The same from the initial state, from where the explorer need not look at every state. */
  private wayFromStart(limits: WayLimits): number[] | undefined | 'limit' {
    let found: MachineState | undefined;
    const final = (state: MachineState): boolean => {
      if (!this.admitted(state) || !this.holds(state)) return false;
      found = state.slice();
      return true;
    };
    const run = guarded(this.test, () => explore(this.machine, { ...limits, shortest: true, final }));
    if (found) return choicesOf(this.machine, run.trace(found));
    return run.limit || run.cut.length > 0 ? 'limit' : undefined;
  }

  /** The fewest choices the last of which is a step that is about a location (`Machine.cell`). */
  wayToLocation(cell: CellId, limits: WayLimits = {}): number[] | undefined | 'limit' {
    const step = (at: MachineState, one: number): boolean => this.machine.cell(at, one) === cell;
    return wayTo(this.machine, this.walk.state, { step }, limits);
  }

  /**
   * All final states that can be reached from the start, and all errors, each with a list of choices that
   * leads there.
   * @returns `complete` is false when a limit was reached first
   */
  finalStates(limits: WayLimits = {}): ReachedStates {
    const found = new Map<string, MachineState>();
    const wrong = new Map<ErrorName, MachineState>();
    const failed = (bits: number, state: MachineState): boolean => {
      for (const error of errorsIn(bits)) if (!wrong.has(error)) wrong.set(error, state.slice());
      return false;
    };
    const final = (state: MachineState): boolean => {
      if (!this.admitted(state)) return false;
      const key = this.finalKey(state);
      if (!found.has(key)) found.set(key, state.slice());
      return false;
    };
    const run = guarded(this.test, () => explore(this.machine, { ...limits, shortest: true, final, failed }));
    const states = [...found.values()].map(
      (state): ReachedState => ({
        ...this.finalState(state),
        choices: choicesOf(this.machine, run.trace(state)),
      }),
    );
    const errors = [...wrong].map(([error, state]) => ({
      error,
      choices: choicesOf(this.machine, run.trace(state)),
    }));
    return { states, errors, complete: run.limit === undefined && run.cut.length === 0 };
  }

  private isEnd(state: MachineState): boolean {
    const { machine } = this;
    return !machine.limit(state) && machine.isFinal(state) && machine.errors(state) === 0;
  }

  private finalState(state: MachineState): FinalState {
    const outcome = outcomeOf(this.machine, state);
    return {
      values: this.observables.map((one) => this.values.value(observe(outcome, one))),
      satisfies: this.holds(state),
    };
  }

  private finalKey(state: MachineState): string {
    const outcome = outcomeOf(this.machine, state);
    return this.observables.map((one) => observe(outcome, one)).join(',');
  }
}
