import {
  type CellId,
  type CellTable,
  type ContextKind,
  contextKind,
  contextsOf,
  inSection,
  irqsDisabled,
  mayInterrupt,
  type Program,
  type Regions,
  type RegisterId,
  type Resource,
  type Thread,
  type ThreadId,
  type ValueId,
} from '../../program/index.js';
import type { MachineFault, MachineState } from '../machine/machine.js';
import type { Action, LocalId, ThreadAutomaton } from './thread-automaton.js';

/** A CPU: its own thread first, then the handlers that interrupt it. */
interface Cpu {
  readonly threads: readonly ThreadId[];
  readonly kinds: readonly ContextKind[];
  /** Bits of `ran` when every handler has been entered. */
  readonly allRan: number;
}

/**
 * No load-locked was executed since the last store-conditional. Else a reservation is `location << 1 | isLost`, of the location that was
 * read; it is lost once another CPU has written to the block that this locked.
 */
const NO_RESERVATION = -1;

/**
 * The CPUs of a machine that executes in order: where their threads are, and which of them is executed.
 *
 * The words of a state, from its start: for each thread its automaton's state; for each CPU the handlers that it is in, as digits in base
 * 16 (places in `Cpu.threads`, the innermost lowest; 0: none); for each CPU a bit for each handler that has been entered; for each CPU
 * what it has reserved by a load-locked, or -1.
 */
export class InOrderCpus {
  readonly width: number;
  readonly list: readonly Cpu[];
  /** Where the parts start that hold a word for each CPU. */
  readonly parts: readonly [active: number, ran: number, reserved: number];
  private readonly active: number;
  private readonly ran: number;
  private readonly reserved: number;

  /** @param automata those of the program's threads */
  constructor(
    program: Program,
    readonly automata: readonly ThreadAutomaton[],
    private readonly cells: CellTable,
  ) {
    this.list = program.threads.filter(({ interrupt }) => !interrupt).map((own) => cpuOf(program, own));
    this.active = automata.length;
    this.ran = this.active + this.count;
    this.reserved = this.ran + this.count;
    this.parts = [this.active, this.ran, this.reserved];
    this.width = this.reserved + this.count;
  }

  get count(): number {
    return this.list.length;
  }

  writeInitial(into: MachineState): void {
    this.automata.forEach((automaton, thread) => {
      into[thread] = automaton.initial;
    });
    into.fill(0, this.active, this.reserved);
    into.fill(NO_RESERVATION, this.reserved, this.width);
  }

  /** Whether every thread and handler is through. */
  areThrough(state: MachineState): boolean {
    for (let thread = 0; thread < this.automata.length; thread++) {
      if (this.automata[thread].action(state[thread] as LocalId).kind !== 'end') return false;
    }
    for (let cpu = 0; cpu < this.count; cpu++)
      if (this.isInHandler(state, cpu) || this.mayInterrupt(state, cpu)) return false;
    return true;
  }

  // --- Threads ---

  /** The thread whose turn it is on a CPU: the innermost handler, or its own. */
  current(state: MachineState, cpu: number): ThreadId {
    return this.list[cpu].threads[this.placeOf(state, cpu)];
  }

  /** Its place on the CPU. */
  placeOf(state: MachineState, cpu: number): number {
    return state[this.active + cpu] & 15;
  }

  /** What the CPU does next. */
  action(state: MachineState, cpu: number): Action {
    const thread = this.current(state, cpu);
    return this.automata[thread].action(state[thread] as LocalId);
  }

  /** What the atomic that a CPU is at stores when it reads `old`; `NO_WRITE`: nothing. */
  written(state: MachineState, cpu: number, old: ValueId): number {
    const thread = this.current(state, cpu);
    return this.automata[thread].written(state[thread] as LocalId, old);
  }

  register(state: MachineState, thread: ThreadId, register: RegisterId): ValueId {
    return this.automata[thread].register(state[thread] as LocalId, register);
  }

  regions(state: MachineState, thread: ThreadId): Regions {
    return this.automata[thread].regions(state[thread] as LocalId);
  }

  /** Whether a CPU is in a section: of its own thread's, or of a handler's that it is in. */
  isInSection(state: MachineState, cpu: number): boolean {
    const { threads } = this.list[cpu];
    if (inSection(this.regions(state, threads[0]))) return true;
    for (let active = state[this.active + cpu]; active > 0; active >>= 4)
      if (inSection(this.regions(state, threads[active & 15]))) return true;
    return false;
  }

  /** What is held on a CPU, by its own thread or a handler. */
  holds(state: MachineState, cpu: number, resource: Resource): boolean {
    return this.list[cpu].threads.some((thread) =>
      this.automata[thread].taken(state[thread] as LocalId).includes(resource),
    );
  }

  /** Whether what a CPU cannot do now is no fault of the program's. */
  isMisled(state: MachineState, cpu: number): boolean {
    const thread = this.current(state, cpu);
    return this.automata[thread].isMisled(state[thread] as LocalId);
  }

  /** What threads could not do. */
  faults(state: MachineState): MachineFault[] {
    const found: MachineFault[] = [];
    for (let thread = 0; thread < this.automata.length; thread++) {
      const fault = this.automata[thread].fault(state[thread] as LocalId);
      if (fault) found.push({ ...fault, thread: thread as ThreadId });
    }
    return found;
  }

  // --- Handlers ---

  /** The handlers that it is in, by their places; the innermost last. */
  activeOf(state: MachineState, cpu: number): number[] {
    const places: number[] = [];
    for (let rest = state[this.active + cpu]; rest > 0; rest >>= 4) places.unshift(rest & 15);
    return places;
  }

  /** The handlers that have been entered: a bit for each, by its place. */
  ranOf(state: MachineState, cpu: number): number {
    return state[this.ran + cpu];
  }

  isInHandler(state: MachineState, cpu: number): boolean {
    return state[this.active + cpu] !== 0;
  }

  /** Whether a handler is still to be entered on the CPU. */
  mayInterrupt(state: MachineState, cpu: number): boolean {
    return state[this.ran + cpu] !== this.list[cpu].allRan;
  }

  /** Whether the handler at a place can be entered now. */
  canEnter(state: MachineState, cpu: number, place: number): boolean {
    const { threads, kinds } = this.list[cpu];
    if ((state[this.ran + cpu] >> place) & 1) return false;
    const irqsAreOff = irqsDisabled(this.regions(state, threads[0]));
    return mayInterrupt(kinds[place], kinds[this.placeOf(state, cpu)], irqsAreOff);
  }

  enter(state: MachineState, cpu: number, place: number): void {
    state[this.active + cpu] = state[this.active + cpu] * 16 + place;
    state[this.ran + cpu] |= 1 << place;
    this.release(state, cpu);
  }

  leave(state: MachineState, cpu: number): void {
    state[this.active + cpu] >>= 4;
    this.release(state, cpu);
  }

  // --- Load-locked and store-conditional ---

  /**
   * Whether a store-conditional may succeed: as an atomic pair if the load-locked was of its block and nobody else has written there
   * (Alpha handbook, 5.6.1.8); whatever happened if it was of another (4.2.5).
   */
  maySucceed(state: MachineState, cpu: number, cell: CellId): boolean {
    const reserved = state[this.reserved + cpu];
    if (reserved === NO_RESERVATION) return false;
    return (reserved & 1) === 0 || !this.cells.isOneBlock(cell, (reserved >> 1) as CellId);
  }

  /** @param isLost whether another CPU has written already */
  reserve(state: MachineState, cpu: number, cell: CellId, isLost: boolean): void {
    state[this.reserved + cpu] = (cell << 1) | (isLost ? 1 : 0);
  }

  /** The CPU has no reservation any more. */
  release(state: MachineState, cpu: number): void {
    state[this.reserved + cpu] = NO_RESERVATION;
  }

  /** Other CPUs lose their reservations of the block that a CPU has written to. */
  unreserve(state: MachineState, cpu: number, cell: CellId): void {
    for (let other = 0; other < this.count; other++) {
      const reserved = state[this.reserved + other];
      if (other === cpu || reserved === NO_RESERVATION) continue;
      if (this.cells.isOneBlock(cell, (reserved >> 1) as CellId)) state[this.reserved + other] |= 1;
    }
  }

  /**
   * @param cells how many locations there are
   * @param fail throws an Error that says what is wrong
   */
  checkInvariants(state: MachineState, cells: number, fail: (what: string) => never): void {
    this.list.forEach(({ threads, allRan }, cpu) => {
      if ((state[this.ran + cpu] & ~allRan) !== 0) fail(`CPU${cpu} ran a handler that it has not`);
      for (const place of this.activeOf(state, cpu)) {
        if (place >= threads.length) fail(`CPU${cpu} is in a handler that it has not`);
        if (((state[this.ran + cpu] >> place) & 1) === 0)
          fail(`CPU${cpu} is in a handler that was not entered`);
      }
      const reserved = state[this.reserved + cpu];
      if (reserved < NO_RESERVATION || reserved >> 1 >= cells) fail(`CPU${cpu} reserves no cell`);
    });
  }
}

function cpuOf(program: Program, own: Thread): Cpu {
  const contexts = contextsOf(program, own);
  return {
    threads: contexts.map(({ id }) => id),
    kinds: contexts.map(contextKind),
    // A bit for each handler, by its place.
    allRan: (1 << contexts.length) - 2,
  };
}
