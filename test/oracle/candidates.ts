import type { Program, Value } from '../../src/program/index.js';
import { isFreed, isUnset, same, seen, show } from './arithmetic.js';
import { blockOf, TooMany } from './cells.js';
import { valuesOf } from './closure.js';
import { type Run, type RunEvent, runsOf } from './run.js';
import { isStuck, mayBeStuck } from './stuck.js';
import { Ways } from './ways.js';
import { type Action, weave } from './weave.js';

/** An event in its place in a candidate execution. */
export interface PlacedEvent {
  readonly kind: 'R' | 'W' | 'F';
  /** -1 for an initial write. */
  readonly cpu: number;
  readonly cell: number;
  readonly value: Value;
  readonly tags: readonly string[];
  readonly atomic?: 'rmw' | 'locked';
  /** What a thread does wrong here. */
  readonly wrong?: string;
}

export type Pair = readonly [number, number];

/** What a candidate execution is, but for rf and co. Events of one CPU stand together, in program order. */
export interface Skeleton {
  readonly events: readonly PlacedEvent[];
  readonly addr: readonly Pair[];
  readonly data: readonly Pair[];
  readonly ctrl: readonly Pair[];
  readonly choice: readonly Pair[];
  readonly might: readonly Pair[];
  readonly rmw: readonly Pair[];
  /** By event: the 16 bytes that it accesses, or ''. */
  readonly blocks: readonly string[];
  /** A read, and what it has any part in, also by what a branch gave a register. */
  readonly decided: readonly Pair[];
  /** The same for the same ways of the threads, interrupted at the same places. */
  readonly ways: string;
  /** By thread: what its registers hold at the end. */
  readonly registers: readonly (readonly Value[])[];
  /** Some thread waits: it is none of the program's executions, but what goes wrong in it counts. */
  readonly partial: boolean;
  /** Some thread waits for what nobody can give it. */
  readonly stuck: boolean;
}

/** One candidate: for each read its write, and the writes to each cell in order. */
export interface Candidate {
  readonly skeleton: Skeleton;
  /** By event: the write that a read reads from. */
  readonly rf: ReadonlyMap<number, number>;
  /** By cell, for those that are accessed: its writes, the initial one first. */
  readonly co: ReadonlyMap<number, readonly number[]>;
}

/**
 * All candidate executions of a program: every way of the threads under every guess of what reads return, all
 * rf that match the guesses, all orders of writes.
 * @throws TooMany when there are more than `limit`, or there is no end to what could be guessed
 */
export function candidatesOf(program: Program, limit: number): Candidate[] {
  const found: Candidate[] = [];
  for (const choice of combinations(possibleRuns(program, limit), limit)) {
    for (const skeleton of skeletons(program, choice)) {
      const sources = sourcesOf(skeleton);
      const orders = ordersOf(skeleton, limit);
      if (found.length + count(sources) * count(orders.map(({ ways }) => ways)) > limit) throw new TooMany();
      for (const rf of product(sources)) {
        for (const co of product(orders.map(({ ways }) => ways))) {
          found.push({
            skeleton,
            rf: new Map(rf),
            co: new Map(orders.map(({ cell }, index) => [cell, co[index]])),
          });
        }
      }
    }
  }
  return found;
}

/** A run with bits for what it writes and what it reads: a value at a cell each. */
interface Masked {
  readonly run: Run;
  readonly written: bigint;
  readonly read: bigint;
}

/**
 * More runs of one thread, and more combinations of them, are not looked at, relative to the limit: most
 * guesses match no write.
 */
const RUNS = 20;
const COMBINED = 200;

/** The runs of each thread, and the bits of what is there from the start. */
interface Possible {
  readonly runs: readonly (readonly Masked[])[];
  readonly initial: bigint;
}

/**
 * The runs of all threads, but those with a guess that no run of any thread writes, which are taken away
 * until none is left: a guess that is true is written in the same execution, by a run of which the same can
 * be said.
 */
function possibleRuns(program: Program, limit: number): Possible {
  const values = valuesOf(program);
  const ways = new Ways(program);
  const bits = new Map<string, bigint>();
  const bitOf = ({ cell, value }: Pick<RunEvent, 'cell' | 'value'>): bigint => {
    const key = `${cell}=${show(seen(value))}`;
    const known = bits.get(key) ?? 1n << BigInt(bits.size);
    bits.set(key, known);
    return known;
  };
  const maskOf = (run: Run, kind: RunEvent['kind']): bigint =>
    run.events.reduce((mask, event) => (event.kind === kind ? mask | bitOf(event) : mask), 0n);
  let runs = program.threads.map((thread) =>
    runsOf(program, thread, (cell) => values[cell], RUNS * limit, ways).map((run): Masked => {
      return { run, written: maskOf(run, 'W'), read: maskOf(run, 'R') };
    }),
  );
  const initial = program.cells.reduce((all, { initial: value }, cell) => all | bitOf({ cell, value }), 0n);
  for (let before = Number.NaN; before !== runs.flat().length; ) {
    before = runs.flat().length;
    const written = runs.flat().reduce((all, run) => all | run.written, initial);
    runs = runs.map((ways) => ways.filter(({ read }) => (read & ~written) === 0n));
  }
  const mayErr =
    program.cells.some(({ initial: value }) => isUnset(value)) ||
    runs.flat().some(({ run }) => isWrong(run) || mayBeStuck(program, run));
  if (!mayErr) runs = runs.map((ways) => ways.filter(({ run }) => !run.partial));
  // What is done with a value of which nothing is known may come to anything.
  if (runs.flat().some(({ run }) => run.open)) throw new TooMany();
  return { runs, initial };
}

function isWrong({ events }: Run): boolean {
  return events.some(({ kind, value, wrong }) => wrong !== undefined || (kind === 'W' && isFreed(value)));
}

/** One run a thread, in all ways in which every value that is read is also written, or initial. */
function combinations({ runs, initial }: Possible, limit: number): Run[][] {
  const writable = runs.map((_, thread) =>
    runs
      .slice(thread)
      .flat()
      .reduce((all, run) => all | run.written, 0n),
  );
  const found: Run[][] = [];
  let steps = 0;
  const pick = (chosen: readonly Run[], written: bigint, read: bigint): void => {
    if (++steps > COMBINED * limit) throw new TooMany();
    const later = writable[chosen.length] ?? 0n;
    if ((read & ~(written | later)) !== 0n) return;
    if (chosen.length === runs.length) found.push([...chosen]);
    else
      for (const way of runs[chosen.length])
        pick([...chosen, way.run], written | way.written, read | way.read);
  };
  pick([], initial, 0n);
  return found;
}

/** One run a thread, put together: in as many ways as interrupts can come. */
function skeletons(program: Program, choice: readonly Run[]): Skeleton[] {
  const mains = choice.filter(({ thread }) => !program.threads[thread].interrupt);
  const sequences = mains.map((main) =>
    weave(
      program,
      main,
      choice.filter(({ thread }) => program.threads[thread].interrupt?.on === main.thread),
    ),
  );
  return [...product(sequences)].map((cpus) => skeleton(program, choice, cpus));
}

function skeleton(program: Program, choice: readonly Run[], cpus: readonly Action[][]): Skeleton {
  const cells = program.cells;
  const accessed = cells
    .map((_, cell) => cell)
    .filter((cell) => choice.some((run) => run.events.some((event) => event.cell === cell)));
  const events: PlacedEvent[] = accessed.map((cell) => {
    return { kind: 'W', cpu: -1, cell, value: cells[cell].initial, tags: [] };
  });
  const place = new Map<RunEvent, number>();
  cpus.forEach((actions, cpu) => {
    for (const { run, index } of actions) {
      if (typeof index === 'number') {
        place.set(run.events[index], events.length);
        events.push({ ...run.events[index], cpu });
      } else events.push({ kind: 'F', cpu, cell: -1, value: 0n, tags: [betweenRuns[index]] });
    }
  });
  const pairs = (readsBefore: (event: RunEvent) => Iterable<number>): Pair[] =>
    choice.flatMap((run) =>
      run.events.flatMap((event) =>
        place.has(event)
          ? [...readsBefore(event)].map((read): Pair => [placeOf(run.events[read]), placeOf(event)])
          : [],
      ),
    );
  const placeOf = (event: RunEvent): number => place.get(event) as number;
  return {
    events,
    addr: pairs((event) => event.addr),
    data: pairs((event) => event.data),
    ctrl: pairs((event) => event.ctrl),
    choice: pairs((event) => event.choice),
    might: cpus.flatMap((actions) => mightPrecede(actions, placeOf)),
    rmw: pairs((event) => (event.pair === undefined || event.loose ? [] : [event.pair])),
    blocks: events.map(({ cell }) => (cell < 0 ? '' : blockOf(program, cell))),
    decided: pairs((event) => event.decided),
    ways: [...choice.map(({ way }) => way), ...cpus.map((actions) => orderOf(actions))].join(';'),
    registers: choice.map((run) => run.registers),
    partial: choice.some(({ partial }) => partial),
    stuck: isStuck(
      cpus,
      choice.filter(({ thread }) => !program.threads[thread].interrupt),
    ),
  };
}

const betweenRuns = { entry: 'IntEntry', return: 'IntReturn', unlock: 'rcu-unlock' } as const;

/**
 * Reads, and the writes of the CPU before which something might stand, on another way or at another place,
 * that they decide about.
 */
function mightPrecede(actions: readonly Action[], placeOf: (event: RunEvent) => number): Pair[] {
  const runs = [...new Set(actions.map(({ run }) => run))];
  return runs.flatMap((run) =>
    run.deciding.flatMap(({ at, reads, others }): Pair[] => {
      const last = actions.findIndex((action) => action.run === run && action.index === at - 1);
      // It does not come to that.
      if (last < 0 && at > 0) return [];
      const behind = actions.slice(last + 1).flatMap(({ run: of, index }) => {
        return typeof index === 'number' ? [of.events[index]] : [];
      });
      const isBarrier = (event: RunEvent, tag: string) => event.tags.includes(tag);
      const found = behind.filter((event, place) => {
        const between = behind.slice(0, place);
        const isOrdered =
          others.fences.has('MB') ||
          others.fences.has('WMB') ||
          (others.accesses && between.some((one) => isBarrier(one, 'MB'))) ||
          (others.writes && between.some((one) => isBarrier(one, 'WMB')));
        return event.kind === 'W' && (isOrdered || others.cells.has(event.cell));
      });
      return found.flatMap((write) =>
        [...reads].map((read): Pair => [placeOf(run.events[read]), placeOf(write)]),
      );
    }),
  );
}

/** The places of interrupts among what a CPU does. */
function orderOf(actions: readonly Action[]): string {
  return actions.map(({ run, index }) => `${run.thread}:${index}`).join(' ');
}

/** For each read, the writes of the same value to the same cell, but not that of its own instruction. */
function sourcesOf({ events, rmw }: Skeleton): [read: number, write: number][][] {
  return events.flatMap((read, r) => {
    if (read.kind !== 'R') return [];
    const own = rmw.find(([first, second]) => first === r && events[second].atomic === 'rmw')?.[1];
    const fits = (write: PlacedEvent, w: number) =>
      w !== own && write.kind === 'W' && write.cell === read.cell && same(seen(write.value), read.value);
    return [events.flatMap((write, w): [number, number][] => (fits(write, w) ? [[r, w]] : []))];
  });
}

/** For each cell, all orders of its writes in which the initial one is first. */
function ordersOf({ events }: Skeleton, limit: number): { cell: number; ways: number[][] }[] {
  const initials = events.flatMap(({ cpu }, index) => (cpu < 0 ? [index] : []));
  return initials.map((first) => {
    const { cell } = events[first];
    const others = events.flatMap((e, w) => (e.kind === 'W' && e.cell === cell && w !== first ? [w] : []));
    // They are so many that they cannot even be listed.
    if (others.reduce((ways, _, index) => ways * (index + 1), 1) > limit) throw new TooMany();
    return { cell, ways: permutations(others).map((order) => [first, ...order]) };
  });
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((p) => [item, ...p]),
  );
}

function count(choices: readonly (readonly unknown[])[]): number {
  return choices.reduce((all, { length }) => all * length, 1);
}

/** One of each. */
function* product<Item>(choices: readonly (readonly Item[])[]): Generator<Item[]> {
  if (choices.length === 0) {
    yield [];
    return;
  }
  for (const item of choices[0]) for (const rest of product(choices.slice(1))) yield [item, ...rest];
}
