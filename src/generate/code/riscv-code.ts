import type { CycleAccess } from '../cycle-program.js';
import { swapOrdering } from '../dialects/riscv-vocabulary.js';
import type { Task } from './code-writer.js';
import { type Address, AssemblyWriter, type Labels, numbered } from './thread-code.js';

const suffixes: Readonly<Record<string, string>> = { P: '', Aq: '.aq', Rl: '.rl', AR: '.aq.rl' };
/** As instructions that read and write at once have them. */
const amoSuffixes: Readonly<Record<string, string>> = { ...suffixes, AR: '.aqrl' };

export class RiscvWriter extends AssemblyWriter {
  constructor(labels: Labels) {
    super(labels, numbered('x', 5, 31));
  }

  /** `Fence.rw.w` is `fence rw,w`; `Fence.tso` and `Fence.i` are as they stand. */
  fence(name: string): void {
    const [, before, after] = name.split('.');
    this.emit(after === undefined ? name.toLowerCase() : `fence ${before},${after}`);
  }

  protected zero(of: string): string {
    const zero = this.register();
    this.emit(`xor ${zero},${of},${of}`);
    return zero;
  }

  protected constant(value: number): string {
    const register = this.register();
    this.emit(`ori ${register},x0,${value}`);
    return register;
  }

  protected sum(zero: string, value: number): string {
    this.emit(`ori ${zero},${zero},${value}`);
    return zero;
  }

  protected branch(on: string): void {
    const label = this.labels.next('LC');
    this.emit(`bne ${on},x0,${label}`, `${label}:`);
  }

  protected plainLoad(address: Address): string {
    return this.loadWith('', address);
  }

  private loadWith(suffix: string, address: Address): string {
    const place = this.placeOf(address);
    const register = this.register();
    this.emit(`lw${suffix} ${register},0(${place})`);
    return register;
  }

  protected load(address: Address, { annotation = 'P' }: CycleAccess): string {
    if (!annotation.startsWith('X')) return this.loadWith(suffixes[annotation], address);
    const register = this.register();
    this.exclusive(annotation, this.placeOf(address), register, register);
    return register;
  }

  protected store(address: Address, value: string, { annotation = 'P' }: CycleAccess): string | undefined {
    const place = this.placeOf(address);
    if (!annotation.startsWith('X')) {
      this.emit(`sw${suffixes[annotation]} ${value},0(${place})`);
      return undefined;
    }
    const found = this.register();
    this.exclusive(annotation, place, found, value);
    return found;
  }

  protected update(address: Address, { access, update }: Task): string {
    const { write } = update!;
    const value = this.constant(write.value);
    const place = this.placeOf(address);
    const found = this.register();
    const suffix = amoSuffixes[swapOrdering(access.annotation, write.annotation)!];
    this.emit(`amoswap.w${suffix} ${found},${value},(${place})`);
    return found;
  }

  /** `XAqRl` says what its load is, and what its store. */
  private exclusive(annotation: string, place: string, found: string, value: string): void {
    const [, load, store] = annotation.match(/^X(P|Aq|Rl|AR)(P|Aq|Rl|AR)$/) ?? ['', 'P', 'P'];
    const label = this.labels.next('Loop');
    const failed = this.register();
    this.emit(
      `${label}:`,
      `lr.w${amoSuffixes[load]} ${found},0(${place})`,
      `sc.w${amoSuffixes[store]} ${failed},${value},0(${place})`,
      `bne ${failed},x0,${label}`,
    );
  }

  private placeOf({ base, index }: Address): string {
    if (index === undefined) return base;
    const place = this.register();
    this.emit(`add ${place},${base},${index}`);
    return place;
  }
}
