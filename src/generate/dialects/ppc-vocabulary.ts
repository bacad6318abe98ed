import { everyOrder, type Words } from '../access-words.js';

export const ppcWords: Words = {
  plain: 'Na',
  annotations: [
    { name: 'A', of: ['R', 'W'], isFinal: true, rank: 0 },
    { name: 'R', of: ['R'], rank: 1 },
  ],
  fences: [
    { name: 'Sync', rank: [0], orders: everyOrder },
    { name: 'LwSync', rank: [1], orders: ['RR', 'RW', 'WW'] },
    { name: 'ISync', rank: [2], orders: [] },
    { name: 'Eieio', rank: [3], orders: ['WW'] },
  ],
  strongest: 'Sync',
  dependencies: [
    { name: 'Addr', carrier: 'address' },
    { name: 'Data', carrier: 'data' },
    { name: 'Ctrl', carrier: 'control' },
    { name: 'CtrlIsync', carrier: 'control', fence: 'ISync' },
  ],
  usual: { DpR: 'Addr', DpW: 'Data', CtrlR: 'CtrlIsync', CtrlW: 'Ctrl' },
  updates: [{ name: 'LxSx', computes: 'operand', shown: false }],
  allowsUpdate: () => true,
};
