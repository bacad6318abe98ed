import { type CellTable, readAt, substitute } from '../execution/index.js';
import {
  type CellId,
  type Code,
  type Expression,
  type Instruction,
  isPointer,
  type Pointer,
} from '../program/index.js';

/** Locations that a code can touch from an instruction on. */
export interface Reach {
  readonly writes: ReadonlySet<CellId>;
  readonly accesses: ReadonlySet<CellId>;
  /** Those that it can access before the next MB. */
  readonly ahead: ReadonlySet<CellId>;
}

/**
 * By instruction (and for the end): what can be touched from there on, whatever is read. Where an address is not a constant, and in a
 * function that is called, it is taken to be any location of `all`.
 */
export function reachOf(code: Code, cells: CellTable, all: Reach): readonly Reach[] {
  const end = code.instructions.length;
  const table = Array.from({ length: end + 1 }, () => ({
    writes: new Set<CellId>(),
    accesses: new Set<CellId>(),
    ahead: new Set<CellId>(),
  }));
  for (let changed = true; changed; ) {
    changed = false;
    for (let pc = end - 1; pc >= 0; pc--) {
      const instruction = code.instructions[pc];
      const own = touched(instruction, cells, all);
      const before = size(table[pc]);
      addAll(table[pc].writes, own.writes);
      addAll(table[pc].accesses, own.accesses);
      addAll(table[pc].ahead, own.accesses);
      for (const next of nextOf(instruction, pc, end)) {
        addAll(table[pc].writes, table[next].writes);
        addAll(table[pc].accesses, table[next].accesses);
        if (!isFullBarrier(instruction)) addAll(table[pc].ahead, table[next].ahead);
      }
      changed ||= size(table[pc]) > before;
    }
  }
  return table;
}

function size({ writes, accesses, ahead }: Reach): number {
  return writes.size + accesses.size + ahead.size;
}

function addAll(set: Set<CellId>, more: ReadonlySet<CellId>): void {
  for (const cell of more) set.add(cell);
}

function isFullBarrier(instruction: Instruction): boolean {
  return instruction.kind === 'fence' && instruction.tags.includes('MB');
}

const NOTHING: ReadonlySet<CellId> = new Set();

function touched(instruction: Instruction, cells: CellTable, all: Reach): Pick<Reach, 'writes' | 'accesses'> {
  switch (instruction.kind) {
    case 'call':
      return all;
    case 'load': {
      const accesses = cellsOf(instruction.address, cells) ?? all.accesses;
      return { writes: NOTHING, accesses };
    }
    case 'free': {
      const target = addressIn(instruction.address);
      const found = target && (cells.object(target) ?? []);
      return { writes: found ? new Set(found) : all.writes, accesses: found ? new Set(found) : all.accesses };
    }
    case 'store':
    case 'rmw':
    case 'store-conditional': {
      const found = cellsOf(instruction.address, cells);
      return { writes: found ?? all.writes, accesses: found ?? all.accesses };
    }
    default:
      return { writes: NOTHING, accesses: NOTHING };
  }
}

/** The one location that an address means, whatever the registers hold; undefined when that is not known. */
function cellsOf(address: Expression, cells: CellTable): ReadonlySet<CellId> | undefined {
  const target = addressIn(address);
  const cell = target && cells.at(target);
  return target && (cell === undefined ? NOTHING : new Set([cell]));
}

/** The address that an expression gives, whatever the registers hold; undefined when that is not known. */
function addressIn(address: Expression): Pointer | undefined {
  const { kind, value } = { value: undefined, ...substitute(address, readAt) };
  return kind === 'constant' && value !== undefined && isPointer(value) ? value : undefined;
}

function nextOf(instruction: Instruction, pc: number, end: number): number[] {
  switch (instruction.kind) {
    case 'branch':
      return [instruction.goto, pc + 1];
    case 'jump':
      return [instruction.goto];
    case 'return':
      return [end];
    default:
      return [pc + 1];
  }
}
