import type { Span } from '../../diagnostics.js';
import { footprintOf } from '../../execution/index.js';
import {
  type CellId,
  CellTable,
  type Code,
  FREED,
  JUNK,
  type Liveness,
  managesMemory,
  type Program,
  type Reach,
  type RegisterId,
  reachOf,
  type ThreadId,
  UNINITIALISED,
  type ValueId,
  type ValueTable,
} from '../../program/index.js';
import {
  errorBit,
  type Machine,
  type MachineFault,
  type MachineKind,
  type MachineState,
  type Transition,
} from '../machine/machine.js';
import type { MachineView } from '../machine/view.js';
import { deadlocked, hasWaits, type Waiting } from '../machine/waiting.js';
import { GracePeriods, hasGracePeriods } from '../memory/grace-periods.js';
import type { MemoryContext, MemoryStep, MemorySystem } from '../memory/memory-system.js';
import { InOrderCpus } from './cpus.js';
import { InOrderReduction } from './in-order-reduction.js';
import { InOrderSymmetry } from './in-order-symmetry.js';
import { InOrderWords } from './in-order-words.js';
import { type Action, type Fact, type LocalId, NO_WRITE, ThreadAutomaton } from './thread-automaton.js';

/** Kinds of step; a transition is `kind | cpu << 4 | detail << 12`. */
const STEP = 0; // the CPU's next action; detail 1: an atomic instruction stores
const MEMORY = 1; // memory makes its step `detail` for the CPU
const INTERRUPT = 2; // the handler numbered `detail` on this CPU is entered

const transition = (kind: number, cpu: number, detail = 0): Transition => kind | (cpu << 4) | (detail << 12);

/** How far loops are followed to learn which locations there are. */
const LIMITS = { unroll: 2 };

/**
 * A machine whose CPUs execute in program order: what can be late is only when a store reaches memory, and when others learn of it,
 * which is up to its memory system.
 *
 * A state holds, in this order: the words of its CPUs; the errors so far that accesses make, as bits; what the memory system keeps; what the
 * grace periods keep.
 */
class InOrderMachine implements Machine {
  readonly width: number;
  private readonly cells: CellTable;
  private readonly cpus: InOrderCpus;
  private readonly memorySystem: MemorySystem;
  private readonly gracePeriods: GracePeriods;
  private readonly words: InOrderWords;
  private readonly reduction: InOrderReduction | undefined;
  readonly symmetry: InOrderSymmetry | undefined;
  /** Whether threads may have to wait for one another. */
  private readonly waits: boolean;
  /** Whether what is found out about the threads is kept, for the symmetries. */
  private readonly logsFacts: boolean = true;
  /** By CPU, in the state that is reduced: how many steps it can make. */
  private readonly steps: Uint8Array;
  /** Where the errors stand in a state. */
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
    program: Program,
    values: ValueTable,
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
    const automata = program.threads.map(
      (t) => new ThreadAutomaton(t, functions, this.cells, values, liveness, learnt),
    );
    this.cpus = new InOrderCpus(program, automata, this.cells);
    const { count, list } = this.cpus;
    const every = new Set(this.cells.cells.map((_, cell) => cell as CellId));
    this.everything = { reads: every, writes: every, accesses: every, ahead: every };
    this.error = this.cpus.width;
    this.waits = hasWaits(program);
    this.freed = values.id(FREED);
    this.uninitialised = values.id(UNINITIALISED);
    const at = this.error + 1;
    this.memorySystem = createMemory({
      at,
      cpus: count,
      initial: this.cells.cells.map(({ initial }) => values.id(initial)),
      reads: (cpu) => new Set(list[cpu].threads.flatMap((thread) => [...footprint().reads(thread)])),
      name: (cell) => this.cells.cells[cell].name,
      show: (value) => this.words.shown(value),
      overwrites: (state, cell, value) => this.noteWrite(state, cell, value),
    });
    const rest = at + this.memorySystem.width;
    this.gracePeriods = new GracePeriods(
      rest,
      count,
      hasGracePeriods(program),
      this.memorySystem,
      (state, cpu) => this.cpus.isInSection(state, cpu),
    );
    this.width = rest + this.gracePeriods.width;
    this.words = new InOrderWords(
      program,
      values,
      this.cells,
      this.cpus,
      this.memorySystem,
      this.gracePeriods,
    );
    this.steps = new Uint8Array(count);
    const { buffer, shared } = this.memorySystem;
    // A grace period waits for what other CPUs do without any access.
    if (shared && !hasGracePeriods(program)) {
      this.reduction = new InOrderReduction({
        automata,
        cpus: list,
        cells: this.cells,
        memory: shared,
        storesWait: buffer !== undefined,
        storesLook: managesMemory(program),
        shows: (cell) => liveness.shows(cell as CellId),
        action: (state, cpu) => this.cpus.action(state, cpu),
      });
      this.symmetry = new InOrderSymmetry(
        {
          program,
          liveness,
          automata,
          cpus: list,
          memory: shared,
          perCpu: this.cpus.parts,
          fixed: [
            ...this.cells.cells.map(({ initial }) => values.id(initial)),
            this.freed,
            this.uninitialised,
            values.id(JUNK),
          ],
          facts,
        },
        this.width,
      );
    }
    this.logsFacts = (this.symmetry?.generators ?? 0) > 0;
  }

  writeInitial(into: MachineState): void {
    this.cpus.writeInitial(into);
    into[this.error] = 0;
    this.memorySystem.writeInitial(into);
    this.gracePeriods.writeInitial(into);
  }

  private isBusy(state: MachineState): boolean {
    return this.memorySystem.caches?.isBusy(state) === true;
  }

  transitions(state: MachineState, out: Transition[]): void {
    const isBusy = this.isBusy(state);
    for (let cpu = 0; cpu < this.cpus.count; cpu++) {
      if (isBusy) this.appendMemory(state, cpu, out);
      else this.append(state, cpu, out);
    }
  }

  representatives(state: MachineState, out: Transition[]): void {
    const { cpus, reduction, steps } = this;
    if (!reduction || this.isBusy(state)) {
      this.transitions(state, out);
      return;
    }
    reduction.look(state);
    let barred = 0;
    for (let cpu = 0; cpu < cpus.count; cpu++) {
      const before = out.length;
      this.append(state, cpu, out);
      steps[cpu] = out.length - before;
      if (this.isBarred(state, cpu)) barred |= 1 << cpu;
    }
    const chosen = reduction.cluster(steps, barred);
    out.length = 0;
    for (let cpu = 0; cpu < cpus.count; cpu++) if ((chosen >> cpu) & 1) this.append(state, cpu, out);
  }

  alone(state: MachineState): Transition {
    if (this.isBusy(state)) return -1;
    this.reduction?.look(state);
    for (let cpu = 0; cpu < this.cpus.count; cpu++) {
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
        const cell = this.memorySystem.own?.step(into, cpu, detail);
        if (cell !== undefined) this.cpus.unreserve(into, cpu, cell);
        return;
      }
      case INTERRUPT:
        this.cpus.enter(into, cpu, detail);
        return;
    }
  }

  isFinal(state: MachineState): boolean {
    if (!this.cpus.areThrough(state)) return false;
    for (let cpu = 0; cpu < this.cpus.count; cpu++)
      if (!this.memorySystem.isDrained(state, cpu)) return false;
    return !this.isBusy(state);
  }

  limit(state: MachineState): { readonly span?: Span } | undefined {
    for (let cpu = 0; cpu < this.cpus.count; cpu++) {
      const action = this.cpus.action(state, cpu);
      if (action.kind === 'stuck' && action.isLimit) return action;
    }
    return undefined;
  }

  errors(state: MachineState): number {
    return this.faults(state).reduce((errors, { name }) => errors | errorBit(name), state[this.error]);
  }

  faults(state: MachineState): MachineFault[] {
    const found = this.cpus.faults(state);
    if (!this.waits) return found;
    const waiting = this.cpus.list.flatMap((_, cpu) => this.waitingOn(state, cpu) ?? []);
    return [...found, ...deadlocked(waiting, (cpu, resource) => this.cpus.holds(state, cpu, resource))];
  }

  /** What a CPU waits for. */
  private waitingOn(state: MachineState, cpu: number): Waiting | undefined {
    const action = this.cpus.action(state, cpu);
    const waitsFor = this.waitsFor(state, cpu, action);
    if (waitsFor === undefined) return undefined;
    const { span } = action as { readonly span?: Span };
    const isMisled = this.cpus.isMisled(state, cpu);
    return { thread: this.cpus.current(state, cpu), cpu, waitsFor, isMisled, ...(span && { span }) };
  }

  private waitsFor(state: MachineState, cpu: number, action: Action): CellId | undefined {
    if (action.kind === 'stuck') return action.waitsFor;
    if (action.kind !== 'rmw' || !action.blocks) return undefined;
    const visible = this.memorySystem.visible(state, cpu, action.cell);
    // In no one's memory there is nothing to wait for.
    const isTaken = this.cpus.written(state, cpu, visible) === NO_WRITE && this.errorOfRead(visible) === 0;
    return isTaken ? action.cell : undefined;
  }

  register(state: MachineState, thread: ThreadId, register: RegisterId): ValueId {
    return this.cpus.register(state, thread, register);
  }

  memory(state: MachineState, cell: CellId): ValueId {
    return this.memorySystem.memory(state, cell);
  }

  describe(state: MachineState, step: Transition): string {
    const cpu = (step >> 4) & 0xff;
    const detail = step >> 12;
    switch (step & 0xf) {
      case MEMORY:
        return this.memorySystem.narration.describe?.(state, cpu, detail) ?? '';
      case INTERRUPT:
        return this.words.entry(cpu, detail);
      default:
        return this.words.action(state, cpu, detail === 1);
    }
  }

  cell(state: MachineState, step: Transition): CellId | undefined {
    const cpu = (step >> 4) & 0xff;
    switch (step & 0xf) {
      case MEMORY:
        return this.memorySystem.own?.cellOf(state, cpu, step >> 12);
      case STEP: {
        const action = this.cpus.action(state, cpu);
        return 'cell' in action ? action.cell : undefined;
      }
      default:
        return undefined;
    }
  }

  view(state: MachineState): MachineView {
    return this.words.view(state);
  }

  checkInvariants(state: MachineState): void {
    const fail = (what: string): never => {
      throw new Error(`${this.name}: ${what} in state ${[...state].join(',')}`);
    };
    this.cpus.checkInvariants(state, this.cells.cells.length, fail);
    this.memorySystem.checkInvariants(state, fail);
    this.gracePeriods.checkInvariants(state, fail);
  }

  // --- What a CPU can do ---

  /** Tells memory which locations the CPU can still come to. */
  private forget(state: MachineState, cpu: number): void {
    this.memorySystem.caches?.forget(state, cpu, (cell) =>
      this.cpus.list[cpu].threads.some((thread) => this.mayAccess(state, thread, cell)),
    );
  }

  private mayAccess(state: MachineState, thread: ThreadId, cell: CellId): boolean {
    const automaton = this.cpus.automata[thread];
    return automaton.points(state[thread] as LocalId).some(({ code, pc }) => {
      let reach = this.reach.get(code);
      if (!reach) {
        reach = reachOf(code, this.cells, this.everything, undefined);
        this.reach.set(code, reach);
      }
      return reach[Math.min(pc, code.instructions.length)].accesses.has(cell);
    });
  }

  /**
   * A step of the CPU that commutes with whatever else can happen from now on, on its own CPU too; -1 when there is none. A store
   * comes to a location in memory that no other CPU can access any more. Or, while no handler can come in between, the next
   * action touches nothing but its own thread and the young end of its own store buffer, or accesses a location with which other CPUs
   * cannot interfere any more: whether it does so before or after the CPU's stores get there is then the same.
   */
  private aloneOn(state: MachineState, cpu: number): Transition {
    const { memorySystem, memorySteps, reduction } = this;
    const { own } = memorySystem;
    if (reduction && own) {
      memorySteps.length = 0;
      own.steps(state, cpu, memorySteps);
      for (const step of memorySteps) {
        if (!reduction.isAccessedByOthers(cpu, own.cellOf(state, cpu, step)))
          return transition(MEMORY, cpu, step);
      }
    }
    if (this.cpus.mayInterrupt(state, cpu)) return -1;
    if (!this.isIndependent(state, cpu) || this.isBarred(state, cpu)) return -1;
    const steps: Transition[] = [];
    this.appendStep(state, cpu, steps);
    return steps.length === 1 ? steps[0] : -1;
  }

  private isIndependent(state: MachineState, cpu: number): boolean {
    const { memorySystem, reduction } = this;
    const action = this.cpus.action(state, cpu);
    switch (action.kind) {
      case 'load':
        return reduction?.isReadAlone(cpu, action) === true;
      case 'store':
        return memorySystem.buffer !== undefined || reduction?.isAccessedByOthers(cpu, action.cell) === false;
      case 'rmw':
        // One that waits for the buffer is no step yet; one that stores nothing is a load.
        return reduction?.isAccessedByOthers(cpu, action.cell) === false;
      case 'region':
        return this.gracePeriods.isChangeAlone(state, cpu, action.after);
      case 'grace-period':
        return this.gracePeriods.isAlone(state, cpu);
      case 'fence':
      case 'end':
        return true;
      case 'store-conditional':
      case 'stuck':
        return false;
    }
  }

  /** Whether the CPU could come round in a circle by its next action. */
  private isBarred(state: MachineState, cpu: number): boolean {
    const automaton = this.cpus.automata[this.cpus.current(state, cpu)];
    return automaton.hasLoop && !this.advances(state, cpu, automaton);
  }

  private advances(state: MachineState, cpu: number, automaton: ThreadAutomaton): boolean {
    const action = this.cpus.action(state, cpu);
    const local = state[this.cpus.current(state, cpu)] as LocalId;
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
      case 'stuck':
        return true;
    }
  }

  /** Whether handlers can be entered and left, as far as memory is concerned. */
  private isInterruptible(state: MachineState, cpu: number): boolean {
    return !this.memorySystem.buffer?.interruptsWait || this.memorySystem.isDrained(state, cpu);
  }

  private appendMemory(state: MachineState, cpu: number, out: Transition[]): void {
    this.memorySteps.length = 0;
    this.memorySystem.own?.steps(state, cpu, this.memorySteps);
    for (const step of this.memorySteps) out.push(transition(MEMORY, cpu, step));
  }

  /** Appends what can happen on one CPU. */
  private append(state: MachineState, cpu: number, out: Transition[]): void {
    this.appendStep(state, cpu, out);
    this.appendMemory(state, cpu, out);
    if (!this.isInterruptible(state, cpu)) return;
    const { threads } = this.cpus.list[cpu];
    for (let place = 1; place < threads.length; place++)
      if (this.cpus.canEnter(state, cpu, place)) out.push(transition(INTERRUPT, cpu, place));
  }

  private appendStep(state: MachineState, cpu: number, out: Transition[]): void {
    const action = this.cpus.action(state, cpu);
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
          this.cpus.maySucceed(state, cpu, action.cell) &&
          this.memorySystem.isReady(state, cpu, action.cell, 'conditional')
        )
          out.push(transition(STEP, cpu, 1));
        return;
      case 'end':
        if (this.cpus.isInHandler(state, cpu) && this.isInterruptible(state, cpu))
          out.push(transition(STEP, cpu));
        return;
      case 'stuck':
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
    const visible = memorySystem.visible(state, cpu, cell);
    const fails = this.cpus.written(state, cpu, visible) === NO_WRITE;
    // While it waits it is seen but to look at what is no one's memory, once.
    if (fails && (!blocks || (this.errorOfRead(visible) & ~state[this.error]) !== 0))
      out.push(transition(STEP, cpu, 0));
    if (!memorySystem.isReady(state, cpu, cell, 'exchange')) return;
    if (this.cpus.written(state, cpu, memorySystem.memory(state, cell)) !== NO_WRITE)
      out.push(transition(STEP, cpu, 1));
  }

  // --- What it does ---

  private execute(state: MachineState, cpu: number, detail: number, into: MachineState): void {
    const thread = this.cpus.current(state, cpu);
    const local = state[thread] as LocalId;
    const automaton = this.cpus.automata[thread];
    const action = automaton.action(local);
    const { memorySystem } = this;
    switch (action.kind) {
      case 'load':
        this.load(state, cpu, action.cell, into);
        if (!action.locked) return;
        this.cpus.reserve(
          into,
          cpu,
          action.cell,
          memorySystem.caches?.isCurrent(state, cpu, action.cell) === false,
        );
        return;
      case 'store':
        memorySystem.store(into, cpu, action.cell, action.value);
        if (memorySystem.buffer === undefined) this.cpus.unreserve(into, cpu, action.cell);
        into[thread] = automaton.next(local, 0);
        return;
      case 'fence':
        memorySystem.fence(into, cpu, action.tags);
        into[thread] = automaton.next(local, 0);
        return;
      case 'region': {
        const wasIn = this.cpus.isInSection(state, cpu);
        into[thread] = automaton.next(local, 0);
        if (wasIn && !this.cpus.isInSection(into, cpu)) this.gracePeriods.sectionEnded(into, cpu);
        return;
      }
      case 'grace-period':
        if (this.gracePeriods.step(into, cpu)) into[thread] = automaton.next(local, 0);
        return;
      case 'rmw': {
        if (detail === 0 && action.blocks) {
          into[this.error] |= this.errorOfRead(memorySystem.visible(state, cpu, action.cell));
          return;
        }
        if (detail === 0) {
          this.load(state, cpu, action.cell, into);
          return;
        }
        const old = memorySystem.memory(state, action.cell);
        into[this.error] |= this.errorOfRead(old);
        this.write(into, cpu, action.cell, automaton.written(local, old) as ValueId);
        into[thread] = automaton.next(local, old);
        return;
      }
      case 'store-conditional':
        this.cpus.release(into, cpu);
        if (detail === 1) this.write(into, cpu, action.cell, action.value);
        into[thread] = automaton.next(local, detail);
        return;
      case 'end':
        this.cpus.leave(into, cpu);
        return;
      case 'stuck':
        throw new Error('a thread that goes no further makes no step');
    }
  }

  private load(state: MachineState, cpu: number, cell: CellId, into: MachineState): void {
    const thread = this.cpus.current(state, cpu);
    const value = this.memorySystem.visible(state, cpu, cell);
    into[this.error] |= this.errorOfRead(value);
    this.memorySystem.caches?.load(into, cpu, cell);
    into[thread] = this.cpus.automata[thread].next(state[thread] as LocalId, value);
  }

  private write(into: MachineState, cpu: number, cell: CellId, value: ValueId): void {
    this.memorySystem.write(into, cpu, cell, value);
    this.cpus.unreserve(into, cpu, cell);
  }

  /** The error, as a bit, of a load that finds no one's memory. */
  private errorOfRead(found: ValueId): number {
    if (found === this.freed) return errorBit('use-after-free');
    return found === this.uninitialised ? errorBit('use-before-init') : 0;
  }

  /** Notes it if a value goes to freed memory. */
  private noteWrite(state: MachineState, cell: CellId, value: ValueId): void {
    if (this.memorySystem.memory(state, cell) === this.freed)
      state[this.error] |= errorBit(value === this.freed ? 'double-free' : 'use-after-free');
  }
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
