import type { Evaluator, Plan, PlannedCheck } from '../../cat/index.js';
import * as bits from '../../relation/index.js';
import { Origins } from './origins.js';

/** Locations that are told apart, as bits of a number. */
const MOST_LOCATIONS = 30;
/** Orders of writes, at the least, from which on it is worth a look whether they are independent. */
const FEWEST_ORDERS = 8;

/**
 * Whether the orders of writes to different locations can be independent of each other, and it can be seen
 * where: each check of co can only come to fail as co grows, whatever it relates. Flags that depend on co are
 * not among the checks: they are to be known before.
 */
export function ordersMayBeIndependent({ checks, ordered, choices, programChoices, steps }: Plan): boolean {
  if (ordered >= 0 || choices.length > 0 || programChoices.length > 0 || checks.finalCoherence.length > 0)
    return false;
  return checks.assertions.every(({ stage }) => stage < 2) && Origins.canFollow(steps.pruneCoherence);
}

/**
 * Divides locations, of which the order of some writes is open, so that what is chosen for those of one part
 * has no bearing on the others: no violation rests on orders of two parts, whatever is chosen. None where
 * that is not worth a look.
 * @param open pairs of writes, of events of one location each
 */
export function independentParts(
  open: readonly (readonly [number, number])[],
  cellOf: (event: number) => number,
  evaluator: Evaluator,
): number[][] {
  const cells = [...new Set(open.map(([a]) => cellOf(a)))];
  if (cells.length < 2 || cells.length > MOST_LOCATIONS || fewestOrders(open, cellOf) < FEWEST_ORDERS)
    return [];
  const { plan, m, n, w, offsets } = evaluator;
  const co = offsets[plan.co];
  const before = m.slice(co, co + n * w);
  // All orders at once: more than any of them.
  for (const [a, b] of open) {
    bits.add(m, co, a, b, w);
    bits.add(m, co, b, a, w);
  }
  bits.transitiveClosure(m, co, co, n, w);
  evaluator.run(plan.steps.pruneCoherence);
  const origins = new Origins(evaluator);
  origins.begin(plan.co, (i, j) => (bits.has(before, 0, i, j, w) ? 0 : 1 << cells.indexOf(cellOf(i))));
  origins.follow(plan.steps.pruneCoherence);
  const parts = new Parts(cells);
  const join = (mask: number) => {
    const joined = cells.filter((_, index) => (mask & (1 << index)) !== 0);
    for (const cell of joined) parts.join(cell, joined[0]);
  };
  for (const check of plan.checks.pruneCoherence) violations(check, origins, evaluator, join);
  m.set(before, co);
  return parts.all();
}

/** No more than there are orders of the writes. */
function fewestOrders(
  open: readonly (readonly [number, number])[],
  cellOf: (event: number) => number,
): number {
  const pairs = new Map<number, number>();
  for (const [a] of open) pairs.set(cellOf(a), (pairs.get(cellOf(a)) ?? 0) + 1);
  return [...pairs.values()].reduce((product, count) => product * (count + 1), 1);
}

/** Tells what each way to violate a check can rest on. */
function violations(
  { check, slot }: PlannedCheck,
  origins: Origins,
  { m, n, w, offsets }: Evaluator,
  join: (mask: number) => void,
): void {
  const at = offsets[slot];
  if (check.term.sort === 'set') {
    for (let i = 0; i < n; i++) join(origins.of(slot, i, i));
    return;
  }
  if (check.kind === 'empty') {
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) join(origins.of(slot, i, j));
    return;
  }
  if (check.kind === 'irreflexive') {
    for (let i = 0; i < n; i++) join(origins.of(slot, i, i));
    return;
  }
  // A cycle stays among events that reach each other.
  const reach = m.slice(at, at + n * w);
  bits.transitiveClosure(reach, 0, 0, n, w);
  for (let i = 0; i < n; i++) {
    if (!bits.has(reach, 0, i, i, w)) continue;
    let mask = 0;
    for (let u = i; u < n; u++) {
      if (u !== i && !(bits.has(reach, 0, i, u, w) && bits.has(reach, 0, u, i, w))) continue;
      for (let v = 0; v < n; v++) {
        if (bits.has(m, at, u, v, w) && bits.has(reach, 0, v, u, w)) mask |= origins.of(slot, u, v);
      }
    }
    join(mask);
  }
}

/** Sets of locations that are joined one by one. */
class Parts {
  private readonly parent = new Map<number, number>();

  constructor(cells: readonly number[]) {
    for (const cell of cells) this.parent.set(cell, cell);
  }

  private root(cell: number): number {
    let at = cell;
    while (this.parent.get(at) !== at) at = this.parent.get(at) as number;
    return at;
  }

  /** Joins the parts of two locations; of those that are in none, nothing is open. */
  join(a: number, b: number): void {
    if (!this.parent.has(a) || !this.parent.has(b)) return;
    this.parent.set(this.root(a), this.root(b));
  }

  all(): number[][] {
    const parts = new Map<number, number[]>();
    for (const cell of this.parent.keys()) {
      const root = this.root(cell);
      parts.set(root, [...(parts.get(root) ?? []), cell]);
    }
    return [...parts.values()];
  }
}
