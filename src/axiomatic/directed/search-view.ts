import type { PartialExecution } from '../candidate/collector.js';
import type { Solver } from '../sat/solver.js';
import type { Variables } from './variables.js';

/** Is told what of the program a refutation rests on. */
export interface Paths {
  /** The path of a CPU, by number; or by a thread that runs on it. */
  cpu(cpu: number): void;
  thread(thread: number): void;
  /** Which writes to a location there are. */
  writers(cell: number): void;
  all(): void;
  /** Groups of CPUs that do the same, and at whose registers nothing that is wanted looks. */
  alike(): readonly (readonly number[])[];
}

/** What a directed search knows of its graph, for those who draw conclusions from it. */
export interface Ground extends PartialExecution {
  readonly variables: Variables;
  readonly solver: Solver;
  /** By target: the variable of its source; -1 while that is open. */
  readonly chosen: Int32Array;
  readonly paths: Paths;
  /** A conclusion rests on an event, and what its CPU's path says of it. */
  event(event: number): void;
  /** Why reads return what they do: their sources, and the sources of what those store. */
  explainReads(reads: readonly number[], into: number[]): void;
  /** Why the last write to a location is that. */
  explainLast(cell: number, into: number[]): void;
}
