import fc from 'fast-check';
import {
  addressOf,
  binary,
  type Cell,
  type Code,
  constant,
  type Expression,
  type Instruction,
  int32,
  type Program,
  pointerType,
  type RegisterId,
  register,
  registerId,
  threadId,
} from '../../src/program/index.js';

/** What stands between a thread's first load and its last store. Numbers choose among registers or locations. */
type Part =
  /** An access, or a fence. */
  | { readonly does: 'load' | 'store' | 'exchange'; readonly cell: number }
  /** Stores a location's address to the pointer. */
  | { readonly does: 'point'; readonly cell: number }
  | { readonly does: 'fence'; readonly tags: readonly string[] }
  /** Loads the pointer, and loads or stores where it points to. */
  | { readonly does: 'follow'; readonly stores: boolean }
  /** Loads or stores at an address that a branch chooses. */
  | {
      readonly does: 'choose-place';
      readonly stores: boolean;
      readonly tested: number;
      readonly cell: number;
    }
  /** A register is given a number, or what another one holds, on each way. */
  | { readonly does: 'choose'; readonly tested: number; readonly legs: readonly [number, number] }
  | { readonly does: 'compare'; readonly cell: number }
  | { readonly does: 'call'; readonly tested: number; readonly function: number }
  | {
      readonly does: 'if';
      readonly tested: number;
      readonly yes: readonly Part[];
      readonly no: readonly Part[];
    };

interface ThreadShape {
  readonly parts: readonly Part[];
  /** What it stores: a number, or what a register holds. */
  readonly stored: number;
}

const number = fc.nat(3);
const fences = fc.constantFrom(['MB'], ['WMB']);

const simple: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ does: fc.constantFrom('load', 'store', 'store', 'point'), cell: number }),
  fc.record({ does: fc.constant('fence'), tags: fences }),
);

const decided: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ does: fc.constant('follow'), stores: fc.boolean() }),
  fc.record({ does: fc.constant('choose-place'), stores: fc.boolean(), tested: number, cell: number }),
  fc.record({ does: fc.constant('choose'), tested: number, legs: fc.tuple(number, number) }),
  fc.record({ does: fc.constant('compare'), cell: number }),
  fc.record({ does: fc.constant('exchange'), cell: number }),
);

/** Branches, with branches in them. */
function branches(depth: number): fc.Arbitrary<Part> {
  const inside = depth > 0 ? fc.oneof(simple, simple, decided, branches(depth - 1)) : simple;
  const leg = fc.array(inside, { maxLength: 2 });
  return fc.record({ does: fc.constant('if'), tested: number, yes: leg, no: leg });
}

const calls: fc.Arbitrary<Part> = fc.record({ does: fc.constant('call'), tested: number, function: number });

const threads = (withCalls: boolean): fc.Arbitrary<ThreadShape> =>
  fc.record({
    parts: fc.array(fc.oneof(simple, decided, branches(1), ...(withCalls ? [calls, calls] : [])), {
      minLength: 1,
      maxLength: 3,
    }),
    stored: fc.nat(5),
  });

/**
 * Rings of threads that load one location and store to the next, with what may make the store depend on the load in between.
 * @param withCalls whether functions are called
 */
export function rings(withCalls: boolean): fc.Arbitrary<Program> {
  const plain = fc.record({ parts: fc.array(simple, { maxLength: 2 }), stored: fc.nat(5) });
  const ring = fc.oneof(
    fc.tuple(threads(withCalls), plain),
    fc.tuple(threads(withCalls), threads(withCalls)),
    fc.tuple(threads(withCalls), plain, plain),
  );
  const scope = fc.constantFrom('join', 'join', 'join', 'rest');
  return fc.tuple(ring, scope, number).map(([shapes, controlScope, pointed]) => {
    const cells = ['x', 'y', 'z'].map((name): Cell => {
      return { symbol: name, offset: 0, name, type: int32, initial: 0n };
    });
    const pointer: Cell = {
      symbol: 'p',
      offset: 0,
      name: 'p',
      type: pointerType,
      initial: { symbol: cells[pointed % cells.length].symbol, offset: 0 },
    };
    return {
      name: 'ring',
      dialect: 'C',
      cells: [...cells, pointer],
      flatMemory: false,
      functions: withCalls ? functions.map((one) => ({ ...one, controlScope })) : [],
      threads: shapes.map((shape, id) => {
        const builder = new Builder(id, shapes.length);
        const code = { ...builder.codeOf(shape), controlScope };
        return { id: threadId(id), name: `P${id}`, code, initial: new Map() };
      }),
    };
  });
}

const NAMES = ['x', 'y', 'z'];
const access = { type: int32, tags: [] };
const isOne = (tested: RegisterId): Expression => binary('==', register(tested), constant(1));

/** Functions of one number. */
const functions: readonly Omit<Code, 'controlScope'>[] = [
  // Gives one number or another.
  functionOf('two', [
    { kind: 'branch', condition: isOne(registerId(0)), goto: 2 },
    { kind: 'return', value: constant(0) },
    { kind: 'return', value: constant(1) },
  ]),
  // Gives one number, on two ways.
  functionOf('one', [
    { kind: 'branch', condition: isOne(registerId(0)), goto: 2 },
    { kind: 'return', value: constant(1) },
    { kind: 'return', value: constant(1) },
  ]),
  // Stores on one way, and goes on behind.
  functionOf('storing', [
    { kind: 'branch', condition: isOne(registerId(0)), goto: 3 },
    { kind: 'store', address: addressOf('y'), value: constant(3), ...access },
    { kind: 'return', value: constant(1) },
    { kind: 'fence', tags: ['WMB'] },
  ]),
];

function functionOf(name: string, instructions: readonly Instruction[]): Omit<Code, 'controlScope'> {
  return { name, parameters: [registerId(0)], registers: ['a'], instructions };
}

class Builder {
  private readonly registers: string[] = [];
  private readonly instructions: Instruction[] = [];

  constructor(
    private readonly thread: number,
    private readonly threads: number,
  ) {}

  codeOf({ parts, stored }: ThreadShape): Omit<Code, 'controlScope'> {
    this.load(addressOf(NAMES[this.thread]));
    for (const part of parts) this.part(part);
    const value = stored < 2 ? constant(1 + stored) : register(this.tested(stored - 2));
    this.store(addressOf(NAMES[(this.thread + 1) % this.threads]), value);
    return {
      name: `P${this.thread}`,
      parameters: [],
      registers: this.registers,
      instructions: this.instructions,
    };
  }

  /** Registers that hold integers. */
  private readonly integers: RegisterId[] = [];

  private part(part: Part): void {
    switch (part.does) {
      case 'load':
        this.load(this.cell(part.cell));
        return;
      case 'store':
        this.store(this.cell(part.cell), constant(2));
        return;
      case 'point': {
        const [address, value] = [addressOf('p'), this.cell(part.cell)];
        this.instructions.push({ kind: 'store', address, value, type: pointerType, tags: [] });
        return;
      }
      case 'exchange':
      case 'compare':
        this.atomic(this.cell(part.cell), part.does === 'compare');
        return;
      case 'fence':
        this.instructions.push({ kind: 'fence', tags: part.tags });
        return;
      case 'follow': {
        const target = this.fresh();
        const address = addressOf('p');
        this.instructions.push({ kind: 'load', target, address, type: pointerType, tags: [] });
        this.at(register(target), part.stores);
        return;
      }
      case 'choose-place': {
        const target = this.fresh();
        this.chosen(part.tested, target, this.cell(part.cell), this.cell(part.cell + 1));
        this.at(register(target), part.stores);
        return;
      }
      case 'choose': {
        const target = this.fresh();
        const [one, other] = part.legs.map((leg) => this.content(leg));
        this.chosen(part.tested, target, one, other);
        this.integers.push(target);
        return;
      }
      case 'call': {
        const target = this.fresh();
        const { name } = functions[part.function % functions.length];
        const args = [register(this.tested(part.tested))];
        this.instructions.push({ kind: 'call', callee: addressOf(name), args, target });
        this.integers.push(target);
        return;
      }
      case 'if':
        this.branch(part.tested, part.yes, part.no);
    }
  }

  private branch(tested: number, yes: readonly Part[], no: readonly Part[]): void {
    const known = this.integers.length;
    const start = this.hole();
    for (const part of no) this.part(part);
    const end = this.hole();
    const middle = this.instructions.length;
    for (const part of yes) this.part(part);
    this.instructions[start] = { kind: 'branch', condition: isOne(this.tested(tested, known)), goto: middle };
    this.instructions[end] = { kind: 'jump', goto: this.instructions.length };
  }

  private chosen(tested: number, target: RegisterId, one: Expression, other: Expression): void {
    this.instructions.push({ kind: 'assign', target, value: other });
    const condition = isOne(this.tested(tested));
    const goto = this.instructions.length + 2;
    this.instructions.push({ kind: 'branch', condition: binary('==', condition, constant(0)), goto });
    this.instructions.push({ kind: 'assign', target, value: one });
  }

  private hole(): number {
    return this.instructions.push({ kind: 'jump', goto: 0 }) - 1;
  }

  private content(leg: number): Expression {
    return leg < 2 ? constant(1 + leg) : register(this.tested(leg));
  }

  private tested(index: number, known = this.integers.length): RegisterId {
    return this.integers[index % known];
  }

  private at(address: Expression, stores: boolean): void {
    if (stores) this.store(address, constant(2));
    else this.load(address);
  }

  private load(address: Expression): void {
    const target = this.fresh();
    this.instructions.push({ kind: 'load', target, address, ...access });
    this.integers.push(target);
  }

  private store(address: Expression, value: Expression): void {
    this.instructions.push({ kind: 'store', address, value, ...access });
  }

  private atomic(address: Expression, compares: boolean): void {
    const target = this.fresh();
    this.instructions.push({
      kind: 'rmw',
      target,
      address,
      ...(compares ? { condition: isOne(target) } : {}),
      update: constant(2),
      type: int32,
      readTags: [],
      writeTags: [],
    });
    this.integers.push(target);
  }

  private fresh(): RegisterId {
    return registerId(this.registers.push(`r${this.registers.length}`) - 1);
  }

  private cell(index: number): Expression {
    return addressOf(NAMES[index % NAMES.length]);
  }
}

/** The same program with the functions in the place of their calls, which then depends on nothing else. */
export function inlined(program: Program): Program {
  return {
    ...program,
    functions: [],
    threads: program.threads.map((thread) => ({ ...thread, code: withoutCalls(thread.code, program) })),
  };
}

function withoutCalls(code: Code, { functions: all }: Program): Code {
  const registers = [...code.registers];
  // By instruction: what comes in its place. Where it goes to is put right at the end.
  const bodies = code.instructions.map((instruction): Instruction[] => {
    if (instruction.kind !== 'call' || instruction.target === undefined) return [instruction];
    const { callee, target, args } = instruction;
    const name = callee.kind === 'constant' && typeof callee.value !== 'bigint' ? callee.value.symbol : '';
    const called = all.find((one) => one.name === name) as Code;
    const parameter = registerId(registers.push(`a${registers.length}`) - 1);
    return [{ kind: 'assign', target: parameter, value: args[0] }, ...body(called, parameter, target)];
  });
  const starts = bodies.map((_, index) => bodies.slice(0, index).flat().length);
  const instructions = bodies.flatMap((list, index) =>
    list.map((one): Instruction => {
      if (one.kind !== 'branch' && one.kind !== 'jump') return one;
      const goto = list.length > 1 ? starts[index] + one.goto : (starts[one.goto] ?? bodies.flat().length);
      return { ...one, goto };
    }),
  );
  return { ...code, registers, instructions };
}

/** A function's instructions with its one argument in a register, from place 1 on; each return is an assignment and a jump. */
function body(code: Code, parameter: RegisterId, target: RegisterId): Instruction[] {
  const places = code.instructions.map(
    (_, pc) => 1 + pc + code.instructions.slice(0, pc).filter(({ kind }) => kind === 'return').length,
  );
  const end = 1 + code.instructions.length + code.instructions.filter(({ kind }) => kind === 'return').length;
  const found = code.instructions.flatMap((instruction): Instruction[] => {
    if (instruction.kind === 'return') {
      const value = instruction.value ?? constant(0);
      return [
        { kind: 'assign', target, value },
        { kind: 'jump', goto: end + 1 },
      ];
    }
    if (instruction.kind !== 'branch') return [instruction];
    return [{ ...instruction, condition: isOne(parameter), goto: places[instruction.goto] }];
  });
  return [...found, { kind: 'assign', target, value: constant(0) }];
}
