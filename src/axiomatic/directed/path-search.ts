import type { CpuTrace } from '../../execution/index.js';
import { look } from '../../limits.js';
import { UNKNOWN, type ValueId } from '../../program/index.js';
import type { Goal } from '../candidate/collector.js';
import type { GraphArena } from '../candidate/graph-arena.js';
import { LOCAL } from '../candidate/path-dependence.js';
import type { PossibleError } from '../candidate/possible-errors.js';
import type { SearchContext } from '../candidate/search-context.js';
import { alike } from './alike-cpus.js';
import { ConflictSet } from './conflict-set.js';
import { DirectedSearch } from './directed-search.js';
import { type NormalForm, normalForm, placesIn, truthIn } from './negation-normal-form.js';
import type { ProgramPaths } from './program-paths.js';

/** Graphs between two looks at the limits. */
const GRAPHS_POLLED = 32;

/**
 * Searches the combinations of paths, one a CPU, for what a goal wants. A combination without it is without
 * it because of the paths of some CPUs, its conflict set: others with the same paths of those need not be
 * looked at.
 */
export class PathSearch {
  private readonly chosen: CpuTrace[] = [];
  /** CPUs whose path is chosen: the first so many. */
  private picked = 0;
  private readonly wanted: NormalForm;
  /** The CPUs at whose registers what is wanted looks, and the locations. */
  private readonly mentioned: readonly number[];
  private readonly shown: ReadonlySet<number>;

  constructor(
    private readonly program: ProgramPaths,
    private readonly cpus: readonly (readonly CpuTrace[])[],
    private readonly goal: Goal,
    private readonly context: SearchContext,
  ) {
    this.wanted = normalForm(goal.wanted, context.values);
    const places = [...placesIn(this.wanted), ...(goal.states?.shown ?? [])];
    this.shown = new Set(places.flatMap((place) => (place.kind === 'cell' ? [place.cell] : [])));
    this.mentioned = places.flatMap((place) =>
      place.kind === 'register' ? [program.cpuOf[place.thread]] : [],
    );
  }

  /** Searches until the goal is answered. Returns whether it was, before the search was through. */
  run(): boolean {
    return this.pick(0) === undefined;
  }

  /**
   * Searches all paths of the CPUs from number `from` on, with those chosen of the others. Returns the
   * conflict set of these; undefined once the goal is answered.
   */
  private pick(from: number): ConflictSet | undefined {
    let cpu = from;
    for (; this.cpus[cpu]?.length === 1; cpu++)
      if (this.isRefutedBy(cpu, this.cpus[cpu][0])) return this.mentionedSoFar();
    if (cpu === this.cpus.length) return this.searchGraph();
    const all = new ConflictSet(this.program);
    for (const path of this.cpus[cpu]) {
      const conflictSet = this.isRefutedBy(cpu, path) ? this.mentionedSoFar() : this.pick(cpu + 1);
      if (!conflictSet?.has(cpu)) return conflictSet;
      all.addAllOf(conflictSet);
    }
    return all;
  }

  /** Chooses a CPU's path. Returns whether what is wanted cannot come about on it, whatever is read. */
  private isRefutedBy(cpu: number, path: CpuTrace): boolean {
    this.chosen[cpu] = path;
    this.picked = cpu + 1;
    return truthIn(this.wanted, this) === false;
  }

  private mentionedSoFar(): ConflictSet {
    return new ConflictSet(
      this.program,
      this.mentioned.filter((cpu) => cpu < this.picked),
    );
  }

  private searchGraph(): ConflictSet | undefined {
    if (++this.context.counts.graphs % GRAPHS_POLLED === 0) look();
    const { plan, dependence } = this.context;
    const conflictSet = new ConflictSet(this.program, this.goalHasError() ? this.program.mayErr : []);
    const arena = this.program.arena(this.chosen);
    for (const obligation of this.obligationsIn(arena)) {
      const isOrderedByPaths = plan.ordered >= 0 && dependence[plan.ordered] !== LOCAL;
      if (isOrderedByPaths || plan.programChoices.length > 0) conflictSet.addAll();
      for (const _ of arena.programChoices()) {
        const refuted = this.searchFor(obligation, arena);
        if (!refuted) return undefined;
        conflictSet.addAllOf(refuted);
      }
    }
    return conflictSet;
  }

  private goalHasError(): boolean {
    const { error } = this.goal;
    return error !== undefined && error !== 'none';
  }

  /** The ways to come to the error that is wanted, one of which has to be; undefined where none is wanted. */
  private obligationsIn(arena: GraphArena): readonly (PossibleError | undefined)[] {
    if (!this.goalHasError()) return [undefined];
    return arena.errors.all.filter(({ name }) => name === this.goal.error);
  }

  private searchFor(obligation: PossibleError | undefined, arena: GraphArena): ConflictSet | undefined {
    const { goal, context, shown, program } = this;
    const task = { goal, shown, obligation, alike: () => this.alikeCpus(obligation) };
    const search = new DirectedSearch(arena, context, task, new ConflictSet(program));
    return search.run((execution) => context.collector.found(execution) || goal.answered());
  }

  /** Groups of CPUs that do the same, and at whose registers nothing that is wanted looks. */
  private alikeCpus(obligation: PossibleError | undefined): readonly (readonly number[])[] {
    // Where every execution counts, one counts as well that differs from another only in who is who. Of
    // states that name none of these CPUs, nothing is lost.
    if (this.goal.every || obligation) return [];
    const free = [...this.cpus.keys()].filter((cpu) => !this.mentioned.includes(cpu));
    return alike(this.chosen, free);
  }

  // --- What the paths chosen so far say of the end ---

  register(thread: number, register: number): ValueId {
    const cpu = this.program.cpuOf[thread];
    if (cpu >= this.picked) return UNKNOWN;
    const trace = this.chosen[cpu].parts.find((part) => part.thread === thread);
    const value = trace?.registers[register];
    return value?.kind === 'constant' ? this.context.values.id(value.value) : UNKNOWN;
  }

  final(): ValueId {
    return UNKNOWN;
  }
}
