import type { CycleAccess } from '../cycle-program.js';
import type { Task } from './code-writer.js';
import { type Address, AssemblyWriter, type Labels, numbered } from './thread-code.js';

export class PpcWriter extends AssemblyWriter {
  constructor(labels: Labels) {
    super(labels, numbered('r', 1, 31));
  }

  fence(name: string): void {
    this.emit(name.toLowerCase());
  }

  protected zero(of: string): string {
    const zero = this.register();
    this.emit(`xor ${zero},${of},${of}`);
    return zero;
  }

  protected constant(value: number): string {
    const register = this.register();
    this.emit(`li ${register},${value}`);
    return register;
  }

  protected sum(zero: string, value: number): string {
    this.emit(`addi ${zero},${zero},${value}`);
    return zero;
  }

  protected branch(on: string): void {
    const label = this.labels.next('LC');
    this.emit(`cmpw ${on},${on}`, `beq ${label}`, `${label}:`);
  }

  protected plainLoad({ base, index }: Address): string {
    const register = this.register();
    this.emit(index ? `lwzx ${register},${index},${base}` : `lwz ${register},0(${base})`);
    return register;
  }

  protected load(address: Address, { annotation }: CycleAccess): string {
    if (annotation === undefined) return this.plainLoad(address);
    const register = this.register();
    if (annotation === 'A') this.exclusive(address, register, register);
    else this.emit(`lwarx ${register},${indexOf(address)},${address.base}`);
    return register;
  }

  protected store(address: Address, value: string, { annotation }: CycleAccess): string | undefined {
    if (annotation === 'A') return this.exchange(address, value);
    const { base, index } = address;
    this.emit(index ? `stwx ${value},${index},${base}` : `stw ${value},0(${base})`);
    return undefined;
  }

  protected update(address: Address, { update }: Task): string {
    return this.exchange(address, this.constant(update!.write.value));
  }

  private exchange(address: Address, value: string): string {
    const found = this.register();
    this.exclusive(address, found, value);
    return found;
  }

  private exclusive(address: Address, found: string, value: string): void {
    const label = this.labels.next('Loop');
    const place = `${indexOf(address)},${address.base}`;
    this.emit(`${label}:`, `lwarx ${found},${place}`, `stwcx. ${value},${place}`, `bne ${label}`);
  }
}

/** r0 reads as zero there. */
function indexOf({ index }: Address): string {
  return index ?? 'r0';
}
