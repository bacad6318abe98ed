/**
 * Sets and relations over events as bits in one flat arena.
 *
 * Layout. Events are the numbers 0 to n - 1. A set is `w = wordsFor(n)` words of the arena `m`, from an
 * offset on: event i is bit `i & 31` of word `i >>> 5`. A relation is n such rows, row i at `offset + i * w`:
 * bit j of row i is set when the pair (i, j) is in it.
 *
 * Invariant: bits at and beyond n are 0. Every function relies on it for its arguments and keeps it for its
 * result.
 *
 * Offsets name whole sets and relations: two arguments are either the same offset or do not overlap. A result
 * may take the place of an argument unless the function says otherwise; a set and a relation never share
 * words.
 *
 * These are the innermost loops of the search. Nothing is allocated, and where it pays, rows of one word (up
 * to 32 events) and of two (up to 64) have their own code with the same results.
 */

import { tick } from '../limits.js';

// Taken once: looking a global up in an inner loop is slow where the engine has several realms, as under
// Jest.
const { clz32 } = Math;

/** Words that a set over n events takes; at least one, so that a set always has a place. */
export function wordsFor(n: number): number {
  return n <= 32 ? 1 : (n + 31) >>> 5;
}

/** Position of the lowest bit of a word that is not 0. */
export function lowest(word: number): number {
  return 31 - clz32(word & -word);
}

/** Word k of the set of all n events. */
export function fullWord(n: number, k: number): number {
  const left = n - (k << 5);
  if (left >= 32) return -1;
  return left <= 0 ? 0 : (1 << left) - 1;
}

// Words: sets and relations alike, `length` words long.

export function union(m: Int32Array, dst: number, a: number, b: number, length: number): void {
  for (let k = 0; k < length; k++) m[dst + k] = m[a + k] | m[b + k];
}

export function intersection(m: Int32Array, dst: number, a: number, b: number, length: number): void {
  for (let k = 0; k < length; k++) m[dst + k] = m[a + k] & m[b + k];
}

export function difference(m: Int32Array, dst: number, a: number, b: number, length: number): void {
  for (let k = 0; k < length; k++) m[dst + k] = m[a + k] & ~m[b + k];
}

export function copy(m: Int32Array, dst: number, a: number, length: number): void {
  for (let k = 0; k < length; k++) m[dst + k] = m[a + k];
}

export function clear(m: Int32Array, dst: number, length: number): void {
  for (let k = 0; k < length; k++) m[dst + k] = 0;
}

export function equal(m: Int32Array, a: number, b: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (m[a + k] !== m[b + k]) return false;
  return true;
}

export function isEmpty(m: Int32Array, a: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (m[a + k] !== 0) return false;
  return true;
}

/** Number of members. */
export function count(m: Int32Array, a: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) for (let rest = m[a + k]; rest !== 0; rest &= rest - 1) sum++;
  return sum;
}

// Single members.

export function has(m: Int32Array, relation: number, i: number, j: number, w: number): boolean {
  return ((m[relation + i * w + (j >>> 5)] >>> (j & 31)) & 1) !== 0;
}

export function add(m: Int32Array, relation: number, i: number, j: number, w: number): void {
  m[relation + i * w + (j >>> 5)] |= 1 << (j & 31);
}

export function remove(m: Int32Array, relation: number, i: number, j: number, w: number): void {
  m[relation + i * w + (j >>> 5)] &= ~(1 << (j & 31));
}

export function hasEvent(m: Int32Array, set: number, i: number): boolean {
  return ((m[set + (i >>> 5)] >>> (i & 31)) & 1) !== 0;
}

export function addEvent(m: Int32Array, set: number, i: number): void {
  m[set + (i >>> 5)] |= 1 << (i & 31);
}

export function removeEvent(m: Int32Array, set: number, i: number): void {
  m[set + (i >>> 5)] &= ~(1 << (i & 31));
}

// Whole sets and relations.

export function fullSet(m: Int32Array, dst: number, n: number, w: number): void {
  for (let k = 0; k < w; k++) m[dst + k] = fullWord(n, k);
}

export function complementSet(m: Int32Array, dst: number, a: number, n: number, w: number): void {
  for (let k = 0; k < w; k++) m[dst + k] = ~m[a + k] & fullWord(n, k);
}

export function complementRelation(m: Int32Array, dst: number, a: number, n: number, w: number): void {
  const last = fullWord(n, w - 1);
  for (let i = 0, row = 0; i < n; i++, row += w) {
    for (let k = row; k < row + w - 1; k++) m[dst + k] = ~m[a + k];
    m[dst + row + w - 1] = ~m[a + row + w - 1] & last;
  }
}

export function identity(m: Int32Array, dst: number, n: number, w: number): void {
  clear(m, dst, n * w);
  for (let i = 0; i < n; i++) m[dst + i * w + (i >>> 5)] = 1 << (i & 31);
}

/** The pairs (i, i) of the members i of a set. */
export function identityOn(m: Int32Array, dst: number, set: number, n: number, w: number): void {
  clear(m, dst, n * w);
  for (let i = 0; i < n; i++) m[dst + i * w + (i >>> 5)] = m[set + (i >>> 5)] & (1 << (i & 31));
}

/** a with every (i, i). */
export function reflexive(m: Int32Array, dst: number, a: number, n: number, w: number): void {
  if (dst !== a) copy(m, dst, a, n * w);
  for (let i = 0; i < n; i++) m[dst + i * w + (i >>> 5)] |= 1 << (i & 31);
}

export function product(m: Int32Array, dst: number, setA: number, setB: number, n: number, w: number): void {
  for (let i = 0, row = dst; i < n; i++, row += w) {
    const keep = -((m[setA + (i >>> 5)] >>> (i & 31)) & 1);
    for (let k = 0; k < w; k++) m[row + k] = m[setB + k] & keep;
  }
}

/** The pairs of a relation that start in a set. */
export function restrictDomain(
  m: Int32Array,
  dst: number,
  set: number,
  relation: number,
  n: number,
  w: number,
): void {
  for (let i = 0, row = 0; i < n; i++, row += w) {
    const keep = -((m[set + (i >>> 5)] >>> (i & 31)) & 1);
    for (let k = row; k < row + w; k++) m[dst + k] = m[relation + k] & keep;
  }
}

/** The pairs of a relation that end in a set. */
export function restrictRange(
  m: Int32Array,
  dst: number,
  relation: number,
  set: number,
  n: number,
  w: number,
): void {
  for (let i = 0, row = 0; i < n; i++, row += w) {
    for (let k = 0; k < w; k++) m[dst + row + k] = m[relation + row + k] & m[set + k];
  }
}

export function domain(m: Int32Array, dstSet: number, relation: number, n: number, w: number): void {
  clear(m, dstSet, w);
  for (let i = 0, row = relation; i < n; i++, row += w) {
    let any = 0;
    for (let k = row; k < row + w; k++) any |= m[k];
    if (any !== 0) m[dstSet + (i >>> 5)] |= 1 << (i & 31);
  }
}

export function range(m: Int32Array, dstSet: number, relation: number, n: number, w: number): void {
  clear(m, dstSet, w);
  for (let i = 0, row = relation; i < n; i++, row += w) {
    for (let k = 0; k < w; k++) m[dstSet + k] |= m[row + k];
  }
}

/** `dst` is not `a`. */
export function inverse(m: Int32Array, dst: number, a: number, n: number, w: number): void {
  clear(m, dst, n * w);
  for (let i = 0, row = a; i < n; i++, row += w) {
    const bit = 1 << (i & 31);
    const column = dst + (i >>> 5);
    for (let k = 0; k < w; k++) {
      for (let rest = m[row + k]; rest !== 0; rest &= rest - 1)
        m[column + ((k << 5) + lowest(rest)) * w] |= bit;
    }
  }
}

/**
 * The pairs (i, j) with a step of `a` from i to some event and one of `b` from there to j. `dst` is neither.
 */
export function compose(m: Int32Array, dst: number, a: number, b: number, n: number, w: number): void {
  if (w === 1) composeOne(m, dst, a, b, n);
  else if (w === 2) composeTwo(m, dst, a, b, n);
  else composeMany(m, dst, a, b, n, w);
}

function composeOne(m: Int32Array, dst: number, a: number, b: number, n: number): void {
  for (let i = 0; i < n; i++) {
    let reached = 0;
    for (let rest = m[a + i]; rest !== 0; rest &= rest - 1) reached |= m[b + lowest(rest)];
    m[dst + i] = reached;
  }
}

function composeTwo(m: Int32Array, dst: number, a: number, b: number, n: number): void {
  for (let row = 0; row < 2 * n; row += 2) {
    let low = 0;
    let high = 0;
    for (let rest = m[a + row]; rest !== 0; rest &= rest - 1) {
      const from = b + 2 * lowest(rest);
      low |= m[from];
      high |= m[from + 1];
    }
    for (let rest = m[a + row + 1]; rest !== 0; rest &= rest - 1) {
      const from = b + 64 + 2 * lowest(rest);
      low |= m[from];
      high |= m[from + 1];
    }
    m[dst + row] = low;
    m[dst + row + 1] = high;
  }
}

function composeMany(m: Int32Array, dst: number, a: number, b: number, n: number, w: number): void {
  clear(m, dst, n * w);
  for (let row = 0; row < n * w; row += w) {
    tick(w);
    for (let k = 0; k < w; k++) {
      for (let rest = m[a + row + k]; rest !== 0; rest &= rest - 1) {
        const from = b + ((k << 5) + lowest(rest)) * w;
        for (let l = 0; l < w; l++) m[dst + row + l] |= m[from + l];
      }
    }
  }
}
