import type { Pair, Skeleton } from './candidates.js';

/** A section: its bounds, as events, and the bounds as points of time. */
interface Section {
  readonly from: number;
  readonly to: number;
}

/**
 * The law of grace periods by its letter, for executions of which a model says in which order accesses take
 * effect: for each grace period and each section, either the section is over before the grace period ends or
 * it starts after the grace period does, and all this together goes round in no circle. Tries every choice. A
 * point is an event: an access, the start or the end of a grace period or of a section.
 */
export function obeysLaw({ events }: Skeleton, order: readonly Pair[]): boolean {
  const is = (at: number, tag: string): boolean => events[at].tags.includes(tag);
  const all = events.map((_, at) => at);
  const isAccess = (at: number): boolean => events[at].kind !== 'F';
  const edges: Pair[] = order.filter(([from, to]) => isAccess(from) && isAccess(to));
  for (const from of all) {
    for (const to of all) {
      if (events[from].cpu < 0 || events[from].cpu !== events[to].cpu || from >= to) continue;
      // A section starts before what follows its start, and ends after what precedes its end; a grace period
      // is waited for in full.
      const leaves = is(from, 'rcu-lock') || is(from, 'sync-rcu-end');
      const arrives = is(to, 'rcu-unlock') || is(to, 'sync-rcu-start');
      if ((leaves && (isAccess(to) || arrives)) || (isAccess(from) && arrives)) edges.push([from, to]);
    }
  }
  const graces = all
    .filter((at) => is(at, 'sync-rcu-start'))
    .map((from): Section => ({ from, to: all.find((at) => at > from && is(at, 'sync-rcu-end')) as number }));
  for (const { from, to } of graces) edges.push([from, to]);
  const pairs = sectionsOf(events).flatMap((section) => graces.map((grace) => ({ section, grace })));
  const choose = (rest: typeof pairs, chosen: readonly Pair[]): boolean => {
    if (!isAcyclic(all.length, [...edges, ...chosen])) return false;
    if (rest.length === 0) return true;
    const [{ section, grace }, ...others] = rest;
    return (
      choose(others, [...chosen, [section.to, grace.to]]) ||
      choose(others, [...chosen, [grace.from, section.from]])
    );
  };
  return choose(pairs, []);
}

/** The outermost sections, CPU by CPU. */
function sectionsOf(events: Skeleton['events']): Section[] {
  const found: Section[] = [];
  const open = new Map<number, number[]>();
  events.forEach(({ cpu, tags }, at) => {
    const starts = open.get(cpu) ?? [];
    open.set(cpu, starts);
    if (tags.includes('rcu-lock')) starts.push(at);
    if (!tags.includes('rcu-unlock')) return;
    const from = starts.pop() as number;
    if (starts.length === 0) found.push({ from, to: at });
  });
  return found;
}

/** Takes away, again and again, what nothing leads to. */
function isAcyclic(size: number, edges: readonly Pair[]): boolean {
  let left = new Set(Array.from({ length: size }, (_, at) => at));
  for (;;) {
    const reached = new Set(edges.flatMap(([from, to]) => (left.has(from) && left.has(to) ? [to] : [])));
    if (reached.size === left.size) return left.size === 0;
    left = reached;
  }
}
