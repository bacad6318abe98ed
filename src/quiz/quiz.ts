import type { Era } from '../kernel/index.js';

/** Something that the reader can switch: a primitive that is there or not, a place where a handler runs. */
export interface Switch {
  readonly name: string;
  /** Its positions; the first is the one to begin with. */
  readonly positions: readonly string[];
}

/** One form of a quiz's program: a test that ships. */
export interface Variant {
  readonly label: string;
  /** Its path under litmus/. */
  readonly test: string;
  /** A position of each switch of the quiz, in order. */
  readonly at: readonly string[];
}

/**
 * A question about memory ordering whose answer is found by checking tests that ship. Its texts explain; what
 * can happen and what can not, they leave to the runs.
 */
export interface Quiz {
  /** How it is called on the command line. */
  readonly name: string;
  readonly title: string;
  /** Where it comes from: a document, a paper, a manual. */
  readonly source: string;
  /** Paragraphs. */
  readonly question: readonly string[];
  /** What the runs say of each variant on each machine: whether this can be. */
  readonly asked: string;
  /** The error with memory that is asked for, where it is not the test's condition. */
  readonly error?: string;
  readonly switches: readonly Switch[];
  /** The first is the program as the question has it. */
  readonly variants: readonly Variant[];
  /** Columns of the table: models, which for C tests are targets of the same name too. */
  readonly machines: readonly string[];
  /** The kernel whose mapping of primitives is meant, for C tests. */
  readonly era: Era;
  /** The variant, by label, and the machine of the execution that is told. */
  readonly story?: {
    readonly variant: string;
    readonly machine: string;
    /** A machine whose steps to the same are told as well. */
    readonly walk?: string;
  };
  /** Paragraphs. */
  readonly answer: readonly string[];
}
