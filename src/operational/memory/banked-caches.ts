import type { CellId, Tag, ValueId } from '../../program/index.js';
import type { MachineState } from '../machine/machine.js';
import type { PartView } from '../machine/view.js';
import { type BufferId, BufferTable, EMPTY, isSectionEnd } from './buffers.js';
import type {
  AtomicAccess,
  Caches,
  EndedSections,
  MemoryContext,
  MemoryStep,
  MemorySystem,
  Narration,
  OwnSteps,
} from './memory-system.js';

const BANKS = 2;

/** What becomes of a line in a CPU's cache. A number above 0 is the line's value, old by now: an invalidate of it has to be answered. */
const HELD = 0;
const ABSENT = -1;

/** Kinds of step; a step is `kind | detail << 2`. */
const LEAVE = 0; // the store at place `detail` leaves the write buffer
const ACKNOWLEDGE = 1; // the invalidate of location `detail` joins the probe queue
const MISSING = 2; // location `detail` is not in the cache any more when its invalidate comes
const PROBE = 3; // bank `detail` makes its oldest invalidate good

/**
 * What is between a CPU and memory on an Alpha 21264, as far as it takes to see how its reads come to be out of order
 * (Gharachorloo, "Reordering on an Alpha processor", in the pages on the Java memory model; McKenney, "Memory ordering in modern
 * microprocessors", 2005, on the cache with two banks). It is for teaching: what it does, alpha-linux allows, but not the other way round.
 *
 * A CPU has a write buffer, which stores to different locations may leave in any order, short of a WMB between them; a cache in two
 * banks, of which locations belong to the one and the other by turns, in the order in which the program has them; and for each bank
 * a queue of probes: the invalidates that it has acknowledged and not yet made good.
 *
 * A store that leaves the buffer takes its line away from all other caches: an invalidate goes to each CPU that holds the line, which
 * acknowledges it at once and puts it into its queue. The writer goes on, while a read of that CPU still hits the old line. A read that
 * misses fetches the newest value, from memory or the writer's cache, past what waits in the queue. MB waits until the CPU's write
 * buffer and its probe queues are empty. A CPU that writes has its own line invalidated first, if that is still to be done,
 * and so all that is in the bank's queue before it.
 *
 * At the start a CPU holds every line that its program can read. It may drop a line that is up to date at any time, to make room: that
 * matters, and is decided, only when the line's invalidate comes.
 *
 * Why alpha-linux allows what it does. Let a store take effect when it leaves the buffer, a read when it is executed, but just before
 * the store that made its line old, if it hits an old line. That store took effect after the CPU's last MB, as the MB emptied the queue,
 * and after all that the CPU read in this location before, as no line that is fetched is older than one that was held. So everything that
 * is before-ordered takes effect in that order; and a store takes effect after all that comes before it in its thread.
 *
 * Its words: for each CPU its write buffer; for each CPU and bank its queue, which keeps with each invalidate the value of the old line; for
 * each CPU and location its line; for each location its newest value.
 */
export class BankedCaches implements MemorySystem, OwnSteps, Caches, EndedSections, Narration {
  readonly width: number;
  /** Entering and leaving a handler is no barrier (Alpha handbook, 5.6.3). */
  readonly buffer = { name: 'write buffer', interruptsWait: false };
  readonly own: OwnSteps = this;
  readonly caches: Caches = this;
  readonly sections: EndedSections = this;
  readonly narration: Narration = this;
  private readonly buffers = new BufferTable('per-location');
  private readonly queues = new BufferTable('fifo');
  /** Where each part starts. */
  private readonly queueAt: number;
  private readonly lineAt: number;
  private readonly valueAt: number;
  private readonly cells: number;
  /** By CPU: the locations whose lines matter. */
  private readonly readable: readonly ReadonlySet<CellId>[];

  constructor(private readonly context: MemoryContext) {
    const { at, cpus, initial, reads } = context;
    this.cells = initial.length;
    this.readable = Array.from({ length: cpus }, (_, cpu) => reads(cpu));
    this.queueAt = at + cpus;
    this.lineAt = this.queueAt + cpus * BANKS;
    this.valueAt = this.lineAt + cpus * this.cells;
    this.width = this.valueAt + this.cells - at;
  }

  writeInitial(into: MachineState): void {
    const { at, initial } = this.context;
    into.fill(EMPTY, at, this.lineAt);
    into.fill(ABSENT, this.lineAt, this.valueAt);
    this.readable.forEach((cells, cpu) => {
      for (const cell of cells) into[this.line(cpu, cell)] = HELD;
    });
    into.set(initial, this.valueAt);
  }

  memory(state: MachineState, cell: CellId): ValueId {
    return state[this.valueAt + cell] as ValueId;
  }

  // --- What happens without an instruction ---

  isBusy(state: MachineState): boolean {
    return this.asked(state) >= 0;
  }

  steps(state: MachineState, cpu: number, out: MemoryStep[]): void {
    const asked = this.asked(state);
    if (asked >= 0) {
      const cell = (asked - this.lineAt) % this.cells;
      if (asked === this.line(cpu, cell)) out.push(ACKNOWLEDGE | (cell << 2), MISSING | (cell << 2));
      return;
    }
    const buffer = this.bufferOf(state, cpu);
    if (buffer !== EMPTY) for (const place of this.buffers.leaving(buffer)) out.push(LEAVE | (place << 2));
    for (let bank = 0; bank < BANKS; bank++)
      if (this.queueOf(state, cpu, bank) !== EMPTY) out.push(PROBE | (bank << 2));
  }

  step(state: MachineState, cpu: number, step: MemoryStep): CellId | undefined {
    const detail = step >> 2;
    switch (step & 3) {
      case LEAVE: {
        const buffer = this.bufferOf(state, cpu);
        const cell = this.buffers.cellAt(buffer, detail) as CellId;
        state[this.context.at + cpu] = this.buffers.without(buffer, detail);
        this.write(state, cpu, cell, this.buffers.valueAt(buffer, detail));
        return cell;
      }
      case ACKNOWLEDGE: {
        const queue = this.queueOf(state, cpu, detail % BANKS);
        const old = state[this.line(cpu, detail)] as ValueId;
        state[this.queue(cpu, detail % BANKS)] = this.queues.push(queue, detail, old);
        state[this.line(cpu, detail)] = HELD;
        return undefined;
      }
      case MISSING:
        state[this.line(cpu, detail)] = ABSENT;
        return undefined;
      default:
        this.probe(state, cpu, detail);
        return undefined;
    }
  }

  /** The place of the first line whose invalidate has to be answered; -1: none. */
  private asked(state: MachineState): number {
    for (let at = this.lineAt; at < this.valueAt; at++) if (state[at] > 0) return at;
    return -1;
  }

  /** Makes the oldest invalidate of a queue good. */
  private probe(state: MachineState, cpu: number, bank: number): number {
    const queue = this.queueOf(state, cpu, bank);
    const cell = this.queues.cellAt(queue, 0);
    state[this.queue(cpu, bank)] = this.queues.without(queue, 0);
    state[this.line(cpu, cell)] = ABSENT;
    return cell;
  }

  // --- What instructions do ---

  visible(state: MachineState, cpu: number, cell: CellId): ValueId {
    const own = this.buffers.forward(this.bufferOf(state, cpu), cell);
    if (own >= 0) return own as ValueId;
    const old = this.old(state, cpu, cell);
    return old >= 0 ? (old as ValueId) : this.memory(state, cell);
  }

  load(state: MachineState, cpu: number, cell: CellId): void {
    if (this.buffers.forward(this.bufferOf(state, cpu), cell) < 0) state[this.line(cpu, cell)] = HELD;
  }

  store(state: MachineState, cpu: number, cell: CellId, value: ValueId): void {
    state[this.context.at + cpu] = this.buffers.push(this.bufferOf(state, cpu), cell, value);
  }

  isReady(state: MachineState, cpu: number, cell: CellId, access: AtomicAccess): boolean {
    const buffer = this.bufferOf(state, cpu);
    // A load-locked does not pair with a store that is yet to come out of the buffer. No WMB holds it up.
    return access === 'locked' ? this.buffers.forward(buffer, cell) < 0 : this.buffers.letsPass(buffer, cell);
  }

  isCurrent(state: MachineState, cpu: number, cell: CellId): boolean {
    return this.old(state, cpu, cell) < 0;
  }

  write(state: MachineState, cpu: number, cell: CellId, value: ValueId): void {
    if (this.old(state, cpu, cell) >= 0) while (this.probe(state, cpu, cell % BANKS) !== cell);
    this.context.overwrites(state, cell, value);
    for (let other = 0; other < this.context.cpus; other++) {
      const line = this.line(other, cell);
      // A CPU whose line is old already has given it up.
      if (other !== cpu && state[line] === HELD && this.old(state, other, cell) < 0)
        state[line] = this.memory(state, cell);
    }
    if (this.readable[cpu].has(cell)) state[this.line(cpu, cell)] = HELD;
    state[this.valueAt + cell] = value;
  }

  passes(state: MachineState, cpu: number, tags: readonly Tag[]): boolean {
    if (!tags.includes('MB')) return true;
    if (!this.isDrained(state, cpu)) return false;
    for (let bank = 0; bank < BANKS; bank++) if (this.queueOf(state, cpu, bank) !== EMPTY) return false;
    return true;
  }

  fence(state: MachineState, cpu: number, tags: readonly Tag[]): void {
    if (tags.includes('WMB')) state[this.context.at + cpu] = this.buffers.fence(this.bufferOf(state, cpu));
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

  refresh(state: MachineState, cpu: number): void {
    for (let bank = 0; bank < BANKS; bank++)
      while (this.queueOf(state, cpu, bank) !== EMPTY) this.probe(state, cpu, bank);
  }

  forget(state: MachineState, cpu: number, isNeeded: (cell: CellId) => boolean): void {
    for (let bank = 0; bank < BANKS; bank++) {
      let queue = this.queueOf(state, cpu, bank);
      this.queues.entries(queue).forEach(({ cell }, place, { length }) => {
        // Places are counted from the young end here, which does not move.
        const left = this.queues.entries(queue).length;
        if (!isNeeded(cell as CellId)) queue = this.queues.without(queue, place - (length - left));
      });
      state[this.queue(cpu, bank)] = queue;
    }
    for (let cell = 0; cell < this.cells; cell++)
      if (!isNeeded(cell as CellId)) state[this.line(cpu, cell)] = ABSENT;
  }

  isDrained(state: MachineState, cpu: number): boolean {
    return this.bufferOf(state, cpu) === EMPTY;
  }

  /** The value of a line whose invalidate waits; -1 when there is no such line. */
  private old(state: MachineState, cpu: number, cell: number): number {
    return this.queues.forward(this.queueOf(state, cpu, cell % BANKS), cell);
  }

  // --- Words ---

  cellOf(state: MachineState, cpu: number, step: MemoryStep): CellId {
    const detail = step >> 2;
    switch (step & 3) {
      case LEAVE:
        return this.buffers.cellAt(this.bufferOf(state, cpu), detail) as CellId;
      case PROBE:
        return this.queues.cellAt(this.queueOf(state, cpu, detail), 0) as CellId;
      default:
        return detail as CellId;
    }
  }

  describe(state: MachineState, cpu: number, step: MemoryStep): string {
    const cell = this.cellOf(state, cpu, step);
    const name = this.context.name(cell);
    switch (step & 3) {
      case LEAVE: {
        const value = this.buffers.valueAt(this.bufferOf(state, cpu), step >> 2);
        return `the store ${name} = ${this.context.show(value)} leaves the write buffer of CPU${cpu}, which takes the line for itself`;
      }
      case ACKNOWLEDGE:
        return `CPU${cpu} acknowledges the invalidate of ${name}; it waits in the probe queue`;
      case MISSING:
        return `CPU${cpu} has dropped the line of ${name}: there is nothing to invalidate`;
      default:
        return `CPU${cpu} takes the invalidate of ${name} from the probe queue: the line leaves bank ${cell % BANKS}`;
    }
  }

  describeLoad(state: MachineState, cpu: number, cell: CellId): string {
    const { name, show } = this.context;
    const value = show(this.visible(state, cpu, cell));
    if (this.buffers.forward(this.bufferOf(state, cpu), cell) >= 0)
      return `loads ${name(cell)} = ${value} from its write buffer`;
    const bank = cell % BANKS;
    if (this.old(state, cpu, cell) >= 0)
      return `loads ${name(cell)}: hit in bank ${bank}, old value ${value}`;
    if (state[this.line(cpu, cell)] === HELD)
      return `loads ${name(cell)}: hit in bank ${bank}, value ${value}`;
    return `loads ${name(cell)}: miss in bank ${bank}, value ${value} is fetched${this.isQueueing(state, cpu) ? ' past the probe queue' : ''}`;
  }

  parts(state: MachineState, cpu: number): PartView[] {
    const { name, show } = this.context;
    const assigned = (cell: number, value: ValueId): string => `${name(cell as CellId)} = ${show(value)}`;
    const stores = this.buffers.entries(this.bufferOf(state, cpu)).map(({ cell, value }) => {
      if (isSectionEnd(cell)) return 'end of a section';
      return cell < 0 ? 'WMB' : assigned(cell, value);
    });
    const banks = Array.from({ length: BANKS }, (_, bank) => ({
      name: `cache bank ${bank}`,
      entries: this.linesOf(state, cpu, bank, assigned),
    }));
    const queues = Array.from({ length: BANKS }, (_, bank) => ({
      name: `probe queue ${bank}`,
      entries: this.queues
        .entries(this.queueOf(state, cpu, bank))
        .map(({ cell }) => `invalidate ${name(cell as CellId)}`),
    }));
    return [{ name: this.buffer.name, entries: stores }, ...banks, ...queues];
  }

  private linesOf(
    state: MachineState,
    cpu: number,
    bank: number,
    assigned: (cell: number, value: ValueId) => string,
  ): string[] {
    const lines: string[] = [];
    for (let cell = bank; cell < this.cells; cell += BANKS) {
      const line = state[this.line(cpu, cell)];
      if (line === ABSENT) continue;
      const old = line > 0 ? line : this.old(state, cpu, cell);
      if (old >= 0) lines.push(`${assigned(cell, old as ValueId)}, old`);
      else lines.push(assigned(cell, this.memory(state, cell as CellId)));
    }
    return lines;
  }

  checkInvariants(state: MachineState, fail: (what: string) => never): void {
    const { cpus, name } = this.context;
    const asked = new Set<number>();
    for (let cell = 0; cell < this.cells; cell++)
      if (state[this.valueAt + cell] <= 0) fail(`${name(cell as CellId)} holds no value`);
    for (let cpu = 0; cpu < cpus; cpu++) {
      for (let cell = 0; cell < this.cells; cell++) {
        const line = state[this.line(cpu, cell)];
        if (line < ABSENT) fail(`CPU${cpu} has no such line of ${name(cell as CellId)}`);
        if (line > 0) asked.add(cell);
        if (line !== HELD && this.old(state, cpu, cell) >= 0)
          fail(`CPU${cpu} is to invalidate ${name(cell as CellId)}, which it does not hold`);
      }
      for (let bank = 0; bank < BANKS; bank++) {
        const cells = this.queues.entries(this.queueOf(state, cpu, bank)).map(({ cell }) => cell);
        if (new Set(cells).size < cells.length) fail(`CPU${cpu} is to invalidate a line twice`);
        if (cells.some((cell) => cell % BANKS !== bank)) fail(`CPU${cpu} has a probe in the wrong queue`);
      }
    }
    if (asked.size > 1) fail('two stores take effect at once');
  }

  private isQueueing(state: MachineState, cpu: number): boolean {
    for (let bank = 0; bank < BANKS; bank++) if (this.queueOf(state, cpu, bank) !== EMPTY) return true;
    return false;
  }

  private bufferOf(state: MachineState, cpu: number): BufferId {
    return state[this.context.at + cpu] as BufferId;
  }

  private queueOf(state: MachineState, cpu: number, bank: number): BufferId {
    return state[this.queue(cpu, bank)] as BufferId;
  }

  private queue(cpu: number, bank: number): number {
    return this.queueAt + cpu * BANKS + bank;
  }

  private line(cpu: number, cell: number): number {
    return this.lineAt + cpu * this.cells + cell;
  }
}
