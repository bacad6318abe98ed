import { inOrder } from './in-order/in-order.js';
import { BufferedMemory, type BufferRules } from './memory/buffered-memory.js';

const rules: BufferRules = {
  order: 'fifo',
  drains: (tags) => tags.includes('MFENCE'),
  separates: () => false,
};

/** x86-TSO (Owens, Sarkar, Sewell 2009): one queue of stores a CPU; MFENCE and locked instructions wait until it is empty. */
export const i386 = inOrder(
  { name: 'i386', title: 'a store buffer for each CPU', architecture: 'i386' },
  (context) => new BufferedMemory(context, rules),
);
