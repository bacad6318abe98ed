import * as fc from 'fast-check';
import { kindSets, tagSets } from '../../src/execution/vocabulary.js';
import type { Environment, Value } from './naive.js';

/** What a thread does: accesses and fences in order. */
type Event =
  | { readonly kind: 'R'; readonly location: string; readonly from: number } // the position of its write in co
  | { readonly kind: 'W'; readonly location: string; readonly position: number } // its own position in co, from 1
  | { readonly kind: 'F'; readonly tag: string };

export interface Execution {
  readonly threads: readonly (readonly Event[])[];
  /** Dependencies: name, thread, index of the read, index of the dependent event. */
  readonly dependencies: readonly (readonly ['addr' | 'data' | 'ctrl', number, number, number])[];
}

interface Placed {
  readonly event: Event;
  readonly thread: number;
}

/**
 * The base sets and relations of an execution; the initial writes come first, each in a thread of its own.
 */
export function environmentOf({ threads, dependencies }: Execution): Environment {
  const locations = [
    ...new Set(threads.flat().flatMap((event) => (event.kind === 'F' ? [] : [event.location]))),
  ];
  const initial: Placed[] = locations.map((location, index) => ({
    event: { kind: 'W', location, position: 0 },
    thread: -1 - index,
  }));
  const all: Placed[] = [
    ...initial,
    ...threads.flatMap((events, thread) => events.map((event) => ({ event, thread }))),
  ];
  const starts = threads.map((_, thread) => initial.length + threads.slice(0, thread).flat().length);
  const pairs = (test: (a: Placed, b: Placed, i: number, j: number) => boolean): Value =>
    new Set(all.flatMap((a, i) => all.flatMap((b, j) => (test(a, b, i, j) ? [`${i},${j}`] : []))));
  const set = (test: (event: Event, thread: number) => boolean): Value =>
    new Set(all.flatMap(({ event, thread }, index) => (test(event, thread) ? [String(index)] : [])));
  const dependency = (name: string): Value =>
    new Set(
      dependencies
        .filter(([kind]) => kind === name)
        .map(([, thread, read, other]) => `${starts[thread] + read},${starts[thread] + other}`),
    );
  const names = [...Object.keys(kindSets), ...Object.keys(tagSets)];
  const bases: Record<string, Value> = Object.fromEntries(names.map((name) => [name, new Set<string>()]));
  for (const name of Object.keys(tagSets))
    bases[name] = set((event) => event.kind === 'F' && event.tag === name);
  Object.assign(bases, {
    R: set(({ kind }) => kind === 'R'),
    W: set(({ kind }) => kind === 'W'),
    M: set(({ kind }) => kind !== 'F'),
    F: set(({ kind }) => kind === 'F'),
    IW: set((_, thread) => thread < 0),
    po: pairs((a, b, i, j) => a.thread === b.thread && a.thread >= 0 && i < j),
    int: pairs((a, b) => a.thread === b.thread),
    ext: pairs((a, b) => a.thread !== b.thread),
    loc: pairs((a, b) => locationOf(a.event) !== undefined && locationOf(a.event) === locationOf(b.event)),
    // Each location is in a block of its own.
    'same-block': pairs(
      (a, b) => locationOf(a.event) !== undefined && locationOf(a.event) === locationOf(b.event),
    ),
    rf: pairs(
      ({ event: a }, { event: b }) =>
        a.kind === 'W' && b.kind === 'R' && a.location === b.location && a.position === b.from,
    ),
    co: pairs(
      ({ event: a }, { event: b }) =>
        a.kind === 'W' && b.kind === 'W' && a.location === b.location && a.position < b.position,
    ),
    addr: dependency('addr'),
    data: dependency('data'),
    ctrl: dependency('ctrl'),
    choice: new Set(),
    might: new Set(),
    rmw: new Set(),
    // Each instruction has one access.
    'same-instance': pairs((a, b) => a === b),
  });
  return { events: all.length, bases };
}

function locationOf(event: Event): string | undefined {
  return event.kind === 'F' ? undefined : event.location;
}

const read = (location: string, from: number): Event => ({ kind: 'R', location, from });
const write = (location: string): Event => ({ kind: 'W', location, position: 1 });
const fences = (tags: readonly string[]): Event[] => tags.map((tag) => ({ kind: 'F', tag }));

/** MP: the reader sees the flag but not the data. */
export function message(first: string[], second: string[], dependency?: 'addr' | 'ctrl'): Execution {
  const reader = [read('y', 1), ...fences(second), read('x', 0)];
  return {
    threads: [[write('x'), ...fences(first), write('y')], reader],
    dependencies: dependency ? [[dependency, 1, 0, reader.length - 1]] : [],
  };
}

/** SB: neither thread sees the other's write. */
export function storeBuffering(between: string[]): Execution {
  const thread = (own: string, other: string) => [write(own), ...fences(between), read(other, 0)];
  return { threads: [thread('x', 'y'), thread('y', 'x')], dependencies: [] };
}

type Step = { kind: 'R' | 'W' | 'F'; location: string; tag: string; choice: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('R', 'W', 'R', 'W', 'F'),
  location: fc.constantFrom('x', 'y'),
  // What the models have in common: MB and MFENCE, which only some know, would make them incomparable.
  tag: fc.constantFrom('STBAR', 'IntEntry', 'LFENCE'),
  choice: fc.nat({ max: 11 }),
});

/** Executions of two or three threads, with any co and rf that are well-formed. */
export const executions: fc.Arbitrary<Execution> = fc
  .array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 })
  .map((threads) => {
    const writes = (location: string) =>
      threads.flat().filter((s) => s.kind === 'W' && s.location === location);
    // Ranks by choice make a total order of the writes to a location.
    const order = Object.fromEntries(
      ['x', 'y'].map((at) => [at, [...writes(at)].sort((a, b) => a.choice - b.choice)]),
    );
    const events = threads.map((steps) =>
      steps.map((s): Event => {
        if (s.kind === 'F') return { kind: 'F', tag: s.tag };
        const { location } = s;
        if (s.kind === 'W') return { kind: 'W', location, position: order[location].indexOf(s) + 1 };
        return read(location, s.choice % (order[location].length + 1));
      }),
    );
    return { threads: events, dependencies: [] };
  });
