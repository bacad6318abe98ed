import type { PlannedCheck } from '../../cat/index.js';
import type { CpuTrace, ProgramUnfolding } from '../../execution/index.js';
import type { Program } from '../../program/index.js';
import type { SearchContext } from '../candidate/candidate-execution.js';
import type { Aim } from '../candidate/collector.js';
import { possibleErrors } from '../candidate/possible-errors.js';
import { isDecidedByPaths, searchFixedFlags } from './path-flags.js';
import { PathSearch, ProgramPaths } from './path-search.js';

type Ways = readonly (readonly CpuTrace[])[];

/**
 * Pursues a goal's aims, and what counts whatever is asked: errors, and flags of the model. False when every execution has to be looked
 * at: where they are counted.
 */
export function pursueAims(program: Program, unfolding: ProgramUnfolding, context: SearchContext): boolean {
  const aims = context.goal.aims?.();
  if (!aims) return false;
  new Pursuit(new ProgramPaths(program, unfolding), context).run(aims);
  return true;
}

class Pursuit {
  /** Paths that do not break off; and of these, those on which the program does nothing that it cannot. */
  private readonly whole: Ways;
  private readonly sound: Ways;

  constructor(
    private readonly paths: ProgramPaths,
    private readonly context: SearchContext,
  ) {
    this.whole = paths.unfolding.cpus.map((ways) => ways.filter(({ partial }) => !partial));
    this.sound = this.whole.map((ways) => ways.filter((way) => !isFaulty(way)));
  }

  run(aims: readonly Aim[]): void {
    const { goal } = this.context;
    const filter = goal.filter ?? { kind: 'true' };
    const [fixed, varying] = this.flags();
    // What flags tell of may come up in any execution; until all have, each is looked at.
    const flagged = () => varying.every(({ check }) => goal.raised?.has(check.name));
    const every: Aim = { wanted: filter, answered: flagged, every: true };
    if (flagged() || this.search(this.whole, every)) {
      for (const aim of aims) if (!aim.answered()) this.search(this.sound, this.withoutErrors(aim));
    }
    if (this.whole.every((ways) => ways.length > 0))
      searchFixedFlags(this.paths, this.whole, fixed, this.context);
    this.searchErrors();
  }

  /** Searches until the aim is answered. Says whether it ended before it was through. */
  private search(ways: Ways, aim: Aim): boolean {
    return new PathSearch(this.paths, ways, aim, this.context).run();
  }

  /** The model's flags: those that paths alone decide about, and the others. */
  private flags(): readonly [PlannedCheck[], PlannedCheck[]] {
    const { plan, localities } = this.context;
    const flags = plan.checks.flags.filter(isPossible);
    const isFixed = (flag: PlannedCheck) => isDecidedByPaths(flag, localities);
    return [flags.filter(isFixed), flags.filter((flag) => !isFixed(flag))];
  }

  private withoutErrors(aim: Aim): Aim {
    return this.paths.unfolding.mayErr ? { ...aim, error: 'none' } : aim;
  }

  private searchErrors(): void {
    const { goal } = this.context;
    const { unfolding } = this.paths;
    const { raised } = goal;
    if (!raised) return;
    for (const error of possibleErrors(unfolding)) {
      const aim: Aim = { wanted: goal.filter ?? { kind: 'true' }, answered: () => raised.has(error), error };
      // What breaks off has no final state that the filter could be asked of.
      if (!aim.answered()) this.search(goal.filter ? this.whole : unfolding.cpus, aim);
    }
  }
}

const isFaulty = ({ parts }: CpuTrace): boolean =>
  parts.some(({ events }) => events.some(({ fault }) => fault));

/** Whether a flag can come up: not that of what is evidently empty. */
export function isPossible({ check }: Pick<PlannedCheck, 'check'>): boolean {
  return !(check.kind === 'empty' && check.negated && check.term.operator === 'empty');
}
