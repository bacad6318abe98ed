import type { Place, ProgramShape, Step, Stored, ThreadShape } from './shapes.js';
import { CELLS, POINTER, ThreadWriter } from './writer.js';

/** A program in an assembly dialect, from its init section to its last thread. Handlers have no syntax there. */
export function writeAssembly(shape: ProgramShape, writer: (shape: ProgramShape) => AssemblyWriter): string {
  const columns = shape.threads.map(({ steps }: ThreadShape, id) => [
    `P${id}`,
    ...writer(shape).write(steps).lines,
  ]);
  const init = [`x=${shape.initial};`];
  if (shape.pointer !== 0 && columns.flat().some((line) => new RegExp(`\\b${POINTER}\\b`).test(line)))
    init.push(`${POINTER}=${CELLS[shape.pointer % shape.cells]};`);
  const widths = columns.map((column) => Math.max(...column.map(({ length }) => length)));
  const height = Math.max(...columns.map(({ length }) => length));
  const rows = Array.from({ length: height }, (_, row) =>
    columns.map((column, at) => (column[row] ?? '').padEnd(widths[at])).join(' | '),
  );
  return `{\n${init.join(' ')}\n}\n${rows.map((row) => ` ${row} ;`).join('\n')}\n`;
}

/** What assembly dialects have in common: few registers, labels, and one instruction a line. */
export abstract class AssemblyWriter extends ThreadWriter {
  /** Registers to load into, used again and again in this order. */
  protected abstract readonly ring: readonly string[];
  private loaded = 0;
  private labels = 0;

  protected registers(): readonly string[] {
    return this.ring.slice(0, this.loaded);
  }

  /** An address as an operand; the code that makes it, if it needs any, is written. */
  protected abstract address(place: Place): string;
  /** Code that computes what is stored into a register; the constants and registers that need none are operands as they are. */
  protected abstract value(stored: Stored): string;
  protected abstract loadFrom(target: string, address: string): void;

  protected load(place: Place): void {
    const address = this.address(place);
    const target = this.fresh();
    this.loadFrom(target, address);
    this.integers.push(target);
  }

  protected fence([name]: readonly string[]): void {
    this.line(name);
  }

  protected region(): never {
    throw new Error('regions are of the kernel, and have no instructions');
  }

  protected gracePeriod(): never {
    return this.region();
  }

  protected srcu(): never {
    return this.region();
  }

  protected srcuWait(): never {
    return this.region();
  }

  /** There are no locks: what is to be within one is done without. */
  protected locked({ within }: Step & { does: 'locked' }): void {
    this.steps(within);
  }

  protected isLocked(): void {
    // Of what there is not, nothing is seen.
  }

  protected line(text: string): void {
    this.lines.push(text);
  }

  protected label(): string {
    return `L${this.labels++}`;
  }

  /** The next register to load into. What it held is lost. */
  protected fresh(): string {
    const target = this.ring[this.loaded++ % this.ring.length];
    this.integers = this.integers.filter((one) => one !== target);
    this.pointers = this.pointers.filter((one) => one !== target);
    return target;
  }
}
