import type { CycleAccess } from '../cycle-program.js';
import { locationName } from '../cycle-program.js';
import type { Task, ThreadCode, ThreadWriter, Wait } from './code-writer.js';

/** Where an access goes: an address in a register, and one to be added that is zero and depends on a read. */
export interface Address {
  readonly base: string;
  readonly index?: string;
}

/** Labels are of a whole test: no two threads share one. */
export class Labels {
  private count = 0;

  next(prefix: string): string {
    return `${prefix}${String(this.count++).padStart(2, '0')}`;
  }
}

/** A thread of a machine that loads and stores through registers. A dialect is its instructions. */
export abstract class AssemblyWriter implements ThreadWriter {
  protected readonly lines: string[] = [];
  protected readonly labels: Labels;
  private readonly addresses = new Map<number, string>();
  private readonly free: Iterator<string>;

  constructor(labels: Labels, registers: Iterable<string>) {
    this.labels = labels;
    this.free = registers[Symbol.iterator]();
  }

  /** @returns a register with zero that depends on one */
  protected abstract zero(of: string, isSelected: boolean): string;
  protected abstract constant(value: number): string;
  /** @returns a register with a value, made of a register with zero */
  protected abstract sum(zero: string, value: number): string;
  /** A branch on a register. */
  protected abstract branch(on: string, wait: Wait): void;
  protected abstract load(address: Address, access: CycleAccess): string;
  /** @returns the register with what was there before, of an exclusive store */
  protected abstract store(address: Address, value: string, access: CycleAccess): string | undefined;
  protected abstract update(address: Address, task: Task): string | undefined;
  abstract fence(name: string): void;

  access(task: Task): string | undefined {
    const { access, wait } = task;
    const isSelected = wait?.dependency.selected === true;
    const carrier = wait?.dependency.carrier;
    if (wait && carrier === 'control') this.control(wait, isSelected);
    const zero = wait && carrier !== 'control' ? this.zero(wait.register, isSelected) : undefined;
    for (const fence of access.inserted) this.fence(fence);
    const index = carrier === 'address' ? { index: zero! } : {};
    const data = carrier === 'data' ? this.sum(zero!, access.value) : undefined;
    return this.perform(task, index, data);
  }

  private perform(task: Task, index: { index?: string }, data: string | undefined): string | undefined {
    const { access } = task;
    const address = { base: this.addressOf(access.location), ...index };
    if (task.update) return this.update(address, task);
    if (access.direction === 'R') return this.load(address, access);
    return this.store(address, data ?? this.constant(access.value), access);
  }

  private control(wait: Wait, isSelected: boolean): void {
    this.branch(isSelected ? this.zero(wait.register, true) : wait.register, wait);
    if (wait.dependency.fence !== undefined) this.fence(wait.dependency.fence);
  }

  observe(location: number): string {
    return this.plainLoad({ base: this.addressOf(location) });
  }

  protected abstract plainLoad(address: Address): string;

  finish(): ThreadCode {
    const addresses = [...this.addresses].map(([location, register]) => [register, location] as const);
    return { lines: this.lines, addresses };
  }

  protected addressOf(location: number): string {
    const known = this.addresses.get(location);
    if (known !== undefined) return known;
    const register = this.register();
    this.addresses.set(location, register);
    return register;
  }

  protected register(): string {
    const { value, done } = this.free.next();
    if (done)
      throw new RangeError(
        `a thread with ${locationName(this.addresses.size)} takes more registers than there are`,
      );
    return value;
  }

  protected emit(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }
}

export function* numbered(prefix: string, first: number, last: number): Generator<string> {
  for (let number = first; number <= last; number++) yield `${prefix}${number}`;
}
