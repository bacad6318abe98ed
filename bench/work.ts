/**
 * What the bench measures, as data: one piece of work is done in a process of its own, so that the first pass
 * is cold and the peak memory is that of this work.
 */
import type { Question, SearchStrategy } from '../src/check/index.js';
import type { Era, TargetName } from '../src/kernel/index.js';

/** The axiomatic engine by its searches, and the machine of the model's name. */
export type Engine = SearchStrategy | 'machine';

/** A corpus of litmus files, or one program of a family. */
export type Subject =
  | { readonly kind: 'corpus'; readonly folder: string; readonly files: readonly string[] }
  /** A program of families.ts, whose condition can be reached, or cannot. */
  | { readonly kind: 'verdict'; readonly family: string; readonly reachable: boolean }
  /** A program of test/operational/families.ts, of which all final states are listed. */
  | { readonly kind: 'states'; readonly family: string; readonly size: number };

export interface Work {
  readonly subject: Subject;
  readonly model: TargetName;
  /** Whose code the kernel's primitives have, in C. */
  readonly era: Era;
  readonly question: Question;
  readonly engine: Engine;
  /** Milliseconds after which a test is given up. */
  readonly limit: number;
  /** Seconds in which warm passes may begin. */
  readonly warm: number;
}

/** How much an engine went through; the same on every machine. */
export interface Counts {
  decisions: number;
  conflicts: number;
  executions: number;
  /** Of a machine: the states visited and the steps between them. */
  states: number;
  transitions: number;
}

export interface Figure {
  /** Seconds of the first pass in a fresh process, models compiled and all. */
  readonly cold: number;
  /** Seconds of the best later pass; the first one's where there was no time for another. */
  readonly warm: number;
  readonly tests: number;
  /** Tests that were answered within the limit; the others count with the limit as their time. */
  readonly through: number;
  /** Of a single program. */
  readonly verdict?: string;
  /** Final states, where they are listed. */
  readonly found: number;
  readonly counts: Counts;
  /** Peak memory of the process, in MB. */
  readonly memory: number;
}
