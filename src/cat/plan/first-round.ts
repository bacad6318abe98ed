import type { PlannedGroup, PlanStep } from './plan.js';

/** No slot: what is empty. */
const EMPTY = -1;

/**
 * The first round of a fixpoint, in which all variables are empty: most of it comes to nothing, and the rest
 * is not part of the recursion. What it comes to is where the iteration starts from.
 * @param temporary makes a slot
 * @returns undefined where that cannot be told from the steps
 */
export function firstRoundOf(
  { variables, results, steps }: Omit<PlannedGroup, 'first'>,
  temporary: (sort: PlanStep['sort']) => number,
): PlannedGroup['first'] | undefined {
  const made: PlanStep[] = [];
  const values = new Map<number, number>(variables.map((variable) => [variable, EMPTY]));
  const now = (slot: number) => values.get(slot) ?? slot;
  for (const step of steps) {
    const value = simplified(step, now(step.a), now(step.b));
    if (value === undefined) return undefined;
    if (typeof value === 'number') values.set(step.slot, value);
    else {
      const slot = temporary(step.sort);
      made.push({ ...value, slot });
      values.set(step.slot, slot);
    }
  }
  return { steps: made, results: results.map(now) };
}

/**
 * What a step on `a` and `b` comes to: a slot, or a step. Undefined for what an empty argument does not make
 * empty.
 */
function simplified(step: PlanStep, a: number, b: number): number | PlanStep | undefined {
  switch (step.kind) {
    case 'union':
      if (a === EMPTY || b === EMPTY) return a === EMPTY ? b : a;
      return { ...step, a, b };
    case 'difference':
      if (a === EMPTY || b === EMPTY) return a;
      return { ...step, a, b };
    case 'compose':
    case 'intersection':
    case 'product':
    case 'restrictDomain':
    case 'restrictRange':
      return a === EMPTY || b === EMPTY ? EMPTY : { ...step, a, b };
    case 'inverse':
    case 'plus':
    case 'identity':
    case 'domain':
    case 'range':
      return a === EMPTY ? EMPTY : { ...step, a };
    case 'copy':
      return a;
    case 'optional':
    case 'star':
      return a === EMPTY ? undefined : { ...step, a };
    default:
      return undefined;
  }
}
