import { type Observable, UNKNOWN, type ValueId } from '../../program/index.js';
import type { GraphValues } from '../candidate/event-values.js';
import { look, placesOf, satisfied, type Want } from './negation-normal-form.js';
import type { Ground } from './search-view.js';

const NOTHING: readonly number[] = [];

/**
 * What values targets and writes must have for what is wanted to come about: from the proposition to the registers and locations that it
 * names, from a read to its source, from a write to the read that it stores. A source with another value is ruled out.
 */
export class Needs {
  /** By target or write: the value that it must have, or `UNKNOWN`. */
  readonly needed: Int32Array;
  /** By write, the values that it can store at all; undefined for one of which nothing is known. */
  storable: readonly (ReadonlySet<number> | undefined)[] = [];
  private readonly reasons: (readonly number[])[] = [];
  /** What has a need, in the order in which they came up; and by depth how many there were when its decision was made. */
  private readonly list: number[] = [];
  private readonly marks: number[] = [];
  /** By target: whether what is asked looks at it. */
  private readonly isShown: Uint8Array;

  constructor(
    private readonly search: Ground,
    private readonly values: GraphValues,
    private readonly want: Want,
    shown: readonly Observable[],
  ) {
    const { targets, ends } = search.variables;
    this.needed = new Int32Array(targets).fill(UNKNOWN);
    this.isShown = new Uint8Array(targets);
    for (const place of [...placesOf(want), ...shown]) {
      if (place.kind === 'cell') {
        const end = ends.get(place.cell);
        if (end !== undefined) this.isShown[end] = 1;
      } else {
        for (const read of values.readsOfRegister(place.thread, place.register)) this.isShown[read] = 1;
      }
    }
  }

  /** Takes up what the paths need. */
  begin(): boolean {
    return this.values.neededForPath().every(({ read, value }) => this.need(read, value, NOTHING));
  }

  mark(depth: number): void {
    this.marks[depth] = this.list.length;
  }

  /** Forgets the needs that came up since there were so many decisions. */
  truncate(depth: number): void {
    const keep = depth < this.marks.length ? this.marks[depth] : this.list.length;
    while (this.list.length > keep) this.needed[this.list.pop() as number] = UNKNOWN;
    this.marks.length = Math.min(this.marks.length, depth);
  }

  /** How soon a target is to be decided: the lower, the sooner. */
  rank(target: number): 0 | 1 | 2 {
    if (this.needed[target] !== UNKNOWN) return 0;
    return this.isShown[target] !== 0 ? 1 : 2;
  }

  /** Draws all conclusions. False when they contradict each other. */
  follow(): boolean {
    for (;;) {
      const before = this.list.length;
      if (!this.enforce(this.want, NOTHING)) return false;
      for (let index = 0; index < this.list.length; index++) if (!this.pass(this.list[index])) return false;
      if (this.list.length === before) return true;
    }
  }

  /** Whether an execution, of which all is decided, is not what is wanted. */
  isRefuted(): boolean {
    return satisfied(this.want, this.search) === false;
  }

  /** Why a place holds what it does at the end. */
  explain(place: Observable, into: number[]): void {
    if (place.kind === 'cell') {
      this.search.explainLast(place.cell, into);
      return;
    }
    this.search.paths.thread(place.thread);
    this.search.explainReads(this.values.readsOfRegister(place.thread, place.register), into);
  }

  private contradiction(literals: readonly number[]): false {
    const { conflict } = this.search.solver;
    conflict.length = 0;
    for (const literal of literals) conflict.push(literal);
    return false;
  }

  // --- From the proposition ---

  private enforce(want: Want, because: readonly number[]): boolean {
    switch (want.kind) {
      case 'known':
        return want.truth || this.contradiction(because);
      case 'equality':
        return this.enforceEquality(want, because);
      case 'all':
        return want.parts.every((part) => this.enforce(part, because));
      case 'some':
        return this.enforceSome(want.parts, because);
    }
  }

  /** Where all parts but one have failed, that one has to hold. */
  private enforceSome(parts: readonly Want[], because: readonly number[]): boolean {
    let open: Want | undefined;
    for (const part of parts) {
      const truth = satisfied(part, this.search);
      if (truth === true) return true;
      if (truth === false) continue;
      if (open) return true;
      open = part;
    }
    const reasons = [...because];
    for (const part of parts) if (part !== open) this.explainFailure(part, reasons);
    return open ? this.enforce(open, reasons) : this.contradiction(reasons);
  }

  private explainFailure(want: Want, into: number[]): void {
    switch (want.kind) {
      case 'known':
        return;
      case 'equality':
        for (const place of placesOf(want)) this.explain(place, into);
        return;
      case 'all': {
        const failed = want.parts.find((part) => satisfied(part, this.search) === false) as Want;
        this.explainFailure(failed, into);
        return;
      }
      case 'some':
        for (const part of want.parts) this.explainFailure(part, into);
    }
  }

  private enforceEquality(want: Want & { kind: 'equality' }, because: readonly number[]): boolean {
    const { equal, left, right } = want;
    const known = look(left, this.search);
    const other = typeof right === 'number' ? right : look(right, this.search);
    if (known !== UNKNOWN && other !== UNKNOWN) {
      if ((known === other) === equal) return true;
      const reasons = [...because];
      this.explainFailure(want, reasons);
      return this.contradiction(reasons);
    }
    if (known === UNKNOWN && other === UNKNOWN) return true;
    const reasons = [...because];
    if (typeof right === 'number') return this.restrict(left, equal, right, reasons);
    this.explain(known === UNKNOWN ? right : left, reasons);
    return known === UNKNOWN
      ? this.restrict(left, equal, other, reasons)
      : this.restrict(right, equal, known, reasons);
  }

  /** A place that is not determined has to hold a value at the end, or has not to. */
  private restrict(place: Observable, equal: boolean, value: ValueId, because: readonly number[]): boolean {
    if (place.kind === 'cell') {
      const end = this.search.variables.ends.get(place.cell);
      return end === undefined || this.restrictTarget(end, equal, value, because);
    }
    const need = this.values.neededForRegister(place.thread, place.register, value);
    return !need || this.restrictTarget(need.read, equal, need.value, because);
  }

  private restrictTarget(
    target: number,
    equal: boolean,
    value: ValueId,
    because: readonly number[],
  ): boolean {
    return equal ? this.need(target, value, because) : this.ruleOut(target, value, true, because);
  }

  // --- From target to write, and from write to read ---

  private need(key: number, value: ValueId, because: readonly number[]): boolean {
    if (this.needed[key] === value) return true;
    if (this.needed[key] !== UNKNOWN) {
      this.touch(key);
      return this.contradiction([...this.reasons[key], ...because]);
    }
    this.needed[key] = value;
    this.reasons[key] = because;
    this.list.push(key);
    return true;
  }

  private touch(key: number): void {
    if (key < this.search.graph.events.length) this.search.event(key);
    else this.search.paths.writers(this.search.variables.cellOf[key]);
  }

  private pass(key: number): boolean {
    const isEvent = key < this.search.graph.events.length;
    const value = this.needed[key] as ValueId;
    if (isEvent && this.search.value(key) !== UNKNOWN) return this.meet(key, value);
    if (isEvent && this.search.graph.events[key].kind === 'write') {
      if (this.storable[key]?.has(value) === false) return this.contradiction(this.reasons[key]);
      const need = this.values.neededForWrite(key, value);
      return !need || this.need(need.read, need.value, this.reasons[key]);
    }
    const { chosen, variables } = this.search;
    if (chosen[key] < 0) return this.ruleOut(key, value, false, this.reasons[key]);
    const write = variables.first[chosen[key]];
    // A read returns junk where memory is nobody's.
    if (this.values.seen(key, write) === value) return true;
    return this.need(write, value, [...this.reasons[key], 2 * chosen[key]]);
  }

  /** The value is known: it is the one that is needed, or there is a contradiction. */
  private meet(event: number, value: ValueId): boolean {
    if (this.search.value(event) === value) return true;
    this.touch(event);
    const reasons = [...this.reasons[event]];
    const isRead = this.search.graph.events[event].kind === 'read';
    this.search.explainReads(isRead ? [event] : this.values.readsOfWrite(event), reasons);
    return this.contradiction(reasons);
  }

  /** Rules out the sources of a target that are known to have a value, or known to have another one. */
  private ruleOut(target: number, value: ValueId, having: boolean, because: readonly number[]): boolean {
    const { base, size, first } = this.search.variables;
    const { solver } = this.search;
    const end = base[target] + size[target];
    for (let variable = base[target]; variable < end; variable++) {
      if (solver.truth[2 * variable] < 0) continue;
      const known = this.values.seen(target, first[variable]);
      if (known === UNKNOWN) {
        if (having || this.storable[first[variable]]?.has(value) !== false) continue;
      } else if ((known === value) !== having) continue;
      const reasons = [...because];
      if (known !== UNKNOWN) this.search.explainReads(this.values.readsOfWrite(first[variable]), reasons);
      if (!solver.imply(2 * variable + 1, reasons)) return false;
    }
    return true;
  }
}
