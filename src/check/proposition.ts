import {
  type CellId,
  type Observable,
  type Proposition,
  type RegisterId,
  type ThreadId,
  UNKNOWN,
  type Value,
  type ValueId,
  type ValueTable,
} from '../program/index.js';

/** True, false, or undefined while the execution does not determine it. */
export type Truth = boolean | undefined;

/** Whatever has an end that can be looked at: an execution graph, or a machine's final state. */
export interface Outcome {
  /** What a register holds at the end, or `UNKNOWN`. */
  register(thread: ThreadId, register: RegisterId): ValueId;
  /** What a location holds at the end, or `UNKNOWN`. */
  final(cell: CellId): ValueId;
}

/** What an observable shows in an outcome, or `UNKNOWN`. */
export function observe(outcome: Outcome, observable: Observable): ValueId {
  return observable.kind === 'register'
    ? outcome.register(observable.thread, observable.register)
    : outcome.final(observable.cell);
}

/** A proposition made ready to be asked of many executions. */
export function compileProposition(
  proposition: Proposition,
  values: ValueTable,
): (outcome: Outcome) => Truth {
  switch (proposition.kind) {
    case 'true':
      return () => true;
    case 'equals':
      return compileEquality(proposition, values);
    case 'not': {
      const operand = compileProposition(proposition.operand, values);
      return (outcome) => {
        const truth = operand(outcome);
        return truth === undefined ? undefined : !truth;
      };
    }
    case 'and':
    case 'or':
      return compileConnective(proposition.kind === 'or', proposition.left, proposition.right, values);
    case 'implies':
      return compileConnective(true, { kind: 'not', operand: proposition.left }, proposition.right, values);
  }
}

/** `or` when `decisive` is true, `and` when it is false: one decisive side decides. */
function compileConnective(decisive: boolean, left: Proposition, right: Proposition, values: ValueTable) {
  const first = compileProposition(left, values);
  const second = compileProposition(right, values);
  return (outcome: Outcome): Truth => {
    const a = first(outcome);
    if (a === decisive) return decisive;
    const b = second(outcome);
    if (b === decisive) return decisive;
    return a === undefined || b === undefined ? undefined : !decisive;
  };
}

function compileEquality({ left, right }: Proposition & { kind: 'equals' }, values: ValueTable) {
  if (isObservable(right)) {
    return (outcome: Outcome): Truth => same(observe(outcome, left), observe(outcome, right));
  }
  const wanted = values.id(right);
  return (outcome: Outcome): Truth => same(observe(outcome, left), wanted);
}

function same(a: ValueId, b: ValueId): Truth {
  return a === UNKNOWN || b === UNKNOWN ? undefined : a === b;
}

function isObservable(operand: Value | Observable): operand is Observable {
  return typeof operand === 'object' && 'kind' in operand;
}

/**
 * Propositions of which one holds if and only if the given one has this truth: each asks for less than the
 * whole does.
 */
export function alternatives(proposition: Proposition, truth: boolean): Proposition[] {
  const { kind } = proposition;
  if (kind === 'not') return alternatives(proposition.operand, !truth);
  if (kind === 'and' || kind === 'or' || kind === 'implies') {
    const { left, right } = proposition;
    // All parts of it have to hold, or one of them has.
    if ((kind === 'and') !== truth) {
      return [...alternatives(left, kind === 'implies' ? !truth : truth), ...alternatives(right, truth)];
    }
  }
  return [truth ? proposition : { kind: 'not', operand: proposition }];
}

/** What a proposition names, each once, in the order of the text. */
export function observablesOf(proposition: Proposition): Observable[] {
  const found = new Map<string, Observable>();
  const add = (observable: Observable): void => {
    found.set(observableKey(observable), observable);
  };
  const visit = (part: Proposition): void => {
    switch (part.kind) {
      case 'true':
        return;
      case 'equals':
        add(part.left);
        if (isObservable(part.right)) add(part.right);
        return;
      case 'not':
        visit(part.operand);
        return;
      default:
        visit(part.left);
        visit(part.right);
    }
  };
  visit(proposition);
  return [...found.values()];
}

/** A string that is equal for equal observables and only for those. */
export function observableKey(observable: Observable): string {
  return observable.kind === 'register'
    ? `${observable.thread}:${observable.register}`
    : `[${observable.cell}]`;
}
