import type { Span } from '../diagnostics.js';
import {
  type CellId,
  CellTable,
  managesMemory,
  mayStoreAddresses,
  type Program,
  type Resource,
  type Thread,
  type ThreadId,
} from '../program/index.js';
import { boundsOf } from './bounds.js';
import { Domains } from './domains.js';
import { withHandlers } from './interrupts.js';
import type { Speculation } from './speculation.js';
import type { CpuTrace, Trace } from './trace.js';
import { type Breaks, unfold } from './unfold.js';
import type { UnfoldLimits } from './unfold-limits.js';
import { ValueFlow } from './value-flow.js';
import { deadlyIn } from './waits.js';

/** A program unfolded: for each CPU all that it can do, whatever its reads return within what can ever be written. */
export interface ProgramUnfolding {
  readonly cells: CellTable;
  readonly cpus: readonly (readonly CpuTrace[])[];
  /** Where paths were given up at the unrolling limit. Empty: nothing is missing. */
  readonly cut: readonly Span[];
  /** Whether executions may be in error. */
  readonly mayErr: boolean;
}

/** The locations that can hold, in executions of a model, what only a circle of reads and writes brings about. */
export type CircleJudge = (speculation: Speculation) => ReadonlySet<CellId>;

const NOTHING: ReadonlySet<Resource> = new Set();

/** Times that paths are followed anew, within what those before can store. */
const NARROWINGS = 4;

/**
 * @param judge says which circles a model allows; all when absent
 * @throws UnboundedAddress when the locations of an access cannot be listed
 */
export function unfoldProgram(
  program: Program,
  limits: UnfoldLimits,
  judge: CircleJudge = allCircles,
): ProgramUnfolding {
  const under = (breaks?: Breaks) => unfoldWith(program, limits, judge, breaks);
  let found = under(managesMemory(program) ? { deadly: NOTHING } : undefined);
  // Where threads can fail, or wait for ever, it also matters where others break off.
  if (found.fails && !found.mayErr) found = under({ deadly: NOTHING });
  return found.deadly.size > 0 ? under({ deadly: found.deadly }) : found;
}

function unfoldWith(
  program: Program,
  limits: UnfoldLimits,
  judge: CircleJudge,
  breaks: Breaks | undefined,
): ProgramUnfolding & Pick<Unfolded, 'fails' | 'deadly'> {
  const unfolder = new ProgramUnfolder(program, limits, breaks);
  const { traces, cut, fails, deadly } = unfolder.run(judge);
  const cpus = cpusOf(program, traces);
  return { cells: unfolder.cells, cpus, cut, mayErr: breaks !== undefined, fails, deadly };
}

function allCircles({ cells, least, bounds }: Speculation): ReadonlySet<CellId> {
  return new Set(
    cells.cells.flatMap((_, cell) => (least.covers(cell, bounds[cell]) ? [] : [cell as CellId])),
  );
}

/** What the threads do, by thread. */
interface Unfolded {
  readonly traces: readonly (readonly Trace[])[];
  /** With those that come to no end. */
  readonly all: readonly (readonly Trace[])[];
  readonly cut: readonly Span[];
  /** Whether a thread may come to what it cannot do. */
  readonly fails: boolean;
  /** What threads may wait for, for ever. */
  readonly deadly: ReadonlySet<Resource>;
}

class ProgramUnfolder {
  readonly cells: CellTable;
  private readonly flow: ValueFlow | undefined;

  constructor(
    private readonly program: Program,
    private readonly limits: UnfoldLimits,
    private readonly breaks: Breaks | undefined,
  ) {
    this.cells = new CellTable(program);
    this.flow = limits.decisions ? new ValueFlow(program) : undefined;
  }

  run(judge: CircleJudge): Unfolded {
    const initial = (cell: number) => this.cells.cells[cell].initial;
    const least = new Domains(initial, mayStoreAddresses(this.program));
    const found = this.withoutCircles(least);
    const speculation = least.decisive.size > 0 ? this.speculate(least) : undefined;
    const circular = speculation ? judge(speculation) : new Set<CellId>();
    return speculation && circular.size > 0 ? this.withCircles(speculation, circular) : found;
  }

  private unfold(domains: Domains, limits = this.limits): Unfolded {
    const { program, cells, breaks, flow } = this;
    const found = program.threads.map((thread) =>
      unfold(program, thread, cells, domains, limits, breaks, flow),
    );
    const all = found.map(({ traces, dropped }) => [...traces, ...dropped]);
    return {
      traces: found.map(({ traces }) => traces),
      all,
      cut: [...new Set(found.flatMap(({ cut }) => cut))],
      fails: found.some(({ fails }) => fails),
      deadly: deadlyIn(
        program,
        all,
        found.map(({ waits }) => waits),
      ),
    };
  }

  /** All paths that executions take in which no value, and no path, is brought about by way of itself. */
  private withoutCircles(domains: Domains): Unfolded {
    let found = this.unfold(domains);
    // Each round finds the value of at least one more write of any such execution that is not covered yet, and the way to that
    // write is among the traces by then: so after more rounds than the traces have writes, all are covered.
    for (let rounds = 1; domains.consulted && domains.grow(found.all.flat()); rounds++) {
      domains.decisive.clear();
      found = this.unfold(domains);
      if (rounds > writesIn(found.all) + 1) break;
    }
    return found;
  }

  /** What the threads can do besides; undefined when there is no more. */
  private speculate(least: Domains): Speculation | undefined {
    const { program, cells, limits } = this;
    const bounds = boundsOf(program, cells);
    if ([...least.decisive].every((cell) => least.covers(cell, bounds[cell]))) return undefined;
    const possible = least.within(bounds);
    const { all: traces } = this.unfold(possible, { ...limits, unlisted: 'anywhere' });
    const isNew = (trace: Trace) =>
      least.firstUnmet(trace) >= 0 ||
      trace.events.some(({ kind, cell }) => kind !== 'fence' && cell === undefined);
    return traces.flat().some(isNew) ? { program, cells, traces, least, bounds, possible } : undefined;
  }

  /** All paths that executions take in which these locations hold what circles bring about. */
  private withCircles({ least, bounds }: Speculation, circular: ReadonlySet<CellId>): Unfolded {
    const limits = { ...this.limits, unlisted: 'everywhere' } as const;
    const known = least.bounds(this.cells.cells.length);
    let domains = least.within(
      known.map((bound, cell) => (circular.has(cell as CellId) ? bounds[cell] : bound)),
    );
    let found = this.unfold(domains, limits);
    for (let round = 0; round < NARROWINGS; round++) {
      const narrowed = domains.narrowed(found.all.flat(), this.cells.cells.length);
      if (!narrowed) break;
      domains = narrowed;
      found = this.unfold(domains, limits);
    }
    return found;
  }
}

/** The most writes that one path of each thread makes, summed. */
export function writesIn(traces: readonly (readonly Trace[])[]): number {
  let sum = 0;
  for (const ways of traces) {
    let most = 0;
    for (const { events } of ways) {
      const writes = events.filter(({ kind }) => kind === 'write').length;
      if (writes > most) most = writes;
    }
    sum += most;
  }
  return sum;
}

/** What the CPUs do when the threads do this; a thread of which nothing is said does nothing. */
export function cpusOf(program: Program, traces: readonly (readonly Trace[] | undefined)[]): CpuTrace[][] {
  const handlersOf = new Map<ThreadId, { handler: Thread; traces: readonly Trace[] }[]>();
  for (const handler of program.threads) {
    const own = traces[handler.id];
    if (!handler.interrupt || !own) continue;
    const { on } = handler.interrupt;
    handlersOf.set(on, [...(handlersOf.get(on) ?? []), { handler, traces: own }]);
  }
  return program.threads
    .filter((thread) => !thread.interrupt)
    .map(({ id }) => withHandlers(traces[id] ?? [nothing(id)], handlersOf.get(id) ?? []));
}

function nothing(thread: ThreadId): Trace {
  return { thread, events: [], constraints: [], registers: [], decisions: [] };
}
