import type { Span } from '../../diagnostics.js';
import { Decisions, rangesOf, ValueFlow } from '../../execution/index.js';
import {
  type CellId,
  type CellTable,
  type Code,
  contextKind,
  contextsOf,
  FREED,
  hasLoop,
  isJunk,
  isTrue,
  JUNK,
  type Liveness,
  managesMemory,
  type Program,
  type Reach,
  type RegisterId,
  reachOf,
  type Thread,
  type ThreadId,
  UNINITIALISED,
  type Value,
  type ValueId,
  type ValueTable,
  valuesEqual,
} from '../../program/index.js';
import {
  errorBit,
  type Machine,
  type MachineFault,
  type MachineKind,
  type MachineState,
  type Transition,
} from '../machine/machine.js';
import { type MachineView, memoryView } from '../machine/view.js';
import { deadlocked, hasWaits, type Waiting } from '../machine/waiting.js';
import { placeOf } from './front.js';
import { checkMachine } from './invariants.js';
import { DependencySets, NONE, type SetId } from './load-sets.js';
import { type Move, performs } from './moves.js';
import { numbering } from './numbering.js';
import { type OrderedPair, Orders } from './orders.js';
import { prospectsOf } from './read-side-sections.js';
import { AlphaCpu, type CpuId, type CpuRecord, excludes, type Fact } from './window-cpu.js';
import {
  AlphaReduction,
  countOf,
  isAlone,
  isReadAgain,
  isStoredAgain,
  othersCan,
} from './window-reduction.js';
import { type CpuState, type Pending, placeOfSlot, sourceOf } from './window-state.js';
import { AlphaSymmetry } from './window-symmetry.js';
import { type AlphaWords, describeMove, viewOfCpu } from './window-words.js';

/** What sets one such machine apart from another. */
export interface WindowRules {
  /** What may not pass what. */
  readonly pairs: readonly OrderedPair[];
  /** Whether dependence counts by whatever way it comes about, so that no execution has a circle of it. */
  readonly traces: boolean;
  /** Whether steps may be left out by what is known of the handbook's table (`AlphaReduction`). */
  readonly reduces: boolean;
}

/** A transition is `cpu | move << 8`; a move is a place in the list of the CPU's state. */
const transition = (cpu: number, move: number): Transition => cpu | (move << 8);

/** What a move reads that reads nothing from memory. */
const NOTHING: readonly [ValueId, SetId] = [0 as ValueId, NONE];

/** How far loops are followed to learn which locations and values there are. */
const UNROLL = 2;

/**
 * The machine of models/alpha-linux.cat, and of models/alpha.cat where dependence does not order stores.
 *
 * A CPU issues its instructions in order. An access that it issues either performs at once or stands in the CPU's window until it
 * performs; memory is one array, and an access performs in one step, for all CPUs. In the window, order is kept only as table 5-1 of the
 * handbook (5.6.1.3) has it: reads of one location, a read and a later write, writes of one location; writes across a WMB. An MB is
 * issued once the window is empty. A load takes its value from the CPU's youngest earlier store in the window to its location, else from
 * memory. What an instruction needs to know of a load that waits is guessed (`predict`), and the load can then perform only if it
 * returns that.
 *
 * Dependence (5.6.1.7). With each register, store and branch go the loads that wait and that it has its value from, through stores and
 * loads of any CPU; with memory, those of the last store to a location. A load does not perform where it would read a store that has its
 * value from this load: so `dp | rf` has no cycle. On alpha-linux a store, moreover, waits for the loads of its CPU that it depends on.
 *
 * Why its final states are those of the model. A run gives an execution: rf as read, co as stored. All of `pic`, `rfe`, `co`, `fr` (and
 * `dp` on alpha-linux) points from what performs earlier to what performs later, so it has no cycle; neither has `po-loc | com`, as
 * accesses of one CPU to a location perform in order, but a read that is forwarded a store, which reads the youngest that is before it.
 * Conversely, order the accesses of a consistent execution by a linear extension of its `before`. For each access in that order, let its
 * CPU issue what stands before it in program order, all to wait, then the access, and let that perform. Nothing stops it: what table
 * 5-1 puts before the access has performed; a load finds the right store, as otherwise `po-loc | com` or `before` had a cycle; a
 * guess is among the values that the location can hold, and holds in the end; and no other CPU stores between the two halves
 * of an atomic pair. In this run a load waits, and a guess is made, only where an access that was issued later performs next: so nothing else
 * is tried (`CpuState.must`; other CPUs stand still meanwhile). Stores are issued as soon as they can be, as that alone decides nothing. A
 * load of a location that no other CPU writes need not wait: it would return the same later. (A load-locked waits for the sake of all that
 * it locks.)
 *
 * A grace period begins and ends where the CPU's window is empty. It waits for the sections that have started and are not over
 * (`Section`): so an order of the accesses as above in which the law of models/rcu.cat holds, with the bounds of the grace periods in it, is a
 * run, and a run obeys the law.
 *
 * Handlers are entered between two instructions and order nothing (5.6.3). Loops are followed, but a CPU issues an instruction of a loop
 * again only while at most two of its accesses wait.
 *
 * What need not be explored: steps beside those that `AlphaReduction` chooses; rounds of loops that only wait (`idleLoops`); threads like
 * others (`AlphaSymmetry`); and what a location holds that nobody can read any more, if the final state does not show it or a store that is
 * issued follows.
 *
 * A state holds for each CPU the number of its `CpuState`; for each location its value; for each location the loads that wait and
 * that its value comes from; the errors with memory so far, as bits.
 */
class WindowMachine implements Machine {
  readonly width: number;
  private readonly cells: CellTable;
  private readonly cpus: AlphaCpu[];
  private poll: (() => void) | undefined;
  private readonly sets = new DependencySets();
  /** By CPU: its threads, its own first. */
  private readonly threads: readonly (readonly Thread[])[];
  /** By CPU: whether there are grace periods in its code. */
  private readonly waits: readonly boolean[];
  /** Whether stores look at what they overwrite: freed memory is no one's. */
  private readonly storesLook: boolean;
  /** Whether threads may have to wait for one another. */
  private readonly mayWait: boolean;
  private readonly reduction: AlphaReduction;
  readonly symmetry: AlphaSymmetry | undefined;
  /** Whether what is found out about the CPUs is kept, for the symmetries. */
  private readonly logsFacts: boolean = true;
  /** By CPU: whether a code on it goes in circles. */
  private readonly hasLoop: readonly boolean[];
  private readonly value: number;
  private readonly deps: number;
  private readonly error: number;

  constructor(
    readonly name: string,
    program: Program,
    private readonly values: ValueTable,
    private readonly rules: WindowRules,
    private readonly liveness: Liveness,
  ) {
    this.storesLook = managesMemory(program);
    this.mayWait = hasWaits(program);
    const footprint = rangesOf(program, liveness, UNROLL);
    this.cells = footprint.cells;
    const cells = this.cells.cells.length;
    this.threads = program.threads
      .filter((thread) => !thread.interrupt)
      .map((own) => contextsOf(program, own));
    const orders = new Orders(rules.pairs);
    const functions = new Map(program.functions.map((code) => [code.name, code]));
    const flow = new ValueFlow(program);
    const codeId = numbering<Code>();
    const facts: Fact[] = [];
    const locks = program.functions.some(({ instructions }) =>
      instructions.some((i) => i.kind === 'load' && i.locked),
    );
    const all = (thread: ThreadId): Reach => {
      const writes = footprint.writes(thread);
      const read = footprint.reads(thread);
      const reads = locks ? new Set([...read].flatMap((cell) => this.cells.block(cell))) : read;
      const accesses = new Set([...reads, ...writes]);
      return { reads, writes, accesses, ahead: accesses };
    };
    this.waits = this.threads.map((threads) =>
      threads.some(({ code }) => prospectsOf(code, program.functions)[0].gracePeriods),
    );
    this.hasLoop = this.threads.map((threads) =>
      [...threads.map(({ code }) => code), ...program.functions].some(hasLoop),
    );
    this.cpus = this.threads.map(
      (threads, cpu) =>
        new AlphaCpu(
          {
            cpu,
            cells: this.cells,
            functions,
            sets: this.sets,
            kinds: threads.map(contextKind),
            threads,
            isAwaited: this.isAwaited(cpu),
            loops: this.hasLoop[cpu],
            codeId,
            reach: threads.map(({ code, id, initial }) => reachOf(code, this.cells, all(id), initial)),
            all: threads.map(({ id }) => all(id)),
            decisions: threads.map((thread) => new Decisions(thread, flow)),
            prospects: threads.map(({ code }) => prospectsOf(code, program.functions)),
            values: footprint.values,
            valueTable: values,
            liveness,
            poll: () => this.poll?.(),
            learnt: (fact) => {
              if (this.logsFacts) facts.push(fact);
            },
            orders,
            traces: rules.traces,
            reduces: rules.reduces,
          },
          cells,
        ),
    );
    this.reduction = new AlphaReduction(cells, this.cpus.length);
    this.value = this.cpus.length;
    this.deps = this.value + cells;
    this.error = this.deps + cells;
    this.width = this.error + 1;
    if (!this.waits.some((is) => is)) {
      this.symmetry = new AlphaSymmetry(
        {
          program,
          liveness,
          cpus: this.cpus,
          threads: this.threads,
          sets: this.sets,
          value: this.value,
          deps: this.deps,
          end: this.error,
          fixed: [
            ...this.cells.cells.map(({ initial }) => values.id(initial)),
            ...[FREED, UNINITIALISED, JUNK].map((value) => values.id(value)),
          ],
          number: (value) => values.id(value as Value),
          facts,
        },
        this.width,
      );
    }
    this.logsFacts = (this.symmetry?.generators ?? 0) > 0;
  }

  get bytes(): number {
    return this.cpus.reduce((sum, cpu) => sum + cpu.bytes, 0);
  }

  watch(poll: (() => void) | undefined): void {
    this.poll = poll;
  }

  writeInitial(into: MachineState): void {
    this.cpus.forEach((cpu, index) => {
      into[index] = cpu.initial;
    });
    this.cells.cells.slice(0, this.deps - this.value).forEach((cell, index) => {
      into[this.value + index] = this.values.id(cell.initial);
      into[this.deps + index] = NONE;
    });
    into[this.error] = 0;
  }

  transitions(state: MachineState, out: Transition[]): void {
    const only = this.onlyCpu(state);
    for (let cpu = 0; cpu < this.cpus.length; cpu++)
      if (only < 0 || cpu === only) this.append(state, cpu, out);
  }

  representatives(state: MachineState, out: Transition[]): void {
    if (!this.rules.reduces) {
      this.transitions(state, out);
      return;
    }
    const offered = this.offered(state);
    (this.chosen(state, offered) ?? offered).forEach((numbers, cpu) => {
      for (const number of numbers) out.push(transition(cpu, number));
    });
  }

  /** An access that no other CPU can tell from a later or earlier one, if it does not lead round a loop; or the only step worth making. */
  alone(state: MachineState): Transition {
    if (!this.rules.reduces) return -1;
    const offered = this.offered(state);
    const records = this.records(state);
    if (this.onlyCpu(state) < 0) {
      for (let cpu = 0; cpu < this.cpus.length; cpu++) {
        const { moves } = records[cpu];
        const found = offered[cpu].find(
          (number) => isAlone(records, cpu, moves[number]) && !this.isBarred(state, cpu, number),
        );
        if (found !== undefined) return transition(cpu, found);
      }
    }
    const chosen = this.chosen(state, offered) ?? offered;
    if (countOf(chosen) !== 1) return -1;
    const cpu = chosen.findIndex(({ length }) => length > 0);
    const isBarred = this.onlyCpu(state) < 0 && this.isBarred(state, cpu, chosen[cpu][0]);
    return isBarred ? -1 : transition(cpu, chosen[cpu][0]);
  }

  /** By CPU, the moves that can happen and do not merely wait for another round. */
  private offered(state: MachineState): number[][] {
    const only = this.onlyCpu(state);
    return this.cpus.map((automaton, cpu) => {
      if (only >= 0 && cpu !== only) return [];
      return [...this.record(state, cpu).moves.keys()].filter(
        (number) =>
          this.canHappen(state, cpu, number) &&
          !automaton.isIdle(state[cpu] as CpuId, number, this.readBy(state, cpu, number)),
      );
    });
  }

  /** Steps that stand for all of them, by CPU; undefined where none but all do. */
  private chosen(
    state: MachineState,
    possible: readonly (readonly number[])[],
  ): readonly (readonly number[])[] | undefined {
    if (this.onlyCpu(state) >= 0) return undefined;
    return this.reduction.choose({ sets: this.sets, records: this.records(state), possible }, (cpu, number) =>
      this.isBarred(state, cpu, number),
    );
  }

  /** Whether a CPU could come round in a circle by a move, or by what follows before others go on. */
  private isBarred(state: MachineState, cpu: number, number: number): boolean {
    if (!this.hasLoop[cpu]) return false;
    const id = state[cpu] as CpuId;
    const move = this.record(state, cpu).moves[number];
    if (!performs(move) && move.kind !== 'grace') return true;
    const [value, deps] = this.readBy(state, cpu, number);
    const { choosing } = this.cpus[cpu].record(this.cpus[cpu].after(id, number, value, deps));
    return choosing || this.cpus[cpu].isRound(id, number, value, deps);
  }

  collapse(state: MachineState): void {
    const records = this.records(state);
    for (let cell = 0; cell < this.deps - this.value; cell++) {
      if (isReadAgain(records, cell as CellId)) continue;
      state[this.deps + cell] = NONE;
      if (this.storesLook) continue;
      if (!this.liveness.shows(cell as CellId) || isStoredAgain(records, cell as CellId))
        state[this.value + cell] = this.values.id(this.cells.cells[cell].initial);
    }
  }

  apply(state: MachineState, step: Transition, into: MachineState): void {
    into.set(state);
    const cpu = step & 0xff;
    const number = step >> 8;
    const move = this.record(state, cpu).moves[number];
    into[cpu] = this.afterMove(state, cpu, number);
    if (move.kind === 'read' || move.kind === 'load') into[this.error] |= this.errorOf(state, move);
    if (move.kind === 'store') this.write(into, cpu, move);
    if (move.kind === 'grace' && !move.ends) {
      for (let other = 0; other < this.cpus.length; other++)
        if (other !== cpu) into[other] = this.cpus[other].awaited(into[other] as CpuId, 1 << cpu);
    }
    if (move.kind === 'load') {
      const [, deps] = this.found(state, move);
      this.forget(into, cpu, move.slot, move.source ? this.sets.causes(move.source.deps) : deps);
    }
  }

  private afterMove(state: MachineState, cpu: number, number: number): CpuId {
    const id = state[cpu] as CpuId;
    const [value, deps] = this.readBy(state, cpu, number);
    return this.cpus[cpu].after(id, number, value, deps);
  }

  /** What a move finds in memory, and what that depends on; nothing where it does not read there. */
  private readBy(state: MachineState, cpu: number, number: number): readonly [ValueId, SetId] {
    const move = this.record(state, cpu).moves[number];
    return move.kind === 'read' || move.kind === 'load' ? this.found(state, move) : NOTHING;
  }

  isFinal(state: MachineState): boolean {
    for (let cpu = 0; cpu < this.cpus.length; cpu++) if (!this.record(state, cpu).final) return false;
    return true;
  }

  limit(state: MachineState): { readonly span?: Span } | undefined {
    // What is done on a guess has not happened before the guess is seen to be right.
    if (!this.isFinal(state)) return undefined;
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      const { limit } = this.record(state, cpu).state;
      if (limit) return limit;
    }
    return undefined;
  }

  errors(state: MachineState): number {
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      const { window, must } = this.record(state, cpu).state;
      if (must || window.length > 0) return 0;
    }
    return this.faults(state).reduce((errors, { name }) => errors | errorBit(name), state[this.error]);
  }

  faults(state: MachineState): MachineFault[] {
    const found: MachineFault[] = [];
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      this.record(state, cpu).state.contexts.forEach(({ fault }, place) => {
        if (!fault) return;
        const { slots: _, ...rest } = fault;
        found.push({ ...rest, thread: this.threads[cpu][place].id });
      });
    }
    return this.mayWait ? [...found, ...this.deadlocks(state)] : found;
  }

  private deadlocks(state: MachineState): MachineFault[] {
    const contexts = (cpu: number): CpuState['contexts'] => this.record(state, cpu).state.contexts;
    const waiting = this.cpus.flatMap((_, cpu) => this.waitingOn(state, cpu) ?? []);
    return deadlocked(waiting, (cpu, resource) =>
      contexts(cpu).some(({ taken }) => taken.includes(resource)),
    );
  }

  /** What a CPU waits for. In no one's memory there is nothing to wait for. */
  private waitingOn(state: MachineState, cpu: number): Waiting | undefined {
    const { front, state: own } = this.record(state, cpu);
    const isAtLock = front.kind === 'load' && front.blocks && this.isTaken(state, front.cell);
    const waitsFor = isAtLock ? front.cell : front.kind === 'dead' ? front.waitsFor : undefined;
    if (waitsFor === undefined) return undefined;
    const place = placeOf(own);
    const { frames, misled: isMisled = false } = own.contexts[place];
    const { code, pc } = frames[frames.length - 1];
    const { span } = code.instructions[pc];
    return { thread: this.threads[cpu][place].id, cpu, waitsFor, isMisled, ...(span && { span }) };
  }

  private isTaken(state: MachineState, lock: CellId): boolean {
    const value = this.values.value(this.inMemory(state, lock));
    return isTrue(value) && !isJunk(value);
  }

  register(state: MachineState, thread: ThreadId, register: RegisterId): ValueId {
    const cpu = this.threads.findIndex((threads) => threads.some(({ id }) => id === thread));
    const place = this.threads[cpu].findIndex(({ id }) => id === thread);
    const { value } = this.record(state, cpu).state.contexts[place].frames[0].registers[register];
    if (value.kind !== 'constant') throw new Error('a register is asked for before the end');
    return this.values.id(value.value);
  }

  memory(state: MachineState, cell: CellId): ValueId {
    return state[this.value + cell] as ValueId;
  }

  describe(state: MachineState, step: Transition): string {
    const cpu = step & 0xff;
    const record = this.record(state, cpu);
    const move = record.moves[step >> 8];
    const found = 'cell' in move ? this.values.value(this.memory(state, move.cell)) : undefined;
    return describeMove(this.words(cpu), record.state, move, found);
  }

  cell(state: MachineState, step: Transition): CellId | undefined {
    const move = this.record(state, step & 0xff).moves[step >> 8];
    return 'cell' in move ? move.cell : undefined;
  }

  view(state: MachineState): MachineView {
    const cells = this.cells.cells.slice(0, this.deps - this.value);
    return {
      memory: memoryView(cells, (cell) => this.values.value(state[this.value + cell] as ValueId)),
      cpus: this.cpus.map((_, cpu) => viewOfCpu(this.words(cpu), this.record(state, cpu).state)),
    };
  }

  private words(cpu: number): AlphaWords {
    return { cpu, cells: this.cells.cells, threads: this.threads[cpu], liveness: this.liveness };
  }

  checkInvariants(state: MachineState): void {
    const { value, deps, error } = this;
    checkMachine({
      cells: this.cells.cells,
      values: state.subarray(value, deps),
      sources: state.subarray(deps, error),
      cpus: this.records(state),
      sets: this.sets,
      isAwaited: (cpu) => this.isAwaited(cpu),
      fail: (what) => {
        throw new Error(`${this.name}: ${what} in state ${[...state].join(',')}`);
      },
    });
  }

  // --- What can happen ---

  private record(state: MachineState, cpu: number): CpuRecord {
    return this.cpus[cpu].record(state[cpu] as CpuId);
  }

  private records(state: MachineState): CpuRecord[] {
    return this.cpus.map((_, cpu) => this.record(state, cpu));
  }

  /** The CPU that others wait for: it is about to make good on a guess, or has a choice that concerns no other. -1: none. */
  private onlyCpu(state: MachineState): number {
    for (let cpu = 0; cpu < this.cpus.length; cpu++) if (this.record(state, cpu).state.must) return cpu;
    for (let cpu = 0; cpu < this.cpus.length; cpu++) if (this.record(state, cpu).choosing) return cpu;
    return -1;
  }

  private append(state: MachineState, cpu: number, out: Transition[]): void {
    const { moves } = this.record(state, cpu);
    for (let number = 0; number < moves.length; number++) {
      if (this.canHappen(state, cpu, number)) out.push(transition(cpu, number));
    }
  }

  private canHappen(state: MachineState, cpu: number, number: number): boolean {
    const move = this.record(state, cpu).moves[number];
    return (
      this.isEnabled(state, cpu, move) &&
      this.isViable(state, cpu, number) &&
      this.keepsOff(state, cpu, number)
    );
  }

  /** Whether after a move no two CPUs are between the read and the write of pairs of which neither could ever write. */
  private keepsOff(state: MachineState, cpu: number, number: number): boolean {
    for (let other = 0; other < this.cpus.length; other++) {
      if (other === cpu) continue;
      const { held } = this.record(state, other);
      if (held.length === 0) continue;
      const after = this.cpus[cpu].record(this.afterMove(state, cpu, number));
      if (held.some((pair) => after.held.some((rival) => excludes(pair, rival)))) return false;
    }
    return true;
  }

  /** Whether memory and the other CPUs let a move happen. */
  private isEnabled(state: MachineState, cpu: number, move: Move): boolean {
    switch (move.kind) {
      case 'load': {
        const { source, predicted, slot, cell } = move;
        if (source)
          return predicted === undefined || predicted === this.constant(source.value as { value: Value });
        if (predicted !== undefined && predicted !== this.inMemory(state, cell)) return false;
        return !this.sets.has(state[this.deps + cell] as SetId, cpu, slot);
      }
      case 'store':
        for (let other = 0; other < this.cpus.length; other++)
          if (other !== cpu && this.holds(state, other, move.cell)) return false;
        return true;
      case 'postpone':
        // Else the load would return, and lock, the same at any time: it need not wait.
        return (
          (move.must && !this.rules.reduces) ||
          move.range.some((cell) => this.isWrittenByOthers(state, cpu, cell))
        );
      case 'grace':
        return !move.ends || !this.cpus.some((_, other) => (this.record(state, other).awaitedBy >> cpu) & 1);
      case 'predict':
        return this.canBecome(state, cpu, move);
      default:
        return true;
    }
  }

  /** Whether an atomic pair of a CPU keeps others from storing to a location. */
  private holds(state: MachineState, cpu: number, cell: CellId): boolean {
    const { held, bound } = this.record(state, cpu);
    return bound.includes(cell) || held.some(({ range }) => range.includes(cell));
  }

  /** Whether a load that waits can still return a value. */
  private canBecome(state: MachineState, cpu: number, { slot, value }: Move & { kind: 'predict' }): boolean {
    const { window } = this.record(state, cpu).state;
    const place = placeOfSlot(window, slot);
    const { cell } = window[place] as Pending & { kind: 'load' };
    return (
      this.values.id(value) === this.inMemory(state, cell) ||
      sourceOf(window, cell, place) >= 0 ||
      this.isWrittenByOthers(state, cpu, cell)
    );
  }

  /** Whether a guess can be made good. */
  private isViable(state: MachineState, cpu: number, number: number): boolean {
    const id = state[cpu] as CpuId;
    const { kind } = this.cpus[cpu].record(id).moves[number];
    if (kind === 'read' || kind === 'load' || kind === 'store') return true;
    return this.cpus[cpu].isViable(this.afterMove(state, cpu, number));
  }

  private constant({ value }: { value: Value }): ValueId {
    return this.values.asRead(this.values.id(value));
  }

  /** What a load returns that reads memory now. */
  private inMemory(state: MachineState, cell: CellId): ValueId {
    return this.values.asRead(this.memory(state, cell));
  }

  /** Whether grace periods can wait for the CPU's sections. */
  private isAwaited(cpu: number): boolean {
    return this.waits.some((waits, other) => other !== cpu && waits);
  }

  /** Whether another CPU can still write a location. */
  private isWrittenByOthers(state: MachineState, cpu: number, cell: CellId): boolean {
    return othersCan(this.records(state), cpu, 'writes', cell);
  }

  // --- What it does ---

  /** What a move finds in memory; nothing where it reads the CPU's own store. */
  private found(state: MachineState, move: Move & { kind: 'read' | 'load' }): readonly [ValueId, SetId] {
    if (move.source) return NOTHING;
    return [state[this.value + move.cell] as ValueId, state[this.deps + move.cell] as SetId];
  }

  /** The error, as a bit, that a load makes that finds no one's memory. */
  private errorOf(state: MachineState, { cell, source }: Move & { kind: 'read' | 'load' }): number {
    // What the CPU's own store is to store and is not known yet is the program's.
    const stored = source?.value;
    if (stored && stored.kind !== 'constant') return 0;
    const value = stored ? stored.value : this.values.value(this.memory(state, cell));
    if (valuesEqual(value, FREED)) return errorBit('use-after-free');
    return valuesEqual(value, UNINITIALISED) ? errorBit('use-before-init') : 0;
  }

  private write(into: MachineState, cpu: number, { cell, value, deps }: Move & { kind: 'store' }): void {
    if (valuesEqual(this.values.value(this.memory(into, cell)), FREED))
      into[this.error] |= errorBit(valuesEqual(value, FREED) ? 'double-free' : 'use-after-free');
    into[this.value + cell] = this.values.id(value);
    into[this.deps + cell] = this.sets.causes(deps);
    for (let other = 0; other < this.cpus.length; other++) {
      if (other !== cpu && this.record(into, other).linked.includes(cell))
        into[other] = this.cpus[other].unlinked(into[other] as CpuId, cell);
    }
  }

  /** Tells memory and the other CPUs that a load has performed. */
  private forget(into: MachineState, cpu: number, slot: number, source: SetId): void {
    for (let at = this.deps; at < this.error; at++) {
      if (into[at] !== NONE) into[at] = this.sets.performed(into[at] as SetId, cpu, slot, source);
    }
    for (let other = 0; other < this.cpus.length; other++) {
      if (other !== cpu && this.record(into, other).foreign)
        into[other] = this.cpus[other].forget(into[other] as CpuId, cpu, slot, source);
    }
  }
}

/**
 * A kind of machine whose CPUs let accesses perform out of order.
 * @param rules what may not pass what
 */
export function outOfOrder(description: Omit<MachineKind, 'create'>, rules: WindowRules): MachineKind {
  return {
    ...description,
    create: (program, values, liveness) =>
      new WindowMachine(description.name, program, values, rules, liveness),
  };
}
