import type { Model, Term } from '../../src/cat/index.js';
import type { Observable, Program, Proposition, Value } from '../../src/program/index.js';
import { isAny, isFreed, isJunk, isUnset, same, show } from './arithmetic.js';
import { type Candidate, candidatesOf, type Pair, type Skeleton } from './candidates.js';
import { type Members, NaiveTerms } from './naive-terms.js';

export { TooMany } from './cells.js';

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
  /** Names of the flags that some execution raises, and of the errors that some is in, sorted. */
  readonly flags: readonly string[];
}

/** And what it says besides. */
export interface FullAnswer extends Answer {
  /** Of the executions, those in which values go round in a circle through a branch, and not without. */
  readonly circles: number;
  /** Of the executions, those in which values depend on themselves by data and addresses alone. */
  readonly circular: number;
  /** Consistent executions, besides, whose values are some of several, and of which no more can be said. */
  readonly open: number;
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

  answer(model: Model, question: Question): FullAnswer {
    const tests = model.checks.filter((check) => !check.flag);
    const consistent = this.candidates.filter((candidate) => {
      if (question.filter && !satisfies(question.filter, this.lookAt(candidate))) return false;
      const terms = this.termsOf(candidate);
      return isOne(candidate) && tests.every((check) => terms.test(check));
    });
    const groups = new Map<string, Candidate[]>();
    for (const candidate of consistent) {
      const key = keyOf(candidate);
      groups.set(key, [...(groups.get(key) ?? []), candidate]);
    }
    const executions = [...groups.values()].map((group) => mostGeneral(distinct(group)));
    const found = executions.filter((one) => one !== undefined);
    return {
      ...this.judged(found, model, question),
      circles: found.filter(goesRoundByControl).length,
      circular: found.filter(goesRound).length,
      open: executions.length - found.length,
    };
  }

  private judged(
    executions: readonly Candidate[],
    model: Model,
    { observables, proposition }: Question,
  ): Answer {
    const states = new Set<string>();
    const flags = new Set<string>();
    let [positive, negative] = [0, 0];
    for (const execution of executions) {
      const look = this.lookAt(execution);
      const terms = this.termsOf(execution);
      for (const check of execution.skeleton.partial ? [] : model.checks)
        if (check.flag && terms.test(check)) flags.add(check.name);
      const errors = errorsOf(execution);
      for (const error of errors) flags.add(error);
      if (errors.length > 0) continue;
      if (satisfies(proposition, look)) positive++;
      else negative++;
      states.add(stateText(named(observables.map(look))));
    }
    return { states: [...states].sort(), positive, negative, flags: [...flags].sort() };
  }

  private lookAt(candidate: Candidate): (observable: Observable) => Value {
    return (observable) => this.look(candidate, observable);
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

/** The same for executions that differ in values alone. */
function keyOf({ skeleton, rf, co }: Candidate): string {
  return JSON.stringify([skeleton.ways, [...rf], [...co]]);
}

/** What a handler that has not come would have read makes no difference. */
function distinct(group: readonly Candidate[]): readonly Candidate[] {
  if (!group[0].skeleton.partial) return group;
  const values = ({ skeleton }: Candidate): string => skeleton.events.map(({ value }) => show(value)).join();
  return [...new Map(group.map((candidate) => [values(candidate), candidate])).values()];
}

/**
 * Of executions that differ in values alone, the only one, or that in which most is left to what stands for
 * any value. Undefined where there are some and none leaves it open, or something is computed of what is.
 */
function mostGeneral(group: readonly Candidate[]): Candidate | undefined {
  const generality = (candidate: Candidate): number => {
    const symbols = symbolsIn(candidate);
    return symbols.length + new Set(symbols).size;
  };
  const [best] = group.toSorted((a, b) => generality(b) - generality(a));
  const symbols = symbolsIn(best);
  if (symbols.some((symbol) => symbol.includes('+'))) return undefined;
  return group.length === 1 || symbols.length > 0 ? best : undefined;
}

function symbolsIn({ skeleton: { events, registers } }: Candidate): string[] {
  return [...events.map(({ value }) => value), ...registers.flat()].filter(isAny).map(show);
}

/** Values of a state; those that stand for any are numbered as they come up. */
function named(values: readonly Value[]): Value[] {
  const names = new Map<string, Value>();
  return values.map((value) => {
    if (!isAny(value)) return value;
    const name = names.get(show(value)) ?? { symbol: `(S${names.size + 1})`, offset: 0 };
    names.set(show(value), name);
    return name;
  });
}

/**
 * Whether what is read determines, through a branch, what is written there, round through other threads; and
 * without the branch, it does not.
 */
function goesRoundByControl(execution: Candidate): boolean {
  const { skeleton, rf } = execution;
  const { decided } = skeleton;
  const reading = [...rf].map(([read, write]): Pair => [write, read]);
  return !isAcyclic([...decided, ...reading]) && !goesRound(execution);
}

function goesRound({ skeleton: { addr, data }, rf }: Candidate): boolean {
  return !isAcyclic([...addr, ...data, ...[...rf].map(([read, write]): Pair => [write, read])]);
}

function isAcyclic(pairs: readonly Pair[]): boolean {
  let left = pairs;
  for (;;) {
    const reached = new Set(left.map(([, to]) => to));
    const rest = left.filter(([from]) => reached.has(from));
    if (rest.length === left.length) return left.length === 0;
    left = rest;
  }
}

/**
 * Whether what is junk comes from somewhere: from something that is wrong. And of what comes to no end, that
 * alone counts.
 */
function isOne(candidate: Candidate): boolean {
  const { events, partial } = candidate.skeleton;
  const isWhole = !partial && !events.some(({ kind, value }) => kind === 'R' && isJunk(value));
  return isWhole || errorsOf(candidate).length > 0;
}

/** What is wrong with a candidate. */
function errorsOf({ skeleton: { events, stuck }, rf, co }: Candidate): string[] {
  const found = [...events.flatMap(({ wrong }) => wrong ?? []), ...(stuck ? ['deadlock'] : [])];
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
