import type { Edit } from './edits.js';

/**
 * How far a primitive is weakened: to what a program without it would have (`plain`); or, for the
 * Linux-kernel model, in which plain accesses race, only to a READ_ONCE() or WRITE_ONCE().
 */
export type Weakness = 'plain' | 'once';

/** A place of a program where it asks for order: a barrier, an access that is more than plain, a section. */
export interface Site {
  /** As the program has it: `smp_mb()`, `rcu_dereference(p)`; both ends of a section. */
  readonly text: string;
  /** Line of the text, from 1; the first where there are several. */
  readonly line: number;
  /** The thread or function that it stands in. */
  readonly within: string;
  /** What is left when it is weakened: `nothing`, `a plain load`, `READ_ONCE()`. */
  remains(weakness: Weakness): string;
  /** What makes it so. */
  weakening(weakness: Weakness): readonly Edit[];
}
