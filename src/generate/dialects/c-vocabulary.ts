import { everyOrder, type Words } from '../access-words.js';

/**
 * Kernel C, in the way of diy7 and with the names that the tests in the kernel's tree have:
 * `MP+pooncerelease+poacquireonce`. An access is `READ_ONCE()` or `WRITE_ONCE()` unless something else is
 * said.
 */
export const cWords: Words = {
  plain: 'Once',
  namesAll: 'once',
  annotations: [
    { name: 'A', of: ['R'], rank: 0, spelt: 'acquire' },
    { name: 'R', of: ['W'], rank: 1, spelt: 'release' },
    { name: 'P', of: ['R', 'W'], rank: 2, spelt: 'plain' },
  ],
  fences: [
    { name: 'Mb', rank: [0], orders: everyOrder },
    { name: 'Rmb', rank: [1], orders: ['RR'] },
    { name: 'Wmb', rank: [2], orders: ['WW'] },
    { name: 'SyncRcu', rank: [3], orders: everyOrder },
    // A read-side section that has both accesses in it.
    { name: 'Rcu', rank: [4], orders: [], isSection: true },
  ],
  strongest: 'Mb',
  speltFence: (name) => (/^[RW]?Mb$/i.test(name) ? `fence${name.toLowerCase()}` : undefined),
  dependencies: [
    { name: 'Addr', carrier: 'address' },
    { name: 'Data', carrier: 'data' },
    { name: 'Ctrl', carrier: 'control' },
  ],
  usual: { DpR: 'Addr', DpW: 'Data', CtrlR: 'Ctrl', CtrlW: 'Ctrl' },
  updates: [
    { name: 'Exch', computes: 'operand', shown: true },
    { name: 'Xchg', computes: 'operand', shown: true },
  ],
  allowsUpdate: ({ name }, read, write) => {
    if (read === undefined) return write === undefined || (name === 'Exch' && write === 'R');
    return name === 'Exch' && read === 'A' && write === undefined;
  },
};
