import { coherenceIsRequired, type Evaluator, type Model, type Plan, planOf } from '../cat/index.js';
import type { Span } from '../diagnostics.js';
import { buildGraph, type CpuTrace, unfoldProgram } from '../execution/index.js';
import type { Program, ValueTable } from '../program/index.js';
import {
  type Goal,
  GraphSearch,
  type Poll,
  type SearchContext,
  type SearchCounts,
  SearchExpired,
} from './search.js';

export interface AxiomaticOptions {
  /** How often a loop that reads decide may start again. */
  readonly unroll: number;
  readonly poll: Poll;
}

/** How a search went; its answers are with the goal. */
export interface AxiomaticRun {
  readonly counts: SearchCounts;
  /** The limits ended it before it was through. */
  readonly expired: boolean;
  /** Where paths were given up at the unrolling limit. */
  readonly cut: readonly Span[];
}

interface Compiled {
  readonly plan: Plan;
  readonly coherent: boolean;
  readonly evaluators: Map<number, Evaluator>;
}

/** A model is planned once, and its arenas are used again by later searches. */
const compiled = new WeakMap<Model, Compiled>();

function compile(model: Model): Compiled {
  let found = compiled.get(model);
  if (!found) {
    found = { plan: planOf(model), coherent: coherenceIsRequired(model), evaluators: new Map() };
    compiled.set(model, found);
  }
  return found;
}

/**
 * Shows the goal the consistent executions of a program under a model, until it has what it wants. The program's primitives must be
 * mapped to a target.
 * @throws ProgramFault when a consistent execution does what the program must not do
 * @throws UnboundedAddress when the locations of an access cannot be listed
 */
export function searchProgram(
  program: Program,
  model: Model,
  values: ValueTable,
  goal: Goal,
  options: AxiomaticOptions,
): AxiomaticRun {
  const unfolding = unfoldProgram(program, { unroll: options.unroll });
  const counts: SearchCounts = { graphs: 0, decisions: 0, executions: 0, circular: 0 };
  const context: SearchContext = { ...compile(model), values, goal, poll: options.poll, counts };
  let expired = false;
  try {
    forEachCombination(unfolding.cpus, (paths) =>
      new GraphSearch(buildGraph(unfolding.cells, paths), context).run(),
    );
  } catch (error) {
    if (!(error instanceof SearchExpired)) throw error;
    expired = true;
  }
  return { counts, expired, cut: unfolding.cut };
}

/** Calls `visit` for each way to pick one path a CPU, until it answers true. */
function forEachCombination(
  cpus: readonly (readonly CpuTrace[])[],
  visit: (paths: readonly CpuTrace[]) => boolean,
): void {
  const paths: CpuTrace[] = [];
  const pick = (cpu: number): boolean => {
    if (cpu === cpus.length) return visit(paths);
    for (const path of cpus[cpu]) {
      paths[cpu] = path;
      if (pick(cpu + 1)) return true;
    }
    return false;
  };
  pick(0);
}
