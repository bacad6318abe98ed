import { SourceError } from '../../diagnostics.js';
import { isErrorName, JUNK, UNKNOWN, type ValueId } from '../../program/index.js';
import * as bits from '../../relation/index.js';
import type { PartialExecution } from './collector.js';
import { EventValues } from './event-values.js';
import type { GraphArena } from './graph-arena.js';
import type { PossibleError } from './possible-errors.js';
import type { SearchContext } from './search-context.js';

/** One graph under search: what is known of its execution so far, and what every search does with it. */
export class CandidateExecution implements PartialExecution {
  readonly values: EventValues;

  constructor(
    readonly arena: GraphArena,
    readonly context: SearchContext,
  ) {
    this.values = new EventValues(arena.graph, context.values);
  }

  get graph() {
    return this.arena.graph;
  }

  // --- What it shows to the collector ---

  register(thread: number, register: number): ValueId {
    return this.values.register(thread, register);
  }

  final(cell: number): ValueId {
    const writes = this.arena.writes.get(cell);
    if (!writes) return this.context.values.id(this.graph.cells[cell].initial);
    const last = this.lastOf(writes);
    return last === undefined ? UNKNOWN : (this.values.of[last] as ValueId);
  }

  value(event: number): ValueId {
    return this.values.of[event] as ValueId;
  }

  source(read: number): number {
    return this.values.source[read];
  }

  coherenceBefore(write: number, later: number): boolean {
    const { m, co, w } = this.arena;
    return bits.has(m, co, write, later, w);
  }

  orders(): readonly (readonly (readonly [number, number])[])[] {
    const acyclic = Object.values(this.context.plan.checks)
      .flat()
      .filter(({ check }) => check.kind === 'acyclic' && !check.negated && !check.flag)
      .sort((a, b) => a.check.span.start - b.check.span.start);
    return acyclic.map(({ slot }) => this.arena.pairsOf(slot));
  }

  flagged(name: string): readonly (readonly number[])[] {
    const { plan } = this.context;
    const { m, n, evaluator } = this.arena;
    return plan.checks.flags
      .filter(({ check }) => check.name === name && check.negated && check.kind === 'empty')
      .flatMap(({ slot }): readonly (readonly number[])[] => {
        if (plan.slots[slot].sort === 'relation') return this.arena.pairsOf(slot);
        return [...bits.EventSet.fromArena(m, evaluator.offsets[slot], n)].map((event) => [event]);
      });
  }

  flags(): readonly string[] {
    const raised = this.context.plan.checks.flags.filter((flag) => this.arena.evaluator.test(flag));
    return raised.map(({ check }) => check.name);
  }

  mayRaise(flag: string): boolean {
    if (isErrorName(flag) && this.arena.errors.allows(flag, this)) return true;
    // A model may have a flag of the same name.
    return !this.graph.partial && this.context.plan.checks.flags.some(({ check }) => check.name === flag);
  }

  isInError(): boolean {
    return this.arena.errors.isCertain(this);
  }

  errors(): readonly PossibleError[] {
    return this.arena.errors.found(this);
  }

  hasSymbolicValues(): boolean {
    return this.values.reads.some((read) => this.context.values.isSymbolic(this.value(read)));
  }

  /** Of the writes to a location, the one that is known to be the last. */
  lastOf(writes: readonly number[]): number | undefined {
    return writes.length === 1 ? writes[0] : writes.find((write) => this.isLast(write, writes));
  }

  private isLast(write: number, writes: readonly number[]): boolean {
    return writes.every((other) => other === write || this.coherenceBefore(other, write));
  }

  // --- A complete execution ---

  /**
   * Counts a complete and consistent execution. Returns false for one that breaks off and is in no error, or
   * in which junk comes from no error but itself: it is none.
   * @throws SourceError when an assertion of the model fails
   */
  accept(): boolean {
    const { plan, counts } = this.context;
    if (this.graph.astray) {
      this.leaveOpen();
      return false;
    }
    if ((this.graph.partial || this.hasJunk()) && this.errors().length === 0) return false;
    counts.executions++;
    if (this.graph.partial) return true;
    const failed = plan.checks.assertions.find((assertion) => !this.arena.evaluator.test(assertion));
    if (failed) {
      const { name, span } = failed.check;
      throw new SourceError(`an execution of this program fails the assertion \`${name}\``, span);
    }
    return true;
  }

  private hasJunk(): boolean {
    const junk = this.context.values.id(JUNK);
    return this.context.mayErr && this.values.reads.some((read) => this.value(read) === junk);
  }

  /** Tells the collector of a complete execution with values that cannot be determined. */
  leaveOpen(): void {
    if (this.graph.partial && !this.isInError()) return;
    this.context.counts.circular++;
    this.context.collector.undetermined?.(this);
  }

  /**
   * Fills the model's relation of different values, if it has one. Of events without a value nothing is said.
   */
  fillDifferentValues(): void {
    const { plan } = this.context;
    if (plan.differentValues < 0) return;
    const { m, n, w, evaluator } = this.arena;
    const offset = evaluator.offsets[plan.differentValues];
    bits.clear(m, offset, n * w);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const [a, b] = [this.value(i), this.value(j)];
        if (a !== UNKNOWN && b !== UNKNOWN && a !== b) bits.add(m, offset, i, j, w);
      }
    }
  }

  /**
   * Fills the model's set of final writes, if it has one: as in herd7, at locations whose final value is
   * asked for.
   */
  fillFinalWrites(): void {
    const { plan, collector } = this.context;
    if (plan.finalWrites < 0) return;
    const { m, w, writes, evaluator } = this.arena;
    const offset = evaluator.offsets[plan.finalWrites];
    bits.clear(m, offset, w);
    for (const [cell, own] of writes) {
      if (collector.shown && !collector.shown.has(cell)) continue;
      for (const write of own) if (this.isLast(write, own)) bits.addEvent(m, offset, write);
    }
  }
}
