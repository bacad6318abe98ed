/** What can be said of single executions that no answer about all of them says: in what circles they go. */
import type { ExecutionCollector, PartialExecution } from '../src/axiomatic/index.js';
import type { Model } from '../src/cat/index.js';
import {
  type CheckOptions,
  compileProposition,
  type FinalState,
  searchExecutions,
} from '../src/check/index.js';
import type { ExecutionGraph } from '../src/execution/index.js';
import { lowerPrimitives } from '../src/kernel/index.js';
import type { LitmusTest } from '../src/litmus/index.js';
import {
  type Observable,
  type Program,
  readsOf,
  UNKNOWN,
  type Value,
  type ValueId,
  ValueTable,
} from '../src/program/index.js';
import { seen, show } from '../test/oracle/arithmetic.js';
import { TooMany } from '../test/oracle/cells.js';
import { type Run, runsOf } from '../test/oracle/run.js';

type Pair = readonly [from: number, to: number];

/** One consistent execution. */
export interface Told {
  readonly state: FinalState;
  readonly flags: readonly string[];
  /** Whether a value depends on itself, through writes and reads. */
  readonly byData: boolean;
  /** Whether it does so at least in the text: herd7 does not know that `r - r` is 0. */
  readonly byDependency: boolean;
  /**
   * Whether what a read returns has a part, through a branch, in what is written there; and without the
   * branch it has not.
   */
  readonly byControl: boolean;
  /** Whether something is read that no thread would ever write, if nobody read it. */
  readonly isUnfounded: boolean;
}

/** All consistent executions of a test whose values are known. */
export function executionsOf(
  test: LitmusTest,
  model: Model,
  observables: readonly Observable[],
  options: CheckOptions,
): Told[] {
  const values = new ValueTable();
  const { target } = options;
  // As `check` has them: a model of the kernel's kind makes reads and writes of lock operations by itself.
  const locks = model.ordered ? ({ locks: 'events' } as const) : {};
  const program = target ? lowerPrimitives(test.program, { ...locks, ...target }) : test.program;
  const teller = new Teller(test, program, observables, values);
  searchExecutions(test, model, values, teller, options);
  return teller.told;
}

class Teller implements ExecutionCollector {
  readonly told: Told[] = [];
  private readonly founded: readonly ReadonlySet<string>[] | undefined;
  private readonly holds: ReturnType<typeof compileProposition>;

  constructor(
    test: LitmusTest,
    private readonly program: Program,
    private readonly observables: readonly Observable[],
    private readonly values: ValueTable,
  ) {
    this.holds = compileProposition(test.condition.proposition, values);
    this.founded = foundedValues(program);
  }

  settled(): boolean {
    return false;
  }

  found(execution: PartialExecution): boolean {
    const { graph } = execution;
    // What it is, is not said: the answer is told to be incomplete.
    if (graph.events.some(({ kind }, event) => kind !== 'fence' && execution.value(event) === UNKNOWN))
      return false;
    const reading = graph.events.flatMap(({ kind }, event): Pair[] =>
      kind === 'read' ? [[execution.source(event), event]] : [],
    );
    const byData = !isAcyclic([...valueEdges(graph), ...reading]);
    const byDependency = !isAcyclic([...graph.data, ...reading]);
    const decided = this.decidedIn(execution);
    const direct = [...graph.addr, ...graph.data, ...reading];
    const contentOf = (id: ValueId): Value => this.values.value(id);
    this.told.push({
      state: {
        values: this.observables.map((one) =>
          contentOf(
            one.kind === 'cell' ? execution.final(one.cell) : execution.register(one.thread, one.register),
          ),
        ),
        satisfies: this.holds(execution) === true,
      },
      flags: execution.flags(),
      byData,
      byDependency,
      byControl: !isAcyclic([...decided, ...reading]) && isAcyclic(direct),
      isUnfounded: graph.events.some(({ kind, cell }, event) => {
        if (kind !== 'read' || !this.founded) return false;
        return !this.founded[cell].has(show(seen(contentOf(execution.value(event) as ValueId))));
      }),
    });
    return false;
  }

  /** For each read, the events that it has a part in: each thread is run once more, with what it reads. */
  private decidedIn(execution: PartialExecution): Pair[] {
    const { events, starts } = execution.graph;
    return this.program.threads.flatMap((thread, cpu) => {
      const first = starts[cpu];
      const own = events.slice(first, starts[cpu + 1]);
      const guess = (_: number, place: number): Value[] => {
        if (own[place]?.kind !== 'read') return [];
        return [this.values.value(execution.value(first + place) as ValueId)];
      };
      const runs = runsOf(this.program, thread, guess, 1000);
      const run = runs.find((one) => isLike(one, own)) ?? runs.find((one) => waitsWithin(one, own));
      if (!run) throw new Error(`no run of ${thread.name} is like that of the execution`);
      return run.events
        .slice(0, own.length)
        .flatMap(({ decided }, at) => [...decided].map((read): Pair => [first + read, first + at]));
    });
  }
}

type Events = ExecutionGraph['events'];

function isLike({ events }: Run, own: Events): boolean {
  return events.length === own.length && areAlike(events, own);
}

/**
 * Whether a run waits for ever where the execution goes on: herd7 and its models only flag a grace period
 * that waits for a section of its own thread. What follows it counts as decided by nothing.
 */
function waitsWithin({ events, partial, done }: Run, own: Events): boolean {
  return partial && done <= own.length && areAlike(events.slice(0, done), own);
}

function areAlike(events: Run['events'], own: Events): boolean {
  const kinds = { R: 'read', W: 'write', F: 'fence' } as const;
  return events.every(({ kind, cell }, at) => kinds[kind] === own[at].kind && cell === own[at].cell);
}

/** What writes store of what reads return; `r ^ r` is nothing of `r`. */
function valueEdges({ events }: ExecutionGraph): Pair[] {
  return events.flatMap(({ value, part }, write) =>
    value ? readsOf(value).map((read): Pair => [part[read], write]) : [],
  );
}

function isAcyclic(pairs: readonly Pair[]): boolean {
  let left = pairs;
  for (;;) {
    const reached = new Set(left.map(([, to]) => to));
    const rest = left.filter(([from]) => reached.has(from));
    if (rest.length === left.length) return left.length === 0;
    left = rest;
  }
}

/** Runs of a thread, and rounds, past which it is not known what is founded. */
const MOST_RUNS = 2000;
const MOST_ROUNDS = 10;

/**
 * By cell, the values that threads come to write there from the initial ones on, each from what was written
 * before. Undefined where they are too many.
 */
function foundedValues(program: Program): ReadonlySet<string>[] | undefined {
  const known = program.cells.map(({ initial }) => new Map([[show(seen(initial)), seen(initial)]]));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = known.reduce((sum, { size }) => sum + size, 0);
    for (const thread of program.threads) {
      let runs: Run[];
      try {
        runs = runsOf(program, thread, (cell) => [...known[cell].values()], MOST_RUNS);
      } catch (error) {
        if (error instanceof TooMany) return undefined;
        throw error;
      }
      for (const { kind, cell, value } of runs.flatMap(({ events }) => events))
        if (kind === 'W') known[cell].set(show(seen(value)), seen(value));
    }
    if (known.reduce((sum, { size }) => sum + size, 0) === before)
      return known.map((values) => new Set(values.keys()));
  }
  return undefined;
}
