import { type EventId, type ExecutionGraph, eventId } from '../../execution/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import { threadName } from '../execution-text.js';
import { rowsOf } from './rows.js';
import type { Picture } from './subject.js';

/** Where an event stands: a lane for each CPU, a row for each point in time. */
export interface GridPlace {
  readonly event: EventId;
  readonly lane: number;
  readonly row: number;
  /** How many handlers the CPU is in. */
  readonly depth: number;
}

/** The run of a handler. */
export interface HandlerRun {
  readonly lane: number;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly depth: number;
}

export interface Grid {
  /** Names of the lanes. */
  readonly lanes: readonly string[];
  readonly rows: number;
  /** By event; undefined for one that is not shown. */
  readonly places: readonly (GridPlace | undefined)[];
  /** The outer ones first. */
  readonly handlers: readonly HandlerRun[];
}

/**
 * Places the events: those of a CPU in its lane, initial writes in one of their own on the left when they are
 * shown.
 */
export function gridOf(picture: Picture, events: readonly EventId[], test: LitmusTest): Grid {
  const { graph } = picture.execution;
  const rows = compact(rowsOf(picture.execution), events);
  const left = events.some((event) => graph.events[event].cpu < 0) ? 1 : 0;
  const laneOf = (event: number) => graph.events[event].cpu + left;
  const { depths, runs } = followHandlers(graph);
  const places: (GridPlace | undefined)[] = [];
  for (const event of events)
    places[event] = { event, lane: laneOf(event), row: rows[event], depth: depths[event] };
  const lanes = graph.starts.slice(0, -1).map((_, cpu) => laneName(picture, cpu, test));
  return {
    lanes: left ? ['initially', ...lanes] : lanes,
    rows: Math.max(0, ...events.map((event) => rows[event] + 1)),
    places,
    handlers: runs.map(({ first, last, depth }) => ({
      lane: laneOf(first),
      firstRow: rows[first],
      lastRow: rows[last],
      depth,
    })),
  };
}

/** Rows without those that no event is in. */
function compact(rows: Int32Array, events: readonly EventId[]): Int32Array {
  const used = [...new Set(events.map((event) => rows[event]))].sort((a, b) => a - b);
  const at = new Map(used.map((row, index) => [row, index]));
  return rows.map((row) => at.get(row) ?? 0);
}

/** How many handlers each event is in, and from where to where they run. */
function followHandlers(graph: ExecutionGraph) {
  const depths = new Int32Array(graph.events.length);
  const runs: { readonly first: number; readonly last: number; readonly depth: number }[] = [];
  for (let cpu = 0; cpu + 1 < graph.starts.length; cpu++) {
    const entered: number[] = [];
    const leave = (last: number) => {
      const depth = entered.length;
      runs.push({ first: entered.pop() as number, last, depth });
    };
    const end = graph.starts[cpu + 1];
    for (let event = graph.starts[cpu]; event < end; event++) {
      const { tags } = graph.events[event];
      if (tags.includes('IntEntry')) entered.push(event);
      depths[event] = entered.length;
      if (tags.includes('IntReturn')) leave(event);
    }
    // An execution that is in error can end within a handler.
    while (entered.length > 0) leave(end - 1);
  }
  return { depths, runs: runs.sort((a, b) => a.depth - b.depth) };
}

function laneName({ execution }: Picture, cpu: number, test: LitmusTest): string {
  const { starts, events } = execution.graph;
  const own = test.program.threads.filter(({ interrupt }) => !interrupt)[cpu];
  const threads = events.slice(starts[cpu], starts[cpu + 1]).map((_, at) => starts[cpu] + at);
  const names = new Set([own.name, ...threads.map((event) => threadName(execution, eventId(event), test))]);
  return `CPU ${cpu}: ${[...names].join(', ')}`;
}
