/** A pair of numbers, from 0. */
type Edge = readonly [from: number, to: number];

/**
 * By number: that of its strongly connected component, the same for those that lead to each other (Kosaraju,
 * Sharir). An edge within one is on a cycle.
 */
export function componentsOf(edges: readonly Edge[]): number[] {
  const size = edges.reduce((most, [from, to]) => Math.max(most, from + 1, to + 1), 0);
  const forward = neighbours(edges, size);
  const back = neighbours(
    edges.map(([from, to]) => [to, from]),
    size,
  );
  const finished: number[] = [];
  const seen = new Array<boolean>(size).fill(false);
  for (let start = 0; start < size; start++) walk(start, forward, seen, (node) => finished.push(node));
  const component = new Array<number>(size).fill(-1);
  const placed = new Array<boolean>(size).fill(false);
  for (const start of finished.reverse()) {
    walk(start, back, placed, (node) => {
      component[node] = start;
    });
  }
  return component;
}

function neighbours(edges: readonly Edge[], size: number): number[][] {
  const lists: number[][] = Array.from({ length: size }, () => []);
  for (const [from, to] of edges) lists[from].push(to);
  return lists;
}

/** Visits what a node leads to and has not been seen, each node after all that it leads to. */
function walk(
  start: number,
  lists: readonly number[][],
  seen: boolean[],
  leave: (node: number) => void,
): void {
  if (seen[start]) return;
  seen[start] = true;
  const stack = [{ node: start, next: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const to = lists[top.node][top.next++];
    if (to === undefined) {
      leave(top.node);
      stack.pop();
    } else if (!seen[to]) {
      seen[to] = true;
      stack.push({ node: to, next: 0 });
    }
  }
}
