import { UNKNOWN } from '../../program/index.js';
import type { SearchView } from './search-view.js';
import type { SourcePropagator } from './source-propagator.js';
import type { ValueRequirements } from './value-requirements.js';

/** What to decide next: sources before orders; what is asked first, and of that what has the fewest ways. */
export class DecisionOrder {
  constructor(
    private readonly view: SearchView,
    private readonly sources: SourcePropagator,
    private readonly requirements: ValueRequirements,
  ) {}

  /** The literal to decide; -1 when nothing is open. */
  next(): number {
    const target = this.bestTarget();
    return target >= 0 ? this.bestSource(target) : this.openOrder();
  }

  private bestTarget(): number {
    const { chosen, variables } = this.view;
    const { left } = this.sources;
    let best = -1;
    let bestRank = 0;
    for (let target = 0; target < variables.targets; target++) {
      if (variables.cellOf[target] < 0 || chosen[target] >= 0) continue;
      const rank = this.requirements.rank(target);
      if (best >= 0 && (rank > bestRank || (rank === bestRank && left[target] >= left[best]))) continue;
      best = target;
      bestRank = rank;
    }
    return best;
  }

  /** A source that has the value that is required; else the first that is open. */
  private bestSource(target: number): number {
    const { variables, solver, values } = this.view;
    const { base, size, first } = variables;
    const required = this.requirements.required[target];
    let open = -1;
    for (let variable = base[target]; variable < base[target] + size[target]; variable++) {
      if (solver.truth[2 * variable] !== 0) continue;
      if (required !== UNKNOWN && values.of[first[variable]] === required) return 2 * variable;
      if (open < 0) open = variable;
    }
    return 2 * open;
  }

  private openOrder(): number {
    const { variables, solver } = this.view;
    for (let variable = variables.orders; variable < variables.count; variable++)
      if (solver.truth[2 * variable] === 0) return 2 * variable;
    return -1;
  }
}
