/** Where a thread is while it is run, over any domain of values. */
import { tick } from '../limits.js';
import type { RegisterId } from './ids.js';
import type { Code, Thread } from './program.js';
import { OUTSIDE, type Regions } from './regions.js';
import type { Value } from './values.js';

/** The address of an access that may be to any location. */
export const ANYWHERE = Symbol('anywhere');

/**
 * Code being run: a thread's own, or a called function's.
 * @typeParam V what registers hold: a value, or what is known of one
 * @typeParam C what controls the code that is run
 */
export interface Frame<V, C> {
  readonly code: Code;
  pc: number;
  /** How far the instruction has come: 1 once an atomic has read, 2 once it has stored; of a free, how many cells are freed. */
  stage: number;
  readonly registers: V[];
  control: C;
  /** The caller's register for the result. */
  readonly result: RegisterId | undefined;
}

/** Where a thread is. Running it changes this; `copyOf` makes another to run on from. */
export interface ThreadState<V, C> {
  readonly frames: Frame<V, C>[];
  /** By site: how many objects it has allocated there. */
  readonly allocated: number[];
  /** Where it stands, for grace periods and interrupts. */
  regions: Regions;
  /** Whether it has gone wrong: what it cannot do from then on is no fault of the program's. */
  misled: boolean;
  /** Instructions since it last had something to show. */
  steps: number;
  /** Jumps back. */
  rounds: number;
  /** What is settled of the instruction that it is at: operands without fault, the truth of a condition, an address or a callee. */
  checked: number;
  truth: boolean | undefined;
  target: Value | typeof ANYWHERE | undefined;
}

/** A thread at its start. */
export function initialState<V, C>(
  { code, initial }: Thread,
  held: (value: Value) => V,
  control: C,
): ThreadState<V, C> {
  const registers = code.registers.map((_, register) => held(initial.get(register as RegisterId) ?? 0n));
  const frame = { code, pc: 0, stage: 0, registers, control, result: undefined };
  return {
    frames: [frame],
    allocated: [],
    regions: OUTSIDE,
    misled: false,
    steps: 0,
    rounds: 0,
    checked: 0,
    truth: undefined,
    target: undefined,
  };
}

export function copyOfFrames<V, C>(frames: readonly Frame<V, C>[]): Frame<V, C>[] {
  return frames.map(({ code, pc, stage, registers, control, result }) => {
    tick(1 + (registers.length >>> 6));
    return { code, pc, stage, registers: registers.slice(), control, result };
  });
}

export function innermost<F>({ frames }: { readonly frames: readonly F[] }): F {
  return frames[frames.length - 1];
}

/** Notices that a thread comes round in a circle with nothing changed (Brent's way: the rounds between two looks double). */
export class Circle<V, C> {
  private seen: readonly Frame<V, C>[] = [];
  private regions: Regions | undefined;
  private rounds = 0;

  constructor(private readonly isSame: (one: V, other: V) => boolean) {}

  /** Whether the thread has been where it jumps back now, since the circle was made. */
  isClosedBy({ frames, regions }: ThreadState<V, C>): boolean {
    if (this.regions === regions && this.isSeen(frames)) return true;
    this.rounds++;
    if ((this.rounds & (this.rounds - 1)) === 0) {
      this.seen = copyOfFrames(frames);
      this.regions = regions;
    }
    return false;
  }

  private isSeen(frames: readonly Frame<V, C>[]): boolean {
    return (
      frames.length === this.seen.length &&
      this.seen.every(
        ({ code, pc, registers }, depth) =>
          code === frames[depth].code &&
          pc === frames[depth].pc &&
          registers.every((content, register) => this.isSame(content, frames[depth].registers[register])),
      )
    );
  }
}
