import { inSection, type Program, type Regions, tagsOfChange } from '../../program/index.js';
import type { MachineState } from '../machine/machine.js';
import type { MemorySystem } from './memory-system.js';

/** Whether a program has grace periods at all. */
export function hasGracePeriods({ functions, threads }: Program): boolean {
  return [...functions, ...threads.map(({ code }) => code)].some((code) =>
    code.instructions.some((i) => i.kind === 'region' && i.change === 'grace-period'),
  );
}

/**
 * Grace periods of a machine whose CPUs execute in order. One takes two steps of its CPU. It begins once the CPU's stores have reached
 * memory, and notes the sections that are not over: those that a CPU is in, and those of which stores are still on their way. It ends
 * once these are over: their CPUs have come to their ends, and all that was stored before has reached memory. So what precedes a
 * section's end takes effect before what follows the grace period, or what follows the section's start takes effect after what precedes
 * the grace period (models/rcu.cat). Conversely, in an execution of which that is true each section can start as late, and
 * end as early, as its accesses let it: the grace period then need not wait for more.
 *
 * A CPU that can see what is old sees nothing any more that was old when the grace period began, once it is in no section that the grace
 * period waits for: what follows the start of a later section takes effect after what precedes the grace period. The grace period's own
 * CPU goes on with a full barrier; what a handler sees before that it could have seen before the grace period's end as well.
 *
 * Its words, none in a program without grace periods: for each CPU the grace periods that wait for the section that it is in, a bit for
 * each CPU; for each CPU whether its grace period has begun. Of sections that have ended, the memory system keeps who waits.
 */
export class GracePeriods {
  readonly width: number;
  private readonly begun: number;

  /** @param isInSection whether a CPU is in a section, its own thread or a handler that it is in */
  constructor(
    private readonly at: number,
    private readonly cpus: number,
    private readonly exist: boolean,
    private readonly memorySystem: MemorySystem,
    private readonly isInSection: (state: MachineState, cpu: number) => boolean,
  ) {
    this.begun = at + cpus;
    this.width = exist ? 2 * cpus : 0;
  }

  writeInitial(into: MachineState): void {
    into.fill(0, this.at, this.at + this.width);
  }

  hasBegun(state: MachineState, cpu: number): boolean {
    return state[this.begun + cpu] === 1;
  }

  /** Whether a CPU that is at a grace period can make a step. */
  canStep(state: MachineState, cpu: number): boolean {
    return this.hasBegun(state, cpu) ? this.canEnd(state, cpu) : this.memorySystem.isDrained(state, cpu);
  }

  private canEnd(state: MachineState, cpu: number): boolean {
    for (let other = 0; other < this.cpus; other++)
      if ((this.awaitedBy(state, other) >> cpu) & 1) return false;
    return true;
  }

  /** Whether a step has nothing to do with any other CPU's, now or later (`Machine.alone`): here, the end of a grace period. */
  isAlone(state: MachineState, cpu: number): boolean {
    return this.hasBegun(state, cpu) && this.canEnd(state, cpu);
  }

  /** The same of a change of region. Whether a grace period begins before or after the end of a section comes to the same; not so its start. */
  isChangeAlone(state: MachineState, cpu: number, after: Regions): boolean {
    return !this.exist || this.isInSection(state, cpu) || !inSection(after);
  }

  /** Makes the step of a CPU's grace period. True when the grace period is over. */
  step(state: MachineState, cpu: number): boolean {
    const ends = this.hasBegun(state, cpu);
    state[this.begun + cpu] = ends ? 0 : 1;
    if (!ends) this.begin(state, cpu);
    return ends;
  }

  private begin(state: MachineState, cpu: number): void {
    for (let other = 0; other < this.cpus; other++) {
      if (other === cpu) continue;
      if (this.isInSection(state, other)) {
        state[this.at + other] |= 1 << cpu;
        continue;
      }
      this.memorySystem.sections?.awaitSections(state, other, 1 << cpu);
      this.memorySystem.caches?.refresh(state, other);
    }
  }

  /** A CPU has left its outermost section. */
  sectionEnded(state: MachineState, cpu: number): void {
    if (!this.exist) return;
    this.memorySystem.sections?.endSection(state, cpu, state[this.at + cpu]);
    if (state[this.at + cpu] !== 0) this.memorySystem.caches?.refresh(state, cpu);
    state[this.at + cpu] = 0;
  }

  /** The CPUs whose grace periods wait for sections of this one. */
  private awaitedBy(state: MachineState, cpu: number): number {
    return state[this.at + cpu] | (this.memorySystem.sections?.awaitedBy(state, cpu) ?? 0);
  }

  describe(state: MachineState, cpu: number): string {
    return describeGrace(this.hasBegun(state, cpu));
  }

  checkInvariants(state: MachineState, fail: (what: string) => never): void {
    if (!this.exist) return;
    let waiting = 0;
    for (let cpu = 0; cpu < this.cpus; cpu++) waiting |= state[this.begun + cpu] << cpu;
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      if (state[this.at + cpu] !== 0 && !this.isInSection(state, cpu))
        fail(`CPU${cpu} is waited for in no section`);
      if ((this.awaitedBy(state, cpu) & ~waiting) !== 0)
        fail(`a section of CPU${cpu} is waited for by no grace period`);
    }
  }
}

/** A step of a grace period in words. */
export function describeGrace(ends: boolean): string {
  return ends
    ? 'has waited for the sections: its grace period ends'
    : 'begins to wait for the sections that are not over';
}

const words: Readonly<Record<string, string>> = {
  'rcu-lock': 'begins a read-side section',
  'rcu-unlock': 'ends its read-side section',
  'irq-off': 'disables interrupts',
  'irq-on': 'enables interrupts',
};

/** A change of region in words. */
export function describeChange(before: Regions, after: Regions): string {
  return tagsOfChange(before, after)
    .map((tag) => words[tag])
    .join(' and ');
}
