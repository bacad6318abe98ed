import type { ExecutionGraph } from '../../execution/index.js';
import type { ErrorName, Observable, Proposition, ValueId } from '../../program/index.js';
import type { ErrorEvent } from './possible-errors.js';

/** What the search has determined of an execution so far; complete when it is handed over as found. */
export interface PartialExecution {
  readonly graph: ExecutionGraph;
  /** What a register holds at the end, or `UNKNOWN`. */
  register(thread: number, register: number): ValueId;
  /** What a location holds at the end, or `UNKNOWN`. */
  final(cell: number): ValueId;
  /** What a read returns or a write stores, or `UNKNOWN`. */
  value(event: number): ValueId;
  /** The write that a read reads from, or -1. */
  source(read: number): number;
  /** Whether a write is known to take effect before another to the same location. */
  coherenceBefore(write: number, later: number): boolean;
  /** Of a complete execution: what each of the model's acyclic checks puts in order, as pairs of events. */
  orders(): readonly (readonly (readonly [number, number])[])[];
  /** Names of the model's flags that a complete execution raises. */
  flags(): readonly string[];
  /**
   * Of a flag that a complete execution raises: the events, alone or in pairs, that are why; none where no
   * few events are.
   */
  flagged(flag: string): readonly (readonly number[])[];
  /** Whether the execution can still turn out to raise a flag of the model, or to be in an error. */
  mayRaise(flag: string): boolean;
  /**
   * Whether values in a complete execution depend on themselves and nothing fixes them: they are symbolic.
   */
  hasSymbolicValues(): boolean;
  /** Whether it is certain to be in an error, so that it has no final state. */
  isInError(): boolean;
  /** The errors of a complete execution. */
  errors(): readonly ErrorEvent[];
}

/** Executions to look for: one, or where states are listed one of each new state, or every one. */
export interface Goal {
  /** What they have to satisfy. */
  readonly wanted: Proposition;
  /** Whether no more are needed. */
  answered(): boolean;
  /** Where states are listed: what a state shows, and whether that of an execution is known already. */
  readonly states?: { readonly shown: readonly Observable[]; known(execution: PartialExecution): boolean };
  readonly every?: true;
  /**
   * The error that they are to be in; `none`: they are to be in none. @default whether they are in one does
   * not matter
   */
  readonly error?: ErrorName | 'none';
}

/** What is asked: it prunes and ends the search. */
export interface ExecutionCollector {
  /** What to look for, one after the other; undefined when every execution is asked for. */
  goals?(): readonly Goal[] | undefined;
  /** What executions have to satisfy to count at all. */
  readonly filter?: Proposition | undefined;
  /** Flags that executions found have raised. */
  readonly raised?: ReadonlySet<string>;
  /** Whether no execution below this point of the search can tell anything new. */
  settled(execution: PartialExecution): boolean;
  /**
   * Takes a consistent execution. True ends the whole search.
   * @param times how many executions it stands for, all with the same end; 1 when absent, and more than 1
   * only if the collector `counts`
   */
  found(execution: PartialExecution, times?: number): boolean;
  /**
   * Takes what may be a consistent execution: values in it depend on themselves, and it cannot be said what
   * they are, or whether there are any. Those of them are `UNKNOWN`.
   */
  undetermined?(execution: PartialExecution): void;
  /** Whether it only counts executions and looks at how they end. */
  readonly counts?: boolean;
  /** Is told, before the search, which flags executions of the program can raise at all. */
  expectFlags?(names: ReadonlySet<string>): void;
  /** Locations whose final value is asked for; all when absent. */
  readonly shown?: ReadonlySet<number>;
}

/** What the search did: the same on every machine. */
export interface SearchCounts {
  /** Combinations of paths, one a CPU, that were looked at; for each aim anew. */
  graphs: number;
  /** Choices of a source, or of the order of two writes, that were tried. */
  decisions: number;
  /** Dead ends that something was learned from; only the directed search does. */
  conflicts: number;
  /** Consistent executions visited. */
  executions: number;
  /**
   * Of executions that the model allows, those with values that depend on themselves and cannot be
   * determined.
   */
  circular: number;
}
