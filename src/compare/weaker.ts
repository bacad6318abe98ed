import { type ProgramShape, programKey } from './program-shape.js';
import { type ShapeAccess, type ThreadShape, threadShape } from './thread-shape.js';

/** Programs of which none is had from another of them by taking something away. */
export class MinimalPrograms {
  /** Keys of all programs that were added, the minimal ones and the others. */
  private readonly keys = new Set<string>();
  private minimal = 0;

  /** How many minimal ones there are. */
  get count(): number {
    return this.minimal;
  }

  /**
   * Adds a program; those that it could be less minimal than have to be added before.
   * @returns whether it is minimal
   */
  add(program: ProgramShape): boolean {
    const isMinimal = !weakerPrograms(program).some((one) => this.keys.has(programKey(one)));
    this.keys.add(programKey(program));
    if (isMinimal) this.minimal++;
    return isMinimal;
  }
}

/** All programs that have one thing less: a fence, a dependency, an annotation, an access. */
function weakerPrograms(program: ProgramShape): ProgramShape[] {
  return program.threads.flatMap(({ accesses }, thread) =>
    accesses.flatMap((_, index) => [
      ...weakerAccesses(accesses, index).map((weaker) => withThread(program, thread, weaker)),
      without(program, thread, index),
    ]),
  );
}

function weakerAccesses(accesses: readonly ShapeAccess[], index: number): ShapeAccess[][] {
  const { annotation, fence, wait, update, ...bare } = accesses[index];
  const all = { annotation, fence, wait, update };
  const said = Object.entries(all).filter(([, value]) => value !== undefined);
  return said.map(([left]) => {
    const kept = Object.fromEntries(said.filter(([name]) => name !== left));
    return accesses.map((access, place) => (place === index ? { ...bare, ...kept } : access));
  });
}

function withThread(
  { threads, locations }: ProgramShape,
  thread: number,
  accesses: readonly ShapeAccess[],
): ProgramShape {
  return {
    threads: threads.map((one, index) => (index === thread ? threadShape(accesses) : one)),
    locations,
  };
}

/** Without an access. What waits for it waits no more; the other half of a read-modify-write is an access. */
function without({ threads, locations }: ProgramShape, thread: number, index: number): ProgramShape {
  const { accesses } = threads[thread];
  const kept = accesses.flatMap((access, place) => {
    if (place === index) return [];
    const { wait, update, ...rest } = access;
    const isHalf = update !== undefined && place + 1 === index;
    return [
      {
        ...rest,
        ...(update !== undefined && !isHalf && { update }),
        ...(wait &&
          wait.read !== index && { wait: { ...wait, read: wait.read - Number(wait.read > index) } }),
      },
    ];
  });
  const isGone = kept.length === 0;
  const rest = <T>(all: readonly T[], changed: T): T[] =>
    all.flatMap((one, place) => (place !== thread ? [one] : isGone ? [] : [changed]));
  return {
    threads: rest<ThreadShape>(threads, threadShape(first(kept))),
    locations: rest<readonly number[]>(
      locations,
      locations[thread].filter((_, place) => place !== index),
    ),
  };
}

/** The first access of a thread has no fence in front of it. */
function first(accesses: readonly ShapeAccess[]): ShapeAccess[] {
  return accesses.map((access, index) => {
    const { fence, ...rest } = access;
    return index === 0 ? rest : access;
  });
}
