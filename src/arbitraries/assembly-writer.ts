import { CELLS, POINTER } from './program-names.js';
import { type Decision, type NamedTest, ThreadWriter } from './program-writer.js';
import type { Choosing, Leg, Place, ProgramShape, ShapeStep, Stored, ThreadShape } from './shapes.js';

/**
 * A program in an assembly dialect, from its init section to its last thread. Handlers have no syntax there.
 */
export function writeAssembly(
  shape: ProgramShape,
  writer: (shape: ProgramShape, thread: number) => AssemblyWriter,
): string {
  const writers = shape.threads.map((_, id) => writer(shape, id));
  const columns = shape.threads.map(({ steps }: ThreadShape, id) => [
    `P${id}`,
    ...writers[id].write(steps).lines,
  ]);
  const init = [`x=${shape.initial};`, ...writers.flatMap((one, id) => one.initial(columns[id]))];
  if (shape.pointer !== 0 && columns.flat().some((line) => new RegExp(`\\b${POINTER}\\b`).test(line)))
    init.push(`${POINTER}=${CELLS[shape.pointer % shape.cells]};`);
  const widths = columns.map((column) => Math.max(...column.map(({ length }) => length)));
  const height = Math.max(...columns.map(({ length }) => length));
  const rows = Array.from({ length: height }, (_, row) =>
    columns.map((column, at) => (column[row] ?? '').padEnd(widths[at])).join(' | '),
  );
  return `{\n${init.join(' ')}\n}\n${rows.map((row) => ` ${row} ;`).join('\n')}\n`;
}

/** Puts something into a register. */
export type Put = (to: string) => void;

/** What assembly dialects have in common: few registers, labels, and one instruction a line. */
export abstract class AssemblyWriter extends ThreadWriter {
  /** Registers to load into, used again and again in this order. */
  protected abstract readonly ring: readonly string[];
  /** Where a choice is made, before it goes to a register of the ring. */
  protected abstract readonly chosenIn: string;
  private loaded = 0;
  private labels = 0;

  constructor(
    shape: ProgramShape,
    protected readonly thread: number,
  ) {
    super(shape);
  }

  /** What registers of the thread hold from the start, for the init section. */
  initial(_lines: readonly string[]): string[] {
    return [];
  }

  protected registers(): readonly string[] {
    return this.ring.slice(0, this.loaded);
  }

  /** An address as an operand; the code that makes it, if it needs any, is written. */
  protected abstract address(place: Place): string;
  /**
   * Code that computes what is stored into a register; the constants and registers that need none are
   * operands as they are.
   */
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
  protected locked({ within }: ShapeStep & { does: 'locked' }): void {
    this.steps(within);
  }

  protected isLocked(): void {
    // Of what there is not, nothing is seen.
  }

  protected line(text: string): void {
    this.lines.push(text);
  }

  /** No other thread has the same. */
  protected label(): string {
    return `L${this.thread}${this.labels++}`;
  }

  protected abstract jump(label: string): void;
  /** Jumps when a test holds, or when it does not. */
  protected abstract jumpIf(test: NamedTest, holds: boolean, label: string): void;
  protected abstract putConstant(to: string, number: number): void;
  protected abstract putAddress(to: string, cell: string): void;
  protected abstract move(to: string, register: string): void;
  /** Puts a content in `chosenIn` without a branch; `put` puts one into a register. */
  protected abstract select(test: NamedTest, yes: Put, no: Put): void;

  protected conditional(decision: Decision, yes: readonly ShapeStep[], no: readonly ShapeStep[]): void {
    this.split(decision, () => this.branch(yes), no.length > 0 && (() => this.branch(no)));
  }

  protected choose(decision: Decision, how: Choosing, yes: Leg, no: Leg): string {
    const isLoad = [yes, no].some((leg) => leg.is === 'load');
    return this.chosenBetween(
      decision,
      isLoad && how === 'expression' ? 'two-legs' : how,
      this.leg(yes),
      this.leg(no),
    );
  }

  protected choosePointer(decision: Decision, how: Choosing, yes: string, no: string): string {
    const put =
      (cell: string): Put =>
      (to) =>
        this.putAddress(to, cell);
    return this.chosenBetween(decision, how, put(yes), put(no));
  }

  private chosenBetween(decision: Decision, how: Choosing, yes: Put, no: Put): string {
    const put = (leg: Put) => () => leg(this.chosenIn);
    const isTest = decision.also === undefined && decision.register !== undefined;
    if (how === 'expression' && isTest) this.select(decision, yes, no);
    else if (how === 'one-leg') {
      no(this.chosenIn);
      this.split(decision, put(yes), false);
    } else this.split(decision, put(yes), put(no));
    const target = this.fresh();
    this.move(target, this.chosenIn);
    return target;
  }

  private leg(leg: Leg): Put {
    if (leg.is === 'load') return (to) => this.loadFrom(to, this.address({ is: 'cell', cell: leg.cell }));
    const register = leg.is === 'copy' ? this.chosen(this.integers, leg.register) : undefined;
    if (register !== undefined) return (to) => this.move(to, register);
    return (to) => this.putConstant(to, leg.is === 'constant' ? leg.number : 1);
  }

  private split(decision: Decision, yes: () => void, no: false | (() => void)): void {
    const [otherwise, end] = [this.label(), this.label()];
    this.unless(decision, otherwise);
    yes();
    if (no) this.jump(end);
    this.line(`${otherwise}:`);
    if (!no) return;
    no();
    this.line(`${end}:`);
  }

  /** Jumps to a label unless what decides holds. */
  private unless({ also, ...first }: Decision, label: string): void {
    if (!also) {
      this.jumpIf(first, false, label);
      return;
    }
    const isAnd = also.op === '&&' || also.op === '&';
    const past = this.label();
    this.jumpIf(first, !isAnd, isAnd ? label : past);
    this.jumpIf(also, false, label);
    if (!isAnd) this.line(`${past}:`);
  }

  /** The next register to load into. What it held is lost. */
  protected fresh(): string {
    const target = this.ring[this.loaded++ % this.ring.length];
    this.integers = this.integers.filter((one) => one !== target);
    this.pointers = this.pointers.filter((one) => one !== target);
    return target;
  }
}
