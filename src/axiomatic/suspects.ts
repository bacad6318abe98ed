import type { ExecutionGraph, GraphEvent } from '../execution/index.js';
import { type ErrorName, FREED, UNINITIALISED, type Value, valuesEqual } from '../program/index.js';

/** An error that executions of a graph can be in: that a read reads from a write, that a write comes right after another, or all are. */
export interface Suspect {
  readonly name: ErrorName;
  readonly kind: 'reads' | 'follows' | 'always';
  readonly event: number;
  /** The write that it must not read from, or come after. */
  readonly write: number;
}

/** What the search knows of an execution. */
interface Known {
  source(read: number): number;
  coherenceBefore(write: number, later: number): boolean;
}

/** An event by which an execution is in error. */
export interface ErrorEvent {
  readonly name: ErrorName;
  readonly event: number;
}

/** The errors with memory that executions of one graph can be in; of a graph that frees nothing and reads nothing unset, none. */
export class Suspects {
  private readonly list: Suspect[] = [];
  /** By cell: its writes. */
  private readonly writes: ReadonlyMap<number, readonly number[]>;

  constructor(graph: ExecutionGraph, writes: ReadonlyMap<number, readonly number[]>) {
    this.writes = writes;
    this.events = graph.events;
    if (!graph.managesMemory) return;
    graph.events.forEach((event, id) => {
      if (event.kind === 'fence' && event.tags.includes('BadFree'))
        this.list.push({ name: 'bad-free', kind: 'always', event: id, write: -1 });
      if (event.kind !== 'write') return;
      if (stores(event, FREED)) this.addUses(id, 'use-after-free', true);
      else if (id < graph.initial && stores(event, UNINITIALISED)) this.addUses(id, 'use-before-init', false);
    });
  }
  private readonly events: readonly GraphEvent[];

  get all(): readonly Suspect[] {
    return this.list;
  }

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  /** Whether an execution of the graph, of which this much is known, can be in an error. */
  allows(name: string, known: Known): boolean {
    return this.list.some((suspect) => suspect.name === name && this.isOpen(suspect, known));
  }

  /** Whether every execution of which this much is known is in error. */
  isCertain(known: Known): boolean {
    return this.list.some(
      ({ kind, event, write }) => kind === 'always' || (kind === 'reads' && known.source(event) === write),
    );
  }

  /** The errors of a complete execution. */
  found(known: Known): Suspect[] {
    return this.list.filter((suspect) => this.isOpen(suspect, known));
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
  private isOpen({ kind, event, write }: Suspect, known: Known): boolean {
    if (kind === 'always') return true;
    if (kind === 'reads') {
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
