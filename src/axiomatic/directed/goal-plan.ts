import type { PlannedCheck } from '../../cat/index.js';
import type { CpuTrace, ProgramUnfolding } from '../../execution/index.js';
import type { Program } from '../../program/index.js';
import type { Goal } from '../candidate/collector.js';
import { possibleErrorNames } from '../candidate/possible-errors.js';
import type { SearchContext } from '../candidate/search-context.js';
import { isDecidedByPaths, searchPathFlags } from './path-flags.js';
import { PathSearch } from './path-search.js';
import { ProgramPaths } from './program-paths.js';

type Ways = readonly (readonly CpuTrace[])[];

/**
 * Pursues the goals of a collector, and what counts whatever is asked: errors, and flags of the model.
 * Returns false when every execution has to be looked at: when they are counted.
 */
export function pursueGoals(program: Program, unfolding: ProgramUnfolding, context: SearchContext): boolean {
  const goals = context.collector.goals?.();
  if (!goals) return false;
  const paths = new ProgramPaths(program, unfolding, context);
  new GoalPlan(paths, context).run(goals);
  paths.release();
  return true;
}

/** Which goals are pursued on which paths, in what order. */
class GoalPlan {
  /** Paths that do not break off; and of these, those without faults. */
  private readonly whole: Ways;
  private readonly sound: Ways;
  private readonly filter: Goal['wanted'];

  constructor(
    private readonly paths: ProgramPaths,
    private readonly context: SearchContext,
  ) {
    this.whole = paths.unfolding.cpus.map((ways) => ways.filter(({ partial }) => !partial));
    this.sound = this.whole.map((ways) => ways.filter((way) => !isFaulty(way)));
    this.filter = context.collector.filter ?? { kind: 'true' };
  }

  run(goals: readonly Goal[]): void {
    const { plan, dependence, collector } = this.context;
    const flags = plan.checks.flags.filter(isPossible);
    const fixed = flags.filter((flag) => isDecidedByPaths(flag, dependence));
    const varying = flags.filter((flag) => !fixed.includes(flag));
    // What flags tell of may come up in any execution; until all have, each is looked at.
    const flagged = () => varying.every(({ check }) => collector.raised?.has(check.name));
    if (flagged() || this.search(this.whole, { wanted: this.filter, answered: flagged, every: true })) {
      for (const goal of goals) if (!goal.answered()) this.search(this.sound, this.withoutErrors(goal));
    }
    if (this.whole.every((ways) => ways.length > 0))
      searchPathFlags(this.paths, this.whole, fixed, this.context);
    if (collector.raised) this.searchErrors(collector.raised);
  }

  /** Searches until the goal is answered. Returns whether it was, before the search was through. */
  private search(ways: Ways, goal: Goal): boolean {
    return new PathSearch(this.paths, ways, goal, this.context).run();
  }

  private withoutErrors(goal: Goal): Goal {
    return this.paths.unfolding.mayErr ? { ...goal, error: 'none' } : goal;
  }

  private searchErrors(raised: ReadonlySet<string>): void {
    const { unfolding } = this.paths;
    // What breaks off has no final state that the filter could be asked of.
    const ways = this.context.collector.filter ? this.whole : unfolding.cpus;
    for (const error of possibleErrorNames(unfolding)) {
      const goal: Goal = { wanted: this.filter, answered: () => raised.has(error), error };
      if (!goal.answered()) this.search(ways, goal);
    }
  }
}

const isFaulty = ({ parts }: CpuTrace): boolean =>
  parts.some(({ events }) => events.some(({ fault }) => fault));

/** Whether a flag can come up: not that of what is evidently empty. */
export function isPossible({ check }: Pick<PlannedCheck, 'check'>): boolean {
  return !(check.kind === 'empty' && check.negated && check.term.operator === 'empty');
}
