import { type EventId, eventId } from '../execution/index.js';
import type { Execution } from './execution.js';

type Pair = readonly [number, number];

/**
 * An order in which the accesses of an execution can be told as taking effect one after the other: a read
 * after the write of another CPU that it reads from, a write after those before it in co, a read before the
 * writes that overtake the one it reads from; and as far as that leaves room, as the model's own checks and
 * the dependencies have it. Where that leaves a choice, program order decides. Undefined when there is no
 * such order (a model in which a write does not reach all CPUs at once). Initial writes are left out.
 */
export function effectOrder(execution: Execution): EventId[] | undefined {
  const { graph, orders } = execution;
  let edges = communicationIn(execution);
  let order = sorted(execution, edges);
  if (!order) return undefined;
  // The last check of a model is its strongest; the coherence check comes first, and counts reads from the
  // own buffer.
  for (const wish of [...orders]
    .reverse()
    .concat([bounded(graph), [...graph.addr, ...graph.data, ...graph.ctrl]])) {
    const more = edges.concat(wish);
    const better = sorted(execution, more);
    if (better) [edges, order] = [more, better];
  }
  return order;
}

/**
 * What stands before a release or after an acquire: models that order only marked accesses do not say so of
 * plain ones.
 */
function bounded({ events, starts }: Execution['graph']): Pair[] {
  const carries = (event: number, tag: string): boolean =>
    events[event].tags.some((one) => one.toLowerCase() === tag);
  return starts.slice(0, -1).flatMap((start, cpu) => {
    const pairs: Pair[] = [];
    for (let first = start; first < starts[cpu + 1]; first++) {
      for (let second = first + 1; second < starts[cpu + 1]; second++)
        if (carries(first, 'acquire') || carries(second, 'release')) pairs.push([first, second]);
    }
    return pairs;
  });
}

/** A topological order of the events, or undefined when the edges make a cycle. */
function sorted({ graph }: Execution, edges: readonly Pair[]): EventId[] | undefined {
  const n = graph.events.length;
  const after: Set<number>[] = Array.from({ length: n }, () => new Set());
  for (const [from, to] of edges) after[from].add(to);
  const waiting = new Int32Array(n);
  for (const targets of after) for (const to of targets) waiting[to]++;
  const next = graph.starts.slice(0, -1);
  const done = new Uint8Array(n);
  const order: EventId[] = [];
  const take = (event: number): void => {
    done[event] = 1;
    for (const to of after[event]) waiting[to]--;
  };
  for (let event = 0; event < graph.initial; event++) take(event);
  while (order.length < n - graph.initial) {
    const event = inTurn();
    const taken = event >= 0 ? event : aheadOfTurn();
    if (taken < 0) return undefined;
    order.push(eventId(taken));
    take(taken);
  }
  return order;

  /** The next event of a CPU in program order, if one is free. */
  function inTurn(): number {
    for (let cpu = 0; cpu < next.length; cpu++) {
      while (next[cpu] < graph.starts[cpu + 1] && done[next[cpu]]) next[cpu]++;
      const event = next[cpu];
      if (event < graph.starts[cpu + 1] && waiting[event] === 0) return event;
    }
    return -1;
  }

  /**
   * The first access that is free although one before it on its CPU is not. A fence is told where it stands.
   */
  function aheadOfTurn(): number {
    for (let event = graph.initial; event < n; event++) {
      if (!done[event] && waiting[event] === 0 && graph.events[event].kind !== 'fence') return event;
    }
    return -1;
  }
}

/** rf between CPUs, co, and fr to the next write. */
function communicationIn({ graph, sources, coherence }: Execution): Pair[] {
  const edges: Pair[] = [];
  for (const writes of coherence.values()) {
    for (let index = 1; index < writes.length; index++) edges.push([writes[index - 1], writes[index]]);
  }
  sources.forEach((source, read) => {
    const { cell, cpu } = graph.events[read];
    if (source === undefined || cell < 0) return;
    if (graph.events[source].cpu !== cpu) edges.push([source, read]);
    for (const [location, writes] of coherence) {
      if (location !== cell) continue;
      const overtaking = writes[writes.indexOf(source) + 1];
      if (overtaking !== undefined) edges.push([read, overtaking]);
    }
  });
  return edges;
}

/** The events that take effect although an access before them in program order on their CPU has not yet. */
export function outOfOrder({ graph }: Execution, order: readonly EventId[]): ReadonlySet<EventId> {
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
