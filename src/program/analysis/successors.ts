/** Where control goes in a code. */
import type { Code } from '../program.js';

/** Where control can go from an instruction; the code's length stands for the end. */
export function successors(code: Code, pc: number): readonly number[] {
  const instruction = code.instructions[pc];
  switch (instruction.kind) {
    case 'branch':
      return [instruction.goto, pc + 1];
    case 'jump':
      return [instruction.goto];
    case 'return':
      return [code.instructions.length];
    default:
      return [pc + 1];
  }
}

/** Whether a code can come to an instruction again, other than by a call. */
export function hasLoop({ instructions }: Code): boolean {
  return instructions.some((i, pc) => (i.kind === 'branch' || i.kind === 'jump') && i.goto <= pc);
}

/** An instruction of a code that has no end that it can come to; undefined where it has one. */
export function endlessAt(code: Code): number | undefined {
  const { length } = code.instructions;
  const reached = new Set([0]);
  for (const pc of reached) {
    if (pc >= length) return undefined;
    for (const next of successors(code, pc)) reached.add(next);
  }
  return Math.max(...reached);
}
