import type { CellId, Tag, ValueId } from '../../program/index.js';
import type { MachineState } from '../machine/machine.js';
import type { PartView } from '../machine/view.js';
import { type BufferId, BufferTable, EMPTY, isSectionEnd } from './buffers.js';
import type {
  AtomicAccess,
  EndedSections,
  MemoryContext,
  MemoryStep,
  MemorySystem,
  Narration,
  OwnSteps,
  SharedMemory,
} from './memory-system.js';

/** What sets machines with store buffers apart. */
export interface BufferRules {
  /** Whether all stores leave a buffer in the order in which they came, or only those to one location. */
  readonly order: 'fifo' | 'per-location';
  /** Whether a barrier waits until the buffer is empty. */
  drains(tags: readonly Tag[]): boolean;
  /** Whether a barrier keeps the stores behind it in the buffer until those before it have left. */
  separates(tags: readonly Tag[]): boolean;
}

/**
 * A store buffer for each CPU, and memory. A load is served by the CPU's youngest store to its location, else by memory. Handlers and
 * atomic instructions wait until the buffer is empty.
 *
 * Its words: for each CPU its buffer, for each location its value. A step is the place in the buffer of the store that leaves it.
 */
export class BufferedMemory implements MemorySystem, OwnSteps, EndedSections, Narration {
  readonly width: number;
  readonly buffer = { name: 'store buffer', interruptsWait: true };
  readonly own: OwnSteps = this;
  readonly sections: EndedSections = this;
  readonly narration: Narration = this;
  readonly shared: SharedMemory = {
    pending: (state, cpu) => this.buffers.cells(this.bufferOf(state, cpu)),
    arriving: (state, cpu) => this.buffers.leavingCells(this.bufferOf(state, cpu)),
    image: (state, into, cpu, rename) => {
      const { at } = this.context;
      for (let word = at; word < this.value; word++)
        into[word] = this.buffers.renamed(state[at + cpu[word - at]] as BufferId, rename);
      for (let word = this.value; word < at + this.width; word++) into[word] = rename(state[word]);
    },
    forget: (state, cell) => {
      state[this.value + cell] = this.context.initial[cell];
    },
  };
  private readonly buffers: BufferTable;
  private readonly value: number;

  constructor(
    private readonly context: MemoryContext,
    private readonly rules: BufferRules,
  ) {
    const { at, cpus, initial } = context;
    this.buffers = new BufferTable(rules.order);
    this.value = at + cpus;
    this.width = cpus + initial.length;
  }

  writeInitial(into: MachineState): void {
    const { at, initial } = this.context;
    into.fill(EMPTY, at, this.value);
    into.set(initial, this.value);
  }

  memory(state: MachineState, cell: CellId): ValueId {
    return state[this.value + cell] as ValueId;
  }

  steps(state: MachineState, cpu: number, out: MemoryStep[]): void {
    const buffer = this.bufferOf(state, cpu);
    if (buffer !== EMPTY) for (const place of this.buffers.leaving(buffer)) out.push(place);
  }

  step(state: MachineState, cpu: number, place: MemoryStep): CellId {
    const buffer = this.bufferOf(state, cpu);
    const cell = this.buffers.cellAt(buffer, place) as CellId;
    this.write(state, cpu, cell, this.buffers.valueAt(buffer, place));
    state[this.context.at + cpu] = this.buffers.without(buffer, place);
    return cell;
  }

  visible(state: MachineState, cpu: number, cell: CellId): ValueId {
    const own = this.buffers.forward(this.bufferOf(state, cpu), cell);
    return (own >= 0 ? own : state[this.value + cell]) as ValueId;
  }

  store(state: MachineState, cpu: number, cell: CellId, value: ValueId): void {
    state[this.context.at + cpu] = this.buffers.push(this.bufferOf(state, cpu), cell, value);
  }

  isReady(state: MachineState, cpu: number, cell: CellId, access: AtomicAccess): boolean {
    // A store-conditional is a store that does not wait in the buffer.
    return access === 'conditional'
      ? this.buffers.letsPass(this.bufferOf(state, cpu), cell)
      : this.isDrained(state, cpu);
  }

  write(state: MachineState, _cpu: number, cell: CellId, value: ValueId): void {
    this.context.overwrites(state, cell, value);
    state[this.value + cell] = value;
  }

  passes(state: MachineState, cpu: number, tags: readonly Tag[]): boolean {
    return this.isDrained(state, cpu) || !this.rules.drains(tags);
  }

  fence(state: MachineState, cpu: number, tags: readonly Tag[]): void {
    if (this.rules.separates(tags))
      state[this.context.at + cpu] = this.buffers.fence(this.bufferOf(state, cpu));
  }

  endSection(state: MachineState, cpu: number, mask: number): void {
    state[this.context.at + cpu] = this.buffers.endSection(this.bufferOf(state, cpu), mask);
  }

  awaitSections(state: MachineState, cpu: number, mask: number): void {
    state[this.context.at + cpu] = this.buffers.awaitSections(this.bufferOf(state, cpu), mask);
  }

  awaitedBy(state: MachineState, cpu: number): number {
    return this.buffers.awaitedBy(this.bufferOf(state, cpu));
  }

  isDrained(state: MachineState, cpu: number): boolean {
    return state[this.context.at + cpu] === EMPTY;
  }

  cellOf(state: MachineState, cpu: number, place: MemoryStep): CellId {
    return this.buffers.cellAt(this.bufferOf(state, cpu), place) as CellId;
  }

  describe(state: MachineState, cpu: number, place: MemoryStep): string {
    return `the store ${this.entries(state, cpu)[place]} leaves the ${this.buffer.name} of CPU${cpu} for memory`;
  }

  describeLoad(state: MachineState, cpu: number, cell: CellId): string {
    const { name, show } = this.context;
    const isOwn = this.buffers.forward(this.bufferOf(state, cpu), cell) >= 0;
    return `loads ${name(cell)} = ${show(this.visible(state, cpu, cell))} from ${isOwn ? `its ${this.buffer.name}` : 'memory'}`;
  }

  parts(state: MachineState, cpu: number): PartView[] {
    return [{ name: this.buffer.name, entries: this.entries(state, cpu) }];
  }

  checkInvariants(state: MachineState, fail: (what: string) => never): void {
    const { cpus, initial, name } = this.context;
    for (let cpu = 0; cpu < cpus; cpu++) {
      const entries = this.buffers.entries(this.bufferOf(state, cpu));
      entries.forEach(({ cell }, place) => {
        if (cell >= 0) return;
        if (place === 0) fail(`CPU${cpu} keeps a barrier or an end that no store is before`);
        if (cell === entries[place - 1].cell) fail(`CPU${cpu} keeps two barriers or two ends side by side`);
        if (isSectionEnd(cell) && entries[place - 1].cell < 0)
          fail(`CPU${cpu} keeps an end behind a barrier`);
      });
    }
    initial.forEach((_, cell) => {
      if (state[this.value + cell] <= 0) fail(`${name(cell as CellId)} holds no value`);
    });
  }

  private bufferOf(state: MachineState, cpu: number): BufferId {
    return state[this.context.at + cpu] as BufferId;
  }

  private entries(state: MachineState, cpu: number): string[] {
    const { name, show } = this.context;
    return this.buffers.entries(this.bufferOf(state, cpu)).map(({ cell, value }) => {
      if (isSectionEnd(cell)) return 'end of a section';
      return cell < 0 ? 'barrier' : `${name(cell as CellId)} = ${show(value)}`;
    });
  }
}
