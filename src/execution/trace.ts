import type { Span } from '../diagnostics.js';
import type { CellId, Fault, Resource, Tag, ThreadId, Value } from '../program/index.js';
import { readAt, readsOf, type Symbolic } from '../program/index.js';
import type { Effects } from './decisions.js';

export type EventKind = 'read' | 'write' | 'fence';

/** One event of a trace. Reads and writes have a location already; values may still depend on the trace's reads. */
export interface TraceEvent {
  readonly kind: EventKind;
  /** The thread whose code made it: the handler, for an event of an interrupt handler. */
  readonly thread: ThreadId;
  /** Of a read or write; absent where it may be any. */
  readonly cell?: CellId;
  /** What a write stores; what a read returns is `readAt` its own index. */
  readonly value?: Symbolic;
  readonly tags: readonly Tag[];
  /** Reads of the trace, by index, that this event depends on through its address, its value, or a branch before it. */
  readonly addr: readonly number[];
  readonly data: readonly number[];
  readonly ctrl: readonly number[];
  /** Reads that chose, through branches that are over, what its address, its value or a branch before it comes from. */
  readonly choice: readonly number[];
  /** Part of an atomic read-modify-write, or a load-locked or successful store-conditional. */
  readonly atomic?: 'rmw' | 'locked';
  /** On the write of an atomic pair: the index of its read. */
  readonly rmwRead?: number;
  /** On a store-conditional that stores outside the block that its load-locked, `rmwRead`, locked: the two are no atomic pair. */
  readonly unpaired?: true;
  /**
   * On a write in assembly: the index of the read that the same instruction makes. As in herd7, po orders instructions, and
   * has not this pair.
   */
  readonly besideRead?: number;
  /**
   * On a fence: it stands for what the thread cannot do. No event behind it has one: what a thread does after that says nothing of the
   * program. It is no fault either if a read before it has returned junk.
   */
  readonly fault?: Fault;
  /** On a fence, the last that a thread comes to: it waits for this, perhaps for ever. */
  readonly waitsFor?: Resource;
  readonly span?: Span;
}

/**
 * A trace is possible only if `value` is true (`truth`), false (`!truth`), equal to `equals`, or has this fault, or `none`, when it is computed
 * (`faultIn`). `at`: how many events of the trace come before.
 */
export type PathConstraint = { readonly value: Symbolic; readonly at: number } & (
  | { readonly truth: boolean; readonly equals?: undefined; readonly fault?: undefined }
  | { readonly equals: Value; readonly fault?: undefined }
  | { readonly fault: Fault | 'none'; readonly equals?: undefined }
);

/** Whether an expression comes to the same: has a result, or the same fault. */
export function isSameOutcome(one: Fault | 'none', other: Fault | 'none'): boolean {
  if (one === 'none' || other === 'none') return one === other;
  return one.name === other.name && one.span === other.span;
}

/** Reads decide about accesses and barriers that the trace has, or could have instead, ahead of its event `at` and those behind. */
export interface TraceDecision {
  readonly at: number;
  readonly reads: readonly number[];
  readonly effects: Effects;
}

/** One way through the code of one thread: its events in issue order, and what its reads must return to go this way. */
export interface Trace {
  readonly thread: ThreadId;
  readonly events: readonly TraceEvent[];
  readonly constraints: readonly PathConstraint[];
  /** What each register of the thread's own code holds at the end. */
  readonly registers: readonly Symbolic[];
  readonly decisions: readonly TraceDecision[];
  /** It ends with an access whose address may be that of no location: it cannot be said what that does. */
  readonly astray?: true;
  /**
   * It breaks off: at the unrolling limit, or where a lock may never be free. That is no execution of the program, but what is in error so
   * far is. Only programs whose executions can be in error have such traces.
   */
  readonly partial?: true;
}

/**
 * The first events of a trace, as a partial one. Read-side sections that are open where it breaks off end there: no grace period
 * overtakes them.
 */
export function truncated(trace: Trace, length: number): Trace {
  const constraints = trace.constraints.filter(({ value }) => readsOf(value).every((read) => read < length));
  const kept = trace.events.slice(0, length);
  const events = [...kept, ...sectionEnds(kept, trace.thread)];
  const decisions = trace.decisions.filter(({ at }) => at <= length);
  return { ...trace, events, constraints, decisions, partial: true };
}

/** The ends that are missing of the sections of RCU and SRCU that events begin. */
export function sectionEnds(events: readonly TraceEvent[], thread: ThreadId): TraceEvent[] {
  const count = (tag: string): number => events.filter(({ tags }) => tags.includes(tag)).length;
  const open = Math.max(count('rcu-lock') - count('rcu-unlock'), 0);
  const nothing = { thread, addr: [], data: [], ctrl: [], choice: [] };
  const end: TraceEvent = { ...nothing, kind: 'fence', tags: ['rcu-unlock'] };
  return [...Array.from({ length: open }, () => end), ...srcuEnds(events, thread)];
}

/**
 * The stores that end sections of SRCU. An end belongs to the lock that gave its index; it is found by that, but not where the index went
 * through memory: then it ends the first that none belongs to.
 */
function srcuEnds(events: readonly TraceEvent[], thread: ThreadId): TraceEvent[] {
  const open = events.flatMap((event, index) => (event.tags.includes('srcu-lock') ? [index] : []));
  for (const { tags, cell, data } of events) {
    if (!tags.includes('srcu-unlock')) continue;
    const own = open.findIndex((lock) => data.includes(lock));
    const ended = own >= 0 ? own : open.findIndex((lock) => events[lock].cell === cell);
    if (ended >= 0) open.splice(ended, 1);
  }
  return open.map((lock): TraceEvent => {
    const { cell } = events[lock];
    return {
      kind: 'write',
      thread,
      ...(cell === undefined ? {} : { cell }),
      value: readAt(lock),
      tags: ['srcu-unlock'],
      addr: [],
      data: [lock],
      ctrl: [],
      choice: [],
    };
  });
}

/**
 * What one CPU can do: the trace of its thread with those of its interrupt handlers woven in. `parts[0]` is the thread's; an
 * event stands in `order` as (part, index in that part's trace), in issue order; -1 as index marks the entry and -2 the return of
 * a handler.
 */
export interface CpuTrace {
  readonly parts: readonly Trace[];
  readonly order: readonly { readonly part: number; readonly index: number }[];
  /** A part of it breaks off; handlers may be missing. */
  readonly partial?: true;
}

export const HANDLER_ENTRY = -1;
export const HANDLER_RETURN = -2;
