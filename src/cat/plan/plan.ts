import type { Dynamic } from '../terms/model-values.js';
import type { Check, Model, Stage, Term } from '../terms/terms.js';

/** What a step computes; `a` and `b` are the numbers of the terms it reads. */
export type StepKind =
  | 'union'
  | 'intersection'
  | 'difference'
  | 'complement'
  | 'compose'
  | 'inverse'
  | 'plus'
  | 'star'
  | 'optional'
  | 'identity'
  | 'product'
  | 'domain'
  | 'range'
  | 'empty'
  | 'copy'
  | 'restrictDomain' // [a] ; b
  | 'restrictRange' // a ; [b]
  | 'fixpoint' // `group`, all its variables
  | 'dynamic'; // `computed`

/** One operation on the arena: `slot` becomes the result of `kind` on slots `a` and `b`. */
export interface PlanStep {
  readonly kind: StepKind;
  readonly sort: 'set' | 'relation';
  readonly slot: number;
  readonly a: number;
  readonly b: number;
  readonly group?: PlannedGroup;
  readonly computed?: Computed;
}

/** What is computed outside of the arena, and where the terms stand that it may look at. */
export interface Computed {
  readonly dynamic: Dynamic;
  readonly slots: ReadonlyMap<Term, number>;
}

/**
 * A `with x from`: for each relation that `computed` gives, the slot becomes it, `steps` bring up to date
 * what depends on it, and `checks` are decided. What `computed` needs is up to date before.
 */
export interface PlannedChoice {
  readonly slot: number;
  readonly computed: Computed;
  readonly steps: readonly PlanStep[];
  readonly checks: readonly PlannedCheck[];
}

export interface PlannedGroup {
  readonly variables: readonly number[];
  readonly results: readonly number[];
  readonly steps: readonly PlanStep[];
  /**
   * Makes the results of the first round, from empty variables; -1 for one that is empty. Absent when the
   * round has to be gone through.
   */
  readonly first?: { readonly steps: readonly PlanStep[]; readonly results: readonly number[] };
}

export interface PlannedCheck {
  readonly check: Check;
  readonly slot: number;
  readonly stage: Stage;
}

/** A place in the arena for one term. */
export interface Slot {
  readonly sort: 'set' | 'relation';
}

/** A base that must be filled in. */
export interface PlannedBase {
  readonly name: string;
  readonly slot: number;
}

/**
 * A model as work to do, in the order in which its inputs become known. A check `prunes` when its violation
 * on a part of an execution is final: it is acyclic, irreflexive or empty, of a growing term. All others wait
 * for the whole execution.
 */
export interface Plan {
  readonly model: Model;
  readonly slots: readonly Slot[];
  /** Bases that the graph alone determines. */
  readonly bases: readonly PlannedBase[];
  /** Slots of the relations that the search changes: there whether the model uses them or not. */
  readonly rf: number;
  readonly co: number;
  /** Slot of the set FW; -1 when the model does not use it. */
  readonly finalWrites: number;
  /**
   * Slot of the relation that holds between events with different values; -1 when the model does not use it.
   */
  readonly differentValues: number;
  /** Slot of the set of events that co orders; -1 when they are the writes. */
  readonly ordered: number;
  /** Choices that the program alone determines: made before rf, each making executions of its own. */
  readonly programChoices: readonly PlannedChoice[];
  /** Choices that are made when rf and co are complete; `checks` of each are decided once it is made. */
  readonly choices: readonly PlannedChoice[];
  readonly steps: {
    /** Once per graph, before any choice. */
    readonly program: readonly PlanStep[];
    /** After each change of rf, for the checks that prune; then after each change of co. */
    readonly pruneReads: readonly PlanStep[];
    readonly pruneCoherence: readonly PlanStep[];
    /** What the checks that do not prune need besides: once rf is complete, and once co is. */
    readonly finalReads: readonly PlanStep[];
    readonly finalCoherence: readonly PlanStep[];
  };
  readonly checks: {
    /** Decided by the graph alone. */
    readonly program: readonly PlannedCheck[];
    /** Prune on rf alone; on rf and co. */
    readonly pruneReads: readonly PlannedCheck[];
    readonly pruneCoherence: readonly PlannedCheck[];
    /** Do not prune: decided once rf is complete, or once both are. */
    readonly finalReads: readonly PlannedCheck[];
    readonly finalCoherence: readonly PlannedCheck[];
    /** Mark an execution that is consistent. */
    readonly flags: readonly PlannedCheck[];
    /** Must hold of every execution that is consistent. */
    readonly assertions: readonly PlannedCheck[];
  };
}
