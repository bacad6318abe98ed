import fc from 'fast-check';
import {
  addressOf,
  type Cell,
  constant,
  type Expression,
  type Instruction,
  int32,
  int64,
  type Program,
  register,
  registerId,
  threadId,
} from '../../src/program/index.js';

/** One thing that a thread does. Places are taken modulo the locations that there are, values modulo the registers. */
type Step =
  | { readonly does: 'load' | 'lock'; readonly place: number; readonly value?: undefined }
  | { readonly does: 'store' | 'conditional'; readonly place: number; readonly value: number }
  | { readonly does: 'fence'; readonly tag: 'MB' | 'WMB' };

const place = fc.nat(4);
const value = fc.nat(5);

const simple: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: fc.constant('load'), place }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('store'), place, value }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('fence'), tag: fc.constantFrom('MB', 'MB', 'WMB') }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('lock'), place }) },
);

const attempt = fc
  .record({
    lock: fc.record({ does: fc.constant('lock' as const), place }),
    between: fc.array(simple, { maxLength: 1 }),
    conditional: fc.record({ does: fc.constant('conditional' as const), place, value }),
  })
  .map(({ lock, between, conditional }): Step[] => [lock, ...between, conditional]);

const steps = fc
  .array(
    fc.oneof(
      simple.map((step) => [step]),
      attempt,
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.flat());

/** Programs of load-locked and store-conditional within a block of 16 bytes, and beside it. */
export const inBlocks: fc.Arbitrary<Program> = fc
  .record({
    isLong: fc.boolean(),
    flatMemory: fc.boolean(),
    threads: fc.tuple(steps, fc.array(simple, { minLength: 1, maxLength: 3 }), fc.option(simple)),
  })
  .map(({ isLong, flatMemory, threads: [first, second, third] }) =>
    programOf(isLong, flatMemory, [first, second, ...(third ? [[third]] : [])]),
  );

/** The same, with attempts on two CPUs. */
export const inBlocksTwice: fc.Arbitrary<Program> = fc
  .record({ isLong: fc.boolean(), flatMemory: fc.boolean(), first: attempt, second: attempt, more: simple })
  .map(({ isLong, flatMemory, first, second, more }) =>
    programOf(isLong, flatMemory, [[...first, more], second]),
  );

function programOf(isLong: boolean, flatMemory: boolean, threads: readonly (readonly Step[])[]): Program {
  const type = isLong ? int32 : int64;
  const offsets = isLong ? [0, 4, 12] : [0, 8, 16];
  const cell = (symbol: string, offset: number): Cell => {
    return { symbol, offset, name: offset === 0 ? symbol : `${symbol}+${offset}`, type, initial: 0n };
  };
  const cells = [...offsets.map((offset) => cell('a', offset)), cell('y', 0)];
  return {
    name: 'blocks',
    dialect: 'Alpha',
    cells,
    flatMemory,
    functions: [],
    threads: threads.map((list, id) => ({
      id: threadId(id),
      name: `P${id}`,
      initial: new Map(),
      code: codeOf(`P${id}`, list, cells),
    })),
  };
}

function codeOf(name: string, steps: readonly Step[], cells: readonly Cell[]): Program['threads'][0]['code'] {
  const registers: string[] = [];
  const fresh = () => registerId(registers.push(`r${registers.length}`) - 1);
  const instructions = steps.map((step): Instruction => {
    if (step.does === 'fence') return { kind: 'fence', tags: [step.tag] };
    const { symbol, offset, type } = cells[step.place % cells.length];
    const common = { address: addressOf(symbol, offset), type, tags: [] };
    if (step.does === 'load' || step.does === 'lock')
      return { kind: 'load', target: fresh(), locked: step.does === 'lock', ...common };
    const stored = storedOf(step.value ?? 0, registers.length);
    if (step.does === 'store') return { kind: 'store', value: stored, ...common };
    return { kind: 'store-conditional', target: fresh(), value: stored, ...common };
  });
  return { name, parameters: [], registers, instructions, controlScope: 'rest' };
}

function storedOf(value: number, registers: number): Expression {
  return value < 3 || registers === 0 ? constant(value) : register(registerId(value % registers));
}
