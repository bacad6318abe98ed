/** Loops that only wait. */
import type { Code } from '../program.js';
import type { Liveness } from './liveness.js';

/**
 * Loops in a code that only wait: the place of the head of each, and of its last instruction. All that stands between them is loads,
 * branches and jumps; no register that is used before it is set, from the head on, is loaded there; nothing but a jump or branch of the loop
 * leads back to the head. So one comes from the head back to it as one left it, whatever was read, and a round can be left out.
 */
export function idleLoops(code: Code, liveness: Liveness): ReadonlyMap<number, number> {
  const { instructions } = code;
  const ends = new Map<number, number>();
  instructions.forEach((instruction, pc) => {
    const leadsBack =
      (instruction.kind === 'branch' || instruction.kind === 'jump') && instruction.goto <= pc;
    if (leadsBack) ends.set(instruction.goto, pc);
  });
  const isIdle = (head: number, end: number): boolean => {
    const live = liveness.at(code, head);
    const isEnclosed = [...ends].some(([other, last]) => other < head && head <= last);
    return (
      !isEnclosed &&
      instructions.slice(head, end + 1).every((i) => {
        if (i.kind === 'load') return !i.locked && !live[i.target];
        return i.kind === 'branch' || i.kind === 'jump';
      })
    );
  };
  return new Map([...ends].filter(([head, end]) => isIdle(head, end)));
}
