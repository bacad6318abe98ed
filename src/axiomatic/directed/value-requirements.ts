import { type Observable, UNKNOWN, type ValueId } from '../../program/index.js';
import type { Goal } from '../candidate/collector.js';
import type { Conflict } from '../sat/solver.js';
import {
  type Equality,
  type NormalForm,
  normalForm,
  placesIn,
  truthIn,
  valueAt,
} from './negation-normal-form.js';
import type { SearchView } from './search-view.js';

const NOTHING: readonly number[] = [];

/**
 * What values targets and writes must have for what is wanted to come about: from the proposition to the
 * registers and locations that it names, from a read to its source, from a write to the read that it stores.
 * A source with another value is ruled out.
 */
export class ValueRequirements {
  /** By target or write: the value that it must have, or `UNKNOWN`. */
  readonly required: Int32Array;
  /** By write, the values that it can store at all; undefined for one of which nothing is known. */
  storable: readonly (ReadonlySet<number> | undefined)[] = [];
  private readonly reasons: (readonly number[])[] = [];
  /**
   * What has a requirement, in the order in which they came up; and by decision level how many there were
   * when its decision was made.
   */
  private readonly trail: number[] = [];
  private readonly trailLimits: number[] = [];
  private readonly wanted: NormalForm;
  /** By target: whether what is asked looks at it. */
  private readonly isShown: Uint8Array;

  constructor(
    private readonly view: SearchView,
    { wanted, states }: Pick<Goal, 'wanted' | 'states'>,
  ) {
    const { targets, ends } = view.variables;
    this.wanted = normalForm(wanted, view.context.values);
    this.required = new Int32Array(targets).fill(UNKNOWN);
    this.isShown = new Uint8Array(targets);
    for (const place of [...placesIn(this.wanted), ...(states?.shown ?? [])]) {
      if (place.kind === 'cell') {
        const end = ends.get(place.cell);
        if (end !== undefined) this.isShown[end] = 1;
      } else {
        for (const read of view.values.readsOfRegister(place.thread, place.register)) this.isShown[read] = 1;
      }
    }
  }

  /** Before any decision: requires what the paths do. */
  begin(): Conflict | undefined {
    for (const { read, value } of this.view.values.neededForPath()) {
      const conflict = this.require(read, value, NOTHING);
      if (conflict) return conflict;
    }
    return undefined;
  }

  /** A decision is about to be made at a level. */
  mark(level: number): void {
    this.trailLimits[level] = this.trail.length;
  }

  /** Takes back the requirements that came up behind a decision level. */
  backtrack(level: number): void {
    const keep = level < this.trailLimits.length ? this.trailLimits[level] : this.trail.length;
    while (this.trail.length > keep) this.required[this.trail.pop() as number] = UNKNOWN;
    this.trailLimits.length = Math.min(this.trailLimits.length, level);
  }

  /** How soon a target is to be decided: the lower, the sooner. */
  rank(target: number): 0 | 1 | 2 {
    if (this.required[target] !== UNKNOWN) return 0;
    return this.isShown[target] !== 0 ? 1 : 2;
  }

  /** Draws conclusions until there are no more. */
  propagate(): Conflict | undefined {
    for (;;) {
      const before = this.trail.length;
      let conflict = this.enforce(this.wanted, NOTHING);
      for (let index = 0; !conflict && index < this.trail.length; index++)
        conflict = this.pass(this.trail[index]);
      if (conflict || this.trail.length === before) return conflict;
    }
  }

  /** Whether an execution, of which all is decided, is not what is wanted. */
  isRefuted(): boolean {
    return truthIn(this.wanted, this.view) === false;
  }

  // --- From the proposition ---

  /** @param reason literals because of which a form has to be true */
  private enforce(form: NormalForm, reason: readonly number[]): Conflict | undefined {
    switch (form.kind) {
      case 'known':
        return form.truth ? undefined : reason;
      case 'equality':
        return this.enforceEquality(form, reason);
      case 'all':
        return this.enforceAll(form.parts, reason);
      case 'some':
        return this.enforceSome(form.parts, reason);
    }
  }

  private enforceAll(parts: readonly NormalForm[], reason: readonly number[]): Conflict | undefined {
    for (const part of parts) {
      const conflict = this.enforce(part, reason);
      if (conflict) return conflict;
    }
    return undefined;
  }

  /** Where all parts but one have failed, that one has to hold. */
  private enforceSome(parts: readonly NormalForm[], reason: readonly number[]): Conflict | undefined {
    let open: NormalForm | undefined;
    for (const part of parts) {
      const truth = truthIn(part, this.view);
      if (truth === true) return undefined;
      if (truth === false) continue;
      if (open) return undefined;
      open = part;
    }
    const reasons = [...reason];
    for (const part of parts) if (part !== open) this.explainFailure(part, reasons);
    return open ? this.enforce(open, reasons) : reasons;
  }

  private explainFailure(form: NormalForm, into: number[]): void {
    // Of several parts that all have to hold, one that has failed is enough.
    if (form.kind === 'all') {
      const failed = form.parts.find((part) => truthIn(part, this.view) === false) as NormalForm;
      this.explainFailure(failed, into);
    } else if (form.kind === 'some') for (const part of form.parts) this.explainFailure(part, into);
    else for (const place of placesIn(form)) this.view.explainPlace(place, into);
  }

  private enforceEquality(form: Equality, reason: readonly number[]): Conflict | undefined {
    const { equal, left, right } = form;
    const [known, other] = [valueAt(left, this.view), valueAt(right, this.view)];
    if (known === UNKNOWN && other === UNKNOWN) return undefined;
    const isKnown = known !== UNKNOWN && other !== UNKNOWN;
    if (isKnown && (known === other) === equal) return undefined;
    const reasons = [...reason];
    if (isKnown) {
      this.explainFailure(form, reasons);
      return reasons;
    }
    if (typeof right === 'number') return this.restrict(left, equal, right, reasons);
    this.view.explainPlace(known === UNKNOWN ? right : left, reasons);
    return known === UNKNOWN
      ? this.restrict(left, equal, other, reasons)
      : this.restrict(right, equal, known, reasons);
  }

  /** A place that is not determined has to hold a value at the end; or has not to, unless `equal`. */
  private restrict(
    place: Observable,
    equal: boolean,
    value: ValueId,
    reason: readonly number[],
  ): Conflict | undefined {
    const need =
      place.kind === 'cell'
        ? { read: this.view.variables.ends.get(place.cell), value }
        : this.view.values.neededForRegister(place.thread, place.register, value);
    if (need?.read === undefined) return undefined;
    return equal
      ? this.require(need.read, need.value, reason)
      : this.ruleOut(need.read, need.value, true, reason);
  }

  // --- From target to write, and from write to read ---

  private require(key: number, value: ValueId, reason: readonly number[]): Conflict | undefined {
    if (this.required[key] === value) return undefined;
    if (this.required[key] !== UNKNOWN) {
      this.addPaths(key);
      return [...this.reasons[key], ...reason];
    }
    this.required[key] = value;
    this.reasons[key] = reason;
    this.trail.push(key);
    return undefined;
  }

  private addPaths(key: number): void {
    const { view } = this;
    if (key < view.arena.n) view.addEvent(key);
    else view.conflictSet.addWriters(view.variables.cellOf[key]);
  }

  /** Passes a requirement on. */
  private pass(key: number): Conflict | undefined {
    const { chosen, variables, values, arena } = this.view;
    const isEvent = key < arena.n;
    const value = this.required[key] as ValueId;
    if (isEvent && values.of[key] !== UNKNOWN) return this.meet(key, value);
    if (isEvent && arena.graph.events[key].kind === 'write') {
      if (this.storable[key]?.has(value) === false) return this.reasons[key];
      const need = values.neededForWrite(key, value);
      return need && this.require(need.read, need.value, this.reasons[key]);
    }
    if (chosen[key] < 0) return this.ruleOut(key, value, false, this.reasons[key]);
    const write = variables.first[chosen[key]];
    // A read returns junk where memory is nobody's.
    if (values.seen(key, write) === value) return undefined;
    return this.require(write, value, [...this.reasons[key], 2 * chosen[key]]);
  }

  /** The value of an event is known: it is the one that is required, or there is a conflict. */
  private meet(event: number, value: ValueId): Conflict | undefined {
    const { values, graph } = this.view;
    if (values.of[event] === value) return undefined;
    this.addPaths(event);
    const reasons = [...this.reasons[event]];
    const isRead = graph.events[event].kind === 'read';
    this.view.explainReads(isRead ? [event] : values.readsOfWrite(event), reasons);
    return reasons;
  }

  /**
   * Rules out the sources of a target that are known to have a value; or known to have another one, unless
   * `having`.
   */
  private ruleOut(
    target: number,
    value: ValueId,
    having: boolean,
    reason: readonly number[],
  ): Conflict | undefined {
    const { solver, values, variables } = this.view;
    const { base, size, first } = variables;
    const end = base[target] + size[target];
    for (let variable = base[target]; variable < end; variable++) {
      if (solver.truth[2 * variable] < 0) continue;
      const known = values.seen(target, first[variable]);
      if (known === UNKNOWN) {
        if (having || this.storable[first[variable]]?.has(value) !== false) continue;
      } else if ((known === value) !== having) continue;
      const reasons = [...reason];
      if (known !== UNKNOWN) this.view.explainReads(values.readsOfWrite(first[variable]), reasons);
      const conflict = solver.imply(2 * variable + 1, reasons);
      if (conflict) return conflict;
    }
    return undefined;
  }
}
