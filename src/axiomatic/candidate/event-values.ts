import { type ExecutionGraph, holds, type PathConstraint } from '../../execution/index.js';
import {
  evaluate,
  isTrue,
  readsOf,
  type Symbolic,
  UNKNOWN,
  type Value,
  type ValueId,
  type ValueTable,
  valuesEqual,
  wrap,
} from '../../program/index.js';
import { sameType, solve } from './equations.js';

/** A symbolic value made ready for one graph: a constant, a copy of one read, or arithmetic over several. */
export interface Formula {
  /** `UNKNOWN` unless it is a constant. */
  readonly constant: ValueId;
  /** Events of the reads that it mentions. */
  readonly reads: readonly number[];
  /** Absent for a constant, and for a plain copy of `reads[0]`. */
  readonly arithmetic?: { readonly symbolic: Symbolic; readonly part: Int32Array };
}

/** What a read has to return. */
export interface Need {
  readonly read: number;
  readonly value: ValueId;
}

const NONE: readonly number[] = [];

interface CompiledConstraint {
  readonly formula: Formula;
  readonly constraint: PathConstraint;
  /** For `constraint`: the event of each index of the part that it came from. */
  readonly part: Int32Array;
  readonly thread: number;
  /** Number of the value that the formula must have, for an `equals`. */
  readonly equals: ValueId;
}

/**
 * The values of one graph's events as far as the sources chosen so far determine them. Invariant: an event's
 * value is known as soon as it follows from the sources; every constraint whose reads are known holds. `mark`
 * and `undo` go back to an earlier state.
 */
export class EventValues {
  /** By event: what a read returns or a write stores. */
  readonly of: Int32Array;
  /** By event: the write that a read reads from; -1 when not chosen. */
  readonly source: Int32Array;
  private readonly formulas: (Formula | undefined)[];
  readonly constraints: readonly CompiledConstraint[];
  /** By read: the writes, and the constraints, that mention it. */
  private readonly dependents: number[][];
  private readonly watchers: number[][];
  private readonly registers: (Formula | undefined)[][] = [];
  private readonly trail: number[] = [];
  readonly reads: number[] = [];
  private typed: boolean | undefined;

  constructor(
    readonly graph: ExecutionGraph,
    readonly table: ValueTable,
  ) {
    const { events } = graph;
    this.of = new Int32Array(events.length).fill(UNKNOWN);
    this.source = new Int32Array(events.length).fill(-1);
    this.dependents = events.map(() => []);
    this.watchers = events.map(() => []);
    this.formulas = events.map((event, id) => {
      if (event.kind === 'read') this.reads.push(id);
      return event.value ? this.compile(event.value, event.part) : undefined;
    });
    this.formulas.forEach((formula, id) => {
      if (!formula) return;
      this.of[id] = formula.constant;
      for (const read of formula.reads) this.dependents[read].push(id);
    });
    this.constraints = graph.constraints.map(({ constraint, part, thread }, index) => {
      const formula = this.compile(constraint.value, part);
      for (const read of formula.reads) this.watchers[read].push(index);
      const equals = constraint.equals === undefined ? UNKNOWN : table.id(constraint.equals);
      return { formula, constraint, part, thread, equals };
    });
  }

  /** Whether a read can return a value, as far as the constraints on it alone tell. */
  admits(read: number, value: ValueId): boolean {
    if (value === UNKNOWN) return true;
    const before = this.of[read];
    this.of[read] = this.table.asRead(value);
    const admitted = this.watchers[read].every((index) => this.holds(this.constraints[index]));
    this.of[read] = before;
    return admitted;
  }

  /**
   * Chooses a read's source and follows the values from there. Returns the reads of a constraint that breaks,
   * if one does: `undo` is then due.
   */
  choose(read: number, write: number): readonly number[] | undefined {
    this.source[read] = write;
    const value = this.of[write] as ValueId;
    return value === UNKNOWN ? undefined : this.set(read, this.table.asRead(value));
  }

  /**
   * What a read returns from a write, or the end of the execution shows of it (a number that is no read's);
   * `UNKNOWN` while that is open.
   */
  seen(target: number, write: number): ValueId {
    const value = this.of[write] as ValueId;
    return target < this.of.length && value !== UNKNOWN ? this.table.asRead(value) : value;
  }

  mark(): number {
    return this.trail.length;
  }

  /** Forgets the source of `read`, and all values found since `mark`. */
  undo(read: number, mark: number): void {
    this.source[read] = -1;
    this.rewind(mark);
  }

  /** Forgets all values found since `mark`. */
  rewind(mark: number): void {
    while (this.trail.length > mark) this.of[this.trail.pop() as number] = UNKNOWN;
  }

  /**
   * Gives a read a value that does not follow from its source. False when it has another one, or a constraint
   * breaks.
   */
  determine(read: number, value: ValueId): boolean {
    return this.of[read] === UNKNOWN ? !this.set(read, value) : this.of[read] === value;
  }

  /**
   * Whether every event has its value. If not, although all sources are chosen, values depend on themselves.
   */
  complete(): boolean {
    for (const read of this.reads) if (this.of[read] === UNKNOWN) return false;
    return true;
  }

  /** What a register holds at the end, or `UNKNOWN`. */
  register(thread: number, index: number): ValueId {
    return this.evaluate(this.registerFormula(thread, index));
  }

  private registerFormula(thread: number, index: number): Formula {
    this.registers[thread] ??= [];
    let formula = this.registers[thread][index];
    if (!formula) {
      const { values, part } = this.graph.registers[thread];
      formula = this.compile(values[index], part);
      this.registers[thread][index] = formula;
    }
    return formula;
  }

  /** What a write stores, over reads. */
  formulaOf(write: number): Formula {
    return this.formulas[write] as Formula;
  }

  /** The reads that determine what a write stores. */
  readsOfWrite(write: number): readonly number[] {
    return this.formulas[write]?.reads ?? NONE;
  }

  /** The reads that determine what a register holds at the end. */
  readsOfRegister(thread: number, index: number): readonly number[] {
    return this.registerFormula(thread, index).reads;
  }

  /** What a read has to return for a write to store a value; undefined when that cannot be said so simply. */
  neededForWrite(write: number, value: ValueId): Need | undefined {
    const formula = this.formulas[write];
    return formula && this.needed(formula, value);
  }

  /**
   * What a read has to return for a register to hold a value at the end; undefined when that cannot be said
   * so simply.
   */
  neededForRegister(thread: number, index: number, value: ValueId): Need | undefined {
    return this.needed(this.registerFormula(thread, index), value);
  }

  /** What reads have to return for the path to be taken, where a constraint says so outright. */
  neededForPath(): Need[] {
    return this.constraints.flatMap(({ formula, constraint, equals }) => {
      const need = constraint.equals === undefined ? undefined : this.needed(formula, equals);
      return need ? [need] : [];
    });
  }

  /** What a write stores when the one read that determines it returns a value. */
  storedWhen(write: number, value: ValueId): ValueId {
    const formula = this.formulas[write] as Formula;
    const read = formula.reads[0];
    const before = this.of[read];
    this.of[read] = this.table.asRead(value);
    const stored = this.evaluate(formula);
    this.of[read] = before;
    return stored;
  }

  private needed({ constant, reads, arithmetic }: Formula, value: ValueId): Need | undefined {
    if (constant !== UNKNOWN) return undefined;
    if (!arithmetic) return { read: reads[0], value };
    if (reads.length !== 1) return undefined;
    const read = reads[0];
    if (!this.isTyped) return undefined;
    const { type } = this.graph.cells[this.graph.events[read].cell];
    const solution = solve(arithmetic.symbolic, this.table.value(value), type);
    return solution === undefined ? undefined : { read, value: this.table.id(solution) };
  }

  /** Whether each location only ever holds values of its type. */
  get isTyped(): boolean {
    this.typed ??= this.storesByType();
    return this.typed;
  }

  private storesByType(): boolean {
    return this.graph.events.every(({ kind, cell, value, part }) => {
      if (kind !== 'write' || !value) return true;
      const { type } = this.graph.cells[cell];
      switch (value.kind) {
        case 'constant':
          return valuesEqual(wrap(value.value, type), value.value);
        case 'wrap':
          return sameType(value.type, type);
        case 'register':
          return sameType(this.graph.cells[this.graph.events[part[value.register]].cell].type, type);
        default:
          return false;
      }
    });
  }

  /** Gives a read a value, and follows it. Returns the reads of a constraint that breaks. */
  private set(event: number, value: ValueId): readonly number[] | undefined {
    this.of[event] = value;
    this.trail.push(event);
    for (const index of this.watchers[event])
      if (!this.holds(this.constraints[index])) return this.constraints[index].formula.reads;
    for (const write of this.dependents[event]) {
      if (this.of[write] !== UNKNOWN) continue;
      const stored = this.evaluate(this.formulas[write] as Formula);
      if (stored === UNKNOWN) continue;
      this.of[write] = stored;
      this.trail.push(write);
      for (const read of this.reads) {
        const open = this.source[read] === write && this.of[read] === UNKNOWN;
        const broken = open ? this.set(read, stored) : undefined;
        if (broken) return broken;
      }
    }
    return undefined;
  }

  /** True also when it cannot be said yet. */
  private holds({ formula, constraint, equals }: CompiledConstraint): boolean {
    if (constraint.fault !== undefined)
      return !this.isKnown(formula) || holds(constraint, this.lookUp(formula));
    const value = this.evaluate(formula);
    if (value === UNKNOWN) return true;
    if (constraint.equals !== undefined) return value === equals;
    return isTrue(this.table.value(value)) === constraint.truth;
  }

  private compile(symbolic: Symbolic, part: Int32Array): Formula {
    if (symbolic.kind === 'constant') return { constant: this.table.id(symbolic.value), reads: [] };
    if (symbolic.kind === 'register') return { constant: UNKNOWN, reads: [part[symbolic.register]] };
    const reads = readsOf(symbolic).map((read) => part[read]);
    return { constant: UNKNOWN, reads, arithmetic: { symbolic, part } };
  }

  /** What a formula comes to; `UNKNOWN` also for arithmetic on a symbolic value. */
  evaluate(formula: Formula): ValueId {
    const { constant, reads, arithmetic } = formula;
    if (!arithmetic) return constant !== UNKNOWN ? constant : (this.of[reads[0]] as ValueId);
    if (!this.isKnown(formula)) return UNKNOWN;
    return this.table.id(evaluate(arithmetic.symbolic, this.lookUp(formula)));
  }

  private isKnown({ reads }: Formula): boolean {
    for (let index = 0; index < reads.length; index++) {
      const value = this.of[reads[index]] as ValueId;
      if (value === UNKNOWN || this.table.isSymbolic(value)) return false;
    }
    return true;
  }

  /** What the reads of a formula return, by their places in its part. */
  private lookUp({ arithmetic }: Formula): (read: number) => Value {
    const { part } = arithmetic as NonNullable<Formula['arithmetic']>;
    return (read) => this.table.value(this.of[part[read]] as ValueId);
  }
}
