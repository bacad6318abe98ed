import {
  addressOf,
  type Cell,
  type Code,
  constant,
  type Expression,
  type Instruction,
  int32,
  type Program,
  register as readRegister,
  registerId,
  type Thread,
  threadId,
  type Value,
} from '../../src/program/index.js';

/**
 * Programs by hand, for tests. Places are names of locations, or expressions; numbers stand for themselves.
 */
type Operand = Expression | number;
type Place = Expression | string;

/** Register `r0`, `r1` ... */
export const r = (index: number): Expression => readRegister(registerId(index));

export const load = (target: number, place: Place): Instruction => ({
  kind: 'load',
  target: registerId(target),
  address: at(place),
  type: int32,
  tags: ['Once'],
});

export const loadLocked = (target: number, place: Place): Instruction =>
  Object.assign(load(target, place), { locked: true });

export const store = (place: Place, value: Operand): Instruction => ({
  kind: 'store',
  address: at(place),
  value: content(value),
  type: int32,
  tags: ['Once'],
});

export const storeConditional = (target: number, place: Place, value: Operand): Instruction => ({
  kind: 'store-conditional',
  target: registerId(target),
  address: at(place),
  value: content(value),
  type: int32,
  tags: ['Once'],
});

/** Writes `update`, if `condition` holds; both may mention the target, which then holds what was read. */
export const rmw = (target: number, place: Place, update: Operand, condition?: Expression): Instruction => ({
  kind: 'rmw',
  target: registerId(target),
  address: at(place),
  update: content(update),
  type: int32,
  readTags: ['Once'],
  writeTags: ['Once'],
  ...(condition ? { condition } : {}),
});

export const fence = (...tags: string[]): Instruction => ({ kind: 'fence', tags });
export const assign = (target: number, value: Operand): Instruction => ({
  kind: 'assign',
  target: registerId(target),
  value: content(value),
});
export const branch = (condition: Operand, goto: number): Instruction => ({
  kind: 'branch',
  condition: content(condition),
  goto,
});
export const jump = (goto: number): Instruction => ({ kind: 'jump', goto });
export const leave = (value?: Operand): Instruction =>
  value === undefined ? { kind: 'return' } : { kind: 'return', value: content(value) };
export const call = (target: number, callee: Place, ...args: Operand[]): Instruction => ({
  kind: 'call',
  target: registerId(target),
  callee: at(callee),
  args: args.map(content),
});

interface ThreadText {
  readonly code: readonly Instruction[];
  readonly scope?: Code['controlScope'];
  readonly interrupt?: 'nmi' | 'irq';
  /** Of a handler, the thread that it interrupts. @default 0 */
  readonly on?: number;
}

interface ProgramText {
  /** Locations and what they hold at first; a name stands for the address of that location. */
  readonly cells: Readonly<Record<string, number | string>>;
  readonly threads: readonly (readonly Instruction[] | ThreadText)[];
  readonly functions?: Readonly<Record<string, readonly Instruction[]>>;
  readonly flatMemory?: boolean;
}

/** A program of C-like threads, but for what is said otherwise. */
export function program({ cells, threads, functions = {}, flatMemory = false }: ProgramText): Program {
  return {
    name: 'test',
    dialect: 'C',
    cells: Object.entries(cells).map(([name, initial]): Cell => {
      const value: Value = typeof initial === 'number' ? BigInt(initial) : { symbol: initial, offset: 0 };
      return { symbol: name, offset: 0, name, type: int32, initial: value };
    }),
    flatMemory,
    functions: Object.entries(functions).map(([name, code]): Code => {
      // The arguments are in the first registers, however many there are.
      return { ...codeOf(name, { code }), parameters: REGISTERS.map((_, index) => registerId(index)) };
    }),
    threads: threads.map((text, id): Thread => {
      const thread: ThreadText = 'code' in text ? text : { code: text };
      const { interrupt: kind, on = 0 } = thread;
      return {
        id: threadId(id),
        name: `P${id}`,
        code: codeOf(`P${id}`, thread),
        initial: new Map(),
        ...(kind ? { interrupt: { kind, on: threadId(on) } } : {}),
      };
    }),
  };
}

/** Enough for all code by hand. */
const REGISTERS = ['r0', 'r1', 'r2', 'r3'];

function codeOf(name: string, { code, scope = 'join' }: ThreadText): Code {
  return { name, parameters: [], registers: REGISTERS, instructions: code, controlScope: scope };
}

function at(place: Place): Expression {
  return typeof place === 'string' ? addressOf(place) : place;
}

function content(operand: Operand): Expression {
  return typeof operand === 'number' ? constant(operand) : operand;
}
