/**
 * What a program that allocates and frees memory can do wrong. An execution in which it does is in error: it has no final state, and what
 * it goes on to do with what it read there means nothing.
 */
export const memoryErrors = [
  /** A read returns what a free left, or a store comes right after a free in coherence order. */
  'use-after-free',
  /** A read returns what allocated memory holds before the first store to it. */
  'use-before-init',
  /** A location is freed that was freed already. */
  'double-free',
  /** What is freed is the address of no object. */
  'bad-free',
] as const;
export type MemoryError = (typeof memoryErrors)[number];

export function isMemoryError(name: string): name is MemoryError {
  return (memoryErrors as readonly string[]).includes(name);
}
