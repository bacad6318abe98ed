import type { Execution } from '../../check/index.js';
import { communication } from './links.js';

type Pair = readonly [from: number, to: number];

/**
 * The row of each event, from 0: time goes downwards. An event stands below those before it in program order;
 * and below the write that it reads from, the write that it overwrites and the reads that it comes too late
 * for, in this order of weight, as far as that makes no circle with what counts already: of a circle, no part
 * is before the others. Initial writes, who come before everything, are below one another.
 */
export function rowsOf(execution: Execution): Int32Array {
  const { graph } = execution;
  const n = graph.events.length;
  const pairs = [...programOrder(graph.starts), ...initialColumn(graph.initial)];
  const wishes = communication(execution).filter(
    ({ from, to }) => graph.events[from].cpu >= 0 && graph.events[from].cpu !== graph.events[to].cpu,
  );
  for (const relation of ['rf', 'co', 'fr'] as const) {
    const more = wishes.filter((wish) => wish.relation === relation).map(({ from, to }): Pair => [from, to]);
    const component = components(n, pairs.concat(more));
    pairs.push(...more.filter(([from, to]) => component[from] !== component[to]));
  }
  return longestPaths(n, pairs);
}

function programOrder(starts: readonly number[]): Pair[] {
  return starts.slice(0, -1).flatMap((start, cpu) => column(start, starts[cpu + 1]));
}

const initialColumn = (initial: number): Pair[] => column(0, initial);

function column(start: number, end: number): Pair[] {
  return Array.from({ length: Math.max(0, end - start - 1) }, (_, at): Pair => [start + at, start + at + 1]);
}

function successors(n: number, pairs: readonly Pair[]): number[][] {
  const after: number[][] = Array.from({ length: n }, () => []);
  for (const [from, to] of pairs) after[from].push(to);
  return after;
}

/**
 * Numbers the events so that two have the same number when each can be reached from the other (Kosaraju's two
 * passes).
 */
function components(n: number, pairs: readonly Pair[]): Int32Array {
  const finished: number[] = [];
  visit(successors(n, pairs), [...Array(n).keys()], (event) => finished.push(event));
  const backward = successors(
    n,
    pairs.map(([from, to]): Pair => [to, from]),
  );
  const component = new Int32Array(n);
  visit(backward, finished.reverse(), (event, root) => {
    component[event] = root;
  });
  return component;
}

/**
 * Depth first, from each root in turn through what is not yet visited; an event is told of when all after it
 * are done.
 */
function visit(
  after: readonly (readonly number[])[],
  roots: readonly number[],
  done: (event: number, root: number) => void,
): void {
  const seen = new Uint8Array(after.length);
  const next = new Int32Array(after.length);
  for (const root of roots) {
    if (seen[root]) continue;
    const path = [root];
    seen[root] = 1;
    while (path.length > 0) {
      const event = path[path.length - 1];
      const to = after[event][next[event]++];
      if (to === undefined) {
        done(event, root);
        path.pop();
      } else if (!seen[to]) {
        seen[to] = 1;
        path.push(to);
      }
    }
  }
}

/** For each event, how many steps the longest path of pairs to it has. @pre the pairs make no cycle */
function longestPaths(n: number, pairs: readonly Pair[]): Int32Array {
  const after = successors(n, pairs);
  const waiting = new Int32Array(n);
  for (const [, to] of pairs) waiting[to]++;
  const ready = [...Array(n).keys()].filter((event) => waiting[event] === 0);
  const length = new Int32Array(n);
  for (const event of ready) {
    for (const to of after[event]) {
      length[to] = Math.max(length[to], length[event] + 1);
      if (--waiting[to] === 0) ready.push(to);
    }
  }
  return length;
}
