import { tick } from '../../limits.js';
import * as bits from '../../relation/index.js';
import { orderAround } from '../candidate/coherence-shapes.js';
import type { Conflict } from '../sat/solver.js';
import type { SearchView } from './search-view.js';

/**
 * co is a strict order of the events of each location: transitive, with the initial write first and the last
 * write last. If the model requires coherence, it agrees with program order and the sources of reads.
 *
 * Invariant: co in the arena has the pairs of the literals that were told, and those of the initial writes.
 */
export class CoherencePropagator {
  constructor(private readonly view: SearchView) {}

  /**
   * Before any decision: puts the initial writes first, and with coherence, the events of each CPU in their
   * order.
   */
  begin(): Conflict | undefined {
    const { arena, context, variables, solver, orderedEvents } = this.view;
    const { m, n, w, co } = arena;
    bits.clear(m, co, n * w);
    for (const own of orderedEvents.values())
      for (let index = 1; index < own.length; index++) bits.add(m, co, own[0], own[index], w);
    if (!context.coherent) return undefined;
    const { events } = arena.graph;
    const { first, second, count, orders } = variables;
    for (let variable = orders; variable < count; variable++) {
      if (events[first[variable]].cpu !== events[second[variable]].cpu) continue;
      const conflict = solver.implyBy(2 * variable, -1);
      if (conflict) return conflict;
    }
    return undefined;
  }

  /** Puts a write before another, for a reason of at most two literals; -1 stands for none. */
  put(before: number, after: number, first: number, second = -1): Conflict | undefined {
    const { initial } = this.view.variables;
    if (before < initial) return undefined;
    if (after < initial) return [first, second].filter((literal) => literal >= 0);
    return this.view.solver.implyBy(this.view.variables.order(before, after), first, second);
  }

  /** `literal` puts an event before another in co. */
  ordered(before: number, after: number, literal: number): Conflict | undefined {
    const { arena, solver, variables, orderedEvents } = this.view;
    const { m, co, w, graph } = arena;
    bits.add(m, co, before, after, w);
    // A model may order more than the writes.
    const last = graph.events[after].kind === 'write' ? variables.lastOf[before] : -1;
    let conflict = last >= 0 ? solver.implyBy(2 * last + 1, literal) : undefined;
    const own = orderedEvents.get(graph.events[before].cell) as readonly number[];
    tick(own.length >>> 6);
    for (let index = 1; !conflict && index < own.length; index++) {
      const other = own[index];
      if (other === before || other === after) continue;
      if (bits.has(m, co, other, before, w))
        conflict = solver.implyBy(variables.order(other, after), variables.order(other, before), literal);
      else if (bits.has(m, co, after, other, w))
        conflict = solver.implyBy(variables.order(before, other), literal, variables.order(after, other));
    }
    return conflict;
  }

  /** The literal that put an event before another holds no more. */
  retracted(before: number, after: number): void {
    const { m, co, w } = this.view.arena;
    bits.remove(m, co, before, after, w);
  }

  /** `literal` makes a write the source of a read. */
  sourceChosen(read: number, write: number, literal: number): Conflict | undefined {
    const { context, graph, chosen } = this.view;
    if (!context.coherent) return undefined;
    let conflict: Conflict | undefined;
    orderAround(this.view, read, write, (before, after, other) => {
      const isWrite = graph.events[other].kind === 'write';
      conflict = this.put(before, after, literal, isWrite ? -1 : 2 * chosen[other]);
      return conflict === undefined;
    });
    return conflict;
  }

  /** `literal` makes a write the last of its location. */
  lastChosen(write: number, literal: number): Conflict | undefined {
    const { arena } = this.view;
    const own = arena.writes.get(arena.graph.events[write].cell) as readonly number[];
    for (let index = 1; index < own.length; index++) {
      const conflict = own[index] === write ? undefined : this.put(own[index], write, literal);
      if (conflict) return conflict;
    }
    return undefined;
  }
}
