import type { Span } from '../diagnostics.js';
import { type CellTable, UnboundedAddress } from '../execution/index.js';
import {
  type Cell,
  type CellId,
  type Code,
  changed,
  constant,
  type Expression,
  evaluate,
  FREED,
  given,
  type Instruction,
  inSection,
  isJunk,
  isPointer,
  isTrue,
  JUNK,
  kept,
  OUTSIDE,
  over,
  type Regions,
  type RegisterId,
  type ScalarType,
  type Tag,
  type Thread,
  type ThreadId,
  tagsOfChange,
  UndefinedOperation,
  unfinished,
  type Value,
  type ValueId,
  type ValueTable,
} from '../program/index.js';
import { isNamed, showValue, type ThreadView } from './view.js';

declare const brand: unique symbol;
/** A point that a thread can be at, with all that it remembers there: small, dense, per thread. */
export type LocalId = number & { readonly [brand]: 'local' };

/** What a thread does next that others can notice. Everything else it does by itself at once. */
export type Action =
  | { readonly kind: 'end' }
  /** The next state depends on the value read. */
  | {
      readonly kind: 'load';
      readonly cell: CellId;
      readonly tags: readonly Tag[];
      readonly locked: boolean;
      readonly span?: Span;
    }
  | {
      readonly kind: 'store';
      readonly cell: CellId;
      readonly value: ValueId;
      readonly tags: readonly Tag[];
      readonly span?: Span;
    }
  /** The next state depends on the value read; `written` says what is stored, if anything is. */
  | {
      readonly kind: 'rmw';
      readonly cell: CellId;
      readonly readTags: readonly Tag[];
      readonly writeTags: readonly Tag[];
      /** Waits until it stores. */
      readonly blocks: boolean;
      readonly span?: Span;
    }
  /** The next state depends on success: 1 or 0. */
  | {
      readonly kind: 'store-conditional';
      readonly cell: CellId;
      readonly value: ValueId;
      readonly tags: readonly Tag[];
      readonly span?: Span;
    }
  | { readonly kind: 'fence'; readonly tags: readonly Tag[]; readonly span?: Span }
  /** The thread comes to stand elsewhere: it begins or ends its outermost read-side section, or disables or enables interrupts. */
  | {
      readonly kind: 'region';
      readonly after: Regions;
      readonly span?: Span;
      /** What it cannot go on from: its section ends nevertheless. */
      readonly stuck?: Action & { readonly kind: 'fault' };
    }
  | { readonly kind: 'grace-period'; readonly span?: Span }
  /**
   * The program does what it must not; `excused` if that is because it has read junk. `isLimit`: it is no fault of the program, but not
   * followed any further.
   */
  | {
      readonly kind: 'fault';
      readonly reason: string;
      readonly span?: Span;
      readonly excused?: boolean;
      readonly isLimit?: true;
    };

/** Something that was found out about a thread: what `next` or `written` gives. */
export interface Fact {
  readonly kind: 'next' | 'written';
  readonly thread: ThreadId;
  readonly local: LocalId;
  readonly input: number;
  readonly found: number;
}

/** What becomes of a read-modify-write: what it stores, or that it stores nothing (-1). */
export const NO_WRITE = -1;

/** Instructions in a row that no other thread can notice; a thread that makes more of them never ends. */
const MAX_SILENT_STEPS = 100_000;
const MAX_DEPTH = 64;

interface Frame {
  readonly code: Code;
  readonly pc: number;
  readonly registers: readonly ValueId[];
  readonly result?: RegisterId;
  /** How many cells of what the instruction frees are freed. */
  readonly freed?: number;
}

/** Where a thread is, and what it has done that matters later. */
interface Point {
  readonly frames: readonly Frame[];
  /** By site: how many objects it has allocated there. */
  readonly allocated: readonly number[];
  readonly regions: Regions;
  /** Whether it has read junk. */
  readonly misled: boolean;
}

interface Local extends Point {
  readonly action: Action;
}

/**
 * A thread as a finite automaton over what others can notice: its states are numbered as they are met, and what follows from a state
 * and an input is computed once. A register that is not used any more is forgotten, so that states that differ in nothing that matters
 * are one.
 */
export class ThreadAutomaton {
  private readonly locals: Local[] = [];
  private readonly byKey = new Map<string, LocalId>();
  private readonly successors: Map<number, LocalId>[] = [];
  private readonly writes: Map<number, number>[] = [];
  readonly initial: LocalId;
  /** Whether it could go back in its code. */
  readonly hasLoop: boolean;
  private readonly codeIds = new Map<Code, number>();
  /** Locations that there are when the machine is built: what it has room for. */
  private readonly known: number;

  constructor(
    readonly thread: Thread,
    private readonly functions: ReadonlyMap<string, Code>,
    private readonly cells: CellTable,
    private readonly values: ValueTable,
    private readonly liveness: Liveness,
    /** Told whatever is found out, once. */
    private readonly learnt?: (fact: Fact) => void,
  ) {
    this.known = cells.cells.length;
    this.hasLoop = [thread.code, ...functions.values()].some(hasLoop);
    const zero = values.id(0n);
    const registers = thread.code.registers.map((_, index) => {
      const initial = thread.initial.get(index as RegisterId);
      return initial === undefined ? zero : values.id(initial);
    });
    const frames = [{ code: thread.code, pc: 0, registers }];
    this.initial = this.settle({ frames, allocated: [], regions: OUTSIDE, misled: false });
  }

  action(local: LocalId): Action {
    return this.locals[local].action;
  }

  /** Where the thread stands, for grace periods and interrupts. */
  regions(local: LocalId): Regions {
    return this.locals[local].regions;
  }

  /** The state after the action, given what it read (a value's number; 1 or 0 for a store-conditional; 0 where nothing is read). */
  next(local: LocalId, input: number): LocalId {
    let found = this.successors[local].get(input);
    if (found === undefined) {
      const { action, ...point } = this.locals[local];
      found =
        action.kind === 'region' && action.stuck
          ? this.intern({ ...point, regions: action.after }, action.stuck)
          : this.settle(this.performed(this.locals[local], input));
      this.successors[local].set(input, found);
      this.learnt?.({ kind: 'next', thread: this.thread.id, local, input, found });
    }
    return found;
  }

  /** What a read-modify-write stores that reads `old`: a value's number, or `NO_WRITE`. */
  written(local: LocalId, old: ValueId): number {
    let found = this.writes[local].get(old);
    if (found === undefined) {
      found = this.update(this.locals[local], old);
      this.writes[local].set(old, found);
      this.learnt?.({ kind: 'written', thread: this.thread.id, local, input: old, found });
    }
    return found;
  }

  /** What a register of the thread's own code holds in a state. */
  register(local: LocalId, register: RegisterId): ValueId {
    return this.locals[local].frames[0].registers[register];
  }

  /** Where the thread is in its code, and what its registers hold that are still used. */
  place(local: LocalId, cells: readonly Cell[]): Pick<ThreadView, 'functions' | 'next' | 'registers'> {
    const { frames, action } = this.locals[local];
    const { code, pc, registers } = frames[frames.length - 1];
    const live = this.liveness.at(code, pc);
    return {
      functions: frames.slice(1).map((frame) => frame.code.name),
      ...('span' in action && action.span ? { next: action.span } : {}),
      registers: code.registers.flatMap((name, register) =>
        live[register] && isNamed(name)
          ? [{ name, value: showValue(this.values.value(registers[register]), cells) }]
          : [],
      ),
    };
  }

  /** The functions that the thread is in and where, its own code first. */
  points(local: LocalId): readonly { readonly code: Code; readonly pc: number }[] {
    return this.locals[local].frames;
  }

  /**
   * Whether a step from one state to another goes on in the code: not back, and not to the same place. No thread can come to the
   * same state again by such steps alone: in the outermost code that it came back in, it went back.
   */
  advances(from: LocalId, to: LocalId): boolean {
    const before = this.locals[from].frames;
    const after = this.locals[to].frames;
    const depth = before.findIndex(({ pc }, at) => at >= after.length || after[at].pc !== pc);
    return depth < 0
      ? after.length > before.length
      : depth < after.length && after[depth].pc > before[depth].pc;
  }

  /** How many states have been met. */
  get size(): number {
    return this.locals.length;
  }

  /** Undefined at the thread's end, where it may still have a section to end. */
  private instruction({ frames }: Local): Instruction | undefined {
    const frame = frames[frames.length - 1];
    return frame.code.instructions[frame.pc];
  }

  private performed(local: Local, input: number): Point {
    const instruction = this.instruction(local);
    const last = local.frames.length - 1;
    const frame = local.frames[last];
    const after = (next: Frame): Point => ({ ...local, frames: local.frames.with(last, next) });
    const { action } = local;
    if (action.kind === 'region') {
      const frames =
        instruction?.kind === 'region'
          ? local.frames.with(last, { ...frame, pc: frame.pc + 1 })
          : local.frames;
      return { ...local, frames, regions: action.after };
    }
    switch (instruction?.kind) {
      case 'load':
      case 'rmw': {
        const read = this.given(instruction, (action as Action & { cell: CellId }).cell, input as ValueId);
        const misled = local.misled || isJunk(this.values.value(read));
        return { ...after(advanced(frame, instruction.target, read)), misled };
      }
      case 'store-conditional':
        return after(advanced(frame, instruction.target, this.values.id(BigInt(input))));
      case 'free': {
        const { freed = 0 } = frame;
        const { length } = this.freedBy(frame, instruction) ?? [];
        const { freed: _, ...rest } = frame;
        return after(freed + 1 < length ? { ...frame, freed: freed + 1 } : { ...rest, pc: frame.pc + 1 });
      }
      default:
        return after({ ...frame, pc: frame.pc + 1 });
    }
  }

  private update(local: Local, old: ValueId): number {
    const instruction = this.instruction(local) as Instruction & { kind: 'rmw' };
    const { cell } = local.action as Action & { cell: CellId };
    const read = this.given(instruction, cell, old);
    const frame = advanced(local.frames[local.frames.length - 1], instruction.target, read);
    if (instruction.condition && !isTrue(this.value(frame, instruction.condition))) return NO_WRITE;
    return this.kept(frame, instruction.update, instruction, cell);
  }

  /** What a load makes of what its location holds. */
  private given({ type }: { readonly type: ScalarType }, cell: CellId, held: ValueId): ValueId {
    const read = this.values.asRead(held);
    const location = this.cells.cells[cell].type;
    if (location.signed === type.signed) return read;
    const value = constant(this.values.value(read));
    return this.values.id(evaluate(given(value, type, location), () => 0n));
  }

  private kept(
    frame: Frame,
    value: Expression,
    { type }: { readonly type: ScalarType },
    cell: CellId,
  ): ValueId {
    return this.values.id(this.value(frame, kept(value, type, this.cells.cells[cell].type)));
  }

  private value(frame: Frame, expression: Expression): Value {
    return evaluate(expression, (register) => this.values.value(frame.registers[register]));
  }

  /** Runs on from a point to the next action that others can notice. */
  private settle(start: Point): LocalId {
    let { frames, allocated, regions } = start;
    const stop = (action: Action): LocalId => this.intern({ ...start, frames, allocated, regions }, action);
    const stuck = (action: Action & { readonly kind: 'fault' }): LocalId =>
      stop(inSection(regions) ? { kind: 'region', after: over(regions), stuck: action } : action);
    const fault = (reason: string, span?: Span): LocalId => {
      const action = { kind: 'fault', reason, ...(span ? { span } : {}), excused: start.misled } as const;
      return start.misled ? stuck(action) : stop(action);
    };
    try {
      for (let steps = 0; steps < MAX_SILENT_STEPS; steps++) {
        const frame = frames[frames.length - 1];
        const instruction =
          frame.pc < frame.code.instructions.length ? frame.code.instructions[frame.pc] : undefined;
        if (!instruction || instruction.kind === 'return') {
          if (frames.length === 1) {
            const action = this.atEnd(regions);
            return action.kind === 'fault' ? fault(action.reason, action.span) : stop(action);
          }
          frames = this.returned(frames, instruction);
          continue;
        }
        if (instruction.kind === 'region') {
          const crossed = this.crossed(regions, instruction);
          if ('kind' in crossed)
            return crossed.kind === 'fault' ? fault(crossed.reason, crossed.span) : stop(crossed);
          regions = crossed;
          frames = frames.with(-1, { ...frame, pc: frame.pc + 1 });
          continue;
        }
        if (instruction.kind === 'await') {
          const { condition, span } = instruction;
          if (!isTrue(this.value(frame, condition)))
            return stuck({
              kind: 'fault',
              reason: 'has waited in vain',
              excused: true,
              ...(span && { span }),
            });
          frames = frames.with(-1, { ...frame, pc: frame.pc + 1 });
          continue;
        }
        if (instruction.kind === 'allocate') {
          const { site, objects, target, span } = instruction;
          const count = allocated[site] ?? 0;
          const symbol = objects[this.thread.id]?.[count];
          if (symbol === undefined)
            return stuck({
              kind: 'fault',
              reason: 'no more is allocated here',
              isLimit: true,
              ...(span && { span }),
            });
          allocated = Array.from(
            { ...allocated, length: Math.max(allocated.length, site + 1) },
            (n) => n ?? 0,
          );
          allocated = allocated.with(site, count + 1);
          frames = frames.with(-1, advanced(frame, target, this.values.id({ symbol, offset: 0 })));
          continue;
        }
        const stepped = this.silent(frames, frame, instruction);
        if (isAction(stepped))
          return stepped.kind === 'fault' ? fault(stepped.reason, stepped.span) : stop(stepped);
        frames = stepped;
      }
      return fault('a loop that touches no memory does not end');
    } catch (error) {
      if (!(error instanceof UndefinedOperation)) throw error;
      const frame = frames[frames.length - 1];
      return fault(`an operation without a value: ${error.message}`, frame.code.instructions[frame.pc].span);
    }
  }

  /** Where the thread stands after a change that no event tells of; else the action that it is. */
  private crossed(
    regions: Regions,
    { change, span }: Instruction & { readonly kind: 'region' },
  ): Regions | Action {
    const after = changed(regions, change, this.thread.interrupt !== undefined, span);
    const place = span ? { span } : {};
    if (typeof after === 'string') return { kind: 'fault', reason: after, ...place };
    if (change === 'grace-period') return { kind: 'grace-period', ...place };
    return tagsOfChange(regions, after).length > 0 ? { kind: 'region', after, ...place } : after;
  }

  private atEnd(regions: Regions): Action {
    const fault = unfinished(regions);
    if (fault) return { kind: 'fault', ...fault };
    return inSection(regions) ? { kind: 'region', after: over(regions) } : { kind: 'end' };
  }

  /** The frames after a silent instruction, or the action that another one is. */
  private silent(
    frames: readonly Frame[],
    frame: Frame,
    instruction: Instruction,
  ): readonly Frame[] | Action {
    const last = frames.length - 1;
    const place = instruction.span ? { span: instruction.span } : {};
    switch (instruction.kind) {
      case 'assign':
        return frames.with(
          last,
          advanced(frame, instruction.target, this.values.id(this.value(frame, instruction.value))),
        );
      case 'jump':
        return frames.with(last, { ...frame, pc: instruction.goto });
      case 'branch':
        return frames.with(last, {
          ...frame,
          pc: isTrue(this.value(frame, instruction.condition)) ? instruction.goto : frame.pc + 1,
        });
      case 'call':
        return this.called(frames, frame, instruction);
      case 'fence':
        return { kind: 'fence', tags: instruction.tags, ...place };
      case 'load':
      case 'store':
      case 'rmw':
      case 'store-conditional':
        return this.access(frame, instruction);
      case 'free':
        return this.freeing(frames, frame, instruction);
      default:
        throw new Error(`no step for a ${instruction.kind}`);
    }
  }

  private access(
    frame: Frame,
    instruction: Instruction & { kind: 'load' | 'store' | 'rmw' | 'store-conditional' },
  ): Action {
    const place = instruction.span ? { span: instruction.span } : {};
    const address = this.value(frame, instruction.address);
    const cell = this.cells.accessed(address, instruction.type);
    if (typeof cell === 'string') return { kind: 'fault', reason: cell, ...place };
    if (cell >= this.known) throw new UnboundedAddress();
    switch (instruction.kind) {
      case 'load':
        return { kind: 'load', cell, tags: instruction.tags, locked: instruction.locked ?? false, ...place };
      case 'rmw':
        return {
          kind: 'rmw',
          cell,
          readTags: instruction.readTags,
          writeTags: instruction.writeTags,
          blocks: instruction.blocks ?? false,
          ...place,
        };
      default: {
        const value = this.kept(frame, instruction.value, instruction, cell);
        return { kind: instruction.kind, cell, value, tags: instruction.tags, ...place };
      }
    }
  }

  /** The cells that an instruction frees; undefined when its operand is the address of no object. */
  private freedBy(frame: Frame, { address }: Instruction & { kind: 'free' }): readonly CellId[] | undefined {
    const target = this.value(frame, address);
    if (isJunk(target) || target === 0n) return [];
    return isPointer(target) ? this.cells.object(target) : undefined;
  }

  private freeing(
    frames: readonly Frame[],
    frame: Frame,
    instruction: Instruction & { kind: 'free' },
  ): readonly Frame[] | Action {
    const { tags, span } = instruction;
    const place = span ? { span } : {};
    const cells = this.freedBy(frame, instruction);
    if (!cells) return { kind: 'fence', tags: ['BadFree'], ...place };
    if (cells.length === 0) return frames.with(-1, { ...frame, pc: frame.pc + 1 });
    return { kind: 'store', cell: cells[frame.freed ?? 0], value: this.values.id(FREED), tags, ...place };
  }

  private called(
    frames: readonly Frame[],
    frame: Frame,
    instruction: Instruction & { kind: 'call' },
  ): readonly Frame[] | Action {
    const callee = this.value(frame, instruction.callee);
    if (isJunk(callee)) {
      const { target } = instruction;
      const after = { ...frame, pc: frame.pc + 1 };
      return frames.with(-1, target === undefined ? after : advanced(frame, target, this.values.id(JUNK)));
    }
    const code = isPointer(callee) && callee.offset === 0 ? this.functions.get(callee.symbol) : undefined;
    const place = instruction.span ? { span: instruction.span } : {};
    if (!code) return { kind: 'fault', reason: 'call of what is no function', ...place };
    if (frames.length >= MAX_DEPTH) return { kind: 'fault', reason: 'calls are nested too deeply', ...place };
    const zero = this.values.id(0n);
    const registers: ValueId[] = code.registers.map(() => zero);
    code.parameters.forEach((parameter, index) => {
      const arg = instruction.args[index];
      if (arg) registers[parameter] = this.values.id(this.value(frame, arg));
    });
    return [
      ...frames,
      { code, pc: 0, registers, ...(instruction.target === undefined ? {} : { result: instruction.target }) },
    ];
  }

  private returned(frames: readonly Frame[], instruction: Instruction | undefined): readonly Frame[] {
    const frame = frames[frames.length - 1];
    const caller = frames[frames.length - 2];
    const value =
      instruction?.kind === 'return' && instruction.value
        ? this.values.id(this.value(frame, instruction.value))
        : this.values.id(0n);
    const after =
      frame.result === undefined ? { ...caller, pc: caller.pc + 1 } : advanced(caller, frame.result, value);
    return [...frames.slice(0, -2), after];
  }

  private intern({ frames, allocated, regions, misled }: Point, action: Action): LocalId {
    const zero = this.values.id(0n);
    const kept = frames.map((frame): Frame => {
      const live = this.liveness.at(frame.code, frame.pc);
      return {
        ...frame,
        registers: frame.registers.map((value, register) => (live[register] ? value : zero)),
      };
    });
    const code = kept
      .map(
        (f) => `${this.codeId(f.code)}:${f.pc}:${f.result ?? ''}:${f.freed ?? ''}:${f.registers.join(',')}`,
      )
      .join(';');
    const key = `${code}#${allocated.join(',')}#${misled}#${regions.depth}/${regions.irqs}${action.kind === 'fault' ? '!' : ''}`;
    let id = this.byKey.get(key);
    if (id === undefined) {
      id = this.locals.length as LocalId;
      this.byKey.set(key, id);
      this.locals.push({ frames: kept, allocated, regions, misled, action });
      this.successors.push(new Map());
      this.writes.push(new Map());
    }
    return id;
  }

  private codeId(code: Code): number {
    let id = this.codeIds.get(code);
    if (id === undefined) {
      id = this.codeIds.size;
      this.codeIds.set(code, id);
    }
    return id;
  }
}

function isAction(stepped: readonly Frame[] | Action): stepped is Action {
  return 'kind' in stepped;
}

/** Whether a code can come to an instruction again, other than by a call. */
export function hasLoop({ instructions }: Code): boolean {
  return instructions.some((i, pc) => (i.kind === 'branch' || i.kind === 'jump') && i.goto <= pc);
}

function advanced(frame: Frame, target: RegisterId, value: ValueId): Frame {
  return { ...frame, pc: frame.pc + 1, registers: frame.registers.with(target, value) };
}

/** What can still matter: a later instruction uses it, or the final state shows it. */
export interface Liveness {
  /** The registers at a point of a code. */
  at(code: Code, pc: number): readonly boolean[];
  /** Whether the final state shows a location. */
  shows(cell: CellId): boolean;
}
