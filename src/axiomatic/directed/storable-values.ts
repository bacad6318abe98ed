import { UNKNOWN, type ValueId } from '../../program/index.js';
import type { EventValues } from '../candidate/event-values.js';
import type { Variables } from './variables.js';

/** Ways to look at; past so many, nothing is said. */
const LIMIT = 20_000;
/** Writes that are told apart on a way, as bits of a number. */
const MOST_WRITES = 30;

/** A value that a write may store, and the writes that it came from on the way, as bits. */
interface Way {
  readonly write: number;
  readonly value: ValueId;
  readonly through: number;
  /** How many there are of them. */
  readonly length: number;
}

/**
 * By write, the values that it can store in any execution without circular values, and perhaps others: what
 * comes from constants through reads and writes, each write at most once on the way. Undefined for a write of
 * which nothing is known.
 */
export function storableValues(
  writes: readonly number[],
  values: EventValues,
  variables: Variables,
  mostPaths = LIMIT,
): (ReadonlySet<number> | undefined)[] {
  const result: (ReadonlySet<number> | undefined)[] = [];
  const computed = writes.filter((write) => values.readsOfWrite(write).length > 0);
  // A write of several reads, and what comes from it, may be anything.
  const open = new Set(computed.filter((write) => values.readsOfWrite(write).length > 1));
  const sources = (write: number) => variables.sourcesOf(values.readsOfWrite(write)[0]);
  for (let grew = true; grew; ) {
    const size = open.size;
    for (const write of computed)
      if (!open.has(write) && sources(write).some((s) => open.has(s))) open.add(write);
    grew = open.size > size;
  }
  const known = computed.filter((write) => !open.has(write));
  /** By source: the writes that may store what comes of it. */
  const readers = new Map<number, number[]>();
  for (const write of known) {
    for (const source of sources(write)) readers.set(source, [...(readers.get(source) ?? []), write]);
  }
  const start: Way[] = writes
    .filter((write) => values.of[write] !== UNKNOWN && !known.includes(write))
    .map((write) => ({ write, value: values.of[write] as ValueId, through: 0, length: 0 }));
  const follow = (way: Way, write: number): ValueId | undefined => {
    const read = values.readsOfWrite(write)[0];
    return values.admits(read, way.value) ? values.storedWhen(write, way.value) : undefined;
  };
  const search = { start, readers, known, follow };
  const found = alongPaths(search, mostPaths) ?? alongWalks(search);
  for (const [write, stored] of found ?? []) result[write] = stored;
  return result;
}

type Found = ReadonlyMap<number, ReadonlySet<ValueId>>;

interface Search {
  /** Constants, and the writes that store them. */
  readonly start: readonly Way[];
  /** By source: the writes that may store what comes of it. */
  readonly readers: ReadonlyMap<number, readonly number[]>;
  readonly known: readonly number[];
  /** What a write stores when it comes of a way; undefined when it cannot. */
  follow(way: Way, write: number): ValueId | undefined;
}

/** Each write at most once on the way. Undefined when nothing can be said, or there are too many ways. */
function alongPaths({ start, readers, known, follow }: Search, most: number): Found | undefined {
  if (known.length > MOST_WRITES) return undefined;
  const found = new Map(known.map((write) => [write, new Set<ValueId>()]));
  const bit = new Map(known.map((write, index) => [write, 1 << index]));
  const seen = new Set<string>();
  const todo = [...start];
  for (let way = todo.pop(); way; way = todo.pop()) {
    for (const write of readers.get(way.write) ?? []) {
      const own = bit.get(write) as number;
      if ((way.through & own) !== 0) continue;
      const value = follow(way, write);
      if (value === undefined) continue;
      const through = way.through | own;
      const key = `${write},${value},${through}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > most) return undefined;
      found.get(write)?.add(value);
      todo.push({ write, value, through, length: 0 });
    }
  }
  return found;
}

/**
 * No more writes on the way than there are: each may come up again. More values than along paths, and far
 * fewer ways to look at.
 */
function alongWalks({ start, readers, known, follow }: Search): Found | undefined {
  const found = new Map(known.map((write) => [write, new Set<ValueId>()]));
  let ways = 0;
  // First in, first out: a value is met first by a shortest way, from which any other could be continued.
  const todo = [...start];
  for (const way of todo) {
    if (way.length === known.length) break;
    for (const write of readers.get(way.write) ?? []) {
      const value = follow(way, write);
      if (value === undefined) continue;
      if (++ways > LIMIT) return undefined;
      const met = found.get(write) as Set<ValueId>;
      if (met.has(value)) continue;
      met.add(value);
      todo.push({ write, value, through: 0, length: way.length + 1 });
    }
  }
  return found;
}
