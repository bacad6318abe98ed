import type { Update } from '../access-words.js';
import type { CycleAccess } from '../cycle-program.js';
import type { Task } from './code-writer.js';
import { type Address, AssemblyWriter, type Labels, numbered } from './thread-code.js';

/** Registers are named by their 64 bits; values take the lower half. */
export class AArch64Writer extends AssemblyWriter {
  constructor(labels: Labels) {
    super(labels, numbered('X', 0, 28));
  }

  /** `DMB.ST` is of the whole system; `DMB.ISHLD` is as it stands. */
  fence(name: string): void {
    const [kind, type = ''] = name.split('.');
    this.emit(`${kind} ${type}`.trim());
  }

  protected zero(of: string, isSelected: boolean): string {
    const zero = this.register();
    if (isSelected) this.emit(`CMP ${w(of)},${w(of)}`, `CSEL ${w(zero)},WZR,WZR,EQ`);
    else this.emit(`EOR ${w(zero)},${w(of)},${w(of)}`);
    return zero;
  }

  protected constant(value: number): string {
    const register = this.register();
    this.emit(`MOV ${w(register)},#${value}`);
    return register;
  }

  protected sum(zero: string, value: number): string {
    this.emit(`ADD ${w(zero)},${w(zero)},#${value}`);
    return zero;
  }

  protected branch(on: string): void {
    const label = this.labels.next('LC');
    this.emit(`CBNZ ${w(on)},${label}`, `${label}:`);
  }

  protected plainLoad(address: Address): string {
    return this.loadBy('LDR', address);
  }

  private loadBy(instruction: string, address: Address): string {
    const place = instruction === 'LDR' ? indexed(address) : `[${this.placeOf(address)}]`;
    const register = this.register();
    this.emit(`${instruction} ${w(register)},${place}`);
    return register;
  }

  protected load(address: Address, { annotation }: CycleAccess): string {
    if (annotation?.startsWith('X')) {
      const register = this.register();
      this.exclusive(annotation, this.placeOf(address), register, register);
      return register;
    }
    const instructions: Readonly<Record<string, string>> = { A: 'LDAR', Q: 'LDAPR' };
    return this.loadBy(instructions[annotation ?? ''] ?? 'LDR', address);
  }

  protected store(address: Address, value: string, { annotation }: CycleAccess): string | undefined {
    if (annotation?.startsWith('X')) return this.exchange(annotation, this.placeOf(address), value);
    if (annotation === 'L') this.emit(`STLR ${w(value)},[${this.placeOf(address)}]`);
    else this.emit(`STR ${w(value)},${indexed(address)}`);
    return undefined;
  }

  protected update(address: Address, { access, update }: Task): string | undefined {
    const { kind, write } = update!;
    const place = this.placeOf(address);
    const ordering = `${access.annotation ?? ''}${write.annotation ?? ''}`;
    if (kind.name === 'LxSx') return this.exchange(`X${ordering}`, place, this.constant(write.value));
    if (kind.name === 'Amo.Cas') return this.compareAndSwap(ordering, place, access.value, write.value);
    return this.atomic(kind, ordering, place, this.constant(write.value));
  }

  private compareAndSwap(ordering: string, place: string, expected: number, value: number): string {
    const found = this.constant(expected);
    const stored = this.constant(value);
    this.emit(`CAS${ordering} ${w(found)},${w(stored)},[${place}]`);
    return found;
  }

  private atomic(
    { name, blind }: Update,
    ordering: string,
    place: string,
    operand: string,
  ): string | undefined {
    const instruction = `${name.slice('Amo.'.length).toUpperCase()}${ordering}`;
    const found = blind ? undefined : this.register();
    this.emit(`${instruction} ${w(operand)}${found ? `,${w(found)}` : ''},[${place}]`);
    return found;
  }

  private exchange(annotation: string, place: string, value: string): string {
    const found = this.register();
    this.exclusive(annotation, place, found, value);
    return found;
  }

  private exclusive(annotation: string, place: string, found: string, value: string): void {
    const [load, store] = [
      annotation.includes('A') ? 'LDAXR' : 'LDXR',
      annotation.includes('L') ? 'STLXR' : 'STXR',
    ];
    const label = this.labels.next('Loop');
    const failed = this.register();
    this.emit(
      `${label}:`,
      `${load} ${w(found)},[${place}]`,
      `${store} ${w(failed)},${w(value)},[${place}]`,
      `CBNZ ${w(failed)},${label}`,
    );
  }

  private placeOf({ base, index }: Address): string {
    if (index === undefined) return base;
    const place = this.register();
    this.emit(`ADD ${place},${base},${w(index)},SXTW`);
    return place;
  }
}

function w(register: string): string {
  return `W${register.slice(1)}`;
}

function indexed({ base, index }: Address): string {
  return index === undefined ? `[${base}]` : `[${base},${w(index)},SXTW]`;
}
