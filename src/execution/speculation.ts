import type { CellId, CellTable, Program, ThreadId } from '../program/index.js';
import { readsOf } from '../program/index.js';
import type { Bounds } from './bounds.js';
import type { Domains } from './domains.js';
import type { Trace, TraceEvent } from './trace.js';

/**
 * What the threads could do besides, if reads returned what they return only by way of what they let threads do: in an execution in
 * which that goes round in a circle.
 */
export interface Speculation {
  readonly program: Program;
  readonly cells: CellTable;
  /** By thread: every way through its code within what locations can hold at all. Accesses whose address may be any have no location. */
  readonly traces: readonly (readonly Trace[])[];
  /** What reads return in executions without such circles, and what they can return at all. */
  readonly least: Domains;
  readonly bounds: Bounds;
  readonly possible: Domains;
}

/** A read of a trace. */
export interface ReadAt {
  readonly thread: ThreadId;
  readonly trace: Trace;
  readonly read: number;
}

/**
 * What a circle leads through: for a write of a trace to store, or for a read at an address that may be any to return, what none does in an
 * execution without circles, one of these reads must do so.
 */
export interface Support {
  readonly thread: ThreadId;
  readonly trace: Trace;
  readonly reads: readonly number[];
  readonly event: number;
}

/** The reads that can return, by their locations, what they return in no execution without circles. */
export function strayReads(speculation: Speculation): ReadAt[] {
  return forEachTrace(speculation, (thread, trace) =>
    trace.events.flatMap((event, read) =>
      event.kind === 'read' && mayStray(event, speculation) ? [{ thread, trace, read }] : [],
    ),
  );
}

/** What the writes, and the reads at addresses that may be any, rest on that could store, or return, such values. */
export function supports(speculation: Speculation): Support[] {
  return forEachTrace(speculation, (thread, trace) => {
    const unmet = trace.constraints[speculation.least.firstUnmet(trace)];
    return trace.events.flatMap((event, index): Support[] => {
      if (!mayMatter(event, trace, speculation)) return [];
      const rests =
        event.kind === 'read' || !unmet || unmet.at > index ? restsOf(trace, index) : readsOf(unmet.value);
      const reads = rests.filter((read) => mayStray(trace.events[read], speculation));
      return reads.length > 0 ? [{ thread, trace, reads, event: index }] : [];
    });
  });
}

function forEachTrace<Found>(
  { traces }: Speculation,
  visit: (thread: ThreadId, trace: Trace) => Found[],
): Found[] {
  return traces.flatMap((ways, thread) => ways.flatMap((trace) => visit(thread as ThreadId, trace)));
}

function mayStray({ cell }: TraceEvent, { least, bounds }: Speculation): boolean {
  return cell === undefined || !least.covers(cell, bounds[cell]);
}

function mayMatter(
  { kind, cell, value }: TraceEvent,
  { events, constraints }: Trace,
  { least, possible }: Speculation,
): boolean {
  if (kind === 'read') return cell === undefined;
  if (kind !== 'write') return false;
  const stored = cell === undefined || !value ? undefined : possible.valuesOf(value, events, constraints);
  return !stored || stored.some((one) => !least.has(cell as CellId, one));
}

/** Whether it is not known where an access is. */
const isLost = ({ cell, kind }: TraceEvent) => cell === undefined && kind !== 'fence';

/**
 * The reads that an event's value or place rests on, on a path that is there without circles as well, as far as that can be told: what is
 * decided by what an access returns that may be anywhere cannot be compared.
 */
function restsOf({ events, constraints }: Trace, index: number): readonly number[] {
  const { kind, value, addr } = events[index];
  if (kind === 'read') return addr;
  const lost = events.slice(0, index + 1).flatMap((event) => (isLost(event) ? event.addr : []));
  const decided = constraints
    .filter(({ at }) => at <= index)
    .map((constraint) => readsOf(constraint.value))
    .filter((reads) => reads.some((read) => isLost(events[read])));
  return [...new Set([...(value ? readsOf(value) : []), ...lost, ...decided.flat()])];
}
