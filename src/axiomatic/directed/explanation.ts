import * as bits from '../../relation/index.js';
import type { Blame } from './explainer.js';
import type { SearchView } from './search-view.js';

/** Stands for all CPUs. */
const ALL = -1;
/** CPUs that are told apart, as bits of a number. */
const MOST_CPUS = 31;

/** What a conclusion rests on: literals of the search, and the CPUs on whose paths. */
export class Explanation implements Blame {
  readonly literals: number[] = [];
  /** As bits; `ALL` for all. */
  cpus = 0;
  /** It cannot be said. */
  isEverything = false;

  constructor(private readonly view: SearchView) {}

  /** Forgets all. */
  begin(): void {
    this.literals.length = 0;
    this.cpus = 0;
    this.isEverything = false;
  }

  readsFrom(_write: number, read: number): void {
    this.add(2 * this.view.chosen[read]);
  }

  coherence(first: number, second: number): void {
    const { variables } = this.view;
    if (first >= variables.initial) this.add(variables.order(first, second));
  }

  private add(literal: number): void {
    if (!this.literals.includes(literal)) this.literals.push(literal);
  }

  event(event: number): void {
    const { cpu } = this.view.graph.events[event];
    if (cpu < 0 || this.cpus === ALL) return;
    this.cpus = cpu < MOST_CPUS ? this.cpus | (1 << cpu) : ALL;
  }

  allPaths(): void {
    this.cpus = ALL;
  }

  everything(): void {
    this.isEverything = true;
  }

  /** The conflict of the search rests on the paths of some CPUs, as an explanation has them. */
  addPaths(cpus = this.cpus): void {
    const { conflictSet } = this.view;
    if (cpus === ALL) conflictSet.addAll();
    else for (let rest = cpus; rest !== 0; rest &= rest - 1) conflictSet.addCpu(bits.lowest(rest));
  }
}
