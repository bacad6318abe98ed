import {
  type CellId,
  CellTable,
  mayStoreAddresses,
  type Program,
  type ThreadId,
  type Value,
} from '../program/index.js';
import { Domains } from './domains.js';
import type { Trace } from './trace.js';
import { unfold } from './unfold.js';
import type { UnfoldLimits } from './unfold-limits.js';
import { writesIn } from './unfolding.js';

/** What the threads of a program touch in memory, and with what values, whatever happens: a superset. */
export interface Footprint {
  readonly cells: CellTable;
  /** The locations that a thread can read or write. */
  readonly accesses: (thread: ThreadId) => ReadonlySet<CellId>;
  readonly reads: (thread: ThreadId) => ReadonlySet<CellId>;
  readonly writes: (thread: ThreadId) => ReadonlySet<CellId>;
  /** What a read of a location can return. Values that come about only past the unrolling limit may be missing. */
  readonly values: (cell: CellId) => readonly Value[];
}

/** @throws UnboundedAddress when the locations of an access cannot be listed */
export function footprintOf(program: Program, limits: UnfoldLimits): Footprint {
  const cells = new CellTable(program);
  const domains = new Domains((cell) => cells.cells[cell].initial, mayStoreAddresses(program));
  let cut = false;
  const traces = (): Trace[][] =>
    program.threads.map((thread) => {
      const result = unfold(program, thread, cells, domains, limits, { deadly: new Set() });
      cut ||= result.cut.length > 0;
      return [...result.traces, ...result.dropped];
    });
  let found = traces();
  // As `unfoldProgram` does: as many rounds as there are writes cover all values that do not come from nowhere.
  for (let rounds = 1; domains.grow(found.flat()) && rounds <= writesIn(found) + 1; rounds++) {
    if (domains.consulted) found = traces();
  }
  const everything = new Set(cells.cells.map((_, cell) => cell as CellId));
  const touched = found.map((ways) => sets(ways));
  return {
    cells,
    accesses: (thread) => (cut ? everything : touched[thread].accessed),
    reads: (thread) => (cut ? everything : touched[thread].read),
    writes: (thread) => (cut ? everything : touched[thread].written),
    values: (cell) => domains.known(cell),
  };
}

function sets(ways: readonly Trace[]) {
  const accessed = new Set<CellId>();
  const read = new Set<CellId>();
  const written = new Set<CellId>();
  for (const { cell, kind } of ways.flatMap(({ events }) => events)) {
    if (cell === undefined || kind === 'fence') continue;
    accessed.add(cell);
    (kind === 'write' ? written : read).add(cell);
  }
  return { accessed, read, written };
}
