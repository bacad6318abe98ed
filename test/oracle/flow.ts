import type { Code } from '../../src/program/index.js';

/** Where control can go from an instruction; `code.instructions.length` stands for the end. */
export function nextOf(code: Code, pc: number): number[] {
  const instruction = code.instructions[pc];
  if (instruction.kind === 'branch') return [pc + 1, instruction.goto];
  if (instruction.kind === 'jump') return [instruction.goto];
  if (instruction.kind === 'return') return [code.instructions.length];
  return [pc + 1];
}

/** Whether some way leads from a place to the end without passing another. */
function reachesEnd(code: Code, from: number, without = -1): boolean {
  const seen = new Set<number>();
  const visit = (pc: number): boolean => {
    if (pc === without || seen.has(pc)) return false;
    if (pc === code.instructions.length) return true;
    seen.add(pc);
    return nextOf(code, pc).some(visit);
  };
  return visit(from);
}

/**
 * The places, other than itself, that every way from a place to the end passes: by taking each away in turn.
 */
function postDominators(code: Code, pc: number): number[] {
  const end = code.instructions.length;
  if (pc === end || !reachesEnd(code, pc)) return [];
  const places = Array.from({ length: end + 1 }, (_, place) => place);
  return places.filter((place) => place !== pc && !reachesEnd(code, pc, place));
}

/**
 * Where the two ways of a branch meet again: the first of its post-dominators. Undefined when there is none.
 */
export function meetingPoint(code: Code, pc: number): number | undefined {
  const all = postDominators(code, pc);
  return all.find((place) => {
    const after = postDominators(code, place);
    return all.every((other) => other === place || after.includes(other));
  });
}

/** The registers that instructions give a content between a branch and where its ways meet, or the end. */
export function assignedBetween(code: Code, pc: number, meet: number | undefined): number[] {
  const seen = new Set<number>();
  const visit = (place: number): void => {
    if (place === meet || place >= code.instructions.length || seen.has(place)) return;
    seen.add(place);
    nextOf(code, place).forEach(visit);
  };
  nextOf(code, pc).forEach(visit);
  return [...seen].flatMap((place) => {
    const instruction = code.instructions[place];
    return 'target' in instruction && instruction.target !== undefined ? [instruction.target] : [];
  });
}
