import type { Expression, Instruction, Program, Value } from '../../src/program/index.js';
import {
  anyOf,
  compute,
  isAny,
  JUNK,
  mentioned,
  partsOf,
  same,
  seen,
  show,
  Undetermined,
} from './arithmetic.js';
import { TooMany } from './cells.js';

type Values = Map<string, Value>;
type Access = Instruction & { readonly kind: 'load' | 'store' | 'rmw' | 'store-conditional' };

/**
 * For each cell, everything that a read of it could return, whichever way the threads go: what it holds at
 * first, and what the instructions make of constants and of what they read, whether they are executed or not.
 * Where a content can come back to its own cell, round through registers and other cells, it may be what it
 * is for no other reason than that: something may fix it, which then is a constant or what it is compared
 * with, and so all these are there from the start; or nothing, and then a value stands for it that is no
 * other.
 * @throws TooMany when there is no end to the values
 */
export function valuesOf(program: Program): Value[][] {
  const closure = new Closure(program);
  closure.close();
  return closure.cells.map((values) => [...values.values()]);
}

/** Whether the content of some cell of a program can come back to it. */
export function hasCircles(program: Program): boolean {
  const flows = flowsOf(program);
  return [...flows.keys()].some((cell) => comesBack(flows, cell));
}

/** More values of one cell, or register, are too many to be guessed. */
const MOST = 16;
/** Combinations of what the registers of an expression hold. */
const COMBINATIONS = 2000;

class Closure {
  readonly cells: Values[];
  private readonly registers: Values[][];
  /** Cells whose content can come back to them. */
  private readonly inCircles: readonly number[];
  private grew = false;

  constructor(private readonly program: Program) {
    const zero: Value = 0n;
    this.cells = program.cells.map(({ initial }) => setOf([seen(initial)]));
    this.registers = program.threads.map(({ code, initial }) =>
      code.registers.map((_, register) => setOf([zero, initial.get(register as never) ?? zero])),
    );
    const flows = flowsOf(program);
    this.inCircles = [...flows.keys()].filter((cell) => comesBack(flows, cell));
    const seeds = seedsOf(program);
    for (const cell of this.inCircles) this.add(this.cells[cell], [...seeds, anyOf(cell)]);
  }

  close(): void {
    do {
      this.grew = false;
      this.program.threads.forEach(({ code }, thread) => {
        for (const instruction of code.instructions) this.follow(instruction, thread);
      });
    } while (this.grew);
  }

  private follow(instruction: Instruction, thread: number): void {
    const registers = this.registers[thread];
    if ('target' in instruction && instruction.target !== undefined)
      this.add(registers[instruction.target], this.given(instruction, thread));
    for (const expression of partsOf(instruction)) this.compare(expression, registers);
    if (instruction.kind === 'free') {
      // Whichever object is freed, it is read as junk.
      for (const cell of this.cells) this.add(cell, [seen({ symbol: '(freed)', offset: 0 })]);
    }
    const value = storedBy(instruction);
    if (!value) return;
    const values = this.all(value, registers).map(seen);
    for (const cell of this.at(instruction as Access, registers)) this.add(this.cells[cell], values);
  }

  /** What an instruction may put into its target. */
  private given(instruction: Instruction, thread: number): Value[] {
    const registers = this.registers[thread];
    switch (instruction.kind) {
      case 'assign':
        return this.all(instruction.value, registers);
      case 'load':
      case 'rmw':
        return [
          ...this.beside(instruction, registers),
          ...this.at(instruction, registers).flatMap((cell) => [...this.cells[cell].values()]),
        ];
      case 'store-conditional':
        return [1n, ...this.beside(instruction, registers)];
      case 'allocate':
        return (instruction.objects[thread] ?? []).map((symbol) => ({ symbol, offset: 0 }));
      default:
        return [];
    }
  }

  /** What goes round in a circle may be fixed by what it is compared with. */
  private compare(expression: Expression, registers: Values[]): void {
    if (expression.kind === 'binary' && !isFixed(expression.left) && !isFixed(expression.right)) {
      const sides = [expression.left, expression.right].flatMap((side) => this.all(side, registers));
      const fixed = sides.filter((value) => !isAny(value));
      if (comparisons.has(expression.op))
        for (const cell of this.inCircles) this.add(this.cells[cell], fixed);
    }
    for (const part of operandsOf(expression)) this.compare(part, registers);
  }

  /** What an access reads where no cell is. */
  private beside({ address }: Access, registers: Values[]): Value[] {
    const cells = this.program.cells.map((cell) => show(addressOf(cell)));
    return this.all(address, registers).every((value) => cells.includes(show(value))) ? [] : [JUNK];
  }

  private at({ address }: Access, registers: Values[]): number[] {
    const places = this.all(address, registers).map(show);
    return this.program.cells.flatMap((cell, index) =>
      places.includes(show(addressOf(cell))) ? [index] : [],
    );
  }

  /** All values of an expression, whatever its registers hold. */
  private all(expression: Expression, registers: Values[]): Value[] {
    const free = [...mentioned(expression)];
    const choices = free.map((register) => [...registers[register].values()]);
    if (choices.reduce((count, { length }) => count * length, 1) > COMBINATIONS) throw new TooMany();
    const found: Values = new Map();
    const contents: Value[] = [];
    const choose = (at: number): void => {
      if (at === free.length) {
        const value = contentOf(expression, contents);
        if (value !== undefined) found.set(show(value), value);
        return;
      }
      for (const choice of choices[at]) {
        contents[free[at]] = choice;
        choose(at + 1);
      }
    };
    choose(0);
    return [...found.values()];
  }

  private add(to: Values, values: Iterable<Value>): void {
    for (const value of values) {
      if (to.has(show(value))) continue;
      to.set(show(value), value);
      this.grew = true;
    }
    if (to.size > MOST) throw new TooMany();
  }
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

const setOf = (values: readonly Value[]): Values => new Map(values.map((value) => [show(value), value]));
const isFixed = (expression: Expression): boolean => mentioned(expression).size === 0;
const addressOf = ({ symbol, offset }: Program['cells'][number]): Value => ({ symbol, offset });

function contentOf(expression: Expression, contents: readonly Value[]): Value | undefined {
  try {
    return compute(expression, contents);
  } catch (error) {
    if (error instanceof Undetermined) return undefined;
    throw error;
  }
}

/** The expression that an instruction stores, cut to the size of what it is stored in. */
function storedBy(instruction: Instruction): Expression | undefined {
  switch (instruction.kind) {
    case 'store':
    case 'store-conditional':
      return { kind: 'wrap', type: instruction.type, operand: instruction.value };
    case 'rmw':
      return { kind: 'wrap', type: instruction.type, operand: instruction.update };
    default:
      return undefined;
  }
}

/**
 * The constants of a program, other than addresses that are accessed by name; and, where some are not, the
 * addresses of all cells.
 */
function seedsOf({ threads, cells }: Program): Value[] {
  const instructions = threads.flatMap(({ code }) => code.instructions);
  const constants = instructions.flatMap((instruction) => partsOf(instruction).flatMap(constantsIn));
  const named = instructions.every(
    (instruction) => !('address' in instruction) || isByName(instruction.address),
  );
  return [0n, 1n, ...constants, ...(named ? [] : cells.map(addressOf))];
}

function constantsIn(expression: Expression): Value[] {
  if (expression.kind === 'constant') return [expression.value];
  return operandsOf(expression).flatMap(constantsIn);
}

function operandsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'constant':
    case 'register':
      return [];
    case 'unary':
    case 'wrap':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'select':
      return [expression.condition, expression.then, expression.otherwise];
  }
}

const isByName = (address: Expression): boolean =>
  constantsIn(address).some((value) => typeof value !== 'bigint');

/**
 * By cell, the cells that its content can have a part in by one store, through registers; at any address that
 * is not there by name.
 */
function flowsOf({ threads, cells }: Program): Set<number>[] {
  const flows = cells.map(() => new Set<number>());
  const reached = (address: Expression): number[] =>
    cells.flatMap((cell, index) =>
      !isByName(address) || constantsIn(address).some((value) => same(value, addressOf(cell))) ? [index] : [],
    );
  for (const { code } of threads) {
    const carried = code.registers.map(() => new Set<number>());
    const carriedBy = (value: Expression): number[] =>
      [...mentioned(value)].flatMap((register) => [...carried[register]]);
    // A copy may stand before what it copies only in a loop: once for each register is enough.
    for (const _ of ['', ...code.registers]) {
      for (const instruction of code.instructions) {
        if (instruction.kind === 'assign')
          for (const cell of carriedBy(instruction.value)) carried[instruction.target].add(cell);
        const address = 'address' in instruction ? carriedBy(instruction.address) : [];
        if (instruction.kind === 'load' || instruction.kind === 'rmw')
          for (const cell of [...reached(instruction.address), ...address])
            carried[instruction.target].add(cell);
        const value = storedBy(instruction);
        if (!value) continue;
        const whether =
          instruction.kind === 'rmw' && instruction.condition ? carriedBy(instruction.condition) : [];
        for (const to of reached((instruction as Access).address))
          for (const from of [...carriedBy(value), ...address, ...whether]) flows[from].add(to);
      }
    }
  }
  return flows;
}

function comesBack(flows: readonly ReadonlySet<number>[], start: number): boolean {
  const seenCells = new Set<number>();
  const visit = (cell: number): boolean =>
    [...flows[cell]].some((next) => {
      if (next === start) return true;
      if (seenCells.has(next)) return false;
      seenCells.add(next);
      return visit(next);
    });
  return visit(start);
}
