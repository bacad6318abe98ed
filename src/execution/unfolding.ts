import type { Span } from '../diagnostics.js';
import type { Program, Thread, ThreadId } from '../program/index.js';
import { CellTable } from './cells.js';
import { Domains } from './domains.js';
import { withHandlers } from './interrupts.js';
import type { CpuTrace, Trace } from './trace.js';
import { unfold } from './unfold.js';
import type { UnfoldLimits } from './unfold-limits.js';

/** A program unfolded: for each CPU all that it can do, whatever its reads return within what can ever be written. */
export interface ProgramUnfolding {
  readonly cells: CellTable;
  readonly cpus: readonly (readonly CpuTrace[])[];
  /** Where paths were given up at the unrolling limit. Empty: nothing is missing. */
  readonly cut: readonly Span[];
}

/**
 * @throws UnboundedAddress when the locations of an access cannot be listed
 * @throws UnfoldingExpired when the limits say to give up
 */
export function unfoldProgram(program: Program, limits: UnfoldLimits): ProgramUnfolding {
  const cells = new CellTable(program);
  const domains = new Domains((cell) => cells.cells[cell].initial);
  const cut = new Set<Span>();
  let { traces, all } = unfoldThreads(program, cells, domains, limits, cut);
  // Each round finds the value of at least one more write of any execution that is not covered yet, and the way to that
  // write is among the traces by then: so after more rounds than the traces have writes, all executions are covered.
  for (let rounds = 1; domains.consulted && domains.grow(all.flat()); rounds++) {
    cut.clear();
    ({ traces, all } = unfoldThreads(program, cells, domains, limits, cut));
    if (rounds > writesIn(all) + 1) break;
  }
  return { cells, cpus: cpusOf(program, traces), cut: [...cut] };
}

/** By thread: its traces; and with those that come to no end. */
function unfoldThreads(
  program: Program,
  cells: CellTable,
  domains: Domains,
  limits: UnfoldLimits,
  cut: Set<Span>,
): { traces: (readonly Trace[])[]; all: (readonly Trace[])[] } {
  const found = program.threads.map((thread) => unfold(program, thread, cells, domains, limits));
  for (const one of found) for (const span of one.cut) cut.add(span);
  return {
    traces: found.map(({ traces }) => traces),
    all: found.map(({ traces, dropped }) => [...traces, ...dropped]),
  };
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

function cpusOf(program: Program, traces: readonly (readonly Trace[])[]): CpuTrace[][] {
  const handlersOf = new Map<ThreadId, Thread[]>();
  for (const thread of program.threads) {
    if (!thread.interrupt) continue;
    handlersOf.set(thread.interrupt.on, [...(handlersOf.get(thread.interrupt.on) ?? []), thread]);
  }
  return program.threads
    .filter((thread) => !thread.interrupt)
    .map((thread) =>
      withHandlers(
        traces[thread.id],
        (handlersOf.get(thread.id) ?? []).map((handler) => ({ handler, traces: traces[handler.id] })),
      ),
    );
}
