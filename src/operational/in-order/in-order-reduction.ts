import type { CellId, CellTable } from '../../program/index.js';
import type { MachineState } from '../machine/machine.js';
import { type CellMask, maskOf, SHARED_BIT } from '../memory/cell-mask.js';
import type { SharedMemory } from '../memory/memory-system.js';
import { Futures } from './futures.js';
import type { Action, LocalId, ThreadAutomaton } from './thread-automaton.js';

/** What a reduction looks at in an in-order machine. */
export interface ReducedMachine {
  readonly automata: readonly ThreadAutomaton[];
  /** By CPU: its threads. */
  readonly cpus: readonly { readonly threads: readonly number[] }[];
  readonly cells: CellTable;
  readonly memory: SharedMemory;
  /** Whether a store is on its way for a while. */
  readonly storesWait: boolean;
  /** Whether final states show a location. */
  shows(cell: number): boolean;
  /** Whether stores look at what they overwrite: freed memory is no one's. */
  readonly storesLook: boolean;
  /** What a CPU does next in its code. */
  action(state: MachineState, cpu: number): Action;
}

/** CPUs that fit the bits of a set of CPUs. */
const MAX_CPUS = 31;
const ALL_CPUS = -1;

/**
 * What the CPUs of an in-order machine can still do to memory in a state, and what follows from it for what need not be explored.
 *
 * Two steps of different CPUs depend on one another only if both access one location in memory and at least one writes it. Here a load of
 * an own store on its way counts as an access to memory, as the store may have left by then; load-locked counts as a read of its block, since a
 * write to it takes the reservation away, and store-conditional as a read of its block and a write. What a CPU cannot do now it can do only after a step of its
 * own, or after another CPU has written what it is about to access.
 */
export class InOrderReduction {
  private readonly futures: readonly Futures[];
  // By CPU, in the state that is looked at.
  private readonly reads: Int32Array;
  private readonly writes: Int32Array;
  private readonly nextReads: Int32Array;
  private readonly nextWrites: Int32Array;

  constructor(private readonly machine: ReducedMachine) {
    this.futures = machine.automata.map((automaton) => new Futures(automaton, machine.cells));
    const cpus = machine.cpus.length;
    this.reads = new Int32Array(cpus);
    this.writes = new Int32Array(cpus);
    this.nextReads = new Int32Array(cpus);
    this.nextWrites = new Int32Array(cpus);
  }

  /** Takes a state to answer questions about. */
  look(state: MachineState): void {
    const { cpus, memory } = this.machine;
    for (let cpu = 0; cpu < cpus.length; cpu++) {
      let reads = 0;
      let writes = memory.pending(state, cpu);
      for (const thread of cpus[cpu].threads) {
        const future = this.futures[thread].of(state[thread] as LocalId);
        reads |= future.reads;
        writes |= future.writes;
      }
      this.reads[cpu] = reads;
      this.writes[cpu] = writes;
      this.lookAhead(this.machine.action(state, cpu), cpu, memory.arriving(state, cpu));
    }
  }

  /** What the CPU's next steps access. */
  private lookAhead(action: Action, cpu: number, arriving: CellMask): void {
    const cell = 'cell' in action ? maskOf(action.cell) : 0;
    const writes = action.kind === 'store' ? !this.machine.storesWait : action.kind !== 'load';
    this.nextReads[cpu] = (action.kind === 'load' ? cell : 0) | this.locks(action);
    this.nextWrites[cpu] = writes ? cell | arriving : arriving;
  }

  /** The block that a load-locked locks, or a store-conditional has to find locked. */
  private locks(action: Action): CellMask {
    const isPart = action.kind === 'store-conditional' || (action.kind === 'load' && action.locked);
    if (!isPart) return 0;
    return this.machine.cells.block(action.cell).reduce((mask, cell) => mask | maskOf(cell), 0);
  }

  /** Whether another CPU can still write what a load reads, or locks. */
  isReadAlone(cpu: number, action: Action & { kind: 'load' }): boolean {
    const mask = maskOf(action.cell) | this.locks(action);
    return this.writes.every((writes, other) => other === cpu || (writes & mask) === 0);
  }

  /** Whether another CPU can still access a location. */
  isAccessedByOthers(cpu: number, cell: number): boolean {
    const mask = maskOf(cell);
    for (let other = 0; other < this.writes.length; other++)
      if (other !== cpu && ((this.writes[other] | this.reads[other]) & mask) !== 0) return true;
    return false;
  }

  /**
   * The CPUs, as bits, whose possible steps may stand for those of all, as no other CPU can ever make an access that conflicts with one
   * that they are about to make (Godefroid 1996, section 4.5, after Overman). Of several such sets, one with the fewest steps.
   * @param steps by CPU, how many steps it can make
   * @param barred CPUs that must not be among them, as bits
   */
  cluster(steps: Uint8Array, barred: number): number {
    let best = ALL_CPUS;
    let fewest = steps.reduce((sum, count) => sum + count, 0);
    if (steps.length > MAX_CPUS) return best;
    for (let seed = 0; seed < steps.length; seed++) {
      if (steps[seed] === 0 || steps[seed] >= fewest) continue;
      const cpus = this.closure(1 << seed);
      if ((cpus & barred) !== 0) continue;
      let count = 0;
      for (let cpu = 0; cpu < steps.length; cpu++) if ((cpus >> cpu) & 1) count += steps[cpu];
      if (count >= fewest) continue;
      best = cpus;
      fewest = count;
    }
    return best;
  }

  /** The CPUs, and those that can conflict with what they are about to do, and so on. */
  private closure(start: number): number {
    const { reads, writes, nextReads, nextWrites } = this;
    let cpus = start;
    let read = 0;
    let written = 0;
    for (let added = start; added !== 0; ) {
      for (let cpu = 0; cpu < reads.length; cpu++) {
        if (((added >> cpu) & 1) === 0) continue;
        read |= nextReads[cpu];
        written |= nextWrites[cpu];
      }
      added = 0;
      for (let cpu = 0; cpu < reads.length; cpu++) {
        if ((cpus >> cpu) & 1) continue;
        if ((writes[cpu] & (read | written)) !== 0 || (reads[cpu] & written) !== 0) added |= 1 << cpu;
      }
      cpus |= added;
    }
    return cpus;
  }

  /**
   * Puts back to its first value what a location holds that nobody can read any more, if the final state does not show it, or a store
   * follows for certain: it is on its way, or a thread comes to no end without it.
   */
  collapse(state: MachineState): void {
    const { cpus, cells, memory, storesLook } = this.machine;
    if (storesLook) return;
    let reads = 0;
    let certain = 0;
    for (let cpu = 0; cpu < cpus.length; cpu++) {
      certain |= memory.pending(state, cpu);
      for (const thread of cpus[cpu].threads) {
        const future = this.futures[thread].of(state[thread] as LocalId);
        reads |= future.reads;
        certain |= future.certain;
      }
    }
    for (let cell = 0; cell < cells.cells.length; cell++) {
      const mask = maskOf(cell);
      if ((reads & mask) !== 0) continue;
      if (!this.machine.shows(cell) || (cell < SHARED_BIT && (certain & mask) !== 0))
        memory.forget(state, cell as CellId);
    }
  }
}
