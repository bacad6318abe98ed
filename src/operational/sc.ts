import { inOrder } from './in-order/in-order.js';
import { PlainMemory } from './memory/plain-memory.js';

/** Interleavings of the threads: each access takes effect at once (Lamport 1979). */
export const sc = inOrder(
  { name: 'sc', title: 'interleavings of the threads', architecture: 'sc' },
  (context) => new PlainMemory(context),
);
