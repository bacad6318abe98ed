import { tick } from '../limits.js';
import {
  asRead,
  evaluate,
  type Fault,
  faultIn,
  isJunk,
  isPointer,
  isTrue,
  readsOf,
  type Symbolic,
  type Value,
  valueKey,
  valuesEqual,
} from '../program/index.js';
import type { Bounds } from './bounds.js';
import { isSameOutcome, type PathConstraint, type Trace, type TraceEvent } from './trace.js';

/** Combinations of read values that are tried for one expression; past it, nothing is known of the expression. */
const COMBINATIONS = 4096;

/** For each location, all values that a read of it could return: a superset, that can grow to a fixpoint. */
export class Domains {
  private readonly values: Map<string, Value>[] = [];
  /** Locations of which nothing is known: any value is possible. */
  private readonly open = new Set<number>();
  /** Whether a question was asked of the domains: if not, they need not be known. */
  consulted = false;
  /** The locations that can hold too little for something to be possible: what they hold has ruled it out. */
  readonly decisive = new Set<number>();

  /**
   * @param initial what a location holds at first, and so at least
   * @param addresses whether a location may hold an address of which nothing else is known
   */
  constructor(
    private readonly initial: (cell: number) => Value,
    private readonly addresses: boolean,
  ) {}

  /** Domains of the same program that are these bounds. */
  within(bounds: Bounds): Domains {
    const domains = new Domains(this.initial, this.addresses);
    bounds.forEach((bound, cell) => {
      if (bound) domains.values[cell] = new Map(bound);
      else domains.open.add(cell);
    });
    return domains;
  }

  /** As bounds of so many locations. */
  bounds(cells: number): Bounds {
    return Array.from({ length: cells }, (_, cell) => (this.open.has(cell) ? undefined : this.of(cell)));
  }

  /** Whether a read of a location can return each of the values that a bound says. */
  covers(cell: number, bound: Bounds[number]): boolean {
    if (this.open.has(cell)) return true;
    return bound !== undefined && [...bound.keys()].every((key) => this.of(cell).has(key));
  }

  /** Whether a read of a location can return a value. */
  has(cell: number, value: Value): boolean {
    return this.open.has(cell) || this.of(cell).has(valueKey(asRead(value)));
  }

  /** Adds what the writes of the traces can store. Says whether anything was new. */
  grow(traces: readonly Trace[]): boolean {
    let grew = false;
    for (const trace of traces) {
      tick();
      for (const event of trace.events) {
        if (event.kind !== 'write' || event.cell === undefined || event.value === undefined) continue;
        grew = this.growCell(event.cell, event.value, trace.events) || grew;
      }
    }
    return grew;
  }

  /** Domains of what the writes of the traces can store within these, where that is less; undefined where it is not. */
  narrowed(traces: readonly Trace[], cells: number): Domains | undefined {
    const stored = new Domains(this.initial, this.addresses);
    for (const { events, constraints } of traces) {
      for (const { kind, cell, value } of events) {
        if (kind !== 'write' || cell === undefined || value === undefined || stored.open.has(cell)) continue;
        const values = this.valuesOf(value, events, constraints);
        if (!values) stored.open.add(cell);
        for (const one of values ?? []) stored.of(cell).set(valueKey(asRead(one)), asRead(one));
      }
    }
    const before = this.bounds(cells);
    const isLess = stored.bounds(cells).some((bound, cell) => !stored.covers(cell, before[cell]) && bound);
    return isLess ? stored : undefined;
  }

  private growCell(cell: number, value: Symbolic, events: readonly TraceEvent[]): boolean {
    if (this.open.has(cell)) return false;
    const known = this.of(cell);
    const size = known.size;
    const complete = this.forEachValue(value, events, [], (v) => {
      const read = asRead(v);
      known.set(valueKey(read), read);
      return true;
    });
    if (!complete) this.open.add(cell);
    return !complete || known.size > size;
  }

  /** The values that a read of a location is known to return. */
  known(cell: number): readonly Value[] {
    return [...this.of(cell).values()];
  }

  /** Every value that an expression of the trace can have; undefined when that is not known. */
  valuesOf(
    value: Symbolic,
    events: readonly TraceEvent[],
    constraints: readonly PathConstraint[],
  ): Value[] | undefined {
    if (value.kind === 'constant') return [value.value];
    this.consulted = true;
    this.decide(value, events);
    const found = new Map<string, Value>();
    const complete = this.forEachValue(value, events, constraints, (v) => {
      found.set(valueKey(v), v);
      return true;
    });
    return complete ? [...found.values()] : undefined;
  }

  /** Which truth values a condition of the trace can have. */
  truths(
    value: Symbolic,
    events: readonly TraceEvent[],
    constraints: readonly PathConstraint[],
  ): { yes: boolean; no: boolean } {
    this.consulted = true;
    let yes = false;
    let no = false;
    const complete = this.forEachValue(value, events, constraints, (v) => {
      if (isTrue(v)) yes = true;
      else no = true;
      return !(yes && no);
    });
    if (complete && !(yes && no)) this.decide(value, events);
    return complete ? { yes, no } : { yes: true, no: true };
  }

  private decide(value: Symbolic, events: readonly TraceEvent[]): void {
    for (const read of readsOf(value)) {
      const { cell } = events[read];
      if (cell !== undefined) this.decisive.add(cell);
    }
  }

  /** The first constraint of a trace that cannot hold, after those before it; -1 when all can. */
  firstUnmet({ events, constraints }: Pick<Trace, 'events' | 'constraints'>): number {
    return constraints.findIndex(
      (constraint, index) => !this.mayHold(constraint, events, constraints.slice(0, index)),
    );
  }

  private mayHold(
    constraint: PathConstraint,
    events: readonly TraceEvent[],
    constraints: readonly PathConstraint[],
  ): boolean {
    let may = false;
    const complete = this.forEachChoice(constraint.value, events, constraints, (read) => {
      may = holds(constraint, read);
      return !may;
    });
    return may || !complete;
  }

  /** Whether a read of a location can return an address. */
  mayHoldAddress(cell: number): boolean {
    this.consulted = true;
    const may = this.open.has(cell) ? this.addresses : this.known(cell).some(isAddress);
    if (!may) this.decisive.add(cell);
    return may;
  }

  /**
   * What can come of computing an expression of the trace: that all its operations have a result, `none`, and faults. Undefined when that is
   * not known.
   */
  faultsOf(
    value: Symbolic,
    events: readonly TraceEvent[],
    constraints: readonly PathConstraint[],
  ): (Fault | 'none')[] | undefined {
    this.consulted = true;
    this.decide(value, events);
    const found: (Fault | 'none')[] = [];
    const complete = this.forEachChoice(value, events, constraints, (read) => {
      const fault = faultIn(value, read) ?? 'none';
      if (!found.some((known) => isSameOutcome(known, fault))) found.push(fault);
      return true;
    });
    return complete ? found : undefined;
  }

  private forEachValue(
    value: Symbolic,
    events: readonly TraceEvent[],
    constraints: readonly PathConstraint[],
    visit: (value: Value) => boolean,
  ): boolean {
    const isComplete = this.forEachChoice(value, events, constraints, (read) => visit(evaluate(value, read)));
    if (isComplete) return true;
    // Whatever is known of what chooses, it is one of what there is to choose from.
    const arms = armsOf(value);
    return arms?.every((arm) => this.forEachValue(arm, events, constraints, visit)) ?? false;
  }

  /**
   * Tries all combinations of what the reads in `value` can return, but those that an earlier constraint on the same
   * reads rules out, until `visit` answers false. False when they are not known or too many.
   */
  private forEachChoice(
    value: Symbolic,
    events: readonly TraceEvent[],
    constraints: readonly PathConstraint[],
    visit: (read: (index: number) => Value) => boolean,
  ): boolean {
    const reads = readsOf(value);
    const choices: Value[][] = [];
    let combinations = 1;
    for (const read of reads) {
      const { cell } = events[read];
      if (cell === undefined || this.open.has(cell)) return false;
      const possible = [...this.of(cell).values()];
      choices.push(possible);
      combinations *= possible.length;
      if (combinations > COMBINATIONS) return false;
    }
    tick(combinations >>> 4);
    const related = constraints.filter((c) => readsOf(c.value).every((read) => reads.includes(read)));
    const current = new Map<number, Value>();
    const lookUp = (read: number): Value => current.get(read) as Value;
    const assign = (at: number): boolean => {
      if (at === reads.length)
        return !related.every((constraint) => holds(constraint, lookUp)) || visit(lookUp);
      for (const choice of choices[at]) {
        current.set(reads[at], choice);
        if (!assign(at + 1)) return false;
      }
      return true;
    };
    assign(0);
    return true;
  }

  private of(cell: number): Map<string, Value> {
    let known = this.values[cell];
    if (!known) {
      const value = asRead(this.initial(cell));
      known = new Map([[valueKey(value), value]]);
      this.values[cell] = known;
    }
    return known;
  }
}

/** Expressions of which one is what an expression comes to; undefined where it is no choice. */
function armsOf(value: Symbolic): Symbolic[] | undefined {
  if (value.kind === 'select') return [value.then, value.otherwise];
  if (value.kind !== 'wrap' && value.kind !== 'unary') return undefined;
  return armsOf(value.operand)?.map((operand) => ({ ...value, operand }));
}

const isAddress = (value: Value): boolean => isPointer(value) && !isJunk(value);

/** Whether a constraint holds, given what the reads return. */
export function holds(constraint: PathConstraint, read: (index: number) => Value): boolean {
  if (constraint.fault !== undefined)
    return isSameOutcome(faultIn(constraint.value, read) ?? 'none', constraint.fault);
  const value = evaluate(constraint.value, read);
  return constraint.equals !== undefined
    ? valuesEqual(value, constraint.equals)
    : isTrue(value) === constraint.truth;
}
