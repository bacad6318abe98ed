/** Which registers are still used from a place in a code on. */

import { reserve, tick } from '../../limits.js';
import { type Expression, forEachRegister } from '../expressions.js';
import type { CellId, RegisterId } from '../ids.js';
import { operandsOf } from '../operands.js';
import type { Code, Instruction } from '../program.js';
import { successors } from './successors.js';

/** What can still matter: a later instruction uses it, or the final state shows it. */
export interface Liveness {
  /** The registers at a point of a code. */
  at(code: Code, pc: number): readonly boolean[];
  /** Whether the final state shows a location. */
  shows(cell: CellId): boolean;
}

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
    for (let pc = end - 1; pc >= 0; pc--) changed = update(code, pc, live) || changed;
  }
  return live;
}

/** Recomputes one instruction's set. Says whether it grew. */
function update(code: Code, pc: number, live: boolean[][]): boolean {
  const instruction = code.instructions[pc];
  const row = live[pc];
  tick(1 + (row.length >>> 6));
  let grew = false;
  const add = (register: number): void => {
    if (row[register]) return;
    row[register] = true;
    grew = true;
  };
  const target = 'target' in instruction ? instruction.target : undefined;
  for (const next of successors(code, pc)) {
    live[next].forEach((isLive, register) => {
      if (isLive && register !== target) add(register);
    });
  }
  for (const expression of expressionsOf(instruction)) {
    forEachRegister(expression, (register) => {
      // An atomic's target holds the value just read where its condition and its update look at it.
      if (instruction.kind !== 'rmw' || register !== target || expression === instruction.address)
        add(register);
    });
  }
  return grew;
}

/** All that an instruction computes, and what an atomic looks at once it has read. */
function expressionsOf(instruction: Instruction): readonly Expression[] {
  const operands = operandsOf(instruction);
  if (instruction.kind === 'await' && instruction.about) return [...operands, instruction.about.address];
  if (instruction.kind !== 'rmw') return operands;
  const { update, condition } = instruction;
  return [...operands, update, ...(condition ? [condition] : [])];
}
