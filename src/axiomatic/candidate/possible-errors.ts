import type { ExecutionGraph, GraphEvent, ProgramUnfolding } from '../../execution/index.js';
import {
  type CellId,
  type ErrorName,
  errorNames,
  FREED,
  heldAfter,
  inCircles,
  type Resource,
  UNINITIALISED,
  type Value,
  type ValueId,
  valuesEqual,
} from '../../program/index.js';

/**
 * An error that executions of a graph can be in: a read reads from a write, a write comes right after another
 * in co, or a thread reaches a fault without having read junk.
 */
export type PossibleError = { readonly name: ErrorName; readonly event: number } & (
  | { readonly kind: 'reads' | 'follows'; readonly write: number }
  | { readonly kind: 'fault'; readonly readsBefore: readonly number[] }
);

/** An event by which an execution is in error. */
export interface ErrorEvent {
  readonly name: ErrorName;
  readonly event: number;
}

/** What a search knows of an execution. */
interface Known {
  value(event: number): ValueId;
  source(read: number): number;
  coherenceBefore(write: number, later: number): boolean;
}

/** The errors that executions of one graph can be in; mostly none. */
export class PossibleErrors {
  private readonly list: PossibleError[] = [];
  private readonly events: readonly GraphEvent[];
  private hasFault = false;

  constructor(
    graph: ExecutionGraph,
    /** By cell: its writes. */
    private readonly writes: ReadonlyMap<number, readonly number[]>,
    private readonly junk: ValueId,
  ) {
    this.events = graph.events;
    graph.events.forEach((event, id) => {
      if (event.fault) this.addFault(id, event.fault.name);
      if (event.kind !== 'write') return;
      if (stores(event, FREED)) this.addUses(id, 'use-after-free', true);
      else if (id < graph.initial && stores(event, UNINITIALISED)) this.addUses(id, 'use-before-init', false);
    });
    for (const wait of deadlocksIn(graph)) if (!this.hasFailed(wait)) this.addFault(wait, 'deadlock');
  }

  get all(): readonly PossibleError[] {
    return this.list;
  }

  /** Whether an execution of the graph, of which this much is known, can be in an error. */
  allows(name: string, known: Known): boolean {
    return this.list.some((error) => error.name === name && this.isOpen(error, known));
  }

  /**
   * Whether every execution of which this much is known is in error. One with a fault is: if the thread has
   * read junk before, another error has made the junk.
   */
  isCertain(known: Known): boolean {
    return (
      this.hasFault ||
      this.list.some((error) => error.kind === 'reads' && known.source(error.event) === error.write)
    );
  }

  /** The errors of a complete execution. */
  found(known: Known): PossibleError[] {
    return this.list.filter((error) => this.isOpen(error, known));
  }

  /** A read of junk by which a fault does not count; undefined when there is no such read. */
  excuseOf(
    { readsBefore }: PossibleError & { kind: 'fault' },
    known: Pick<Known, 'value'>,
  ): number | undefined {
    return readsBefore.find((read) => known.value(read) === this.junk);
  }

  /** Whether an event's thread has a fault before it. */
  private hasFailed(event: number): boolean {
    const { thread } = this.events[event];
    return this.events.slice(0, event).some((before) => before.thread === thread && before.fault);
  }

  private addFault(event: number, name: ErrorName): void {
    const { thread } = this.events[event];
    const readsBefore = [...this.events.keys()].filter(
      (id) => id < event && this.events[id].kind === 'read' && this.events[id].thread === thread,
    );
    this.list.push({ name, kind: 'fault', event, readsBefore });
    this.hasFault = true;
  }

  private addUses(write: number, name: ErrorName, stored: boolean): void {
    this.events.forEach((event, id) => {
      if (event.cell !== this.events[write].cell || id === write || event.cpu < 0) return;
      if (event.kind === 'read') this.list.push({ name, kind: 'reads', event: id, write });
      if (event.kind !== 'write' || !stored) return;
      const follows = stores(event, FREED) ? 'double-free' : name;
      this.list.push({ name: follows, kind: 'follows', event: id, write });
    });
  }

  /** Whether nothing that is known rules an error out. */
  private isOpen(error: PossibleError, known: Known): boolean {
    if (error.kind === 'fault') return this.excuseOf(error, known) === undefined;
    const { event, write } = error;
    if (error.kind === 'reads') {
      const source = known.source(event);
      return source < 0 || source === write;
    }
    if (known.coherenceBefore(event, write)) return false;
    const writes = this.writes.get(this.events[write].cell) as readonly number[];
    return !writes.some(
      (other) => known.coherenceBefore(write, other) && known.coherenceBefore(other, event),
    );
  }
}

function stores({ value }: Pick<GraphEvent, 'value'>, wanted: Value): boolean {
  return value?.kind === 'constant' && valuesEqual(value.value, wanted);
}

/**
 * The events of a graph at which threads wait for ever, whatever is read: for what their own CPU holds, or
 * other CPUs that wait likewise.
 */
function deadlocksIn({ events, starts }: ExecutionGraph): number[] {
  const waiting = [...events.keys()].filter((event) => events[event].waitsFor !== undefined);
  if (waiting.length === 0) return [];
  const held = starts.slice(0, -1).map((from, cpu) => heldBy(events.slice(from, starts[cpu + 1])));
  const waitsFor = (one: number, other: number): boolean =>
    held[events[waiting[other]].cpu].includes(events[waiting[one]].waitsFor as Resource);
  const circular = inCircles(waiting.length, waitsFor);
  return waiting.filter((_, index) => circular.has(index));
}

/** What a CPU holds at the last event at which it waits. */
function heldBy(events: readonly GraphEvent[]): readonly Resource[] {
  const end = events.findLastIndex(({ waitsFor }) => waitsFor !== undefined);
  return events
    .slice(0, end + 1)
    .reduce<readonly Resource[]>(
      (held, { tags, cell }) => heldAfter(held, tags, cell < 0 ? undefined : (cell as never)),
      [],
    );
}

/** The errors that the events of a program's threads allow at all. */
export function possibleErrorNames({ cells, cpus, mayErr }: ProgramUnfolding): ErrorName[] {
  if (!mayErr) return [];
  const events = new Set(cpus.flat().flatMap(({ parts }) => parts.flatMap((part) => part.events)));
  const possible = new Set<ErrorName>();
  const frees = new Map<CellId, number>();
  const accessed = new Set<CellId>();
  for (const event of events) {
    const { kind, cell, fault, waitsFor } = event;
    if (fault) possible.add(fault.name);
    if (waitsFor !== undefined) possible.add('deadlock');
    if (cell === undefined) continue;
    if (kind === 'read' && valuesEqual(cells.cells[cell].initial, UNINITIALISED))
      possible.add('use-before-init');
    if (stores(event, FREED)) frees.set(cell, (frees.get(cell) ?? 0) + 1);
    else accessed.add(cell);
  }
  if ([...frees.keys()].some((cell) => accessed.has(cell))) possible.add('use-after-free');
  if ([...frees.values()].some((times) => times > 1)) possible.add('double-free');
  return errorNames.filter((name) => possible.has(name));
}
