import { type EventSet, Relation, RelationBuilder } from '../../relation/index.js';

/** The total orders of some events that contain a relation between them; none when it has a cycle. */
export function* totalOrders(events: EventSet, containing: Relation): IterableIterator<Relation> {
  const all = [...events];
  const chosen: number[] = [];
  function* extend(): IterableIterator<Relation> {
    if (chosen.length === all.length) {
      yield orderOf(events.size, chosen);
      return;
    }
    for (const event of all) {
      if (chosen.includes(event)) continue;
      // Only what no other event that is left has to precede can come next.
      if (all.some((other) => !chosen.includes(other) && containing.has(other, event))) continue;
      chosen.push(event);
      yield* extend();
      chosen.pop();
    }
  }
  yield* extend();
}

function orderOf(size: number, events: readonly number[]): Relation {
  const builder = new RelationBuilder(size);
  events.forEach((from, index) => {
    for (const to of events.slice(index + 1)) builder.add(from, to);
  });
  return builder.build();
}

/** The sets into which `loc` divides some events; those without a location are in none. */
export function byLocation(events: EventSet, loc: Relation): EventSet[] {
  const classes: EventSet[] = [];
  for (const event of events) {
    if (!loc.has(event, event) || classes.some((other) => other.has(event))) continue;
    classes.push(loc.row(event).intersection(events));
  }
  return classes;
}

/** The classes of an equivalence: each event that it relates, with what it reaches. */
export function classesOf(relation: Relation): EventSet[] {
  const either = relation.union(relation.inverse()).reflexiveTransitiveClosure();
  const touched = relation.domain().union(relation.range());
  const classes: EventSet[] = [];
  for (const event of touched) {
    if (!classes.some((other) => other.has(event))) classes.push(either.row(event));
  }
  return classes;
}

/** All the ways to take one relation from each list, joined. */
export function* unionsOf(
  size: number,
  choices: readonly (readonly Relation[])[],
  from = 0,
): IterableIterator<Relation> {
  if (from === choices.length) {
    yield Relation.empty(size);
    return;
  }
  for (const rest of unionsOf(size, choices, from + 1)) {
    for (const choice of choices[from]) yield choice.union(rest);
  }
}

/** The orders of the events at each location that contain a relation. */
export function ordersByLocation(
  events: EventSet,
  containing: Relation,
  loc: Relation,
): IterableIterator<Relation> {
  const choices = byLocation(events, loc).map((own) => [...totalOrders(own, containing)]);
  return unionsOf(events.size, choices);
}
