import { tick } from '../limits.js';
import {
  copyOfFrames,
  type Fault,
  type Frame as ProgramFrame,
  readsOf,
  type Symbolic,
  type ThreadState,
  type Value,
  valuesEqual,
} from '../program/index.js';
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

export type Frame = ProgramFrame<Content, readonly Control[]>;

/** A path under way. */
export interface Path extends ThreadState<Content, readonly Control[]> {
  readonly events: TraceEvent[];
  readonly constraints: PathConstraint[];
  /** The load-locked that the next store-conditional pairs with; -1 when there is none. */
  locked: number;
  /** How often something was decided that the code alone does not: by what is read, or whether a store-conditional succeeds. */
  choices: number;
  /** For each jump back. */
  readonly loops: Map<string, Loop>;
  readonly decisions: TraceDecision[];
}

/** Where a path came round a loop last: what there was then, and how often it has come round with new choices, and with nothing changed. */
export interface Loop {
  readonly choices: number;
  readonly rounds: number;
  readonly repeats: number;
  readonly events: number;
  readonly registers: readonly Content[];
}

/** A path comes round a loop. */
export function roundOf(path: Path, frame: Frame, before: Loop | undefined): Loop {
  const { choices, events } = path;
  // In one that has gone wrong nothing is decided any more that counts.
  const decided = path.misled || choices > (before?.choices ?? 0);
  const rounds = (before?.rounds ?? 0) + (decided ? 1 : 0);
  // With nothing decided by what is read, and the same constants in its registers, a thread goes the same way again, for ever.
  const isSameRound =
    before !== undefined &&
    !decided &&
    before.registers.every((content, register) => isSame(content, frame.registers[register]));
  const repeats = isSameRound ? before.repeats + 1 : 0;
  return { choices, rounds, repeats, events: events.length, registers: [...frame.registers] };
}

/** Whether two contents decide the same: constants that are the same, or what is read, on which nothing was decided. */
function isSame({ value: one }: Content, { value: other }: Content): boolean {
  if (one === other) return true;
  if (one.kind === 'constant' && other.kind === 'constant') return valuesEqual(one.value, other.value);
  return one.kind !== 'constant' && other.kind !== 'constant';
}

export const NOTHING: readonly number[] = [];

export function constantly(value: Value): Content {
  return { value: { kind: 'constant', value }, reads: NOTHING, choices: NOTHING };
}

export const ZERO: Content = constantly(0n);

/** What computing a value comes to. */
export function choose(path: Path, value: Symbolic, fault: Fault | 'none'): void {
  if (readsOf(value).length === 0) return;
  path.constraints.push({ value, fault, at: path.events.length });
  path.choices++;
}

export function constrain(path: Path, value: Symbolic, truth: boolean): void {
  if (value.kind === 'constant') return;
  path.constraints.push({ value, truth, at: path.events.length });
  path.choices++;
}

export function copy(path: Path): Path {
  tick(path.events.length >>> 4);
  return {
    frames: copyOfFrames(path.frames),
    allocated: [...path.allocated],
    regions: path.regions,
    misled: path.misled,
    steps: path.steps,
    rounds: path.rounds,
    checked: path.checked,
    truth: path.truth,
    target: path.target,
    events: [...path.events],
    constraints: [...path.constraints],
    locked: path.locked,
    choices: path.choices,
    loops: new Map(path.loops),
    decisions: [...path.decisions],
  };
}

export function union(left: readonly number[], right: readonly number[]): readonly number[] {
  if (right.length === 0 || left === right) return left;
  if (left.length === 0) return right;
  tick((left.length + right.length) >>> 4);
  const all = new Set(left);
  for (const read of right) all.add(read);
  return all.size === left.length ? left : [...all].sort((a, b) => a - b);
}
