import {
  coherenceIsRequired,
  type Exclusions,
  type Model,
  type PairsBeside,
  type Plan,
  planOf,
  withExclusions,
} from '../cat/index.js';
import type { Span } from '../diagnostics.js';
import {
  belongsTo,
  buildGraph,
  type CpuTrace,
  type ProgramUnfolding,
  type Speculation,
  type Trace,
  unfoldProgram,
} from '../execution/index.js';
import { type LimitKind, LimitReached } from '../limits.js';
import type { CellId, Program, ValueTable } from '../program/index.js';
import { ArenaPool } from './candidate/arena-pool.js';
import type { ExecutionCollector, SearchCounts } from './candidate/collector.js';
import { GraphArena } from './candidate/graph-arena.js';
import { pathDependence } from './candidate/path-dependence.js';
import { possibleErrorNames } from './candidate/possible-errors.js';
import type { SearchContext } from './candidate/search-context.js';
import { isPossible, pursueGoals } from './directed/goal-plan.js';
import { Enumeration } from './enumerate/enumeration.js';
import { ordersMayBeIndependent } from './enumerate/independence.js';
import { allowedCircles } from './thin-air/allowed-circles.js';

/**
 * How to search. `naive`: generate every candidate execution, and test it. `pruned`: give a part of an
 * execution up as soon as the model forbids it or it can tell nothing new. `directed`: look for executions
 * that tell something new, and learn from dead ends; where every execution is asked for, as `pruned`. The
 * answers are the same.
 */
export type SearchStrategy = 'naive' | 'pruned' | 'directed';

/** All ways to search, the simplest first. */
export const searchStrategies: readonly SearchStrategy[] = ['naive', 'pruned', 'directed'];

export interface AxiomaticOptions {
  readonly search: SearchStrategy;
  /** How often a loop that reads decide may start again. */
  readonly unroll: number;
  /** Looks ahead in a graph that the directed search takes before it has earned one. @default 1 */
  readonly looks?: number;
  /**
   * Conflicts in a graph after which the directed search finds out what takes more than a look. @default 16
   */
  readonly strengthenAfter?: number;
  /**
   * Ways of values from write to write that it then tells apart; past so many it is content with less.
   * @default 20000
   */
  readonly mostPaths?: number;
}

/** How a search went; its answers are with the collector. */
export interface AxiomaticRun {
  readonly counts: SearchCounts;
  /** The limit that ended it before it was through. */
  readonly limit?: LimitKind;
  /** Where paths were given up at the unrolling limit. */
  readonly cut: readonly Span[];
}

interface Compiled {
  readonly plan: Plan;
  /** Whether the model requires coherence of programs whose po leaves out these pairs. */
  readonly coherent: Readonly<Record<PairsBeside, boolean>>;
  readonly dependence: Int8Array;
  readonly independence: boolean;
  readonly exclusions: Exclusions;
  readonly arenas: ArenaPool;
}

const STRENGTHEN_AFTER = 16;
const LOOKS = 1;

/** A model is planned once, and its arenas are used again by later searches. */
const compiled = new WeakMap<Model, Compiled>();

function compile(model: Model): Compiled {
  let found = compiled.get(model);
  if (!found) {
    const { plan, exclusions } = withExclusions(planOf(model));
    found = {
      plan,
      independence: ordersMayBeIndependent(plan),
      exclusions,
      coherent: {
        none: coherenceIsRequired(model),
        atomic: coherenceIsRequired(model, 'atomic'),
        any: coherenceIsRequired(model, 'any'),
      },
      dependence: pathDependence(model),
      arenas: new ArenaPool(plan),
    };
    compiled.set(model, found);
  }
  return found;
}

/**
 * Shows the collector the consistent executions of a program under a model, until it has what it wants. The
 * program's primitives must be mapped to a target.
 * @throws UnboundedAddress when the locations of an access cannot be listed
 */
export function searchProgram(
  program: Program,
  model: Model,
  values: ValueTable,
  collector: ExecutionCollector,
  options: AxiomaticOptions,
): AxiomaticRun {
  const counts: SearchCounts = { graphs: 0, decisions: 0, conflicts: 0, executions: 0, circular: 0 };
  let cut: readonly Span[] = [];
  try {
    const limits = {
      unroll: options.unroll,
      decisions: model.tags.includes('choice') || model.tags.includes('might'),
    };
    const unfolding = unfoldProgram(program, limits, (speculation) => circlesUnder(model, speculation));
    cut = unfolding.cut;
    const ways = unfolding.cpus.flat();
    const hasHandlers = ways.some(({ parts }) => parts.length > 1);
    const traces = ways.flatMap(({ parts }) => parts);
    const fitted = model.without(absentSets(model, traces, hasHandlers));
    collector.expectFlags?.(new Set([...possibleFlags(fitted), ...possibleErrorNames(unfolding)]));
    const used = compile(fitted);
    const naive = options.search === 'naive';
    const context: SearchContext = {
      naive,
      mayErr: unfolding.mayErr,
      sharing: !naive && collector.counts === true && used.independence && !unfolding.mayErr,
      strengthenAfter: options.strengthenAfter ?? STRENGTHEN_AFTER,
      looks: options.looks ?? LOOKS,
      ...(options.mostPaths === undefined ? {} : { mostPaths: options.mostPaths }),
      values,
      collector,
      ...used,
      counts,
      coherent: used.coherent[pairsBeside(unfolding)] && !naive,
    };
    if (options.search !== 'directed' || !pursueGoals(program, unfolding, context))
      searchAll(unfolding, context);
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    return { counts, limit: error.kind, cut };
  }
  return { counts, cut };
}

function circlesUnder(model: Model, speculation: Speculation): ReadonlySet<CellId> {
  const { program, traces } = speculation;
  const hasHandlers = program.threads.some(({ interrupt }) => interrupt);
  const { arenas, dependence } = compile(model.without(absentSets(model, traces.flat(), hasHandlers)));
  return allowedCircles(speculation, arenas, dependence);
}

/** Looks at every execution. */
function searchAll({ cells, cpus }: ProgramUnfolding, context: SearchContext): void {
  forEachCombination(cpus, (paths) => {
    const arena = new GraphArena(buildGraph(cells, paths), context);
    const stopped = new Enumeration(arena, context).run();
    arena.release();
    return stopped;
  });
}

/** Which pairs of one instruction po leaves out. */
function pairsBeside({ cpus }: ProgramUnfolding): PairsBeside {
  const writes = cpus
    .flat()
    .flatMap(({ parts }) => parts.flatMap(({ events }) => events.filter((e) => e.besideRead !== undefined)));
  if (writes.length === 0) return 'none';
  return writes.every(({ atomic }) => atomic) ? 'atomic' : 'any';
}

/** Names of the flags that the model can raise: not those of what is evidently empty. */
function possibleFlags({ checks }: Model): ReadonlySet<string> {
  return new Set(checks.filter((check) => check.flag && isPossible({ check })).map(({ name }) => name));
}

/**
 * Sets of the model that no event of the program belongs to. Without them a model can be much simpler:
 * without locks, the Linux model's rf and co are those of the search, and its checks prune.
 */
function absentSets(
  model: Model,
  traces: Iterable<Pick<Trace, 'events' | 'decisions'>>,
  hasHandlers: boolean,
): ReadonlySet<string> {
  const absent = new Set(model.tags);
  // The entry and return of a handler are events that no part lists.
  if (hasHandlers) for (const name of ['IntEntry', 'IntReturn']) absent.delete(name);
  // Most events are like one that was looked at before.
  const seen = new Set<string>();
  for (const { events, decisions } of traces) {
    if (decisions.length > 0) absent.delete('might');
    for (const { kind, atomic, cell, tags, choice } of events) {
      if (choice.length > 0) absent.delete('choice');
      const key = `${kind} ${atomic} ${cell === undefined} ${tags}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const place = cell ?? (kind === 'fence' ? -1 : (0 as CellId));
      const placed = { kind, cpu: 0, cell: place, tags } as const;
      for (const name of absent)
        if (belongsTo({ ...placed, ...(atomic ? { atomic } : {}) }, name)) absent.delete(name);
    }
  }
  return absent;
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
