import type { SourceError, Span } from '../../diagnostics.js';

/**
 * Terms: what a model comes down to once its functions and names are gone. A term is a set of events or a
 * relation over them, made from the base sets and relations of an execution. Equal terms are one object
 * (hash-consing), so that work is shared between checks.
 */

/**
 * What a term's value depends on, from the earliest known to the latest. A term is as late as its latest
 * part.
 */
export type Stage = 0 | 1 | 2 | 3;
/** Program: fixed once each thread's path and the locations of its accesses are. */
export const PROGRAM: Stage = 0;
/** Reads-from: changes as rf grows. */
export const READS_FROM: Stage = 1;
/** Coherence: changes as co grows. */
export const COHERENCE: Stage = 2;
/** Choice: depends on a `with x from` that can only be made once rf and co are complete. */
export const CHOSEN: Stage = 3;

export type Sort = 'set' | 'relation';

/** Operators; in comments, `a` and `b` are the arguments in order. */
export type Operator =
  | 'base' // a name of execution/vocabulary.ts, in `name`
  | 'variable' // bound by the `recursive` term `group`, its place there in `index`
  | 'recursive' // the value of variable `index` of `group`, as a least fixpoint
  | 'empty'
  | 'union' // a | b
  | 'intersection' // a & b
  | 'difference' // a \ b
  | 'complement' // ~a
  | 'compose' // a ; b
  | 'inverse' // a^-1
  | 'plus' // a+
  | 'star' // a*
  | 'optional' // a?
  | 'identity' // [a], of a set
  | 'product' // a * b, of two sets
  | 'domain' // of a relation, a set
  | 'range' // of a relation, a set
  | 'dynamic' // computed by `dynamic` on each execution; the arguments are what it may look at
  | 'choice'; // the relation of choice `index` among those that `dynamic` gives

export interface Term {
  /**
   * Small and dense within one model: an index for tables. A term's arguments have smaller numbers, but for
   * recursion.
   */
  readonly id: number;
  readonly sort: Sort;
  readonly operator: Operator;
  readonly args: readonly Term[];
  /** Of a `base`; of a `variable` or `recursive`, what the model calls it. */
  readonly name?: string;
  /** Of a `variable` or `recursive`. */
  readonly group?: RecursiveGroup;
  readonly index?: number;
  /**
   * Of a `dynamic` or `choice`. Its inputs are the terms as they were made; `args` are the same, as the model
   * has them.
   */
  readonly dynamic?: Deferred;
  readonly stage: Stage;
  /**
   * Whether the term can only gain members as rf and co do: they occur in it only positively. What such a
   * term violates on a part of an execution, it violates on the whole.
   */
  readonly growing: boolean;
}

/** What is left to each execution; values.ts says how it is computed. */
export interface Deferred {
  /** Every term that may be looked at. */
  readonly inputs: readonly Term[];
  readonly span: Span;
}

/**
 * Mutually recursive definitions: the least fixpoint of `bodies` over `variables`, from the empty set or
 * relation. A group never depends on variables of another: nested ones are merged. Its terms have no
 * arguments.
 */
export interface RecursiveGroup {
  readonly variables: readonly Term[];
  /** One for each variable; filled when the group is complete. */
  readonly bodies: readonly Term[];
}

/** A requirement of the model on every execution, or a flag that it raises on some. */
export interface Check {
  readonly kind: 'acyclic' | 'irreflexive' | 'empty';
  /** `~acyclic r`: holds when the test does not. */
  readonly negated: boolean;
  /** @internal */
  readonly term: Term;
  /** What `as name` gives, or a name made from the place: always there. */
  readonly name: string;
  /** A check that fails makes the execution inconsistent; a flag whose test holds only marks it. */
  readonly flag: boolean;
  /** `undefined_unless`: where the flag is raised, the model says nothing of the program. */
  readonly undefinedUnless?: true;
  /** `assert`: an execution on which it fails says that the program is not one for this model. */
  readonly assertion?: boolean;
  readonly span: Span;
}

/** A model, compiled. */
export interface Model {
  /** The file's stem or what the caller named it. */
  readonly name: string;
  /** The string at the head of the file, or the name. */
  readonly title: string;
  /** In the order of the text; flags among them. @internal */
  readonly checks: readonly Check[];
  /** All terms of the checks, arguments first: `terms[i].id === i`. Nothing that no check needs. @internal */
  readonly terms: readonly Term[];
  /**
   * What the model's text calls terms, but bases: by their own definition, or by that of a union of which
   * they are one part. Where several definitions come to the same term, the first gives its name.
   * @internal
   */
  readonly names: ReadonlyMap<Term, string>;
  /** Relations that the model asks to show (`show r as name`), for pictures. @internal */
  readonly shown: readonly { readonly name: string; readonly term: Term }[];
  /** The choices that `with x from` leaves open, in the order of the text. @internal */
  readonly choices: readonly Term[];
  /**
   * The events that co orders; undefined when they are the writes. Depends on the program alone. @internal
   */
  readonly ordered?: Term;
  /**
   * Bases that the model looks at and that are empty in many programs: sets by tag (each is the events that
   * carry a tag of that name, in whatever case), and others.
   */
  readonly tags: readonly string[];
  /** What the model says of its program's annotations, for who reads programs. @internal */
  readonly annotations: readonly Annotation[];
  /** Definitions that could not be made and that nothing uses: a misspelt name, as a rule. */
  readonly warnings: readonly SourceError[];
  /** The same model for programs where these bases are empty: what is empty is simplified away. */
  without(absent: ReadonlySet<string>): Model;
}

/** A name that the text of a model gives to a term. */
export interface Definition {
  readonly name: string;
  readonly term: Term;
}

/** `instructions F[{'mb, 'wmb}]`: events of kind F carry one tag of each list. */
export interface Annotation {
  readonly events: string;
  readonly tags: readonly (readonly string[])[];
  /** `default`: what an event without annotation carries. */
  readonly isDefault: boolean;
}
