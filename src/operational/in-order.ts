import { CellTable, type Fault } from '../execution/index.js';
import type { CellId, Program, RegisterId, Tag, ThreadId, ValueId, ValueTable } from '../program/index.js';
import { type Action, type Liveness, type LocalId, NO_WRITE, ThreadAutomaton } from './automaton.js';
import { type BufferId, BufferTable, EMPTY } from './buffers.js';
import type { Machine, MachineState, Transition } from './machine.js';
import { type MachineView, type PartView, showValue, statusOf } from './view.js';

/** What sets the in-order machines apart. */
export interface InOrderRules {
  readonly name: string;
  /** How stores reach memory: at once, through one queue a CPU, or through one queue for each location. */
  readonly buffer: 'none' | 'fifo' | 'per-location';
  /** Whether a fence waits until the buffer is empty. */
  drains(tags: readonly Tag[]): boolean;
  /** Whether a fence keeps later stores behind earlier ones. */
  separates(tags: readonly Tag[]): boolean;
}

/** Kinds of step; a transition is `kind | cpu << 4 | detail << 12`. */
const STEP = 0; // the CPU's next action; detail 1: its store-conditional succeeds
const DRAIN = 1; // the buffer entry at place `detail` goes to memory
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

/**
 * A machine whose CPUs execute in program order: what can be late is only when a store reaches memory.
 *
 * A state holds, in this order: for each thread its automaton's state; for each CPU the handlers that it is in, as digits in base 16
 * (places in `Cpu.threads`, the innermost lowest; 0: none); for each CPU a bit for each handler that has been entered; for each CPU the
 * cell that it has reserved by a load-locked, or -1; for each CPU its store buffer; for each cell its value.
 *
 * The entry of a handler and its return wait until the buffer is empty, as delivery of an interrupt and IRET do on the i386.
 */
export class InOrderMachine implements Machine {
  readonly name: string;
  readonly width: number;
  private readonly cells: CellTable;
  private readonly automata: ThreadAutomaton[];
  private readonly cpus: Cpu[];
  private readonly buffers: BufferTable;
  /** Where each part of a state starts. */
  private readonly active: number;
  private readonly ran: number;
  private readonly reserved: number;
  private readonly buffer: number;
  private readonly content: number;

  constructor(
    private readonly program: Program,
    private readonly values: ValueTable,
    private readonly rules: InOrderRules,
    liveness: Liveness,
  ) {
    this.name = rules.name;
    this.cells = new CellTable(program);
    const functions = new Map(program.functions.map((code) => [code.name, code]));
    this.automata = program.threads.map(
      (t) => new ThreadAutomaton(t, functions, this.cells, values, liveness),
    );
    this.cpus = program.threads
      .filter((thread) => !thread.interrupt)
      .map((thread) => cpuOf(program, thread.id));
    this.buffers = new BufferTable(rules.buffer === 'per-location' ? 'per-location' : 'fifo');
    const cpus = this.cpus.length;
    this.active = program.threads.length;
    this.ran = this.active + cpus;
    this.reserved = this.ran + cpus;
    this.buffer = this.reserved + cpus;
    this.content = this.buffer + cpus;
    this.width = this.content + this.cells.cells.length;
  }

  writeInitial(into: MachineState): void {
    this.automata.forEach((automaton, thread) => {
      into[thread] = automaton.initial;
    });
    this.cpus.forEach((_, cpu) => {
      into[this.active + cpu] = 0;
      into[this.ran + cpu] = 0;
      into[this.reserved + cpu] = NO_RESERVATION;
      into[this.buffer + cpu] = EMPTY;
    });
    this.cells.cells.forEach((cell, index) => {
      into[this.content + index] = this.values.id(cell.initial);
    });
  }

  transitions(state: MachineState, out: Transition[]): boolean {
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      if (!this.isAlone(state, cpu)) continue;
      out.push(transition(STEP, cpu));
      for (let other = 0; other < this.cpus.length; other++) this.append(state, other, out, other === cpu);
      return true;
    }
    for (let cpu = 0; cpu < this.cpus.length; cpu++) this.append(state, cpu, out, false);
    return false;
  }

  apply(state: MachineState, step: Transition, into: MachineState): void {
    into.set(state);
    const cpu = (step >> 4) & 0xff;
    const detail = step >> 12;
    switch (step & 0xf) {
      case STEP:
        this.execute(state, cpu, detail, into);
        return;
      case DRAIN:
        this.drain(state, cpu, detail, into);
        return;
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
      if (state[this.buffer + cpu] !== EMPTY || state[this.active + cpu] !== 0) return false;
      if (state[this.ran + cpu] !== this.cpus[cpu].allRan) return false;
    }
    return true;
  }

  fault(state: MachineState): Fault | undefined {
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      const action = this.action(state, cpu);
      if (action.kind === 'fault')
        return { reason: action.reason, ...(action.span ? { span: action.span } : {}) };
    }
    return undefined;
  }

  register(state: MachineState, thread: ThreadId, register: RegisterId): ValueId {
    return this.automata[thread].register(state[thread] as LocalId, register);
  }

  memory(state: MachineState, cell: CellId): ValueId {
    return state[this.content + cell] as ValueId;
  }

  describe(state: MachineState, step: Transition): string {
    const cpu = (step >> 4) & 0xff;
    const detail = step >> 12;
    switch (step & 0xf) {
      case DRAIN:
        return `the store ${this.entry(state, cpu, detail)} leaves the store buffer of CPU${cpu} for memory`;
      case INTERRUPT:
        return `CPU${cpu} enters the handler ${this.program.threads[this.cpus[cpu].threads[detail]].name}`;
      default:
        return `CPU${cpu} ${this.described(state, cpu, detail)}`;
    }
  }

  cell(state: MachineState, step: Transition): CellId | undefined {
    const cpu = (step >> 4) & 0xff;
    switch (step & 0xf) {
      case DRAIN:
        return this.buffers.cellAt(state[this.buffer + cpu] as BufferId, step >> 12) as CellId;
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
      memory: cells.slice(0, this.width - this.content).map(({ name }, index) => ({
        name,
        value: this.shown(state[this.content + index] as ValueId),
      })),
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
          parts: this.parts(state, cpu),
        };
      }),
    };
  }

  checkInvariants(state: MachineState): void {
    const fail = (what: string): never => {
      throw new Error(`${this.name}: ${what} in state ${[...state].join(',')}`);
    };
    this.cpus.forEach(({ threads, allRan }, cpu) => {
      const buffer = state[this.buffer + cpu] as BufferId;
      if (this.rules.buffer === 'none' && buffer !== EMPTY) fail(`CPU${cpu} has a store buffer`);
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
    this.cells.cells.forEach((cell, index) => {
      if (state[this.content + index] <= 0) fail(`${cell.name} holds no value`);
    });
  }

  // --- What a CPU can do ---

  /** The thread whose turn it is on a CPU: the innermost handler, or its own. */
  private current(state: MachineState, cpu: number): ThreadId {
    return this.cpus[cpu].threads[state[this.active + cpu] & 15];
  }

  private action(state: MachineState, cpu: number): Action {
    const thread = this.current(state, cpu);
    return this.automata[thread].action(state[thread] as LocalId);
  }

  private isEmpty(state: MachineState, cpu: number): boolean {
    return state[this.buffer + cpu] === EMPTY;
  }

  /**
   * Whether the CPU's next action touches nothing but its own thread and the young end of its own buffer. Other CPUs see neither, and
   * its own buffer drains at the old end. Not while a handler may still come in between.
   */
  private isAlone(state: MachineState, cpu: number): boolean {
    if (state[this.ran + cpu] !== this.cpus[cpu].allRan) return false;
    const action = this.action(state, cpu);
    if (action.kind === 'store') return this.rules.buffer !== 'none';
    if (action.kind === 'fence') return this.isEmpty(state, cpu) || !this.rules.drains(action.tags);
    return action.kind === 'end' && state[this.active + cpu] !== 0 && this.isEmpty(state, cpu);
  }

  /** Appends what can happen on one CPU. */
  private append(state: MachineState, cpu: number, out: Transition[], withoutStep: boolean): void {
    if (!withoutStep) this.appendStep(state, cpu, out);
    const buffer = state[this.buffer + cpu] as BufferId;
    if (buffer !== EMPTY) {
      for (const place of this.buffers.leaving(buffer)) out.push(transition(DRAIN, cpu, place));
      return;
    }
    const { threads, kinds } = this.cpus[cpu];
    const inside = kinds[state[this.active + cpu] & 15];
    for (let handler = 1; handler < threads.length; handler++) {
      if ((state[this.ran + cpu] >> handler) & 1) continue;
      if (inside === 'own' || (inside === 'irq' && kinds[handler] === 'nmi'))
        out.push(transition(INTERRUPT, cpu, handler));
    }
  }

  private appendStep(state: MachineState, cpu: number, out: Transition[]): void {
    const action = this.action(state, cpu);
    switch (action.kind) {
      case 'load':
        if (!action.locked || this.isEmpty(state, cpu)) out.push(transition(STEP, cpu));
        return;
      case 'store':
        out.push(transition(STEP, cpu));
        return;
      case 'fence':
        if (this.isEmpty(state, cpu) || !this.rules.drains(action.tags)) out.push(transition(STEP, cpu));
        return;
      case 'rmw':
        this.appendAtomic(state, cpu, action.cell, out);
        return;
      case 'store-conditional':
        // A failure is no access: nothing has to be drained for it. A success is a store that
        // does not wait in the buffer.
        out.push(transition(STEP, cpu, 0));
        if (this.maySucceed(state, cpu, action.cell)) out.push(transition(STEP, cpu, 1));
        return;
      case 'end':
        if (state[this.active + cpu] !== 0 && this.isEmpty(state, cpu)) out.push(transition(STEP, cpu));
        return;
      case 'fault':
        return;
    }
  }

  private maySucceed(state: MachineState, cpu: number, cell: CellId): boolean {
    const buffer = state[this.buffer + cpu] as BufferId;
    return state[this.reserved + cpu] === cell && this.buffers.letsPass(buffer, cell);
  }

  /** An atomic that stores acts on memory, with its buffer empty; one whose condition fails is a load like any other. */
  private appendAtomic(state: MachineState, cpu: number, cell: CellId, out: Transition[]): void {
    const thread = this.current(state, cpu);
    const writes = (old: ValueId) =>
      this.automata[thread].written(state[thread] as LocalId, old) !== NO_WRITE;
    if (!writes(this.visible(state, cpu, cell))) out.push(transition(STEP, cpu));
    else if (this.isEmpty(state, cpu)) out.push(transition(STEP, cpu));
  }

  // --- What it does ---

  private execute(state: MachineState, cpu: number, detail: number, into: MachineState): void {
    const thread = this.current(state, cpu);
    const local = state[thread] as LocalId;
    const automaton = this.automata[thread];
    const action = automaton.action(local);
    switch (action.kind) {
      case 'load':
        if (action.locked) into[this.reserved + cpu] = action.cell;
        into[thread] = automaton.next(local, this.visible(state, cpu, action.cell));
        return;
      case 'store':
        if (this.rules.buffer === 'none') this.write(into, cpu, action.cell, action.value);
        else
          into[this.buffer + cpu] = this.buffers.push(
            state[this.buffer + cpu] as BufferId,
            action.cell,
            action.value,
          );
        into[thread] = automaton.next(local, 0);
        return;
      case 'fence':
        if (this.rules.separates(action.tags))
          into[this.buffer + cpu] = this.buffers.fence(state[this.buffer + cpu] as BufferId);
        into[thread] = automaton.next(local, 0);
        return;
      case 'rmw': {
        const old = this.visible(state, cpu, action.cell);
        const written = automaton.written(local, old);
        if (written !== NO_WRITE) this.write(into, cpu, action.cell, written as ValueId);
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

  private drain(state: MachineState, cpu: number, place: number, into: MachineState): void {
    const buffer = state[this.buffer + cpu] as BufferId;
    this.write(into, cpu, this.buffers.cellAt(buffer, place), this.buffers.valueAt(buffer, place));
    into[this.buffer + cpu] = this.buffers.without(buffer, place);
  }

  /** Puts a value into memory, for all to see; other CPUs lose their reservation of the cell. */
  private write(into: MachineState, cpu: number, cell: number, value: ValueId): void {
    into[this.content + cell] = value;
    for (let other = 0; other < this.cpus.length; other++) {
      if (other !== cpu && into[this.reserved + other] === cell) into[this.reserved + other] = NO_RESERVATION;
    }
  }

  /** What a load returns: the youngest store in the CPU's own buffer, or memory. */
  private visible(state: MachineState, cpu: number, cell: number): ValueId {
    const own = this.buffers.forward(state[this.buffer + cpu] as BufferId, cell);
    return (own >= 0 ? own : state[this.content + cell]) as ValueId;
  }

  // --- Words ---

  private described(state: MachineState, cpu: number, detail: number): string {
    const action = this.action(state, cpu);
    const name = 'cell' in action ? this.cells.cells[action.cell].name : '';
    switch (action.kind) {
      case 'load': {
        const forwarded = this.buffers.forward(state[this.buffer + cpu] as BufferId, action.cell) >= 0;
        return `loads ${name} = ${this.shown(this.visible(state, cpu, action.cell))}${this.rules.buffer === 'none' ? '' : ` from ${forwarded ? 'its store buffer' : 'memory'}`}`;
      }
      case 'store':
        return `stores ${name} = ${this.shown(action.value)}${this.rules.buffer === 'none' ? '' : ' into its store buffer'}`;
      case 'fence':
        return `passes the barrier ${action.tags.join(' ')}`;
      case 'rmw': {
        const old = this.visible(state, cpu, action.cell);
        const written = this.automata[this.current(state, cpu)].written(
          state[this.current(state, cpu)] as LocalId,
          old,
        );
        return `reads ${name} = ${this.shown(old)} and ${written === NO_WRITE ? 'stores nothing' : `stores ${this.shown(written as ValueId)}`}, atomically`;
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

  /** The entry at a place of a store buffer. */
  private entry(state: MachineState, cpu: number, place: number): string {
    const buffer = state[this.buffer + cpu] as BufferId;
    const { name } = this.cells.cells[this.buffers.cellAt(buffer, place)];
    return `${name} = ${this.shown(this.buffers.valueAt(buffer, place))}`;
  }

  private parts(state: MachineState, cpu: number): PartView[] {
    if (this.rules.buffer === 'none') return [];
    const entries = this.buffers
      .entries(state[this.buffer + cpu] as BufferId)
      .map(({ cell }, place) => (cell < 0 ? 'barrier' : this.entry(state, cpu, place)));
    return [{ name: 'store buffer', entries }];
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
