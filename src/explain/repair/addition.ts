import type { Edit } from '../primitives/edits.js';

/**
 * Something that a program could have to ask for more order: a barrier between two statements, an access that
 * orders more.
 */
export interface Addition {
  /** The primitive: `smp_wmb`, `smp_store_release`, `MB`. */
  readonly primitive: string;
  /** Line of the text that it stands at, or before, from 1. */
  readonly line: number;
  readonly edits: readonly Edit[];
  /** Of additions that change the same access, the one that orders most is made. */
  readonly access?: string;
}
