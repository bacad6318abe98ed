import type { Instruction, RegisterId } from '../program/index.js';
import type { KernelTarget } from './target.js';

export type Primitive = Instruction & { kind: 'primitive' };

/** An instruction in place of a primitive; the targets of branches count from the first of these instructions. */
export type Expansion = readonly Instruction[];

/** What expansions need of the code that they are for. */
export interface Surroundings {
  /** Makes a register. */
  fresh(): RegisterId;
  readonly locks: NonNullable<KernelTarget['locks']>;
}
