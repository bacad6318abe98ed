import type { Update } from './access-words.js';
import type { Cycle } from './cycle.js';
import { type Direction, isCommunication, isStep, type RelaxationEdge } from './edge.js';
import type { Vocabulary } from './relaxation-vocabulary.js';

/** An access of a cycle, and the step that it begins. */
export interface CycleAccess {
  readonly step: RelaxationEdge;
  readonly direction: Direction;
  readonly annotation?: string;
  /** Fences that an insertion has right in front of it. */
  readonly inserted: readonly string[];
  /** Set by {@link placed}: an index of {@link locationName}. */
  location: number;
  /** What it reads or writes; of the write of a read-modify-write, its operand. */
  value: number;
  /** What is in the location after it. */
  content: number;
  thread: number;
}

/** What a cycle comes to as a program: accesses in the order of the cycle, and by threads. */
export interface Program {
  readonly accesses: readonly CycleAccess[];
  readonly threads: readonly (readonly CycleAccess[])[];
  /** The communication that leaves each thread. */
  readonly communications: readonly string[];
  /** Writes of each location, in the order in which they take effect. */
  readonly writes: ReadonlyMap<number, readonly CycleAccess[]>;
}

export interface ProgramOptions {
  /** A cycle within one location is a test as well. */
  readonly oneLocation: boolean;
  /** A thread may end in front of where it began, in the order of communication. */
  readonly allowsBack: boolean;
}

/** What a location is called: x, y, z, a, b ... */
export function locationName(index: number): string {
  const letters = 'xyzabcdefghijklmnopqrstuvw';
  return letters[index] ?? `x${String(index - letters.length).padStart(2, '0')}`;
}

/**
 * Gives the accesses of a cycle locations, values and threads.
 * @returns the program, or the reason why there is none
 */
export function programOfCycle(
  cycle: Cycle,
  vocabulary: Vocabulary,
  options: ProgramOptions,
): Program | string {
  const accesses = accessesOf(cycle);
  const start = place(accesses);
  if (typeof start === 'string') return start;
  const trouble = unwritable(accesses, vocabulary);
  if (trouble) return trouble;
  if (!options.oneLocation && isOfOneLocation(accesses))
    return 'it is of one location; say --one-location where that is meant';
  giveValues(accesses, start, vocabulary);
  const threads = threadsFrom(accesses, start);
  if (typeof threads === 'string') return threads;
  if (!options.allowsBack && threads.some((thread) => goesBack(thread, vocabulary)))
    return 'a thread of it goes against communication';
  const communications = threads.map((thread) => communicationOf(accesses, accesses.indexOf(thread.at(-1)!)));
  if (communications.includes('')) return 'a read sees what the next one sees, and no write is beside them';
  return { accesses, threads, communications, writes: writesOf(accesses, start) };
}

function isOfOneLocation(accesses: readonly CycleAccess[]): boolean {
  return accesses.every(({ step }) => step.bare.same);
}

function accessesOf(cycle: Cycle): CycleAccess[] {
  // What stands behind the last step is in front of the first access.
  let inserted = insertionsOf(cycle.slice(cycle.findLastIndex(isStep) + 1));
  const accesses: CycleAccess[] = [];
  for (const edge of cycle.slice(0, cycle.findLastIndex(isStep) + 1)) {
    if (!isStep(edge)) inserted = [...inserted, edge.bare.what];
    else {
      const direction = edge.bare.source!;
      const annotation = edge.before === undefined ? {} : { annotation: edge.before };
      accesses.push({ step: edge, direction, ...annotation, inserted, ...UNPLACED });
      inserted = [];
    }
  }
  return accesses;
}

const UNPLACED = { location: 0, value: 0, content: 0, thread: 0 };

function insertionsOf(edges: readonly RelaxationEdge[]): readonly string[] {
  return edges.map(({ bare }) => bare.what);
}

/**
 * Gives locations: another one with each step that goes to another.
 * @returns where values are counted from, or the reason why there is no such place
 */
function place(accesses: readonly CycleAccess[]): number | string {
  const changes = accesses.filter(({ step }) => !step.bare.same).length;
  if (changes === 0) return startOfOne(accesses) ?? 'it has no communication';
  if (changes === 1) return 'it goes to another location once, and never back';
  if (changes === accesses.length) return 'it goes to another location with each step';
  const first = firstPlaced(accesses);
  let location = 0;
  for (let step = 0; step < accesses.length; step++) {
    const access = accessAt(accesses, first + step);
    access.location = location;
    if (!access.step.bare.same) location++;
  }
  return first;
}

function accessAt<T>(ring: readonly T[], index: number): T {
  return ring[((index % ring.length) + ring.length) % ring.length];
}

/**
 * Where the first access is that fulfils a condition: from a place on, forwards or backwards; the place
 * itself where there is none.
 */
function find(
  accesses: readonly CycleAccess[],
  from: number,
  direction: 1 | -1,
  is: (access: CycleAccess) => boolean,
): number {
  for (let count = 0; count < accesses.length; count++) {
    const index = from + count * direction;
    if (is(accessAt(accesses, index))) return ((index % accesses.length) + accesses.length) % accesses.length;
  }
  return from;
}

const isInternal = ({ step }: CycleAccess): boolean => !step.bare.external;
const isExternal = ({ step }: CycleAccess): boolean => step.bare.external;
const isLink = ({ step }: CycleAccess): boolean => isCommunication(step);

/** The first location is the one that is come to last before a thread is left for the head's. */
function firstPlaced(accesses: readonly CycleAccess[]): number {
  const left = find(accesses, 0, -1, accesses.some(isExternal) ? isExternal : isLink);
  const change = find(accesses, left, -1, ({ step }) => !step.bare.same);
  return find(accesses, change, 1, ({ step }) => step.bare.same);
}

/** Of one location: where communication begins, and a read if possible. */
function startOfOne(accesses: readonly CycleAccess[]): number | undefined {
  const isLinkOrUpdate = (access: CycleAccess): boolean =>
    isLink(access) || access.step.bare.kind === 'update';
  for (const is of [isLinkOrUpdate, isLink]) {
    const begins = accesses.map((access, index) => is(access) && !is(accessAt(accesses, index - 1)));
    const read = begins.findIndex((one, index) => one && accesses[index].direction === 'R');
    if (read >= 0) return read;
    if (begins.includes(true)) return begins.indexOf(true);
  }
  return undefined;
}

/** Why a dialect has no such accesses. */
function unwritable(accesses: readonly CycleAccess[], vocabulary: Vocabulary): string | undefined {
  const blind = new Set<string>();
  for (const [index, access] of accesses.entries()) {
    const [before, next] = [accessAt(accesses, index - 1), accessAt(accesses, index + 1)];
    const { bare } = access.step;
    const follows = before.step.bare;
    if (access.inserted.length > 0 && follows.external && ['Rf', 'Fr'].includes(follows.what))
      return `${access.inserted[0]} stands between ${follows.word} and the read or write that it ends at`;
    if (bare.kind === 'update') {
      const update = vocabulary.update(bare.what);
      const trouble = badUpdate(update, access, next, vocabulary);
      if (trouble) return trouble;
      const key = `${bare.what} ${access.location}`;
      if (update.blind && blind.has(key))
        return `${bare.what} twice of one location: nothing tells which was first`;
      if (update.blind) blind.add(key);
    } else if (follows.kind !== 'update' && !canBe(access, vocabulary)) {
      return `no ${access.direction === 'R' ? 'read' : 'write'} can be ${access.annotation}`;
    }
  }
  return undefined;
}

function badUpdate(
  update: Update,
  read: CycleAccess,
  write: CycleAccess,
  { dialect }: Vocabulary,
): string | undefined {
  if (dialect.allowsUpdate(update, read.annotation, write.annotation)) return undefined;
  return `${update.name} cannot read ${read.annotation ?? dialect.plain} and write ${write.annotation ?? dialect.plain}`;
}

function canBe({ annotation, direction }: CycleAccess, vocabulary: Vocabulary): boolean {
  return annotation === undefined || vocabulary.annotation(annotation).of.includes(direction);
}

/** Writes of a location count from 1, in the order of the cycle; reads see what is there. */
function giveValues(accesses: readonly CycleAccess[], start: number, vocabulary: Vocabulary): void {
  const contents = new Map<number, number>();
  const counts = new Map<number, number>();
  for (let step = 0; step < accesses.length; step++) {
    const [access, before] = [accessAt(accesses, start + step), accessAt(accesses, start + step - 1)];
    const { location } = access;
    const found = contents.get(location) ?? 0;
    const count = (counts.get(location) ?? 0) + Number(access.direction === 'W');
    access.value = access.direction === 'R' ? found : count;
    access.content = access.direction === 'R' ? found : written(access, before, found, vocabulary);
    contents.set(location, access.content);
    counts.set(location, count);
  }
}

function written(
  { value }: CycleAccess,
  { step }: CycleAccess,
  found: number,
  vocabulary: Vocabulary,
): number {
  if (step.bare.kind !== 'update') return value;
  const { computes } = vocabulary.update(step.bare.what);
  if (computes === 'add') return found + value;
  if (computes === 'or') return found | value;
  if (computes === 'xor') return found ^ value;
  return computes === 'clear' ? found & ~value : value;
}

/** Threads, beginning with the one of the start where that is the first access of one. */
function threadsFrom(accesses: readonly CycleAccess[], start: number): CycleAccess[][] | string {
  const external = accesses.filter(isExternal).length;
  if (external === 1) return 'it leaves a thread once, and never comes back';
  const first = firstOfThread(accesses, start);
  const threads: CycleAccess[][] = [[]];
  for (let step = 0; step < accesses.length; step++) {
    const access = accessAt(accesses, first + step);
    access.thread = threads.length - 1;
    threads.at(-1)!.push(access);
    if (isExternal(access) && step < accesses.length - 1) threads.push([]);
  }
  return threads;
}

function firstOfThread(accesses: readonly CycleAccess[], start: number): number {
  if (isExternal(accessAt(accesses, start - 1))) return start;
  if (!accesses.some(isExternal)) return find(accesses, start, 1, isLink) + 1;
  return find(accesses, find(accesses, start, 1, isExternal), 1, isInternal);
}

/**
 * A thread ends at the location where it began, and with what was there before. With the same value, diy7
 * takes a write to be before a read, and an access without annotation before one with.
 */
function goesBack(thread: readonly CycleAccess[], vocabulary: Vocabulary): boolean {
  const [first, last] = [thread[0], thread.at(-1)!];
  if (first === last || first.inserted.length > 0 || first.location !== last.location) return false;
  const [end, start] = [placeInOrder(last, vocabulary), placeInOrder(first, vocabulary)];
  const differs = end.findIndex((one, index) => one !== start[index]);
  return differs >= 0 && end[differs] < start[differs];
}

function placeInOrder({ value, direction, annotation, step }: CycleAccess, vocabulary: Vocabulary): number[] {
  const rank = annotation === undefined ? -1 : vocabulary.annotation(annotation).rank;
  return [value, Number(direction === 'R'), rank, Number(step.bare.kind === 'update')];
}

/**
 * The communication that a thread ends with: of a hat, the one that it is part of; empty where it is part of
 * none.
 */
function communicationOf(accesses: readonly CycleAccess[], last: number): string {
  const { step } = accesses[last];
  if (step.bare.kind !== 'hat') return step.bare.what;
  const [before, after] = [hasWrite(accesses, last, -1), hasWrite(accesses, last + 1, 1)];
  if (before) return after ? 'Co' : 'Rf';
  return after ? 'Fr' : '';
}

/** A write is among the accesses of this location before or after. */
function hasWrite(accesses: readonly CycleAccess[], from: number, direction: 1 | -1): boolean {
  const { location } = accessAt(accesses, from);
  for (let count = 0; count < accesses.length; count++) {
    const access = accessAt(accesses, from + count * direction);
    if (access.location !== location) return false;
    if (access.direction === 'W') return true;
  }
  return false;
}

function writesOf(accesses: readonly CycleAccess[], start: number): Map<number, CycleAccess[]> {
  const writes = new Map<number, CycleAccess[]>();
  for (let step = 0; step < accesses.length; step++) {
    const access = accessAt(accesses, start + step);
    if (access.direction !== 'W') continue;
    writes.set(access.location, [...(writes.get(access.location) ?? []), access]);
  }
  return writes;
}
