import { heldAfter, inCircles, type Program, type Resource, type ThreadId } from '../program/index.js';
import type { Trace } from './trace.js';
import type { Wait } from './unfold.js';

/**
 * What threads can wait for, for ever, as far as the order tells in which each takes what it holds: from what is held at a wait to what
 * is waited for there, a way leads round. A CPU may hold what any of its handlers has taken, or what these interrupt.
 * @param all by thread: its paths, those too that come to no end
 * @param waits by thread: where it may have to wait
 */
export function deadlyIn(
  program: Program,
  all: readonly (readonly Trace[])[],
  waits: readonly (readonly Wait[])[],
): ReadonlySet<Resource> {
  if (waits.every(({ length }) => length === 0)) return new Set();
  const wanted = new Map<Resource, Set<Resource>>();
  for (const { id } of program.threads) {
    const beside = othersOn(program, id).flatMap((other) => everHeld(all[other]));
    for (const { waitsFor, held } of waits[id])
      for (const one of [...held, ...beside])
        wanted.set(one, (wanted.get(one) ?? new Set<Resource>()).add(waitsFor));
  }
  const resources = [...new Set([...wanted].flatMap(([held, wants]) => [held, ...wants]))];
  const circular = inCircles(
    resources.length,
    (one, other) => wanted.get(resources[one])?.has(resources[other]) === true,
  );
  const handedOn = new Set(all.flat().flatMap(endedForOthers));
  return new Set(resources.filter((one, index) => circular.has(index) && !handedOn.has(one)));
}

/** The other threads of a thread's CPU. */
function othersOn({ threads }: Program, thread: ThreadId): ThreadId[] {
  const cpu = (id: ThreadId) => threads[id].interrupt?.on ?? id;
  return threads.map(({ id }) => id).filter((id) => id !== thread && cpu(id) === cpu(thread));
}

/** All that a thread holds at some time. */
function everHeld(ways: readonly Trace[]): Resource[] {
  return ways.flatMap(({ events }) => events.flatMap(({ tags, cell }) => heldAfter([], tags, cell)));
}

/** Sections that a path ends, but has not begun: `srcu_up_read()` may end what another thread's `srcu_down_read()` has begun. */
function endedForOthers({ events }: Trace): Resource[] {
  let held: readonly Resource[] = [];
  return events.flatMap(({ tags, cell }) => {
    const before = held;
    held = heldAfter(held, tags, cell);
    return tags.includes('srcu-unlock') && held === before && cell !== undefined ? [cell] : [];
  });
}
