import type { Span } from '../../diagnostics.js';

/** The program section of an assembly dialect: one column a thread. */
export interface AssemblyBody {
  /** `P0`, `P1` ... in order. */
  readonly threads: readonly (readonly AssemblyLine[])[];
  readonly span: Span;
}

export type AssemblyLine =
  | { readonly kind: 'label'; readonly name: string; readonly span: Span }
  | AssemblyInstruction;

export interface AssemblyInstruction {
  readonly kind: 'instruction';
  /** `LOCK`. */
  readonly prefix?: string;
  /** Upper case. */
  readonly mnemonic: string;
  readonly operands: readonly Operand[];
  readonly span: Span;
}

/** A register's name is the one its dialect prints. */
export type Operand =
  | { readonly kind: 'register'; readonly name: string; readonly span: Span }
  | { readonly kind: 'immediate'; readonly value: bigint; readonly span: Span }
  /**
   * A label, or the address of a variable; `dollar` when it is written `$x`, which is the address for sure.
   */
  | { readonly kind: 'symbol'; readonly name: string; readonly dollar?: true; readonly span: Span }
  /** What an address holds: a register or a variable, and bytes past it. */
  | {
      readonly kind: 'memory';
      readonly base: { readonly kind: 'register' | 'symbol'; readonly name: string };
      readonly displacement: bigint;
      readonly span: Span;
    };
