// Taken once: looking a global up in an inner loop is slow where the engine has several realms, as under Jest.
const { clz32, imul } = Math;

/** Added to each integer before it is packed: machines use -1 for `none`. */
const BIAS = 1;

/**
 * A set of tuples of 32-bit integers, all of one width, numbered in the order in which they were added.
 *
 * A position of the tuple is kept in as many bits as the integers met there need: in none while there is only one. A field is the bits
 * of one position; fields follow one another in the words of the packed tuple, none across two words. An integer that does not
 * fit makes its field wider, and everything is packed anew: few times, as a field grows by a bit more than it must.
 *
 * Packed tuple `i` stands in the pool at `i * words`; `table` maps a hash to `number + 1` by open addressing, 0 for a free place, at
 * most half full.
 */
export class StateStore {
  /** What a position without bits holds; undefined before the first tuple. */
  private constants: Int32Array | undefined;
  private layout: Layout;
  private pool: Int32Array;
  private table: Int32Array;
  private packed: Int32Array;
  private count = 0;

  constructor(
    readonly width: number,
    capacity = 1024,
  ) {
    this.layout = layoutOf(new Uint8Array(width));
    this.packed = new Int32Array(this.layout.words);
    this.pool = new Int32Array(capacity * this.layout.words);
    this.table = new Int32Array(tableSize(capacity));
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
    this.fit(tuple);
    this.pack(tuple);
    const place = this.placeOf();
    const known = this.table[place];
    if (known > 0) return known - 1;
    const index = this.count++;
    const { words } = this.layout;
    if (this.count * words > this.pool.length) this.pool = grown(this.pool);
    for (let word = 0; word < words; word++) this.pool[index * words + word] = this.packed[word];
    this.table[place] = index + 1;
    if (this.count * 2 > this.table.length) this.rehash(this.table.length * 2);
    return ~index;
  }

  /** The tuple's number; -1 when it is not in the set. */
  find(tuple: Int32Array): number {
    this.fit(tuple);
    this.pack(tuple);
    return this.table[this.placeOf()] - 1;
  }

  /** Copies a tuple out. */
  read(index: number, into: Int32Array): void {
    const { fields, masks, places, shifts, words } = this.layout;
    if (this.constants) into.set(this.constants);
    const start = index * words;
    for (let field = 0; field < fields.length; field++) {
      const word = this.pool[start + places[field]];
      into[fields[field]] = ((word >>> shifts[field]) & masks[field]) - BIAS;
    }
  }

  // --- Packing ---

  /** Makes the fields wide enough for a tuple. */
  private fit(tuple: Int32Array): void {
    const { bits, fields, masks } = this.layout;
    if (!this.constants) this.constants = tuple.slice();
    let fits = true;
    for (let at = 0; at < this.width; at++) {
      if (bits[at] === 0 && tuple[at] !== this.constants[at]) fits = false;
    }
    for (let field = 0; field < fields.length; field++) {
      const code = tuple[fields[field]] + BIAS;
      if ((code & masks[field]) !== code) fits = false;
    }
    if (!fits) this.widen(tuple, this.constants);
  }

  private widen(tuple: Int32Array, constants: Int32Array): void {
    const bits = this.layout.bits.slice();
    for (let at = 0; at < this.width; at++) {
      if (bits[at] === 0 && tuple[at] === constants[at]) continue;
      const needed = Math.max(bitsOf(tuple[at]), bits[at] === 0 ? bitsOf(constants[at]) : 0);
      if (needed > bits[at]) bits[at] = Math.min(needed + (bits[at] === 0 ? 0 : 1), 32);
    }
    this.repack(layoutOf(bits));
  }

  private repack(layout: Layout): void {
    const old = new Int32Array(this.width);
    const pool = new Int32Array(tableSize(this.count) * layout.words);
    const packed = new Int32Array(layout.words);
    for (let index = 0; index < this.count; index++) {
      this.read(index, old);
      packInto(packed, old, layout);
      pool.set(packed, index * layout.words);
    }
    this.layout = layout;
    this.pool = pool;
    this.packed = packed;
    this.rehash(this.table.length);
  }

  private pack(tuple: Int32Array): void {
    packInto(this.packed, tuple, this.layout);
  }

  // --- The table ---

  /** The place in the table of the packed tuple, or the free one where it belongs. */
  private placeOf(): number {
    const { packed, pool, table } = this;
    const { words } = this.layout;
    const mask = table.length - 1;
    let place = hash(packed, 0, words) & mask;
    for (;;) {
      const known = table[place];
      if (known === 0 || equals(pool, (known - 1) * words, packed, words)) return place;
      place = (place + 1) & mask;
    }
  }

  private rehash(size: number): void {
    const table = new Int32Array(size);
    const { words } = this.layout;
    const mask = size - 1;
    for (let index = 0; index < this.count; index++) {
      let place = hash(this.pool, index * words, words) & mask;
      while (table[place] > 0) place = (place + 1) & mask;
      table[place] = index + 1;
    }
    this.table = table;
  }
}

/** Where the positions of a tuple stand in the packed one. */
interface Layout {
  /** By position. */
  readonly bits: Uint8Array;
  /** By field: the position, the word it stands in, and how; in order of positions. */
  readonly fields: Int32Array;
  readonly places: Int32Array;
  readonly shifts: Int32Array;
  readonly masks: Int32Array;
  /** Words of a packed tuple. */
  readonly words: number;
}

function layoutOf(bits: Uint8Array): Layout {
  const fields = Int32Array.from([...bits.keys()].filter((at) => bits[at] > 0));
  const places = new Int32Array(fields.length);
  const shifts = new Int32Array(fields.length);
  const masks = new Int32Array(fields.length);
  let word = 0;
  let used = 0;
  fields.forEach((at, field) => {
    if (used + bits[at] > 32) {
      word++;
      used = 0;
    }
    places[field] = word;
    shifts[field] = used;
    masks[field] = bits[at] === 32 ? -1 : (1 << bits[at]) - 1;
    used += bits[at];
  });
  return { bits, fields, places, shifts, masks, words: word + 1 };
}

/** Bits that a field needs to hold an integer. */
function bitsOf(value: number): number {
  return Math.max(32 - clz32(value + BIAS), 1);
}

function packInto(packed: Int32Array, tuple: Int32Array, layout: Layout): void {
  const { fields, places, shifts } = layout;
  packed.fill(0);
  for (let field = 0; field < fields.length; field++)
    packed[places[field]] |= (tuple[fields[field]] + BIAS) << shifts[field];
}

function equals(pool: Int32Array, start: number, packed: Int32Array, words: number): boolean {
  for (let word = 0; word < words; word++) if (pool[start + word] !== packed[word]) return false;
  return true;
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
function hash(words: Int32Array, start: number, count: number): number {
  let h = count;
  for (let word = start; word < start + count; word++) {
    let k = imul(words[word], 0xcc9e2d51);
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
