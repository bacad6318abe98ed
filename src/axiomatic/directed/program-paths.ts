import { buildGraph, type CpuTrace, type ProgramUnfolding, type TraceEvent } from '../../execution/index.js';
import { FREED, type Program, UNINITIALISED, valuesEqual } from '../../program/index.js';
import { GraphArena } from '../candidate/graph-arena.js';
import type { SearchContext } from '../candidate/search-context.js';

const eventsOf = (paths: readonly CpuTrace[]): TraceEvent[] =>
  paths.flatMap(({ parts }) => parts).flatMap(({ events }) => events);

/** A program's paths, and which of its CPUs and threads depend on the choice of one. */
export class ProgramPaths {
  /** By thread: the CPU that it runs on. */
  readonly cpuOf: readonly number[];
  /** By cell: the CPUs that write to it on some path and have more than one path. */
  private readonly writers = new Map<number, Set<number>>();
  private erring: readonly number[] | undefined;
  private latest: { readonly paths: readonly CpuTrace[]; readonly arena: GraphArena } | undefined;

  constructor(
    program: Program,
    readonly unfolding: ProgramUnfolding,
    private readonly context: SearchContext,
  ) {
    const own = program.threads.filter(({ interrupt }) => !interrupt).map(({ id }) => id);
    this.cpuOf = program.threads.map(({ id, interrupt }) => own.indexOf(interrupt ? interrupt.on : id));
    unfolding.cpus.forEach((paths, cpu) => {
      if (paths.length < 2) return;
      for (const { kind, cell } of eventsOf(paths)) {
        if (kind !== 'write' || cell === undefined) continue;
        this.writers.set(cell, (this.writers.get(cell) ?? new Set()).add(cpu));
      }
    });
  }

  get cpus(): number {
    return this.unfolding.cpus.length;
  }

  /** Whether a CPU has more than one path. */
  hasChoice(cpu: number): boolean {
    return this.unfolding.cpus[cpu].length > 1;
  }

  writersOf(cell: number): Iterable<number> {
    return this.writers.get(cell) ?? [];
  }

  /** The CPUs with a choice that on some path access memory that can be nobody's, have a fault or wait. */
  get mayErr(): readonly number[] {
    this.erring ??= this.findErring();
    return this.erring;
  }

  private findErring(): number[] {
    const { cells, cpus } = this.unfolding;
    const frees = ({ value }: TraceEvent) => value?.kind === 'constant' && valuesEqual(value.value, FREED);
    const freed = new Set(cpus.flatMap((paths) => eventsOf(paths).filter(frees)).map(({ cell }) => cell));
    const mayErr = ({ cell, fault, waitsFor }: TraceEvent): boolean =>
      fault !== undefined ||
      waitsFor !== undefined ||
      (cell !== undefined && (freed.has(cell) || valuesEqual(cells.cells[cell].initial, UNINITIALISED)));
    return cpus.flatMap((paths, cpu) => (paths.length > 1 && eventsOf(paths).some(mayErr) ? [cpu] : []));
  }

  /**
   * The graph of one path a CPU, until another is asked for. Where each CPU has one path, it is asked for
   * again and again.
   */
  arena(paths: readonly CpuTrace[]): GraphArena {
    if (!this.latest?.paths.every((path, cpu) => path === paths[cpu])) {
      this.release();
      const graph = buildGraph(this.unfolding.cells, paths);
      this.latest = { paths: [...paths], arena: new GraphArena(graph, this.context) };
    }
    return this.latest.arena;
  }

  /** Gives the latest arena back. */
  release(): void {
    this.latest?.arena.release();
    this.latest = undefined;
  }
}
