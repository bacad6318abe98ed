import { add, addEvent, clear, fullSet, identity } from '../relation/index.js';
import type { Edge, ExecutionGraph, GraphEvent } from './graph.js';
import { baseRelations, kindSets } from './vocabulary.js';

/** Whether the engine, and not the graph alone, gives a base its members: it changes during a search. */
export function isSearched(name: string): boolean {
  return name === 'rf' || name === 'co' || name === 'FW';
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
  const isKind = Object.hasOwn(kindSets, name);
  graph.events.forEach((event, id) => {
    if (isKind ? isOfKind(graph, id, name as keyof typeof kindSets) : event.tags.includes(name))
      addEvent(m, offset, id);
  });
}

function isOfKind(graph: ExecutionGraph, id: number, name: keyof typeof kindSets): boolean {
  const { kind, atomic, cpu } = graph.events[id];
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
      return kind === 'fence';
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
    case 'rf':
    case 'co':
      return;
  }
}

function fillEdges(edges: readonly Edge[], m: Int32Array, offset: number, w: number): void {
  for (const [from, to] of edges) add(m, offset, from, to, w);
}

function forEachOrderedPair({ starts }: ExecutionGraph, visit: (from: number, to: number) => void): void {
  for (let cpu = 0; cpu + 1 < starts.length; cpu++) {
    for (let i = starts[cpu]; i < starts[cpu + 1]; i++)
      for (let j = i + 1; j < starts[cpu + 1]; j++) visit(i, j);
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
