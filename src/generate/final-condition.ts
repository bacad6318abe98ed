import { type CycleAccess, locationName, type Program } from './cycle-program.js';
import type { Vocabulary } from './relaxation-vocabulary.js';

/**
 * What tells the order of the writes of a location; diy7's `-obs`. The last value tells it of two writes; of
 * more, `avoid` refuses, `accept` has a thread read them all, `local` has each thread that a write is
 * overtaken in read on, `force` is `accept` for two writes as well, and `three`, `four` and `infinity` are
 * content with the last value of so many.
 */
export const observations = ['avoid', 'accept', 'force', 'local', 'three', 'four', 'infinity'] as const;
/** One of `observations`. */
export type Observation = (typeof observations)[number];

/** A place at the end of a test, and the value that it has to have there. */
export interface Claim {
  readonly place: string;
  readonly value: number;
}

/**
 * What a cycle's condition asks of its locations, and which of them a thread is to read for it, with the
 * values it is to see.
 */
export interface Observed {
  readonly claims: readonly Claim[];
  readonly threads: readonly { readonly location: number; readonly values: readonly number[] }[];
}

/**
 * How the order of writes is seen.
 * @returns the reason, where it is not
 */
export function observed(program: Program, vocabulary: Vocabulary, how: Observation): Observed | string {
  const claims: Claim[] = [];
  const threads: { location: number; values: readonly number[] }[] = [];
  for (const [location, writes] of [...program.writes].sort(([a], [b]) =>
    locationName(a) < locationName(b) ? -1 : 1,
  )) {
    const last: Claim = { place: `[${locationName(location)}]`, value: writes.at(-1)!.content };
    const way = wayOf(writes.length, how);
    if (way === undefined) return tooMany(location, writes.length, how);
    if (way === 'thread') threads.push({ location, values: writes.map(({ content }) => content) });
    if (way === 'last' || isAtomic(program, location, vocabulary)) claims.push(last);
  }
  return { claims, threads };
}

function wayOf(writes: number, how: Observation): 'last' | 'thread' | 'none' | undefined {
  if (writes === 1 || how === 'local') return 'none';
  if (writes === 2 && how !== 'force') return 'last';
  if (how === 'accept' || how === 'force') return 'thread';
  const limit = { avoid: 2, three: 3, four: 4, infinity: Number.POSITIVE_INFINITY }[how];
  return writes <= limit ? 'last' : undefined;
}

function tooMany(location: number, writes: number, how: Observation): string {
  const place = locationName(location);
  return `${place} is written ${writes} times, and nothing tells in which order (observers ${how}); say --observers accept, local or infinity`;
}

function isAtomic({ accesses }: Program, location: number, vocabulary: Vocabulary): boolean {
  return accesses.some(
    (access) =>
      access.location === location &&
      access.annotation !== undefined &&
      vocabulary.annotation(access.annotation).isFinal === true,
  );
}

/** A value that a thread is to read at its end, to see what overtook its last write or read. */
export function localObservation(thread: readonly CycleAccess[], next: CycleAccess): number | undefined {
  const { step, direction, value } = thread.at(-1)!;
  const { kind, external, what } = step.bare;
  if (kind !== 'communication' || !external || what === 'Rf') return undefined;
  return direction === 'R' && value === 0 ? undefined : next.value;
}

/**
 * A condition asks for what an access has left in a register, where communication or an order within a
 * location is beside it.
 */
export function isShown(
  access: CycleAccess,
  before: CycleAccess,
  program: Program,
  vocabulary: Vocabulary,
): boolean {
  if (!program.writes.has(access.location)) return false;
  return [before.step, access.step].some(({ bare }) => {
    if (bare.kind === 'communication' || bare.kind === 'hat') return true;
    return bare.kind === 'update' ? vocabulary.update(bare.what).shown : bare.same;
  });
}
