import {
  addressOf,
  type Cell,
  binary as combine,
  constant,
  type Expression,
  type Instruction,
  int32,
  type RegisterId,
  register as readRegister,
  registerId,
  type ScalarType,
  uint64,
  unary,
  type Value,
} from '../program/index.js';
import { CELLS, POINTER, STRUCTURES } from './program-names.js';
import { FULL } from './program-steps.js';
import type {
  Choosing,
  Leg,
  Place,
  ProgramShape,
  Region,
  ShapeStep,
  Stored,
  Test,
  Tested,
} from './shapes.js';

const changes = {
  section: ['section-begin', 'section-end'],
  'irqs-disabled': ['irq-disable', 'irq-enable'],
  'irqs-saved': ['irq-save', 'irq-restore'],
  'irqs-left-disabled': ['irq-disable', undefined],
} as const;

const UNSET: Value = { symbol: '(uninitialised)', offset: 0 };

/** What counts the sections of an SRCU structure. */
export const countOf = (on: number): string => STRUCTURES[on];

/**
 * Makes the code of a thread, step by step: whatever numbers a step has, it is taken modulo what there is.
 */
export class CodeBuilder {
  readonly registers: string[] = [];
  readonly instructions: Instruction[] = [];
  /** Registers that hold integers, and those that hold pointers and may be used here. */
  private readonly integers: number[] = [];
  private pointers: number[] = [];

  /** Regions that are open, and sections of SRCU. */
  private open = 0;
  private readonly reading: number[] = [];

  constructor(
    private readonly shape: ProgramShape,
    private readonly type: ScalarType,
    private readonly thread: number,
    private readonly heap: Cell[],
    private readonly isHandler: boolean,
  ) {}

  steps(steps: readonly ShapeStep[]): void {
    for (const step of steps) this.step(step);
  }

  private step(step: ShapeStep): void {
    switch (step.does) {
      case 'load':
        this.load(this.place(step.from), step.tags);
        return;
      case 'store':
        this.push({
          kind: 'store',
          address: this.place(step.to),
          value: this.stored(step.value),
          type: this.type,
          tags: step.tags,
        });
        return;
      case 'load-pointer':
        this.loadPointer();
        return;
      case 'store-pointer':
        this.storePointer(step.cell, step.copy);
        return;
      case 'fence':
        this.push({ kind: 'fence', tags: step.tags });
        return;
      case 'allocate':
        this.allocate(step.zeroed);
        if (step.publish?.fence) this.push({ kind: 'fence', tags: step.publish.fence });
        if (step.publish) this.publish();
        return;
      case 'follow':
        this.follow(step);
        return;
      case 'free': {
        const address = this.place(step.place);
        const { tags } = step;
        this.push({
          kind: 'free',
          address: step.beside ? combine('+', address, constant(1)) : address,
          tags,
        });
        return;
      }
      case 'section':
        this.push({ kind: 'fence', tags: step.begin });
        this.steps(step.within);
        this.push({ kind: 'fence', tags: step.end });
        return;
      case 'region':
        this.region(step.region, step.within);
        return;
      case 'grace-period':
        if (this.isHandler || this.open > 0) return;
        this.push({ kind: 'fence', tags: FULL });
        this.push({ kind: 'region', change: 'grace-period' });
        this.push({ kind: 'fence', tags: FULL });
        return;
      case 'srcu':
        this.count(step.on, '+');
        this.push({ kind: 'fence', tags: FULL });
        this.reading.push(step.on);
        this.steps(step.within);
        this.reading.pop();
        this.push({ kind: 'fence', tags: FULL });
        this.count(step.on, '-');
        return;
      case 'srcu-wait':
        if (this.isHandler || this.open > 0 || this.reading.includes(step.on)) return;
        this.push({ kind: 'fence', tags: FULL });
        for (let cpu = 0; cpu < this.shape.threads.length; cpu++) this.awaitCount(step.on, cpu);
        this.push({ kind: 'fence', tags: FULL });
        return;
      case 'locked':
        this.locked(step);
        return;
      case 'is-locked':
        this.load(this.cell(step.on), ['RL', 'RU']);
        return;
      case 'rmw':
        this.readModifyWrite(step);
        return;
      case 'pair':
        this.pair(step);
        return;
      case 'if':
        this.conditional(step);
        return;
      case 'choose':
        this.choose(step);
        return;
      case 'choose-pointer':
        this.choosePointer(step);
        return;
    }
  }

  private load(address: Expression, tags: readonly string[], locked = false): void {
    const target = this.fresh();
    const common = { kind: 'load', target: registerId(target), address, type: this.type, tags } as const;
    this.push(locked ? { ...common, locked } : common);
    this.integers.push(target);
  }

  private allocate(zeroed: boolean): void {
    const site = this.heap.length;
    const symbol = `h${site}`;
    this.heap.push({ symbol, offset: 0, name: symbol, type: this.type, initial: UNSET });
    const target = this.fresh();
    const objects = Array.from({ length: this.thread + 1 }, (_, id) => (id === this.thread ? [symbol] : []));
    this.push({ kind: 'allocate', target: registerId(target), site, objects });
    this.pointers.push(target);
    const address = readRegister(registerId(target));
    if (zeroed) this.push({ kind: 'store', address, value: constant(0), type: this.type, tags: ['Once'] });
  }

  private loadPointer(): void {
    const target = this.fresh();
    const address = addressOf(POINTER);
    this.push({ kind: 'load', target: registerId(target), address, type: uint64, tags: ['Once'] });
    this.pointers.push(target);
  }

  private storePointer(cell: number, copy: boolean): void {
    const loaded = copy ? this.chosen(this.pointers, cell) : undefined;
    const value = loaded === undefined ? this.cell(cell) : readRegister(registerId(loaded));
    this.push({ kind: 'store', address: addressOf(POINTER), value, type: uint64, tags: ['Once'] });
  }

  /** Stores the pointer that was loaded or allocated last. */
  private publish(): void {
    const value = readRegister(registerId(this.pointers[this.pointers.length - 1]));
    this.push({ kind: 'store', address: addressOf(POINTER), value, type: uint64, tags: ['Once'] });
  }

  private follow({ doing, tags }: ShapeStep & { does: 'follow' }): void {
    this.loadPointer();
    const address = readRegister(registerId(this.pointers[this.pointers.length - 1]));
    if (doing === 'load') this.load(address, tags);
    else if (doing === 'free') this.push({ kind: 'free', address, tags: [...tags, 'Free'] });
    else this.push({ kind: 'store', address, value: constant(1), type: this.type, tags });
  }

  private region(region: Region, within: readonly ShapeStep[]): void {
    const [begin, end] = changes[region];
    this.push({ kind: 'region', change: begin });
    this.open++;
    this.steps(within);
    if (!end) return;
    this.push({ kind: 'region', change: end });
    // What an inner region left disabled, the end of this one need not enable.
    this.open--;
  }

  private readModifyWrite({ how, on, value, expected, tags }: ShapeStep & { does: 'rmw' }): void {
    const address = this.place(on);
    const operand = this.stored(value);
    const wanted = this.stored(expected);
    const target = this.fresh();
    const old = readRegister(registerId(target));
    this.push({
      kind: 'rmw',
      target: registerId(target),
      address,
      ...(how === 'compare' ? { condition: combine('==', old, wanted), failureTags: ['Plain'] } : {}),
      update: how === 'add' ? combine('+', old, operand) : operand,
      type: this.type,
      readTags: tags,
      writeTags: tags,
    });
    this.integers.push(target);
  }

  /** Changes the number of sections of SRCU that the CPU is in. */
  private count(on: number, op: '+' | '-'): void {
    const target = registerId(this.fresh());
    const cpu = this.isHandler ? (this.shape.handler?.on ?? 0) % this.shape.threads.length : this.thread;
    const access = { address: addressOf(countOf(on), 4 * cpu), type: int32, tags: ['Once'] } as const;
    this.push({ kind: 'load', target, ...access });
    const value = combine(op, readRegister(target), constant(1));
    const tags = ['Once', op === '+' ? 'srcu-begin' : 'srcu-end'];
    this.push({ kind: 'store', value, ...access, tags });
  }

  private awaitCount(on: number, cpu: number): void {
    const target = registerId(this.fresh());
    const about = { address: addressOf(countOf(on), 4 * cpu), type: int32 } as const;
    this.push({ kind: 'load', target, ...about, tags: ['Once'] });
    this.push({ kind: 'await', condition: combine('==', readRegister(target), constant(0)), about });
  }

  private locked({ on, within, tried }: ShapeStep & { does: 'locked' }): void {
    const target = registerId(this.fresh());
    const address = this.cell(on);
    this.push({
      kind: 'rmw',
      target,
      address,
      condition: combine('==', readRegister(target), constant(0)),
      ...(tried ? { failureTags: ['LF'] } : { blocks: true }),
      update: constant(1),
      type: this.type,
      readTags: ['LKR'],
      writeTags: ['LKW'],
    });
    const past = tried && this.push({ kind: 'branch', condition: readRegister(target), goto: 0 });
    const outer = this.pointers;
    this.pointers = [...outer];
    this.steps(within);
    this.push({ kind: 'store', address, value: constant(0), type: this.type, tags: ['UL'] });
    if (past === false) return;
    this.pointers = outer;
    this.retarget(past);
    this.integers.push(target);
  }

  private pair({ on, between, value, elsewhere, again }: ShapeStep & { does: 'pair' }): void {
    this.load(this.cell(on), ['Once'], true);
    this.steps(between);
    this.storeConditional(elsewhere ? on + 1 : on, value);
    if (again) this.storeConditional(on, value);
  }

  private storeConditional(cell: number, value: Stored): void {
    const target = this.fresh();
    this.push({
      kind: 'store-conditional',
      target: registerId(target),
      address: this.cell(cell),
      value: this.stored(value),
      type: this.type,
      tags: ['Once'],
    });
    this.integers.push(target);
  }

  private conditional({ tested, yes, no }: ShapeStep & { does: 'if' }): void {
    // Pointers that only one part loads are not there after it.
    const outer = this.pointers;
    const part = (steps: readonly ShapeStep[]) => () => {
      this.pointers = [...outer];
      this.steps(steps);
    };
    this.branches(this.condition(tested), yes.length > 0 && part(yes), part(no));
    this.pointers = outer;
  }

  /** Branches go to the `yes` part; what comes next is past both. */
  private branches(condition: Expression, yes: false | (() => void), no: () => void): void {
    const branch = this.push({ kind: 'branch', condition, goto: 0 });
    no();
    const jump = yes && this.push({ kind: 'jump', goto: 0 });
    this.retarget(branch);
    if (yes) yes();
    if (jump !== false) this.retarget(jump);
  }

  private choose({ tested, how, yes, no }: ShapeStep & { does: 'choose' }): void {
    const condition = this.condition(tested);
    const [then, otherwise] = [yes, no].map((leg) => leg.is !== 'load' && this.leg(leg));
    const into = (leg: Leg) => (target: RegisterId) => {
      if (leg.is === 'load')
        this.push({ kind: 'load', target, address: this.cell(leg.cell), type: this.type, tags: leg.tags });
      else this.push({ kind: 'assign', target, value: this.leg(leg) });
    };
    const target =
      how === 'expression' && then && otherwise
        ? this.selected(condition, then, otherwise)
        : this.chosenBetween(condition, how, into(yes), into(no));
    this.integers.push(target);
  }

  private choosePointer({ tested, how, yes, no }: ShapeStep & { does: 'choose-pointer' }): void {
    const condition = this.condition(tested);
    const into = (cell: number) => (target: RegisterId) => {
      this.push({ kind: 'assign', target, value: this.cell(cell) });
    };
    const target =
      how === 'expression'
        ? this.selected(condition, this.cell(yes), this.cell(no))
        : this.chosenBetween(condition, how, into(yes), into(no));
    this.pointers.push(target);
  }

  private selected(condition: Expression, then: Expression, otherwise: Expression): number {
    const target = this.fresh();
    const value: Expression = { kind: 'select', condition, then, otherwise };
    this.push({ kind: 'assign', target: registerId(target), value });
    return target;
  }

  private chosenBetween(
    condition: Expression,
    how: Choosing,
    yes: (target: RegisterId) => void,
    no: (target: RegisterId) => void,
  ): number {
    const target = this.fresh();
    const put = (leg: typeof yes) => () => leg(registerId(target));
    if (how !== 'one-leg') this.branches(condition, put(yes), put(no));
    else {
      no(registerId(target));
      this.branches(unary('!', condition), false, put(yes));
    }
    return target;
  }

  private leg(leg: Exclude<Leg, { is: 'load' }>): Expression {
    if (leg.is === 'constant') return constant(leg.number);
    const chosen = this.chosen(this.integers, leg.register);
    return chosen === undefined ? constant(1) : readRegister(registerId(chosen));
  }

  /** A test of a register; where there is none yet, one that holds. */
  private condition({ also, ...first }: Tested): Expression {
    const one = this.test(first);
    return also ? combine(also.op, truth(one), truth(this.test(also))) : one;
  }

  private test({ register, number }: Test): Expression {
    const tested = this.chosen([...this.integers, ...this.pointers], register);
    if (tested === undefined) return constant(1);
    const content = readRegister(registerId(tested));
    const isPointer = this.pointers.includes(tested);
    return number === undefined || isPointer ? content : combine('==', content, constant(number));
  }

  /** Lets a branch or jump go to what comes next. */
  private retarget(index: number): void {
    const instruction = this.instructions[index] as Instruction & { kind: 'branch' | 'jump' };
    this.instructions[index] = { ...instruction, goto: this.instructions.length };
  }

  private place(place: Place): Expression {
    const cell = this.cell(place.cell);
    if (place.is === 'cell') return cell;
    const from = place.is === 'pointer' ? this.pointers : [...this.integers, ...this.pointers];
    const chosen = this.chosen(from, place.register);
    if (chosen === undefined) return cell;
    const content = readRegister(registerId(chosen));
    return place.is === 'pointer' ? content : combine('+', cell, combine('^', content, content));
  }

  private stored(stored: Stored): Expression {
    if (stored.is === 'constant') return constant(stored.number);
    const chosen = this.chosen(this.integers, stored.register);
    if (chosen === undefined) return constant('number' in stored ? stored.number : 1);
    const content = readRegister(registerId(chosen));
    switch (stored.is) {
      case 'copy':
        return content;
      case 'false-dependency':
        return combine('+', combine('^', content, content), constant(stored.number));
      case 'combined': {
        const other = this.chosen(this.integers, stored.other) as number;
        return combine(stored.op, content, readRegister(registerId(other)));
      }
      case 'comparison':
        return combine('==', content, constant(stored.number));
      case 'successor':
        return combine('+', content, constant(1));
    }
  }

  private cell(cell: number): Expression {
    return addressOf(CELLS[cell % this.shape.cells]);
  }

  private chosen(from: readonly number[], number: number): number | undefined {
    return from.length === 0 ? undefined : from[number % from.length];
  }

  private fresh(): number {
    this.registers.push(`r${this.registers.length}`);
    return this.registers.length - 1;
  }

  private push(instruction: Instruction): number {
    this.instructions.push(instruction);
    return this.instructions.length - 1;
  }
}

/** A comparison as it is, and of anything else whether it is not 0. */
function truth(content: Expression): Expression {
  const isComparison = content.kind === 'binary' || content.kind === 'constant';
  return isComparison ? content : combine('!=', content, constant(0));
}
