/**
 * Smallest sets, for questions whose answer only gets better as a set grows: what is good with a set is good
 * with every larger one. Sets are of the numbers 0 to `size` - 1.
 */
export interface Monotone {
  readonly size: number;
  /** Whether all is well when exactly these are there. */
  isGood(chosen: ReadonlySet<number>): boolean;
}

/**
 * All sets that are good, and of which every part is not; undefined when not even the whole is good. By the
 * duality of minimal good sets and maximal bad ones (Reiter 1987): a set is good only if it meets what each
 * maximal bad set leaves out.
 */
export function minimalGoodSets(question: Monotone): number[][] | undefined {
  const ask = remembered(question);
  if (!ask(new Set(range(question.size)))) return undefined;
  const found: number[][] = [];
  const leftOut: number[][] = [];
  for (;;) {
    const candidate = uncovered(question.size, leftOut, found);
    if (!candidate) return found.map((set) => set.sort((a, b) => a - b)).sort(bySize);
    if (ask(new Set(candidate))) found.push(shrink(candidate, ask));
    else leftOut.push(complement(grow(candidate, question.size, ask), question.size));
  }
}

/**
 * A good set that costs the least, and of which every part is bad; undefined when not even the whole is good.
 * Costs are above 0. What is tried next is the cheapest set that meets all that was learnt (implicit hitting
 * sets; Moreno-Centeno, Karp 2013).
 */
export function cheapestGoodSet(question: Monotone, cost: (element: number) => number): number[] | undefined {
  const ask = remembered(question);
  if (!ask(new Set(range(question.size)))) return undefined;
  const leftOut: number[][] = [];
  for (;;) {
    const candidate = cheapestHittingSet(leftOut, cost);
    if (ask(new Set(candidate))) return candidate.sort((a, b) => a - b);
    leftOut.push(complement(grow(candidate, question.size, ask), question.size));
  }
}

type Ask = (chosen: ReadonlySet<number>) => boolean;

/** Asks only what does not follow from what was asked before. */
function remembered({ isGood }: Monotone): Ask {
  const good: ReadonlySet<number>[] = [];
  const bad: ReadonlySet<number>[] = [];
  return (chosen) => {
    if (good.some((set) => isPart(set, chosen))) return true;
    if (bad.some((set) => isPart(chosen, set))) return false;
    const answer = isGood(chosen);
    (answer ? good : bad).push(new Set(chosen));
    return answer;
  };
}

function isPart(part: ReadonlySet<number>, whole: ReadonlySet<number>): boolean {
  for (const element of part) if (!whole.has(element)) return false;
  return true;
}

/** Takes out what is not needed, the last first. */
function shrink(set: readonly number[], ask: Ask): number[] {
  const rest = new Set(set);
  for (const element of [...set].reverse()) {
    rest.delete(element);
    if (!ask(rest)) rest.add(element);
  }
  return [...rest];
}

/** Puts in whatever leaves it bad. */
function grow(set: readonly number[], size: number, ask: Ask): number[] {
  const more = new Set(set);
  for (let element = 0; element < size; element++) {
    if (more.has(element)) continue;
    more.add(element);
    if (ask(more)) more.delete(element);
  }
  return [...more];
}

/**
 * A set that meets every list of `leftOut`, and that contains none of `found`; undefined when there is none.
 */
function uncovered(
  size: number,
  leftOut: readonly (readonly number[])[],
  found: readonly (readonly number[])[],
): number[] | undefined {
  const chosen = new Set(range(size));
  // The largest set that contains none of those found: leave one of each out, in every way that works.
  const search = (): boolean => {
    if (leftOut.some((list) => !list.some((element) => chosen.has(element)))) return false;
    const contained = found.find((set) => set.every((element) => chosen.has(element)));
    if (!contained) return true;
    for (const element of contained) {
      chosen.delete(element);
      if (search()) return true;
      chosen.add(element);
    }
    return false;
  };
  return search() ? [...chosen] : undefined;
}

/** The cheapest set that has an element of each list: branch and bound. */
function cheapestHittingSet(
  lists: readonly (readonly number[])[],
  cost: (element: number) => number,
): number[] {
  let best: readonly number[] = [];
  let bound = Number.POSITIVE_INFINITY;
  const chosen: number[] = [];
  const search = (spent: number): void => {
    if (spent >= bound) return;
    const open = lists.filter((list) => !list.some((element) => chosen.includes(element)));
    if (open.length === 0) {
      [best, bound] = [[...chosen], spent];
      return;
    }
    const shortest = open.reduce((a, b) => (b.length < a.length ? b : a));
    for (const element of [...shortest].sort((a, b) => cost(a) - cost(b))) {
      chosen.push(element);
      search(spent + cost(element));
      chosen.pop();
    }
  };
  search(0);
  return [...best];
}

const range = (size: number): number[] => Array.from({ length: size }, (_, index) => index);
const complement = (set: readonly number[], size: number): number[] =>
  range(size).filter((element) => !set.includes(element));

function bySize(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const at = a.findIndex((element, index) => element !== b[index]);
  return at < 0 ? 0 : a[at] - b[at];
}
