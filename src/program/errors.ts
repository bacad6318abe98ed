import type { Span } from '../diagnostics.js';

/**
 * What an execution can do wrong, with what is said of the event that does it: the one table of names and words. An execution that does so
 * is in error: it has no final state, and what it goes on to do counts for nothing but further errors.
 */
export const errorWords = {
  /** A read returns what a free left, or a store comes right after a free in coherence order. */
  'use-after-free': 'accesses memory that was freed',
  /** A read returns what allocated memory holds before the first store to it. */
  'use-before-init': 'reads memory that was not initialised',
  /** A location is freed that was freed already. */
  'double-free': 'frees memory that was freed already',
  /** What is freed is the address of no object. */
  'bad-free': 'frees what is no object',
  /** An access through null, or to what an offset from it comes to. */
  'null-dereference': 'accesses memory through a null pointer',
  /** An access to an address that is reckoned from an object's, and is not in it, or is between its members. */
  'out-of-bounds': 'accesses memory outside of an object',
  /** An access to an address in the middle of a location. */
  'unaligned-access': 'accesses memory in the middle of a location',
  /** An access to an address that has to do with no object. */
  'wild-access': "accesses an address that is no object's",
  'bad-call': 'calls what is no function',
  'division-by-zero': 'divides by zero',
  /** By a negative number of bits, or by as many as the operand has, or more. */
  'bad-shift': 'shifts by more bits than there are',
  /** Arithmetic on addresses that is not for them: on two unrelated ones, or on their bits. */
  'bad-arithmetic': 'computes with addresses what has no result',
  /** The names of these three are those of the Linux-kernel memory model's flags. */
  'unmatched-rcu-lock': 'leaves a read-side section that it does not end',
  'unmatched-rcu-unlock': 'ends a read-side section that it has not begun',
  'invalid-sleep': 'waits for a grace period in an interrupt handler, which must not sleep',
  'unmatched-irq-restore': 'restores interrupts that it has not saved',
  /** A thread waits for what only it can bring about, or threads that wait for one another. */
  deadlock: 'waits for ever',
  /** It is no fault of the program's, but not supported: a check of a test that comes to it is refused. */
  'mixed-size': 'accesses a part of a location, or parts of several',
} as const;

/** The name of what an execution can do wrong. */
export type ErrorName = keyof typeof errorWords;

/** All of them, in the order in which they are told. */
export const errorNames = Object.keys(errorWords) as readonly ErrorName[];

export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorWords, name);
}

/** What a thread does by which an execution is in error, whatever the other threads do. */
export interface Fault {
  readonly name: ErrorName;
  readonly span?: Span;
  /** What more there is to say. */
  readonly reason?: string;
}
