import type { Span } from '../../diagnostics.js';
import { type LimitKind, LimitReached, look } from '../../limits.js';
import type { Machine, MachineState, Symmetry, Transition } from '../machine/machine.js';
import { Links, type Mode, replay, settle, stepsFrom } from './counterexample.js';
import { StateStore } from './state-store.js';

/** What an explorer is to find out, and when it is to stop. */
export interface ExploreOptions {
  /** Called with each final state without errors, once. True ends the exploration. */
  readonly final: (state: MachineState) => boolean;
  /**
   * Called with states of runs that are in error: the errors, and whether the state is final. With each final one, and with
   * others until there is an end to the run. True ends the exploration.
   */
  readonly failed?: (errors: number, state: MachineState, isFinal: boolean) => boolean;
  /** Asked every so often; true ends the exploration unfinished. */
  readonly expired?: () => boolean;
  /** States after which to give up. */
  readonly maxStates?: number;
  /** What `bytes` of the exploration and of its machine may come to together. @default 2 GiB */
  readonly maxBytes?: number;
  /** Whether to explore a few steps for all, and to collapse states, where the machine allows it. @default true */
  readonly reduce?: boolean;
  /** Whether to explore one state for all that are symmetric to it. @default true */
  readonly symmetry?: boolean;
  /**
   * Whether `trace` is to give the fewest steps that there are. States on the way that need not be told apart then are. With reduction, it may
   * be one more for each store-conditional that fails: it takes a step to fail for no reason, and none after another CPU has stored
   * there; the reduction leaves one way of both.
   * @default false
   */
  readonly shortest?: boolean;
  /** Told every so often how far the exploration is. */
  readonly progress?: (states: number, transitions: number) => void;
  /** Called with the initial state and after every step, for tests. */
  readonly visited?: (state: MachineState) => void;
}

/** Why an exploration gave up. */
export type Limit = LimitKind | 'states';

/** What came of visiting a machine's states. */
export interface Exploration {
  /** States visited. */
  readonly states: number;
  /** Steps made between them. */
  readonly transitions: number;
  /**
   * Bytes that the visited states take: packed, with the hash table that finds them, and the links that traces go along; room that is kept
   * for more included. Not what a machine works out about its threads and buffers (`Machine.bytes`).
   */
  readonly bytes: number;
  /** Why not everything that can be reached was. Undefined where it was, and where the `final` callback ended the exploration. */
  readonly limit?: Limit;
  /** Where threads were followed no further. */
  readonly cut: readonly Span[];
  /** Steps that lead to a state that was handed to `final` or `failed`. */
  trace(state: MachineState): Transition[];
}

/** States between two looks at the limits on time and memory. */
const POLL_INTERVAL = 64;
const DEFAULT_MAX_BYTES = 2 ** 31;
/** When one symmetry fails after so many states, the others are not tried any further. */
const DOUBTFUL = 10_000;

/**
 * Visits the reachable states of a machine, each once, breadth first.
 *
 * With reduction, a state is left by the machine's representatives of all steps, and a new one is collapsed, after the steps that stand
 * alone, before it is looked up. With
 * symmetry, one state of each orbit is explored; as a symmetry may take a final state to one that a condition tells from it, all those
 * in a final state's orbit are handed out. A symmetry is a conjecture until the end: where one fails, the exploration starts again
 * without it. States that were handed out stay right, and are not handed out again.
 */
export function explore(machine: Machine, options: ExploreOptions): Exploration {
  const finals = new StateStore(machine.width, 64);
  for (let symmetry = options.symmetry ?? true; ; ) {
    const run = new Run(machine, { ...options, symmetry }, finals);
    const found = run.run();
    if (found) return found;
    symmetry &&= run.states < DOUBTFUL;
  }
}

/** A limit was reached in the middle of a step. */
class Exceeded extends Error {
  override readonly name = 'Exceeded';

  constructor(readonly limit: Limit) {
    super(limit);
  }
}

class Run {
  private readonly store: StateStore;
  private readonly links = new Links();
  private readonly state: MachineState;
  private readonly next: MachineState;
  private readonly spare: MachineState;
  private readonly symmetry: Symmetry | undefined;
  private readonly mode: Mode;
  private transitions = 0;
  private readonly cut = new Set<Span>();

  constructor(
    private readonly machine: Machine,
    private readonly options: ExploreOptions,
    /** Final states that were handed out. */
    private readonly finals: StateStore,
  ) {
    const { width } = machine;
    this.store = new StateStore(width);
    this.state = new Int32Array(width);
    this.next = new Int32Array(width);
    this.spare = new Int32Array(width);
    const reduce = options.reduce ?? true;
    this.mode = { machine, reduce, settle: reduce && !options.shortest };
    const { symmetry } = machine;
    this.symmetry = options.symmetry && symmetry && symmetry.generators > 0 ? symmetry : undefined;
  }

  get states(): number {
    return this.store.size;
  }

  /** Undefined: a symmetry has failed. */
  run(): Exploration | undefined {
    const { machine } = this;
    machine.watch?.(() => {
      const limit = this.exceeded();
      if (limit) throw new Exceeded(limit);
    });
    try {
      return this.visit();
    } catch (error) {
      if (error instanceof Exceeded) return this.result({ limit: error.limit });
      if (error instanceof LimitReached) return this.result({ limit: error.kind });
      throw error;
    } finally {
      machine.watch?.(undefined);
    }
  }

  private visit(): Exploration | undefined {
    const { machine, store, state } = this;
    const steps: Transition[] = [];
    machine.writeInitial(this.next);
    let stopped = this.reach(-1);
    for (let at = 0; at < store.size && !stopped; at++) {
      const limit = this.limit(at);
      if (limit) return this.result({ limit });
      store.read(at, state);
      steps.length = 0;
      stepsFrom(this.mode, state, steps);
      for (let index = 0; index < steps.length && !stopped; index++) {
        machine.apply(state, steps[index], this.next);
        this.transitions++;
        stopped = this.reach(at);
      }
    }
    if (stopped === 'asymmetric') return undefined;
    return this.result({});
  }

  /** Notes the state in `next`, or the one that steps that stand alone lead to. Says what ends the run, if anything does. */
  private reach(from: number): 'asymmetric' | 'final' | undefined {
    const { machine, next, symmetry } = this;
    this.options.visited?.(next);
    this.transitions += settle(this.mode, next, this.spare, (state) => this.options.visited?.(state));
    if (symmetry && !symmetry.normalise(next)) return 'asymmetric';
    if (this.store.add(next) >= 0) return undefined;
    this.links.add(from);
    const limit = machine.limit(next);
    if (limit?.span) this.cut.add(limit.span);
    const isFinal = !limit && machine.isFinal(next);
    return (isFinal ? this.final(next) : this.failed(next)) ? 'final' : undefined;
  }

  /** Hands out a final state, and those symmetric to it. True when that ends the exploration. */
  private final(state: MachineState): boolean {
    const { finals, symmetry } = this;
    const known = finals.size;
    if (finals.add(state) >= 0) return false;
    const one = new Int32Array(state.length);
    const other = new Int32Array(state.length);
    for (let at = known; at < finals.size; at++) {
      finals.read(at, one);
      if (this.ended(one)) return true;
      for (let generator = 0; symmetry && generator < symmetry.generators; generator++) {
        symmetry.image(generator, one, other);
        finals.add(other);
      }
    }
    return false;
  }

  private ended(state: MachineState): boolean {
    const errors = this.machine.errors(state);
    if (errors === 0) return this.options.final(state);
    return this.options.failed?.(errors, state, true) ?? false;
  }

  private failed(state: MachineState): boolean {
    const errors = this.machine.errors(state);
    return errors !== 0 && (this.options.failed?.(errors, state, false) ?? false);
  }

  private limit(at: number): Limit | undefined {
    const { maxStates, progress } = this.options;
    if (this.store.size > (maxStates ?? Number.POSITIVE_INFINITY)) return 'states';
    if (at % POLL_INTERVAL !== 0) return undefined;
    progress?.(this.store.size, this.transitions);
    return this.exceeded();
  }

  private exceeded(): Limit | undefined {
    const { expired, maxBytes } = this.options;
    look();
    if (expired?.()) return 'timeout';
    return this.bytes + (this.machine.bytes ?? 0) > (maxBytes ?? DEFAULT_MAX_BYTES) ? 'memory' : undefined;
  }

  private get bytes(): number {
    return this.store.bytes + this.links.bytes + this.finals.bytes;
  }

  private result(outcome: Pick<Exploration, 'limit'>): Exploration {
    const { mode, store, links, symmetry } = this;
    return {
      states: store.size,
      transitions: this.transitions,
      bytes: this.bytes,
      ...outcome,
      cut: [...this.cut],
      trace: (target) => replay({ ...mode, symmetry, store, links }, target),
    };
  }
}
