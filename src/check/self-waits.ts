import type { Span } from '../diagnostics.js';
import { UnboundedAddress, unfoldProgram } from '../execution/index.js';
import { lowerPrimitives } from '../kernel/index.js';
import type { LitmusTest } from '../litmus/index.js';
import type { CellId } from '../program/index.js';

/** A thread that waits for something of its own, and so for ever: the place where it waits, and where what it waits for began. */
export interface SelfWait {
  /** Its name. */
  readonly thread: string;
  readonly waitsFor: 'section' | 'lock';
  readonly wait: Span;
  readonly since: Span;
}

type Events = readonly { readonly tags: readonly string[]; readonly cell?: CellId; readonly span?: Span }[];

/**
 * Where threads of a C program wait for themselves, on some path: a grace period inside a read-side section of RCU, or of SRCU for the same
 * structure; a lock that is taken by who holds it. Paths are as the Linux-kernel model has them.
 */
export function selfWaitsOf(test: LitmusTest, unroll: number): SelfWait[] {
  if (test.program.dialect !== 'C') return [];
  const program = lowerPrimitives(test.program, { architecture: 'lkmm', era: '6.x' });
  const found = new Map<string, SelfWait>();
  try {
    const noCircles = () => new Set<CellId>();
    for (const { parts } of unfoldProgram(program, { unroll }, noCircles).cpus.flat()) {
      for (const { thread, events } of parts) {
        const { name } = program.threads[thread];
        for (const wait of waitsIn(events))
          found.set(`${name} ${wait.wait.start} ${wait.since.start}`, { thread: name, ...wait });
      }
    }
  } catch (error) {
    if (!(error instanceof UnboundedAddress)) throw error;
  }
  return [...found.values()];
}

/** What of one's own is waited for: by what begins it, ends it and waits for it, each a tag of an event. */
const kinds = [
  { waitsFor: 'section', begin: 'rcu-lock', end: 'rcu-unlock', wait: 'sync-rcu' },
  { waitsFor: 'section', begin: 'srcu-lock', end: 'srcu-unlock', wait: 'sync-srcu' },
  { waitsFor: 'lock', begin: 'LKW', end: 'UL', wait: 'LKW' },
] as const;

function waitsIn(events: Events): Omit<SelfWait, 'thread'>[] {
  return kinds.flatMap(({ waitsFor, begin, end, wait }) => {
    // By location, or for all together where there is none: what has begun and not ended.
    const open = new Map<CellId | undefined, (Span | undefined)[]>();
    return events.flatMap(({ tags, cell, span }) => {
      const began = open.get(cell) ?? [];
      const [since] = began;
      const waits = tags.includes(wait) && since && span ? [{ waitsFor, wait: span, since }] : [];
      if (tags.includes(begin)) open.set(cell, [...began, span]);
      if (tags.includes(end)) open.set(cell, began.slice(0, -1));
      return waits;
    });
  });
}
