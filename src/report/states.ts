import { type CheckResult, type FinalState, type Shown, shownOf } from '../check/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { isPointer, type Observable, type Program, symbolicName, type Value } from '../program/index.js';
import { formatObservable, formatValue, type Numeral, sizeInBits } from './format.js';

/** A final state as text, `0:r1=0; [x]=1; a={1,2};`, with what its test names, as herd7 prints it. */
export interface StateText {
  readonly text: string;
  readonly satisfies: boolean;
}

/** All final states that were found, as text. */
export function stateTexts(test: LitmusTest, result: CheckResult, numeral?: Numeral): StateText[] {
  const columns = columnsOf(test, result);
  return statesInOrder(test, result).map((state) => ({
    text: columns.map((column) => `${columnText(column, state, test, numeral)};`).join(' '),
    satisfies: state.satisfies,
  }));
}

/** All final states that were found, in the order of their values. */
export function statesInOrder(test: LitmusTest, result: CheckResult): FinalState[] {
  const columns = columnsOf(test, result);
  const valuesIn = ({ values }: FinalState) =>
    columns.flatMap(({ places, at }) =>
      places.map((place, index) => asHeld(values[at[index]], place, test.program)),
    );
  return result.states
    .map((state) => ({ state, values: valuesIn(state) }))
    .sort((a, b) => compareAll(a.values, b.values))
    .map(({ state }) => state);
}

/** What a state shows, and where its values stand in the states of a result. */
interface Column {
  readonly shown: Shown;
  readonly places: readonly Observable[];
  readonly at: readonly number[];
}

function columnsOf(test: LitmusTest, { observables }: CheckResult): Column[] {
  const name = (place: Observable) => formatObservable(place, test.program);
  const positions = new Map(observables.map((place, index) => [name(place), index]));
  return shownOf(test).map((shown) => {
    const places: readonly Observable[] =
      shown.kind === 'array' ? shown.cells.map((cell) => ({ kind: 'cell', cell })) : [shown];
    return { shown, places, at: places.map((place) => positions.get(name(place)) as number) };
  });
}

function columnText(
  { shown, places, at }: Column,
  { values }: FinalState,
  { program }: LitmusTest,
  numeral?: Numeral,
): string {
  const texts = places.map((place, index) => {
    const value = values[at[index]];
    return formatValue(value, program, numeral, sizeInBits(place, program, value));
  });
  return shown.kind === 'array'
    ? `${shown.name}={${texts.join(',')}}`
    : `${formatObservable(shown, program)}=${texts[0]}`;
}

function compareAll(a: readonly Value[], b: readonly Value[]): number {
  for (const [index, value] of a.entries()) {
    const order = compareValues(value, b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * A value as herd7 holds it, which makes a difference to the order alone: numbers of up to 32 bits with their
 * sign.
 */
function asHeld(value: Value, place: Observable, program: Program): Value {
  return isPointer(value) ? value : BigInt.asIntN(Math.max(32, sizeInBits(place, program, value)), value);
}

/** Symbolic values, numbers, addresses by name. */
function compareValues(a: Value, b: Value): number {
  const [kind, other] = [kindOfState(a), kindOfState(b)];
  if (kind !== other) return kind - other;
  if (isPointer(a) && isPointer(b)) {
    if (a.symbol !== b.symbol) return a.symbol < b.symbol ? -1 : 1;
    return a.offset - b.offset;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function kindOfState(value: Value): number {
  if (!isPointer(value)) return 1;
  return symbolicName(value) ? 0 : 2;
}
