import { tick } from '../limits.js';
import { copy, fullSet, fullWord, has, lowest } from './kernels.js';

// Taken once: looking a global up in an inner loop is slow where the engine has several realms, as under
// Jest.
const { clz32 } = Math;

// Kernels about paths: closure and cycles. The layout of sets and relations is that of kernels.ts.

/**
 * The least transitive relation that contains `a`. Rows are closed from the last to the first, each by a
 * search for what the event reaches. Most edges go upward, to rows that are closed already: whatever such a
 * row holds needs no visit of its own, so the highest event is visited first. On relations like program order
 * with communication this takes a half to a third of Warshall's time; it loses only on long chains that go
 * downward all the way.
 */
export function transitiveClosure(m: Int32Array, dst: number, a: number, n: number, w: number): void {
  if (dst !== a) copy(m, dst, a, n * w);
  if (w === 1) closeOne(m, dst, n);
  else if (w === 2) closeTwo(m, dst, n);
  else closeMany(m, dst, n, w);
}

function closeOne(m: Int32Array, dst: number, n: number): void {
  for (let i = n - 1; i >= 0; i--) {
    let row = m[dst + i];
    for (let todo = row; todo !== 0; ) {
      const j = 31 - clz32(todo);
      const more = m[dst + j];
      todo ^= 1 << j;
      todo = j > i ? todo & ~more : todo | (more & ~row);
      row |= more;
    }
    m[dst + i] = row;
  }
}

function closeTwo(m: Int32Array, dst: number, n: number): void {
  for (let i = n - 1; i >= 0; i--) {
    let low = m[dst + 2 * i];
    let high = m[dst + 2 * i + 1];
    let lowTodo = low;
    let highTodo = high;
    while ((lowTodo | highTodo) !== 0) {
      const j = highTodo !== 0 ? 63 - clz32(highTodo) : 31 - clz32(lowTodo);
      if (j >= 32) highTodo ^= 1 << j;
      else lowTodo ^= 1 << j;
      const lowMore = m[dst + 2 * j];
      const highMore = m[dst + 2 * j + 1];
      lowTodo = j > i ? lowTodo & ~lowMore : lowTodo | (lowMore & ~low);
      highTodo = j > i ? highTodo & ~highMore : highTodo | (highMore & ~high);
      low |= lowMore;
      high |= highMore;
    }
    m[dst + 2 * i] = low;
    m[dst + 2 * i + 1] = high;
  }
}

function closeMany(m: Int32Array, dst: number, n: number, w: number): void {
  const todo = scratchWords(w);
  for (let i = n - 1; i >= 0; i--) {
    tick(w);
    const row = dst + i * w;
    for (let k = 0; k < w; k++) todo[k] = m[row + k];
    for (let word = w - 1; word >= 0; ) {
      if (todo[word] === 0) {
        word--;
        continue;
      }
      const j = (word << 5) + 31 - clz32(todo[word]);
      todo[word] ^= 1 << j;
      for (let k = 0, from = dst + j * w; k < w; k++) {
        const more = m[from + k];
        todo[k] = j > i ? todo[k] & ~more : todo[k] | (more & ~m[row + k]);
        m[row + k] |= more;
      }
      // A row that is not closed may have brought events above j.
      if (j <= i) word = w - 1;
    }
  }
}

/**
 * Adds (i, j) to a transitively closed relation without cycles and closes it again. False when (i, j) makes a
 * cycle: the relation is then unspecified.
 */
export function addClosed(
  m: Int32Array,
  relation: number,
  i: number,
  j: number,
  n: number,
  w: number,
): boolean {
  if (i === j || has(m, relation, j, i, w)) return false;
  if (has(m, relation, i, j, w)) return true;
  // No path leads from j to i, so row j is not among the rows that change.
  if (w === 1) addClosedOne(m, relation, i, m[relation + j] | (1 << j), n);
  else addClosedMany(m, relation, i, j, n, w);
  return true;
}

/** Gives i, and every event before it, the successors `after`. */
function addClosedOne(m: Int32Array, relation: number, i: number, after: number, n: number): void {
  for (let row = relation; row < relation + n; row++) m[row] |= after & -((m[row] >>> i) & 1);
  m[relation + i] |= after;
}

function addClosedMany(m: Int32Array, relation: number, i: number, j: number, n: number, w: number): void {
  const after = relation + j * w;
  const column = i >>> 5;
  const bit = 1 << (i & 31);
  for (let p = 0, row = relation; p < n; p++, row += w) {
    if (p !== i && (m[row + column] & bit) === 0) continue;
    for (let k = 0; k < w; k++) m[row + k] |= m[after + k];
    m[row + (j >>> 5)] |= 1 << (j & 31);
  }
}

export function isIrreflexive(m: Int32Array, a: number, n: number, w: number): boolean {
  for (let i = 0; i < n; i++) if (((m[a + i * w + (i >>> 5)] >>> (i & 31)) & 1) !== 0) return false;
  return true;
}

/**
 * Whether no path leads from an event to itself. Removes events without a successor among the remaining ones
 * until none is left, or none can go. Rounds go from the last event to the first, as most edges go upward,
 * and back.
 */
export function isAcyclic(m: Int32Array, a: number, n: number, w: number): boolean {
  if (w === 1) return isAcyclicOne(m, a, n);
  if (w === 2) return isAcyclicTwo(m, a, n);
  return isAcyclicMany(m, a, n, w);
}

function isAcyclicOne(m: Int32Array, a: number, n: number): boolean {
  let left = fullWord(n, 0);
  while (left !== 0) {
    const before = left;
    for (let rest = left; rest !== 0; ) {
      const i = 31 - clz32(rest);
      rest ^= 1 << i;
      if ((m[a + i] & left) === 0) left ^= 1 << i;
    }
    if (left === before) return false;
    for (let rest = left; rest !== 0; rest &= rest - 1) {
      const i = lowest(rest);
      if ((m[a + i] & left) === 0) left ^= 1 << i;
    }
  }
  return true;
}

function isAcyclicTwo(m: Int32Array, a: number, n: number): boolean {
  let low = fullWord(n, 0);
  let high = fullWord(n, 1);
  const upper = a + 64;
  while ((low | high) !== 0) {
    const lowBefore = low;
    const highBefore = high;
    for (let rest = high; rest !== 0; ) {
      const i = 31 - clz32(rest);
      rest ^= 1 << i;
      if (((m[upper + 2 * i] & low) | (m[upper + 2 * i + 1] & high)) === 0) high ^= 1 << i;
    }
    for (let rest = low; rest !== 0; ) {
      const i = 31 - clz32(rest);
      rest ^= 1 << i;
      if (((m[a + 2 * i] & low) | (m[a + 2 * i + 1] & high)) === 0) low ^= 1 << i;
    }
    if (low === lowBefore && high === highBefore) return false;
    for (let rest = low; rest !== 0; rest &= rest - 1) {
      const i = lowest(rest);
      if (((m[a + 2 * i] & low) | (m[a + 2 * i + 1] & high)) === 0) low ^= 1 << i;
    }
    for (let rest = high; rest !== 0; rest &= rest - 1) {
      const i = lowest(rest);
      if (((m[upper + 2 * i] & low) | (m[upper + 2 * i + 1] & high)) === 0) high ^= 1 << i;
    }
  }
  return true;
}

function isAcyclicMany(m: Int32Array, a: number, n: number, w: number): boolean {
  const left = scratchWords(w);
  fullSet(left, 0, n, w);
  for (let count = n; count !== 0; ) {
    const before = count;
    for (let word = w - 1; word >= 0; word--) {
      tick();
      for (let rest = left[word]; rest !== 0; ) {
        const bit = 31 - clz32(rest);
        rest ^= 1 << bit;
        if (meets(m, a + ((word << 5) + bit) * w, left, w)) continue;
        left[word] ^= 1 << bit;
        count--;
      }
    }
    if (count === before) return false;
    for (let word = 0; word < w; word++) {
      for (let rest = left[word]; rest !== 0; rest &= rest - 1) {
        const bit = lowest(rest);
        if (meets(m, a + ((word << 5) + bit) * w, left, w)) continue;
        left[word] ^= 1 << bit;
        count--;
      }
    }
  }
  return true;
}

/** Whether a row and a set share an event. */
function meets(m: Int32Array, row: number, set: Int32Array, w: number): boolean {
  for (let k = 0; k < w; k++) if ((m[row + k] & set[k]) !== 0) return true;
  return false;
}

/** Working set of `closeMany` and `isAcyclicMany`, kept between calls and replaced only by a larger one. */
let scratch = new Int32Array(32);

function scratchWords(w: number): Int32Array {
  if (scratch.length < w) scratch = new Int32Array(2 * w);
  return scratch;
}
