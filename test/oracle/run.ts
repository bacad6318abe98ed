import type { Code, Expression, Instruction, Program, Thread, Value } from '../../src/program/index.js';
import { compute, isAny, isJunk, JUNK, mentioned, nonZero, same, Undetermined } from './arithmetic.js';
import { blockOf, TooMany } from './cells.js';
import { assignedBetween, meetingPoint } from './flow.js';
import { noticed, START, type Standing, stand } from './standing.js';
import { chosenBy, type Others, type Ways } from './ways.js';

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
  /**
   * The reads that had a part in whether it takes place, where, and with what value, also by what a branch
   * gave a register.
   */
  readonly decided: Reads;
  /**
   * The reads that decided a branch that chose what its address, its value or what a branch around it looked
   * at comes from.
   */
  readonly choice: Reads;
  /** On the write of an atomic pair, its read. */
  readonly pair?: number;
  /** On the write of a store-conditional to another block than was locked: the two are apart. */
  readonly loose?: boolean;
  /** On a fence: what the thread does wrong here. */
  readonly wrong?: string;
}

/** What reads decide about, besides what is done, ahead of the event `at` of a run. */
export interface Deciding {
  readonly at: number;
  readonly reads: Reads;
  readonly others: Others;
}

/** One way that a thread can go, if its reads return what they do here. */
export interface Run {
  readonly thread: number;
  readonly events: readonly RunEvent[];
  readonly registers: readonly Value[];
  readonly deciding: readonly Deciding[];
  /** It ends where something is done with a value of which nothing is known. */
  readonly open: boolean;
  /**
   * It ends where it waits, perhaps for ever: that is no end of the program, but what went wrong before has.
   */
  readonly partial: boolean;
  /** What it waits for there: what the cell stands for, or sections. */
  readonly waitsFor?: Awaited;
  /** Whether it has gone wrong, or read junk. */
  readonly misled: boolean;
  /** Events that it has come to by itself; then come ends of sections. */
  readonly done: number;
  /** The same for the same way through the code. */
  readonly way: string;
}

/** What a read of a cell may return, the event of the run that has this place in it. */
export type Guesses = (cell: number, place: number) => readonly Value[];

interface State {
  pc: number;
  steps: number;
  values: Value[];
  /** By register: the reads that its content was computed from, and those that had any part in it. */
  origins: Reads[];
  parts: Reads[];
  /** Those that decided branches which chose it. */
  chosen: Reads[];
  deciding: Deciding[];
  events: RunEvent[];
  /**
   * Branches under way: what decided them, where their ways meet, and what they may have given registers when
   * they do.
   */
  branches: Branch[];
  way: number[];
  linked: number;
  /** By site: how many objects were allocated there. */
  allocated: Map<number, number>;
  standing: Standing;
  /** It has read junk, or done what is wrong: more of that is not the program's fault. */
  misled: boolean;
  /** It waits for what has not come. */
  waits: boolean;
  waitsFor: Awaited | undefined;
}

/** What is waited for: a cell that stands for a lock, or counts sections; or sections that no cell counts. */
export type Awaited = number | 'sections';

interface Branch {
  readonly pc: number;
  readonly meet: number | undefined;
  readonly reads: Reads;
  readonly chosen: Reads;
  readonly parts: Reads;
  readonly assigned: readonly number[];
}

type MemoryInstruction = Instruction & { readonly kind: 'load' | 'store' | 'rmw' | 'store-conditional' };

const MAX_STEPS = 200;
const none: Reads = new Set();

/**
 * Runs a thread in every way that the guesses allow, to its end, or to where it waits. Knows no calls.
 * @param ways if it is to be told what branches choose, and what reads decide about besides
 * @throws TooMany when there are more than `limit`
 */
export function runsOf(
  program: Program,
  thread: Thread,
  guesses: Guesses,
  limit: number,
  ways?: Ways,
): Run[] {
  const { code } = thread;
  const found: Run[] = [];
  const end = (state: State, open = false): void => {
    const { standing, waits: partial, waitsFor } = state;
    leaveBranches(thread, ways, state);
    if (standing.open > 0 && !partial) goWrong(state, 'unmatched-rcu-lock');
    const { misled } = state;
    const done = state.events.length;
    // Where the run is over, so is its section; where it comes no further, so are those that only events tell
    // of.
    const isInside = standing.open > 0 || standing.masked;
    for (let open = partial ? sectionsIn(state.events) : Number(isInside); open > 0; open--)
      emit(state, { kind: 'F', cell: -1, value: 0n, tags: ['rcu-unlock'] });
    const { events, values: registers, way, deciding } = state;
    const waiting = { partial, misled, done, ...(waitsFor === undefined ? {} : { waitsFor }) };
    found.push({ thread: thread.id, events, registers, deciding, way: way.join(' '), open, ...waiting });
    if (found.length > limit) throw new TooMany();
  };
  const go = (state: State): void => {
    if (state.waits || state.pc === code.instructions.length) {
      end(cloned(state));
      return;
    }
    try {
      for (const next of after(program, thread, state, guesses, ways)) go(next);
    } catch (error) {
      if (!(error instanceof Undetermined)) throw error;
      end(cloned(state), true);
    }
  };
  const zero: Value = 0n;
  go({
    pc: 0,
    steps: 0,
    values: code.registers.map((_, index) => thread.initial.get(index as never) ?? zero),
    origins: code.registers.map(() => none),
    parts: code.registers.map(() => none),
    chosen: code.registers.map(() => none),
    deciding: [],
    events: [],
    branches: [],
    way: [],
    linked: -1,
    allocated: new Map(),
    standing: START,
    misled: false,
    waits: false,
    waitsFor: undefined,
  });
  return found;
}

/** How many read-side sections are begun by events, and not ended. */
export function sectionsIn(events: readonly RunEvent[]): number {
  const count = (tag: string): number => events.filter(({ tags }) => tags.includes(tag)).length;
  return count('rcu-lock') - count('rcu-unlock');
}

function waiting(state: State, waitsFor?: Awaited): State {
  return { ...state, waits: true, waitsFor, way: [...state.way, -2] };
}

/** What a fence waits for: one that takes a lock, and grace periods. */
function awaitedAt({ tags, blocks }: Instruction & { kind: 'fence' }, cell: number): Awaited | undefined {
  if (tags.includes('sync-rcu')) return 'sections';
  return blocks || tags.includes('sync-srcu') ? cell : undefined;
}

/** All states that one instruction can lead to. */
function after(
  program: Program,
  thread: Thread,
  before: State,
  guesses: Guesses,
  ways: Ways | undefined,
): State[] {
  const { id, code } = thread;
  const state = cloned(before);
  if (++state.steps > MAX_STEPS) throw new Error('the oracle knows only short programs');
  state.way.push(state.pc);
  leaveBranches(thread, ways, state);
  const instruction = code.instructions[state.pc++];
  for (const expression of computedBy(instruction))
    compute(expression, state.values, (what) => goWrong(state, what));
  switch (instruction.kind) {
    case 'assign': {
      const { target, value } = instruction;
      const chosen = chosenIn(state, value);
      set(state, target, compute(value, state.values), from(state, value), partsIn(state, value));
      state.chosen[target] = chosen;
      return [state];
    }
    case 'fence': {
      const { about, tags, gives } = instruction;
      const place = about ? placeOf(program, state, about) : { cell: -1 };
      if (!place) {
        if (gives) set(state, gives.target, JUNK, none, none);
        return [state];
      }
      const waitsFor = awaitedAt(instruction, place.cell);
      const stays = waitsFor === undefined ? [] : [waiting(cloned(state), waitsFor)];
      const event = emit(state, { kind: 'F', value: 0n, tags, ...place });
      if (gives) set(state, gives.target, gives.value, new Set([event]), new Set([event]));
      return [state, ...stays];
    }
    case 'region': {
      const { change } = instruction;
      const standing = stand(state.standing, change, thread.interrupt !== undefined);
      if (typeof standing === 'string') {
        goWrong(state, standing);
        return [standing === 'deadlock' ? waiting(state) : state];
      }
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
    case 'branch':
      return branch(code, state, before.pc, instruction);
    case 'await': {
      const { condition, about } = instruction;
      if (nonZero(compute(condition, state.values))) return [state];
      return [waiting(state, about && placeOf(program, state, about.address)?.cell)];
    }
    case 'jump':
      state.pc = instruction.goto;
      return [state];
    case 'allocate': {
      const count = state.allocated.get(instruction.site) ?? 0;
      state.allocated.set(instruction.site, count + 1);
      set(state, instruction.target, { symbol: instruction.objects[id][count], offset: 0 }, none, none);
      return [state];
    }
    case 'free':
      free(program, state, instruction.address, instruction.tags);
      return [decideAddress(thread, ways, before.pc, state, decidingIn(state, instruction.address))];
    case 'return':
      state.pc = code.instructions.length;
      return [state];
    case 'call':
    case 'primitive':
      throw new Error(`the oracle knows no ${instruction.kind}`);
    default:
      return accesses(program, thread, state, instruction, guesses, ways);
  }
}

function accesses(
  program: Program,
  thread: Thread,
  state: State,
  instruction: MemoryInstruction,
  guesses: Guesses,
  ways: Ways | undefined,
): State[] {
  const pc = state.pc - 1;
  const reads = decidingIn(state, instruction.address);
  const isTried = instruction.kind !== 'store-conditional' || state.linked >= 0;
  const found = memory(program, state, instruction, guesses);
  return isTried ? found.map((next) => decideAddress(thread, ways, pc, next, reads)) : found;
}

/** Where an instruction makes its access has been decided: it could have been elsewhere. */
function decideAddress(
  thread: Thread,
  ways: Ways | undefined,
  pc: number,
  state: State,
  reads: Reads,
): State {
  if (!ways) return state;
  const cells = ways.cellsAt(thread, pc);
  const writes = thread.code.instructions[pc].kind !== 'load';
  const others = { cells, accesses: true, writes, fences: new Set<string>() };
  state.deciding.push({ at: state.events.length, reads, others });
  return state;
}

/** The reads that an expression comes from, and those that have chosen it. */
function decidingIn(state: State, expression: Expression): Reads {
  return new Set([...from(state, expression), ...chosenIn(state, expression)]);
}

/** Goes where the condition says; with `free`, both ways. */
function branch(
  code: Code,
  state: State,
  pc: number,
  instruction: Instruction & { kind: 'branch' },
): State[] {
  const { condition, goto } = instruction;
  const reads = from(state, condition);
  const meet = code.controlScope === 'join' ? meetingPoint(code, pc) : undefined;
  const assigned = assignedBetween(code, pc, meet);
  const chosen = chosenIn(state, condition);
  state.branches.push({ pc, meet, reads, chosen, parts: partsIn(state, condition), assigned });
  const taken = { ...cloned(state), pc: goto };
  if (instruction.free) return [state, taken];
  return [nonZero(compute(condition, state.values)) ? taken : state];
}

/** Where the ways of a branch meet, it has had its part in what registers may have been given on the way. */
function leaveBranches(thread: Thread, ways: Ways | undefined, state: State): void {
  const isOver = ({ meet }: Branch): boolean => meet === state.pc;
  for (const { pc, reads, chosen } of state.branches.filter(isOver)) {
    const all = new Set([...reads, ...chosen]);
    if (all.size === 0 || !ways) continue;
    for (const register of chosenBy(thread, pc))
      state.chosen[register] = new Set([...state.chosen[register], ...all]);
    state.deciding.push({ at: state.events.length, reads: all, others: ways.between(thread, pc) });
  }
  for (const { parts, assigned } of state.branches.filter(isOver))
    for (const register of assigned) state.parts[register] = new Set([...state.parts[register], ...parts]);
  state.branches = state.branches.filter((one) => !isOver(one));
}

function free(program: Program, state: State, place: Expression, tags: readonly string[]): void {
  const address = compute(place, state.values);
  if (!nonZero(address) || isJunk(address)) return;
  const start = program.cells.some(({ symbol }) => same({ symbol, offset: 0 }, address));
  if (!start) goWrong(state, 'bad-free', ['BadFree']);
  else
    program.cells.forEach(({ symbol }, cell) => {
      if (!same({ symbol, offset: 0 }, address)) return;
      emit(state, {
        kind: 'W',
        cell,
        value: { symbol: '(freed)', offset: 0 },
        tags,
        addr: from(state, place),
        decided: partsIn(state, place),
        choice: chosenIn(state, place),
      });
    });
}

/** What an instruction computes, in this order. */
function computedBy(instruction: Instruction): Expression[] {
  const { address, value, condition } = instruction as Partial<
    Record<'address' | 'value' | 'condition', Expression>
  >;
  const all = instruction.kind === 'rmw' ? [address] : [address, value, condition];
  return all.flatMap((expression) => expression ?? []);
}

function goWrong(state: State, wrong: string, tags: readonly string[] = []): void {
  if (state.misled) return;
  emit(state, { kind: 'F', cell: -1, value: 0n, tags, wrong });
  state.misled = true;
  state.way.push(-1);
}

function memory(program: Program, state: State, instruction: MemoryInstruction, guesses: Guesses): State[] {
  const place = placeOf(program, state, instruction.address);
  if (!place) {
    if ('target' in instruction) set(state, instruction.target, JUNK, none, none);
    return [state];
  }
  const { cell } = place;
  switch (instruction.kind) {
    case 'load':
      return guesses(cell, state.events.length).map((value) => {
        const next = cloned(state);
        const atomic = instruction.locked ? ({ atomic: 'locked' } as const) : {};
        const read = emit(next, { kind: 'R', value, tags: instruction.tags, ...place, ...atomic });
        set(next, instruction.target, value, new Set([read]), new Set([read]));
        next.misled ||= isJunk(value);
        if (instruction.locked) next.linked = read;
        return next;
      });
    case 'store': {
      const value = stored(state, instruction.value, instruction);
      emit(state, {
        kind: 'W',
        value,
        tags: instruction.tags,
        ...place,
        ...contents(state, place, instruction.value),
      });
      return [state];
    }
    case 'rmw':
      return guesses(cell, state.events.length).flatMap((value) =>
        readModifyWrite(cloned(state), instruction, place, value),
      );
    case 'store-conditional':
      return storeConditional(program, state, instruction, place);
  }
}

/** An access's location, and what has determined it. */
interface Place {
  readonly cell: number;
  readonly addr: Reads;
  readonly decided: Reads;
  readonly choice: Reads;
}

/** Undefined where no cell is: the run goes wrong, unless the address is junk. */
function placeOf(program: Program, state: State, address: Expression): Place | undefined {
  const at = compute(address, state.values);
  if (isAny(at)) throw new Undetermined('an address that nothing fixes');
  const cell = program.cells.findIndex((c) => same({ symbol: c.symbol, offset: c.offset }, at));
  if (cell >= 0)
    return {
      cell,
      addr: from(state, address),
      decided: partsIn(state, address),
      choice: chosenIn(state, address),
    };
  if (!isJunk(at)) goWrong(state, whatIsWrongAt(program, at));
  return undefined;
}

function whatIsWrongAt({ cells }: Program, address: Value): string {
  if (typeof address === 'bigint')
    return address >= 0n && address < 4096n ? 'null-dereference' : 'wild-access';
  const bytes = cells.flatMap(({ symbol, offset, type }) =>
    symbol === address.symbol ? Array.from({ length: Math.ceil(type.bits / 8) }, (_, at) => offset + at) : [],
  );
  if (bytes.length === 0) return 'wild-access';
  return bytes.includes(address.offset) ? 'unaligned-access' : 'out-of-bounds';
}

function contents(
  state: State,
  { decided, choice }: Place,
  value: Expression,
): { data: Reads; decided: Reads; choice: Reads } {
  return {
    data: from(state, value),
    decided: new Set([...decided, ...partsIn(state, value)]),
    choice: new Set([...choice, ...chosenIn(state, value)]),
  };
}

function readModifyWrite(
  state: State,
  instruction: Instruction & { readonly kind: 'rmw' },
  place: Place,
  value: Value,
): State[] {
  const { condition, update, readTags, writeTags, failureTags, blocks, fails, uncontrolled } = instruction;
  const read = state.events.length;
  set(state, instruction.target, value, new Set([read]), new Set([read]));
  state.misled ||= isJunk(value);
  if (condition && !nonZero(compute(condition, state.values))) {
    emit(state, { kind: 'R', value, tags: failureTags ?? readTags, ...place });
    if (blocks) return [waiting(state, readTags.includes('LKR') ? place.cell : undefined)];
    // It would have stored there.
    const others = { cells: new Set([place.cell]), accesses: true, writes: true, fences: new Set<string>() };
    state.deciding.push({ at: state.events.length, reads: decidingIn(state, condition), others });
    return [state];
  }
  if (fails) return [];
  emit(state, { kind: 'R', value, tags: readTags, ...place, atomic: 'rmw' });
  const { data, decided, choice } = contents(state, place, update);
  emit(state, {
    kind: 'W',
    value: stored(state, update, instruction),
    tags: writeTags,
    ...place,
    data,
    // What the condition is made of determines whether there is a write.
    ctrl: condition && !uncontrolled ? from(state, condition) : none,
    decided: condition ? new Set([...decided, ...partsIn(state, condition)]) : decided,
    choice: condition && !uncontrolled ? new Set([...choice, ...chosenIn(state, condition)]) : choice,
    atomic: 'rmw',
    pair: read,
  });
  compute(update, state.values, (what) => goWrong(state, what));
  return [state];
}

function storeConditional(
  program: Program,
  state: State,
  instruction: Instruction & { readonly kind: 'store-conditional' },
  place: Place,
): State[] {
  const pair = state.linked;
  state.linked = -1;
  const failed = cloned(state);
  set(failed, instruction.target, 0n, none, none);
  if (pair < 0) return [failed];
  const loose = blockOf(program, state.events[pair].cell) !== blockOf(program, place.cell);
  const value = stored(state, instruction.value, instruction);
  const { tags } = instruction;
  emit(state, {
    kind: 'W',
    value,
    tags,
    ...place,
    ...contents(state, place, instruction.value),
    atomic: 'locked',
    pair,
    loose,
  });
  set(state, instruction.target, 1n, none, none);
  return [failed, state];
}

function stored(state: State, value: Expression, { type }: MemoryInstruction): Value {
  return compute({ kind: 'wrap', type, operand: value }, state.values);
}

/** The reads that the registers of an expression were computed from. */
function from(state: State, expression: Expression): Reads {
  return new Set([...mentioned(expression)].flatMap((register) => [...state.origins[register]]));
}

/** The reads that had any part in what the registers of an expression hold. */
function partsIn(state: State, expression: Expression): Reads {
  return new Set([...mentioned(expression)].flatMap((register) => [...state.parts[register]]));
}

/** The reads that decided branches which chose what the registers of an expression hold. */
function chosenIn(state: State, expression: Expression): Reads {
  return new Set([...mentioned(expression)].flatMap((register) => [...state.chosen[register]]));
}

function set(state: State, register: number, value: Value, origin: Reads, parts: Reads): void {
  state.values[register] = value;
  state.chosen[register] = none;
  state.origins[register] = origin;
  state.parts[register] = new Set([...parts, ...state.branches.flatMap((one) => [...one.parts])]);
}

function emit(
  state: State,
  event: Partial<RunEvent> & Pick<RunEvent, 'kind' | 'cell' | 'value' | 'tags'>,
): number {
  const controlling = (of: 'reads' | 'parts' | 'chosen') => state.branches.flatMap((one) => [...one[of]]);
  const ctrl = new Set([...(event.ctrl ?? none), ...controlling('reads')]);
  const decided = new Set([...(event.decided ?? none), ...controlling('parts')]);
  const choice = new Set([...(event.choice ?? none), ...controlling('chosen')]);
  state.events.push({ addr: none, data: none, ...event, ctrl, decided, choice });
  return state.events.length - 1;
}

function cloned(state: State): State {
  return {
    ...state,
    values: [...state.values],
    origins: [...state.origins],
    parts: [...state.parts],
    chosen: [...state.chosen],
    deciding: [...state.deciding],
    events: [...state.events],
    branches: [...state.branches],
    way: [...state.way],
    allocated: new Map(state.allocated),
  };
}
