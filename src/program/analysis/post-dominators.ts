/** Where what a branch controls ends. */
import type { Code } from '../program.js';
import { successors } from './successors.js';

/** Where a branch's control ends when its two ways never meet again inside the code. */
export const NEVER = Number.MAX_SAFE_INTEGER;

const joins = new WeakMap<Code, Int32Array>();

/**
 * For each instruction its immediate post-dominator: the first instruction that every way from here to the end of the
 * code passes (the code's length stands for the end), or -1 where no way leads to the end. What a branch controls ends there
 * (Ferrante, Ottenstein, Warren: The Program Dependence Graph, 1987).
 */
export function joinsOf(code: Code): Int32Array {
  let found = joins.get(code);
  if (!found) {
    found = immediatePostDominators(code);
    joins.set(code, found);
  }
  return found;
}

/** Cooper, Harvey and Kennedy's iteration (A Simple, Fast Dominance Algorithm, 2001) on the reversed flow graph. */
function immediatePostDominators(code: Code): Int32Array {
  const end = code.instructions.length;
  const order = postOrderFromEnd(code);
  const rank = new Int32Array(end + 1).fill(-1);
  order.forEach((node, at) => {
    rank[node] = at;
  });
  const parent = new Int32Array(end + 1).fill(-1);
  parent[end] = end;
  const meet = (a: number, b: number): number => {
    while (a !== b) {
      while (rank[a] < rank[b]) a = parent[a];
      while (rank[b] < rank[a]) b = parent[b];
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = order.length - 1; at >= 0; at--) {
      const node = order[at];
      if (node === end) continue;
      let best = -1;
      for (const next of successors(code, node)) {
        if (rank[next] >= 0 && parent[next] >= 0) best = best < 0 ? next : meet(best, next);
      }
      if (best !== parent[node]) {
        parent[node] = best;
        changed = true;
      }
    }
  }
  return parent;
}

/** The nodes from which the end can be reached, in post-order of a walk against the flow: the end comes last. */
function postOrderFromEnd(code: Code): number[] {
  const end = code.instructions.length;
  const before: number[][] = Array.from({ length: end + 1 }, () => []);
  for (let pc = 0; pc < end; pc++) for (const next of successors(code, pc)) before[next].push(pc);
  const order: number[] = [];
  const seen = new Uint8Array(end + 1);
  const visit = (node: number): void => {
    seen[node] = 1;
    for (const previous of before[node]) if (!seen[previous]) visit(previous);
    order.push(node);
  };
  visit(end);
  return order;
}

/** Where the control of the branch at a place ends. */
export function joinOf(code: Code, pc: number): number {
  const join = joinsOf(code)[pc];
  return join < 0 ? NEVER : join;
}
