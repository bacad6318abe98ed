import { tick } from '../limits.js';
import type { Alphabet } from './alphabet.js';
import { Relevance } from './relevance.js';
import { type ThreadShape, threadShapes } from './thread-shape.js';

/** A program: threads, and for each of their accesses the number of its location. */
export interface ProgramShape {
  readonly threads: readonly ThreadShape[];
  readonly locations: readonly (readonly number[])[];
}

/**
 * All programs of so many accesses, each once up to the order of its threads and the names of its locations,
 * those with the fewest fences, dependencies and annotations first. A read-modify-write is two accesses.
 *
 * Left out is what cannot matter where models order what CPUs do by communication and program order: a
 * program in two parts that have no location in common (either part is a smaller program), an access to a
 * location that nothing else is of, unless something waits for it, it waits for something, or it is
 * annotated; a branch on a value that its location never has; a fence, dependency or annotation without an
 * access that other threads have to do with on either side of it.
 */
export function* programShapes(alphabet: Alphabet, size: number): Generator<ProgramShape> {
  const bare = { ...alphabet, annotations: [], fences: [], dependencies: [], updates: [] };
  const shapes = Array.from({ length: size }, (_, index) =>
    // Alone, a thread has nobody to be seen by.
    threadShapes(index + 1 < size ? alphabet : bare, index + 1, size - 1),
  );
  const placed = shapes.flat().map((shape, place) => ({ shape, place }));
  const heaviest = size * Math.max(...placed.map(({ shape }) => shape.weight));
  for (let weight = 0; weight <= heaviest; weight++)
    for (const threads of combinations(placed, { size, weight, place: placed.length }))
      yield* withLocations(threads);
}

interface PlacedShape {
  readonly shape: ThreadShape;
  readonly place: number;
}

/** What is still to be used up, and the last place that may be taken from. */
interface Rest {
  readonly size: number;
  readonly weight: number;
  readonly place: number;
}

/** Threads of so many accesses and so much weight in all, in the falling order of their places. */
function* combinations(all: readonly PlacedShape[], rest: Rest): Generator<ThreadShape[]> {
  if (rest.size === 0) {
    if (rest.weight === 0) yield [];
    return;
  }
  for (const { shape, place } of all) {
    if (place > rest.place) return;
    const size = rest.size - shape.accesses.length;
    const weight = rest.weight - shape.weight;
    if (size < 0 || weight < 0) continue;
    for (const others of combinations(all, { size, weight, place })) yield [shape, ...others];
  }
}

/** All ways to give locations to the accesses of threads. */
function* withLocations(threads: readonly ThreadShape[]): Generator<ProgramShape> {
  const flat = threads.flatMap(({ accesses }) => accesses);
  const orders = symmetries(threads);
  const relevance = new Relevance(threads);
  for (const assigned of partitions(flat.map((_, index) => flat[index - 1]?.update !== undefined))) {
    tick();
    if (!relevance.of(assigned)) continue;
    const program = { threads, locations: cut(assigned, threads) };
    if (isFirst(program, orders)) yield program;
  }
}

function cut(assigned: readonly number[], threads: readonly ThreadShape[]): number[][] {
  let start = 0;
  return threads.map(({ accesses }) => {
    const own = assigned.slice(start, start + accesses.length);
    start += accesses.length;
    return own;
  });
}

/**
 * All partitions of so many accesses, each as the numbers of their parts in the order in which they come.
 * @param isTied whether an access is in the part of the one before it
 */
function* partitions(isTied: readonly boolean[], before: readonly number[] = []): Generator<number[]> {
  if (before.length === isTied.length) {
    yield [...before];
    return;
  }
  if (isTied[before.length]) {
    yield* partitions(isTied, [...before, before.at(-1)!]);
    return;
  }
  const count = Math.max(-1, ...before) + 1;
  for (let part = 0; part <= count; part++) yield* partitions(isTied, [...before, part]);
}

/** The orders of threads that leave their shapes where they are. */
function symmetries(threads: readonly ThreadShape[]): number[][] {
  const places = threads.map(({ key }) =>
    threads.flatMap((other, index) => (other.key === key ? [index] : [])),
  );
  const orders = (index: number, taken: readonly number[]): number[][] =>
    index === threads.length
      ? [[...taken]]
      : places[index]
          .filter((place) => !taken.includes(place))
          .flatMap((place) => orders(index + 1, [...taken, place]));
  return orders(0, []);
}

/** Locations as text, named in the order in which they come. */
function named(locations: readonly (readonly number[])[], order: readonly number[]): string {
  const names = new Map<number, number>();
  const nameOf = (location: number): number => {
    const name = names.get(location) ?? names.size;
    names.set(location, name);
    return name;
  };
  return order.map((thread) => locations[thread].map(nameOf).join(',')).join(' ');
}

/** Of the programs that differ in the order of threads, this one is kept. */
function isFirst(program: ProgramShape, orders: readonly (readonly number[])[]): boolean {
  if (asksForWriters(program)) return true;
  const own = named(program.locations, orders[0]);
  return orders.every((order) => named(program.locations, order) >= own);
}

/** A branch asks for the value of one of several writes: values are counted in the order of threads. */
function asksForWriters({ threads, locations }: ProgramShape): boolean {
  const written = threads.flatMap(({ accesses }, thread) =>
    accesses.flatMap(({ direction }, index) => (direction === 'W' ? [locations[thread][index]] : [])),
  );
  return threads.some(({ accesses }, thread) =>
    accesses.some(({ wait }) => {
      const asked = (wait?.taken ?? 0) > 0 ? locations[thread][wait!.read] : undefined;
      return written.filter((location) => location === asked).length > 1;
    }),
  );
}

/** The same for programs that differ in the order of threads and the names of locations. */
export function programKey({ threads, locations }: ProgramShape): string {
  const order = threads.map((_, index) => index);
  order.sort((a, b) => (threads[a].key < threads[b].key ? -1 : threads[a].key > threads[b].key ? 1 : a - b));
  const sorted = order.map((index) => threads[index]);
  const places = order.map((index) => locations[index]);
  const [key] = symmetries(sorted)
    .map((way) => named(places, way))
    .sort();
  return `${sorted.map((thread) => thread.key).join(' ; ')} : ${key}`;
}
