import type { CpuTrace, ExecutionGraph } from '../../execution/index.js';

const keys = new WeakMap<CpuTrace, string>();

/** The same for paths that do the same: whatever one CPU can do on it, another can on the other. */
function keyOf(path: CpuTrace): string {
  let key = keys.get(path);
  if (key === undefined) {
    key = JSON.stringify(
      [path.order, path.parts.map(({ events, constraints }) => [events, constraints])],
      replaced,
    );
    keys.set(path, key);
  }
  return key;
}

/** Leaves out what does not matter to an execution: whose code it is, and where it stands. */
function replaced(name: string, value: unknown): unknown {
  if (name === 'thread' || name === 'span') return undefined;
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** Groups of CPUs of those given that do the same, each of two or more. */
export function alike(paths: readonly CpuTrace[], cpus: readonly number[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const cpu of cpus) {
    const key = keyOf(paths[cpu]);
    const group = groups.get(key);
    if (group) group.push(cpu);
    else groups.set(key, [cpu]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/**
 * Writes of CPUs that do the same, to one location, one write a CPU: any execution has a counterpart in which
 * they stand in co in this order, with the CPUs renamed. Undefined when they do not write.
 */
export function ordersToTake(
  { events, starts }: ExecutionGraph,
  group: readonly number[],
  preferred: ReadonlySet<number>,
): number[] | undefined {
  let found = -1;
  for (let event = starts[group[0]]; event < starts[group[0] + 1]; event++) {
    const { kind, cell } = events[event];
    if (kind !== 'write' || (found >= 0 && !preferred.has(cell))) continue;
    found = event - starts[group[0]];
    if (preferred.has(cell)) break;
  }
  return found < 0 ? undefined : group.map((cpu) => starts[cpu] + found);
}
