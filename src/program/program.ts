import type { Span } from '../diagnostics.js';
import type { Expression } from './expressions.js';
import type { CellId, RegisterId, ThreadId } from './ids.js';
import type { RegionChange } from './regions.js';
import type { ScalarType, Value } from './values.js';

/**
 * A label on the events of an instruction. A model sees each tag as the set of the events that carry it; the tags
 * that exist, with their meaning, stand in `execution/vocabulary.ts`.
 */
export type Tag = string;

/** What every instruction has. */
export interface InstructionPlace {
  /** Where the instruction stands in the user's text. */
  readonly span?: Span;
}

/**
 * One step of a thread. Targets of branches and jumps are indices into `Code.instructions`; the index just past the
 * last instruction is the end of the code.
 */
export type Instruction = InstructionPlace &
  (
    | { readonly kind: 'assign'; readonly target: RegisterId; readonly value: Expression }
    /** `locked`: a load-locked, that a later store-conditional pairs with. */
    | {
        readonly kind: 'load';
        readonly target: RegisterId;
        readonly address: Expression;
        readonly type: ScalarType;
        readonly tags: readonly Tag[];
        readonly locked?: boolean;
      }
    | {
        readonly kind: 'store';
        readonly address: Expression;
        readonly value: Expression;
        readonly type: ScalarType;
        readonly tags: readonly Tag[];
        /** Of the machine's instruction that the load just before is of, as in `INC [x]` without LOCK. */
        readonly afterOwnLoad?: true;
      }
    /**
     * An atomic read-modify-write. The value read goes to `target`; then, with `target` holding it, the write takes
     * place unless `condition` is there and is 0, and stores `update`. `target` must not occur in `address`.
     */
    | {
        readonly kind: 'rmw';
        readonly target: RegisterId;
        readonly address: Expression;
        readonly condition?: Expression;
        readonly update: Expression;
        readonly type: ScalarType;
        readonly readTags: readonly Tag[];
        readonly writeTags: readonly Tag[];
        /** Tags of the read when no write follows it; `readTags` when absent. */
        readonly failureTags?: readonly Tag[];
        /** Waits until the condition holds: no execution ends with it failed, and one that waits for ever never ends. */
        readonly blocks?: true;
        /**
         * Only the way on which the condition fails: the other way is that of another instruction. For target `lkmm`, which no machine is
         * for.
         */
        readonly fails?: true;
        /** The write has no control dependency on what the condition is made of. */
        readonly uncontrolled?: true;
      }
    /** Stores, and puts 1 in `target`, when it pairs with the last load-locked; else stores nothing and puts 0. */
    | {
        readonly kind: 'store-conditional';
        readonly target: RegisterId;
        readonly address: Expression;
        readonly value: Expression;
        readonly type: ScalarType;
        readonly tags: readonly Tag[];
      }
    /**
     * An event that touches no memory: a barrier, the start or end of a read-side section, a grace period. It may be
     * about a location, whose address `about` is: a grace period of SRCU, a lock operation of which the model says what it
     * reads. It may then give a number, on which what uses it depends as on a read.
     */
    | {
        readonly kind: 'fence';
        readonly tags: readonly Tag[];
        readonly about?: Expression;
        /** It takes a lock, and waits until that is free. */
        readonly blocks?: true;
        readonly gives?: { readonly target: RegisterId; readonly value: bigint };
      }
    /**
     * Gives the address of an object that no one has yet: the next of those that are kept for the thread, by its number. When there is
     * none left, the thread is followed no further.
     */
    | {
        readonly kind: 'allocate';
        readonly target: RegisterId;
        /** Numbers what allocates, from 0: each has objects of its own. */
        readonly site: number;
        readonly objects: readonly (readonly string[])[];
      }
    /**
     * Frees the object that begins at an address, cell by cell, by stores of `FREED`; of null, and of junk, nothing. Another address is
     * an error: a fence with the tag `BadFree`.
     */
    | { readonly kind: 'free'; readonly address: Expression; readonly tags: readonly Tag[] }
    /** Begins or ends a read-side section, disables or enables interrupts, or waits for a grace period (`regions.ts`). */
    | { readonly kind: 'region'; readonly change: RegionChange }
    /** Goes to `goto` when the condition is not 0; with `free`, goes there or on, whatever the condition. */
    | {
        readonly kind: 'branch';
        readonly condition: Expression;
        readonly goto: number;
        readonly free?: true;
      }
    | { readonly kind: 'jump'; readonly goto: number }
    /** Goes on if the condition is not 0. It ends a round of a loop that waits, of which only the last counts: no execution goes on else. */
    | {
        readonly kind: 'await';
        readonly condition: Expression;
        /** The location that it waits for. */
        readonly about?: { readonly address: Expression; readonly type: ScalarType };
      }
    /** Calls the function whose address `callee` gives. */
    | {
        readonly kind: 'call';
        readonly callee: Expression;
        readonly args: readonly Expression[];
        readonly target?: RegisterId;
      }
    /** Leaves the function; in a thread's own code, ends the thread. */
    | { readonly kind: 'return'; readonly value?: Expression }
    /**
     * A primitive of the kernel that is not yet mapped to a machine, such as `smp_store_release`. Arguments that name
     * a place in memory are given as its address. `kernel/` replaces these before a program is run.
     */
    | {
        readonly kind: 'primitive';
        readonly name: string;
        readonly args: readonly Expression[];
        readonly target?: RegisterId;
        /** Type of the place in memory that the first argument points to. */
        readonly type: ScalarType;
        /** For `atomic_op`-like families: the operator, as `+` in `atomic_add`. */
        readonly op?: string;
        /** What a macro file writes in braces: `ONCE` of `__load{ONCE}(X)`. */
        readonly tags?: readonly Tag[];
      }
  );

/** A thread's code, or a function's. */
export interface Code {
  readonly name: string;
  /** Registers that take the arguments, in order. */
  readonly parameters: readonly RegisterId[];
  /** Names; the dialect's own temporaries have names that no user can write. */
  readonly registers: readonly string[];
  readonly instructions: readonly Instruction[];
  /**
   * How far a branch controls: to where its two ways meet again (`join`: C, where the text shows what is conditional),
   * or every later access of the thread (`rest`: assembly).
   */
  readonly controlScope: 'join' | 'rest';
}

/** A thread, or a handler: what it runs and what its registers hold at first. */
export interface Thread {
  readonly id: ThreadId;
  /** `P0`, `P1` ... */
  readonly name: string;
  readonly code: Code;
  /** Registers that do not start with 0. */
  readonly initial: ReadonlyMap<RegisterId, Value>;
  /** Set on an interrupt handler: it runs once, on the CPU of `on`, between two of that thread's instructions. */
  readonly interrupt?: { readonly kind: 'nmi' | 'irq'; readonly on: ThreadId };
}

/** A memory location: one scalar of an object. */
export interface Cell {
  /** The object that it is part of, and where in it, in bytes. */
  readonly symbol: string;
  readonly offset: number;
  /** As a user writes it: `x`, `d.count`, `a[2]`. */
  readonly name: string;
  readonly type: ScalarType;
  readonly initial: Value;
}

/** The language of a test's program section. */
export type Dialect = 'C' | 'X86' | 'X86_64' | 'Alpha';

/** A concurrent program, of any dialect: what both engines run. */
export interface Program {
  readonly name: string;
  readonly dialect: Dialect;
  readonly cells: readonly Cell[];
  /** Whether an address inside no cell, reached by arithmetic, is memory too (assembly) or an error (C). */
  readonly flatMemory: boolean;
  readonly functions: readonly Code[];
  readonly threads: readonly Thread[];
}

/** Whether a program allocates or frees memory, so that its executions can be in error. */
export function managesMemory({ threads, functions }: Program): boolean {
  return [...threads.map(({ code }) => code), ...functions].some(({ instructions }) =>
    instructions.some(({ kind }) => kind === 'allocate' || kind === 'free'),
  );
}

/** Something a final state shows: a register of a thread, or a memory location. */
export type Observable =
  | { readonly kind: 'register'; readonly thread: ThreadId; readonly register: RegisterId }
  | { readonly kind: 'cell'; readonly cell: CellId };

/** All elements of an array, in order, under the name of the whole. */
export interface WholeArray {
  readonly kind: 'array';
  readonly name: string;
  readonly cells: readonly CellId[];
}

/** A statement about one final state. */
export type Proposition =
  | { readonly kind: 'true' }
  | { readonly kind: 'equals'; readonly left: Observable; readonly right: Value | Observable }
  | { readonly kind: 'not'; readonly operand: Proposition }
  | {
      readonly kind: 'and' | 'or' | 'implies';
      readonly left: Proposition;
      readonly right: Proposition;
      /** What this is written as, where it says of an array what its elements hold. */
      readonly written?: { readonly array: WholeArray; readonly values: readonly Value[] };
    };

/** The question that a litmus test asks. */
export interface Condition {
  readonly quantifier: 'exists' | 'not-exists' | 'forall';
  readonly proposition: Proposition;
}
