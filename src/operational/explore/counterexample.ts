import type { Machine, MachineState, Symmetry, Transition } from '../machine/machine.js';
import { StateStore } from './state-store.js';

/** By state: the number of the state from which it was first reached; -1 for the initial one. */
export class Links {
  private from: Int32Array = new Int32Array(1024);
  private count = 0;

  get bytes(): number {
    return this.from.byteLength;
  }

  add(from: number): void {
    if (this.count === this.from.length) {
      const larger = new Int32Array(this.count * 2);
      larger.set(this.from);
      this.from = larger;
    }
    this.from[this.count++] = from;
  }

  /** The states on the way to one, itself included, the initial one first. */
  pathTo(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at >= 0; at = this.from[at]) path.push(at);
    return path.reverse();
  }
}

/** How a machine is explored. */
export interface Mode {
  readonly machine: Machine;
  /** Whether some steps stand for all, and states are collapsed. */
  readonly reduce: boolean;
  /** Whether a step that stands alone is made at once, so that the state before it is not kept. */
  readonly settle: boolean;
}

/** What an exploration leaves behind. */
export interface Explored extends Mode {
  readonly symmetry: Symmetry | undefined;
  readonly store: StateStore;
  readonly links: Links;
}

/** Appends the steps that an exploration makes from a state. */
export function stepsFrom({ machine, reduce, settle }: Mode, state: MachineState, out: Transition[]): void {
  const alone = reduce && !settle ? (machine.alone?.(state) ?? -1) : -1;
  if (alone >= 0) out.push(alone);
  else if (reduce && machine.representatives) machine.representatives(state, out);
  else machine.transitions(state, out);
}

/**
 * Makes the steps that stand alone, one after the other, and collapses the state.
 * @param spare is written over
 * @param made gets the state after each step
 * @returns how many steps that were
 */
export function settle(
  { machine, reduce, settle }: Mode,
  state: MachineState,
  spare: MachineState,
  made: (state: MachineState) => void,
): number {
  for (let count = 0; ; count++) {
    const step = settle ? (machine.alone?.(state) ?? -1) : -1;
    if (step < 0) {
      if (reduce) machine.collapse?.(state);
      return count;
    }
    spare.set(state);
    machine.apply(spare, step, state);
    made(state);
  }
}

/**
 * The steps from the initial state to a state that was visited, or is symmetric to one.
 *
 * Each visited state came about by a step, steps that stand alone, and then generators. Those of all later visited states, and at last
 * those that lead from the last one to the target, are applied to the states on the way, from the end to the start; this makes it a way
 * of real steps, but for what was collapsed. Those steps are then made one by one.
 */
export function replay(explored: Explored, target: MachineState): Transition[] {
  const { store, links } = explored;
  const goal = collapsed(explored, target);
  const visited = goal.slice();
  explored.symmetry?.normalise(visited);
  const index = store.find(visited);
  if (index < 0) throw new Error('no such state was visited');
  const path = links.pathTo(index);
  let generators = between(explored, visited, goal);
  const way: MachineState[] = [];
  for (let at = path.length - 1; at >= 0; at--) {
    const leg = legTo(explored, path[at - 1], path[at]);
    generators = [...leg.used, ...generators];
    way.unshift(...leg.states.map((state) => image(explored, generators, state)));
  }
  return stepsAlong(explored, way);
}

/** The states from one visited state, itself left out, to the next, and what normalised the last. */
interface Leg {
  readonly states: readonly MachineState[];
  readonly used: readonly number[];
}

/** @param from the initial state when undefined */
function legTo(explored: Explored, from: number | undefined, to: number): Leg {
  const { machine, store } = explored;
  const wanted = stateOf(store, to);
  const first = new Int32Array(machine.width);
  if (from === undefined) {
    machine.writeInitial(first);
    return settledLeg(explored, first);
  }
  const steps: Transition[] = [];
  const state = stateOf(store, from);
  stepsFrom(explored, state, steps);
  for (const step of steps) {
    machine.apply(state, step, first);
    const leg = settledLeg(explored, first);
    if (equals(leg.end, wanted)) return leg;
  }
  throw new Error('a step that was made is not found again');
}

function settledLeg(explored: Explored, first: MachineState): Leg & { readonly end: MachineState } {
  const states = [collapsed(explored, first)];
  const end = first.slice();
  settle(explored, end, first.slice(), (state) => states.push(collapsed(explored, state)));
  const used: number[] = [];
  explored.symmetry?.normalise(end, used);
  return { states, used, end };
}

/** The steps that lead from the initial state along collapsed states, the first of which is the initial one. */
function stepsAlong(explored: Explored, way: readonly MachineState[]): Transition[] {
  const { machine } = explored;
  let state = new Int32Array(machine.width);
  machine.writeInitial(state);
  return way.slice(1).map((wanted) => {
    const steps: Transition[] = [];
    machine.transitions(state, steps);
    for (const step of steps) {
      const next = new Int32Array(machine.width);
      machine.apply(state, step, next);
      if (!equals(collapsed(explored, next), wanted)) continue;
      state = next;
      return step;
    }
    throw new Error('a way that was gone is not found again');
  });
}

function collapsed({ machine, reduce }: Explored, state: MachineState): MachineState {
  const copy = state.slice();
  if (reduce) machine.collapse?.(copy);
  return copy;
}

function stateOf(store: StateStore, index: number): MachineState {
  const state = new Int32Array(store.width);
  store.read(index, state);
  return state;
}

function image({ symmetry }: Explored, generators: readonly number[], state: MachineState): MachineState {
  let current = state;
  for (const generator of generators) {
    const next = new Int32Array(state.length);
    symmetry?.image(generator, current, next);
    current = next;
  }
  return current;
}

/** Generators that take a state to another one of its orbit: as few as there are. */
function between(
  { machine, symmetry }: Explored,
  state: MachineState,
  target: MachineState,
): readonly number[] {
  const seen = new StateStore(machine.width, 64);
  const ways: number[][] = [[]];
  const current = new Int32Array(machine.width);
  const next = new Int32Array(machine.width);
  seen.add(state);
  for (let at = 0; at < seen.size; at++) {
    seen.read(at, current);
    if (equals(current, target)) return ways[at];
    for (let generator = 0; symmetry && generator < symmetry.generators; generator++) {
      symmetry.image(generator, current, next);
      if (seen.add(next) < 0) ways.push([...ways[at], generator]);
    }
  }
  throw new Error('a state is not in the orbit that it was reached for');
}

function equals(left: MachineState, right: MachineState): boolean {
  return left.every((word, at) => word === right[at]);
}
