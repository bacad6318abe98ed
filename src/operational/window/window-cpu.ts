import type { Reach } from '../../program/index.js';
import {
  asRead,
  type CellId,
  type Code,
  idleLoops,
  initialState,
  isJunk,
  type Liveness,
  readAt,
  type Symbolic,
  substitute,
  type Value,
  type ValueId,
  type ValueTable,
} from '../../program/index.js';
import { entered, type Front, type IssueRules, placeOf } from './front.js';
import { conditionalIssued, graceIssued, loadIssued, type Settled, settle } from './issue.js';
import { NONE, type SetId } from './load-sets.js';
import { choices, type Move, type MoveRules, movesOf, performs, type Source } from './moves.js';
import { awaited, type Prospect, withoutOver, withStarted } from './read-side-sections.js';
import {
  type Content,
  type Control,
  type CpuState,
  type Frame,
  type Hold,
  mapped,
  type Pending,
  placeOfSlot,
  separates,
  slotAt,
  sourceOf,
  stateKey,
  without,
  ZERO,
} from './window-state.js';

declare const brand: unique symbol;
/** All that a CPU remembers, as a small number: dense, per CPU. */
export type CpuId = number & { readonly [brand]: 'cpu' };

/** A CPU's state, and what is asked of it again and again. */
export interface CpuRecord extends Touched, Prospect {
  readonly state: CpuState;
  readonly front: Front;
  readonly moves: readonly Move[];
  /** The moves are choices to make at once, whatever the other CPUs do. */
  readonly choosing: boolean;
  /** Every thread on it is through and nothing waits. */
  readonly final: boolean;
  /** Atomic pairs that have read and will write. */
  readonly held: readonly Held[];
  /** Locations that no other CPU may write before a load of it performs. */
  readonly bound: readonly CellId[];
  /** Locations where another CPU's write breaks an atomic pair: its read has performed, its write is not issued. */
  readonly linked: readonly CellId[];
  /** The ranges of atomic pairs that are of more than one location, from when their reads are issued. */
  readonly locked: ReadonlySet<CellId>;
  /** The CPUs whose grace periods wait for its sections, a bit for each. */
  readonly awaitedBy: number;
  /** Whether it depends on loads of other CPUs that wait. */
  readonly foreign: boolean;
}

/** An atomic pair that has read: where it will write, and where no other CPU may store before. */
export interface Held {
  readonly cell: CellId;
  readonly range: readonly CellId[];
}

/** Whether neither of two pairs on different CPUs could ever write. */
export function excludes(one: Held, other: Held): boolean {
  return one.range.includes(other.cell) && other.range.includes(one.cell);
}

/** What a CPU can still do to memory, whatever it reads. */
interface Touched {
  /** Locations that it can still read, write or access. */
  readonly reads: ReadonlySet<CellId>;
  readonly writes: ReadonlySet<CellId>;
  readonly accesses: ReadonlySet<CellId>;
  /** Those that it can access with what it issues from now on, before the next MB. */
  readonly ahead: ReadonlySet<CellId>;
}

/** What was found out about a CPU: the state after a move, or after what other CPUs have done. */
export type Fact = { readonly cpu: number; readonly id: CpuId; readonly found: CpuId } & (
  | {
      readonly kind: 'after';
      readonly move: number;
      readonly read: ValueId;
      readonly deps: SetId;
      readonly isRound: boolean;
    }
  | { readonly kind: 'forget'; readonly of: number; readonly slot: number; readonly source: SetId }
  | { readonly kind: 'unlinked'; readonly cell: CellId }
);

export interface CpuRules extends IssueRules, MoveRules {
  /** By place: what its thread can touch from each instruction on, and at all. */
  readonly reach: readonly (readonly Reach[])[];
  readonly all: readonly Reach[];
  /** By place: what its thread can come to from each instruction on. */
  readonly prospects: readonly (readonly Prospect[])[];
  /** Whether steps may be left out by what is known of the handbook's table. */
  readonly reduces: boolean;
  readonly valueTable: ValueTable;
  readonly liveness: Liveness;
  /** Called now and then, as states are met; what it throws ends what is going on. */
  readonly poll: () => void;
  /** Told of each fact once. */
  readonly learnt: (fact: Fact) => void;
}

/** States of one CPU between two calls of `poll`; and what each takes, about, with all that is known of it. */
const POLL_INTERVAL = 512;
const BYTES = 2200;

/**
 * A CPU as a finite automaton over memory: its states are numbered as they are met, and what follows from a state, a move and what is
 * read is computed once.
 */
export class AlphaCpu {
  private readonly records: CpuRecord[] = [];
  private readonly byKey = new Map<string, CpuId>();
  private readonly successors: Map<number, number>[] = [];
  private readonly forgotten = new Map<string, CpuId>();
  private readonly loops = new Map<Code, ReadonlyMap<number, number>>();
  private readonly broken = new Map<string, CpuId>();
  private readonly viability: (boolean | undefined)[] = [];
  readonly initial: CpuId;

  constructor(
    private readonly rules: CpuRules,
    cells: number,
  ) {
    const held = (value: Value) => ({ value: { kind: 'constant', value } as const, deps: NONE });
    const contexts = rules.threads.map((thread) => {
      const { frames, allocated, regions } = initialState<Content, readonly Control[]>(thread, held, []);
      return { frames, allocated, regions, ended: false, taken: [] };
    });
    const causes = {
      cells: Array.from({ length: cells }, () => NONE),
      accesses: NONE,
      writes: NONE,
      mb: NONE,
      wmb: NONE,
      addresses: NONE,
    };
    this.initial = this.intern({
      contexts,
      active: [],
      ran: 0,
      declined: false,
      window: [],
      sections: [],
      waiting: false,
      causes,
    });
  }

  /** Bytes, about, of what is known of its states. */
  get bytes(): number {
    return this.records.length * BYTES;
  }

  record(id: CpuId): CpuRecord {
    return this.records[id];
  }

  /** The state after a move. For one that reads memory: what it reads there, and what that depends on. */
  after(id: CpuId, move: number, read: ValueId, deps: SetId): CpuId {
    return (this.edge(id, move, read, deps) >> 1) as CpuId;
  }

  /** Whether the CPU may come round in a circle by a move. */
  isRound(id: CpuId, move: number, read: ValueId, deps: SetId): boolean {
    return (this.edge(id, move, read, deps) & 1) === 1;
  }

  /**
   * Whether a move only takes the CPU round a loop that waits, so that nothing is lost without it: it comes back to the state that it is in;
   * or to the head of a loop, by a guess of what loads of that round return that wait.
   */
  isIdle(id: CpuId, number: number, [read, deps]: readonly [ValueId, SetId]): boolean {
    if (!this.rules.loops) return false;
    const move = this.records[id].moves[number];
    if (move.kind === 'read') return this.after(id, number, read, deps) === id;
    if (move.kind !== 'predict') return false;
    const { state, front } = this.records[this.after(id, number, read, deps)];
    const [{ frames }] = state.contexts;
    if (front.kind !== 'load' || state.active.length > 0 || frames.length > 1) return false;
    const [{ code, pc }] = frames;
    const end = this.idle(code).get(pc);
    if (end === undefined) return false;
    const originOf = (entry: Pending): number => ('origin' in entry ? entry.origin - front.origin : -1);
    const start = state.window.findLastIndex((entry) => entry.kind === 'load' && originOf(entry) === 0);
    return (
      start >= 0 &&
      state.window.slice(start + 1).every((entry) => {
        const place = originOf(entry);
        return entry.kind === 'load' && place > 0 && place <= end - pc;
      })
    );
  }

  private idle(code: Code): ReadonlyMap<number, number> {
    let loops = this.loops.get(code);
    if (!loops) {
      loops = idleLoops(code, this.rules.liveness);
      this.loops.set(code, loops);
    }
    return loops;
  }

  /** `state after << 1 | isRound` */
  private edge(id: CpuId, move: number, read: ValueId, deps: SetId): number {
    const key = (move * 0x10000 + read) * 0x10000 + deps;
    let found = this.successors[id].get(key);
    if (found === undefined) {
      const { state, front, isRound } = this.settled(
        this.moved(this.records[id], this.records[id].moves[move], read, deps),
      );
      const next = this.number(state, front);
      found = (next << 1) | (isRound ? 1 : 0);
      this.successors[id].set(key, found);
      this.rules.learnt({ kind: 'after', cpu: this.rules.cpu, id, move, read, deps, found: next, isRound });
    }
    return found;
  }

  /** The state once the load in a slot of another CPU has performed (`DependencySets.performed`). */
  forget(id: CpuId, cpu: number, slot: number, source: SetId): CpuId {
    const key = `${id},${cpu},${slot},${source}`;
    let found = this.forgotten.get(key);
    if (found === undefined) {
      const { sets } = this.rules;
      const sub = (set: SetId): SetId => sets.performed(set, cpu, slot, source);
      found = this.intern(
        mapped(
          this.records[id].state,
          sub,
          (value) => value,
          (hold) => hold,
        ),
      );
      this.forgotten.set(key, found);
      this.rules.learnt({ kind: 'forget', cpu: this.rules.cpu, id, of: cpu, slot, source, found });
    }
    return found;
  }

  /** The state once another CPU has written a location whose pairs this breaks. */
  unlinked(id: CpuId, cell: CellId): CpuId {
    const key = `${id},${cell}`;
    let found = this.broken.get(key);
    if (found === undefined) {
      const { link, midway, ...rest } = this.records[id].state;
      const broken = (pair: NonNullable<typeof midway>): typeof pair =>
        rangeRead(pair.hold).includes(cell) ? { cell: pair.cell } : pair;
      found = this.intern({
        ...rest,
        ...(link ? { link: broken(link) } : {}),
        ...(midway ? { midway: broken(midway) } : {}),
      });
      this.broken.set(key, found);
      this.rules.learnt({ kind: 'unlinked', cpu: this.rules.cpu, id, cell, found });
    }
    return found;
  }

  /** The state once the grace periods of the CPUs in `mask` have begun to wait for the sections that have started. */
  awaited(id: CpuId, mask: number): CpuId {
    const { state } = this.records[id];
    const next = awaited(state, mask);
    return next === state ? id : this.intern(next);
  }

  /** Whether what must happen can, as far as that is the CPU's own business. */
  isViable(id: CpuId): boolean {
    const known = this.viability[id];
    if (known !== undefined) return known;
    const { state, moves } = this.records[id];
    // Going round in a circle brings nothing about.
    this.viability[id] = false;
    let viable: boolean | undefined;
    try {
      viable =
        !state.must ||
        moves.some((move, number) =>
          performs(move) ? true : this.isViable(this.after(id, number, 0 as ValueId, NONE)),
        );
    } finally {
      // Still open when the search for a way was broken off.
      this.viability[id] = viable;
    }
    return viable;
  }

  private moved({ state, front }: CpuRecord, move: Move, read: ValueId, deps: SetId): CpuState {
    switch (move.kind) {
      case 'read':
        return this.readAtOnce(
          this.bound(withStarted(unbound(state), state.window.length), move, state.window.length),
          move,
          read,
          deps,
        );
      case 'postpone':
        return this.postponed(state, front as Front & { kind: 'load' });
      case 'load':
        return this.loaded(this.bound(withStarted(unbound(state), move.at), move, move.at), move, read, deps);
      case 'store':
        return without(withStarted(unbound(state), move.at), (at) => at === move.at);
      case 'predict':
        return { ...this.predicted(state, move.slot, move.value), must: move.must };
      case 'conditional':
        return conditionalIssued(state, move.success, this.rules);
      case 'grace':
        return move.ends ? graceIssued(state, this.rules) : { ...state, waiting: true, declined: false };
      case 'enter':
        return entered(state, move.place);
      case 'decline':
        return { ...state, declined: true };
    }
  }

  /**
   * The state when a load performs: where loads of one location keep order only if they return different writes, those ahead of it
   * that wait are to return the same as it does.
   */
  private bound(state: CpuState, { cell, source }: Move & { kind: 'read' | 'load' }, at: number): CpuState {
    if (this.rules.orders.of('other-write') === 0) return state;
    const binds = (entry: Pending, place: number): entry is Pending & { kind: 'load' } =>
      entry.kind === 'load' && entry.cell === cell && place < at && place > (source?.at ?? -1);
    if (!state.window.some(binds)) return state;
    const window = state.window.map((entry, place) =>
      binds(entry, place) ? { ...entry, bound: true as const } : entry,
    );
    return { ...state, window };
  }

  private readAtOnce(
    state: CpuState,
    { source }: Move & { kind: 'read' },
    read: ValueId,
    deps: SetId,
  ): CpuState {
    const { sets } = this.rules;
    const value = this.returned(source, read);
    const after = misledBy(value, state, placeOf(state));
    return loadIssued(
      after,
      { value, deps: source ? sets.causes(source.deps) : deps },
      undefined,
      this.rules,
    );
  }

  private postponed(state: CpuState, { cell, origin, deps, mark }: Front & { kind: 'load' }): CpuState {
    const { sets, cpu, orders, traces } = this.rules;
    const slot = slotAt(state.window, state.window.length);
    const isOrdered = orders.of('data') !== 0;
    const content = { value: readAt(slot), deps: sets.single(cpu, slot, isOrdered, traces) };
    const place = placeOf(state);
    const entry: Pending = { kind: 'load', cell, origin, place, deps, ...(mark && { mark }) };
    const issued = loadIssued(state, content, slot, this.rules);
    return {
      ...issued,
      window: [...state.window, entry],
      must: { kind: 'after', at: state.window.length + 1 },
    };
  }

  /** The load leaves the window: what depends on it depends on what its source depends on. */
  private loaded(state: CpuState, move: Move & { kind: 'load' }, read: ValueId, deps: SetId): CpuState {
    const { sets, cpu } = this.rules;
    const { slot, source } = move;
    const value = this.returned(source, read);
    const from = source ? sets.causes(source.deps) : deps;
    const moved = (other: number): number => (other > slot ? other - 1 : other);
    // What is forwarded was issued before the load, and so depends on earlier slots only.
    const next = mapped(
      state,
      (set) => sets.performed(set, cpu, slot, from),
      (old) => substitute(old, (r) => ((r as number) === slot ? value : readAt(moved(r)))),
      ({ slot: own, range }): Hold =>
        own === undefined || own === slot ? { range } : { slot: moved(own), range },
    );
    const { place } = state.window[move.at] as Pending & { kind: 'load' };
    return without(waitedFor(misledBy(value, next, place, slot), slot), (at) => at === move.at);
  }

  /** What a load returns that is served by the CPU's own store, or finds `read` in memory. */
  private returned(source: Source | undefined, read: ValueId): Symbolic {
    const found = source?.value ?? ({ kind: 'constant', value: this.rules.valueTable.value(read) } as const);
    return found.kind === 'constant' ? { kind: 'constant', value: asRead(found.value) } : found;
  }

  private predicted(state: CpuState, slot: number, value: Value): CpuState {
    const place = placeOfSlot(state.window, slot);
    const entry = state.window[place] as Pending & { kind: 'load' };
    const known: Symbolic = { kind: 'constant', value };
    const next = mapped(
      state,
      (set) => set,
      (old) => substitute(old, (r) => ((r as number) === slot ? known : readAt(r))),
      (hold) => hold,
    );
    return {
      ...next,
      window: next.window.with(place, { ...entry, predicted: this.rules.valueTable.id(value) }),
    };
  }

  private intern(start: CpuState): CpuId {
    const { state, front } = this.settled(start);
    return this.number(state, front);
  }

  private settled(start: CpuState): Settled {
    const { state, front, isRound } = settle(tidy(start), this.rules);
    return { state: this.canonical(tidy(state)), front, isRound };
  }

  private number(state: CpuState, front: Front): CpuId {
    const key = stateKey(state, this.rules.codeId);
    let id = this.byKey.get(key);
    if (id === undefined) {
      id = this.records.length as CpuId;
      if (id % POLL_INTERVAL === POLL_INTERVAL - 1) this.rules.poll();
      this.byKey.set(key, id);
      this.records.push(this.recordOf(state, front));
      this.successors.push(new Map());
    }
    return id;
  }

  private recordOf(state: CpuState, front: Front): CpuRecord {
    const chosen = choices(front);
    const touched = this.touched(state, front);
    const { sets, cpu } = this.rules;
    let foreign = false;
    const look = (set: SetId): SetId => {
      foreign ||= sets.isForeign(set, cpu);
      return set;
    };
    mapped(
      state,
      look,
      (value) => value,
      (hold) => hold,
    );
    return {
      state,
      front,
      moves: chosen ?? movesOf(state, front, this.rules).filter((move) => this.isOfUse(state, move, touched)),
      choosing: chosen !== undefined,
      final: front.kind === 'end' && state.window.length === 0,
      held: heldBy(state),
      bound: state.window.flatMap((entry, at) =>
        entry.kind === 'load' && entry.bound && sourceOf(state.window, entry.cell, at) < 0
          ? [entry.cell]
          : [],
      ),
      linked: [state.link, state.midway].flatMap((pair) => rangeRead(pair?.hold)),
      locked: lockedBy(state),
      awaitedBy: state.sections.reduce((mask, section) => mask | section.awaitedBy, 0),
      foreign,
      ...touched,
      ...this.prospect(state),
    };
  }

  /**
   * Whether an access that is issued later could overtake all that waits, if what a move makes wait does, too. Table 5-1 keeps it behind
   * accesses to its location, but for a load that is served by a store; and a store behind a WMB.
   */
  private isOfUse({ window }: CpuState, move: Move, { reads, writes, ahead }: Touched): boolean {
    if (!this.rules.reduces) return true;
    const isGuess = move.kind === 'predict' && move.must.kind === 'after';
    if (move.kind !== 'postpone' && !isGuess) return true;
    const passes = (cell: CellId, isLoad: boolean): boolean =>
      window.every((entry) => {
        if (entry.kind === 'barrier') return isLoad;
        return entry.cell !== cell || (isLoad && entry.kind === 'store');
      });
    return [...ahead].some((cell) => {
      if (move.kind === 'postpone' && move.cell === cell) return false;
      return (reads.has(cell) && passes(cell, true)) || (writes.has(cell) && passes(cell, false));
    });
  }

  /** What is still to come, in the own code and in handlers. */
  private prospect({ contexts }: CpuState): Prospect {
    const left = contexts.flatMap(({ frames, ended }, place) => {
      const table = this.rules.prospects[place];
      // Functions may have been called from anywhere.
      return ended ? [] : [table[frames.length > 1 ? 0 : frames[0].pc]];
    });
    return {
      sections: left.some(({ sections }) => sections),
      gracePeriods: left.some(({ gracePeriods }) => gracePeriods),
    };
  }

  private touched(state: CpuState, front: Front): Touched {
    const { contexts, active, ran, window } = state;
    const reads = new Set<CellId>();
    const writes = new Set<CellId>();
    const ahead = new Set<CellId>();
    contexts.forEach(({ frames, ended }, place) => {
      if (front.kind === 'dead' || ended || (place > 0 && (ran >> place) & 1 && !active.includes(place)))
        return;
      const { reach, all } = this.rules;
      const more = frames.length > 1 ? all[place] : reach[place][frames[0].pc];
      for (const cell of more.reads) reads.add(cell);
      for (const cell of more.writes) writes.add(cell);
      for (const cell of more.ahead) ahead.add(cell);
    });
    for (const cell of lockedBy(state)) reads.add(cell);
    for (const entry of window) {
      if (entry.kind === 'store') writes.add(entry.cell);
      if (entry.kind === 'load') reads.add(entry.cell);
    }
    return { reads, writes, accesses: new Set([...reads, ...writes]), ahead };
  }

  /** Forgets registers that are not used any more. */
  private canonical(state: CpuState): CpuState {
    const contexts = state.contexts.map((context) => ({
      ...context,
      frames: context.frames.map((frame): Frame => {
        const live = this.rules.liveness.at(frame.code, frame.pc);
        const target = frame.stage > 0 ? targetOf(frame) : -1;
        const registers = frame.registers.map((content, register) => {
          if (!live[register] && register !== target) return ZERO;
          // At the end only the value counts.
          return context.ended ? { value: content.value, deps: NONE } : content;
        });
        return { ...frame, registers, control: context.ended ? [] : frame.control };
      }),
    }));
    return { ...state, contexts };
  }
}

/** The state after a load of a context has returned a value: a fault that came later is none if that is junk. */
function misledBy(value: Symbolic, state: CpuState, place: number, slot?: number): CpuState {
  if (value.kind !== 'constant' || !isJunk(value.value)) return state;
  const { fault, ...context } = state.contexts[place];
  const stays = fault && !(slot !== undefined && slot < fault.slots);
  return {
    ...state,
    contexts: state.contexts.with(place, { ...context, misled: true, ...(stays ? { fault } : {}) }),
  };
}

/** The state when the load in a slot waits no more. */
function waitedFor(state: CpuState, slot: number): CpuState {
  if (!state.contexts.some(({ fault }) => fault && slot < fault.slots)) return state;
  return {
    ...state,
    contexts: state.contexts.map((context) => {
      const { fault } = context;
      return fault && slot < fault.slots
        ? { ...context, fault: { ...fault, slots: fault.slots - 1 } }
        : context;
    }),
  };
}

function targetOf({ code, pc }: Frame): number {
  const instruction = code.instructions[pc];
  return 'target' in instruction ? (instruction.target as number) : -1;
}

/** What had to happen is about to. */
function unbound(state: CpuState): CpuState {
  const { must: _, ...rest } = state;
  return rest;
}

/** Without barriers that separate nothing, sections that are over, and without branches that depend on no load that waits. */
function tidy(state: CpuState): CpuState {
  const keeps = state.window.map(
    (entry, at) => entry.kind !== 'barrier' || separates(state.window, at, entry.pairs),
  );
  const useless = keeps.includes(false);
  const shorter = withoutOver(useless ? without(state, (at) => !keeps[at]) : state);
  if (shorter.contexts.every((c) => c.frames.every((f) => f.control.every(({ deps }) => deps !== NONE))))
    return shorter;
  const contexts = shorter.contexts.map((context) => ({
    ...context,
    frames: context.frames.map((f) => ({ ...f, control: f.control.filter(({ deps }) => deps !== NONE) })),
  }));
  return { ...shorter, contexts };
}

function heldBy({ window }: CpuState): Held[] {
  return window.flatMap((entry) => {
    const range = entry.kind === 'store' ? rangeRead(entry.hold) : [];
    return entry.kind === 'store' && range.length > 0 ? [{ cell: entry.cell, range }] : [];
  });
}

/** The range of a pair whose read has performed. */
function rangeRead(hold: Hold | undefined): readonly CellId[] {
  return hold && hold.slot === undefined ? hold.range : [];
}

function lockedBy({ link, midway, window }: CpuState): ReadonlySet<CellId> {
  const pairs = [link, midway, ...window.map((entry) => (entry.kind === 'store' ? entry : undefined))];
  return new Set(pairs.flatMap((pair) => (pair?.hold && pair.hold.range.length > 1 ? pair.hold.range : [])));
}
