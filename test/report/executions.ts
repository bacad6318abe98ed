import fc from 'fast-check';
import type { Execution } from '../../src/check/index.js';
import { type EventId, eventId, type GraphEvent } from '../../src/execution/index.js';
import type { PathStep, StepKind } from '../../src/explain/outcome/explained-path.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { type Picture, type PictureRelation, pictureRelationNames } from '../../src/report/index.js';

/** A picture of an execution that no engine has made, under names of any length. */
export interface Drawn {
  readonly picture: Picture;
  readonly test: LitmusTest;
  readonly shown: ReadonlySet<PictureRelation>;
}

interface Size {
  readonly cpus: number;
  /** At least, and at most. */
  readonly perCpu: readonly [number, number];
  readonly cells: number;
  /** Reads and writes as if the CPUs took turns; else as they come. */
  readonly takesTurns?: boolean;
}

type Draft = { kind: GraphEvent['kind']; cell: number; tags: string[]; handler: boolean };

/**
 * Random executions to draw: events, reads-from, coherence orders, dependencies and cycles as they come,
 * whether or not a model allows them; handlers that run within one another; and a choice of relations.
 */
export function drawings({ cpus, perCpu, cells, takesTurns = false }: Size): fc.Arbitrary<Drawn> {
  const draft = fc.record({
    kind: fc.constantFrom('read', 'write', 'fence') as fc.Arbitrary<Draft['kind']>,
    cell: fc.nat(cells - 1),
    tags: fc.subarray(['Acquire', 'Release', 'Once', 'MB'], { maxLength: 2 }),
    handler: fc.boolean(),
  });
  return fc
    .record({
      lanes: fc.array(fc.array(draft, { minLength: perCpu[0], maxLength: perCpu[1], size: 'max' }), {
        minLength: 1,
        maxLength: cpus,
        size: 'max',
      }),
      names: fc.constantFrom(...nameLengths),
      // Taken in turn, and again from the first.
      choices: fc.array(fc.nat(1 << 20), { minLength: 1, maxLength: 200, size: 'max' }),
      hasCycle: fc.boolean(),
      isOrdered: fc.boolean(),
      shown: fc.oneof(
        fc.constant<PictureRelation[]>([...pictureRelationNames]),
        fc.subarray<PictureRelation>([...pictureRelationNames]),
      ),
    })
    .map(({ lanes, names, choices, hasCycle, isOrdered, shown }) => {
      let taken = 0;
      const choose = (n: number) => choices[taken++ % choices.length] % n;
      const test = testOf(lanes.length, names.slice(0, cells));
      const random = executionOf(lanes, test, choose);
      const execution = takesTurns ? inTurns(random, choose) : random;
      const cycle = hasCycle ? cycleOf(execution, choose) : [];
      const reorderings = cycle.flatMap(({ kind, from, to }) =>
        kind === 'po' && choose(2) === 0 ? [{ first: from, second: to }] : [],
      );
      const order = execution.graph.events.map((_, id) => eventId(id)).slice(execution.graph.initial);
      const picture: Picture = {
        heading: `${'random '.repeat(choose(12))}under a model`,
        asked: 'exists (0:r0=1 /\\ '.repeat(1 + choose(20)),
        verdict: hasCycle ? 'forbidden by a check' : 'can happen',
        isForbidden: hasCycle,
        execution,
        cycle,
        reorderings,
        ...(isOrdered ? { order: shuffled(order, choose) } : {}),
      };
      return { picture, test, shown: new Set(shown) };
    });
}

type Choose = (n: number) => number;

/** Lengths of the names of locations: short, long, and both. */
const nameLengths = [
  [9, 9, 9],
  [9, 70, 20],
  [40, 40, 40],
];

/** By what they are made of: they are all alike, but for names and numbers. */
const tests = new Map<string, LitmusTest>();

/** A handler for each CPU, and a location for each length of a name. */
function testOf(cpus: number, names: readonly number[]): LitmusTest {
  const key = `${cpus} ${names}`;
  const known = tests.get(key);
  if (known) return known;
  const locations = names.map((length, cell) => `place${cell}___${'_long'.repeat(20)}`.slice(0, length));
  const list = [...Array(cpus).keys()];
  const parameters = locations.map((name) => `int *${name}`).join(', ');
  const uses = locations.map((name) => `WRITE_ONCE(*${name}, 1);`).join(' ');
  const threads = list.map((cpu) => `P${cpu}(${parameters}) { ${uses} }`);
  const handlers = list.map((cpu) => `__nmi(P${cpu}) P${cpus + cpu}(${parameters}) { ${uses} }`);
  const test = parseLitmus(`C drawn\n{}\n${[...threads, ...handlers].join('\n')}\nexists (true)\n`);
  tests.set(key, test);
  return test;
}

function executionOf(lanes: readonly (readonly Draft[])[], test: LitmusTest, choose: Choose): Execution {
  const { cells } = test.program;
  const part = new Int32Array(0);
  const events: GraphEvent[] = cells.map((_, cell) => ({
    kind: 'write',
    cpu: -1,
    cell: cell as GraphEvent['cell'],
    tags: [],
    part,
  }));
  const starts: number[] = [];
  const add = (cpu: number, thread: number, draft: Omit<Draft, 'handler'>) => {
    const cell = (draft.kind === 'fence' ? -1 : draft.cell) as GraphEvent['cell'];
    events.push({ ...draft, cpu, thread: thread as GraphEvent['thread'], cell, part } as GraphEvent);
  };
  lanes.forEach((drafts, cpu) => {
    starts.push(events.length);
    let depth = 0;
    const boundary = (tag: string) => add(cpu, lanes.length + cpu, { kind: 'fence', cell: 0, tags: [tag] });
    for (const draft of drafts) {
      if (draft.handler && depth < 2 && choose(2) === 0) {
        depth++;
        boundary('IntEntry');
      }
      add(cpu, depth > 0 ? lanes.length + cpu : cpu, draft);
      if (!draft.handler && depth > 0) {
        depth--;
        boundary('IntReturn');
      }
    }
  });
  starts.push(events.length);
  return complete(events, starts, test, choose);
}

function complete(
  events: readonly GraphEvent[],
  starts: readonly number[],
  { program }: LitmusTest,
  choose: Choose,
): Execution {
  const initial = program.cells.length;
  const ids = events.map((_, id) => eventId(id));
  const coherence = new Map(
    program.cells.map((_, cell) => {
      const writes = ids.filter((id) => events[id].kind === 'write' && events[id].cell === cell);
      const [first, ...others] = writes;
      return [cell as never, [first, ...shuffled(others, choose)]];
    }),
  );
  const pairs = (kinds: readonly string[]) =>
    ids.flatMap((to) => {
      const before = ids.filter((from) => from < to && events[from].cpu === events[to].cpu);
      const from = before.filter((one) => events[one].kind === 'read' && events[one].cpu >= 0);
      const isMeant = from.length > 0 && kinds.includes(events[to].kind) && choose(3) === 0;
      return isMeant ? [[from[choose(from.length)], to] as const] : [];
    });
  const errors = ids.filter((id) => id >= initial && choose(20) === 0);
  return {
    graph: {
      cells: program.cells,
      events,
      initial,
      starts,
      addr: pairs(['read', 'write']),
      data: pairs(['write']),
      ctrl: pairs(['read', 'write', 'fence']),
      rmw: pairs(['write']),
      choice: pairs(['read', 'write', 'fence']),
      decisions: [],
      constraints: [],
      registers: [],
    },
    values: events.map(({ kind }) => (kind === 'fence' ? undefined : BigInt(choose(100)))),
    sources: events.map(({ kind, cell }) => {
      const writes = coherence.get(cell as never) ?? [];
      return kind === 'read' ? writes[choose(writes.length)] : undefined;
    }),
    coherence,
    orders: [],
    errors: errors.map((event) => ({ name: 'use-after-free', event })),
  };
}

/** The same events, each taking effect at once, in an order that keeps the CPUs'. */
function inTurns(execution: Execution, choose: Choose): Execution {
  const { events, initial, starts } = execution.graph;
  const coherence = new Map(events.slice(0, initial).map(({ cell }, id) => [cell as never, [eventId(id)]]));
  const sources: (EventId | undefined)[] = events.map(() => undefined);
  const next = starts.slice(0, -1);
  const waiting = () => [...next.keys()].filter((cpu) => next[cpu] < starts[cpu + 1]);
  for (let cpus = waiting(); cpus.length > 0; cpus = waiting()) {
    const cpu = cpus[choose(cpus.length)];
    const event = eventId(next[cpu]++);
    const writes = coherence.get(events[event].cell as never);
    if (events[event].kind === 'write') writes?.push(event);
    if (events[event].kind === 'read') sources[event] = writes?.[writes.length - 1];
  }
  return { ...execution, sources, coherence };
}

/** Steps of every kind, between events that they may be between. */
function cycleOf({ graph: { events, initial } }: Execution, choose: Choose): PathStep[] {
  const ids = events.map((_, id) => eventId(id));
  const own = ids.slice(initial);
  if (own.length < 2) return [];
  const kinds: StepKind[] = [
    'po',
    'rf',
    'co',
    'fr',
    'addr',
    'data',
    'ctrl',
    'choice',
    'might',
    'rmw',
    'other',
  ];
  return Array.from({ length: 1 + choose(8) }, (): PathStep => {
    const kind = kinds[choose(kinds.length)];
    const from = own[choose(own.length)];
    const after = own.filter((to) => to > from && events[to].cpu === events[from].cpu);
    const isOrdered = ['po', 'addr', 'data', 'ctrl', 'choice', 'might', 'rmw'].includes(kind);
    if (isOrdered && after.length > 0) return { kind, from, to: after[choose(after.length)], via: [] };
    const to = (choose(6) === 0 ? ids : own)[choose(own.length)] as EventId;
    return {
      kind: isOrdered ? 'rf' : kind,
      from,
      to,
      via: [],
      ...(kind === 'other' ? { relation: 'po^-1' } : {}),
    };
  });
}

function shuffled<T>(items: readonly T[], choose: Choose): T[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = choose(at + 1);
    [result[at], result[other]] = [result[other], result[at]];
  }
  return result;
}
