import { everyOrder, type Words } from '../access-words.js';

/** X86, 32 bits: a locked write is an exchange, and there is one fence. */
export const x86Words: Words = {
  plain: 'Na',
  annotations: [{ name: 'A', of: ['W'], isFinal: true, rank: 0 }],
  fences: [{ name: 'MFence', rank: [0], orders: everyOrder }],
  strongest: 'MFence',
  dependencies: [],
  updates: [{ name: 'Exch', computes: 'operand', shown: false }],
  allowsUpdate: () => true,
};

/** X86, 64 bits: besides, loads and stores past the caches, and fences for them. */
export const x86_64Words: Words = {
  ...x86Words,
  annotations: [...x86Words.annotations, { name: 'NT', of: ['R', 'W'], rank: 1 }],
  fences: [
    ...x86Words.fences,
    { name: 'SFence', rank: [1], orders: ['WW'] },
    { name: 'LFence', rank: [2], orders: ['RR'] },
  ],
};
