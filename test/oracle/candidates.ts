import type { Program, Value } from '../../src/program/index.js';
import { same, seen, show } from './arithmetic.js';
import { blockOf, cellsOf, type Guesses, type Run, type RunEvent, runsOf, TooMany } from './run.js';
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
}

export type Pair = readonly [number, number];

/** What a candidate execution is, but for rf and co. Events of one CPU stand together, in program order. */
export interface Skeleton {
  readonly events: readonly PlacedEvent[];
  readonly addr: readonly Pair[];
  readonly data: readonly Pair[];
  readonly ctrl: readonly Pair[];
  readonly rmw: readonly Pair[];
  /** By event: the 16 bytes that it accesses, or ''. */
  readonly blocks: readonly string[];
  /** By thread: what its registers hold at the end. */
  readonly registers: readonly (readonly Value[])[];
  readonly faulty: boolean;
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
 * All candidate executions of a program: every way of the threads under every guess of what reads return, all rf that
 * match the guesses, all orders of writes.
 * @throws TooMany when there are more than `limit`
 */
export function candidatesOf(program: Program, limit: number): Candidate[] {
  const runs = allRuns(program, limit);
  const found: Candidate[] = [];
  for (const choice of combinations(program, runs, limit)) {
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

/**
 * The runs of all threads, with guesses for each cell: its initial value and what any run can store there, to a
 * fixpoint. A value comes about through no more writes than there are instructions that write, as none is in a loop.
 */
function allRuns(program: Program, limit: number): Run[][] {
  const known = cellsOf(program).map((cell) => [seen(cell.initial)]);
  const guesses: Guesses = (cell) => known[cell];
  const instructions = program.threads.flatMap((thread) => thread.code.instructions);
  const writers = instructions.filter(({ kind }) =>
    ['store', 'rmw', 'store-conditional', 'free'].includes(kind),
  );
  let runs: Run[][] = [];
  for (let round = 0; round <= writers.length; round++) {
    const found = program.threads.map((thread) => runsOf(program, thread, guesses, limit));
    runs = found.map((one) => one.runs);
    let grew = false;
    for (const { cell, value } of found.flatMap(({ written }) => written)) {
      if (known[cell].some((other) => same(other, seen(value)))) continue;
      known[cell].push(seen(value));
      grew = true;
    }
    if (!grew) break;
  }
  return runs;
}

/** One run a thread, in all ways in which every value that is read is also written, or initial. */
function combinations(program: Program, runs: readonly (readonly Run[])[], limit: number): Run[][] {
  if (count(runs) > 100 * limit) throw new TooMany();
  const bits = new Map<string, bigint>();
  const bitOf = (cell: number, value: Value): bigint => {
    const key = `${cell}=${show(value)}`;
    const known = bits.get(key) ?? 1n << BigInt(bits.size);
    bits.set(key, known);
    return known;
  };
  const maskOf = (run: Run, kind: RunEvent['kind']): bigint =>
    run.events.reduce((mask, e) => (e.kind === kind ? mask | bitOf(e.cell, seen(e.value)) : mask), 0n);
  const initial = cellsOf(program).reduce((mask, cell, index) => mask | bitOf(index, seen(cell.initial)), 0n);
  const masked = runs.map((ways) =>
    ways.map((run) => ({ run, written: maskOf(run, 'W'), read: maskOf(run, 'R') })),
  );
  const found: Run[][] = [];
  const pick = (chosen: readonly Run[], written: bigint, read: bigint): void => {
    if (chosen.length === masked.length) {
      if ((read & ~written) === 0n) found.push([...chosen]);
      return;
    }
    for (const way of masked[chosen.length])
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
  const cells = cellsOf(program);
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
      } else {
        const tags = [index === 'entry' ? 'IntEntry' : 'IntReturn'];
        events.push({ kind: 'F', cpu, cell: -1, value: 0n, tags });
      }
    }
  });
  const pairs = (readsBefore: (event: RunEvent) => Iterable<number>): Pair[] =>
    choice.flatMap((run) =>
      run.events.flatMap((event) =>
        [...readsBefore(event)].map((read): Pair => [placeOf(run.events[read]), placeOf(event)]),
      ),
    );
  const placeOf = (event: RunEvent): number => place.get(event) as number;
  return {
    events,
    addr: pairs((event) => event.addr),
    data: pairs((event) => event.data),
    ctrl: pairs((event) => event.ctrl),
    rmw: pairs((event) => (event.pair === undefined || event.loose ? [] : [event.pair])),
    blocks: events.map(({ cell }) => (cell < 0 ? '' : blockOf(program, cell))),
    registers: choice.map((run) => run.registers),
    faulty: choice.some((run) => run.faulty),
  };
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
