import type { Span } from '../diagnostics.js';
import { tick } from '../limits.js';
import type { Cell, CellId, CellTable, Fault, Resource, Symbolic, Tag, ThreadId } from '../program/index.js';
import type { Effects } from './decisions.js';
import {
  type CpuTrace,
  HANDLER_ENTRY,
  HANDLER_RETURN,
  type PathConstraint,
  type TraceEvent,
} from './trace.js';

declare const brand: unique symbol;
/** An event's place in an execution graph, from 0. */
export type EventId = number & { readonly [brand]: 'event' };
export const eventId = (index: number) => index as EventId;

/** What a graph's event is, besides its place in the relations. */
export interface GraphEvent {
  readonly kind: 'read' | 'write' | 'fence';
  /** CPU that issues it, as an index into the program's threads that are no handlers; -1 for an initial write. */
  readonly cpu: number;
  /** The thread whose code made it; undefined for an initial write. */
  readonly thread?: ThreadId;
  /** -1 for a fence. */
  readonly cell: CellId | -1;
  readonly tags: readonly Tag[];
  readonly atomic?: 'rmw' | 'locked';
  /** Of a write in assembly: the read that the same instruction makes. po has not this pair. */
  readonly besideRead?: EventId;
  /** What the thread cannot do, and that this event stands for. */
  readonly fault?: Fault;
  /** What its thread waits for, and has not got: it comes no further. */
  readonly waitsFor?: Resource;
  readonly span?: Span;
  /** Of a write: what it stores, over the reads of its part. @internal */
  readonly value?: Symbolic;
  /** For `value`: the event of each index of the part that the event came from. @internal */
  readonly part: Int32Array;
}

/** A pair of events. */
export type Edge = readonly [from: EventId, to: EventId];

type Dependency = 'addr' | 'data' | 'ctrl' | 'choice' | 'rmw';

/**
 * What is fixed of an execution once each CPU's path is chosen: its events, and the relations that do not depend on which write
 * a read reads from. Events are numbered: first one initial write for each location that is accessed, then CPU by CPU in issue order.
 */
export interface ExecutionGraph {
  readonly cells: readonly Cell[];
  readonly events: readonly GraphEvent[];
  /** How many initial writes there are: events 0 to `initial - 1`. */
  readonly initial: number;
  /** First event of each CPU, and at the end the number of events. */
  readonly starts: readonly number[];
  readonly addr: readonly Edge[];
  readonly data: readonly Edge[];
  readonly ctrl: readonly Edge[];
  readonly choice: readonly Edge[];
  readonly rmw: readonly Edge[];
  /** @internal */
  readonly decisions: readonly GraphDecision[];
  /** What the reads must return for the paths to be taken. @internal */
  readonly constraints: readonly GraphConstraint[];
  /** What a thread's registers hold at the end, by thread number; handlers included. @internal */
  readonly registers: readonly { readonly values: readonly Symbolic[]; readonly part: Int32Array }[];
  /** A path ends with an access whose address may be that of no location. */
  readonly astray?: true;
  /** A path breaks off: what is in error here counts, and nothing else. */
  readonly partial?: true;
}

/** Reads decide about accesses and barriers ahead of the event `at` of their CPU, and of those behind it. */
export interface GraphDecision {
  readonly at: number;
  readonly reads: readonly EventId[];
  readonly effects: Effects;
}

/** What the reads of a thread must return; `part` gives the event of each of them. */
interface GraphConstraint {
  readonly constraint: PathConstraint;
  readonly part: Int32Array;
  readonly thread: ThreadId;
}

const NO_PART = new Int32Array(0);

/** Puts together one path of each CPU. */
export function buildGraph(table: Pick<CellTable, 'cells'>, paths: readonly CpuTrace[]): ExecutionGraph {
  const accessed = new Set<CellId>();
  for (const path of paths) {
    for (const part of path.parts) {
      for (const event of part.events) if (event.cell !== undefined) accessed.add(event.cell);
    }
  }
  const events: GraphEvent[] = [...accessed]
    .sort((a, b) => a - b)
    .map((cell) => ({
      kind: 'write',
      cpu: -1,
      cell,
      tags: [],
      value: { kind: 'constant', value: table.cells[cell].initial },
      part: NO_PART,
    }));
  const initial = events.length;
  const graph: Record<Dependency, Edge[]> = { addr: [], data: [], ctrl: [], choice: [], rmw: [] };
  const decisions: GraphDecision[] = [];
  const starts: number[] = [];
  const constraints: GraphConstraint[] = [];
  const registers: { values: readonly Symbolic[]; part: Int32Array }[] = [];
  paths.forEach((path, cpu) => {
    starts.push(events.length);
    const parts = path.parts.map((part) => new Int32Array(part.events.length));
    path.order.forEach(({ part, index }, at) => {
      if (index >= 0) parts[part][index] = starts[cpu] + at;
    });
    for (const { part, index } of path.order) {
      const trace = path.parts[part];
      if (index < 0) events.push(boundary(index, cpu, trace.thread));
      else addEvent(events, trace.events[index], cpu, parts[part], graph);
    }
    path.parts.forEach((trace, part) => {
      const { thread } = trace;
      const eventOf = (index: number): EventId => eventId(parts[part][index]);
      for (const { at, reads, effects } of trace.decisions)
        decisions.push({ at: eventOf(at - 1) + 1, reads: reads.map(eventOf), effects });
      for (const constraint of trace.constraints) constraints.push({ constraint, part: parts[part], thread });
      registers[thread] = { values: trace.registers, part: parts[part] };
    });
  });
  starts.push(events.length);
  return {
    cells: table.cells,
    events,
    initial,
    starts,
    ...graph,
    decisions,
    constraints,
    registers,
    ...(paths.some(({ parts }) => parts.some(({ astray }) => astray)) ? { astray: true } : {}),
    ...(paths.some(({ partial }) => partial) ? { partial: true } : {}),
  };
}

function boundary(index: number, cpu: number, thread: ThreadId): GraphEvent {
  const tags = index === HANDLER_ENTRY ? ['IntEntry'] : index === HANDLER_RETURN ? ['IntReturn'] : [];
  return { kind: 'fence', cpu, thread, cell: -1, tags, part: NO_PART };
}

function addEvent(
  events: GraphEvent[],
  event: TraceEvent,
  cpu: number,
  part: Int32Array,
  edges: Record<Dependency, Edge[]>,
): void {
  const id = eventId(events.length);
  tick(1 + (event.ctrl.length >>> 4));
  for (const read of event.addr) edges.addr.push([eventId(part[read]), id]);
  for (const read of event.data) edges.data.push([eventId(part[read]), id]);
  for (const read of event.ctrl) edges.ctrl.push([eventId(part[read]), id]);
  for (const read of event.choice) edges.choice.push([eventId(part[read]), id]);
  if (event.rmwRead !== undefined && !event.unpaired) edges.rmw.push([eventId(part[event.rmwRead]), id]);
  events.push({
    kind: event.kind,
    cpu,
    thread: event.thread,
    cell: event.cell ?? -1,
    tags: event.tags,
    part,
    ...(event.atomic ? { atomic: event.atomic } : {}),
    ...(event.besideRead === undefined ? {} : { besideRead: eventId(part[event.besideRead]) }),
    ...(event.fault ? { fault: event.fault } : {}),
    ...(event.waitsFor === undefined ? {} : { waitsFor: event.waitsFor }),
    ...(event.span ? { span: event.span } : {}),
    ...(event.value ? { value: event.value } : {}),
  });
}
