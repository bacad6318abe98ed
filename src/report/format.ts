import type { ErrorPlace, FinalState } from '../check/index.js';
import type { LitmusTest } from '../litmus/index.js';
import {
  isPointer,
  managesMemory,
  type Observable,
  type Program,
  type Proposition,
  symbolicName,
  type Value,
} from '../program/index.js';

/** A value as litmus files write it: a number, or the name of what an address points to. */
export function formatValue(value: Value, program: Program): string {
  if (!isPointer(value)) return String(value);
  const symbolic = symbolicName(value);
  if (symbolic) return symbolic;
  if (value.offset === 0) return value.symbol;
  const cell = program.cells.find((c) => c.symbol === value.symbol && c.offset === value.offset);
  if (cell) return cell.name;
  return value.offset > 0 ? `${value.symbol}+${value.offset}` : `${value.symbol}${value.offset}`;
}

/** `0:r1`, `[x]`. */
export function formatObservable(observable: Observable, program: Program): string {
  if (observable.kind === 'cell') return `[${program.cells[observable.cell].name}]`;
  return `${observable.thread}:${program.threads[observable.thread].code.registers[observable.register]}`;
}

/** `0:r1=0; [x]=1;`, as herd7 prints a state. */
export function formatState(state: FinalState, observables: readonly Observable[], program: Program): string {
  return observables
    .map(
      (observable, index) =>
        `${formatObservable(observable, program)}=${formatValue(state.values[index], program)};`,
    )
    .join(' ');
}

/** `exists (0:r1=1 /\ 1:r1=0)`. */
export function formatCondition({ condition, program }: LitmusTest): string {
  const word = { exists: 'exists', 'not-exists': '~exists', forall: 'forall' }[condition.quantifier];
  return `${word} (${formatProposition(condition.proposition, program)})`;
}

/** What is asked whether it can happen: the condition's outcome, errors with memory where there may be such. */
export function formatSubject(test: LitmusTest): string {
  const condition = formatCondition(test);
  if (!managesMemory(test.program)) return condition;
  return test.condition.proposition.kind === 'true'
    ? 'errors with memory'
    : `${condition}, or an error with memory`;
}

/** `P0, line 3: x = 1`; of no place in the text, the thread alone. */
export function placeText({ thread, span }: ErrorPlace, { threads }: Program): string {
  const { name } = threads[thread];
  if (!span) return name;
  const { line } = span.source.position(span.start);
  return `${name}, line ${line}: ${span.source.text.slice(span.start, span.end).replace(/\s+/g, ' ')}`;
}

/** How tightly a connective binds: the operand of a tighter one needs parentheses. */
const BINDING = { implies: 1, or: 2, and: 3 } as const;
const SYMBOL = { implies: '=>', or: '\\/', and: '/\\' } as const;

export function formatProposition(proposition: Proposition, program: Program): string {
  switch (proposition.kind) {
    case 'true':
      return 'true';
    case 'equals': {
      const { left, right } = proposition;
      const isPlace = typeof right === 'object' && 'kind' in right;
      const shown = isPlace ? formatObservable(right, program) : formatValue(right, program);
      return `${formatObservable(left, program)}=${shown}`;
    }
    case 'not':
      return `not (${formatProposition(proposition.operand, program)})`;
    case 'implies':
    case 'or':
    case 'and': {
      const { kind, left, right } = proposition;
      const operand = (part: Proposition): string => {
        const text = formatProposition(part, program);
        const looser = part.kind in BINDING && BINDING[part.kind as keyof typeof BINDING] < BINDING[kind];
        return looser ? `(${text})` : text;
      };
      return `${operand(left)} ${SYMBOL[kind]} ${operand(right)}`;
    }
  }
}
