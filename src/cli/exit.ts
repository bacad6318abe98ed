/**
 * What the process says to its caller. A worse one wins, in the order bad input, failed expectation,
 * undecided.
 */
export const EXIT = { good: 0, failed: 1, badInput: 2, undecided: 3 } as const;

/** A wrong argument: a message for the user, without a place in a file. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
