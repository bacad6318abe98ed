import type { Source, Span, Warning } from '../../diagnostics.js';
import type { Condition, Observable, Program, Proposition, WholeArray } from '../../program/index.js';

/** How often, among the final states, a proposition holds. */
export type Verdict = 'Never' | 'Sometimes' | 'Always';

/**
 * What a test's author says a model answers: in a comment or info line, `Expect: i386 Never; alpha Sometimes
 * with use-after-free`.
 */
export interface Expectation {
  /** A model's name; `lkmm` for the kernel's own `Result: Never`. */
  readonly model: string;
  readonly verdict: Verdict;
  /**
   * Names of the flags that are raised, and of the errors with memory that there are: all of them. The
   * kernel's form says nothing of them.
   */
  readonly flags?: readonly string[];
  readonly span: Span;
}

/** A litmus file, read. */
export interface LitmusTest {
  readonly name: string;
  readonly source: Source;
  /** `Key=value` lines of the head, in order, and the quoted description under key `""`. */
  readonly info: readonly (readonly [string, string])[];
  /** With kernel primitives still in it, for dialect C. */
  readonly program: Program;
  readonly condition: Condition;
  /** What `locations [...]` lists. */
  readonly locations: readonly (Observable | WholeArray)[];
  readonly filter?: Proposition;
  readonly expectations: readonly Expectation[];
  readonly warnings: readonly Warning[];
}
