import {
  type Fault,
  readsOf,
  type Symbolic,
  substitute,
  UNKNOWN,
  type Value,
  type ValueId,
  valuesEqual,
} from '../../program/index.js';
import { addedTo, rangeOf, sameType, solve, solveTruth } from './equations.js';
import type { EventValues, Formula, Need } from './event-values.js';

/** What an expression over reads has to be: true, false, or equal to a value; or what is wrong with it. */
type Requirement =
  | {
      readonly value: Symbolic;
      readonly truth: boolean;
      readonly equals?: undefined;
      readonly fault?: undefined;
    }
  | { readonly value: Symbolic; readonly equals: Value; readonly fault?: undefined }
  | { readonly fault: Fault | 'none' };

/** What becomes of values that depend on themselves, once every read has its source. */
export type Closing =
  /** Every read has its value. */
  | 'closed'
  /** No values go with the sources, or with the paths. */
  | 'impossible'
  /** What the values are, or whether there are any, is more than can be said. */
  | 'open';

/**
 * Gives the reads their values that have none, although all have their source: what they return depends on
 * itself, round a circle of reads and writes. A branch or an address may fix it. What nothing fixes, and
 * nothing computes with, is one symbolic value a circle.
 */
export function closeCircles(values: EventValues): Closing {
  return new Circles(values).close();
}

class Circles {
  private readonly open: readonly number[];
  /**
   * By read: another that returns less by `added`, or the same where it is 0; itself for one read of each
   * class.
   */
  private readonly like = new Map<number, { readonly read: number; readonly added: bigint }>();

  constructor(private readonly values: EventValues) {
    this.open = values.reads.filter((read) => values.of[read] === UNKNOWN);
    for (const read of this.open) this.like.set(read, { read, added: 0n });
  }

  close(): Closing {
    for (let need = this.needed(); need; need = this.needed())
      if (!this.values.determine(need.read, need.value)) return 'impossible';
    if (!this.agree()) return 'impossible';
    const computed = this.join();
    if (computed === undefined) return 'impossible';
    if (computed || this.values.constraints.some(({ formula }) => this.isUnknown(formula)))
      return this.tryOut();
    return this.name() ? this.check() : 'impossible';
  }

  /**
   * Whether reads that had to return something return what their sources store, where that is computed of
   * what nothing fixes.
   */
  private check(): Closing {
    const { reads, of, source, table, graph } = this.values;
    const loose = reads.filter((read) => of[source[read]] === UNKNOWN);
    const mayReturn = (read: number): boolean => {
      const { value } = graph.events[source[read]];
      const range = value && rangeOf(value);
      return !range || range.some((one) => valuesEqual(one, table.value(of[read] as ValueId)));
    };
    if (!loose.every(mayReturn)) return 'impossible';
    return loose.length > 0 ? 'open' : 'closed';
  }

  /**
   * Tries all values of a read that can have few, whatever the others are: one of them may be the only one
   * that goes.
   */
  private tryOut(): Closing {
    const { values } = this;
    // What has no result is junk.
    if (this.values.constraints.some(({ constraint }) => constraint.fault && constraint.fault !== 'none'))
      return 'open';
    for (const read of this.open) {
      const { value, part } = values.graph.events[values.source[read]];
      const isOpen = values.of[read] === UNKNOWN && value !== undefined;
      const range = isOpen ? rangeOf(this.partly(value, part)) : undefined;
      if (range) return this.onlyOne(read, range);
    }
    return 'open';
  }

  private onlyOne(read: number, range: readonly Value[]): Closing {
    const { values } = this;
    const mark = values.mark();
    let only: ValueId | undefined;
    for (const value of range) {
      const id = values.table.id(value);
      const closing = values.determine(read, id) ? closeCircles(values) : 'impossible';
      values.rewind(mark);
      if (closing === 'open' || (closing === 'closed' && only !== undefined)) return 'open';
      if (closing === 'closed') only = id;
    }
    if (only === undefined) return 'impossible';
    values.determine(read, only);
    return closeCircles(values);
  }

  private isUnknown(formula: Formula): boolean {
    return this.values.evaluate(formula) === UNKNOWN;
  }

  /**
   * What a constraint says outright that a read returns; or another read, that returns what is computed of
   * it.
   */
  private needed(): Need | undefined {
    const { reads, of, source, constraints, graph, table } = this.values;
    const open = (need: Need | undefined) => need && of[need.read] === UNKNOWN;
    for (const { formula, constraint, part } of constraints) {
      const need = this.isUnknown(formula) ? this.solved(constraint, part) : undefined;
      if (open(need)) return need;
    }
    for (const read of reads) {
      const { value, part } = graph.events[source[read]];
      if (!value || of[read] === UNKNOWN || of[source[read]] !== UNKNOWN) continue;
      const need = this.solved({ value, equals: table.value(of[read] as ValueId) }, part);
      if (open(need)) return need;
    }
    return undefined;
  }

  /** What the one read left that is not known has to return for a constraint to hold. */
  private solved(requirement: Requirement, part: Int32Array): Need | undefined {
    if (requirement.fault !== undefined) return undefined;
    const symbolic = this.partly(requirement.value, part);
    const reads = readsOf(symbolic);
    if (reads.length !== 1) return undefined;
    const read = part[reads[0]];
    if (symbolic.kind !== 'register' && !this.values.isTyped) return undefined;
    const type = this.typeOf(read);
    const value =
      requirement.equals === undefined
        ? solveTruth(symbolic, requirement.truth, type)
        : solve(symbolic, requirement.equals, type);
    return value === undefined ? undefined : { read, value: this.values.table.id(value) };
  }

  private typeOf(read: number) {
    const { events, cells } = this.values.graph;
    return cells[events[read].cell].type;
  }

  /** An expression with the values of the reads that are known. */
  private partly(symbolic: Symbolic, part: Int32Array): Symbolic {
    const { of, table } = this.values;
    return substitute(symbolic, (register) => {
      const value = of[part[register]] as ValueId;
      return value === UNKNOWN
        ? { kind: 'register', register }
        : { kind: 'constant', value: table.value(value) };
    });
  }

  /** Whether each read that has a value returns what its source stores. */
  private agree(): boolean {
    const { reads, of, source, table } = this.values;
    return reads.every((read) => {
      const stored = of[source[read]] as ValueId;
      return of[read] === UNKNOWN || stored === UNKNOWN || table.asRead(stored) === of[read];
    });
  }

  /**
   * Puts together the reads that return the same, round their circle. Says whether anything is computed on
   * the way; undefined when what is added on the way round is not nothing, so that no value comes out.
   */
  private join(): boolean | undefined {
    const { values } = this;
    let computed = false;
    for (const read of this.open) {
      if (values.of[read] !== UNKNOWN) continue;
      const { value, part } = values.graph.events[values.source[read]];
      const symbolic = value && this.partly(value, part);
      const from = symbolic ? readsOf(symbolic) : [];
      if (!symbolic || from.length !== 1) {
        computed = true;
        continue;
      }
      computed ||= symbolic.kind !== 'register';
      const added = this.added(symbolic, read, part[from[0]]);
      if (added !== undefined && !this.relate(read, part[from[0]], added)) return undefined;
    }
    return computed;
  }

  /** What a read returns more than the one that it comes from; undefined when that is not all. */
  private added(symbolic: Symbolic, read: number, from: number): bigint | undefined {
    if (symbolic.kind === 'register') return 0n;
    const type = this.typeOf(from);
    const isTyped = this.values.isTyped && type.bits > 1 && sameType(type, this.typeOf(read));
    return isTyped ? addedTo(symbolic, type) : undefined;
  }

  /** Puts two reads into one class. False when that contradicts what is known of them. */
  private relate(read: number, from: number, added: bigint): boolean {
    const one = this.classOf(read);
    const other = this.classOf(from);
    const more = other.added + added - one.added;
    if (one.read === other.read) return BigInt.asUintN(this.typeOf(read).bits, more) === 0n;
    this.like.set(one.read, { read: other.read, added: more });
    return true;
  }

  private classOf(read: number): { readonly read: number; readonly added: bigint } {
    let added = 0n;
    for (let at = read; ; ) {
      const next = this.like.get(at) as { read: number; added: bigint };
      if (next.read === at) return { read: at, added };
      added += next.added;
      at = next.read;
    }
  }

  /** Gives each class a symbolic value, in the order of their first reads. */
  private name(): boolean {
    const { values } = this;
    const names = new Map<number, ValueId>();
    for (const read of this.open) {
      if (values.of[read] !== UNKNOWN && !values.table.isSymbolic(values.of[read] as ValueId)) continue;
      const { read: first } = this.classOf(read);
      const name = names.get(first) ?? values.table.symbolic(names.size + 1);
      names.set(first, name);
      if (!values.determine(read, name)) return false;
    }
    return true;
  }
}
