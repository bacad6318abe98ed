import { type ErrorPlace, type FinalState, isElement } from '../check/index.js';
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

/** How a number is written that is held in so many bits. */
export type Numeral = (value: bigint, bits: number) => string;

const decimal: Numeral = String;
/** As herd7's `-hexa`: without a sign. */
export const hexadecimal: Numeral = (value, bits) => `0x${BigInt.asUintN(bits, value).toString(16)}`;

/** A value as litmus files write it: a number, or the name of what an address points to. */
export function formatValue(value: Value, program: Program, numeral = decimal, bits = 64): string {
  if (!isPointer(value)) return numeral(value, bits);
  const symbolic = symbolicName(value);
  if (symbolic) return symbolic;
  if (value.offset === 0) return value.symbol;
  const cell = program.cells.find((c) => c.symbol === value.symbol && c.offset === value.offset);
  if (cell) return cell.name;
  return value.offset > 0 ? `${value.symbol}+${value.offset}` : `${value.symbol}${value.offset}`;
}

/** `0:r1`, `[x]`, `a[1]`. */
export function formatObservable(observable: Observable, program: Program): string {
  if (observable.kind === 'cell') {
    const { name } = program.cells[observable.cell];
    return isElement(name) ? name : `[${name}]`;
  }
  return `${observable.thread}:${program.threads[observable.thread].code.registers[observable.register]}`;
}

/**
 * How many bits a place shows: a register as many as an `int` has, where the dialect has none wider, or the
 * value needs no more.
 */
export function sizeInBits(place: Observable, { cells, dialect }: Program, value: Value): number {
  if (place.kind === 'cell') return cells[place.cell].type.bits;
  const isWide = !isPointer(value) && BigInt.asIntN(33, value) !== value;
  return isWide || dialect === 'Alpha' || dialect === 'X86_64' ? 64 : 32;
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
export function formatCondition({ condition, program }: LitmusTest, numeral = decimal): string {
  const word = { exists: 'exists', 'not-exists': '~exists', forall: 'forall' }[condition.quantifier];
  return `${word} (${formatProposition(condition.proposition, program, numeral)})`;
}

/**
 * What is asked whether it can happen: the condition's outcome, errors with memory where there may be such.
 */
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

/** What stands in parentheses as an operand of each connective, as herd7 prints it. */
const IN_PARENTHESES = { implies: ['and', 'or'], or: ['implies'], and: ['or', 'implies'] } as const;
const SYMBOL = { implies: '=>', or: '\\/', and: '/\\' } as const;

/** A proposition as a litmus file writes it, with the fewest parentheses. */
export function formatProposition(proposition: Proposition, program: Program, numeral = decimal): string {
  const within = (part: Proposition): string => formatProposition(part, program, numeral);
  switch (proposition.kind) {
    case 'true':
      return 'true';
    case 'equals':
      return formatEquality(proposition, program, numeral);
    case 'not':
      return proposition.operand.kind === 'true' ? 'false' : `not (${within(proposition.operand)})`;
    case 'implies':
    case 'or':
    case 'and': {
      const { kind, left, right, written } = proposition;
      if (written) {
        const bits = program.cells[written.array.cells[0]].type.bits;
        const values = written.values.map((value) => formatValue(value, program, numeral, bits));
        return `${written.array.name}={${values.join(',')}}`;
      }
      const apart: readonly string[] = IN_PARENTHESES[kind];
      const operand = (part: Proposition): string =>
        apart.includes(part.kind) && !('written' in part) ? `(${within(part)})` : within(part);
      return `${operand(left)} ${SYMBOL[kind]} ${operand(right)}`;
    }
  }
}

function formatEquality(
  { left, right }: Proposition & { kind: 'equals' },
  program: Program,
  numeral: Numeral,
): string {
  const isPlace = typeof right === 'object' && 'kind' in right;
  const shown = isPlace
    ? formatObservable(right, program)
    : formatValue(right, program, numeral, sizeInBits(left, program, right));
  return `${formatObservable(left, program)}=${shown}`;
}
