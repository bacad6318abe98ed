import { type Dependency, everyOrder, type Fence, type Update, type Words } from '../access-words.js';

/** Shareability domains, the narrowest first. */
const domains = ['NSH', 'ISH', 'OSH', 'SY'];
const orders: Readonly<Record<string, readonly string[]>> = { LD: ['RR', 'RW'], ST: ['WW'], '': everyOrder };

/**
 * `DMB.SY`, `DMB.ISHLD`, `DMB.ST`: a barrier of the whole system for one kind of access leaves the domain
 * out.
 */
function barrierName(kind: string, domain: string, type: string): string {
  return `${kind}.${domain === 'SY' && type !== '' ? type : domain + type}`;
}

function barriers(kind: string, place: number): Fence[] {
  return domains.flatMap((domain, first) =>
    Object.entries(orders).map(([type, ordered], second) => ({
      name: barrierName(kind, domain, type),
      rank: [place, first, second],
      orders: ordered,
    })),
  );
}

/** Each with a conditional selection on its way as well, which goes before it in diy7's order. */
function withSelection(dependency: Dependency): Dependency[] {
  return [{ ...dependency, name: `${dependency.name}Csel`, selected: true }, dependency];
}

const operations: readonly (readonly [string, Update['computes']])[] = [
  ['Add', 'add'],
  ['Eor', 'xor'],
  ['Set', 'or'],
  ['Clr', 'clear'],
];

export const aarch64Words: Words = {
  plain: 'P',
  annotations: [
    { name: 'A', of: ['R'], rank: 1 },
    { name: 'Q', of: ['R'], rank: 2 },
    { name: 'L', of: ['W'], rank: 3 },
    ...['X', 'XL', 'XA', 'XAL'].map((name, index) => ({
      name,
      of: ['R', 'W'] as const,
      isFinal: true as const,
      rank: 4 + index,
    })),
  ],
  fences: [{ name: 'ISB', rank: [0], orders: [] }, ...barriers('DMB', 2), ...barriers('DSB', 3)],
  strongest: 'DMB.SY',
  dependencies: (
    [
      { name: 'Addr', carrier: 'address' },
      { name: 'Data', carrier: 'data' },
      { name: 'Ctrl', carrier: 'control' },
      { name: 'CtrlIsb', carrier: 'control', fence: 'ISB' },
    ] as const
  ).flatMap(withSelection),
  usual: { DpR: 'Addr', DpW: 'Data', CtrlR: 'CtrlIsb', CtrlW: 'Ctrl' },
  updates: [
    { name: 'LxSx', computes: 'operand', shown: true },
    { name: 'Amo.Swp', computes: 'operand', shown: true },
    { name: 'Amo.Cas', computes: 'operand', shown: true },
    ...operations.map(([name, computes]) => ({ name: `Amo.Ld${name}`, computes, shown: true })),
    ...operations.map(([name, computes]) => ({
      name: `Amo.St${name}`,
      computes,
      shown: false,
      blind: true as const,
    })),
  ],
  allowsUpdate: ({ blind }, read, write) =>
    (read === undefined || (read === 'A' && !blind)) && (write === undefined || write === 'L'),
};
