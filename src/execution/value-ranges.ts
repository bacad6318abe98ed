import {
  asRead,
  type CellId,
  CellTable,
  type Code,
  constant,
  type Expression,
  evaluate,
  FREED,
  forEachRegister,
  given,
  hasLoop,
  type Instruction,
  isPointer,
  JUNK,
  kept,
  type Liveness,
  type Program,
  type RegisterId,
  type ScalarType,
  type Thread,
  type Value,
  valueKey,
} from '../program/index.js';
import { type Footprint, footprintOf } from './footprint.js';

/** Values of one register or location, and combinations of registers' values in one expression, past which this way is given up. */
const MAX_VALUES = 64;
const MAX_COMBINATIONS = 4096;

class TooMany extends Error {}

type Values = Map<string, Value>;

interface Access {
  readonly address: Expression;
  readonly type: ScalarType;
}

/**
 * What the threads of a program touch in memory, and with what values, whatever happens: each register and each
 * location holds any of the values that some instruction gives it, however often loops are run. That takes
 * little time, as it takes no account of paths. Where it comes to too many values, the threads are unfolded
 * instead, with loops followed as often as `unroll` says.
 *
 * This is for machines of which every execution is without circles of dependence (`dp`) and rf, so that a value
 * is made of values before it. One dependence does not count there: that of what a load returns on the
 * address that it loads from. A circle may lead through that, and the address be what only the circle makes it. So a load
 * from an address that is not the same in all executions is taken to return what any location of its size
 * can hold.
 */
export function rangesOf(program: Program, liveness: Liveness, unroll: number): Footprint {
  const isOpen = new Map(codesOf(program).map((code) => [code, openLoads(code, liveness)] as const));
  const hasOpen = [...isOpen.values()].some(({ size }) => size > 0);
  // In flat memory there are locations that only the instructions name, and paths tell them best.
  if (program.flatMemory && !hasOpen) return footprintOf(program, { unroll });
  const cells = new CellTable(program);
  const ranges = new Ranges(cells, isOpen);
  const runs = program.threads.map((thread) => new ThreadRanges(program, thread, ranges, liveness));
  try {
    ranges.grew = true;
    for (let passes = passesOf(program); ranges.grew && passes > 0; passes--) {
      ranges.grew = false;
      for (const run of runs) run.pass();
    }
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    return footprintOf(program, { unroll });
  }
  return {
    cells,
    accesses: (thread) => new Set([...runs[thread].reads, ...runs[thread].writes]),
    reads: (thread) => runs[thread].reads,
    writes: (thread) => runs[thread].writes,
    values: (cell) => [...ranges.at(cell).values()],
  };
}

/**
 * How often the instructions are gone through at most. Each time, what one write more stores is known, of all
 * that an execution makes one after the other; where no code is run twice, there are no more than the text has.
 */
function passesOf({ threads, functions }: Program): number {
  if (functions.length > 0 || threads.some(({ code }) => hasLoop(code))) return Number.POSITIVE_INFINITY;
  const writes = threads.flatMap(({ code }) =>
    code.instructions.filter(({ kind }) => ['store', 'rmw', 'store-conditional', 'free'].includes(kind)),
  );
  return writes.length + 1;
}

function codesOf({ threads, functions }: Program): Code[] {
  return [...threads.map(({ code }) => code), ...functions];
}

/** The instructions that read from an address that reads may decide, or branches. */
function openLoads(code: Code, liveness: Liveness): ReadonlySet<Instruction> {
  const live = liveness.at(code, 0);
  const setters = code.registers.map((_, register) =>
    code.instructions.filter((one) => 'target' in one && one.target === register),
  );
  const isFixed = (register: RegisterId, seen: readonly RegisterId[] = []): boolean => {
    const [setter, ...others] = setters[register];
    if (!setter) return !code.parameters.includes(register);
    if (others.length > 0 || live[register] || seen.includes(register) || setter.kind !== 'assign')
      return false;
    return registersIn(setter.value).every((one) => isFixed(one, [...seen, register]));
  };
  return new Set(
    code.instructions.filter(
      (one) =>
        (one.kind === 'load' || one.kind === 'rmw') &&
        registersIn(one.address).some((register) => !isFixed(register)),
    ),
  );
}

function registersIn(expression: Expression): RegisterId[] {
  const found: RegisterId[] = [];
  forEachRegister(expression, (register) => found.push(register));
  return found;
}

/** Sets of values that grow. */
class Ranges {
  /** By location: what a read of it can return. */
  private readonly memory: Values[] = [];
  grew = false;

  /** @param open by code, the instructions that may read from any location */
  constructor(
    readonly cells: CellTable,
    readonly open: ReadonlyMap<Code, ReadonlySet<Instruction>>,
  ) {
    for (const [cell] of cells.cells.entries()) this.at(cell);
  }

  /** What a location can hold: of one that is new, what it holds first. */
  at(cell: number): Values {
    const { initial } = this.cells.cells[cell];
    this.memory[cell] ??= new Map([[valueKey(asRead(initial)), asRead(initial)]]);
    return this.memory[cell];
  }

  /** What all locations of a size can hold. */
  ofSize({ bits }: ScalarType): Value[] {
    return this.cells.cells.flatMap(({ type }, cell) =>
      type.bits === bits ? [...this.at(cell).values()] : [],
    );
  }

  add(values: Values, value: Value): void {
    const key = valueKey(value);
    if (values.has(key)) return;
    if (values.size === MAX_VALUES) throw new TooMany();
    values.set(key, value);
    this.grew = true;
  }
}

/** What one thread does, in its own code and the functions that it may call. */
class ThreadRanges {
  readonly reads = new Set<CellId>();
  readonly writes = new Set<CellId>();
  private readonly codes: ReadonlyMap<string, Code>;
  /** By code: what its registers can hold, and what it can return. */
  private readonly frames = new Map<
    Code,
    { readonly registers: readonly Values[]; readonly results: Values }
  >();

  constructor(
    program: Program,
    private readonly thread: Thread,
    private readonly ranges: Ranges,
    liveness: Liveness,
  ) {
    this.codes = new Map(program.functions.map((code) => [code.name, code]));
    for (const code of [thread.code, ...program.functions]) {
      // A register that is not used before it is set need not hold 0 first.
      const used = liveness.at(code, 0);
      const registers = code.registers.map((_, register): Values => {
        const initial = code === thread.code ? thread.initial.get(register as RegisterId) : undefined;
        if (initial === undefined && !used[register]) return new Map();
        const value = initial ?? 0n;
        return new Map([[valueKey(value), value]]);
      });
      this.frames.set(code, { registers, results: new Map() });
    }
  }

  /** Goes through all instructions once. */
  pass(): void {
    for (const code of this.frames.keys())
      for (const instruction of code.instructions) this.run(code, instruction);
  }

  private run(code: Code, instruction: Instruction): void {
    const set = (target: RegisterId | undefined, values: Iterable<Value>): void => {
      if (target !== undefined) this.put(this.registers(code)[target], values);
    };
    switch (instruction.kind) {
      case 'assign':
        set(instruction.target, this.values(code, instruction.value));
        return;
      case 'load':
        set(instruction.target, this.loaded(code, instruction));
        return;
      case 'store':
        this.store(code, instruction, instruction.value);
        return;
      case 'rmw':
        set(instruction.target, this.loaded(code, instruction));
        this.store(code, instruction, instruction.update);
        return;
      case 'store-conditional':
        // The number that it stores may be in its target.
        this.store(code, instruction, instruction.value);
        set(instruction.target, [0n, 1n, ...this.missed(code, instruction)]);
        return;
      case 'free':
        for (const value of this.values(code, instruction.address))
          for (const cell of (isPointer(value) && this.ranges.cells.object(value)) || [])
            this.write(cell, [FREED]);
        return;
      case 'allocate':
        set(
          instruction.target,
          (instruction.objects[this.thread.id] ?? []).map((symbol) => ({ symbol, offset: 0 })),
        );
        return;
      case 'call':
        this.call(code, instruction, set);
        return;
      case 'return':
        if (instruction.value)
          this.put(this.frames.get(code)?.results ?? new Map(), this.values(code, instruction.value));
        return;
      case 'fence':
        if (instruction.gives) set(instruction.gives.target, [instruction.gives.value]);
        return;
      case 'branch':
      case 'await':
      case 'jump':
      case 'region':
      case 'primitive':
        return;
    }
  }

  private call(
    code: Code,
    { callee, args, target }: Instruction & { kind: 'call' },
    set: (target: RegisterId | undefined, values: Iterable<Value>) => void,
  ): void {
    for (const value of this.values(code, callee)) {
      // What is no function is not called, and gives junk.
      const called = isPointer(value) && value.offset === 0 ? this.codes.get(value.symbol) : undefined;
      const frame = called && this.frames.get(called);
      if (!called || !frame) {
        set(target, [JUNK]);
        continue;
      }
      called.parameters.forEach((parameter, at) => {
        this.put(frame.registers[parameter], args[at] ? this.values(code, args[at]) : [0n]);
      });
      // A function may come to its end without a return.
      set(target, [0n, ...frame.results.values()]);
    }
  }

  private registers(code: Code): readonly Values[] {
    return this.frames.get(code)?.registers ?? [];
  }

  private put(into: Values, values: Iterable<Value>): void {
    for (const value of values) this.ranges.add(into, value);
  }

  private loaded(code: Code, instruction: Instruction & Access): Value[] {
    const { type } = instruction;
    const read = this.cells(code, instruction).flatMap((cell) => this.read(cell, type));
    const isOpen = this.ranges.open.get(code)!.has(instruction);
    return [...this.missed(code, instruction), ...read, ...(isOpen ? this.ranges.ofSize(type) : [])];
  }

  private read(cell: CellId, type: ScalarType): Value[] {
    this.reads.add(cell);
    const held = [...this.ranges.at(cell).values()];
    const location = this.ranges.cells.cells[cell].type;
    return location.signed === type.signed
      ? held
      : held.map((value) => evaluate(given(constant(value), type, location), () => 0n));
  }

  private store(code: Code, access: Access, value: Expression): void {
    for (const cell of this.cells(code, access))
      this.write(cell, this.values(code, kept(value, access.type, this.ranges.cells.cells[cell].type)));
  }

  private write(cell: CellId, values: Iterable<Value>): void {
    this.writes.add(cell);
    for (const value of values) this.ranges.add(this.ranges.at(cell), asRead(value));
  }

  private cells(code: Code, { address, type }: Access): CellId[] {
    return this.values(code, address).flatMap((value) => this.ranges.cells.at(value, type) ?? []);
  }

  /** What an access reads where no location is. */
  private missed(code: Code, { address, type }: Access): Value[] {
    const { cells } = this.ranges;
    return this.values(code, address).some((value) => cells.at(value, type) === undefined) ? [JUNK] : [];
  }

  /** What an expression can come to, with all combinations of what its registers can hold. */
  private values(code: Code, expression: Expression): Value[] {
    const registers = this.registers(code);
    const used = new Set<RegisterId>();
    forEachRegister(expression, (register) => used.add(register));
    let states: ReadonlyMap<RegisterId, Value>[] = [new Map()];
    for (const register of used) {
      if (states.length * registers[register].size > MAX_COMBINATIONS) throw new TooMany();
      states = states.flatMap((state) =>
        [...registers[register].values()].map((value) => new Map(state).set(register, value)),
      );
    }
    return states.map((state) => evaluate(expression, (register) => state.get(register) as Value));
  }
}
