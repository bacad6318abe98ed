import { type Cell, type CellId, isOneBlock } from '../program/index.js';
import { add, addEvent, clear, copy, fullSet, identity, remove } from '../relation/index.js';
import { type Edge, type ExecutionGraph, eventId, type GraphEvent } from './graph.js';
import { mightPrecede } from './might.js';
import { baseRelations, isTagOf, kindSets } from './vocabulary.js';

/** Whether the engine, and not the graph alone, gives a base its members: it changes during a search. */
export function isSearched(name: string): boolean {
  return name === 'rf' || name === 'co' || name === 'FW' || name === 'different-values';
}

/**
 * Writes a base set or relation of a graph into an arena (layout: relation/kernels.ts), at `offset`, for `n` events in rows of
 * `w` words. Names that are in no vocabulary are tags.
 */
export function fillBase(
  graph: ExecutionGraph,
  name: string,
  m: Int32Array,
  offset: number,
  n: number,
  w: number,
): void {
  if (Object.hasOwn(baseRelations, name))
    fillRelation(graph, name as keyof typeof baseRelations, m, offset, n, w);
  else fillSet(graph, name, m, offset, n, w);
}

function fillSet(
  graph: ExecutionGraph,
  name: string,
  m: Int32Array,
  offset: number,
  n: number,
  w: number,
): void {
  if (name === '_') {
    fullSet(m, offset, n, w);
    return;
  }
  clear(m, offset, w);
  graph.events.forEach((event, id) => {
    if (belongsTo(event, name)) addEvent(m, offset, id);
  });
}

/** What decides whether an event belongs to a set. */
type Placed = Pick<GraphEvent, 'kind' | 'cpu' | 'cell' | 'atomic' | 'tags'>;

/** Whether an event belongs to a set of the vocabulary, or to that of a tag. */
export function belongsTo(event: Placed, name: string): boolean {
  if (Object.hasOwn(kindSets, name) && isOfKind(event, name as keyof typeof kindSets)) return true;
  return event.tags.some((tag) => isTagOf(tag, name));
}

function isOfKind({ kind, atomic, cpu, cell }: Placed, name: keyof typeof kindSets): boolean {
  switch (name) {
    case '_':
      return true;
    case 'R':
      return kind === 'read';
    case 'W':
      return kind === 'write';
    case 'M':
      return kind !== 'fence';
    case 'F':
      // A lock operation touches memory, but is neither read nor write.
      return kind === 'fence' && cell < 0;
    case 'IW':
      return cpu < 0;
    case 'RMW':
      return atomic === 'rmw';
    case 'X':
    case 'A':
      return atomic !== undefined;
    case 'LL':
      return atomic === 'locked' && kind === 'read';
    case 'SC':
      return atomic === 'locked' && kind === 'write';
    case 'B':
    case 'FW':
      return false;
  }
}

function fillRelation(
  graph: ExecutionGraph,
  name: keyof typeof baseRelations,
  m: Int32Array,
  offset: number,
  n: number,
  w: number,
): void {
  if (name === 'id') {
    identity(m, offset, n, w);
    return;
  }
  clear(m, offset, n * w);
  switch (name) {
    case 'addr':
    case 'data':
    case 'ctrl':
    case 'choice':
    case 'rmw':
      fillEdges(graph[name], m, offset, w);
      return;
    case 'might':
      fillEdges(mightPrecede(graph), m, offset, w);
      return;
    case 'po':
      fillOrder(graph, m, offset, w);
      return;
    case 'int':
    case 'ext':
    case 'loc':
    case 'same-block':
      fillPairs(graph, name, m, offset, n, w);
      return;
    case 'same-instance':
      sameInstance(graph, m, offset, n, w);
      return;
    case 'rf':
    case 'co':
      return;
  }
}

function sameInstance(graph: ExecutionGraph, m: Int32Array, offset: number, n: number, w: number): void {
  identity(m, offset, n, w);
  for (const [read, write] of instructions(graph)) {
    add(m, offset, read, write, w);
    add(m, offset, write, read, w);
  }
}

/** The read and the write of each instruction that has both. A load-locked and its store-conditional are two instructions. */
function* instructions({ events, rmw }: ExecutionGraph): Iterable<Edge> {
  for (const [read, write] of rmw) if (events[read].atomic !== 'locked') yield [read, write];
  for (const [write, { besideRead, atomic }] of events.entries())
    if (besideRead !== undefined && !atomic) yield [besideRead, eventId(write)];
}

function fillEdges(edges: readonly Edge[], m: Int32Array, offset: number, w: number): void {
  for (const [from, to] of edges) add(m, offset, from, to, w);
}

/** Each event has the row of the next of its CPU, and that event besides. */
function fillOrder({ starts, events }: ExecutionGraph, m: Int32Array, offset: number, w: number): void {
  for (let cpu = 0; cpu + 1 < starts.length; cpu++) {
    for (let i = starts[cpu + 1] - 2; i >= starts[cpu]; i--) {
      copy(m, offset + i * w, offset + (i + 1) * w, w);
      add(m, offset, i, i + 1, w);
    }
  }
  for (const [write, { besideRead }] of events.entries())
    if (besideRead !== undefined) remove(m, offset, besideRead, write, w);
}

/** As in herd7, the initial writes are of no thread: external to every thread's events, neither internal nor external to each other. */
function fillPairs(
  { cells, events }: ExecutionGraph,
  name: 'int' | 'ext' | 'loc' | 'same-block',
  m: Int32Array,
  offset: number,
  n: number,
  w: number,
): void {
  // Events of one CPU, location or block have the same row.
  const rows = new Map<number, number>();
  const groupOf =
    name === 'loc'
      ? (event: number) => events[event].cell
      : name === 'same-block'
        ? (event: number) => blockOf(cells, events[event].cell)
        : (event: number) => events[event].cpu;
  for (let i = 0; i < n; i++) {
    const own = groupOf(i);
    if (own < 0 && name !== 'ext') continue;
    const row = offset + i * w;
    const known = rows.get(own);
    if (known !== undefined) {
      copy(m, row, known, w);
      continue;
    }
    rows.set(own, row);
    for (let j = 0; j < n; j++) {
      if ((groupOf(j) === own) === (name !== 'ext')) addEvent(m, row, j);
    }
  }
}

/** The first location of the block that a location is in; -1 for none. */
function blockOf(cells: readonly Cell[], cell: CellId | -1): number {
  return cell < 0 ? -1 : cells.findIndex((other) => isOneBlock(other, cells[cell]));
}
