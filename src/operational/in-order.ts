import { CellTable, footprintOf } from '../execution/index.js';
import {
  type CellId,
  type Code,
  FREED,
  inSection,
  irqsDisabled,
  managesMemory,
  type Program,
  type Regions,
  type RegisterId,
  type ThreadId,
  UNINITIALISED,
  type ValueId,
  type ValueTable,
} from '../program/index.js';
import {
  type Action,
  type Fact,
  type Liveness,
  type LocalId,
  NO_WRITE,
  ThreadAutomaton,
} from './automaton.js';
import { describeChange, GracePeriods, hasGracePeriods } from './grace-periods.js';
import { InOrderReduction } from './in-order-reduction.js';
import { InOrderSymmetry } from './in-order-symmetry.js';
import {
  errorBit,
  type Machine,
  type MachineFault,
  type MachineKind,
  type MachineState,
  type Transition,
} from './machine.js';
import type { MemoryContext, MemoryStep, MemorySystem } from './memory-system.js';
import { type Reach, reachOf } from './reach.js';
import { type MachineView, memoryView, showValue, statusOf } from './view.js';

/** Kinds of step; a transition is `kind | cpu << 4 | detail << 12`. */
const STEP = 0; // the CPU's next action; detail 1: an atomic instruction stores
const MEMORY = 1; // memory makes its step `detail` for the CPU
const INTERRUPT = 2; // the handler numbered `detail` on this CPU is entered

const transition = (kind: number, cpu: number, detail = 0): Transition => kind | (cpu << 4) | (detail << 12);

/** A CPU: its own thread first, then the handlers that interrupt it. */
interface Cpu {
  readonly threads: readonly ThreadId[];
  readonly kinds: readonly ('own' | 'nmi' | 'irq')[];
  /** Bits of `ran` when every handler has been entered. */
  readonly allRan: number;
}

/** No load-locked is pending. */
const NO_RESERVATION = -1;

/** How far loops are followed to learn which locations there are. */
const LIMITS = { unroll: 2 };

/**
 * A machine whose CPUs execute in program order: what can be late is only when a store reaches memory, and when others learn of it,
 * which is up to its memory system.
 *
 * A state holds, in this order: for each thread its automaton's state; for each CPU the handlers that it is in, as digits in base 16
 * (places in `Cpu.threads`, the innermost lowest; 0: none); for each CPU a bit for each handler that has been entered; for each CPU the
 * cell that it has reserved by a load-locked, or -1; the errors with memory so far, as bits; what the memory system keeps; what the grace
 * periods keep.
 */
class InOrderMachine implements Machine {
  readonly width: number;
  private readonly cells: CellTable;
  private readonly automata: ThreadAutomaton[];
  private readonly cpus: Cpu[];
  private readonly memorySystem: MemorySystem;
  private readonly gracePeriods: GracePeriods;
  private readonly reduction: InOrderReduction | undefined;
  readonly symmetry: InOrderSymmetry | undefined;
  /** Whether what is found out about the threads is kept, for the symmetries. */
  private readonly logsFacts: boolean = true;
  /** By CPU, in the state that is reduced: how many steps it can make. */
  private readonly steps: Uint8Array;
  /** Where each part of a state starts. */
  private readonly active: number;
  private readonly ran: number;
  private readonly reserved: number;
  private readonly error: number;
  /** The numbers of what freed and of what uninitialised memory holds. */
  private readonly freed: ValueId;
  private readonly uninitialised: ValueId;
  private readonly memorySteps: MemoryStep[] = [];
  private readonly reach = new Map<Code, readonly Reach[]>();
  /** What a called function can come to, at the most. */
  private readonly everything: Reach;

  constructor(
    readonly name: string,
    private readonly program: Program,
    private readonly values: ValueTable,
    liveness: Liveness,
    createMemory: (context: MemoryContext) => MemorySystem,
  ) {
    let known: ReturnType<typeof footprintOf> | undefined;
    const footprint = () => {
      known ??= footprintOf(program, LIMITS);
      return known;
    };
    // In flat memory there are locations that only the instructions name.
    this.cells = program.flatMemory ? footprint().cells : new CellTable(program);
    const functions = new Map(program.functions.map((code) => [code.name, code]));
    const facts: Fact[] = [];
    const learnt = (fact: Fact): void => {
      if (this.logsFacts) facts.push(fact);
    };
    this.automata = program.threads.map(
      (t) => new ThreadAutomaton(t, functions, this.cells, values, liveness, learnt),
    );
    this.cpus = program.threads
      .filter((thread) => !thread.interrupt)
      .map((thread) => cpuOf(program, thread.id));
    const cpus = this.cpus.length;
    this.active = program.threads.length;
    this.ran = this.active + cpus;
    this.reserved = this.ran + cpus;
    const every = new Set(this.cells.cells.map((_, cell) => cell as CellId));
    this.everything = { reads: every, writes: every, accesses: every, ahead: every };
    this.error = this.reserved + cpus;
    this.freed = values.id(FREED);
    this.uninitialised = values.id(UNINITIALISED);
    const at = this.error + 1;
    this.memorySystem = createMemory({
      at,
      cpus,
      initial: this.cells.cells.map(({ initial }) => values.id(initial)),
      reads: (cpu) => new Set(this.cpus[cpu].threads.flatMap((thread) => [...footprint().reads(thread)])),
      name: (cell) => this.cells.cells[cell].name,
      show: (value) => this.shown(value),
      overwrites: (state, cell, value) => this.noteWrite(state, cell, value),
    });
    const rest = at + this.memorySystem.width;
    this.gracePeriods = new GracePeriods(
      rest,
      cpus,
      hasGracePeriods(program),
      this.memorySystem,
      (state, cpu) => this.isInSection(state, cpu),
    );
    this.width = rest + this.gracePeriods.width;
    this.steps = new Uint8Array(cpus);
    const { buffer, shared } = this.memorySystem;
    // A grace period waits for what other CPUs do without any access.
    if (shared && !hasGracePeriods(program)) {
      this.reduction = new InOrderReduction({
        automata: this.automata,
        cpus: this.cpus,
        cells: this.cells,
        memory: shared,
        storesWait: buffer !== undefined,
        storesLook: managesMemory(program),
        shows: (cell) => liveness.shows(cell as CellId),
        action: (state, cpu) => this.action(state, cpu),
      });
      this.symmetry = new InOrderSymmetry(
        {
          program,
          liveness,
          automata: this.automata,
          cpus: this.cpus,
          memory: shared,
          perCpu: [this.active, this.ran, this.reserved],
          fixed: [
            ...this.cells.cells.map(({ initial }) => values.id(initial)),
            this.freed,
            this.uninitialised,
          ],
          facts,
        },
        this.width,
      );
    }
    this.logsFacts = (this.symmetry?.generators ?? 0) > 0;
  }

  writeInitial(into: MachineState): void {
    this.automata.forEach((automaton, thread) => {
      into[thread] = automaton.initial;
    });
    into.fill(0, this.active, this.reserved);
    into.fill(NO_RESERVATION, this.reserved, this.error);
    into[this.error] = 0;
    this.memorySystem.writeInitial(into);
    this.gracePeriods.writeInitial(into);
  }

  transitions(state: MachineState, out: Transition[]): void {
    const isBusy = this.memorySystem.isBusy(state);
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      if (isBusy) this.appendMemory(state, cpu, out);
      else this.append(state, cpu, out);
    }
  }

  representatives(state: MachineState, out: Transition[]): void {
    const { cpus, reduction, steps } = this;
    if (!reduction || this.memorySystem.isBusy(state)) {
      this.transitions(state, out);
      return;
    }
    reduction.look(state);
    let barred = 0;
    for (let cpu = 0; cpu < cpus.length; cpu++) {
      const before = out.length;
      this.append(state, cpu, out);
      steps[cpu] = out.length - before;
      if (this.isBarred(state, cpu)) barred |= 1 << cpu;
    }
    const chosen = reduction.cluster(steps, barred);
    out.length = 0;
    for (let cpu = 0; cpu < cpus.length; cpu++) if ((chosen >> cpu) & 1) this.append(state, cpu, out);
  }

  alone(state: MachineState): Transition {
    if (this.memorySystem.isBusy(state)) return -1;
    this.reduction?.look(state);
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      const step = this.aloneOn(state, cpu);
      if (step >= 0) return step;
    }
    return -1;
  }

  collapse(state: MachineState): void {
    this.reduction?.collapse(state);
  }

  apply(state: MachineState, step: Transition, into: MachineState): void {
    into.set(state);
    const cpu = (step >> 4) & 0xff;
    const detail = step >> 12;
    switch (step & 0xf) {
      case STEP:
        this.execute(state, cpu, detail, into);
        this.forget(into, cpu);
        return;
      case MEMORY: {
        const cell = this.memorySystem.step(into, cpu, detail);
        if (cell !== undefined) this.unreserve(into, cpu, cell);
        return;
      }
      case INTERRUPT:
        into[this.active + cpu] = state[this.active + cpu] * 16 + detail;
        into[this.ran + cpu] |= 1 << detail;
        into[this.reserved + cpu] = NO_RESERVATION;
        return;
    }
  }

  isFinal(state: MachineState): boolean {
    for (let thread = 0; thread < this.automata.length; thread++) {
      if (this.automata[thread].action(state[thread] as LocalId).kind !== 'end') return false;
    }
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      if (!this.memorySystem.isDrained(state, cpu) || state[this.active + cpu] !== 0) return false;
      if (state[this.ran + cpu] !== this.cpus[cpu].allRan) return false;
    }
    return !this.memorySystem.isBusy(state);
  }

  fault(state: MachineState): MachineFault | undefined {
    let limit: MachineFault | undefined;
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      const action = this.action(state, cpu);
      if (action.kind !== 'fault' || action.excused) continue;
      const { reason, span, isLimit } = action;
      const fault = { reason, ...(span ? { span } : {}) };
      if (!isLimit) return fault;
      limit = { ...fault, isLimit };
    }
    return limit;
  }

  errors(state: MachineState): number {
    return state[this.error];
  }

  register(state: MachineState, thread: ThreadId, register: RegisterId): ValueId {
    return this.automata[thread].register(state[thread] as LocalId, register);
  }

  memory(state: MachineState, cell: CellId): ValueId {
    return this.memorySystem.memory(state, cell);
  }

  describe(state: MachineState, step: Transition): string {
    const cpu = (step >> 4) & 0xff;
    const detail = step >> 12;
    switch (step & 0xf) {
      case MEMORY:
        return this.memorySystem.describe(state, cpu, detail);
      case INTERRUPT:
        return `CPU${cpu} enters the handler ${this.program.threads[this.cpus[cpu].threads[detail]].name}`;
      default:
        return `CPU${cpu} ${this.described(state, cpu, detail)}`;
    }
  }

  cell(state: MachineState, step: Transition): CellId | undefined {
    const cpu = (step >> 4) & 0xff;
    switch (step & 0xf) {
      case MEMORY:
        return this.memorySystem.cellOf(state, cpu, step >> 12);
      case STEP: {
        const action = this.action(state, cpu);
        return 'cell' in action ? action.cell : undefined;
      }
      default:
        return undefined;
    }
  }

  view(state: MachineState): MachineView {
    const { cells } = this.cells;
    return {
      memory: memoryView(cells, (cell) => this.values.value(this.memorySystem.memory(state, cell as CellId))),
      cpus: this.cpus.map(({ threads }, cpu) => {
        const active = digits(state[this.active + cpu]);
        return {
          name: `CPU${cpu}`,
          threads: threads.map((thread, place) => {
            const local = state[thread] as LocalId;
            const ended = this.automata[thread].action(local).kind === 'end';
            return {
              thread,
              name: this.program.threads[thread].name,
              status: statusOf(place, ended, active, state[this.ran + cpu]),
              ...this.automata[thread].place(local, cells),
            };
          }),
          parts: this.memorySystem.parts(state, cpu),
        };
      }),
    };
  }

  checkInvariants(state: MachineState): void {
    const fail = (what: string): never => {
      throw new Error(`${this.name}: ${what} in state ${[...state].join(',')}`);
    };
    this.cpus.forEach(({ threads, allRan }, cpu) => {
      if ((state[this.ran + cpu] & ~allRan) !== 0) fail(`CPU${cpu} ran a handler that it has not`);
      for (let active = state[this.active + cpu]; active > 0; active >>= 4) {
        if ((active & 15) >= threads.length) fail(`CPU${cpu} is in a handler that it has not`);
        if (((state[this.ran + cpu] >> (active & 15)) & 1) === 0)
          fail(`CPU${cpu} is in a handler that was not entered`);
      }
      const reserved = state[this.reserved + cpu];
      if (reserved < NO_RESERVATION || reserved >= this.cells.cells.length)
        fail(`CPU${cpu} reserves no cell`);
    });
    this.memorySystem.checkInvariants(state, fail);
    this.gracePeriods.checkInvariants(state, fail);
  }

  // --- What a CPU can do ---

  /** The thread whose turn it is on a CPU: the innermost handler, or its own. */
  private current(state: MachineState, cpu: number): ThreadId {
    return this.cpus[cpu].threads[state[this.active + cpu] & 15];
  }

  /** Tells memory which locations the CPU can still come to. */
  private forget(state: MachineState, cpu: number): void {
    this.memorySystem.forget?.(state, cpu, (cell) =>
      this.cpus[cpu].threads.some((thread) => this.mayAccess(state, thread, cell)),
    );
  }

  private mayAccess(state: MachineState, thread: ThreadId, cell: CellId): boolean {
    const automaton = this.automata[thread];
    return automaton.points(state[thread] as LocalId).some(({ code, pc }) => {
      let reach = this.reach.get(code);
      if (!reach) {
        reach = reachOf(code, this.cells, this.everything, undefined);
        this.reach.set(code, reach);
      }
      return reach[Math.min(pc, code.instructions.length)].accesses.has(cell);
    });
  }

  private action(state: MachineState, cpu: number): Action {
    const thread = this.current(state, cpu);
    return this.automata[thread].action(state[thread] as LocalId);
  }

  /**
   * A step of the CPU that commutes with whatever else can happen from now on, on its own CPU too; -1 when there is none. A store
   * comes to a location in memory that no other CPU can access any more. Or, while no handler can come in between, the next
   * action touches nothing but its own thread and the young end of its own store buffer, or accesses a location with which other CPUs
   * cannot interfere any more: whether it does so before or after the CPU's stores get there is then the same.
   */
  private aloneOn(state: MachineState, cpu: number): Transition {
    const { memorySystem, memorySteps, reduction } = this;
    if (reduction) {
      memorySteps.length = 0;
      memorySystem.steps(state, cpu, memorySteps);
      for (const step of memorySteps) {
        if (!reduction.isAccessedByOthers(cpu, memorySystem.cellOf(state, cpu, step)))
          return transition(MEMORY, cpu, step);
      }
    }
    if (state[this.ran + cpu] !== this.cpus[cpu].allRan) return -1;
    if (!this.isIndependent(state, cpu) || this.isBarred(state, cpu)) return -1;
    const steps: Transition[] = [];
    this.appendStep(state, cpu, steps);
    return steps.length === 1 ? steps[0] : -1;
  }

  private isIndependent(state: MachineState, cpu: number): boolean {
    const { memorySystem, reduction } = this;
    const action = this.action(state, cpu);
    switch (action.kind) {
      case 'load':
        return reduction !== undefined && !reduction.isWrittenByOthers(cpu, action.cell);
      case 'store':
        return memorySystem.buffer !== undefined || reduction?.isAccessedByOthers(cpu, action.cell) === false;
      case 'rmw':
        return (
          memorySystem.isDrained(state, cpu) && reduction?.isAccessedByOthers(cpu, action.cell) === false
        );
      case 'region':
        return this.gracePeriods.isChangeAlone(state, cpu, action.after);
      case 'grace-period':
        return this.gracePeriods.isAlone(state, cpu);
      case 'fence':
      case 'end':
        return true;
      case 'store-conditional':
      case 'fault':
        return false;
    }
  }

  /** Whether the CPU could come round in a circle by its next action. */
  private isBarred(state: MachineState, cpu: number): boolean {
    const automaton = this.automata[this.current(state, cpu)];
    return automaton.hasLoop && !this.advances(state, cpu, automaton);
  }

  private advances(state: MachineState, cpu: number, automaton: ThreadAutomaton): boolean {
    const action = this.action(state, cpu);
    const local = state[this.current(state, cpu)] as LocalId;
    const goesOn = (input: number): boolean => automaton.advances(local, automaton.next(local, input));
    switch (action.kind) {
      case 'load':
        return goesOn(this.memorySystem.visible(state, cpu, action.cell));
      case 'rmw':
        return (
          goesOn(this.memorySystem.visible(state, cpu, action.cell)) &&
          goesOn(this.memorySystem.memory(state, action.cell))
        );
      case 'store-conditional':
        return goesOn(0) && goesOn(1);
      case 'store':
      case 'fence':
      case 'region':
      case 'grace-period':
        return goesOn(0);
      case 'end':
      case 'fault':
        return true;
    }
  }

  /** Whether handlers can be entered and left, as far as memory is concerned. */
  private isInterruptible(state: MachineState, cpu: number): boolean {
    return !this.memorySystem.interruptsWait || this.memorySystem.isDrained(state, cpu);
  }

  private appendMemory(state: MachineState, cpu: number, out: Transition[]): void {
    this.memorySteps.length = 0;
    this.memorySystem.steps(state, cpu, this.memorySteps);
    for (const step of this.memorySteps) out.push(transition(MEMORY, cpu, step));
  }

  /** Appends what can happen on one CPU. */
  private append(state: MachineState, cpu: number, out: Transition[]): void {
    this.appendStep(state, cpu, out);
    this.appendMemory(state, cpu, out);
    if (!this.isInterruptible(state, cpu)) return;
    const { threads, kinds } = this.cpus[cpu];
    const inside = kinds[state[this.active + cpu] & 15];
    for (let handler = 1; handler < threads.length; handler++) {
      if ((state[this.ran + cpu] >> handler) & 1) continue;
      if (kinds[handler] === 'irq' && irqsDisabled(this.regions(state, threads[0]))) continue;
      if (inside === 'own' || (inside === 'irq' && kinds[handler] === 'nmi'))
        out.push(transition(INTERRUPT, cpu, handler));
    }
  }

  private appendStep(state: MachineState, cpu: number, out: Transition[]): void {
    const action = this.action(state, cpu);
    switch (action.kind) {
      case 'load':
        if (!action.locked || this.memorySystem.isReady(state, cpu, action.cell, 'locked'))
          out.push(transition(STEP, cpu));
        return;
      case 'store':
      case 'region':
        out.push(transition(STEP, cpu));
        return;
      case 'grace-period':
        if (this.gracePeriods.canStep(state, cpu)) out.push(transition(STEP, cpu));
        return;
      case 'fence':
        if (this.memorySystem.passes(state, cpu, action.tags)) out.push(transition(STEP, cpu));
        return;
      case 'rmw':
        this.appendAtomic(state, cpu, action, out);
        return;
      case 'store-conditional':
        // A failure is no access: nothing has to be drained for it.
        out.push(transition(STEP, cpu, 0));
        if (
          state[this.reserved + cpu] === action.cell &&
          this.memorySystem.isReady(state, cpu, action.cell, 'conditional')
        )
          out.push(transition(STEP, cpu, 1));
        return;
      case 'end':
        if (state[this.active + cpu] !== 0 && this.isInterruptible(state, cpu))
          out.push(transition(STEP, cpu));
        return;
      case 'fault':
        return;
    }
  }

  /**
   * An atomic that stores acts on memory. One whose condition fails is a load like any other, unless it waits for its condition.
   */
  private appendAtomic(
    state: MachineState,
    cpu: number,
    { cell, blocks }: Action & { kind: 'rmw' },
    out: Transition[],
  ): void {
    const { memorySystem } = this;
    const fails = this.written(state, cpu, memorySystem.visible(state, cpu, cell)) === NO_WRITE;
    if (fails && !blocks) out.push(transition(STEP, cpu, 0));
    if (!memorySystem.isReady(state, cpu, cell, 'exchange')) return;
    if (this.written(state, cpu, memorySystem.memory(state, cell)) !== NO_WRITE)
      out.push(transition(STEP, cpu, 1));
  }

  private regions(state: MachineState, thread: ThreadId): Regions {
    return this.automata[thread].regions(state[thread] as LocalId);
  }

  /** Whether a CPU is in a section: of its own thread's, or of a handler's that it is in. */
  private isInSection(state: MachineState, cpu: number): boolean {
    const { threads } = this.cpus[cpu];
    if (inSection(this.regions(state, threads[0]))) return true;
    for (let active = state[this.active + cpu]; active > 0; active >>= 4)
      if (inSection(this.regions(state, threads[active & 15]))) return true;
    return false;
  }

  /** What the atomic that a CPU is at stores when it reads `old`. */
  private written(state: MachineState, cpu: number, old: ValueId): number {
    const thread = this.current(state, cpu);
    return this.automata[thread].written(state[thread] as LocalId, old);
  }

  // --- What it does ---

  private execute(state: MachineState, cpu: number, detail: number, into: MachineState): void {
    const thread = this.current(state, cpu);
    const local = state[thread] as LocalId;
    const automaton = this.automata[thread];
    const action = automaton.action(local);
    const { memorySystem } = this;
    switch (action.kind) {
      case 'load':
        this.load(state, cpu, action.cell, into);
        if (action.locked)
          into[this.reserved + cpu] = memorySystem.isCurrent(state, cpu, action.cell)
            ? action.cell
            : NO_RESERVATION;
        return;
      case 'store':
        memorySystem.store(into, cpu, action.cell, action.value);
        if (memorySystem.buffer === undefined) this.unreserve(into, cpu, action.cell);
        into[thread] = automaton.next(local, 0);
        return;
      case 'fence':
        if (action.tags.includes('BadFree')) into[this.error] |= errorBit('bad-free');
        memorySystem.fence(into, cpu, action.tags);
        into[thread] = automaton.next(local, 0);
        return;
      case 'region': {
        const wasIn = this.isInSection(state, cpu);
        into[thread] = automaton.next(local, 0);
        if (wasIn && !this.isInSection(into, cpu)) this.gracePeriods.sectionEnded(into, cpu);
        return;
      }
      case 'grace-period':
        if (this.gracePeriods.step(into, cpu)) into[thread] = automaton.next(local, 0);
        return;
      case 'rmw': {
        if (detail === 0) {
          this.load(state, cpu, action.cell, into);
          return;
        }
        const old = memorySystem.memory(state, action.cell);
        this.noteRead(into, old);
        this.write(into, cpu, action.cell, automaton.written(local, old) as ValueId);
        into[thread] = automaton.next(local, old);
        return;
      }
      case 'store-conditional':
        into[this.reserved + cpu] = NO_RESERVATION;
        if (detail === 1) this.write(into, cpu, action.cell, action.value);
        into[thread] = automaton.next(local, detail);
        return;
      case 'end':
        into[this.active + cpu] = state[this.active + cpu] >> 4;
        into[this.reserved + cpu] = NO_RESERVATION;
        return;
      case 'fault':
        throw new Error('a fault is no step');
    }
  }

  private load(state: MachineState, cpu: number, cell: CellId, into: MachineState): void {
    const thread = this.current(state, cpu);
    const value = this.memorySystem.visible(state, cpu, cell);
    this.noteRead(into, value);
    this.memorySystem.load(into, cpu, cell);
    into[thread] = this.automata[thread].next(state[thread] as LocalId, value);
  }

  private write(into: MachineState, cpu: number, cell: CellId, value: ValueId): void {
    this.memorySystem.write(into, cpu, cell, value);
    this.unreserve(into, cpu, cell);
  }

  /** Other CPUs lose their reservation of a cell that a CPU has written. */
  private unreserve(into: MachineState, cpu: number, cell: CellId): void {
    for (let other = 0; other < this.cpus.length; other++) {
      if (other !== cpu && into[this.reserved + other] === cell) into[this.reserved + other] = NO_RESERVATION;
    }
  }

  /** Notes it if what a load finds is no one's memory. */
  private noteRead(into: MachineState, found: ValueId): void {
    if (found === this.freed) into[this.error] |= errorBit('use-after-free');
    if (found === this.uninitialised) into[this.error] |= errorBit('use-before-init');
  }

  /** Notes it if a value goes to freed memory. */
  private noteWrite(state: MachineState, cell: CellId, value: ValueId): void {
    if (this.memorySystem.memory(state, cell) === this.freed)
      state[this.error] |= errorBit(value === this.freed ? 'double-free' : 'use-after-free');
  }

  // --- Words ---

  private described(state: MachineState, cpu: number, detail: number): string {
    const action = this.action(state, cpu);
    const name = 'cell' in action ? this.cells.cells[action.cell].name : '';
    switch (action.kind) {
      case 'load':
        return this.memorySystem.describeLoad(state, cpu, action.cell);
      case 'store':
        return `stores ${name} = ${this.shown(action.value)}${this.memorySystem.buffer ? ` into its ${this.memorySystem.buffer}` : ''}`;
      case 'fence':
        return `passes the barrier ${action.tags.join(' ')}`;
      case 'region':
        return describeChange(this.regions(state, this.current(state, cpu)), action.after);
      case 'grace-period':
        return this.gracePeriods.describe(state, cpu);
      case 'rmw': {
        if (detail === 0)
          return `${this.memorySystem.describeLoad(state, cpu, action.cell)}, and stores nothing`;
        const old = this.memorySystem.memory(state, action.cell);
        const written = this.written(state, cpu, old) as ValueId;
        return `reads ${name} = ${this.shown(old)} and stores ${this.shown(written)}, atomically`;
      }
      case 'store-conditional':
        return detail === 1
          ? `stores ${name} = ${this.shown(action.value)}, conditionally`
          : `fails to store ${name} conditionally`;
      case 'end':
        return 'returns from the handler';
      case 'fault':
        return action.reason;
    }
  }

  private shown(value: ValueId): string {
    return showValue(this.values.value(value), this.cells.cells);
  }
}

/** The handlers that a CPU is in, from a number with a digit in base 16 for each; the innermost last. */
function digits(active: number): number[] {
  const places: number[] = [];
  for (let rest = active; rest > 0; rest >>= 4) places.unshift(rest & 15);
  return places;
}

function cpuOf(program: Program, own: ThreadId): Cpu {
  const handlers = program.threads.filter((thread) => thread.interrupt?.on === own);
  return {
    threads: [own, ...handlers.map((handler) => handler.id)],
    kinds: ['own', ...handlers.map((handler) => handler.interrupt?.kind ?? 'nmi')],
    allRan: handlers.reduce((bits, _, index) => bits | (2 << index), 0),
  };
}

/**
 * A kind of machine whose CPUs execute in order.
 * @param createMemory what lies between its CPUs and memory
 */
export function inOrder(
  description: Omit<MachineKind, 'create'>,
  createMemory: (context: MemoryContext) => MemorySystem,
): MachineKind {
  return {
    ...description,
    create: (program, values, liveness) =>
      new InOrderMachine(description.name, program, values, liveness, createMemory),
  };
}
