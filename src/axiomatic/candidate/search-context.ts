import type { Exclusions, Plan } from '../../cat/index.js';
import type { ValueTable } from '../../program/index.js';
import type { ArenaPool } from './arena-pool.js';
import type { ExecutionCollector, SearchCounts } from './collector.js';

/** What the searches of one program under one model share. */
export interface SearchContext {
  readonly plan: Plan;
  /**
   * Whether the model requires coherence per location (cat's `coherenceIsRequired`), and the search may count
   * on it.
   */
  readonly coherent: boolean;
  /** Whether to generate every candidate execution and test it when it is complete. */
  readonly naive?: boolean;
  /** Whether executions may be in error. */
  readonly mayErr: boolean;
  /**
   * Whether executions that differ in the order of writes to independent locations may be counted without a
   * look at each.
   */
  readonly sharing?: boolean;
  /** Looks ahead in a graph that the directed search takes before it has earned one. */
  readonly looks?: number;
  /** Conflicts in a graph after which the directed search looks more closely. */
  readonly strengthenAfter?: number;
  /** Paths of values from write to write that it then tells apart. */
  readonly mostPaths?: number;
  readonly values: ValueTable;
  readonly collector: ExecutionCollector;
  readonly counts: SearchCounts;
  /** By term of the plan's model: on whose paths it depends. */
  readonly dependence: Int8Array;
  /** What the plan's checks exclude. */
  readonly exclusions: Exclusions;
  readonly arenas: ArenaPool;
}
