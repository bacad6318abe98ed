import type { Direction } from './edge.js';

/** What a dependency is carried by. */
export type Carrier = 'address' | 'data' | 'control';

export interface Dependency {
  readonly name: string;
  readonly carrier: Carrier;
  /** The fence between the branch and the access that waits for it. */
  readonly fence?: string;
  /** The value goes through a conditional selection first. */
  readonly selected?: true;
}

/** What an atomic read-modify-write stores, of what it found and its operand. */
export type Computation = 'operand' | 'add' | 'or' | 'xor' | 'clear';

export interface Update {
  readonly name: string;
  readonly computes: Computation;
  /** What it found is in a register that a condition asks for. */
  readonly shown: boolean;
  /** It returns nothing. */
  readonly blind?: true;
}

export interface Annotation {
  readonly name: string;
  /** The accesses that can be so. */
  readonly of: readonly Direction[];
  /** Conditions ask for the final value of a location with such an access. */
  readonly isFinal?: true;
  /** Its place in diy7's order. */
  readonly rank: number;
  /** What a test's name has for it; by default itself. */
  readonly spelt?: string;
}

export interface Fence {
  readonly name: string;
  readonly rank: readonly number[];
  /** Pairs of directions that it keeps in order: `RW` is a read before a write. */
  readonly orders: readonly string[];
  /** No fence, but something that both accesses are in. */
  readonly isSection?: true;
}

/** The words of a dialect's relaxations: diy7's, where diy7 has the dialect. */
export interface Words {
  /** What an access without an annotation is called beside one with. */
  readonly plain: string;
  readonly annotations: readonly Annotation[];
  readonly fences: readonly Fence[];
  /** The fence that `FencedWR` means; observers have it between their reads. */
  readonly strongest: string;
  readonly dependencies: readonly Dependency[];
  readonly updates: readonly Update[];
  /** What `DpdR`, `DpdW`, `CtrldR` and `CtrldW` mean. */
  readonly usual?: Readonly<Record<'DpR' | 'DpW' | 'CtrlR' | 'CtrlW', string>>;
  /** Names tell each access' annotation, and this of an access without one. */
  readonly namesAll?: string;
  /** What names have for a fence or a dependency; by default, its name in small letters. */
  readonly speltFence?: (name: string) => string | undefined;
  /** Whether a read-modify-write can be annotated so, at its read and at its write. */
  readonly allowsUpdate: (update: Update, read: string | undefined, write: string | undefined) => boolean;
}

export const everyOrder: readonly string[] = ['RR', 'RW', 'WR', 'WW'];
