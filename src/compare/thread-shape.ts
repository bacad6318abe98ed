import type { Direction } from '../generate/edge.js';
import type { Alphabet } from './alphabet.js';

/** What an access waits for: a read of its thread, by its place. */
export interface ShapeWait {
  readonly read: number;
  readonly dependency: string;
  /** Of a branch: the value that leads to the access; undefined where both ways do. */
  readonly taken?: number;
}

/** An access of a thread, and what stands in front of it. Which location it is of is another matter. */
export interface ShapeAccess {
  readonly direction: Direction;
  readonly annotation?: string;
  readonly fence?: string;
  readonly wait?: ShapeWait;
  /** It is the read of this read-modify-write, and the next access is its write. */
  readonly update?: string;
}

/** The accesses of a thread, in program order. */
export interface ThreadShape {
  readonly accesses: readonly ShapeAccess[];
  /** The same for the same accesses. */
  readonly key: string;
  /** How many things are in it besides plain accesses. */
  readonly weight: number;
}

/** A thread of accesses. */
export function threadShape(accesses: readonly ShapeAccess[]): ThreadShape {
  return { accesses, key: accesses.map(keyOf).join(' '), weight: accesses.reduce(added, 0) };
}

function keyOf({ direction, annotation = '', fence = '', wait, update = '' }: ShapeAccess): string {
  const waits = wait ? `${wait.dependency}${wait.read}=${wait.taken ?? ''}` : '';
  return `${fence}|${waits}|${direction}${annotation}|${update}`;
}

function added(sum: number, { annotation, fence, wait, update }: ShapeAccess): number {
  return sum + [annotation, fence, wait, update].filter((one) => one !== undefined).length;
}

/**
 * All threads of so many accesses.
 * @param greatest the greatest value that a location can have
 */
export function threadShapes(alphabet: Alphabet, length: number, greatest: number): ThreadShape[] {
  let partial: ShapeAccess[][] = [[]];
  for (let done = 0; done < length; done++)
    partial = partial.flatMap((before) =>
      nexts(before, alphabet, length, greatest).map((next) => [...before, next]),
    );
  return partial.map(threadShape);
}

function nexts(
  before: readonly ShapeAccess[],
  alphabet: Alphabet,
  length: number,
  greatest: number,
): ShapeAccess[] {
  const last = before.at(-1);
  if (last?.update !== undefined) return writesOfUpdate(last, alphabet);
  const kinds = accessKinds(alphabet, before.length + 1 < length);
  const fences = before.length === 0 ? [undefined] : [undefined, ...alphabet.fences];
  return kinds.flatMap((kind) =>
    [undefined, ...waits(before, kind, alphabet, greatest)].flatMap((wait) =>
      fences.map((fence) => ({ ...kind, ...(fence && { fence }), ...(wait && { wait }) })),
    ),
  );
}

function accessKinds({ annotations, updates, allowsUpdate }: Alphabet, hasNext: boolean): ShapeAccess[] {
  const single = (['R', 'W'] as const).flatMap((direction) => [
    { direction },
    ...annotations
      .filter((one) => one.of.includes(direction))
      .map(({ name }) => ({ direction, annotation: name })),
  ]);
  if (!hasNext) return single;
  const reads = single.filter(({ direction }) => direction === 'R');
  const writes = single.filter(({ direction }) => direction === 'W');
  const first = updates.flatMap((update) =>
    reads
      .filter((read) => writes.some((write) => allowsUpdate(update, annotationOf(read), annotationOf(write))))
      .map((read) => ({ ...read, update: update.name })),
  );
  return [...single, ...first];
}

function annotationOf({ annotation }: ShapeAccess): string | undefined {
  return annotation;
}

function writesOfUpdate({ update, annotation }: ShapeAccess, alphabet: Alphabet): ShapeAccess[] {
  const kind = alphabet.updates.find(({ name }) => name === update)!;
  return accessKinds(alphabet, false).filter(
    (one) => one.direction === 'W' && alphabet.allowsUpdate(kind, annotation, one.annotation),
  );
}

/** The reads that an access may wait for, and how. */
function waits(
  before: readonly ShapeAccess[],
  { direction, update }: ShapeAccess,
  { dependencies, branches }: Alphabet,
  greatest: number,
): ShapeWait[] {
  const reads = before.flatMap((access, index) => (access.direction === 'R' ? [index] : []));
  return dependencies.flatMap(({ name, carrier }) => {
    if (carrier === 'data' && (direction === 'R' || update !== undefined)) return [];
    const values = carrier === 'control' ? valuesOf(branches, greatest) : [undefined];
    return reads.flatMap((read) =>
      values.map((taken) => ({ read, dependency: name, ...(taken !== undefined && { taken }) })),
    );
  });
}

function valuesOf(branches: Alphabet['branches'], greatest: number): (number | undefined)[] {
  if (branches === 'always') return [undefined];
  return branches === 'zero-or-not' ? [0, 1] : Array.from({ length: greatest + 1 }, (_, value) => value);
}
