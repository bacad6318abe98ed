import { newWords } from '../../limits.js';
import * as bits from '../../relation/index.js';
import { PROGRAM } from '../terms/terms.js';
import type { Plan, PlannedGroup, PlanStep } from './plan.js';

/** What an evaluator shows of itself. Behind each value stand its changes (relation/updates.ts). */
export interface Slots {
  readonly plan: Plan;
  readonly m: Int32Array;
  readonly n: number;
  readonly w: number;
  readonly offsets: Int32Array;
  /** Words of a slot's value. */
  length(slot: number): number;
  /** Does one step, whatever has changed. */
  make(step: PlanStep): void;
}

type Update = () => void;

/** Where a list that has done its steps tells another what that changed. */
interface Listener {
  /**
   * Of a slot that the one makes and the other reads: where its changes stand, and where they are gathered.
   */
  readonly changes: number;
  readonly at: number;
  readonly list: Updates;
}

/**
 * A list of steps, done anew only where something has changed. From one decision of a search to the next few
 * rows of few relations do, so most rows of most results stay as they are. What other lists make, they tell;
 * what else has changed of the inputs is found by comparison with copies of them: whoever changes rf or co
 * need not tell. What the program alone determines counts as fixed.
 */
export class Updates {
  /** Whether the results are of inputs that nobody has told the changes of. */
  stale = true;
  /** Inputs that are compared, by their offsets: the relations, then the sets. */
  private readonly relations: Int32Array;
  private readonly sets: Int32Array;
  /** Their values as of the last run, in that order. */
  private readonly copies: Int32Array;
  /** Inputs whose changes are told: where these stand, and what has been told since the last run. */
  private readonly told: Int32Array;
  private readonly gathered: Int32Array;
  private readonly listeners: Listener[] = [];
  private readonly updates: readonly Update[];

  /** @param makers by slot, the lists that make it and tell what they change; this one is added */
  constructor(
    private readonly slots: Slots,
    steps: readonly PlanStep[],
    makers: Map<number, Updates>,
  ) {
    const { plan, n, w, offsets } = slots;
    const inputs = inputsOf(steps).filter((slot) => !isFixed(slot, plan));
    const compared = (sort: 'set' | 'relation') =>
      inputs.filter((slot) => !makers.has(slot) && plan.slots[slot].sort === sort);
    this.relations = Int32Array.from(compared('relation'), (slot) => offsets[slot]);
    this.sets = Int32Array.from(compared('set'), (slot) => offsets[slot]);
    this.copies = newWords(this.relations.length * n * w + this.sets.length * w);
    const made = inputs.filter((slot) => makers.has(slot));
    this.told = Int32Array.from(made, (slot) => offsets[slot] + slots.length(slot));
    this.gathered = new Int32Array(made.length * w);
    made.forEach((slot, index) => {
      makers.get(slot)?.listeners.push({ changes: this.told[index], at: index * w, list: this });
    });
    for (const { slot } of steps) makers.set(slot, this);
    this.updates = new Compiler(slots).list(steps);
  }

  /** The steps have been done on the inputs as they are, and nobody knows what that changed. */
  done(): void {
    this.compare();
    this.gathered.fill(0);
    this.stale = false;
    for (const { list } of this.listeners) list.stale = true;
  }

  /** Brings the results, which are those of the last run, up to date with the inputs. */
  run(): void {
    this.compare();
    this.hear();
    for (let index = 0; index < this.updates.length; index++) this.updates[index]();
    this.tell();
  }

  private compare(): void {
    const { relations, sets, copies } = this;
    const { m, n, w } = this.slots;
    let at = 0;
    for (let index = 0; index < relations.length; index++, at += n * w)
      bits.findChanges(m, relations[index], copies, at, relations[index] + n * w, n, w);
    for (let index = 0; index < sets.length; index++, at += w)
      bits.findChangesOfSet(m, sets[index], copies, at, sets[index] + w, w);
  }

  private hear(): void {
    const { told, gathered } = this;
    const { m, w } = this.slots;
    for (let index = 0; index < told.length; index++)
      for (let k = 0; k < w; k++) m[told[index] + k] = gathered[index * w + k];
    gathered.fill(0);
  }

  private tell(): void {
    const { listeners } = this;
    const { m, w } = this.slots;
    for (let index = 0; index < listeners.length; index++) {
      const { changes, at, list } = listeners[index];
      for (let k = 0; k < w; k++) list.gathered[at + k] |= m[changes + k];
    }
  }
}

/** Whether the program alone determines a slot's value: that of a term, or what its steps make besides. */
function isFixed(slot: number, { model, steps }: Plan): boolean {
  return slot < model.terms.length
    ? model.terms[slot].stage === PROGRAM
    : steps.program.some((step) => step.slot === slot);
}

/** The slots that steps read, but for those that they have made before. */
function inputsOf(steps: readonly PlanStep[]): number[] {
  const made = new Set<number>();
  const inputs = new Set<number>();
  const read = (slots: Iterable<number>): void => {
    for (const slot of slots) if (slot >= 0 && !made.has(slot)) inputs.add(slot);
  };
  const visit = ({ slot, a, b, group, computed }: PlanStep): void => {
    if (group) {
      for (const variable of group.variables) made.add(variable);
      group.first?.steps.forEach(visit);
      read(group.first?.results ?? []);
      group.steps.forEach(visit);
      read(group.results);
    } else {
      read([a, b, ...(computed?.slots.values() ?? [])]);
      made.add(slot);
    }
  };
  steps.forEach(visit);
  return [...inputs];
}

/** Makes of each step a function that knows where its slots are. */
class Compiler {
  constructor(private readonly slots: Slots) {}

  list(steps: readonly PlanStep[]): Update[] {
    const updates: Update[] = [];
    for (let start = 0; start < steps.length; ) {
      // A union or intersection of more than two goes on where it stands.
      const { slot } = steps[start];
      let end = start + 1;
      while (end < steps.length && steps[end].slot === slot && steps[end].a === slot) end++;
      updates.push(this.update(steps.slice(start, end)));
      start = end;
    }
    return updates;
  }

  /** @param steps one, or several that make one result */
  private update(steps: readonly PlanStep[]): Update {
    const [step] = steps;
    const { m, n, w, offsets } = this.slots;
    const to = offsets[step.slot];
    const a = offsets[step.a];
    const b = offsets[step.b];
    if (step.kind === 'fixpoint') return this.fixpoint(step);
    if (step.kind === 'empty') return () => undefined;
    if (step.sort === 'set') return this.again(steps);
    switch (step.kind) {
      case 'union': {
        const parts = Int32Array.of(a, ...steps.map((part) => offsets[part.b]));
        return () => bits.updateUnion(m, to, parts, n, w);
      }
      case 'intersection': {
        const parts = Int32Array.of(a, ...steps.map((part) => offsets[part.b]));
        return () => bits.updateIntersection(m, to, parts, n, w);
      }
      case 'difference':
        return () => bits.updateDifference(m, to, a, b, n, w);
      case 'compose':
        return () => bits.updateCompose(m, to, a, b, n, w);
      case 'plus':
        return () => bits.updateClosure(m, to, a, false, n, w);
      case 'star':
        return () => bits.updateClosure(m, to, a, true, n, w);
      case 'inverse':
        return () => bits.updateInverse(m, to, a, n, w);
      case 'optional':
        return () => bits.updateReflexive(m, to, a, n, w);
      case 'restrictDomain':
        return () => bits.updateRestrictDomain(m, to, a, b, n, w);
      case 'restrictRange':
        return () => bits.updateRestrictRange(m, to, a, b, n, w);
      default:
        return this.again(steps);
    }
  }

  /** Makes a result as a whole when anything has changed, and finds out what that has changed. */
  private again(steps: readonly PlanStep[]): Update {
    const { slots } = this;
    const { m, n, w, offsets } = slots;
    const [{ slot, sort }] = steps;
    const to = offsets[slot];
    const changes = this.changesOf(inputsOf(steps));
    const length = slots.length(slot);
    const before = newWords(length);
    return () => {
      if (!this.any(changes)) {
        bits.clear(m, to + length, w);
        return;
      }
      for (let k = 0; k < length; k++) before[k] = m[to + k];
      for (let index = 0; index < steps.length; index++) slots.make(steps[index]);
      if (sort === 'set') bits.findChangesOfSet(m, to, before, 0, to + length, w);
      else bits.findChanges(m, to, before, 0, to + length, n, w);
    };
  }

  /**
   * Kleene's iteration, as in `Evaluator.fixpoint`; but a round has only to do with the rows that the round
   * before has changed.
   */
  private fixpoint(step: PlanStep): Update {
    const { m, n, w } = this.slots;
    const { variables, results, steps, first } = step.group as PlannedGroup;
    const firstRound = this.list(first?.steps ?? []);
    const starts = variables.map((slot, index) => this.become(slot, first?.results[index] ?? -1));
    const round = this.list(steps);
    const nexts = variables.map((slot, index) => this.become(slot, results[index]));
    const follows = variables.map((slot, index) => this.follow(slot, results[index]));
    const inside = this.changesOf(variables);
    const outside = this.changesOf(inputsOf([step]));
    const kept = newWords(outside.length * w);
    return () => {
      if (!this.any(outside)) {
        for (let index = 0; index < inside.length; index++) bits.clear(m, inside[index], w);
        return;
      }
      for (let index = 0; index < firstRound.length; index++) firstRound[index]();
      for (let index = 0; index < starts.length; index++) starts[index]();
      for (let index = 0; index < round.length; index++) round[index]();
      // From here on nothing outside has changed.
      this.takeAway(outside, kept);
      for (let index = 0; index < nexts.length; index++) nexts[index]();
      while (this.any(inside)) {
        for (let index = 0; index < round.length; index++) round[index]();
        for (let index = 0; index < follows.length; index++) follows[index]();
      }
      this.putBack(outside, kept);
      for (let index = 0; index < inside.length; index++) bits.fullSet(m, inside[index], n, w);
    };
  }

  /** Makes a slot what another is; empty, if that is -1. */
  private become(slot: number, from: number): Update {
    const { m, n, w, offsets, plan } = this.slots;
    const to = offsets[slot];
    const value = offsets[from];
    const isSet = plan.slots[slot].sort === 'set';
    if (from >= 0) {
      if (isSet) return () => bits.findChangesOfSet(m, value, m, to, to + w, w);
      return () => bits.findChanges(m, value, m, to, to + n * w, n, w);
    }
    return () => {
      if (isSet) bits.copy(m, to + w, to, w);
      else bits.domain(m, to + n * w, to, n, w);
      bits.clear(m, to, this.slots.length(slot));
    };
  }

  /** Makes a slot what another is from which it differs in that one's changes only. */
  private follow(slot: number, from: number): Update {
    const { m, n, w, offsets, plan } = this.slots;
    const to = offsets[slot];
    const value = offsets[from];
    if (plan.slots[slot].sort === 'relation') return () => bits.updateCopy(m, to, value, n, w);
    return () => bits.copy(m, to, value, 2 * w);
  }

  private takeAway(changes: Int32Array, kept: Int32Array): void {
    const { m, w } = this.slots;
    for (let index = 0; index < changes.length; index++) {
      for (let k = 0; k < w; k++) {
        kept[index * w + k] = m[changes[index] + k];
        m[changes[index] + k] = 0;
      }
    }
  }

  private putBack(changes: Int32Array, kept: Int32Array): void {
    const { m, w } = this.slots;
    for (let index = 0; index < changes.length; index++)
      for (let k = 0; k < w; k++) m[changes[index] + k] = kept[index * w + k];
  }

  /** Where the changes of slots stand. */
  private changesOf(slots: readonly number[]): Int32Array {
    return Int32Array.from(slots, (slot) => this.slots.offsets[slot] + this.slots.length(slot));
  }

  private any(changes: Int32Array): boolean {
    const { m, w } = this.slots;
    for (let index = 0; index < changes.length; index++)
      for (let k = 0; k < w; k++) if (m[changes[index] + k] !== 0) return true;
    return false;
  }
}
