import type { ExecutionGraph, GraphEvent } from '../../execution/index.js';
import {
  type ErrorName,
  FREED,
  UNINITIALISED,
  type Value,
  type ValueId,
  valuesEqual,
} from '../../program/index.js';
import { deadlocksIn } from './waiting-circles.js';

/**
 * An error that executions of a graph can be in: that a read reads from a write, that a write comes right after another, or that a thread
 * comes to what it cannot do, though it has read no junk before.
 */
export type Suspect = { readonly name: ErrorName; readonly event: number } & (
  | { readonly kind: 'reads' | 'follows'; readonly write: number }
  | { readonly kind: 'fault'; readonly readsBefore: readonly number[] }
);

/** What the search knows of an execution. */
interface Known {
  value(event: number): ValueId;
  source(read: number): number;
  coherenceBefore(write: number, later: number): boolean;
}

/** An event by which an execution is in error. */
export interface ErrorEvent {
  readonly name: ErrorName;
  readonly event: number;
}

/** The errors that executions of one graph can be in; mostly none. */
export class Suspects {
  private readonly list: Suspect[] = [];
  private readonly events: readonly GraphEvent[];
  private hasFault = false;

  constructor(
    graph: ExecutionGraph,
    /** By cell: its writes. */
    private readonly writes: ReadonlyMap<number, readonly number[]>,
    /** The number of junk. */
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

  get all(): readonly Suspect[] {
    return this.list;
  }

  /** Whether an execution of the graph, of which this much is known, can be in an error. */
  allows(name: string, known: Known): boolean {
    return this.list.some((suspect) => suspect.name === name && this.isOpen(suspect, known));
  }

  /**
   * Whether every execution of which this much is known is in error. One with a fault is: where the thread has read junk before, another
   * error has made that.
   */
  isCertain(known: Known): boolean {
    return (
      this.hasFault ||
      this.list.some((suspect) => suspect.kind === 'reads' && known.source(suspect.event) === suspect.write)
    );
  }

  /** The errors of a complete execution. */
  found(known: Known): Suspect[] {
    return this.list.filter((suspect) => this.isOpen(suspect, known));
  }

  /** A read by which a fault is known to be none; undefined when there is no such read. */
  excuseOf({ readsBefore }: Suspect & { kind: 'fault' }, known: Pick<Known, 'value'>): number | undefined {
    return readsBefore.find((read) => known.value(read) === this.junk);
  }

  /** Whether its thread has come to what it cannot do before. */
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
      this.list.push({
        name: stores(event, FREED) ? 'double-free' : name,
        kind: 'follows',
        event: id,
        write,
      });
    });
  }

  /** Whether nothing that is known speaks against it. */
  private isOpen(suspect: Suspect, known: Known): boolean {
    if (suspect.kind === 'fault') return this.excuseOf(suspect, known) === undefined;
    const { event, write } = suspect;
    if (suspect.kind === 'reads') {
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

function stores({ value }: GraphEvent, wanted: Value): boolean {
  return value?.kind === 'constant' && valuesEqual(value.value, wanted);
}
