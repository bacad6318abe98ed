import type { Evaluator, Plan, Term } from '../cat/index.js';
import * as bits from '../relation/index.js';

/**
 * Whether the orders of writes to different locations can be independent of each other, and it can be seen where: each check of co is of a
 * union of what co does not change and of relations within one location, such as co and fr; and no flag depends on co.
 */
export function ordersMayBeIndependent(plan: Plan): boolean {
  const { checks, ordered, choices, programChoices } = plan;
  if (ordered >= 0 || choices.length > 0 || programChoices.length > 0 || checks.finalCoherence.length > 0)
    return false;
  if ([...checks.flags, ...checks.assertions].some(({ stage }) => stage > 1)) return false;
  return checks.pruneCoherence.every(({ check: { kind, term } }) => {
    if (term.sort === 'set') return false;
    return kind === 'acyclic' && term.operator === 'union'
      ? term.args.every(isFixedOrWithin)
      : isFixedOrWithin(term);
  });
}

function isFixedOrWithin(term: Term): boolean {
  return term.stage < 2 || isWithinLocation(term);
}

/** Whether a relation only relates accesses to one location, and looks at co nowhere else. */
function isWithinLocation({ operator, name, args }: Term): boolean {
  switch (operator) {
    case 'base':
      return name === 'co' || name === 'rf' || name === 'loc';
    case 'identity':
      return args[0].stage === 0;
    case 'union':
    case 'compose':
    case 'inverse':
      return args.every(isWithinLocation);
    case 'intersection':
      return args.some(isWithinLocation) && args.every(isFixedOrWithin);
    case 'difference':
      return isWithinLocation(args[0]) && args[1].stage < 2;
    default:
      return false;
  }
}

/**
 * Divides locations, of which the order of some writes is open, so that what is chosen for those of one part has no bearing on the others: a
 * violation is a cycle, and no cycle can go through locations of two parts, whatever is chosen.
 * @param open pairs of writes, of events of one location each
 */
export function independentParts(
  open: readonly (readonly [number, number])[],
  cellOf: (event: number) => number,
  evaluator: Evaluator,
): number[][] {
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
  const parts = new Parts(open.map(([a]) => cellOf(a)));
  const reach = new Int32Array(n * w);
  for (const { check, slot } of plan.checks.pruneCoherence) {
    if (check.kind !== 'acyclic') continue;
    reach.set(m.subarray(offsets[slot], offsets[slot] + n * w));
    bits.transitiveClosure(reach, 0, 0, n, w);
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        if (bits.has(reach, 0, i, j, w) && bits.has(reach, 0, j, i, w)) parts.join(cellOf(i), cellOf(j));
      }
    }
  }
  m.set(before, co);
  return parts.all();
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
