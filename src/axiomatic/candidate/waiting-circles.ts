import type { ExecutionGraph, GraphEvent } from '../../execution/index.js';
import { heldAfter, inCircles, type Resource } from '../../program/index.js';

/**
 * The events of a graph at which threads wait for ever: for what their own CPU holds, or other CPUs that wait likewise. Whatever is read, as
 * nobody but them can give it.
 */
export function deadlocksIn({ events, starts }: ExecutionGraph): number[] {
  const waiting = [...events.keys()].filter((event) => events[event].waitsFor !== undefined);
  if (waiting.length === 0) return [];
  const held = starts.slice(0, -1).map((from, cpu) => heldBy(events.slice(from, starts[cpu + 1])));
  const waitsFor = (one: number, other: number): boolean =>
    held[events[waiting[other]].cpu].includes(events[waiting[one]].waitsFor as Resource);
  const circular = inCircles(waiting.length, waitsFor);
  return waiting.filter((_, index) => circular.has(index));
}

/** What a CPU holds where it comes no further. */
function heldBy(events: readonly GraphEvent[]): readonly Resource[] {
  const end = events.findLastIndex(({ waitsFor }) => waitsFor !== undefined);
  return events
    .slice(0, end + 1)
    .reduce<readonly Resource[]>(
      (held, { tags, cell }) => heldAfter(held, tags, cell < 0 ? undefined : (cell as never)),
      [],
    );
}
