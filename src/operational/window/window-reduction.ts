import type { CellId } from '../../program/index.js';
import type { DependencySets } from './load-sets.js';
import { type Move, performs } from './moves.js';
import { starts } from './read-side-sections.js';
import type { CpuRecord } from './window-cpu.js';
import { type CpuState, type Pending, placeOfSlot } from './window-state.js';

/** What a reduction looks at in a state of an Alpha machine. */
export interface ReducedState {
  readonly sets: DependencySets;
  /** By CPU. */
  readonly records: readonly CpuRecord[];
  /** By CPU: the numbers of the moves that can happen. */
  readonly possible: readonly (readonly number[])[];
}

/** Steps that stand for all: by CPU, numbers of moves. */
type Choice = readonly (readonly number[])[];

export function countOf(steps: Choice): number {
  return steps.reduce((sum, { length }) => sum + length, 0);
}

/** How a CPU stands to what it must not do before one of the steps that are chosen. */
type Standing =
  /** It does not come to it before one of them anyway. */
  | 'settled'
  /** All that it can do may lead there. */
  | 'open'
  /** It must first make an access to this location in memory. */
  | CellId;

/**
 * Which steps of an Alpha machine may stand for all that are possible in a state where no CPU is bound to what must happen next, or is
 * choosing: a persistent set (Godefroid 1996, chapter 4).
 *
 * Accesses of one CPU perform in an order of their own for each location, so the set is made of accesses to locations, not of CPUs. It
 * is closed under this: if it has an access to a location, then of every other CPU that can still access that location, it has
 *
 * - the first access to it that is to perform in memory, if that is issued, or is what the CPU issues next: by table 5-1 whatever else the CPU
 *   accesses there performs later, but for loads that are served by that very store, and return the same after it;
 * - else, if the CPU comes to that access only once something else has performed, as it stands behind a WMB, an MB, or a load that it depends
 *   on, that something, as an access to its own location;
 * - else all that the CPU can do. What it may access next is then whatever it can issue before its next MB.
 *
 * A CPU that only reads the location may be left out while nothing in the set stores to it. If an access in the set may start a section, then
 * so that no grace period begins before, each CPU that has one ahead is held up in the same way: by an access that it must make before the
 * MB in front of it, or with all that it can do.
 *
 * Why such a set is persistent: whatever can happen without it touches none of its locations in memory, and takes none of its accesses'
 * possibility away. Steps of other CPUs commute with these accesses as they are about other locations; steps of the same CPU do because table
 * 5-1 does not order accesses to two locations, and a barrier that did would have held the later of them back. Two more things keep accesses
 * from performing. Atomic pairs: a CPU that can still come to hold a location is to store there, and one that waits for a holder waits
 * for an access in the set. And loops of dependence: an execution has one or not by what its loads read, in
 * whatever order they perform; so a run to the end is one in any order. What is not offered as it brings about nothing new
 * (`postpone`, `predict`) is so whatever steps are left out.
 */
export class AlphaReduction {
  private readonly inSet: Uint8Array;
  private readonly whole: Uint8Array;

  constructor(
    private readonly cells: number,
    cpus: number,
  ) {
    this.inSet = new Uint8Array(cells);
    this.whole = new Uint8Array(cpus);
  }

  /**
   * The fewest steps that may stand for all; undefined when there are none but all.
   * @param isBarred whether a step must not be one of fewer than all, so that on each cycle of states there is one where all steps are made
   */
  choose(state: ReducedState, isBarred: (cpu: number, move: number) => boolean): Choice | undefined {
    return this.choices(state, isBarred).reduce<Choice | undefined>(
      (best, choice) => (best && countOf(best) <= countOf(choice) ? best : choice),
      undefined,
    );
  }

  /** The sets of fewer steps than all that may stand for all. */
  choices(state: ReducedState, isBarred: (cpu: number, move: number) => boolean): Choice[] {
    const found: Choice[] = [];
    const all = countOf(state.possible);
    for (let cell = 0; cell < this.cells && all > 1; cell++) {
      if (!state.records.some(({ moves }) => moves.some((move) => isAccessTo(move, cell)))) continue;
      this.close(state, cell as CellId);
      const chosen = state.possible.map((numbers, cpu) =>
        numbers.filter((number) => this.has(state, cpu, number)),
      );
      const count = countOf(chosen);
      if (count === 0 || count === all) continue;
      if (!chosen.some((numbers, cpu) => numbers.some((number) => isBarred(cpu, number)))) found.push(chosen);
    }
    return found;
  }

  private has({ records }: ReducedState, cpu: number, number: number): boolean {
    if (this.whole[cpu] !== 0) return true;
    const move = records[cpu].moves[number];
    return 'cell' in move && this.inSet[move.cell] !== 0 && isAccessTo(move, move.cell);
  }

  /** Finds the locations and the CPUs that belong to the set that a location's accesses are in. */
  private close(state: ReducedState, seed: CellId): void {
    const { inSet, whole } = this;
    inSet.fill(0);
    whole.fill(0);
    inSet[seed] = 1;
    for (let changed = true; changed; ) {
      changed = this.startsSection(state) && this.joinGracePeriods(state);
      for (let cell = 0; cell < this.cells; cell++) {
        if (inSet[cell] === 0) continue;
        if (this.joinRanges(state, cell)) changed = true;
        for (let cpu = 0; cpu < whole.length; cpu++)
          if (this.joinAccesses(state, cpu, cell as CellId)) changed = true;
      }
    }
  }

  /** Takes up what load-locked among the accesses to a location lock: others that store there are kept off, or break the pair. */
  private joinRanges({ records }: ReducedState, cell: number): boolean {
    let grew = false;
    for (const record of records) {
      for (const move of record.moves) {
        if (!isAccessTo(move, cell)) continue;
        for (const other of lockedBy(record, move)) {
          grew ||= this.inSet[other] === 0;
          this.inSet[other] = 1;
        }
      }
    }
    return grew;
  }

  /** Sees to it that a CPU keeps off a location in the set. True when the set grew. */
  private joinAccesses(state: ReducedState, cpu: number, cell: CellId): boolean {
    if (this.whole[cpu] !== 0) return false;
    const record = state.records[cpu];
    if (!record.accesses.has(cell) || this.isBystander(state, cpu, cell)) return false;
    return this.join(state, cpu, standingOf(state, cpu, cell));
  }

  /** Whether a step in the set may start a section. */
  private startsSection({ records }: ReducedState): boolean {
    return records.some(({ state, moves, sections }, cpu) => {
      if (this.whole[cpu] !== 0) return sections || state.sections.some(({ started }) => !started);
      return moves.some(
        (move) => performs(move) && this.inSet[move.cell] !== 0 && startsSection(state, move),
      );
    });
  }

  /** Sees to it that no grace period begins. True when the set grew. */
  private joinGracePeriods(state: ReducedState): boolean {
    let grew = false;
    state.records.forEach((record, cpu) => {
      if (this.whole[cpu] !== 0 || !record.gracePeriods) return;
      if (this.join(state, cpu, record.front.kind === 'grace-period' ? 'open' : beforeBarrier(record)))
        grew = true;
    });
    return grew;
  }

  /** Takes up what a CPU must do before, or all. True when the set grew. */
  private join(state: ReducedState, cpu: number, standing: Standing): boolean {
    if (standing === 'settled') return false;
    if (standing !== 'open') {
      const isNew = this.inSet[standing] === 0;
      this.inSet[standing] = 1;
      return isNew;
    }
    if (this.whole[cpu] !== 0) return false;
    const record = state.records[cpu];
    this.whole[cpu] = 1;
    for (const cell of nextOf(record)) this.inSet[cell] = 1;
    // Its grace period may wait for others.
    state.records.forEach(({ awaitedBy }, other) => {
      if ((awaitedBy >> cpu) & 1) this.join(state, other, 'open');
    });
    return true;
  }

  /** Whether a CPU only reads a location to which nothing in the set stores. */
  private isBystander({ records }: ReducedState, cpu: number, cell: CellId): boolean {
    if (records[cpu].writes.has(cell)) return false;
    return records.every(({ moves, writes }, other) => {
      if (this.whole[other] !== 0) return !writes.has(cell);
      return !moves.some((move) => move.kind === 'store' && move.cell === cell);
    });
  }
}

/** Whether a move is an access to a location in memory. */
function isAccessTo(move: Move, cell: number): boolean {
  switch (move.kind) {
    case 'read':
    case 'load':
      return move.cell === cell && move.source === undefined;
    case 'store':
      return move.cell === cell;
    default:
      return false;
  }
}

/** What a move locks that is a load-locked. */
function lockedBy({ state, front }: CpuRecord, move: Move): readonly CellId[] {
  if (move.kind === 'read') return (front.kind === 'load' && front.range) || [];
  if (move.kind !== 'load') return [];
  const { link, midway, window } = state;
  const holds = [link?.hold, midway?.hold, ...window.map((e) => (e.kind === 'store' ? e.hold : undefined))];
  return holds.find((hold) => hold?.slot === move.slot)?.range ?? [];
}

/** What a CPU may access next, all that it can do considered. */
function nextOf({ state, ahead, locked }: CpuRecord): readonly CellId[] {
  const waiting = state.window.flatMap((entry) => (entry.kind === 'barrier' ? [] : [entry.cell]));
  return [...waiting, ...locked, ...ahead];
}

function standingOf({ records, sets }: ReducedState, cpu: number, cell: CellId): Standing {
  const record = records[cpu];
  const { state, moves, ahead } = record;
  const { window } = state;
  // A pair may keep others from storing there, until it has written elsewhere.
  if (record.locked.has(cell)) return 'open';
  const first = headOf(window, cell);
  // If it cannot happen, it waits for an access of another CPU to this location.
  if (moves.some((move) => isAccessTo(move, cell))) return 'settled';
  if (first >= 0) {
    const before = blockerOf(window, first, sets);
    return before === undefined ? 'open' : (window[before] as Access).cell;
  }
  return ahead.has(cell) ? 'open' : beforeBarrier(record);
}

/** An access that a CPU must make in memory before it passes its next MB. */
function beforeBarrier({ state, front }: CpuRecord): Standing {
  if (state.window.length > 0) return (state.window[0] as Access).cell;
  return front.kind === 'load' ? front.cell : 'open';
}

type Access = Pending & { readonly kind: 'load' | 'store' };

/** The place of the first access to a location that waits; -1 if none does. */
function headOf(window: readonly Pending[], cell: CellId): number {
  return window.findIndex((entry) => entry.kind !== 'barrier' && entry.cell === cell);
}

/**
 * The place of an access that must perform in memory before a store that waits: one that stands before a WMB, or a load that the store depends
 * on, and is the first to its location. Undefined if none is seen.
 */
function blockerOf(window: readonly Pending[], at: number, sets: DependencySets): number | undefined {
  const fence = window.findLastIndex(({ kind }, place) => place < at && kind === 'barrier');
  const { deps } = window[at] as Pending & { kind: 'store' };
  const before = [
    ...[...window.keys()].filter((place) => place < fence && window[place].kind === 'store'),
    ...sets.awaited(deps).map((slot) => placeOfSlot(window, slot)),
  ];
  return before.find((place) => headOf(window, (window[place] as Access).cell) === place);
}

/** Whether another CPU can still write, or access, a location. */
export function othersCan(
  records: readonly CpuRecord[],
  cpu: number,
  what: 'writes' | 'accesses',
  cell: CellId,
): boolean {
  return records.some((record, other) => other !== cpu && record[what].has(cell));
}

/**
 * Whether a move is an access that no other CPU can tell from a later or earlier one, now or ever; or the beginning or the end of a grace
 * period: the earlier it begins, the fewer sections it waits for, and once nothing keeps it from its end, nothing will. Neither does
 * it matter that a section ends earlier. But an access that starts a section must not do so earlier than it would, where a grace period can
 * begin that would wait for it then.
 */
export function isAlone(records: readonly CpuRecord[], cpu: number, move: Move): boolean {
  if (move.kind === 'grace') return true;
  if (!performs(move)) return false;
  const { state, locked } = records[cpu];
  // It may come to free a block.
  if (locked.size > 0) return false;
  if (startsSection(state, move) && records.some(({ gracePeriods }, other) => other !== cpu && gracePeriods))
    return false;
  if (move.kind === 'store') return !othersCan(records, cpu, 'accesses', move.cell);
  const read = [move.cell, ...lockedBy(records[cpu], move)];
  return !read.some((cell) => othersCan(records, cpu, 'writes', cell));
}

function startsSection(state: CpuState, move: Move): boolean {
  return performs(move) && starts(state, 'at' in move ? move.at : state.window.length);
}

/** Whether a CPU can still read what a location holds. */
export function isReadAgain(records: readonly CpuRecord[], cell: CellId): boolean {
  return records.some(({ reads }) => reads.has(cell));
}

/** Whether a store that is issued goes to a location. */
export function isStoredAgain(records: readonly CpuRecord[], cell: CellId): boolean {
  return records.some(({ state }) => state.window.some((e) => e.kind === 'store' && e.cell === cell));
}
