import type { Blame } from './explainer.js';
import type { Ground } from './search-view.js';

/** Stands for the paths of all CPUs. */
export const ALL = -1;
/** CPUs that are told apart, as bits of a number. */
const MOST_CPUS = 31;

/** What a conclusion rests on, as literals of the search; and the CPUs whose paths it rests on, as bits of a number. */
export class Reasons implements Blame {
  readonly literals: number[] = [];
  cpus = 0;
  /** It cannot be said. */
  isEverything = false;

  constructor(private readonly search: Ground) {}

  /** Forgets all. */
  begin(): void {
    this.literals.length = 0;
    this.cpus = 0;
    this.isEverything = false;
  }

  readsFrom(_write: number, read: number): void {
    this.add(2 * this.search.chosen[read]);
  }

  coherence(first: number, second: number): void {
    const { variables } = this.search;
    if (first >= variables.initial) this.add(variables.order(first, second));
  }

  private add(literal: number): void {
    if (!this.literals.includes(literal)) this.literals.push(literal);
  }

  event(event: number): void {
    const { cpu } = this.search.graph.events[event];
    if (cpu < 0 || this.cpus === ALL) return;
    this.cpus = cpu < MOST_CPUS ? this.cpus | (1 << cpu) : ALL;
  }

  allPaths(): void {
    this.cpus = ALL;
  }

  everything(): void {
    this.isEverything = true;
  }
}
