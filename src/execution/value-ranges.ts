import {
  asRead,
  type CellId,
  type CellTable,
  type Code,
  constant,
  type Expression,
  evaluate,
  FREED,
  forEachRegister,
  given,
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
 * What the threads of a program touch in memory, and with what values, whatever happens: each register and each location holds any of the
 * values that some instruction gives it, however often loops are run. That takes little time, as it takes no account of paths. Where
 * it comes to too many values, the threads are unfolded instead, with loops followed as often as `unroll` says.
 */
export function rangesOf(program: Program, cells: CellTable, liveness: Liveness, unroll: number): Footprint {
  const ranges = new Ranges(cells);
  const runs = program.threads.map((thread) => new ThreadRanges(program, thread, ranges, liveness));
  try {
    do {
      ranges.grew = false;
      for (const run of runs) run.pass();
    } while (ranges.grew);
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    return footprintOf(program, { unroll });
  }
  return {
    cells,
    accesses: (thread) => new Set([...runs[thread].reads, ...runs[thread].writes]),
    reads: (thread) => runs[thread].reads,
    writes: (thread) => runs[thread].writes,
    values: (cell) => [...ranges.memory[cell].values()],
  };
}

/** Sets of values that grow. */
class Ranges {
  /** By location: what a read of it can return. */
  readonly memory: readonly Values[];
  grew = false;

  constructor(readonly cells: CellTable) {
    this.memory = cells.cells.map(() => new Map());
    cells.cells.forEach(({ initial }, cell) => {
      this.add(this.memory[cell], asRead(initial));
    });
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
        set(instruction.target, this.missed(code, instruction));
        for (const cell of this.cells(code, instruction))
          set(instruction.target, this.read(cell, instruction.type));
        return;
      case 'store':
        this.store(code, instruction, instruction.value);
        return;
      case 'rmw':
        set(instruction.target, this.missed(code, instruction));
        for (const cell of this.cells(code, instruction))
          set(instruction.target, this.read(cell, instruction.type));
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

  private read(cell: CellId, type: ScalarType): Iterable<Value> {
    this.reads.add(cell);
    const held = this.ranges.memory[cell].values();
    const location = this.ranges.cells.cells[cell].type;
    return location.signed === type.signed
      ? held
      : [...held].map((value) => evaluate(given(constant(value), type, location), () => 0n));
  }

  private store(code: Code, access: Access, value: Expression): void {
    for (const cell of this.cells(code, access))
      this.write(cell, this.values(code, kept(value, access.type, this.ranges.cells.cells[cell].type)));
  }

  private write(cell: CellId, values: Iterable<Value>): void {
    this.writes.add(cell);
    for (const value of values) this.ranges.add(this.ranges.memory[cell], asRead(value));
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
