import type { CellId, CellTable, Code } from '../../program/index.js';
import { type Locator, locator, type Reach, reachOf, successors } from '../../program/index.js';
import { ALL_CELLS, type CellMask, maskOf, SHARED_BIT } from '../memory/cell-mask.js';
import type { LocalId, ThreadAutomaton } from './thread-automaton.js';

/** What can come of a point in a code. */
interface Future {
  readonly reads: CellMask;
  readonly writes: CellMask;
  /** Locations that are written before the end, whichever way is taken to it. None of those that share a bit. */
  readonly certain: CellMask;
}

/** What can come of each point of a thread, by its automaton's states. */
export class Futures {
  private readonly codes = new Map<Code, readonly Future[]>();
  private readonly known: Future[] = [];
  private readonly everything: Reach;

  constructor(
    private readonly automaton: ThreadAutomaton,
    private readonly cells: CellTable,
  ) {
    // In flat memory a location may be met that is not in the table yet: it shares the last bit.
    const count = Math.max(cells.cells.length, SHARED_BIT + 1);
    const all = new Set(Array.from({ length: count }, (_, cell) => cell as CellId));
    this.everything = { reads: all, writes: all, accesses: all, ahead: all };
  }

  of(local: LocalId): Future {
    while (this.known.length <= local) this.known.push(this.compute(this.known.length as LocalId));
    return this.known[local];
  }

  /** A caller goes on behind its call, which `reachOf` takes to touch anything. */
  private compute(local: LocalId): Future {
    const frames = this.automaton.points(local);
    const futures = frames.map(
      ({ code, pc }, depth) => this.table(code)[depth < frames.length - 1 ? pc + 1 : pc],
    );
    return {
      reads: futures.reduce((mask, { reads }) => mask | reads, 0),
      writes: futures.reduce((mask, { writes }) => mask | writes, 0),
      certain: futures.reduce((mask, { certain }) => mask | certain, 0),
    };
  }

  private table(code: Code): readonly Future[] {
    let found = this.codes.get(code);
    if (!found) {
      const { thread } = this.automaton;
      const initial = code === thread.code ? thread.initial : undefined;
      const certain = certainWrites(code, locator(code, this.cells, initial));
      found = reachOf(code, this.cells, this.everything, initial).map(({ reads, writes }, pc) => ({
        reads: union(reads),
        writes: union(writes),
        certain: certain[pc],
      }));
      this.codes.set(code, found);
    }
    return found;
  }
}

function union(cells: ReadonlySet<CellId>): CellMask {
  let mask = 0;
  for (const cell of cells) mask |= maskOf(cell);
  return mask;
}

/** By instruction (and for the end): the locations that each way to the end writes. The greatest solution: a way without end does not count. */
function certainWrites(code: Code, locate: Locator): Int32Array {
  const end = code.instructions.length;
  const table = new Int32Array(end + 1).fill(ALL_CELLS);
  table[end] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let pc = end - 1; pc >= 0; pc--) {
      const instruction = code.instructions[pc];
      const after = successors(code, pc).reduce((mask, next) => mask & table[next], ALL_CELLS);
      // What an atomic writes it reads as well.
      const own =
        instruction.kind === 'store' ? union(locate(instruction.address, instruction.type) ?? new Set()) : 0;
      const mask = (after | own) & ~maskOf(SHARED_BIT);
      changed ||= mask !== table[pc];
      table[pc] = mask;
    }
  }
  return table;
}
