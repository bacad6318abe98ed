import {
  buildGraph,
  type CpuTrace,
  type ExecutionGraph,
  type ProgramUnfolding,
} from '../../execution/index.js';
import { look } from '../../limits.js';
import {
  FREED,
  type Program,
  UNINITIALISED,
  UNKNOWN,
  type ValueId,
  valuesEqual,
} from '../../program/index.js';
import type { Suspect } from '../candidate/candidate-errors.js';
import type { SearchContext } from '../candidate/candidate-execution.js';
import type { Aim } from '../candidate/collector.js';
import { LOCAL } from '../candidate/path-dependence.js';
import { alike } from './alike-cpus.js';
import { DirectedSearch } from './directed-search.js';
import { compileWant, placesOf, satisfied, type Want } from './negation-normal-form.js';
import { GraphDemands } from './obligations.js';
import type { Paths } from './search-view.js';

const ONCE: readonly undefined[] = [undefined];
/** Graphs between two looks at the limits. */
const GRAPHS_POLLED = 32;

/** A program's paths, and which of its CPUs and threads depend on the choice of one. */
export class ProgramPaths {
  readonly cpuOf: readonly number[];
  /** By cell: the CPUs that write to it on some path and have more than one path. */
  readonly writersOf = new Map<number, readonly number[]>();

  constructor(
    program: Program,
    readonly unfolding: ProgramUnfolding,
  ) {
    const own = program.threads.filter(({ interrupt }) => !interrupt).map(({ id }) => id);
    this.cpuOf = program.threads.map(({ id, interrupt }) => own.indexOf(interrupt ? interrupt.on : id));
    const writers = new Map<number, Set<number>>();
    unfolding.cpus.forEach((paths, cpu) => {
      if (paths.length < 2) return;
      for (const event of paths.flatMap(({ parts }) => parts).flatMap(({ events }) => events)) {
        if (event.kind !== 'write' || event.cell === undefined) continue;
        writers.set(event.cell, (writers.get(event.cell) ?? new Set()).add(cpu));
      }
    });
    for (const [cell, cpus] of writers) this.writersOf.set(cell, [...cpus]);
  }

  /** The CPUs that on some path access memory that can be nobody's, or come to what they cannot do, and have more than one path. */
  get mayErr(): readonly number[] {
    this.erring ??= this.findErring();
    return this.erring;
  }
  private erring: readonly number[] | undefined;

  private findErring(): number[] {
    const { cells, cpus } = this.unfolding;
    const eventsOf = (paths: readonly CpuTrace[]) =>
      paths.flatMap(({ parts }) => parts).flatMap((part) => part.events);
    const freed = new Set(
      cpus
        .flatMap(eventsOf)
        .flatMap(({ cell, value }) =>
          value?.kind === 'constant' && valuesEqual(value.value, FREED) ? [cell] : [],
        ),
    );
    return cpus.flatMap((paths, cpu) => {
      const handles = eventsOf(paths).some(
        ({ cell, fault, waitsFor }) =>
          fault !== undefined ||
          waitsFor !== undefined ||
          (cell !== undefined && (freed.has(cell) || valuesEqual(cells.cells[cell].initial, UNINITIALISED))),
      );
      return paths.length > 1 && handles ? [cpu] : [];
    });
  }

  private latest: { readonly paths: readonly CpuTrace[]; readonly graph: ExecutionGraph } | undefined;

  /** The graph of one path a CPU. Where each has one path only, it is asked for again and again. */
  graph(paths: readonly CpuTrace[]): ExecutionGraph {
    if (!this.latest?.paths.every((path, cpu) => path === paths[cpu])) {
      this.latest = { paths: [...paths], graph: buildGraph(this.unfolding.cells, paths) };
    }
    return this.latest.graph;
  }
}

/**
 * Search for what an aim wants through the combinations of paths, one a CPU. A combination without it is without it because of the paths
 * of some CPUs: others of the same paths of those need not be looked at (conflict-directed backjumping: Prosser, 1993).
 */
export class PathSearch implements Paths {
  private readonly chosen: CpuTrace[] = [];
  /** By CPU: whether what was refuted last rests on its path. */
  private rests: Uint8Array;
  private readonly want: Want;
  private readonly mentioned: readonly number[];
  private readonly shown: ReadonlySet<number>;
  private picked = 0;
  private stopped = false;
  private demand: Suspect | undefined;

  constructor(
    private readonly program: ProgramPaths,
    private readonly cpus: readonly (readonly CpuTrace[])[],
    private readonly aim: Aim,
    private readonly context: SearchContext,
  ) {
    this.rests = new Uint8Array(cpus.length);
    this.want = compileWant(aim.wanted, context.values);
    const places = [...placesOf(this.want), ...(aim.states?.shown ?? [])];
    this.shown = new Set(places.flatMap((place) => (place.kind === 'cell' ? [place.cell] : [])));
    this.mentioned = places.flatMap((place) =>
      place.kind === 'register' ? [program.cpuOf[place.thread]] : [],
    );
  }

  /** Searches until the aim is answered. Says whether it ended before it was through. */
  run(): boolean {
    this.pick(0);
    return this.stopped;
  }

  /** Looks at all paths of the CPUs from number `cpu` on. What `rests` says afterwards refutes them. */
  private pick(from: number): void {
    const cpu = this.pickOnly(from);
    if (cpu < 0) return;
    if (cpu === this.cpus.length) {
      this.searchGraph();
      return;
    }
    const together = new Uint8Array(this.cpus.length);
    for (const path of this.cpus[cpu]) {
      this.chosen[cpu] = path;
      this.picked = cpu + 1;
      if (satisfied(this.want, this) === false) this.blameMentioned();
      else this.pick(cpu + 1);
      if (this.stopped || this.rests[cpu] === 0) return;
      for (let other = 0; other < cpu; other++) together[other] |= this.rests[other];
    }
    this.rests = together;
  }

  /** Picks the paths of CPUs that have one, from a number on. Gives the first CPU with more; -1 when what is wanted is refuted. */
  private pickOnly(from: number): number {
    let cpu = from;
    for (; cpu < this.cpus.length && this.cpus[cpu].length === 1; cpu++) {
      this.chosen[cpu] = this.cpus[cpu][0];
      this.picked = cpu + 1;
      if (satisfied(this.want, this) !== false) continue;
      this.blameMentioned();
      return -1;
    }
    return cpu;
  }

  private blameMentioned(): void {
    this.rests = new Uint8Array(this.cpus.length);
    for (const cpu of this.mentioned) if (cpu < this.picked) this.cpu(cpu);
  }

  private searchGraph(): void {
    if (++this.context.counts.graphs % GRAPHS_POLLED === 0) look();
    this.rests = new Uint8Array(this.cpus.length);
    const graph = this.program.graph(this.chosen);
    for (const demand of this.demandsOf(graph)) {
      this.demand = demand;
      for (const _ of this.choicesFor(graph)) {
        this.searchFor(graph);
        if (this.stopped) return;
      }
    }
  }

  /** What has to come about, one of all; undefined for what is wanted alone. */
  private demandsOf(graph: ExecutionGraph): readonly (Suspect | undefined)[] {
    const { error } = this.aim;
    if (error === undefined || error === 'none') return [undefined];
    for (const cpu of this.program.mayErr) this.cpu(cpu);
    return new GraphDemands(graph, this.context).suspectsOf(error);
  }

  private choicesFor(graph: ExecutionGraph): Iterable<unknown> {
    const { plan, localities } = this.context;
    if (plan.ordered >= 0 && localities[plan.ordered] !== LOCAL) this.all();
    if (plan.programChoices.length === 0) return ONCE;
    this.all();
    return new GraphDemands(graph, this.context).choices();
  }

  private searchFor(graph: ExecutionGraph): void {
    const { goal } = this.context;
    const search = new DirectedSearch(graph, this.context, this.aim, this.shown, this, this.demand);
    if (!search.begin()) return;
    while (search.next()) {
      this.stopped = goal.found(search) || this.aim.answered();
      if (this.stopped || !search.exclude()) return;
    }
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

  // --- What a refutation rests on ---

  cpu(cpu: number): void {
    if (this.program.unfolding.cpus[cpu].length > 1) this.rests[cpu] = 1;
  }

  thread(thread: number): void {
    this.cpu(this.program.cpuOf[thread]);
  }

  writers(cell: number): void {
    for (const cpu of this.program.writersOf.get(cell) ?? []) this.rests[cpu] = 1;
  }

  all(): void {
    for (let cpu = 0; cpu < this.rests.length; cpu++) this.cpu(cpu);
  }

  alike(): readonly (readonly number[])[] {
    // Of executions each counts by itself, also where it differs from another only in who is who. Of states that name none of these CPUs,
    // nothing is lost.
    if (this.aim.every || this.demand) return [];
    const free = this.cpus.flatMap((_, cpu) => (this.mentioned.includes(cpu) ? [] : [cpu]));
    return alike(this.chosen, free);
  }
}
