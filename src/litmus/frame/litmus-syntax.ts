import type { Source, Span, Warning } from '../../diagnostics.js';
import type { Cell, Code, Dialect, RegisterId, Thread } from '../../program/index.js';
import type { Macros } from '../c/syntax/macros.js';
import type { NumberType } from '../reading/constants.js';

/** A litmus file as written: what the parser makes and the printer takes. Names are not resolved yet. */
export interface LitmusSyntax<Body = unknown> {
  readonly dialect: Dialect;
  readonly name: string;
  readonly source: Source;
  /** `Key=value` lines of the head, in order, and the quoted description under key `""`. */
  readonly info: readonly (readonly [string, string])[];
  /** @internal */
  readonly init: readonly InitEntry[];
  /** @internal */
  readonly body: Body;
  /** @internal */
  readonly locations: readonly PlaceSyntax[];
  /** @internal */
  readonly filter?: PropositionSyntax;
  /** @internal */
  readonly condition: {
    readonly quantifier: 'exists' | 'not-exists' | 'forall';
    readonly proposition: PropositionSyntax;
  };
  /** Comments, and lines of the head about an expected result: where expectations may stand. */
  readonly notes: readonly Span[];
}

/** `int x = 1;`, `0:EAX = 2;`, `p = &x;`, `int a[2];`, `struct data d;`, `d.count = 1;` */
export interface InitEntry {
  readonly span: Span;
  /** The type's words and stars, as `int`, `long *`, `struct data`; absent when none is written. */
  readonly type?: string;
  readonly place: PlaceSyntax;
  /** `int a[2]`. */
  readonly length?: number;
  /** Absent: 0. `ATOMIC_INIT(3)` is read as 3; a braced list is for arrays and structs. */
  readonly value?: InitValue;
}

export type InitValue =
  | { readonly kind: 'integer'; readonly value: bigint; readonly span: Span }
  /** The address of `place`, written `x` or `&x`, or a function's. */
  | { readonly kind: 'address'; readonly place: PlaceSyntax & { kind: 'memory' }; readonly span: Span }
  | { readonly kind: 'list'; readonly values: readonly InitValue[]; readonly span: Span };

/** `0:r1`, or `x`, `[x]`, `*x`, `d.count`, `a[1]`: what an init line sets and a condition names. */
export type PlaceSyntax =
  | { readonly kind: 'register'; readonly thread: number; readonly name: string; readonly span: Span }
  /**
   * `path` is a member's name, or an index. `*x` of an init line or a condition means `x` itself, as in
   * herd7.
   */
  | {
      readonly kind: 'memory';
      readonly symbol: string;
      readonly path: readonly (string | number)[];
      readonly span: Span;
    };

export type PropositionSyntax =
  | { readonly kind: 'true' | 'false'; readonly span: Span }
  | {
      readonly kind: 'compare';
      readonly op: '=' | '!=';
      readonly left: PlaceSyntax;
      readonly right: InitValue | PlaceSyntax;
      readonly span: Span;
    }
  | { readonly kind: 'not'; readonly operand: PropositionSyntax; readonly span: Span }
  | {
      readonly kind: 'and' | 'or' | 'implies';
      readonly left: PropositionSyntax;
      readonly right: PropositionSyntax;
      readonly span: Span;
    };

/** One dialect's part in reading a litmus file: the program section between init and condition. */
export interface DialectFrontEnd<Body> {
  readonly dialect: Dialect;
  /** @throws SourceError */
  parse(section: Span): Body;
  /** Text that parses to an equal body (spans apart). */
  print(body: Body): string;
  /** Resolves names and makes code. @throws SourceError */
  lower(body: Body, init: readonly InitEntry[], options?: LowerOptions): LoweredBody;
}

/** What the text of a test does not say. */
export interface LowerOptions {
  /**
   * C: what the primitives are made of, as a macro file for herd7 has it. Without it, the kernel's primitives
   * are known.
   */
  readonly macros?: Macros | undefined;
}

/** A body, lowered, with what the condition needs to find its way in it. */
export interface LoweredBody {
  readonly threads: readonly Thread[];
  readonly functions: readonly Code[];
  /** All that the body and the init section declare or mention. */
  readonly cells: readonly Cell[];
  readonly flatMemory: boolean;
  /** What the writer of the test should know of it. */
  readonly warnings: readonly Warning[];
  /** The register that a user's name stands for in a thread (aliases included), if it has one. */
  register(thread: number, name: string): RegisterId | undefined;
  /** Index in `cells` of a place; undefined when there is no such object or member. */
  cell(place: PlaceSyntax & { kind: 'memory' }): number | undefined;
  /** What the place of one number can hold; empty where that is not known. */
  numbers(place: PlaceSyntax): readonly NumberType[];
  /**
   * In a dialect whose registers exist without being declared: the name that is printed for a register,
   * undefined when there is no such register.
   */
  registerName?(name: string): string | undefined;
}
