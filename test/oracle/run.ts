import type { Cell, Expression, Instruction, Program, Thread, Value } from '../../src/program/index.js';
import { compute, isJunk, mentioned, NoValue, nonZero, same } from './arithmetic.js';
import { meetingPoint } from './flow.js';
import { noticed, START, type Standing, stand } from './standing.js';

/** Indices of reads in the same run. */
export type Reads = ReadonlySet<number>;

/** One event of a thread that was run with a guess for every read. */
export interface RunEvent {
  readonly kind: 'R' | 'W' | 'F';
  /** -1 for a fence. */
  readonly cell: number;
  /** What is read or written; 0 for a fence. */
  readonly value: Value;
  readonly tags: readonly string[];
  readonly atomic?: 'rmw' | 'locked';
  readonly addr: Reads;
  readonly data: Reads;
  readonly ctrl: Reads;
  /** On the write of an atomic pair, its read. */
  readonly pair?: number;
  /** On the write of a store-conditional to another block than was locked: the two are apart. */
  readonly loose?: boolean;
}

/** One way that a thread can go, if its reads return what they do here. */
export interface Run {
  readonly thread: number;
  readonly events: readonly RunEvent[];
  readonly registers: readonly Value[];
  /** It ends at an access to no memory, or at an operation that has no value. */
  readonly faulty: boolean;
}

/** What a read of a cell may return. */
export type Guesses = (cell: number) => readonly Value[];

interface State {
  pc: number;
  steps: number;
  values: Value[];
  origins: Reads[];
  events: RunEvent[];
  /** Open branches: what decided them, and where their ways meet. */
  branches: { readonly meet: number | undefined; readonly reads: Reads }[];
  linked: number;
  /** By site: how many objects were allocated there. */
  allocated: Map<number, number>;
  standing: Standing;
  /** What is written on any way, also on one that comes to no end: the same list for all. */
  readonly written: RunEvent[];
}

type MemoryInstruction = Instruction & { readonly kind: 'load' | 'store' | 'rmw' | 'store-conditional' };

const MAX_STEPS = 200;
const none: Reads = new Set();

/** There are more ways to go than the oracle can follow. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
}

/** The ways through a thread to its end; and all writes, also those before a wait that never ends. */
export interface Runs {
  readonly runs: Run[];
  readonly written: readonly RunEvent[];
}

/**
 * Runs a thread in every way that the guesses allow. Knows no calls.
 * @throws TooMany when there are more than `limit`
 */
export function runsOf(program: Program, thread: Thread, guesses: Guesses, limit: number): Runs {
  const { code } = thread;
  const found: Run[] = [];
  const written: RunEvent[] = [];
  const end = (state: State, failed: boolean): void => {
    const { open, masked } = state.standing;
    // Where the run is over, so is its section; one that it should have ended makes it a faulty one.
    const faulty = failed || open > 0;
    if (open > 0 || masked) emit(state, { kind: 'F', cell: -1, value: 0n, tags: ['rcu-unlock'] });
    // What is done with junk is no fault of the program's.
    const misled = state.events.some(({ kind, value }) => kind === 'R' && isJunk(value));
    const own = faulty && !misled;
    found.push({ thread: thread.id, events: state.events, registers: state.values, faulty: own });
    if (found.length > limit) throw new TooMany();
  };
  const go = (state: State): void => {
    if (state.pc === code.instructions.length) {
      end(state, false);
      return;
    }
    try {
      for (const next of after(program, thread, state, guesses)) go(next);
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      end(state, true);
    }
  };
  const zero: Value = 0n;
  go({
    pc: 0,
    steps: 0,
    values: code.registers.map((_, index) => thread.initial.get(index as never) ?? zero),
    origins: code.registers.map(() => none),
    events: [],
    branches: [],
    linked: -1,
    allocated: new Map(),
    standing: START,
    written,
  });
  return { runs: found, written };
}

/** All states that one instruction can lead to. */
function after(program: Program, thread: Thread, before: State, guesses: Guesses): State[] {
  const { id, code } = thread;
  const state = cloned(before);
  if (++state.steps > MAX_STEPS) throw new Error('the oracle knows only short programs');
  state.branches = state.branches.filter(({ meet }) => meet !== state.pc);
  const instruction = code.instructions[state.pc++];
  switch (instruction.kind) {
    case 'assign':
      set(
        state,
        instruction.target,
        compute(instruction.value, state.values),
        from(state, instruction.value),
      );
      return [state];
    case 'fence': {
      const { about, tags } = instruction;
      const place = about ? { cell: cellAt(program, state, about), addr: from(state, about) } : { cell: -1 };
      emit(state, { kind: 'F', value: 0n, tags, ...place });
      return [state];
    }
    case 'region': {
      const { change } = instruction;
      const standing = stand(state.standing, change, thread.interrupt !== undefined);
      if (!standing) throw new NoValue('no way to stand');
      const bounds = noticed(state.standing, standing);
      const events =
        change === 'grace-period'
          ? [['sync-rcu-start'], ['sync-rcu-end']]
          : bounds.length > 0
            ? [bounds]
            : [];
      for (const tags of events) emit(state, { kind: 'F', cell: -1, value: 0n, tags });
      state.standing = standing;
      return [state];
    }
    case 'branch': {
      const reads = from(state, instruction.condition);
      const meet = code.controlScope === 'join' ? meetingPoint(code, before.pc) : undefined;
      if (reads.size > 0) state.branches.push({ meet, reads });
      if (nonZero(compute(instruction.condition, state.values))) state.pc = instruction.goto;
      return [state];
    }
    case 'await':
      return nonZero(compute(instruction.condition, state.values)) ? [state] : [];
    case 'jump':
      state.pc = instruction.goto;
      return [state];
    case 'allocate': {
      const count = state.allocated.get(instruction.site) ?? 0;
      state.allocated.set(instruction.site, count + 1);
      set(state, instruction.target, { symbol: instruction.objects[id][count], offset: 0 }, none);
      return [state];
    }
    case 'free':
      free(program, state, instruction.address, instruction.tags);
      return [state];
    case 'return':
      state.pc = code.instructions.length;
      return [state];
    case 'call':
    case 'primitive':
      throw new Error(`the oracle knows no ${instruction.kind}`);
    default:
      return memory(program, state, instruction, guesses);
  }
}

function free(program: Program, state: State, place: Expression, tags: readonly string[]): void {
  const address = compute(place, state.values);
  if (!nonZero(address) || isJunk(address)) return;
  const start = cellsOf(program).some(({ symbol }) => same({ symbol, offset: 0 }, address));
  if (!start) emit(state, { kind: 'F', cell: -1, value: 0n, tags: ['BadFree'] });
  else
    cellsOf(program).forEach(({ symbol }, cell) => {
      if (!same({ symbol, offset: 0 }, address)) return;
      emit(state, {
        kind: 'W',
        cell,
        value: { symbol: '(freed)', offset: 0 },
        tags,
        addr: from(state, place),
      });
    });
}

/** The cells of a program, and at the end one that junk points to. */
export function cellsOf({ cells }: Program): readonly Cell[] {
  const junk: Value = { symbol: '(junk)', offset: 0 };
  return [...cells, { ...junk, name: 'junk', type: { bits: 64, signed: true }, initial: junk }];
}

function memory(program: Program, state: State, instruction: MemoryInstruction, guesses: Guesses): State[] {
  const cell = cellAt(program, state, instruction.address);
  const addr = from(state, instruction.address);
  switch (instruction.kind) {
    case 'load':
      return guesses(cell).map((value) => {
        const next = cloned(state);
        const atomic = instruction.locked ? ({ atomic: 'locked' } as const) : {};
        const read = emit(next, { kind: 'R', cell, value, tags: instruction.tags, addr, ...atomic });
        set(next, instruction.target, value, new Set([read]));
        if (instruction.locked) next.linked = read;
        return next;
      });
    case 'store': {
      const value = stored(state, instruction.value, instruction);
      const data = from(state, instruction.value);
      emit(state, { kind: 'W', cell, value, tags: instruction.tags, addr, data });
      return [state];
    }
    case 'rmw':
      return guesses(cell).flatMap((value) => readModifyWrite(cloned(state), instruction, cell, addr, value));
    case 'store-conditional':
      return storeConditional(program, state, instruction, cell, addr);
  }
}

function cellAt(program: Program, state: State, place: Expression): number {
  const address = compute(place, state.values);
  const cell = cellsOf(program).findIndex((c) => same({ symbol: c.symbol, offset: c.offset }, address));
  if (cell < 0) throw new NoValue('no memory');
  return cell;
}

function readModifyWrite(
  state: State,
  instruction: Instruction & { readonly kind: 'rmw' },
  cell: number,
  addr: Reads,
  value: Value,
): State[] {
  const { condition, update, readTags, writeTags, failureTags, blocks, uncontrolled } = instruction;
  const read = state.events.length;
  set(state, instruction.target, value, new Set([read]));
  if (condition && !nonZero(compute(condition, state.values))) {
    if (blocks) return [];
    emit(state, { kind: 'R', cell, value, tags: failureTags ?? readTags, addr });
    return [state];
  }
  emit(state, { kind: 'R', cell, value, tags: readTags, addr, atomic: 'rmw' });
  emit(state, {
    kind: 'W',
    cell,
    value: stored(state, update, instruction),
    tags: writeTags,
    addr,
    data: from(state, update),
    // What the condition is made of determines whether there is a write.
    ctrl: condition && !uncontrolled ? from(state, condition) : none,
    atomic: 'rmw',
    pair: read,
  });
  return [state];
}

function storeConditional(
  program: Program,
  state: State,
  instruction: Instruction & { readonly kind: 'store-conditional' },
  cell: number,
  addr: Reads,
): State[] {
  const pair = state.linked;
  state.linked = -1;
  const failed = cloned(state);
  set(failed, instruction.target, 0n, none);
  if (pair < 0) return [failed];
  const loose = blockOf(program, state.events[pair].cell) !== blockOf(program, cell);
  const value = stored(state, instruction.value, instruction);
  const data = from(state, instruction.value);
  emit(state, { kind: 'W', cell, value, tags: instruction.tags, addr, data, atomic: 'locked', pair, loose });
  set(state, instruction.target, 1n, none);
  return [failed, state];
}

/** The 16 bytes that a cell is in, as a name. */
export function blockOf(program: Program, cell: number): string {
  const { symbol, offset } = cellsOf(program)[cell];
  return `${symbol} ${offset - (((offset % 16) + 16) % 16)}`;
}

function stored(state: State, value: Expression, { type }: MemoryInstruction): Value {
  return compute({ kind: 'wrap', type, operand: value }, state.values);
}

/** The reads that the registers of an expression were computed from. */
function from(state: State, expression: Expression): Reads {
  return new Set([...mentioned(expression)].flatMap((register) => [...state.origins[register]]));
}

function set(state: State, register: number, value: Value, origin: Reads): void {
  state.values[register] = value;
  state.origins[register] = origin;
}

function emit(
  state: State,
  event: Partial<RunEvent> & Pick<RunEvent, 'kind' | 'cell' | 'value' | 'tags'>,
): number {
  const ctrl = new Set([...(event.ctrl ?? none), ...state.branches.flatMap(({ reads }) => [...reads])]);
  const emitted = { addr: none, data: none, ...event, ctrl };
  state.events.push(emitted);
  if (event.kind === 'W') state.written.push(emitted);
  return state.events.length - 1;
}

function cloned(state: State): State {
  return {
    ...state,
    values: [...state.values],
    origins: [...state.origins],
    events: [...state.events],
    branches: [...state.branches],
    allocated: new Map(state.allocated),
  };
}
