import type { Atomic } from '../litmus/c/index.js';
import type { RegionChange, Tag } from '../program/index.js';
import type { LkmmVariant } from './target.js';

/** The steps that are about a lock. */
export type LockStep = 'lock' | 'unlock' | 'try-lock' | 'is-locked';

/**
 * What a CPU does to the number of sections that it is in of the `srcu_struct` that the first argument points
 * to, as the last argument's CPU; or it waits until it has found that of each CPU 0.
 */
export interface SrcuStep {
  readonly step: 'srcu-enter' | 'srcu-leave' | 'srcu-wait';
}

/** One step of what a machine does for a primitive. */
export type PrimitiveStep =
  | { readonly step: 'fence'; readonly tag: Tag }
  /** Of the place that the first argument points to, into the target. */
  | { readonly step: 'load'; readonly tag: Tag }
  /** Of the second argument, to the place that the first points to. */
  | { readonly step: 'store'; readonly tag: Tag }
  /** An event about the place that the first argument points to, which it does not touch. */
  | { readonly step: 'mark'; readonly tag: Tag }
  /** A section begins or ends, or a grace period takes its time. */
  | { readonly step: 'region'; readonly change: RegionChange }
  | SrcuStep
  /** Of the lock that the first argument points to; the target says whether it is taken. */
  | { readonly step: Exclude<LockStep, 'try-lock'> }
  /**
   * Likewise; the target says whether the attempt took it. More steps come after it, and others where it
   * failed.
   */
  | {
      readonly step: 'try-lock';
      readonly after?: readonly PrimitiveStep[];
      readonly failed?: readonly PrimitiveStep[];
    };

/** What stands around a read-modify-write, and what its accesses are. */
export interface AtomicCode {
  /** Fences; `afterSuccess` stands only where the write took place. */
  readonly before?: Tag;
  readonly after?: Tag;
  readonly afterSuccess?: Tag;
  /** A fence before and one after, both only where the write takes place. */
  readonly around?: Tag;
  /**
   * Tags of the read and the write, `Once` when absent, and of a read that no write follows, the read's when
   * absent.
   */
  readonly read?: readonly Tag[];
  readonly write?: readonly Tag[];
  readonly failure?: readonly Tag[];
  /** Whether the write has no control dependency on the comparison. */
  readonly uncontrolled?: true;
}

/** What a machine, with the code of a version of Linux, does for each primitive. */
export interface PrimitiveTable {
  readonly primitives: Readonly<Record<string, readonly PrimitiveStep[]>>;
  readonly atomic: (atomic: Atomic, variant: LkmmVariant) => AtomicCode;
}

export const fence = (tag: Tag): PrimitiveStep => ({ step: 'fence', tag });
export const region = (change: RegionChange): PrimitiveStep => ({ step: 'region', change });
export const load: PrimitiveStep = { step: 'load', tag: 'Once' };
export const store: PrimitiveStep = { step: 'store', tag: 'Once' };
export const plainLoad: PrimitiveStep = { step: 'load', tag: 'Plain' };
