import fc from 'fast-check';
import {
  type BinaryOperator,
  constant,
  type Expression,
  forEachRegister,
  type Instruction,
  int32,
  type Program,
  type RegionChange,
  type RegisterId,
  registerId,
} from '../src/program/index.js';

/**
 * What a thread may do wrong, by what a register of it holds, at a place in its code if there is one for it
 * there.
 */
export interface Mistake {
  readonly thread: number;
  readonly at: number;
  readonly register: number;
  readonly what:
    | { readonly is: 'division'; readonly op: BinaryOperator }
    /** An access beside what it is to be to, for one value of the register or for all. */
    | { readonly is: 'beside'; readonly by: bigint; readonly when?: bigint }
    /** An access through null. */
    | { readonly is: 'null'; readonly when: bigint }
    /** Begins or ends a region in place of what stood there. */
    | { readonly is: 'region'; readonly change: RegionChange };
}

const division = fc.record({
  is: fc.constant('division' as const),
  op: fc.constantFrom<BinaryOperator[]>('/', '%', '<<', '>>'),
});
const when = fc.constantFrom(0n, 1n);
const others = fc.oneof(
  division,
  fc.record(
    { is: fc.constant('beside' as const), by: fc.constantFrom(1n, 64n, -4n), when },
    { requiredKeys: ['is', 'by'] },
  ),
  fc.record({ is: fc.constant('null' as const), when }),
  fc.record({
    is: fc.constant('region' as const),
    change: fc.constantFrom<RegionChange[]>('section-begin', 'section-end', 'irq-restore', 'grace-period'),
  }),
);

const mistake = (what: fc.Arbitrary<Mistake['what']>): fc.Arbitrary<Mistake> =>
  fc.record({ thread: fc.nat(2), at: fc.nat(7), register: fc.nat(3), what });

/** A division, or a shift, by a register. */
export const divisions: fc.Arbitrary<Mistake> = mistake(division);

/** Mistakes of all kinds. */
export const mistakes: fc.Arbitrary<Mistake> = mistake(others);

/** The program, in which a thread makes a mistake. */
export function withMistake(program: Program, { thread, at, register, what }: Mistake): Program {
  const threads = program.threads.map((one, index) => {
    const { instructions, registers } = one.code;
    if (index !== thread % program.threads.length || registers.length === 0) return one;
    const held: Expression = { kind: 'register', register: registerId(register % registers.length) };
    const changed = instructions.map((instruction, place) =>
      place === at % instructions.length ? mistaken(instruction, held, what) : instruction,
    );
    return { ...one, code: { ...one.code, instructions: changed } };
  });
  return { ...program, threads };
}

/**
 * A lock that a thread takes or frees in place of what stood there; or, under the Linux-kernel model, an
 * event of RCU.
 */
export interface Locking {
  readonly thread: number;
  readonly at: number;
  readonly lock: number;
  readonly does: 'take' | 'try' | 'free' | 'rcu-lock' | 'rcu-unlock' | 'sync-rcu';
}

const lockingsOf = (...does: readonly Locking['does'][]): fc.Arbitrary<Locking[]> =>
  fc.array(fc.record({ thread: fc.nat(2), at: fc.nat(7), lock: fc.nat(1), does: fc.constantFrom(...does) }), {
    minLength: 3,
    maxLength: 6,
  });

/** Locks that are taken and freed anywhere, more often taken. */
export const lockings = lockingsOf('take', 'take', 'take', 'try', 'free');

/** And sections and grace periods of the Linux-kernel model. */
export const waitings = lockingsOf(
  'take',
  'take',
  'free',
  'rcu-lock',
  'rcu-lock',
  'rcu-unlock',
  'sync-rcu',
  'sync-rcu',
);

/** The program, in which threads take and free two locks that it did not have. */
export function withLocks(program: Program, all: readonly Locking[]): Program {
  const locks = [0, 1].map((lock) => ({
    symbol: `lock${lock}`,
    offset: 0,
    name: `lock${lock}`,
    type: int32,
    initial: 0n,
  }));
  const threads = program.threads.map((one, index) => {
    const found = registerId(one.code.registers.length);
    const own = all.filter(({ thread }) => thread % program.threads.length === index);
    const instructions = one.code.instructions.map((instruction, place) => {
      const locking = own.find(({ at }) => at % one.code.instructions.length === place);
      return locking && !('goto' in instruction) ? lockingOf(locking, found) : instruction;
    });
    return { ...one, code: { ...one.code, registers: [...one.code.registers, 'found'], instructions } };
  });
  return { ...program, cells: [...program.cells, ...locks], threads };
}

function lockingOf({ lock, does }: Locking, target: RegisterId): Instruction {
  const access = { address: constant({ symbol: `lock${lock}`, offset: 0 }), type: int32 };
  if (does === 'free') return { kind: 'store', value: constant(0), tags: ['UL'], ...access };
  if (does !== 'take' && does !== 'try') return { kind: 'fence', tags: [does] };
  return {
    kind: 'rmw',
    target,
    condition: equal({ kind: 'register', register: target }, 0n),
    ...(does === 'take' ? { blocks: true } : { failureTags: ['LF'] }),
    update: constant(1),
    readTags: ['LKR'],
    writeTags: ['LKW'],
    uncontrolled: true,
    ...access,
  };
}

function mistaken(instruction: Instruction, held: Expression, what: Mistake['what']): Instruction {
  switch (what.is) {
    case 'division':
      // What registers hold is 0 or 1 mostly: there is nothing wrong with a shift by these.
      return divided(instruction, what.op, what.op.length > 1 ? binary('-', held, constant(1)) : held);
    case 'beside': {
      const { by, when } = what;
      const far = when === undefined ? constant(by) : binary('*', equal(held, when), constant(by));
      return elsewhere(instruction, (address) => binary('+', address, far));
    }
    case 'null':
      return elsewhere(instruction, (address) => chosen(equal(held, what.when), constant(0), address));
    case 'region':
      return 'goto' in instruction ? instruction : { kind: 'region', change: what.change };
  }
}

const binary = (op: BinaryOperator, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  op,
  left,
  right,
});
const equal = (left: Expression, value: bigint): Expression => binary('==', left, constant(value));

function chosen(condition: Expression, then: Expression, otherwise: Expression): Expression {
  return { kind: 'select', condition, then, otherwise };
}

function divided(instruction: Instruction, op: BinaryOperator, right: Expression): Instruction {
  const by = (left: Expression): Expression => binary(op, left, right);
  if (instruction.kind === 'store') return { ...instruction, value: by(instruction.value) };
  if (instruction.kind === 'branch') return { ...instruction, condition: by(constant(6)) };
  return instruction;
}

function elsewhere(instruction: Instruction, to: (address: Expression) => Expression): Instruction {
  switch (instruction.kind) {
    case 'load':
    case 'store':
    case 'store-conditional':
    case 'free':
      return { ...instruction, address: to(instruction.address) };
    case 'rmw': {
      const address = to(instruction.address);
      // What an atomic reads is not to be in its address.
      return mentions(address, instruction.target) ? instruction : { ...instruction, address };
    }
    default:
      return instruction;
  }
}

function mentions(expression: Expression, wanted: RegisterId): boolean {
  let is = false;
  forEachRegister(expression, (register) => {
    is ||= register === wanted;
  });
  return is;
}
