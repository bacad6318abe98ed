import { reserve, tick } from '../limits.js';
import {
  type CellId,
  type Code,
  forEachRegister,
  type Instruction,
  type RegisterId,
} from '../program/index.js';
import type { Liveness } from './automaton.js';

/**
 * Registers that are used later, by the textbook's backward data flow. What the final state shows of a thread stays live to the end of
 * its code; a function's registers end with it.
 * @param observed registers of a thread's own code that the final state shows
 * @param shows whether it shows a location
 */
export function livenessOf(
  observed: (code: Code) => readonly RegisterId[],
  shows: (cell: CellId) => boolean = () => true,
): Liveness {
  const tables = new Map<Code, readonly (readonly boolean[])[]>();
  return {
    shows,
    at(code, pc) {
      let table = tables.get(code);
      if (!table) {
        table = liveIn(code, observed(code));
        tables.set(code, table);
      }
      return table[Math.min(pc, code.instructions.length)];
    },
  };
}

/** By instruction (and for the end): the registers whose values at that point may still be used. */
function liveIn(code: Code, observed: readonly RegisterId[]): boolean[][] {
  const end = code.instructions.length;
  reserve(8 * (end + 1) * code.registers.length);
  const live = Array.from({ length: end + 1 }, () => code.registers.map(() => false));
  for (const register of observed) live[end][register] = true;
  for (let changed = true; changed; ) {
    changed = false;
    for (let pc = end - 1; pc >= 0; pc--) changed = update(code.instructions[pc], pc, live) || changed;
  }
  return live;
}

/** Recomputes one instruction's set. Says whether it grew. */
function update(instruction: Instruction, pc: number, live: boolean[][]): boolean {
  const row = live[pc];
  tick(1 + (row.length >>> 6));
  let grew = false;
  const add = (register: number): void => {
    if (row[register]) return;
    row[register] = true;
    grew = true;
  };
  const target = 'target' in instruction ? instruction.target : undefined;
  for (const next of successors(instruction, pc, live.length - 1)) {
    live[next].forEach((isLive, register) => {
      if (isLive && register !== target) add(register);
    });
  }
  for (const expression of operands(instruction)) {
    forEachRegister(expression, (register) => {
      // An atomic's target holds the value just read where its condition and its update look at it.
      if (instruction.kind !== 'rmw' || register !== target || expression === instruction.address)
        add(register);
    });
  }
  return grew;
}

function successors(instruction: Instruction, pc: number, end: number): number[] {
  if (instruction.kind === 'jump') return [instruction.goto];
  if (instruction.kind === 'branch') return [instruction.goto, pc + 1];
  return instruction.kind === 'return' ? [end] : [pc + 1];
}

function operands(instruction: Instruction) {
  switch (instruction.kind) {
    case 'assign':
      return [instruction.value];
    case 'load':
    case 'free':
      return [instruction.address];
    case 'store':
    case 'store-conditional':
      return [instruction.address, instruction.value];
    case 'rmw':
      return [
        instruction.address,
        instruction.update,
        ...(instruction.condition ? [instruction.condition] : []),
      ];
    case 'branch':
      return [instruction.condition];
    case 'await':
      return [instruction.condition, ...(instruction.about ? [instruction.about.address] : [])];
    case 'call':
      return [instruction.callee, ...instruction.args];
    case 'return':
      return instruction.value ? [instruction.value] : [];
    case 'primitive':
      return instruction.args;
    case 'allocate':
    case 'fence':
    case 'region':
    case 'jump':
      return [];
  }
}
