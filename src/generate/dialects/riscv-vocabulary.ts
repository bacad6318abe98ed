import { type Annotation, everyOrder, type Fence, type Update, type Words } from '../access-words.js';

const directions = { r: ['R'], w: ['W'], rw: ['R', 'W'] };
type Accesses = keyof typeof directions;
/** Places of what a fence is about, in diy7's order. */
const places: Record<Accesses, number> = { r: 0, w: 2, rw: 4 };

function fenceBetween(before: Accesses, after: Accesses): Fence {
  const orders = directions[before].flatMap((a) => directions[after].map((b) => a + b));
  return { name: `Fence.${before}.${after}`, rank: [2, places[before], places[after]], orders };
}

const fenceKinds: readonly Accesses[] = ['r', 'w', 'rw'];
/** What an exclusive load, or store, is besides: in diy7's order. */
const orderings = ['P', 'Aq', 'Rl', 'AR'];

function exclusives(): Annotation[] {
  return orderings.flatMap((load, first) =>
    orderings.map((store, second) => ({
      name: load === 'P' && store === 'P' ? 'X' : `X${load}${store}`,
      of: ['R', 'W'] as const,
      isFinal: true as const,
      rank: 10 + 4 * first + second,
    })),
  );
}

/** One instruction has what its read and its write ask for. */
export function swapOrdering(read: string | undefined, write: string | undefined): string | undefined {
  if (read === undefined) return write ?? 'P';
  if (write === undefined) return read;
  if (read.startsWith('X') || write.startsWith('X')) return undefined;
  if (read === 'AR' || write === 'AR' || (read === 'Aq' && write === 'Rl')) return 'AR';
  return undefined;
}

export const riscvWords: Words = {
  plain: 'P',
  annotations: [
    { name: 'Aq', of: ['R'], rank: 1 },
    { name: 'Rl', of: ['W'], rank: 2 },
    { name: 'AR', of: ['R', 'W'], rank: 3 },
    ...exclusives(),
  ],
  fences: [
    { name: 'Fence.i', rank: [0], orders: [] },
    { name: 'Fence.tso', rank: [1], orders: ['RR', 'RW', 'WW'] },
    ...fenceKinds.flatMap((before) => fenceKinds.map((after) => fenceBetween(before, after))),
    { name: 'Fence.iorw.iorw', rank: [2, 5, 5], orders: everyOrder },
  ],
  strongest: 'Fence.iorw.iorw',
  dependencies: [
    { name: 'Addr', carrier: 'address' },
    { name: 'Data', carrier: 'data' },
    { name: 'Ctrl', carrier: 'control' },
    { name: 'CtrlFenceI', carrier: 'control', fence: 'Fence.i' },
  ],
  usual: { DpR: 'Addr', DpW: 'Data', CtrlR: 'CtrlFenceI', CtrlW: 'Ctrl' },
  updates: [{ name: 'Exch', computes: 'operand', shown: false }],
  allowsUpdate: (_update: Update, read, write) => {
    if (read?.startsWith('X') || write?.startsWith('X')) return false;
    return swapOrdering(read, write) !== undefined;
  },
};
