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
} as const;

/** The name of what an execution can do wrong. */
export type ErrorName = keyof typeof errorWords;

/** All of them, in the order in which they are told. */
export const errorNames = Object.keys(errorWords) as readonly ErrorName[];

export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorWords, name);
}
