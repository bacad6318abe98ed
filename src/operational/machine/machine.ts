import type { Span } from '../../diagnostics.js';
import type { Architecture } from '../../kernel/index.js';
import {
  type CellId,
  type ErrorName,
  errorNames,
  type Fault,
  type Liveness,
  type Program,
  type RegisterId,
  type ThreadId,
  type ValueId,
  type ValueTable,
} from '../../program/index.js';
import type { MachineView } from './view.js';

/** A state as a tuple of integers of the machine's width; what each means is the machine's own business. */
export type MachineState = Int32Array;

/** A step that a machine can make in a state: a number whose meaning is the machine's own. */
export type Transition = number;

/** What a thread could not do in a run, by which the run is in error. */
export interface MachineFault extends Fault {
  readonly thread: ThreadId;
}

/** The bit of an error in what `Machine.errors` gives. */
export const errorBit = (error: ErrorName): number => 1 << errorNames.indexOf(error);

/**
 * An abstract machine that runs one program. It holds no current state: `transitions` says what can happen in a state and `apply`
 * what becomes of it, so that an explorer, a random walk or a person can drive it. Two states are the same exactly if their tuples are.
 */
export interface Machine {
  readonly name: string;
  /** Integers in a state. */
  readonly width: number;
  writeInitial(into: MachineState): void;
  /** Appends to `out` every step that is possible in the state, in a fixed order. None is possible in a final state. */
  transitions(state: MachineState, out: Transition[]): void;
  /** Writes the state after a step that `transitions` has offered. `into` is another array than `state`. */
  apply(state: MachineState, transition: Transition, into: MachineState): void;
  /** Whether every thread is through and nothing is left to take effect. */
  isFinal(state: MachineState): boolean;
  /** Where a thread is that is not followed any further, if one is. */
  limit(state: MachineState): { readonly span?: Span } | undefined;
  /**
   * The errors that the run is in that leads to the state: a bit for each, by its place in `errorNames`. While what was done may yet turn out
   * not to have happened, 0.
   */
  errors(state: MachineState): number;
  /** Of these, those that are what a thread could not do. */
  faults(state: MachineState): readonly MachineFault[];
  /** What a register holds. Only what the final state shows is kept to the end. */
  register(state: MachineState, thread: ThreadId, register: RegisterId): ValueId;
  /** What memory holds. */
  memory(state: MachineState, cell: CellId): ValueId;
  /** The step as one sentence, before it is made: `CPU1 loads x = 0 from memory`. */
  describe(state: MachineState, transition: Transition): string;
  /** The location that a step is about, if it is about one: it is accessed, or leaves or enters a buffer or a cache. */
  cell(state: MachineState, transition: Transition): CellId | undefined;
  /** The state as a person reads it. */
  view(state: MachineState): MachineView;
  /** @throws Error when the state breaks one of the machine's invariants */
  checkInvariants(state: MachineState): void;

  // What follows saves an explorer work. A machine need not have it.

  /**
   * Appends to `out` steps that may stand for all that are possible: a persistent set (Godefroid, Partial-order methods for the
   * verification of concurrent systems, 1996, chapter 4). That is, whatever can happen from here on without them commutes with each of
   * them, and neither takes the other's possibility away; so every final state is still reached, by as many steps. On every cycle
   * of states there is one where these are all the steps, so that no step is put off for ever, and no fault is missed.
   */
  representatives?(state: MachineState, out: Transition[]): void;
  /** One step that may stand for all, as the only one of `representatives` may, or -1. Such a step is made at once. */
  alone?(state: MachineState): Transition;
  /**
   * Rewrites a state to one from which the same can happen and the same final states are reached, as far as they are shown. The aim is
   * that few are left to tell apart.
   */
  collapse?(state: MachineState): void;
  /** How states can be exchanged for one another because the program looks the same from them. */
  readonly symmetry?: Symmetry;

  // What follows is of machines for which one step can be much work.

  /** Bytes, about, of what the machine has worked out so far about its threads and buffers. @default 0 */
  readonly bytes?: number;
  /** Has the machine call `poll` now and then in what may take long, or no more. What `poll` throws ends that; the machine stays fit for use. */
  watch?(poll: (() => void) | undefined): void;
}

/**
 * Symmetries of a machine's states (Ip and Dill, Better verification through symmetry, 1996): one-to-one maps of reachable states to
 * reachable states that take the initial state to itself, steps to steps, final states to final states and faults to
 * faults. Each generator is its own inverse. What they generate parts the states into orbits, of which one state each is explored.
 */
export interface Symmetry {
  /** How many generators there are. None is a common number. */
  readonly generators: number;
  /** Writes the image of a state under a generator. `into` is another array than `state`. */
  image(generator: number, state: MachineState, into: MachineState): void;
  /**
   * Rewrites a state, just reached from one that was explored, to one of its orbit.
   * @param used gets the generators by which that is done, in their order
   * @returns false when a generator turns out to be no symmetry. It is dropped. All the states seen are reachable
   * nevertheless, but others may have been passed by: explore again.
   */
  normalise(state: MachineState, used?: number[]): boolean;
}

/** What makes a machine for a program. */
export interface MachineKind {
  readonly name: string;
  readonly title: string;
  /** Whose code for the kernel's primitives a C program is run with. */
  readonly architecture: Architecture;
  /**
   * @param values numbers for the values of the program; the machine's own values get theirs from it too
   * @param liveness the registers that must be kept
   */
  create(program: Program, values: ValueTable, liveness: Liveness): Machine;
}
