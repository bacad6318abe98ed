import {
  type Observable,
  type Proposition,
  UNKNOWN,
  type ValueId,
  type ValueTable,
} from '../../program/index.js';
import type { PartialExecution } from '../candidate/collector.js';

/** A proposition with negations at its leaves only. */
export type NormalForm =
  | { readonly kind: 'known'; readonly truth: boolean }
  | { readonly kind: 'all' | 'some'; readonly parts: readonly NormalForm[] }
  | Equality;

/** Two places hold the same at the end, or one holds a value; or, unless `equal`, they do not. */
export interface Equality {
  readonly kind: 'equality';
  readonly equal: boolean;
  readonly left: Observable;
  readonly right: Observable | ValueId;
}

type EndState = Pick<PartialExecution, 'register' | 'final'>;

/** The normal form of a proposition; of its negation, unless `truth`. */
export function normalForm(proposition: Proposition, values: ValueTable, truth = true): NormalForm {
  switch (proposition.kind) {
    case 'true':
      return { kind: 'known', truth };
    case 'not':
      return normalForm(proposition.operand, values, !truth);
    case 'equals': {
      const { left, right } = proposition;
      const isPlace = typeof right === 'object' && 'kind' in right;
      return { kind: 'equality', equal: truth, left, right: isPlace ? right : values.id(right) };
    }
    default: {
      const { left, right } = proposition;
      const first = normalForm(left, values, proposition.kind === 'implies' ? !truth : truth);
      const second = normalForm(right, values, truth);
      return { kind: (proposition.kind === 'and') === truth ? 'all' : 'some', parts: [first, second] };
    }
  }
}

/** Whether an execution satisfies a form; undefined while that is open. */
export function truthIn(form: NormalForm, execution: EndState): boolean | undefined {
  switch (form.kind) {
    case 'known':
      return form.truth;
    case 'equality': {
      const [left, right] = [valueAt(form.left, execution), valueAt(form.right, execution)];
      return left === UNKNOWN || right === UNKNOWN ? undefined : (left === right) === form.equal;
    }
    default: {
      const decisive = form.kind === 'some';
      let open = false;
      for (const part of form.parts) {
        const truth = truthIn(part, execution);
        if (truth === decisive) return decisive;
        if (truth === undefined) open = true;
      }
      return open ? undefined : !decisive;
    }
  }
}

/** What a place holds at the end, or `UNKNOWN`; of a value, itself. */
export function valueAt(place: Observable | ValueId, execution: EndState): ValueId {
  if (typeof place === 'number') return place;
  return place.kind === 'register'
    ? execution.register(place.thread, place.register)
    : execution.final(place.cell);
}

/** The places that a form looks at. */
export function placesIn(form: NormalForm): Observable[] {
  switch (form.kind) {
    case 'known':
      return [];
    case 'equality':
      return typeof form.right === 'number' ? [form.left] : [form.left, form.right];
    default:
      return form.parts.flatMap(placesIn);
  }
}
