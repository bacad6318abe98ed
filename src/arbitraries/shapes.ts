/**
 * Small programs as trees, that fast-check makes and shrinks. Whatever the numbers in a tree are, it stands
 * for a valid program: `build.ts` takes a register's or a cell's number modulo how many there are.
 */

/** What a store stores. */
export type Stored =
  | { readonly is: 'constant'; readonly number: number }
  | { readonly is: 'copy'; readonly register: number }
  /** `(r ^ r) + number`: a dependency that leaves the value as it is. */
  | { readonly is: 'false-dependency'; readonly register: number; readonly number: number }
  | {
      readonly is: 'combined';
      readonly op: '^' | '-' | '&' | '+';
      readonly register: number;
      readonly other: number;
    }
  | { readonly is: 'comparison'; readonly register: number; readonly number: number }
  | { readonly is: 'successor'; readonly register: number };

/** What an access accesses. */
export type Place =
  | { readonly is: 'cell'; readonly cell: number }
  /** `&cell + (r ^ r)` */
  | { readonly is: 'false-dependency'; readonly cell: number; readonly register: number }
  /** Where a pointer that was loaded points to; the cell when none was. */
  | { readonly is: 'pointer'; readonly register: number; readonly cell: number };

/** How a region begins and ends; some do not end. */
export type Region = 'section' | 'irqs-disabled' | 'irqs-saved' | 'irqs-left-disabled';

/** Whether a register holds a number, or, without one, anything but 0. */
export interface Test {
  readonly register: number;
  readonly number?: number;
}

/** What decides a branch: a test, perhaps joined with another one. */
export interface Tested extends Test {
  readonly also?: Test & { readonly op: Join };
}

/** The bitwise ones join comparisons, which are 0 or 1, to the same effect. */
export type Join = '&&' | '||' | '&' | '|';

/**
 * How what decides comes to choose: `k = no; if (c) k = yes;`, `if (c) k = yes; else k = no;`, or `k = c ?
 * yes : no;`
 */
export type Choosing = 'one-leg' | 'two-legs' | 'expression';

/** What a choice gives. */
export type Leg =
  | { readonly is: 'constant'; readonly number: number }
  | { readonly is: 'copy'; readonly register: number }
  | { readonly is: 'load'; readonly cell: number; readonly tags: readonly string[] };

export type ShapeStep =
  | { readonly does: 'load'; readonly from: Place; readonly tags: readonly string[] }
  | { readonly does: 'store'; readonly to: Place; readonly value: Stored; readonly tags: readonly string[] }
  | { readonly does: 'load-pointer' }
  /** Stores a cell's address, or a pointer that was loaded. */
  | { readonly does: 'store-pointer'; readonly cell: number; readonly copy: boolean }
  | { readonly does: 'fence'; readonly tags: readonly string[] }
  /**
   * Allocates an object, to be used as a pointer that was loaded; with `zeroed`, stores a 0 there; then may
   * let others have it.
   */
  | {
      readonly does: 'allocate';
      readonly zeroed: boolean;
      readonly publish?: { readonly fence?: readonly string[] };
    }
  /** Loads the pointer, and does something with what it points to. */
  | { readonly does: 'follow'; readonly doing: 'load' | 'store' | 'free'; readonly tags: readonly string[] }
  /** Frees the object at a place; with `beside`, what is beside it. */
  | {
      readonly does: 'free';
      readonly place: Place;
      readonly beside: boolean;
      readonly tags: readonly string[];
    }
  /** Steps between two fences. */
  | {
      readonly does: 'section';
      readonly begin: readonly string[];
      readonly end: readonly string[];
      readonly within: readonly ShapeStep[];
    }
  /** Steps where the thread stands elsewhere: in a read-side section, or with interrupts disabled. */
  | { readonly does: 'region'; readonly region: Region; readonly within: readonly ShapeStep[] }
  /** A grace period, with a full fence on both sides; nothing where the thread may not wait. */
  | { readonly does: 'grace-period' }
  /** Steps in a section of SRCU, of one of two structures. */
  | { readonly does: 'srcu'; readonly on: number; readonly within: readonly ShapeStep[] }
  /** A grace period of SRCU; nothing where the thread may not wait, or is in a section itself. */
  | { readonly does: 'srcu-wait'; readonly on: number }
  /**
   * Steps with a lock, that a cell stands for, taken and freed; with `tried`, only if it is free, which a
   * register tells.
   */
  | {
      readonly does: 'locked';
      readonly on: number;
      readonly within: readonly ShapeStep[];
      readonly tried: boolean;
    }
  /** Looks whether a lock is taken. */
  | { readonly does: 'is-locked'; readonly on: number }
  | {
      readonly does: 'rmw';
      readonly how: 'exchange' | 'add' | 'compare';
      readonly on: Place;
      readonly value: Stored;
      readonly expected: Stored;
      readonly tags: readonly string[];
    }
  /** A load-locked, perhaps something, and a store-conditional, perhaps to another cell. */
  | {
      readonly does: 'pair';
      readonly on: number;
      readonly between: readonly ShapeStep[];
      readonly value: Stored;
      readonly elsewhere: boolean;
      /** A second store-conditional follows. */
      readonly again: boolean;
    }
  | {
      readonly does: 'if';
      readonly tested: Tested;
      readonly yes: readonly ShapeStep[];
      readonly no: readonly ShapeStep[];
    }
  /** Gives a register of its own one of two contents: it is used from then on as if it had been loaded. */
  | {
      readonly does: 'choose';
      readonly tested: Tested;
      readonly how: Choosing;
      readonly yes: Leg;
      readonly no: Leg;
    }
  /** The same with the addresses of two cells: the register is used as a pointer. */
  | {
      readonly does: 'choose-pointer';
      readonly tested: Tested;
      readonly how: Choosing;
      readonly yes: number;
      readonly no: number;
    };

export interface ThreadShape {
  readonly scope: 'join' | 'rest';
  readonly steps: readonly ShapeStep[];
}

export interface ProgramShape {
  /** How many integer cells there are. */
  readonly cells: number;
  readonly type: 'int' | 'unsigned' | 'byte' | 'bool';
  readonly initial: number;
  /** What the pointer cell points to at first; 0 for nothing. */
  readonly pointer: number;
  /** Whether objects have a second cell, that is freed with the first. */
  readonly wide: boolean;
  readonly threads: readonly ThreadShape[];
  readonly handler?: ThreadShape & { readonly on: number; readonly kind: 'nmi' | 'irq' };
}
