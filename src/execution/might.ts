import { type Edge, type ExecutionGraph, eventId, type GraphDecision } from './graph.js';

/**
 * A read, and a write that an access or a barrier would precede by processor issue constraint (Alpha handbook, 5.6.1.3, table 5-1): one
 * that the read decides about, on whichever way, be it the one that is taken or not. Accesses to the write's location precede it, barriers
 * do, and what stands before a barrier of the execution: everything before an MB, writes before a WMB.
 */
export function mightPrecede(graph: ExecutionGraph): Edge[] {
  return graph.decisions.flatMap((decision) =>
    writesBehind(graph, decision).flatMap((write) =>
      decision.reads.map((read): Edge => [read, eventId(write)]),
    ),
  );
}

function writesBehind({ events, cells, starts }: ExecutionGraph, { at, effects }: GraphDecision): number[] {
  const { accesses, writes, barriers, mayAccess } = effects;
  let isBehind = barriers.has('MB') || barriers.has('WMB');
  const found: number[] = [];
  const end = starts.find((start) => start >= at) ?? at;
  for (let event = at; event < end; event++) {
    const { kind, tags, cell } = events[event];
    isBehind ||= (accesses && tags.includes('MB')) || (writes && tags.includes('WMB'));
    // Of a write whose location is open it is not known.
    if (kind === 'write' && (isBehind || (cell >= 0 && mayAccess(cells[cell])))) found.push(event);
  }
  return found;
}
