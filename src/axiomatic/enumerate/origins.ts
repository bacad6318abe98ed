import type { Evaluator, PlannedGroup, PlanStep } from '../../cat/index.js';
import { newWords } from '../../limits.js';
import * as bits from '../../relation/index.js';

/**
 * By pair of a relation, or event of a set, of which the plan's steps have computed the value: on what it can
 * rest, as bits that the pairs of one relation begin with. All derivations together: what one of them rests
 * on is among it.
 */
export class Origins {
  private readonly n: number;
  /** By slot; of an event i of a set, at (i, i). None: rests on nothing of it. */
  private readonly masks: (Int32Array | undefined)[] = [];

  constructor(private readonly evaluator: Evaluator) {
    this.n = evaluator.n;
  }

  /** Whether steps can be followed: those of what grows can. */
  static canFollow(steps: readonly PlanStep[]): boolean {
    return steps.every(
      ({ kind, group }) =>
        kind !== 'dynamic' && kind !== 'complement' && (!group || Origins.canFollow(group.steps)),
    );
  }

  /** What the pairs of a relation begin with. */
  begin(slot: number, mask: (i: number, j: number) => number): void {
    const result = this.fresh(slot);
    for (let i = 0; i < this.n; i++) {
      for (let j = 0; j < this.n; j++) if (this.has(slot, i, j)) result[i * this.n + j] = mask(i, j);
    }
  }

  of(slot: number, i: number, j: number): number {
    return this.masks[slot]?.[i * this.n + j] ?? 0;
  }

  follow(steps: readonly PlanStep[]): void {
    for (const step of steps) this.step(step);
  }

  private has(slot: number, i: number, j: number): boolean {
    const { m, w, offsets, plan } = this.evaluator;
    if (plan.slots[slot].sort === 'set') return i === j && bits.hasEvent(m, offsets[slot], i);
    return bits.has(m, offsets[slot], i, j, w);
  }

  private fresh(slot: number): Int32Array {
    const masks = newWords(this.n * this.n);
    this.masks[slot] = masks;
    return masks;
  }

  private step({ kind, slot, a, b, group }: PlanStep): void {
    if (kind === 'fixpoint') {
      this.fixpoint(group as PlannedGroup);
      return;
    }
    if (kind === 'empty' || (!this.masks[a] && !(b >= 0 && this.masks[b]))) {
      this.masks[slot] = undefined;
      return;
    }
    const { n } = this;
    // A step may write where it reads.
    const result = newWords(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++)
        if (this.has(slot, i, j)) result[i * n + j] = this.originOf(kind, a, b, i, j);
    }
    this.masks[slot] = result;
    if (kind === 'plus' || kind === 'star') this.close(slot, a);
  }

  /** What a pair of a step's result rests on; the value of the result is known, and in it the pair. */
  private originOf(kind: PlanStep['kind'], a: number, b: number, i: number, j: number): number {
    switch (kind) {
      case 'union':
      case 'intersection':
        return this.of(a, i, j) | this.of(b, i, j);
      case 'inverse':
        return this.of(a, j, i);
      case 'compose':
        return this.through(a, b, i, j);
      case 'restrictDomain':
        return this.of(a, i, i) | this.of(b, i, j);
      case 'restrictRange':
        return this.of(a, i, j) | this.of(b, j, j);
      case 'product':
        return this.of(a, i, i) | this.of(b, j, j);
      case 'domain':
      case 'range':
        return this.ofAny(kind, a, i);
      default:
        return this.of(a, i, j);
    }
  }

  private through(a: number, b: number, i: number, j: number): number {
    let mask = 0;
    for (let k = 0; k < this.n; k++) {
      if (this.has(a, i, k) && this.has(b, k, j)) mask |= this.of(a, i, k) | this.of(b, k, j);
    }
    return mask;
  }

  private ofAny(side: 'domain' | 'range', relation: number, i: number): number {
    let mask = 0;
    for (let k = 0; k < this.n; k++)
      mask |= side === 'domain' ? this.of(relation, i, k) : this.of(relation, k, i);
    return mask;
  }

  /** A path rests on all that its steps rest on. */
  private close(slot: number, relation: number): void {
    const { n } = this;
    const result = this.masks[slot] as Int32Array;
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (!this.has(slot, i, j)) continue;
          const mask = result[i * n + j] | this.through(slot, relation, i, j);
          if (mask === result[i * n + j]) continue;
          result[i * n + j] = mask;
          changed = true;
        }
      }
    }
  }

  /** From nothing, until nothing is added. */
  private fixpoint({ variables, results, steps }: PlannedGroup): void {
    for (const variable of variables) this.masks[variable] = undefined;
    for (let changed = true; changed; ) {
      this.follow(steps);
      changed = false;
      variables.forEach((variable, index) => {
        const before = this.masks[variable];
        const after = this.masks[results[index]];
        if (!after || after.every((mask, at) => mask === (before?.[at] ?? 0))) return;
        this.masks[variable] = after.slice();
        changed = true;
      });
    }
  }
}
