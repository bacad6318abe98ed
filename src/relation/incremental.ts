import { lowest } from './kernels.js';

// Taken once, as in kernels.ts.
const { clz32, min } = Math;

/**
 * Kernels that bring a result up to date when few rows of the arguments have changed.
 *
 * Layout. That of kernels.ts, and right behind the words of each relation or set stands one more set, its
 * *changes*: the rows of the relation, or the members of the set, that differ from what they were when the
 * result was made.
 *
 * Each kernel expects in `dst` its result on the arguments as they were. It leaves there the result on the
 * arguments as they are, and the rows that differ in the changes of `dst`. Only rows on which a change can
 * bear are made again. `dst` is no argument.
 */

/** The union of one or more relations. */
export function updateUnion(m: Int32Array, dst: number, parts: Int32Array, n: number, w: number): void {
  const size = n * w;
  for (let word = 0; word < w; word++) {
    let rest = 0;
    for (let part = 0; part < parts.length; part++) rest |= m[parts[part] + size + word];
    let changes = 0;
    for (; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = ((word << 5) + bit) * w;
      let differs = 0;
      for (let k = row; k < row + w; k++) {
        let value = 0;
        for (let part = 0; part < parts.length; part++) value |= m[parts[part] + k];
        differs |= value ^ m[dst + k];
        m[dst + k] = value;
      }
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

/** Another relation. */
export function updateCopy(m: Int32Array, dst: number, a: number, n: number, w: number): void {
  const size = n * w;
  for (let word = 0; word < w; word++) {
    let changes = 0;
    for (let rest = m[a + size + word]; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = ((word << 5) + bit) * w;
      let differs = 0;
      for (let k = row; k < row + w; k++) {
        differs |= m[a + k] ^ m[dst + k];
        m[dst + k] = m[a + k];
      }
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

/** The intersection of one or more relations. */
export function updateIntersection(
  m: Int32Array,
  dst: number,
  parts: Int32Array,
  n: number,
  w: number,
): void {
  const size = n * w;
  for (let word = 0; word < w; word++) {
    let rest = 0;
    for (let part = 0; part < parts.length; part++) rest |= m[parts[part] + size + word];
    let changes = 0;
    for (; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = ((word << 5) + bit) * w;
      let differs = 0;
      for (let k = row; k < row + w; k++) {
        let value = -1;
        for (let part = 0; part < parts.length; part++) value &= m[parts[part] + k];
        differs |= value ^ m[dst + k];
        m[dst + k] = value;
      }
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

export function updateDifference(
  m: Int32Array,
  dst: number,
  a: number,
  b: number,
  n: number,
  w: number,
): void {
  const size = n * w;
  for (let word = 0; word < w; word++) {
    let changes = 0;
    for (let rest = m[a + size + word] | m[b + size + word]; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = ((word << 5) + bit) * w;
      let differs = 0;
      for (let k = row; k < row + w; k++) {
        const value = m[a + k] & ~m[b + k];
        differs |= value ^ m[dst + k];
        m[dst + k] = value;
      }
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

/** a with every (i, i). */
export function updateReflexive(m: Int32Array, dst: number, a: number, n: number, w: number): void {
  const size = n * w;
  for (let word = 0; word < w; word++) {
    let changes = 0;
    for (let rest = m[a + size + word]; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = ((word << 5) + bit) * w;
      let differs = 0;
      for (let k = 0; k < w; k++) {
        const value = k === word ? m[a + row + k] | (1 << bit) : m[a + row + k];
        differs |= value ^ m[dst + row + k];
        m[dst + row + k] = value;
      }
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

/** The pairs of a relation that start in a set. */
export function updateRestrictDomain(
  m: Int32Array,
  dst: number,
  set: number,
  relation: number,
  n: number,
  w: number,
): void {
  const size = n * w;
  for (let word = 0; word < w; word++) {
    const members = m[set + word];
    // What starts outside of the set was not there, and is not.
    let rest = m[set + w + word] | (m[relation + size + word] & members);
    let changes = 0;
    for (; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = ((word << 5) + bit) * w;
      const keep = -((members >>> bit) & 1);
      let differs = 0;
      for (let k = row; k < row + w; k++) {
        const value = m[relation + k] & keep;
        differs |= value ^ m[dst + k];
        m[dst + k] = value;
      }
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

/** The pairs of a relation that end in a set. */
export function updateRestrictRange(
  m: Int32Array,
  dst: number,
  relation: number,
  set: number,
  n: number,
  w: number,
): void {
  const size = n * w;
  const ends = set + w;
  const moved = !isClear(m, ends, w);
  for (let word = 0; word < w; word++) {
    let rest = m[relation + size + word];
    if (moved) rest |= rowsThatMeet(m, relation, ends, word, n, w);
    let changes = 0;
    for (; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = ((word << 5) + bit) * w;
      let differs = 0;
      for (let k = 0; k < w; k++) {
        const value = m[relation + row + k] & m[set + k];
        differs |= value ^ m[dst + row + k];
        m[dst + row + k] = value;
      }
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

/** `a ; b`: a row is made again when it has changed in a, or leads to one that has changed in b. */
export function updateCompose(m: Int32Array, dst: number, a: number, b: number, n: number, w: number): void {
  if (w === 1) updateComposeOne(m, dst, a, b, n);
  else if (w === 2) updateComposeTwo(m, dst, a, b, n);
  else updateComposeMany(m, dst, a, b, n, w);
}

function updateComposeOne(m: Int32Array, dst: number, a: number, b: number, n: number): void {
  let rest = m[a + n];
  const through = m[b + n];
  if (through !== 0) for (let i = 0; i < n; i++) if ((m[a + i] & through) !== 0) rest |= 1 << i;
  let changes = 0;
  for (; rest !== 0; rest &= rest - 1) {
    const i = lowest(rest);
    let reached = 0;
    for (let steps = m[a + i]; steps !== 0; steps &= steps - 1) reached |= m[b + lowest(steps)];
    if (reached === m[dst + i]) continue;
    m[dst + i] = reached;
    changes |= 1 << i;
  }
  m[dst + n] = changes;
}

function updateComposeTwo(m: Int32Array, dst: number, a: number, b: number, n: number): void {
  const size = 2 * n;
  const lowThrough = m[b + size];
  const highThrough = m[b + size + 1];
  const moved = (lowThrough | highThrough) !== 0;
  for (let word = 0; word < 2; word++) {
    let rest = m[a + size + word];
    const first = a + 64 * word;
    if (moved) {
      const rows = rowsOfWord(n, word);
      for (let i = 0; i < rows; i++) {
        if (((m[first + 2 * i] & lowThrough) | (m[first + 2 * i + 1] & highThrough)) !== 0) rest |= 1 << i;
      }
    }
    let changes = 0;
    for (; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      let low = 0;
      let high = 0;
      for (let steps = m[first + 2 * bit]; steps !== 0; steps &= steps - 1) {
        const from = b + 2 * lowest(steps);
        low |= m[from];
        high |= m[from + 1];
      }
      for (let steps = m[first + 2 * bit + 1]; steps !== 0; steps &= steps - 1) {
        const from = b + 64 + 2 * lowest(steps);
        low |= m[from];
        high |= m[from + 1];
      }
      const row = dst + 64 * word + 2 * bit;
      if (low === m[row] && high === m[row + 1]) continue;
      m[row] = low;
      m[row + 1] = high;
      changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

function updateComposeMany(m: Int32Array, dst: number, a: number, b: number, n: number, w: number): void {
  const size = n * w;
  const moved = !isClear(m, b + size, w);
  for (let word = 0; word < w; word++) {
    let rest = m[a + size + word];
    if (moved) rest |= rowsThatMeet(m, a, b + size, word, n, w);
    let changes = 0;
    for (; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = ((word << 5) + bit) * w;
      let differs = 0;
      for (let l = 0; l < w; l++) {
        let reached = 0;
        for (let k = 0; k < w; k++) {
          for (let steps = m[a + row + k]; steps !== 0; steps &= steps - 1)
            reached |= m[b + ((k << 5) + lowest(steps)) * w + l];
        }
        differs |= reached ^ m[dst + row + l];
        m[dst + row + l] = reached;
      }
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

/** `a^-1`: what has changed in a row of a is put right in the column of the result. */
export function updateInverse(m: Int32Array, dst: number, a: number, n: number, w: number): void {
  const size = n * w;
  for (let k = 0; k < w; k++) m[dst + size + k] = 0;
  for (let word = 0; word < w; word++) {
    for (let rest = m[a + size + word]; rest !== 0; rest &= rest - 1) {
      const bit = lowest(rest);
      const row = a + ((word << 5) + bit) * w;
      for (let k = 0; k < w; k++) {
        const column = dst + (k << 5) * w + word;
        const height = rowsOfWord(n, k);
        let before = 0;
        for (let j = 0; j < height; j++) before |= ((m[column + j * w] >>> bit) & 1) << j;
        const turned = before ^ m[row + k];
        m[dst + size + k] |= turned;
        for (let some = turned; some !== 0; some &= some - 1) m[column + lowest(some) * w] ^= 1 << bit;
      }
    }
  }
}

/**
 * The least transitive relation that contains `a`, with every (i, i) if `reflexive`. Only of events that led
 * to one whose row has changed are the rows made again, as `transitiveClosure` makes all: from the last to
 * the first, each by a search in which the rows of all others, and those made already, are closed.
 */
export function updateClosure(
  m: Int32Array,
  dst: number,
  a: number,
  reflexive: boolean,
  n: number,
  w: number,
): void {
  const size = n * w;
  const changed = a + size;
  if (isClear(m, changed, w)) {
    for (let k = 0; k < w; k++) m[dst + size + k] = 0;
    return;
  }
  // `open`: the rows that are not closed.
  const [open, todo, before] = scratchFor(n, w);
  for (let word = 0; word < w; word++) {
    open[word] = m[changed + word] | rowsThatMeet(m, dst, changed, word, n, w);
    for (let rest = open[word]; rest !== 0; rest &= rest - 1) {
      const row = ((word << 5) + lowest(rest)) * w;
      for (let k = row; k < row + w; k++) {
        before[k] = m[dst + k];
        m[dst + k] = m[a + k];
      }
    }
  }
  for (let word = w - 1; word >= 0; word--) {
    let changes = 0;
    for (let rest = open[word]; rest !== 0; rest = open[word]) {
      const bit = 31 - clz32(rest);
      const row = ((word << 5) + bit) * w;
      closeRow(m, dst, row, open, todo, w);
      open[word] ^= 1 << bit;
      if (reflexive) m[dst + row + word] |= 1 << bit;
      let differs = 0;
      for (let k = row; k < row + w; k++) differs |= m[dst + k] ^ before[k];
      if (differs !== 0) changes |= 1 << bit;
    }
    m[dst + size + word] = changes;
  }
}

/** Closes a row of a relation: rows that are not in `open` are closed. */
function closeRow(
  m: Int32Array,
  dst: number,
  row: number,
  open: Int32Array,
  todo: Int32Array,
  w: number,
): void {
  for (let k = 0; k < w; k++) todo[k] = m[dst + row + k];
  for (let word = w - 1; word >= 0; ) {
    if (todo[word] === 0) {
      word--;
      continue;
    }
    const bit = 31 - clz32(todo[word]);
    todo[word] ^= 1 << bit;
    const from = dst + ((word << 5) + bit) * w;
    const closed = ((open[word] >>> bit) & 1) === 0;
    for (let k = 0; k < w; k++) {
      const more = m[from + k];
      todo[k] = closed ? todo[k] & ~more : todo[k] | (more & ~m[dst + row + k]);
      m[dst + row + k] |= more;
    }
    // A row that is not closed may have brought later events.
    if (!closed) word = w - 1;
  }
}

/**
 * Compares a relation with what it was, which stands in `old` from `at` on. Puts down the rows that differ as
 * the set `changes` of `m`, and makes `old` what the relation is.
 */
export function findChanges(
  m: Int32Array,
  relation: number,
  old: Int32Array,
  at: number,
  changes: number,
  n: number,
  w: number,
): void {
  if (w === 1) {
    let found = 0;
    for (let i = 0; i < n; i++) {
      const row = m[relation + i];
      if (row === old[at + i]) continue;
      old[at + i] = row;
      found |= 1 << i;
    }
    m[changes] = found;
    return;
  }
  for (let k = 0; k < w; k++) m[changes + k] = 0;
  for (let i = 0, row = 0; i < n; i++, row += w) {
    let differs = 0;
    for (let k = row; k < row + w; k++) differs |= m[relation + k] ^ old[at + k];
    if (differs === 0) continue;
    for (let k = row; k < row + w; k++) old[at + k] = m[relation + k];
    m[changes + (i >>> 5)] |= 1 << (i & 31);
  }
}

/** The same of a set, with its members that differ. */
export function findChangesOfSet(
  m: Int32Array,
  set: number,
  old: Int32Array,
  at: number,
  changes: number,
  w: number,
): void {
  for (let k = 0; k < w; k++) {
    m[changes + k] = m[set + k] ^ old[at + k];
    old[at + k] = m[set + k];
  }
}

/** Of the 32 rows that a word of a set stands for, how many there are. */
function rowsOfWord(n: number, word: number): number {
  return min(n - (word << 5), 32);
}

/** Rows `32 * word` to `32 * word + 31` of a relation that share an event with a set, as bits. */
function rowsThatMeet(
  m: Int32Array,
  relation: number,
  set: number,
  word: number,
  n: number,
  w: number,
): number {
  const rows = rowsOfWord(n, word);
  let found = 0;
  for (let i = 0, row = relation + (word << 5) * w; i < rows; i++, row += w) {
    let shared = 0;
    for (let k = 0; k < w; k++) shared |= m[row + k] & m[set + k];
    if (shared !== 0) found |= 1 << i;
  }
  return found;
}

function isClear(m: Int32Array, set: number, w: number): boolean {
  for (let k = 0; k < w; k++) if (m[set + k] !== 0) return false;
  return true;
}

/** Working sets and rows of `updateClosure`, kept between calls and replaced only by larger ones. */
let scratch: readonly [Int32Array, Int32Array, Int32Array] = [
  new Int32Array(2),
  new Int32Array(2),
  new Int32Array(128),
];

function scratchFor(n: number, w: number): typeof scratch {
  if (scratch[0].length < w || scratch[2].length < n * w)
    scratch = [new Int32Array(w), new Int32Array(w), new Int32Array(2 * n * w)];
  return scratch;
}
