import { inOrder } from './in-order/in-order.js';
import { BufferedMemory, type BufferRules } from './memory/buffered-memory.js';

const rules: BufferRules = {
  order: 'per-location',
  drains: (tags) => tags.includes('MFENCE') || tags.includes('MB'),
  separates: (tags) => tags.includes('STBAR') || tags.includes('WMB'),
};

/** Partial store order (SPARC Architecture Manual, version 8, appendix K): only stores to one location, and those across a STBAR, keep their order. */
export const pso = inOrder(
  { name: 'pso', title: 'a store buffer for each CPU and location', architecture: 'pso' },
  (context) => new BufferedMemory(context, rules),
);
