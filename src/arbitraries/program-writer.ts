import { CELLS, STRUCTURES } from './program-names.js';
import type {
  Choosing,
  Join,
  Leg,
  Place,
  ProgramShape,
  Region,
  ShapeStep,
  Stored,
  Test,
  Tested,
} from './shapes.js';

/** A thread's code, as text. */
export interface ThreadText {
  readonly lines: readonly string[];
  /** What it loads into, in the order in which it does. */
  readonly registers: readonly string[];
}

/** A test of a register that is there: against a number, or for being anything but 0. */
export interface NamedTest {
  /** Undefined where none was loaded: the test then holds. */
  readonly register: string | undefined;
  readonly number: number | undefined;
}

/** What decides, by name. */
export interface Decision extends NamedTest {
  readonly also?: NamedTest & { readonly op: Join };
}

/** The kinds of step that have a text in every dialect. */
type Written<Does extends ShapeStep['does']> = ShapeStep & { does: Does };

/**
 * Writes the steps of a thread in a dialect. A register that a step uses is one that earlier steps have
 * loaded on every way, so that every shape has a text; where there is none, the step does without.
 */
export abstract class ThreadWriter {
  protected readonly lines: string[] = [];
  /** Registers that hold integers, and those that hold pointers, and may be used here. */
  protected integers: string[] = [];
  protected pointers: string[] = [];

  /** Regions that are open, and sections of SRCU. */
  private open = 0;
  private readonly sections = new Set<string>();

  constructor(
    protected readonly shape: ProgramShape,
    private readonly isHandler = false,
  ) {}

  /** The text of all steps. */
  write(steps: readonly ShapeStep[]): ThreadText {
    this.steps(steps);
    return { lines: this.lines, registers: this.registers() };
  }

  protected abstract registers(): readonly string[];
  protected abstract load(place: Place, tags: readonly string[]): void;
  protected abstract store(place: Place, value: Stored, tags: readonly string[]): void;
  protected abstract loadPointer(): void;
  /** @param loaded a register with a pointer; undefined stands for the address of the cell */
  protected abstract storePointer(cell: string, loaded: string | undefined): void;
  protected abstract fence(tags: readonly string[]): void;
  /** The lines that begin and end a region, if it ends. */
  protected abstract region(region: Region): readonly [begin: string, end: string | undefined];
  protected abstract gracePeriod(): void;
  /** Steps in a section of SRCU. */
  protected abstract srcu(structure: string, within: readonly ShapeStep[]): void;
  protected abstract srcuWait(structure: string): void;
  protected abstract locked(step: Written<'locked'>): void;
  protected abstract isLocked(): void;
  protected abstract rmw(step: Written<'rmw'>): void;
  protected abstract pair(step: Written<'pair'>): void;
  protected abstract conditional(
    decision: Decision,
    yes: readonly ShapeStep[],
    no: readonly ShapeStep[],
  ): void;
  /** Puts one of two contents into a register of its own, and gives its name. */
  protected abstract choose(decision: Decision, how: Choosing, yes: Leg, no: Leg): string;
  /** The same with the addresses of two cells. */
  protected abstract choosePointer(decision: Decision, how: Choosing, yes: string, no: string): string;

  protected steps(steps: readonly ShapeStep[]): void {
    for (const step of steps) this.step(step);
  }

  /** Steps that are not made on every way: what they alone have loaded is not used behind them. */
  protected branch(steps: readonly ShapeStep[]): void {
    const [integers, pointers] = [[...this.integers], [...this.pointers]];
    this.steps(steps);
    this.integers = this.integers.filter((one) => integers.includes(one));
    this.pointers = this.pointers.filter((one) => pointers.includes(one));
  }

  protected abstract line(text: string): void;

  private within(region: Region, steps: readonly ShapeStep[]): void {
    const [begin, end] = this.region(region);
    this.line(begin);
    this.open++;
    this.steps(steps);
    if (end === undefined) return;
    this.line(end);
    this.open--;
  }

  protected cell(cell: number): string {
    return CELLS[cell % this.shape.cells];
  }

  protected chosen(from: readonly string[], number: number): string | undefined {
    return from.length === 0 ? undefined : from[number % from.length];
  }

  /** Only integers are compared, and only tests of integers are joined. */
  private decision(tested: Tested): Decision {
    const { also, ...first } = tested;
    if (also && this.integers.length > 0) {
      const { op } = also;
      return { ...this.ofInteger(first), also: { op, ...this.ofInteger(also) } };
    }
    const register = this.chosen([...this.integers, ...this.pointers], first.register);
    const isPointer = register !== undefined && this.pointers.includes(register);
    return { register, number: isPointer ? undefined : first.number };
  }

  private ofInteger({ register, number }: Test): NamedTest {
    return { register: this.chosen(this.integers, register), number };
  }

  private step(step: ShapeStep): void {
    const { does } = step;
    switch (step.does) {
      case 'load':
        this.load(step.from, step.tags);
        break;
      case 'store':
        this.store(step.to, step.value, step.tags);
        break;
      case 'load-pointer':
        this.loadPointer();
        break;
      case 'store-pointer': {
        const loaded = step.copy ? this.chosen(this.pointers, step.cell) : undefined;
        this.storePointer(this.cell(step.cell), loaded);
        break;
      }
      case 'fence':
        this.fence(step.tags);
        break;
      case 'section':
        this.fence(step.begin);
        this.steps(step.within);
        this.fence(step.end);
        break;
      case 'region':
        this.within(step.region, step.within);
        break;
      case 'grace-period':
        // What may not wait does without.
        if (!this.isHandler && this.open === 0) this.gracePeriod();
        break;
      case 'srcu': {
        const structure = STRUCTURES[step.on % STRUCTURES.length];
        const isInner = this.sections.has(structure);
        this.sections.add(structure);
        this.srcu(structure, step.within);
        if (!isInner) this.sections.delete(structure);
        break;
      }
      case 'srcu-wait': {
        const structure = STRUCTURES[step.on % STRUCTURES.length];
        if (!this.isHandler && this.open === 0 && !this.sections.has(structure)) this.srcuWait(structure);
        break;
      }
      case 'locked':
        this.locked(step);
        break;
      case 'is-locked':
        this.isLocked();
        break;
      case 'rmw':
        this.rmw(step);
        break;
      case 'pair':
        this.pair(step);
        break;
      case 'if':
        this.conditional(this.decision(step.tested), step.yes, step.no);
        break;
      case 'choose':
        this.integers.push(this.choose(this.decision(step.tested), step.how, step.yes, step.no));
        break;
      case 'choose-pointer': {
        const [yes, no] = [this.cell(step.yes), this.cell(step.no)];
        this.pointers.push(this.choosePointer(this.decision(step.tested), step.how, yes, no));
        break;
      }
      default:
        throw new Error(`no dialect has a text for the step ${does}`);
    }
  }
}
