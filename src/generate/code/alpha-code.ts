import type { CycleAccess } from '../cycle-program.js';
import type { Task, ThreadCode, Wait } from './code-writer.js';
import { type Address, AssemblyWriter, type Labels, numbered } from './thread-code.js';

/** R31 reads as zero. */
export class AlphaWriter extends AssemblyWriter {
  private out: string | undefined;

  constructor(labels: Labels) {
    super(labels, numbered('R', 1, 30));
  }

  fence(name: string): void {
    this.emit(name);
  }

  protected zero(of: string): string {
    const zero = this.register();
    this.emit(`XOR ${of},${of},${zero}`);
    return zero;
  }

  protected constant(value: number): string {
    const register = this.register();
    this.emit(`LDA ${register},${value}(R31)`);
    return register;
  }

  protected sum(zero: string, value: number): string {
    this.emit(`ADDQ ${zero},${value},${zero}`);
    return zero;
  }

  /**
   * What depends on the branch is behind it on one side only: else it would happen in any case, and wait for
   * nothing.
   */
  protected branch(on: string, { read }: Wait): void {
    this.out ??= this.labels.next('OUT');
    this.emit(`${read.value === 0 ? 'BNE' : 'BEQ'} ${on},${this.out}`);
  }

  protected plainLoad(address: Address): string {
    const place = this.placeOf(address);
    const register = this.register();
    this.emit(`LDQ ${register},0(${place})`);
    return register;
  }

  protected load(address: Address, { annotation }: CycleAccess): string {
    if (annotation === undefined) return this.plainLoad(address);
    const register = this.register();
    return this.locked(this.placeOf(address), register, register);
  }

  protected store(address: Address, value: string, { annotation }: CycleAccess): string | undefined {
    const place = this.placeOf(address);
    if (annotation !== undefined) return this.locked(place, this.register(), value);
    this.emit(`STQ ${value},0(${place})`);
    return undefined;
  }

  protected update(address: Address, { update }: Task): string {
    const place = this.placeOf(address);
    return this.locked(place, this.register(), this.constant(update!.write.value));
  }

  /** What is stored is lost: the store leaves its success there. */
  private locked(place: string, found: string, value: string): string {
    const label = this.labels.next('LOOP');
    const stored = this.register();
    this.emit(
      `${label}:`,
      `LDQ_L ${found},0(${place})`,
      `BIS ${value},R31,${stored}`,
      `STQ_C ${stored},0(${place})`,
      `BEQ ${stored},${label}`,
    );
    return found;
  }

  private placeOf({ base, index }: Address): string {
    if (index === undefined) return base;
    const place = this.register();
    this.emit(`ADDQ ${base},${index},${place}`);
    return place;
  }

  override finish(): ThreadCode {
    if (this.out !== undefined) this.emit(`${this.out}:`);
    return super.finish();
  }
}
