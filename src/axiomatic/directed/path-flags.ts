import type { PlannedCheck } from '../../cat/index.js';
import { buildGraph, type CpuTrace, type ExecutionGraph } from '../../execution/index.js';
import { look } from '../../limits.js';
import type { Goal } from '../candidate/collector.js';
import { GraphArena } from '../candidate/graph-arena.js';
import { GLOBAL, LOCAL } from '../candidate/path-dependence.js';
import type { SearchContext } from '../candidate/search-context.js';
import { PathSearch } from './path-search.js';
import type { ProgramPaths } from './program-paths.js';

/** Graphs between two looks at the limits. */
const GRAPHS_POLLED = 32;

/**
 * Looks for an execution that raises each flag that the program's paths alone decide about: once those of two
 * CPUs that raise it are found, any execution with them will do.
 * @param flags of which no term depends on rf or co, and none on more than two CPUs at once
 * (`isDecidedByPaths`)
 */
export function searchPathFlags(
  paths: ProgramPaths,
  cpus: readonly (readonly CpuTrace[])[],
  flags: readonly PlannedCheck[],
  context: SearchContext,
): void {
  const open = new Set(flags);
  const single = flags.every(({ slot }) => context.dependence[slot] === LOCAL);
  let looked = 0;
  for (const restricted of single ? singlePaths(cpus) : pairsOfPaths(cpus)) {
    if (open.size === 0) return;
    if (++looked % GRAPHS_POLLED === 0) look();
    const graph = buildGraph(
      paths.unfolding.cells,
      restricted.map(([first]) => first),
    );
    const raised = raisedIn(graph, [...open], context);
    if (raised.length === 0) continue;
    const goal: Goal = { wanted: context.collector.filter ?? { kind: 'true' }, answered: () => true };
    new PathSearch(paths, restricted, goal, context).run();
    // It may have come up on the first path of another CPU, and the execution found be on another one.
    for (const flag of raised) if (context.collector.raised?.has(flag.check.name)) open.delete(flag);
  }
}

export function isDecidedByPaths({ stage, slot }: PlannedCheck, dependence: Int8Array): boolean {
  return stage === 0 && dependence[slot] !== GLOBAL;
}

type AllPaths = readonly (readonly CpuTrace[])[];

const withSeveral = (cpus: AllPaths): number[] => cpus.flatMap((ways, cpu) => (ways.length > 1 ? [cpu] : []));

/** For each CPU each of its paths, with all paths of the others. */
function* singlePaths(cpus: AllPaths): IterableIterator<AllPaths> {
  const several = withSeveral(cpus);
  if (several.length === 0) yield cpus;
  for (const one of several) {
    for (const way of cpus[one]) yield cpus.map((ways, cpu) => (cpu === one ? [way] : ways));
  }
}

/** For each two CPUs all pairs of their paths, with all paths of the others. */
function* pairsOfPaths(cpus: AllPaths): IterableIterator<AllPaths> {
  const several = withSeveral(cpus);
  if (several.length < 2) {
    yield* singlePaths(cpus);
    return;
  }
  for (const [index, first] of several.entries()) {
    for (const second of several.slice(index + 1)) {
      for (const one of cpus[first]) {
        for (const other of cpus[second]) {
          yield cpus.map((ways, cpu) => (cpu === first ? [one] : cpu === second ? [other] : ways));
        }
      }
    }
  }
}

function raisedIn(
  graph: ExecutionGraph,
  flags: readonly PlannedCheck[],
  context: SearchContext,
): PlannedCheck[] {
  const arena = new GraphArena(graph, context);
  arena.evaluate();
  const raised = flags.filter((flag) => arena.evaluator.test(flag));
  arena.release();
  return raised;
}
