import {
  asRead,
  evaluate,
  isTrue,
  UndefinedOperation,
  type Value,
  valueKey,
  valuesEqual,
} from '../program/index.js';
import { readsOf, type Symbolic } from './symbolic.js';
import type { PathConstraint, Trace, TraceEvent } from './trace.js';

/** Combinations of read values that are tried for one expression; past it, nothing is known of the expression. */
const COMBINATIONS = 4096;

/** For each location, all values that a read of it could return: a superset, that grows to a fixpoint. */
export class Domains {
  private readonly values: Map<string, Value>[] = [];
  /** Locations of which nothing is known: any value is possible. */
  private readonly open = new Set<number>();
  /** Whether a question was asked of the domains: if not, they need not be known. */
  consulted = false;

  constructor(initial: (cell: number) => Value) {
    this.initial = initial;
  }
  private readonly initial: (cell: number) => Value;

  /** Adds what the writes of the traces can store. Says whether anything was new. */
  grow(traces: readonly Trace[]): boolean {
    let grew = false;
    for (const trace of traces) {
      for (const event of trace.events) {
        if (event.kind !== 'write' || event.cell === undefined || event.value === undefined) continue;
        grew = this.growCell(event.cell, event.value, trace.events) || grew;
      }
    }
    return grew;
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
    return complete ? { yes, no } : { yes: true, no: true };
  }

  /**
   * Tries all combinations of what the reads in `value` can return, but those that an earlier constraint on the same
   * reads rules out, until `visit` answers false. False when they are not known or too many, or when one has no value.
   */
  private forEachValue(
    value: Symbolic,
    events: readonly TraceEvent[],
    constraints: readonly PathConstraint[],
    visit: (value: Value) => boolean,
  ): boolean {
    const reads = readsOf(value);
    const choices: Value[][] = [];
    let combinations = 1;
    for (const read of reads) {
      const cell = events[read].cell as number;
      if (this.open.has(cell)) return false;
      const possible = [...this.of(cell).values()];
      choices.push(possible);
      combinations *= possible.length;
      if (combinations > COMBINATIONS) return false;
    }
    const related = constraints.filter((c) => readsOf(c.value).every((read) => reads.includes(read)));
    const current = new Map<number, Value>();
    const lookUp = (read: number): Value => current.get(read) as Value;
    let complete = true;
    const assign = (at: number): boolean => {
      if (at === reads.length) {
        try {
          if (!related.every((constraint) => holds(constraint, lookUp))) return true;
          return visit(evaluate(value, lookUp));
        } catch (error) {
          if (!(error instanceof UndefinedOperation)) throw error;
          complete = false;
          return true;
        }
      }
      for (const choice of choices[at]) {
        current.set(reads[at], choice);
        if (!assign(at + 1)) return false;
      }
      return true;
    };
    assign(0);
    return complete;
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

/**
 * Whether a constraint holds, given what the reads return.
 * @throws UndefinedOperation when its value is not defined
 */
function holds(constraint: PathConstraint, read: (index: number) => Value): boolean {
  const value = evaluate(constraint.value, read);
  return constraint.equals !== undefined
    ? valuesEqual(value, constraint.equals)
    : isTrue(value) === constraint.truth;
}
