import type { Span } from '../diagnostics.js';
import type { Fault } from '../execution/index.js';
import type { Machine, MachineState, Transition } from './machine.js';
import { StateStore } from './state-store.js';

/** What an explorer is to find out, and when it is to stop. */
export interface ExploreOptions {
  /** Called with each final state, once. True ends the exploration. */
  readonly final: (state: MachineState) => boolean;
  /** Called with each state of a run that is in error with memory: the errors, and whether it is final. True ends the exploration. */
  readonly failed?: (errors: number, state: MachineState, isFinal: boolean) => boolean;
  /** Asked every so often; true ends the exploration unfinished. */
  readonly expired?: () => boolean;
  /** States after which to give up. */
  readonly maxStates?: number;
  /** Whether to explore one step for all where the machine allows it. @default true */
  readonly reduce?: boolean;
  /** Called after every step, for tests. */
  readonly visited?: (state: MachineState) => void;
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Everything that can be reached was, unless the `final` callback ended it. */
  readonly complete: boolean;
  /** The first state found in which the program is about to do what it must not. */
  readonly fault?: Fault;
  /** Where threads were followed no further. */
  readonly cut: readonly Span[];
  /** The steps that lead to a state handed to `final`: the fewest there are. */
  trace(state: MachineState): Transition[];
}

/** States between two looks at the limits. */
const POLL_INTERVAL = 4096;

/**
 * Visits every reachable state of a machine once, breadth first. With reduction, a state in which one step may stand for all is left by
 * that step alone, unless the state that it leads to was known before: a cycle of such steps would put the others off for ever (the
 * proviso of Peled, All from one, one for all, 1993, in its breadth-first form).
 */
export function explore(machine: Machine, options: ExploreOptions): Exploration {
  const { width } = machine;
  const store = new StateStore(width);
  const links = new Links();
  const state = new Int32Array(width);
  const next = new Int32Array(width);
  const steps: Transition[] = [];
  const reduce = options.reduce ?? true;
  const maxStates = options.maxStates ?? Number.POSITIVE_INFINITY;
  let transitions = 0;
  let complete = true;
  let fault: Fault | undefined;
  const cut = new Set<Span>();
  const ended = (at: MachineState, isFinal: boolean): boolean => {
    const errors = machine.errors(at);
    if (errors !== 0) return options.failed?.(errors, at, isFinal) ?? false;
    return isFinal && options.final(at);
  };
  machine.writeInitial(state);
  store.add(state);
  links.add(-1, 0);
  options.visited?.(state);
  for (let at = 0; at < store.size; at++) {
    if (store.size > maxStates || (at % POLL_INTERVAL === 0 && options.expired?.())) {
      complete = false;
      break;
    }
    store.read(at, state);
    const found = machine.fault(state);
    if (found?.isLimit) cut.add(found.span as Span);
    else fault = found;
    if (fault || ended(state, found === undefined && machine.isFinal(state))) break;
    steps.length = 0;
    const alone = machine.transitions(state, steps) && reduce;
    for (let index = 0; index < steps.length; index++) {
      machine.apply(state, steps[index], next);
      transitions++;
      const isNew = store.add(next) < 0;
      if (isNew) {
        links.add(at, steps[index]);
        options.visited?.(next);
        if (alone && index === 0) break;
      }
    }
  }
  return {
    states: store.size,
    transitions,
    complete,
    ...(fault ? { fault } : {}),
    cut: [...cut],
    trace: (target) => {
      const index = store.add(target);
      if (index < 0) throw new Error('no such state was visited');
      return links.pathTo(index);
    },
  };
}

/** By state: the state it was first reached from, and by which step. */
class Links {
  private from: Int32Array = new Int32Array(1024);
  private by: Int32Array = new Int32Array(1024);
  private count = 0;

  add(from: number, by: Transition): void {
    if (this.count === this.from.length) {
      this.from = doubled(this.from);
      this.by = doubled(this.by);
    }
    this.from[this.count] = from;
    this.by[this.count++] = by;
  }

  pathTo(index: number): Transition[] {
    const path: Transition[] = [];
    for (let at = index; this.from[at] >= 0; at = this.from[at]) path.push(this.by[at]);
    return path.reverse();
  }
}

function doubled(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
