import type { Code, Regions, RegisterId, Value } from '../program/index.js';
import { joinsOf, NEVER } from './control.js';
import type { Symbolic } from './symbolic.js';
import type { PathConstraint, TraceDecision, TraceEvent } from './trace.js';

/**
 * A register's content, and the reads that it was computed from (a dependency counts even where the value does not vary). `choices` are
 * reads that decided, through branches, which of several values it has.
 */
export interface Content {
  readonly value: Symbolic;
  readonly reads: readonly number[];
  /** In C: the reads that decided, through branches that it was assigned in, that the register holds this. A branch on it depends on them. */
  readonly chosenBy?: readonly number[];
  readonly choices: readonly number[];
}

/** A branch that has been taken, or a call to an address: the reads that decided it. */
export interface Control {
  /** Where it is in the code; -1 for the call of the frame. */
  readonly pc: number;
  /** Where it controls no more. */
  readonly join: number;
  readonly reads: readonly number[];
  /** Those that chose what it looked at. */
  readonly choices: readonly number[];
}

/** Code being run: a thread's own, or a called function's. */
export interface Frame {
  readonly code: Code;
  pc: number;
  readonly registers: Content[];
  /** What still controls what is executed. */
  control: readonly Control[];
  /** The caller's register for the result. */
  readonly result?: RegisterId;
}

/** A path under way. */
export interface Path {
  readonly frames: Frame[];
  readonly events: TraceEvent[];
  readonly constraints: PathConstraint[];
  /** The load-locked that the next store-conditional pairs with; -1 when there is none. */
  locked: number;
  /** Where the thread stands, for grace periods and interrupts. */
  regions: Regions;
  /** The value that the address or callee of the next instruction has on this path, where a split fixed it. */
  resolved?: Value;
  steps: number;
  /** How often something was decided that the code alone does not: by what is read, or whether a store-conditional succeeds. */
  choices: number;
  /** For each jump back: how many choices there were when it was last taken, and how often it was taken with new ones since. */
  readonly loops: Map<string, { choices: number; rounds: number }>;
  /** By site: how many objects were allocated there. */
  readonly allocated: number[];
  readonly decisions: TraceDecision[];
}

export const NOTHING: readonly number[] = [];

export function constantly(value: Value): Content {
  return { value: { kind: 'constant', value }, reads: NOTHING, choices: NOTHING };
}

export const ZERO: Content = constantly(0n);

export function constrain(path: Path, value: Symbolic, truth: boolean): void {
  if (value.kind === 'constant') return;
  path.constraints.push({ value, truth, at: path.events.length });
  path.choices++;
}

export function joinOf(code: Code, pc: number): number {
  const join = joinsOf(code)[pc];
  return join < 0 ? NEVER : join;
}

export function copy(path: Path): Path {
  return {
    frames: path.frames.map((frame) => ({ ...frame, registers: [...frame.registers] })),
    events: [...path.events],
    constraints: [...path.constraints],
    locked: path.locked,
    regions: path.regions,
    steps: path.steps,
    choices: path.choices,
    loops: new Map(path.loops),
    allocated: [...path.allocated],
    decisions: [...path.decisions],
  };
}

export function union(left: readonly number[], right: readonly number[]): readonly number[] {
  if (right.length === 0 || left === right) return left;
  if (left.length === 0) return right;
  const all = new Set(left);
  for (const read of right) all.add(read);
  return all.size === left.length ? left : [...all].sort((a, b) => a - b);
}
