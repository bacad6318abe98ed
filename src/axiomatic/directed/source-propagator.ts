import type { Conflict } from '../sat/solver.js';
import type { SearchView } from './search-view.js';

/**
 * Each target has exactly one source: the choice of one rules the others out, and the last that is left is
 * chosen.
 *
 * Invariant: `left` counts the sources of a target that are not false, as far as `ruledOut` and `allowed`
 * have been told.
 */
export class SourcePropagator {
  /** By target: how many sources are not ruled out. */
  readonly left: Int32Array;

  constructor(private readonly view: SearchView) {
    this.left = view.variables.size.slice();
  }

  /** Before any decision: chooses only sources. A target without any is a conflict. */
  begin(): Conflict | undefined {
    const { targets, cellOf, base, size } = this.view.variables;
    for (let target = 0; target < targets; target++) {
      if (cellOf[target] < 0) continue;
      if (size[target] === 0) {
        this.view.addTarget(target);
        return [];
      }
      const conflict = size[target] === 1 ? this.view.solver.implyBy(2 * base[target], -1) : undefined;
      if (conflict) return conflict;
    }
    return undefined;
  }

  /** `literal` chooses a source of a target. */
  chosen(target: number, literal: number): Conflict | undefined {
    const { base, size } = this.view.variables;
    const end = base[target] + size[target];
    for (let other = base[target]; other < end; other++) {
      if (2 * other === literal) continue;
      const conflict = this.view.solver.implyBy(2 * other + 1, literal);
      if (conflict) return conflict;
    }
    return undefined;
  }

  /** One source of a target has become false. */
  ruledOut(target: number): Conflict | undefined {
    const left = --this.left[target];
    if (this.view.chosen[target] >= 0 || left > 1) return undefined;
    const { base, size } = this.view.variables;
    const { solver } = this.view;
    const reason: number[] = [];
    let only = -1;
    for (let variable = base[target]; variable < base[target] + size[target]; variable++) {
      if (solver.truth[2 * variable] < 0) reason.push(2 * variable + 1);
      else only = variable;
    }
    return only < 0 ? reason : solver.imply(2 * only, reason);
  }

  /** One source of a target is not false any more. */
  allowed(target: number): void {
    this.left[target]++;
  }
}
