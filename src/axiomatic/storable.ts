import { UNDEFINED, UNKNOWN, type ValueId } from '../program/index.js';
import type { GraphValues } from './graph-values.js';
import type { Variables } from './variables.js';

/** Values with the writes that they come from; past so many, nothing is said. */
const LIMIT = 20_000;
/** Writes whose values are not constants; past so many, nothing is said. */
const MOST_WRITES = 30;

/** A value that a write may store, and the writes that it came from on the way, as bits. */
interface Way {
  readonly write: number;
  readonly value: ValueId;
  readonly through: number;
}

/**
 * By write, the values that it can store in any execution without circular values: what comes from constants through reads and writes, each
 * write at most once on the way. Undefined for a write of which nothing is known.
 */
export function storableValues(
  writes: readonly number[],
  values: GraphValues,
  variables: Variables,
): (ReadonlySet<number> | undefined)[] {
  const result: (Set<number> | undefined)[] = [];
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
  if (known.length > MOST_WRITES) return result;
  /** By source: the writes that may store what comes of it. */
  const readers = new Map<number, number[]>();
  for (const write of known) {
    for (const source of sources(write)) readers.set(source, [...(readers.get(source) ?? []), write]);
  }
  const bit = new Map(known.map((write, index) => [write, 1 << index]));
  const seen = new Map(known.map((write) => [write, new Set<string>()]));
  const todo: Way[] = writes
    .filter((write) => values.of[write] !== UNKNOWN && !bit.has(write))
    .map((write) => ({ write, value: values.of[write] as ValueId, through: 0 }));
  let ways = 0;
  for (let way = todo.pop(); way; way = todo.pop()) {
    for (const write of readers.get(way.write) ?? []) {
      const own = bit.get(write) as number;
      if ((way.through & own) !== 0) continue;
      const read = values.readsOfWrite(write)[0];
      if (!values.admits(read, way.value)) continue;
      const value = values.storedWhen(write, way.value);
      if (value === UNDEFINED) return [];
      const through = way.through | own;
      const met = seen.get(write) as Set<string>;
      const key = `${value},${through}`;
      if (met.has(key)) continue;
      if (++ways > LIMIT) return [];
      met.add(key);
      todo.push({ write, value, through });
    }
  }
  for (const write of known) {
    result[write] = new Set([...(seen.get(write) as Set<string>)].map((key) => Number.parseInt(key, 10)));
  }
  return result;
}
