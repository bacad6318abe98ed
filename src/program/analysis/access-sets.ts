/** Which locations a code can still access from a place on. */

import type { CellTable } from '../cells.js';
import type { Expression } from '../expressions.js';
import type { CellId, RegisterId } from '../ids.js';
import type { Code, Instruction } from '../program.js';
import { readAt, type Symbolic, substitute } from '../symbolic.js';
import { isPointer, type ScalarType, type Value } from '../values.js';
import { successors } from './successors.js';

/** Locations that a code can touch from an instruction on. */
export interface Reach {
  readonly reads: ReadonlySet<CellId>;
  readonly writes: ReadonlySet<CellId>;
  readonly accesses: ReadonlySet<CellId>;
  /** Those that it can access before the next MB. */
  readonly ahead: ReadonlySet<CellId>;
}

/**
 * By instruction (and for the end): what can be touched from there on, whatever is read. Where an address is not a constant, and in a
 * function that is called, it is taken to be any location of `all`.
 */
export function reachOf(code: Code, cells: CellTable, all: Reach, initial: Initial): readonly Reach[] {
  const locate = locator(code, cells, initial);
  const end = code.instructions.length;
  const table = Array.from({ length: end + 1 }, () => ({
    reads: new Set<CellId>(),
    writes: new Set<CellId>(),
    accesses: new Set<CellId>(),
    ahead: new Set<CellId>(),
  }));
  for (let changed = true; changed; ) {
    changed = false;
    for (let pc = end - 1; pc >= 0; pc--) {
      const instruction = code.instructions[pc];
      const own = touched(instruction, locate, all, cells);
      const before = size(table[pc]);
      addAll(table[pc].reads, own.reads);
      addAll(table[pc].writes, own.writes);
      addAll(table[pc].accesses, own.accesses);
      addAll(table[pc].ahead, own.accesses);
      for (const next of successors(code, pc)) {
        addAll(table[pc].reads, table[next].reads);
        addAll(table[pc].writes, table[next].writes);
        addAll(table[pc].accesses, table[next].accesses);
        if (!isFullBarrier(instruction)) addAll(table[pc].ahead, table[next].ahead);
      }
      changed ||= size(table[pc]) > before;
    }
  }
  return table;
}

function size({ reads, writes, accesses, ahead }: Reach): number {
  return reads.size + writes.size + accesses.size + ahead.size;
}

function addAll(set: Set<CellId>, more: ReadonlySet<CellId>): void {
  for (const cell of more) set.add(cell);
}

function isFullBarrier(instruction: Instruction): boolean {
  return instruction.kind === 'fence' && instruction.tags.includes('MB');
}

const NOTHING: ReadonlySet<CellId> = new Set();

/** An atomic pair has to do with whatever is stored in the block that it locks: it counts as a reader of all of it. */
function touched(
  instruction: Instruction,
  locate: Locator,
  all: Reach,
  cells: CellTable,
): Omit<Reach, 'ahead'> {
  const blocks = (found: ReadonlySet<CellId>) => new Set([...found].flatMap((cell) => cells.block(cell)));
  switch (instruction.kind) {
    case 'call':
      return all;
    case 'load': {
      const found = locate(instruction.address, instruction.type) ?? all.reads;
      const reads = instruction.locked ? blocks(found) : found;
      return { reads, writes: NOTHING, accesses: reads };
    }
    case 'store': {
      const found = locate(instruction.address, instruction.type) ?? all.writes;
      return { reads: NOTHING, writes: found, accesses: found };
    }
    case 'free': {
      const found = locate(instruction.address, 'object');
      return { reads: NOTHING, writes: found ?? all.writes, accesses: found ?? all.accesses };
    }
    case 'store-conditional': {
      const writes = locate(instruction.address, instruction.type) ?? all.writes;
      const reads = blocks(writes);
      return { reads, writes, accesses: reads };
    }
    case 'rmw': {
      const found = locate(instruction.address, instruction.type);
      return {
        reads: found ?? all.reads,
        writes: found ?? all.writes,
        accesses: found ?? all.accesses,
      };
    }
    case 'allocate':
    case 'assign':
    case 'branch':
    case 'await':
    case 'jump':
    case 'return':
    case 'fence':
    case 'region':
    case 'primitive':
      return { reads: NOTHING, writes: NOTHING, accesses: NOTHING };
  }
}

/** What the registers of a thread's own code hold at first; undefined for a function, whose caller decides that. */
export type Initial = ReadonlyMap<RegisterId, Value> | undefined;

/**
 * The one location that an access of a type is to, wherever it stands in a code, or those of the object that
 * begins at an address; undefined when that is not known.
 */
export type Locator = (address: Expression, what: ScalarType | 'object') => ReadonlySet<CellId> | undefined;

/** A register that no instruction changes holds what it held at first. */
export function locator({ instructions }: Code, cells: CellTable, initial: Initial): Locator {
  const changed = new Set(instructions.flatMap((i) => ('target' in i ? [i.target as RegisterId] : [])));
  const held = (register: RegisterId): Symbolic =>
    !initial || changed.has(register)
      ? readAt(register)
      : { kind: 'constant', value: initial.get(register) ?? 0n };
  return (address, what) => {
    const { kind, value } = { value: undefined, ...substitute(address, held) };
    if (kind !== 'constant' || value === undefined || !isPointer(value)) return undefined;
    if (what === 'object') return new Set(cells.object(value) ?? []);
    const cell = cells.at(value, what);
    return cell === undefined ? NOTHING : new Set([cell]);
  };
}
