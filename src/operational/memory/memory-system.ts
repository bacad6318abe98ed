import type { CellId, Tag, ValueId } from '../../program/index.js';
import type { MachineState } from '../machine/machine.js';
import type { PartView } from '../machine/view.js';
import type { CellMask } from './cell-mask.js';

/** How an atomic instruction goes to memory: a load-locked, a read-modify-write that writes, a store-conditional that succeeds. */
export type AtomicAccess = 'locked' | 'exchange' | 'conditional';

/** A step that memory makes by itself, on behalf of a CPU: a number whose meaning is the memory system's own. */
export type MemoryStep = number;

/**
 * What lies between the CPUs of an in-order machine and memory: store buffers, caches, queues. It is all that sets one such machine
 * apart from another; `InOrderMachine` runs the threads and their handlers.
 *
 * It owns a piece of each state: `width` words from the place that it was created with. What changes a state changes it in place.
 * CPUs are numbered from 0.
 */
export interface MemorySystem {
  readonly width: number;
  /** What a store stays in at first, with its CPU; absent: it takes effect at once, for all to see. */
  readonly buffer?: {
    readonly name: string;
    /** Whether a handler's entry and its return wait until nothing of the CPU's stores is on its way. */
    readonly interruptsWait: boolean;
  };
  writeInitial(into: MachineState): void;
  /** What memory holds: the latest value of a location in its coherence order. */
  memory(state: MachineState, cell: CellId): ValueId;
  /** What a load returns now. */
  visible(state: MachineState, cpu: number, cell: CellId): ValueId;
  /** A plain store is executed. */
  store(state: MachineState, cpu: number, cell: CellId, value: ValueId): void;
  /** Whether an atomic instruction can have memory to itself now. */
  isReady(state: MachineState, cpu: number, cell: CellId, access: AtomicAccess): boolean;
  /** An atomic instruction stores, for all to see. */
  write(state: MachineState, cpu: number, cell: CellId, value: ValueId): void;
  /** Whether a barrier lets the CPU go on now. */
  passes(state: MachineState, cpu: number, tags: readonly Tag[]): boolean;
  /** The CPU goes past a barrier. */
  fence(state: MachineState, cpu: number, tags: readonly Tag[]): void;
  /** Whether all that the CPU has stored has reached memory. */
  isDrained(state: MachineState, cpu: number): boolean;
  /** @param fail throws an Error that says what is wrong */
  checkInvariants(state: MachineState, fail: (what: string) => never): void;

  /** What it does by itself, if anything. */
  readonly own?: OwnSteps;
  /** Where a CPU may see what is old. */
  readonly caches?: Caches;
  /** Where stores are on their way for a while: the read-side sections that have ended before them. */
  readonly sections?: EndedSections;
  /** What lets an explorer leave steps out, where memory is as simple as that. */
  readonly shared?: SharedMemory;
  readonly narration: Narration;
}

/** Steps that memory makes without an instruction, each on behalf of a CPU. */
export interface OwnSteps {
  /** Appends what memory can do next for a CPU, in a fixed order. */
  steps(state: MachineState, cpu: number, out: MemoryStep[]): void;
  /** @returns the location of which other CPUs now see another value, if there is one */
  step(state: MachineState, cpu: number, step: MemoryStep): CellId | undefined;
  /** The location that a step is about. */
  cellOf(state: MachineState, cpu: number, step: MemoryStep): CellId;
}

/** What a CPU keeps of memory for loads to come. */
export interface Caches {
  /** Whether memory is in the middle of something: no CPU executes an instruction before that is over. */
  isBusy(state: MachineState): boolean;
  /** A load was served. */
  load(state: MachineState, cpu: number, cell: CellId): void;
  /** Whether what the CPU sees is what memory holds, so that a load-locked of it can be paired with. */
  isCurrent(state: MachineState, cpu: number, cell: CellId): boolean;
  /** Makes good all that the CPU has put off, so that it sees nothing more that is old by now. */
  refresh(state: MachineState, cpu: number): void;
  /** Forgets what is kept of locations that the CPU will not load from any more. */
  forget(state: MachineState, cpu: number, isNeeded: (cell: CellId) => boolean): void;
}

/** Read-side sections that have ended, as far as grace periods wait for what was stored before their ends to reach memory. */
export interface EndedSections {
  /** The CPU has come to the end of a section, for which the grace periods of the CPUs in `mask` wait, a bit for each. */
  endSection(state: MachineState, cpu: number, mask: number): void;
  /** The grace periods of the CPUs in `mask` begin to wait for those sections that the CPU has ended and that are not over. */
  awaitSections(state: MachineState, cpu: number, mask: number): void;
  /** The CPUs whose grace periods wait for sections that the CPU has ended. */
  awaitedBy(state: MachineState, cpu: number): number;
}

/** What people are told of a memory system. */
export interface Narration {
  /** A step as a sentence, before it is made; where there are steps. */
  describe?(state: MachineState, cpu: number, step: MemoryStep): string;
  /** A load as the end of a sentence that begins with the CPU: `loads x = 1 from memory`. */
  describeLoad(state: MachineState, cpu: number, cell: CellId): string;
  /** What there is to see of a CPU's side of it. */
  parts(state: MachineState, cpu: number): PartView[];
}

/** By value: another one, or itself. The same function stands for the same renaming, which grows. */
export type Renaming = (value: number) => number;

/**
 * Memory in which a location has one value for all CPUs: only a CPU that has a store on its way to it sees another one. Each step of memory
 * brings one store there, and what a CPU does is changed by other CPUs only through the value of the location that it accesses.
 */
export interface SharedMemory {
  /** The locations that a CPU has stores for on their way, and those of them that a next step can bring there. */
  pending(state: MachineState, cpu: number): CellMask;
  arriving(state: MachineState, cpu: number): CellMask;
  /**
   * Writes the image of its words when CPUs change places and values are renamed.
   * @param cpu by CPU, the one whose place it takes
   */
  image(state: MachineState, into: MachineState, cpu: readonly number[], rename: Renaming): void;
  /** Puts the first value of a location back, which is not looked at any more. */
  forget(state: MachineState, cell: CellId): void;
}

/** What a memory system is made for. */
export interface MemoryContext {
  /** Where in a state its words start. */
  readonly at: number;
  readonly cpus: number;
  /** The initial value of each location. */
  readonly initial: readonly ValueId[];
  /** The locations that a CPU can read, at the most. */
  readonly reads: (cpu: number) => ReadonlySet<CellId>;
  /** A location, and a value, as users write them. */
  readonly name: (cell: CellId) => string;
  readonly show: (value: ValueId) => string;
  /** To be called before a value takes its place in a location's coherence order, right behind what `memory` gives. */
  readonly overwrites: (state: MachineState, cell: CellId, value: ValueId) => void;
}
