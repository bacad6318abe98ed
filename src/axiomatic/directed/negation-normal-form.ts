import {
  type Observable,
  type Proposition,
  UNKNOWN,
  type ValueId,
  type ValueTable,
} from '../../program/index.js';
import type { PartialExecution } from '../candidate/collector.js';

/** A proposition to be satisfied, with negations at its leaves only. */
export type Want =
  | { readonly kind: 'known'; readonly truth: boolean }
  | { readonly kind: 'all' | 'some'; readonly parts: readonly Want[] }
  /** Two places are to hold the same, or are not to; or one place and a value. */
  | {
      readonly kind: 'equality';
      readonly equal: boolean;
      readonly left: Observable;
      readonly right: Observable | ValueId;
    };

export function compileWant(proposition: Proposition, values: ValueTable, truth = true): Want {
  switch (proposition.kind) {
    case 'true':
      return { kind: 'known', truth };
    case 'not':
      return compileWant(proposition.operand, values, !truth);
    case 'equals': {
      const { left, right } = proposition;
      const isPlace = typeof right === 'object' && 'kind' in right;
      return { kind: 'equality', equal: truth, left, right: isPlace ? right : values.id(right) };
    }
    default: {
      const { left, right } = proposition;
      const first = compileWant(left, values, proposition.kind === 'implies' ? !truth : truth);
      const second = compileWant(right, values, truth);
      return { kind: (proposition.kind === 'and') === truth ? 'all' : 'some', parts: [first, second] };
    }
  }
}

/** Whether an execution satisfies a want; undefined while that is open. */
export function satisfied(
  want: Want,
  execution: Pick<PartialExecution, 'register' | 'final'>,
): boolean | undefined {
  switch (want.kind) {
    case 'known':
      return want.truth;
    case 'equality': {
      const left = look(want.left, execution);
      const right = typeof want.right === 'number' ? want.right : look(want.right, execution);
      return left === UNKNOWN || right === UNKNOWN ? undefined : (left === right) === want.equal;
    }
    default: {
      const decisive = want.kind === 'some';
      let open = false;
      for (const part of want.parts) {
        const truth = satisfied(part, execution);
        if (truth === decisive) return decisive;
        if (truth === undefined) open = true;
      }
      return open ? undefined : !decisive;
    }
  }
}

export function look(place: Observable, execution: Pick<PartialExecution, 'register' | 'final'>): ValueId {
  return place.kind === 'register'
    ? execution.register(place.thread, place.register)
    : execution.final(place.cell);
}

/** The places that a want looks at. */
export function placesOf(want: Want): Observable[] {
  switch (want.kind) {
    case 'known':
      return [];
    case 'equality':
      return typeof want.right === 'number' ? [want.left] : [want.left, want.right];
    default:
      return want.parts.flatMap(placesOf);
  }
}
