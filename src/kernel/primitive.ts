import type { Span } from '../diagnostics.js';
import { constant, type Instruction, type RegionChange, type RegisterId } from '../program/index.js';
import type { KernelTarget, LkmmVariant } from './target.js';

export type Primitive = Instruction & { kind: 'primitive' };

/**
 * An instruction in place of a primitive; the targets of branches count from the first of these instructions.
 */
export type Expansion = readonly Instruction[];

/**
 * One or the other of two ways, whatever the program has read; the first ends with a jump over the second.
 */
export function either(
  first: readonly Instruction[],
  second: Instruction,
  place: { readonly span?: Span },
): Expansion {
  return [
    { kind: 'branch', condition: constant(0), goto: first.length + 2, free: true, ...place },
    ...first,
    { kind: 'jump', goto: first.length + 3, ...place },
    second,
  ];
}

/** What expansions need of the code that they are for. */
export interface Surroundings {
  /** Makes a register. */
  fresh(): RegisterId;
  /** The CPUs, by number. */
  readonly cpus: readonly number[];
  /** Whether a change of region matters in the program. */
  readonly keeps: (change: RegionChange) => boolean;
  readonly locks: NonNullable<KernelTarget['locks']>;
  readonly variant: LkmmVariant;
}
