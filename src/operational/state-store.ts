// Taken once: looking a global up in an inner loop is slow where the engine has several realms, as under Jest.
const { imul } = Math;

/**
 * A set of tuples of 32-bit integers, all of one width, numbered in the order in which they were added. Tuple `i` stands in the pool at
 * `i * width`; `table` maps a hash to tuple numbers by open addressing, -1 for a free place, at most half full.
 */
export class StateStore {
  private pool: Int32Array;
  private table: Int32Array;
  private count = 0;

  constructor(
    readonly width: number,
    capacity = 1024,
  ) {
    this.pool = new Int32Array(capacity * Math.max(width, 1));
    this.table = new Int32Array(tableSize(capacity)).fill(-1);
  }

  get size(): number {
    return this.count;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.pool.byteLength + this.table.byteLength;
  }

  /** The tuple's number; as `~number` (negative) when it is new. */
  add(tuple: Int32Array): number {
    const { width, table } = this;
    const mask = table.length - 1;
    let place = hash(tuple, width) & mask;
    for (;;) {
      const index = table[place];
      if (index < 0) break;
      if (this.equals(index, tuple)) return index;
      place = (place + 1) & mask;
    }
    const index = this.count++;
    if (this.count * width > this.pool.length) this.pool = grown(this.pool);
    this.pool.set(tuple, index * width);
    table[place] = index;
    if (this.count * 2 > table.length) this.rehash();
    return ~index;
  }

  /** Copies a tuple out. */
  read(index: number, into: Int32Array): void {
    const { pool, width } = this;
    const start = index * width;
    for (let word = 0; word < width; word++) into[word] = pool[start + word];
  }

  private equals(index: number, tuple: Int32Array): boolean {
    const { pool, width } = this;
    const start = index * width;
    for (let word = 0; word < width; word++) if (pool[start + word] !== tuple[word]) return false;
    return true;
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 2).fill(-1);
    const mask = table.length - 1;
    const tuple = new Int32Array(this.width);
    for (let index = 0; index < this.count; index++) {
      this.read(index, tuple);
      let place = hash(tuple, this.width) & mask;
      while (table[place] >= 0) place = (place + 1) & mask;
      table[place] = index;
    }
    this.table = table;
  }
}

/** A power of two, at least twice the number of tuples. */
function tableSize(capacity: number): number {
  let size = 16;
  while (size < capacity * 2) size *= 2;
  return size;
}

function grown(pool: Int32Array): Int32Array {
  const larger = new Int32Array(pool.length * 2);
  larger.set(pool);
  return larger;
}

/** Mixes each word as MurmurHash3 does. */
function hash(tuple: Int32Array, width: number): number {
  let h = width;
  for (let word = 0; word < width; word++) {
    let k = imul(tuple[word], 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= h >>> 16;
  h = imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
