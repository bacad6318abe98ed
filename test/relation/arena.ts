import { expect } from '@jest/globals';
import { wordsFor } from '../../src/relation/index.js';
import { type NaiveRelation, type NaiveSet, wordsOfRelation, wordsOfSet } from './oracle.js';

/** A set or a relation to put into an arena. */
export type Value = { readonly set: NaiveSet } | { readonly relation: NaiveRelation };

const wordsOf = (value: Value) => ('set' in value ? wordsOfSet(value.set) : wordsOfRelation(value.relation));

/** Words between and around the values; a kernel must neither read nor write them. */
const gap = 3;

const garbage = (index: number) => Math.imul(index + 1, 0x9e3779b1);

/** Values in an arena full of garbage, each at an offset of its own. */
function layOut(lengths: readonly number[]): { m: Int32Array; offsets: number[] } {
  const offsets: number[] = [];
  let end = gap;
  for (const length of lengths) {
    offsets.push(end);
    end += length + gap;
  }
  return { m: Int32Array.from({ length: end }, (_, index) => garbage(index)), offsets };
}

/**
 * Runs a kernel on arguments in an arena and compares the whole arena: the result is `expected`, bits beyond
 * the events included, and no other word has changed. With `inPlaceOf`, the result takes the place of that
 * argument.
 */
export function expectResult(
  n: number,
  args: readonly Value[],
  expected: Value,
  kernel: (m: Int32Array, dst: number, offsets: readonly number[], n: number, w: number) => void,
  inPlaceOf?: number,
): void {
  const result = wordsOf(expected);
  const { m, offsets } = layOut([...args.map((value) => wordsOf(value).length), result.length]);
  args.forEach((value, index) => {
    m.set(wordsOf(value), offsets[index]);
  });
  const dst = offsets[inPlaceOf ?? args.length];
  const after = m.slice();
  after.set(result, dst);
  kernel(m, dst, offsets, n, wordsFor(n));
  expect(wordsThatDiffer(m, after, dst, result.length)).toEqual([]);
}

/** As `expectResult` for a kernel that answers a question: the answer, and an arena left as it was. */
export function expectAnswer<T>(
  n: number,
  args: readonly Value[],
  expected: T,
  kernel: (m: Int32Array, offsets: readonly number[], n: number, w: number) => T,
): void {
  const { m, offsets } = layOut(args.map((value) => wordsOf(value).length));
  args.forEach((value, index) => {
    m.set(wordsOf(value), offsets[index]);
  });
  const after = m.slice();
  expect(kernel(m, offsets, n, wordsFor(n))).toBe(expected);
  expect(wordsThatDiffer(m, after, 0, 0)).toEqual([]);
}

function wordsThatDiffer(m: Int32Array, after: Int32Array, dst: number, length: number): string[] {
  const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
  return [...m.keys()]
    .filter((index) => m[index] !== after[index])
    .map((index) => {
      const place = index >= dst && index < dst + length ? `result word ${index - dst}` : `word ${index}`;
      return `${place}: ${hex(m[index])} instead of ${hex(after[index])}`;
    });
}
