import { type EventId, eventId } from '../execution/index.js';
import type { Execution } from './execution.js';

/**
 * An order in which the accesses of an execution can be told as taking effect one after the other: a read after the write of
 * another CPU that it reads from, a write after those before it in co, a read before the writes that overtake the one it reads from.
 * Where that leaves a choice, program order decides. Undefined when there is no such order (a model in which a write does not reach
 * all CPUs at once). Initial writes are left out.
 */
export function effectOrder(execution: Execution): EventId[] | undefined {
  const { graph } = execution;
  const n = graph.events.length;
  const after: Set<number>[] = Array.from({ length: n }, () => new Set());
  for (const [from, to] of globalEdges(execution)) after[from].add(to);
  const waiting = new Int32Array(n);
  for (const targets of after) for (const to of targets) waiting[to]++;
  const next = graph.starts.slice(0, -1);
  const done = new Uint8Array(n);
  const order: EventId[] = [];
  for (let event = 0; event < graph.initial; event++) take(event);
  while (order.length < n - graph.initial) {
    const event = pick();
    if (event < 0) return undefined;
    order.push(eventId(event));
    take(event);
  }
  return order;

  function take(event: number): void {
    done[event] = 1;
    for (const to of after[event]) waiting[to]--;
  }

  /** The next event of a CPU in program order if one is free; else the earliest free one, ahead of its turn. */
  function pick(): number {
    for (let cpu = 0; cpu < next.length; cpu++) {
      while (next[cpu] < graph.starts[cpu + 1] && done[next[cpu]]) next[cpu]++;
      const event = next[cpu];
      if (event < graph.starts[cpu + 1] && waiting[event] === 0) return event;
    }
    for (let event = graph.initial; event < n; event++)
      if (!done[event] && waiting[event] === 0) return event;
    return -1;
  }
}

/** rf and co between CPUs, and fr. */
function globalEdges({ graph, sources, coherence }: Execution): [number, number][] {
  const edges: [number, number][] = [];
  for (const writes of coherence.values()) {
    for (let index = 1; index < writes.length; index++) edges.push([writes[index - 1], writes[index]]);
  }
  sources.forEach((source, read) => {
    if (source === undefined) return;
    if (graph.events[source].cpu !== graph.events[read].cpu) edges.push([source, read]);
    const writes = coherence.get(graph.events[read].cell as never) ?? [];
    const overtaking = writes[writes.indexOf(source) + 1];
    // The write of the read's own atomic pair overtakes it too; that is no order between CPUs, but a true one.
    if (overtaking !== undefined) edges.push([read, overtaking]);
  });
  return edges;
}

/** The events that take effect although an event before them in program order on their CPU has not yet. */
export function outOfOrder(execution: Execution, order: readonly EventId[]): ReadonlySet<EventId> {
  const { graph } = execution;
  const done = new Set<number>();
  const early = new Set<EventId>();
  for (const event of order) {
    const start = graph.starts[graph.events[event].cpu];
    for (let before = start; before < event; before++) {
      if (!done.has(before) && graph.events[before].kind !== 'fence') early.add(event);
    }
    done.add(event);
  }
  return early;
}
