import type { Span } from '../diagnostics.js';
import { type CellTable, UnboundedAddress } from '../execution/index.js';
import { tick } from '../limits.js';
import {
  type Cell,
  type CellId,
  type Code,
  changed,
  constant,
  type Expression,
  evaluate,
  type Fault,
  FREED,
  faultIn,
  given,
  heldAfter,
  type Instruction,
  inSection,
  isJunk,
  isPointer,
  isTrue,
  JUNK,
  kept,
  mayFail,
  OUTSIDE,
  operandsOf,
  over,
  type Regions,
  type RegisterId,
  type Resource,
  type ScalarType,
  type Tag,
  type Thread,
  type ThreadId,
  tagsOfChange,
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
      readonly stuck?: Stuck;
    }
  | { readonly kind: 'grace-period'; readonly span?: Span }
  | Stuck;

/** The thread goes no further; `isLimit`: that is no matter of the program, it is not followed any further. */
interface Stuck {
  readonly kind: 'stuck';
  readonly isLimit?: true;
  /** What it has waited for in vain. */
  readonly waitsFor?: CellId;
  readonly span?: Span;
}

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
  /** The locks that it has taken and not freed, and sections of SRCU. */
  readonly taken: readonly Resource[];
  /** Whether it has read junk, or come to what it cannot do: what it cannot do from then on is no fault of the program's. */
  readonly misled: boolean;
  /** What it could not do when it had not read junk. */
  readonly fault?: Fault;
}

/** A point at which others can notice what the thread does next. */
interface Stop {
  readonly point: Point;
  readonly action: Action;
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
    this.initial = this.settle({ frames, allocated: [], regions: OUTSIDE, taken: [], misled: false });
  }

  action(local: LocalId): Action {
    return this.locals[local].action;
  }

  /** What the thread could not do on its way. */
  fault(local: LocalId): Fault | undefined {
    return this.locals[local].fault;
  }

  /** What the thread holds, that others may wait for. */
  taken(local: LocalId): readonly Resource[] {
    return this.locals[local].taken;
  }

  /** Whether what the thread cannot do now is no fault of the program's. */
  isMisled(local: LocalId): boolean {
    return this.locals[local].misled;
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
  private instruction({ frames }: Point): Instruction | undefined {
    const frame = frames[frames.length - 1];
    return frame.code.instructions[frame.pc];
  }

  private performed(local: Local, input: number): Point {
    const instruction = this.instruction(local);
    const last = local.frames.length - 1;
    const frame = local.frames[last];
    const { action, ...point } = local;
    const after = (next: Frame): Point => ({ ...point, frames: local.frames.with(last, next) });
    if (action.kind === 'region') {
      const frames =
        instruction?.kind === 'region'
          ? local.frames.with(last, { ...frame, pc: frame.pc + 1 })
          : local.frames;
      return { ...point, frames, regions: action.after };
    }
    switch (instruction?.kind) {
      case 'load':
      case 'rmw': {
        const read = this.given(instruction, (action as Action & { cell: CellId }).cell, input as ValueId);
        const misled = local.misled || isJunk(this.values.value(read));
        const next = { ...after(advanced(frame, instruction.target, read)), misled };
        if (instruction.kind === 'load' || this.update(local, input as ValueId) === NO_WRITE) return next;
        return this.checked(holding(next, action), [instruction.update], instruction.span);
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
        return holding(after({ ...frame, pc: frame.pc + 1 }), action);
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
    let point = start;
    // One that was come by before; the steps between two of them double (Brent's way to find a cycle).
    let before = start;
    for (let steps = 1; steps < MAX_SILENT_STEPS; steps++) {
      const next = this.step(point);
      if ('action' in next) return this.intern(next.point, next.action);
      if (isSamePoint(before, next)) return this.endless(next);
      if ((steps & (steps - 1)) === 0) before = next;
      point = next;
    }
    const { action } = this.limit(point, this.instruction(point)?.span);
    return this.intern(point, action);
  }

  private step(before: Point): Point | Stop {
    const instruction = this.instruction(before);
    const point = instruction ? this.checked(before, operandsOf(instruction), instruction.span) : before;
    const frame = innermost(point);
    if (!instruction || instruction.kind === 'return')
      return point.frames.length === 1
        ? this.atEnd(point)
        : { ...point, frames: this.returned(point.frames, instruction) };
    switch (instruction.kind) {
      case 'region':
        return this.crossed(point, instruction);
      case 'await':
        return isTrue(this.value(frame, instruction.condition))
          ? passed(point)
          : stuck(point, { kind: 'stuck', ...this.awaited(frame, instruction), ...placed(instruction) });
      case 'allocate':
        return this.allocated(point, instruction);
      case 'assign':
        return passed(point, instruction.target, this.values.id(this.value(frame, instruction.value)));
      case 'jump':
        return goes(point, instruction.goto);
      case 'branch':
        return goes(
          point,
          isTrue(this.value(frame, instruction.condition)) ? instruction.goto : frame.pc + 1,
        );
      case 'call':
        return this.called(point, instruction);
      case 'fence':
        return { point, action: { kind: 'fence', tags: instruction.tags, ...placed(instruction) } };
      case 'load':
      case 'store':
      case 'rmw':
      case 'store-conditional':
        return this.access(point, instruction);
      case 'free':
        return this.freeing(point, instruction);
      case 'primitive':
        throw new Error(`primitive ${instruction.name} was not mapped to a target`);
    }
  }

  /** What an `await` is about. */
  private awaited(frame: Frame, { about }: Instruction & { kind: 'await' }): { readonly waitsFor?: CellId } {
    const waitsFor = about && this.cells.at(this.value(frame, about.address), about.type);
    return waitsFor === undefined ? {} : { waitsFor };
  }

  /** The point, with the first operation in some expressions that has no result. */
  private checked(point: Point, operands: readonly Expression[], span: Span | undefined): Point {
    if (point.misled) return point;
    const { registers } = innermost(point);
    for (const operand of operands) {
      const fault = isPartial(operand)
        ? faultIn(operand, (register) => this.values.value(registers[register]))
        : undefined;
      if (fault) return failed(point, fault, span);
    }
    return point;
  }

  /** Round a loop in which nothing is done, for ever. */
  private endless(point: Point): LocalId {
    const { action } = stuck(point, { kind: 'stuck' });
    return this.intern(point, action);
  }

  private limit(point: Point, span: Span | undefined): Stop {
    // Of a thread that has gone wrong no end is missed.
    const limit = point.misled ? {} : ({ isLimit: true } as const);
    return stuck(point, { kind: 'stuck', ...limit, ...(span && { span }) });
  }

  /** Past a change that no event tells of; else the action that it is. */
  private crossed(point: Point, { change, span }: Instruction & { readonly kind: 'region' }): Point | Stop {
    const after = changed(point.regions, change, this.thread.interrupt !== undefined, span);
    const place = span ? { span } : {};
    if (after === 'too-deep') return this.limit(point, span);
    if ('name' in after) {
      const next = failed(point, after, span);
      return after.name === 'deadlock' ? stuck(next, { kind: 'stuck', ...place }) : passed(next);
    }
    if (change === 'grace-period') return { point, action: { kind: 'grace-period', ...place } };
    if (tagsOfChange(point.regions, after).length > 0)
      return { point, action: { kind: 'region', after, ...place } };
    return { ...passed(point), regions: after };
  }

  private atEnd(point: Point): Stop {
    const { regions } = point;
    const unended = unfinished(regions);
    const end = unended ? failed(point, unended, undefined) : point;
    return {
      point: end,
      action: inSection(regions) ? { kind: 'region', after: over(regions) } : { kind: 'end' },
    };
  }

  private allocated(point: Point, instruction: Instruction & { kind: 'allocate' }): Point | Stop {
    const { site, objects, target, span } = instruction;
    const count = point.allocated[site] ?? 0;
    const symbol = objects[this.thread.id]?.[count];
    if (symbol === undefined) return this.limit(point, span);
    const length = Math.max(point.allocated.length, site + 1);
    const allocated = Array.from({ ...point.allocated, length }, (n) => n ?? 0);
    return {
      ...passed(point, target, this.values.id({ symbol, offset: 0 })),
      allocated: allocated.with(site, count + 1),
    };
  }

  private access(
    point: Point,
    instruction: Instruction & { kind: 'load' | 'store' | 'rmw' | 'store-conditional' },
  ): Point | Stop {
    const frame = innermost(point);
    const place = placed(instruction);
    const address = this.value(frame, instruction.address);
    const cell = this.cells.at(address, instruction.type);
    if (cell === undefined) return this.missed(point, instruction, address);
    if (cell >= this.known) throw new UnboundedAddress();
    switch (instruction.kind) {
      case 'load': {
        const { tags, locked = false } = instruction;
        return { point, action: { kind: 'load', cell, tags, locked, ...place } };
      }
      case 'rmw': {
        const { readTags, writeTags, blocks = false } = instruction;
        return { point, action: { kind: 'rmw', cell, readTags, writeTags, blocks, ...place } };
      }
      default: {
        const { kind, tags } = instruction;
        const value = this.kept(frame, instruction.value, instruction, cell);
        return { point, action: { kind, cell, value, tags, ...place } };
      }
    }
  }

  /** Past an access to where no location is: nothing is stored, and what is read is junk. */
  private missed(
    point: Point,
    instruction: Instruction & { kind: 'load' | 'store' | 'rmw' | 'store-conditional' },
    address: Value,
  ): Point {
    const fault = this.cells.errorAt(address, instruction.type);
    const after = fault ? failed(point, fault, instruction.span) : point;
    return passed(after, 'target' in instruction ? instruction.target : undefined, this.values.id(JUNK));
  }

  /** The cells that an instruction frees; undefined when its operand is the address of no object. */
  private freedBy(frame: Frame, { address }: Instruction & { kind: 'free' }): readonly CellId[] | undefined {
    const target = this.value(frame, address);
    if (isJunk(target) || target === 0n) return [];
    return isPointer(target) ? this.cells.object(target) : undefined;
  }

  private freeing(point: Point, instruction: Instruction & { kind: 'free' }): Point | Stop {
    const frame = innermost(point);
    const cells = this.freedBy(frame, instruction);
    if (!cells) return passed(failed(point, { name: 'bad-free' }, instruction.span));
    if (cells.length === 0) return passed(point);
    const value = this.values.id(FREED);
    const { tags } = instruction;
    return {
      point,
      action: { kind: 'store', cell: cells[frame.freed ?? 0], value, tags, ...placed(instruction) },
    };
  }

  private called(point: Point, instruction: Instruction & { kind: 'call' }): Point | Stop {
    const { frames } = point;
    const { args, target, span } = instruction;
    const frame = innermost(point);
    const callee = this.value(frame, instruction.callee);
    const code = isPointer(callee) && callee.offset === 0 ? this.functions.get(callee.symbol) : undefined;
    if (!code) {
      const after = isJunk(callee) ? point : failed(point, { name: 'bad-call' }, span);
      return passed(after, target, this.values.id(JUNK));
    }
    if (frames.length >= MAX_DEPTH) return this.limit(point, span);
    const zero = this.values.id(0n);
    const registers: ValueId[] = code.registers.map(() => zero);
    code.parameters.forEach((parameter, index) => {
      const arg = args[index];
      if (arg) registers[parameter] = this.values.id(this.value(frame, arg));
    });
    const called = { code, pc: 0, registers, ...(target === undefined ? {} : { result: target }) };
    return { ...point, frames: [...frames, called] };
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

  private intern({ frames, allocated, regions, taken, misled, fault }: Point, action: Action): LocalId {
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
    const standing = `${regions.depth}/${regions.irqs}${action.kind === 'stuck' ? '!' : ''}`;
    const wrong = fault ? `${fault.name}@${fault.span?.start}` : misled;
    const key = `${code}#${allocated.join(',')}#${wrong}#${standing}#${taken.join(',')}`;
    let id = this.byKey.get(key);
    if (id === undefined) {
      id = this.locals.length as LocalId;
      this.byKey.set(key, id);
      this.locals.push({ frames: kept, allocated, regions, taken, misled, action, ...(fault && { fault }) });
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

const partial = new WeakMap<Expression, boolean>();

/** Whether an operation in an expression has no result for some operands. */
function isPartial(expression: Expression): boolean {
  let known = partial.get(expression);
  if (known === undefined) {
    known = mayFail(expression, () => true);
    partial.set(expression, known);
  }
  return known;
}

const innermost = ({ frames }: Point): Frame => frames[frames.length - 1];
const placed = ({ span }: Instruction): { span?: Span } => (span ? { span } : {});

/** The point when the thread cannot do something; what it cannot do after it has read junk is no fault. */
function failed(point: Point, fault: Fault, span: Span | undefined): Point {
  if (point.misled) return point;
  return { ...point, misled: true, fault: fault.span || !span ? fault : { ...fault, span } };
}

/** The point, with what the thread holds after an action that stores. */
function holding(point: Point, action: Action): Point {
  if (action.kind !== 'rmw' && action.kind !== 'store') return point;
  const { tags } = action.kind === 'rmw' ? { tags: action.writeTags } : action;
  const taken = heldAfter(point.taken, tags, action.cell);
  return taken === point.taken ? point : { ...point, taken };
}

/** Where the thread goes no further: its section ends nevertheless. */
function stuck(point: Point, action: Stuck): Stop {
  const { regions } = point;
  if (!inSection(regions)) return { point, action };
  return { point, action: { kind: 'region', after: over(regions), stuck: action } };
}

function isSamePoint({ frames, regions }: Point, other: Point): boolean {
  return (
    frames.length === other.frames.length &&
    regions === other.regions &&
    frames.every((frame, depth) => isSameFrame(frame, other.frames[depth]))
  );
}

function isSameFrame(frame: Frame, other: Frame): boolean {
  return (
    frame === other ||
    (frame.pc === other.pc &&
      frame.code === other.code &&
      frame.registers.every((value, register) => value === other.registers[register]))
  );
}

/** The point behind the instruction, which may have given a value. */
function passed(point: Point, target?: RegisterId, value?: ValueId): Point {
  const frame = innermost(point);
  const next =
    target === undefined || value === undefined
      ? { ...frame, pc: frame.pc + 1 }
      : advanced(frame, target, value);
  return { ...point, frames: point.frames.with(-1, next) };
}

function goes(point: Point, pc: number): Point {
  return { ...point, frames: point.frames.with(-1, { ...innermost(point), pc }) };
}

/** Whether a code can come to an instruction again, other than by a call. */
export function hasLoop({ instructions }: Code): boolean {
  return instructions.some((i, pc) => (i.kind === 'branch' || i.kind === 'jump') && i.goto <= pc);
}

function advanced(frame: Frame, target: RegisterId, value: ValueId): Frame {
  tick(1 + (frame.registers.length >>> 6));
  return { ...frame, pc: frame.pc + 1, registers: frame.registers.with(target, value) };
}

/** What can still matter: a later instruction uses it, or the final state shows it. */
export interface Liveness {
  /** The registers at a point of a code. */
  at(code: Code, pc: number): readonly boolean[];
  /** Whether the final state shows a location. */
  shows(cell: CellId): boolean;
}
