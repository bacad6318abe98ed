import { type CycleAccess, locationName } from '../cycle-program.js';
import type { Task, ThreadCode, ThreadWriter } from './code-writer.js';

const registers = ['EAX', 'EBX', 'ECX', 'EDX', 'ESI', 'EDI'];

/** A thread of X86: locations are addressed by name. */
export class X86Writer implements ThreadWriter {
  private readonly lines: string[] = [];
  private used = 0;

  access({ access, update }: Task): string | undefined {
    for (const fence of access.inserted) this.fence(fence);
    if (update) return this.exchange(access.location, update.write.value);
    if (access.direction === 'R') return this.observe(access.location);
    if (access.annotation === 'A') this.exchange(access.location, access.value);
    else this.lines.push(`MOV ${place(access.location)},$${access.value}`);
    return undefined;
  }

  private exchange(location: number, value: number): string {
    const register = this.register();
    this.lines.push(`MOV ${register},$${value}`, `XCHG ${place(location)},${register}`);
    return register;
  }

  fence(name: string): void {
    this.lines.push(name.toUpperCase());
  }

  observe(location: number): string {
    const register = this.register();
    this.lines.push(`MOV ${register},${place(location)}`);
    return register;
  }

  private register(): string {
    return registerIn(registers, this.used++);
  }

  finish(): ThreadCode {
    return { lines: this.lines, addresses: [] };
  }
}

function place(location: number): string {
  return `[${locationName(location)}]`;
}

function registerIn(all: readonly string[], index: number): string {
  if (index >= all.length)
    throw new RangeError(`a thread takes more than the ${all.length} registers that X86 has`);
  return all[index];
}

/** By the names that code has for their lower halves. */
const wide = ['rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'];

function half(register: string): string {
  return /^r\d/.test(register) ? `${register}d` : `e${register.slice(1)}`;
}

/** A thread of X86_64, in the syntax that has sources first. */
export class X86_64Writer implements ThreadWriter {
  private readonly lines: string[] = [];
  private readonly addresses = new Map<number, string>();
  private used = 0;
  private vectors = 0;

  access({ access, update }: Task): string | undefined {
    for (const fence of access.inserted) this.fence(fence);
    if (update) return this.exchange(access.location, update.write.value);
    if (access.direction === 'R')
      return access.annotation === 'NT' ? this.loadPast(access.location) : this.observe(access.location);
    if (access.annotation === 'A') return this.exchange(access.location, access.value);
    this.store(access);
    return undefined;
  }

  private store({ annotation, location, value }: CycleAccess): void {
    if (annotation !== 'NT') {
      this.lines.push(`movl $${value},${addressAt(location)}`);
      return;
    }
    const register = this.constant(value);
    this.lines.push(`movntil %${half(register)},${addressAt(location)}`);
  }

  /** The instruction takes 16 bytes, into a register for them. */
  private loadPast(location: number): string {
    const address = this.addresses.get(location) ?? this.register();
    this.addresses.set(location, address);
    const [vector, register] = [`xmm${this.vectors++}`, this.register()];
    this.lines.push(`movntdqa (%${address}),${vector}`, `movd ${vector},%${half(register)}`);
    return register;
  }

  private exchange(location: number, value: number): string {
    const register = this.constant(value);
    this.lines.push(`xchgl ${addressAt(location)},%${half(register)}`);
    return register;
  }

  private constant(value: number): string {
    const register = this.register();
    this.lines.push(`movl $${value},%${half(register)}`);
    return register;
  }

  fence(name: string): void {
    this.lines.push(name.toLowerCase());
  }

  observe(location: number): string {
    const register = this.register();
    this.lines.push(`movl ${addressAt(location)},%${half(register)}`);
    return register;
  }

  private register(): string {
    return registerIn(wide, this.used++);
  }

  finish(): ThreadCode {
    const addresses = [...this.addresses].map(([location, register]) => [register, location] as const);
    return { lines: this.lines, addresses };
  }
}

function addressAt(location: number): string {
  return `(${locationName(location)})`;
}
