/** What a thread stops at while it is run, as its surroundings have a part in it. */
import type { Span } from '../diagnostics.js';
import type { CellId } from './ids.js';
import type { Instruction } from './program.js';
import type { Regions } from './regions.js';

export type Of<Kind extends Instruction['kind']> = Instruction & { readonly kind: Kind };
/** An instruction that stores, for certain or under a condition. */
type Storing = Of<'store' | 'rmw' | 'store-conditional' | 'free'>;

/** A read, of a load or an atomic, that is to be answered by `Interpreter.read`. */
export interface LoadStop<V> {
  readonly kind: 'load';
  readonly instruction: Of<'load' | 'rmw'>;
  /** Undefined where it may be any. */
  readonly cell: CellId | undefined;
  readonly address: V;
}

/** A write, of a store, an atomic or a free; once it is made, `Interpreter.stored` goes on. */
export interface StoreStop<V> {
  readonly kind: 'store';
  readonly instruction: Storing;
  readonly cell: CellId | undefined;
  readonly address: V;
  readonly value: V;
  /** Of an atomic: what the condition came to that lets it store. */
  readonly condition: V | undefined;
}

/** A store-conditional, that `Interpreter.concluded` tells whether it has succeeded. */
export interface ConditionalStop<V> {
  readonly kind: 'conditional';
  readonly instruction: Of<'store-conditional'>;
  readonly cell: CellId | undefined;
  readonly address: V;
  readonly value: V;
}

/** An atomic that has read, and whose condition keeps it from storing. */
export interface UnstoredStop<V> {
  readonly kind: 'unstored';
  readonly instruction: Of<'rmw'>;
  readonly cell: CellId | undefined;
  readonly address: V;
  readonly condition: V;
}

/** What the way of a thread depends on, and is not known of a value. An answer in the state settles it: the run then goes on. */
export interface UnknownStop<V> {
  readonly kind: 'unknown';
  /** Whether it is true, which address or function it is, or what fault there is in computing it. */
  readonly asks: 'truth' | 'address' | 'callee' | 'fault';
  readonly instruction: Instruction;
  readonly of: V;
}

/** Where a thread stops: what it does next is up to others, or theirs to know, or not known. */
export type Stop<V> =
  | LoadStop<V>
  | StoreStop<V>
  | ConditionalStop<V>
  | UnstoredStop<V>
  | UnknownStop<V>
  /** It may be about a location: then it has an address. */
  | {
      readonly kind: 'fence';
      readonly instruction: Of<'fence'>;
      readonly cell: CellId | undefined;
      readonly address: V | undefined;
    }
  /** It begins or ends its outermost read-side section, or disables or enables interrupts. */
  | { readonly kind: 'region'; readonly after: Regions; readonly span: Span | undefined }
  | { readonly kind: 'grace-period'; readonly span: Span | undefined }
  /** An event comes next, and what may come before it is not over (`Domain.pauses`). */
  | { readonly kind: 'pause' }
  /** What it awaits does not hold. */
  | { readonly kind: 'waits'; readonly instruction: Of<'await'> }
  /** It waits for what only it could bring about. */
  | { readonly kind: 'deadlock'; readonly span: Span | undefined }
  /** It goes round for ever: with nothing to show for it, or doing the same again and again. */
  | { readonly kind: 'endless'; readonly instruction: Instruction; readonly isSilent: boolean }
  /** It is followed no further. */
  | { readonly kind: 'limit'; readonly instruction: Instruction }
  | { readonly kind: 'end' };
