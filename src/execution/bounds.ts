import { look } from '../limits.js';
import {
  asRead,
  type CellId,
  type CellTable,
  type Code,
  type Expression,
  evaluate,
  FREED,
  forEachRegister,
  given,
  type Instruction,
  isPointer,
  isTrue,
  JUNK,
  kept,
  type Program,
  type RegisterId,
  register,
  type ScalarType,
  substitute,
  type Value,
  valueKey,
} from '../program/index.js';
import { POLL_INTERVAL } from './unfold-limits.js';

/** By location, all values that a read of it can return; undefined where that may be any. */
export type Bounds = readonly (ReadonlyMap<string, Value> | undefined)[];

/** Values of one register or location, and combinations of registers' values in one expression, past which it may be any. */
const MOST_VALUES = 64;
const MOST_COMBINATIONS = 1024;
/** Rounds in which addresses are bounded by what the round before says that locations hold. */
const ROUNDS = 6;

/**
 * What the locations of a program can hold in any execution of any model, whatever its paths: each instruction counts as executed, an
 * address that is read is any until what it is read from has been bounded. What comes from itself, round a circle of reads and writes, may be any.
 */
export function boundsOf(program: Program, cells: CellTable): Bounds {
  let targets: Targets = new Map();
  for (let round = 1; ; round++) {
    const flow = new Flow(program, cells, targets);
    flow.run();
    if (round === ROUNDS || sizeOf(flow.targets) === sizeOf(targets)) return flow.bounds();
    targets = flow.targets;
  }
}

/** By instruction, what its address or callee can be, where it depends on what is read: any where it is not said. */
type Targets = Map<Instruction, ReadonlyMap<string, Value>>;

/** They only become fewer from round to round, but for the first. */
const sizeOf = (targets: Targets) =>
  [...targets.values()].reduce((sum, { size }) => sum + size, targets.size);

/** What a register or a location can hold, any value where `values` are undefined; and the locations that it can come from. */
interface Held {
  readonly values: ReadonlyMap<string, Value> | undefined;
  readonly from: ReadonlySet<CellId>;
}

const NOWHERE: ReadonlySet<CellId> = new Set();

function held(...values: readonly Value[]): Held {
  return { values: new Map(values.map((value) => [valueKey(value), value])), from: NOWHERE };
}

const ZERO = held(0n);
const TRUTHS = held(0n, 1n);

/** Both together: the first itself, where the second adds nothing. */
function join(a: Held | undefined, b: Held): Held {
  if (!a || a === b) return b;
  const from = [...b.from].every((cell) => a.from.has(cell)) ? a.from : new Set([...a.from, ...b.from]);
  const values = joinValues(a.values, b.values);
  return from === a.from && values === a.values ? a : { values, from };
}

function joinValues(a: Held['values'], b: Held['values']): Held['values'] {
  if (!a || !b) return undefined;
  if ([...b.keys()].every((key) => a.has(key))) return a;
  const both = new Map([...a, ...b]);
  return both.size > MOST_VALUES ? undefined : both;
}

type Access = Instruction & { kind: 'load' | 'store' | 'store-conditional' | 'rmw' };

/** The registers before an instruction. */
type State = readonly Held[];

/** Values on their way through registers and locations. Registers are followed from instruction to instruction, locations as a whole. */
class Flow {
  readonly targets: Targets = new Map();
  private readonly memory: Held[] = [];
  /** By code: the state before each instruction that can be reached, and at the end; and what it can return. */
  private readonly states = new Map<Code, (State | undefined)[]>();
  private readonly results = new Map<Code, Held>();
  private grew = false;
  private steps = 0;

  constructor(
    private readonly program: Program,
    private readonly cells: CellTable,
    private readonly given: Targets,
  ) {
    cells.cells.forEach((_, cell) => {
      this.heldBy(cell as CellId);
    });
    for (const { code, initial } of program.threads)
      this.enter(
        code,
        code.registers.map((_, index) => {
          const value = initial.get(index as RegisterId);
          return value === undefined ? ZERO : held(value);
        }),
      );
  }

  run(): void {
    do {
      this.grew = false;
      for (const [code, states] of this.states)
        for (let pc = 0; pc < code.instructions.length; pc++) if (states[pc]) this.step(code, pc);
      if (!this.grew) this.openCircles();
    } while (this.grew);
  }

  bounds(): Bounds {
    return this.memory.map(
      ({ values }) =>
        values && new Map([...values.values()].map((value) => [valueKey(asRead(value)), asRead(value)])),
    );
  }

  /** What can come from itself may be any value. */
  private openCircles(): void {
    const behind = this.memory.map((_, cell) => this.cellsBehind(cell as CellId));
    behind.forEach((cells, cell) => {
      if (cells.has(cell as CellId)) this.put(cell as CellId, { values: undefined, from: NOWHERE });
    });
  }

  private cellsBehind(cell: CellId): Set<CellId> {
    const behind = new Set(this.memory[cell].from);
    for (const other of behind) for (const more of this.heldBy(other).from) behind.add(more);
    return behind;
  }

  // --- Instructions ---

  private step(code: Code, pc: number): void {
    if (++this.steps % POLL_INTERVAL === 0) look();
    const state = (this.states.get(code) as State[])[pc];
    const instruction = code.instructions[pc];
    switch (instruction.kind) {
      case 'jump':
        this.flow(code, instruction.goto, state);
        return;
      case 'branch':
        this.branch(code, pc, instruction, state);
        return;
      case 'return':
        this.leave(code, instruction.value ? this.value(instruction.value, state) : ZERO);
        return;
      default: {
        const [target, value] = this.effect(instruction, state);
        this.flow(code, pc + 1, target === undefined ? state : assigned(state, target, value));
      }
    }
  }

  private branch(code: Code, pc: number, instruction: Instruction & { kind: 'branch' }, state: State): void {
    const { values, from } = this.value(instruction.condition, state);
    const isFixed = !instruction.free && from.size === 0 && values !== undefined;
    const truths = isFixed ? [...values.values()].map(isTrue) : [true, false];
    if (truths.includes(true)) this.flow(code, instruction.goto, state);
    if (truths.includes(false)) this.flow(code, pc + 1, state);
  }

  /** What an instruction does to memory, and the register that it sets. */
  private effect(instruction: Instruction, state: State): readonly [RegisterId | undefined, Held] {
    switch (instruction.kind) {
      case 'assign':
        return [instruction.target, this.value(instruction.value, state)];
      case 'load':
        return [instruction.target, this.load(instruction, state)];
      case 'store':
        this.store(instruction, instruction.value, state);
        return [undefined, ZERO];
      case 'store-conditional':
        return [instruction.target, orJunk(TRUTHS, this.store(instruction, instruction.value, state))];
      case 'rmw': {
        const read = this.load(instruction, state);
        if (!instruction.fails)
          this.store(instruction, instruction.update, assigned(state, instruction.target, read), state);
        return [instruction.target, read];
      }
      case 'fence':
        return this.fence(instruction, state);
      case 'allocate': {
        const objects = instruction.objects.flat().map((symbol) => ({ symbol, offset: 0 }));
        return [instruction.target, held(...objects)];
      }
      case 'free':
        this.free(instruction, state);
        return [undefined, ZERO];
      case 'call':
        return [instruction.target, this.call(instruction, state)];
      default:
        return [undefined, ZERO];
    }
  }

  private load(instruction: Access, state: State): Held {
    const { cells, misses } = this.accessed(instruction.address, instruction, state);
    let { values } = orJunk(NOTHING, misses);
    for (const cell of cells) values = joinValues(values, this.seen(cell, instruction.type));
    return { values, from: new Set(cells) };
  }

  private fence(
    instruction: Instruction & { kind: 'fence' },
    state: State,
  ): readonly [RegisterId | undefined, Held] {
    const { gives, about } = instruction;
    if (!gives) return [undefined, ZERO];
    const misses = about !== undefined && this.accessed(about, instruction, state).misses;
    return [gives.target, orJunk(held(gives.value), misses)];
  }

  /** What an access of a type can read from a location. */
  private seen(cell: CellId, type: ScalarType): Held['values'] {
    const location = this.cells.cells[cell].type;
    const { values } = this.heldBy(cell);
    if (!values) return undefined;
    const read = [...values.values()].map((value) =>
      evaluate(given({ kind: 'constant', value: asRead(value) }, type, location), noRegister),
    );
    return held(...read).values;
  }

  /** Says whether it may be to no location. */
  private store(instruction: Access, value: Expression, state: State, before: State = state): boolean {
    const { cells, misses } = this.accessed(instruction.address, instruction, before);
    for (const cell of cells) {
      const stored = kept(value, instruction.type, this.cells.cells[cell].type);
      this.put(cell, this.value(stored, state));
    }
    return misses;
  }

  private free(instruction: Instruction & { kind: 'free' }, state: State): void {
    const objects = this.target(instruction, instruction.address, state);
    const freed = objects
      ? [...objects.values()].flatMap((value) => (isPointer(value) ? (this.cells.object(value) ?? []) : []))
      : this.all();
    for (const cell of freed) this.put(cell, held(FREED));
  }

  /** What a call can return. */
  private call(instruction: Instruction & { kind: 'call' }, state: State): Held {
    const callees = this.target(instruction, instruction.callee, state);
    const args = instruction.args.map((arg) => this.value(arg, state));
    let result: Held | undefined;
    for (const code of this.program.functions) {
      if (callees && !callees.has(valueKey({ symbol: code.name, offset: 0 }))) continue;
      const registers = code.registers.map((): Held => ZERO);
      code.parameters.forEach((parameter, index) => {
        registers[parameter] = args[index] ?? ZERO;
      });
      this.enter(code, registers);
      const returned = this.results.get(code);
      if (returned) result = join(result, returned);
    }
    const names = new Set(this.program.functions.map(({ name }) => name));
    const misses = !callees || [...callees.values()].some((callee) => !isFunction(callee, names));
    return orJunk(result ?? NOTHING, misses);
  }

  // --- What is known ---

  private value(expression: Expression, state: State): Held {
    const folded = substitute(expression, register);
    const registers = new Set<RegisterId>();
    forEachRegister(expression, (id) => registers.add(id));
    const operands = [...registers].map((id) => state[id]);
    const from = operands.length === 1 ? operands[0].from : new Set(operands.flatMap((one) => [...one.from]));
    return { values: valuesOf(folded, [...registers], state), from };
  }

  /** What an address or a callee can be. */
  private target(instruction: Instruction, expression: Expression, state: State): Held['values'] {
    const { values, from } = this.value(expression, state);
    if (from.size === 0) return values;
    if (values) this.targets.set(instruction, values);
    else this.targets.delete(instruction);
    return this.given.get(instruction);
  }

  /** The locations that an access can be to, and whether it may be to none. */
  private accessed(
    address: Expression,
    instruction: Instruction & { readonly type?: ScalarType },
    state: State,
  ): { readonly cells: readonly CellId[]; readonly misses: boolean } {
    const { type } = instruction;
    const addresses = this.target(instruction, address, state);
    if (!addresses) return { cells: this.all(type), misses: true };
    const found = [...addresses.values()].map((value) => this.cells.at(value, type));
    const cells = found.filter((cell) => cell !== undefined);
    return { cells, misses: cells.length < found.length };
  }

  /** All locations that there are; those that an access of a type can be to. */
  private all(type?: ScalarType): readonly CellId[] {
    return this.cells.cells.flatMap((cell, id) =>
      !type || cell.type.bits === type.bits ? [id as CellId] : [],
    );
  }

  /** In flat memory, locations come up on the way. */
  private heldBy(cell: CellId): Held {
    this.memory[cell] ??= held(this.cells.cells[cell].initial);
    return this.memory[cell];
  }

  private put(cell: CellId, more: Held): void {
    const joined = join(this.heldBy(cell), more);
    if (joined === this.memory[cell]) return;
    this.memory[cell] = joined;
    this.grew = true;
  }

  private enter(code: Code, state: State): void {
    if (!this.states.has(code)) this.states.set(code, []);
    this.flow(code, 0, state);
  }

  private flow(code: Code, pc: number, state: State): void {
    if (pc >= code.instructions.length) {
      this.leave(code, ZERO);
      return;
    }
    const states = this.states.get(code) as (State | undefined)[];
    const before = states[pc];
    const joined = before?.map((one, index) => join(one, state[index])) ?? state;
    if (before?.every((one, index) => one === joined[index])) return;
    states[pc] = joined;
    this.grew = true;
  }

  private leave(code: Code, result: Held): void {
    const before = this.results.get(code);
    const joined = join(before, result);
    if (joined === before) return;
    this.results.set(code, joined);
    this.grew = true;
  }
}

function noRegister(): never {
  throw new Error('a constant mentions a register');
}

const NOTHING: Held = { values: new Map(), from: NOWHERE };

/** What is read where nothing is, or returned by what is no function, is junk. */
const orJunk = (one: Held, misses: boolean): Held => (misses ? join(one, held(JUNK)) : one);

const isFunction = (callee: Value, names: ReadonlySet<string>): boolean =>
  isPointer(callee) && callee.offset === 0 && names.has(callee.symbol);

function assigned(state: State, target: RegisterId, value: Held): State {
  const after = [...state];
  after[target] = value;
  return after;
}

/** All values that an expression can have; undefined when there are too many. */
function valuesOf(expression: Expression, registers: readonly RegisterId[], state: State): Held['values'] {
  if (expression.kind === 'constant') return held(expression.value).values;
  if (expression.kind === 'register') return state[expression.register].values;
  let combinations = 1;
  for (const id of registers) combinations *= state[id].values?.size ?? MOST_COMBINATIONS + 1;
  if (combinations > MOST_COMBINATIONS) return undefined;
  const found = new Map<string, Value>();
  const current = new Map<RegisterId, Value>();
  const assign = (at: number): void => {
    if (at === registers.length) {
      const value = evaluate(expression, (id) => current.get(id) as Value);
      found.set(valueKey(value), value);
      return;
    }
    for (const value of (state[registers[at]].values as ReadonlyMap<string, Value>).values()) {
      current.set(registers[at], value);
      assign(at + 1);
    }
  };
  assign(0);
  return found.size > MOST_VALUES ? undefined : found;
}
