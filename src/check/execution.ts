import type { PartialExecution } from '../axiomatic/index.js';
import type { EventId, ExecutionGraph } from '../execution/index.js';
import { eventId } from '../execution/index.js';
import {
  type CellId,
  type ErrorName,
  UNKNOWN,
  type Value,
  type ValueId,
  type ValueTable,
} from '../program/index.js';

/** A consistent execution, kept: a witness. */
export interface Execution {
  readonly graph: ExecutionGraph;
  /** By event: what a read returns or a write stores; undefined for a fence. */
  readonly values: readonly (Value | undefined)[];
  /** By event: the write that a read reads from. */
  readonly sources: readonly (EventId | undefined)[];
  /** The writes of each location in coherence order, the initial one first. */
  readonly coherence: ReadonlyMap<CellId, readonly EventId[]>;
  /** What each acyclic check of the model puts in order, in the order of the model's text. */
  readonly orders: readonly (readonly (readonly [number, number])[])[];
  /** The errors with memory that it is in, each with the event that shows it. */
  readonly errors: readonly { readonly name: ErrorName; readonly event: EventId }[];
}

/**
 * An execution that raises a flag, and the events that are why: each alone, or in pairs, as the model's text
 * has it.
 */
export interface FlagWitness {
  readonly execution: Execution;
  readonly events: readonly (readonly EventId[])[];
}

/** Copies what a search has found. */
export function snapshot(execution: PartialExecution, table: ValueTable): Execution {
  const { graph } = execution;
  const coherence = new Map<CellId, EventId[]>();
  graph.events.forEach((event, index) => {
    if (event.kind !== 'write') return;
    const cell = event.cell as CellId;
    coherence.set(cell, [...(coherence.get(cell) ?? []), eventId(index)]);
  });
  for (const writes of coherence.values()) writes.sort((a, b) => (execution.coherenceBefore(a, b) ? -1 : 1));
  return {
    graph,
    orders: execution.orders(),
    errors: execution.errors().map(({ name, event }) => ({ name, event: eventId(event) })),
    values: graph.events.map((event, index) =>
      event.kind === 'fence' ? undefined : known(execution.value(index), table),
    ),
    sources: graph.events.map((event, index) =>
      event.kind === 'read' ? eventId(execution.source(index)) : undefined,
    ),
    coherence,
  };
}

function known(value: ValueId, table: ValueTable): Value | undefined {
  return value === UNKNOWN ? undefined : table.value(value);
}
