import { everyOrder, type Words } from '../access-words.js';

/**
 * Alpha assembly, in the way of diy7, which does not know it: `MBdWR`, `WMBdWW`, and `X` for a locked load
 * with its store.
 */
export const alphaWords: Words = {
  plain: 'P',
  annotations: [{ name: 'X', of: ['R', 'W'], isFinal: true, rank: 0 }],
  fences: [
    { name: 'MB', rank: [0], orders: everyOrder },
    { name: 'WMB', rank: [1], orders: ['WW'] },
  ],
  strongest: 'MB',
  dependencies: [
    { name: 'Addr', carrier: 'address' },
    { name: 'Data', carrier: 'data' },
    { name: 'Ctrl', carrier: 'control' },
    { name: 'CtrlMb', carrier: 'control', fence: 'MB' },
  ],
  usual: { DpR: 'Addr', DpW: 'Data', CtrlR: 'CtrlMb', CtrlW: 'Ctrl' },
  updates: [{ name: 'LxSx', computes: 'operand', shown: true }],
  allowsUpdate: (_update, read, write) => read === undefined && write === undefined,
};
