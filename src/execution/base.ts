import { add, addEvent, clear, fullSet, identity } from '../relation/index.js';
import { type Edge, type ExecutionGraph, eventId, type GraphEvent } from './graph.js';
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
    case 'rmw':
      fillEdges(graph[name], m, offset, w);
      return;
    case 'po':
      forEachOrderedPair(graph, (i, j) => add(m, offset, i, j, w));
      return;
    case 'int':
    case 'ext':
    case 'loc':
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

/** A load-locked and its store-conditional are two instructions. */
function sameInstance(graph: ExecutionGraph, m: Int32Array, offset: number, n: number, w: number): void {
  identity(m, offset, n, w);
  for (const [read, write] of graph.rmw) {
    if (graph.events[read].atomic === 'locked') continue;
    add(m, offset, read, write, w);
    add(m, offset, write, read, w);
  }
}

function fillEdges(edges: readonly Edge[], m: Int32Array, offset: number, w: number): void {
  for (const [from, to] of edges) add(m, offset, from, to, w);
}

function forEachOrderedPair(graph: ExecutionGraph, visit: (from: number, to: number) => void): void {
  const { starts, events } = graph;
  const writeOf = new Map(graph.rmw.filter(([, write]) => events[write].besideRead));
  for (let cpu = 0; cpu + 1 < starts.length; cpu++) {
    for (let i = starts[cpu]; i < starts[cpu + 1]; i++)
      for (let j = i + 1; j < starts[cpu + 1]; j++) if (writeOf.get(eventId(i)) !== j) visit(i, j);
  }
}

/** As in herd7, the initial writes are of no thread: external to every thread's events, neither internal nor external to each other. */
function fillPairs(
  graph: ExecutionGraph,
  name: 'int' | 'ext' | 'loc',
  m: Int32Array,
  offset: number,
  n: number,
  w: number,
): void {
  const { events } = graph;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (related(events[i], events[j], name)) add(m, offset, i, j, w);
    }
  }
}

function related(a: GraphEvent, b: GraphEvent, name: 'int' | 'ext' | 'loc'): boolean {
  switch (name) {
    case 'loc':
      return a.cell >= 0 && a.cell === b.cell;
    case 'int':
      return a.cpu >= 0 && a.cpu === b.cpu;
    case 'ext':
      return a.cpu !== b.cpu;
  }
}
