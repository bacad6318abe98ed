import type { Model, Term } from '../../src/cat/index.js';
import type { Observable, Program, Proposition, Value } from '../../src/program/index.js';
import { isFreed, isUnset, same, show } from './arithmetic.js';
import { type Candidate, candidatesOf, type Skeleton } from './candidates.js';
import { type Members, NaiveTerms } from './naive-terms.js';

export { TooMany } from './run.js';

/** What the oracle is asked. */
export interface Question {
  readonly observables: readonly Observable[];
  readonly proposition: Proposition;
  readonly filter?: Proposition;
}

/** What the oracle says. */
export interface Answer {
  /** Final states as text, sorted: the observables' values in order. */
  readonly states: readonly string[];
  /** Consistent executions that satisfy the proposition, and that do not. */
  readonly positive: number;
  readonly negative: number;
  /** Some consistent execution does what a program must not do: what else is said then says nothing. */
  readonly faulty: boolean;
  /** Names of the flags that some execution raises, sorted. */
  readonly flags: readonly string[];
}

/** Generates all candidate executions of a program, and answers by testing each. */
export class Oracle {
  private readonly candidates: readonly Candidate[];
  private readonly fixed = new Map<Skeleton, Map<Term, Members>>();

  /** @throws TooMany when there are more than `limit` candidates */
  constructor(program: Program, limit: number) {
    this.candidates = candidatesOf(program, limit);
    this.cells = program.cells.map((cell) => cell.initial);
  }
  private readonly cells: readonly Value[];

  /** How many candidates there are. */
  get size(): number {
    return this.candidates.length;
  }

  answer(model: Model, { observables, proposition, filter }: Question): Answer {
    const states = new Set<string>();
    const flags = new Set<string>();
    let [positive, negative, faulty] = [0, 0, false];
    const tests = model.checks.filter((check) => !check.flag);
    for (const candidate of this.candidates) {
      const look = (observable: Observable): Value => this.look(candidate, observable);
      if (filter && !satisfies(filter, look)) continue;
      const terms = this.termsOf(candidate);
      if (!tests.every((check) => terms.test(check))) continue;
      faulty ||= candidate.skeleton.faulty;
      for (const check of model.checks) if (check.flag && terms.test(check)) flags.add(check.name);
      const errors = errorsOf(candidate);
      for (const error of errors) flags.add(error);
      if (errors.length > 0) continue;
      if (satisfies(proposition, look)) positive++;
      else negative++;
      states.add(stateText(observables.map(look)));
    }
    return { states: [...states].sort(), positive, negative, faulty, flags: [...flags].sort() };
  }

  private termsOf(candidate: Candidate): NaiveTerms {
    let fixed = this.fixed.get(candidate.skeleton);
    if (!fixed) {
      fixed = new Map();
      this.fixed.set(candidate.skeleton, fixed);
    }
    return new NaiveTerms(candidate, fixed);
  }

  private look({ skeleton, co }: Candidate, observable: Observable): Value {
    if (observable.kind === 'register') return skeleton.registers[observable.thread][observable.register];
    const order = co.get(observable.cell);
    return order ? skeleton.events[order[order.length - 1]].value : this.cells[observable.cell];
  }
}

/** What is wrong with how a candidate uses memory. */
function errorsOf({ skeleton: { events }, rf, co }: Candidate): string[] {
  const found: string[] = [];
  if (events.some(({ tags }) => tags.includes('BadFree'))) found.push('bad-free');
  for (const write of rf.values()) {
    if (isFreed(events[write].value)) found.push('use-after-free');
    if (isUnset(events[write].value)) found.push('use-before-init');
  }
  for (const order of co.values()) {
    order.forEach((write, place) => {
      if (place === 0 || !isFreed(events[order[place - 1]].value)) return;
      found.push(isFreed(events[write].value) ? 'double-free' : 'use-after-free');
    });
  }
  return found;
}

/** A final state as text. */
export function stateText(values: readonly Value[]): string {
  return values.map(show).join(' ');
}

function satisfies(proposition: Proposition, look: (observable: Observable) => Value): boolean {
  switch (proposition.kind) {
    case 'true':
      return true;
    case 'equals': {
      const { right } = proposition;
      const wanted = typeof right === 'object' && 'kind' in right ? look(right) : right;
      return same(look(proposition.left), wanted);
    }
    case 'not':
      return !satisfies(proposition.operand, look);
    case 'and':
      return satisfies(proposition.left, look) && satisfies(proposition.right, look);
    case 'or':
      return satisfies(proposition.left, look) || satisfies(proposition.right, look);
    case 'implies':
      return !satisfies(proposition.left, look) || satisfies(proposition.right, look);
  }
}
