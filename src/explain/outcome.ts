import type { LitmusTest } from '../litmus/index.js';
import type { Proposition } from '../program/index.js';

/** What a test asks about: what `exists` and `~exists` name, and what speaks against `forall`. */
export function outcomeOf({ condition: { quantifier, proposition } }: LitmusTest): Proposition {
  return quantifier === 'forall' ? { kind: 'not', operand: proposition } : proposition;
}
