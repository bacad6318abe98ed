import type { Span } from '../../diagnostics.js';
import { UnboundedAddress } from '../../execution/index.js';
import {
  type Cell,
  type CellId,
  type CellTable,
  Circle,
  type Code,
  constant,
  copyOfFrames,
  type Domain,
  type Expression,
  evaluate,
  type Fault,
  faultIn,
  hasLoop,
  heldAfter,
  type Instruction,
  Interpreter,
  initialState,
  innermost,
  inSection,
  isJunk,
  type Liveness,
  type LoadStop,
  mayFail,
  over,
  type Regions,
  type RegisterId,
  type Resource,
  type Stop,
  type StoreStop,
  type Tag,
  type Thread,
  type ThreadId,
  type ThreadState,
  type UnstoredStop,
  type Value,
  type ValueId,
  type ValueTable,
} from '../../program/index.js';
import { isNamed, showValue, type ThreadView } from '../machine/view.js';

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

/** A thread under way, with what it has done that matters later. */
interface Walk extends ThreadState<ValueId, undefined> {
  /** The locks that it has taken and not freed, and sections of SRCU. */
  taken: readonly Resource[];
  /** What it could not do when it had not read junk. */
  fault: Fault | undefined;
}

/** Where a thread is when others can notice what it does next. */
interface Local {
  readonly walk: Walk;
  readonly stop: Stop<ValueId> | undefined;
  readonly action: Action;
}

/**
 * A thread as a finite automaton over what others can notice: its states are numbered as they are met, and what follows from a state
 * and an input is computed once. A register that is not used any more is forgotten, so that states that differ in nothing that matters
 * are one.
 */
export class ThreadAutomaton implements Domain<ValueId, undefined, Walk> {
  private readonly locals: Local[] = [];
  private readonly byKey = new Map<string, LocalId>();
  private readonly successors: Map<number, LocalId>[] = [];
  private readonly writes: Map<number, number>[] = [];
  readonly initial: LocalId;
  /** Whether it could go back in its code. */
  readonly hasLoop: boolean;
  private readonly codeIds = new Map<Code, number>();
  private readonly interpreter: Interpreter<ValueId, undefined, Walk>;
  /** Of the way that is run. */
  private circle = new Circle<ValueId, undefined>(isSameNumber);
  /** Locations that there are when the machine is built: what it has room for. */
  private readonly room: number;

  constructor(
    readonly thread: Thread,
    functions: ReadonlyMap<string, Code>,
    private readonly cells: CellTable,
    private readonly values: ValueTable,
    private readonly liveness: Liveness,
    /** Told whatever is found out, once. */
    private readonly learnt?: (fact: Fact) => void,
  ) {
    this.room = cells.cells.length;
    this.hasLoop = [thread.code, ...functions.values()].some(hasLoop);
    this.interpreter = new Interpreter(thread, functions, cells, this);
    const start = initialState(thread, (value) => values.id(value), undefined);
    this.initial = this.settle({ ...start, taken: [], fault: undefined });
  }

  action(local: LocalId): Action {
    return this.locals[local].action;
  }

  /** What the thread could not do on its way. */
  fault(local: LocalId): Fault | undefined {
    return this.locals[local].walk.fault;
  }

  /** What the thread holds, that others may wait for. */
  taken(local: LocalId): readonly Resource[] {
    return this.locals[local].walk.taken;
  }

  /** Whether what the thread cannot do now is no fault of the program's. */
  isMisled(local: LocalId): boolean {
    return this.locals[local].walk.misled;
  }

  /** Where the thread stands, for grace periods and interrupts. */
  regions(local: LocalId): Regions {
    return this.locals[local].walk.regions;
  }

  /** The state after the action, given what it read (a value's number; 1 or 0 for a store-conditional; 0 where nothing is read). */
  next(local: LocalId, input: number): LocalId {
    let found = this.successors[local].get(input);
    if (found === undefined) {
      found = this.after(this.locals[local], input);
      this.successors[local].set(input, found);
      this.learnt?.({ kind: 'next', thread: this.thread.id, local, input, found });
    }
    return found;
  }

  /** What a read-modify-write stores that reads `old`: a value's number, or `NO_WRITE`. */
  written(local: LocalId, old: ValueId): number {
    let found = this.writes[local].get(old);
    if (found === undefined) {
      const { walk, stop } = this.locals[local];
      const write = this.update(copyOf(walk), stop as LoadStop<ValueId>, old);
      found = write.kind === 'store' ? write.value : NO_WRITE;
      this.writes[local].set(old, found);
      this.learnt?.({ kind: 'written', thread: this.thread.id, local, input: old, found });
    }
    return found;
  }

  /** What a register of the thread's own code holds in a state. */
  register(local: LocalId, register: RegisterId): ValueId {
    return this.locals[local].walk.frames[0].registers[register];
  }

  /** Where the thread is in its code, and what its registers hold that are still used. */
  place(local: LocalId, cells: readonly Cell[]): Pick<ThreadView, 'functions' | 'next' | 'registers'> {
    const { walk, action } = this.locals[local];
    const { code, pc, registers } = innermost(walk);
    const live = this.liveness.at(code, pc);
    return {
      functions: walk.frames.slice(1).map((frame) => frame.code.name),
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
    return this.locals[local].walk.frames;
  }

  /**
   * Whether a step from one state to another goes on in the code: not back, and not to the same place. No thread can come to the
   * same state again by such steps alone: in the outermost code that it came back in, it went back.
   */
  advances(from: LocalId, to: LocalId): boolean {
    const before = this.locals[from].walk.frames;
    const after = this.locals[to].walk.frames;
    const depth = before.findIndex(({ pc }, at) => at >= after.length || after[at].pc !== pc);
    return depth < 0
      ? after.length > before.length
      : depth < after.length && after[depth].pc > before[depth].pc;
  }

  /** How many states have been met. */
  get size(): number {
    return this.locals.length;
  }

  // --- From one action to the next ---

  private after({ walk, stop, action }: Local, input: number): LocalId {
    const next = copyOf(walk);
    if (!stop) {
      const { after, stuck } = action as Action & { readonly kind: 'region'; readonly stuck: Stuck };
      next.regions = after;
      return this.intern(next, undefined, stuck);
    }
    this.perform(next, stop, input);
    return this.settle(next);
  }

  /** Makes the thread do what it has stopped at. */
  private perform(walk: Walk, stop: Stop<ValueId>, input: number): void {
    switch (stop.kind) {
      case 'load':
        if (stop.instruction.kind === 'load') this.read(walk, stop, input as ValueId);
        else this.exchange(walk, stop, input as ValueId);
        return;
      case 'store':
        this.store(walk, stop);
        return;
      case 'conditional':
        this.interpreter.concluded(walk, stop, input === 1, false);
        return;
      case 'region':
        this.interpreter.cross(walk, stop.after);
        return;
      default:
        this.interpreter.pass(walk);
    }
  }

  private read(walk: Walk, stop: LoadStop<ValueId>, found: ValueId): void {
    const held = this.values.asRead(found);
    if (isJunk(this.values.value(held))) walk.misled = true;
    this.interpreter.read(walk, stop, held);
  }

  private store(walk: Walk, stop: StoreStop<ValueId>): void {
    const { instruction, cell } = stop;
    const tags = instruction.kind === 'rmw' ? instruction.writeTags : instruction.tags;
    walk.taken = heldAfter(walk.taken, tags, cell);
    this.interpreter.stored(walk, stop);
  }

  private exchange(walk: Walk, stop: LoadStop<ValueId>, found: ValueId): void {
    const write = this.update(walk, stop, found);
    if (write.kind === 'store') this.store(walk, write);
    else this.interpreter.pass(walk);
  }

  /** The other half of an atomic, once its read has found a value. */
  private update(
    walk: Walk,
    stop: LoadStop<ValueId>,
    found: ValueId,
  ): StoreStop<ValueId> | UnstoredStop<ValueId> {
    this.read(walk, stop, found);
    return this.interpreter.run(walk) as StoreStop<ValueId> | UnstoredStop<ValueId>;
  }

  /** Runs on to the next action that others can notice. */
  private settle(walk: Walk): LocalId {
    walk.steps = 0;
    this.circle = new Circle(isSameNumber);
    const stop = this.interpreter.run(walk);
    const action = this.actionOf(walk, stop);
    if (action.kind !== 'stuck' || !inSection(walk.regions)) return this.intern(walk, stop, action);
    // Where the thread goes no further, its section ends nevertheless.
    return this.intern(walk, undefined, { kind: 'region', after: over(walk.regions), stuck: action });
  }

  private actionOf(walk: Walk, stop: Stop<ValueId>): Action {
    switch (stop.kind) {
      case 'load':
      case 'store':
      case 'conditional':
        return this.access(stop);
      case 'fence':
        return { kind: 'fence', tags: stop.instruction.tags, ...placeOf(stop.instruction) };
      case 'region':
        return { kind: 'region', after: stop.after, ...placeOf(stop) };
      case 'grace-period':
        return { kind: 'grace-period', ...placeOf(stop) };
      case 'waits':
        return { kind: 'stuck', ...this.awaited(walk, stop.instruction), ...placeOf(stop.instruction) };
      case 'deadlock':
        return { kind: 'stuck', ...placeOf(stop) };
      case 'endless':
        return { kind: 'stuck' };
      case 'limit':
        // Of a thread that has gone wrong no end is missed.
        return { kind: 'stuck', ...(walk.misled ? {} : { isLimit: true }), ...placeOf(stop.instruction) };
      case 'end':
        return { kind: 'end' };
      default:
        throw new Error(`no thread with values stops by '${stop.kind}'`);
    }
  }

  private access(stop: Stop<ValueId> & { readonly kind: 'load' | 'store' | 'conditional' }): Action {
    const { instruction } = stop;
    const cell = stop.cell as CellId;
    if (cell >= this.room) throw new UnboundedAddress();
    const place = placeOf(instruction);
    if (instruction.kind === 'load') {
      const { tags, locked = false } = instruction;
      return { kind: 'load', cell, tags, locked, ...place };
    }
    if (instruction.kind === 'rmw') {
      const { readTags, writeTags, blocks = false } = instruction;
      return { kind: 'rmw', cell, readTags, writeTags, blocks, ...place };
    }
    const { value } = stop as StoreStop<ValueId>;
    const kind = stop.kind === 'conditional' ? 'store-conditional' : 'store';
    return { kind, cell, value, tags: instruction.tags, ...place };
  }

  /** What an `await` is about. */
  private awaited(walk: Walk, { about }: Instruction & { kind: 'await' }): { readonly waitsFor?: CellId } {
    const address = about && this.values.value(this.evaluate(walk, about.address));
    const waitsFor = address === undefined ? undefined : this.cells.at(address, about?.type);
    return waitsFor === undefined ? {} : { waitsFor };
  }

  // --- Values (`Domain`) ---

  constant(value: Value): ValueId {
    return this.values.id(value);
  }

  evaluate(walk: Walk, expression: Expression): ValueId {
    const { registers } = innermost(walk);
    if (expression.kind === 'register') return registers[expression.register];
    return this.values.id(evaluate(expression, (register) => this.values.value(registers[register])));
  }

  mapped(content: ValueId, build: (value: Expression) => Expression): ValueId {
    const value = constant(this.values.value(content));
    const built = build(value);
    return built === value ? content : this.values.id(evaluate(built, () => 0n));
  }

  known(content: ValueId): Value {
    return this.values.value(content);
  }

  faultIn(walk: Walk, expression: Expression): Fault | undefined {
    if (!isPartial(expression)) return undefined;
    const { registers } = innermost(walk);
    return faultIn(expression, (register) => this.values.value(registers[register]));
  }

  failed(walk: Walk, fault: Fault): void {
    walk.fault = fault;
  }

  calls(): undefined {
    return undefined;
  }

  jumpsBack(walk: Walk, instruction: Instruction): Stop<ValueId> | undefined {
    return this.circle.isClosedBy(walk) ? { kind: 'endless', instruction, isSilent: true } : undefined;
  }

  private intern(walk: Walk, stop: Stop<ValueId> | undefined, action: Action): LocalId {
    this.forget(walk);
    const key = this.keyOf(walk, action);
    let id = this.byKey.get(key);
    if (id === undefined) {
      id = this.locals.length as LocalId;
      this.byKey.set(key, id);
      this.locals.push({ walk, stop, action });
      this.successors.push(new Map());
      this.writes.push(new Map());
    }
    return id;
  }

  /** Forgets registers that are not used any more. */
  private forget({ frames }: Walk): void {
    const zero = this.values.id(0n);
    for (const { code, pc, registers } of frames) {
      const live = this.liveness.at(code, pc);
      for (let register = 0; register < registers.length; register++)
        if (!live[register]) registers[register] = zero;
    }
  }

  private keyOf({ frames, allocated, regions, taken, misled, fault }: Walk, action: Action): string {
    const code = frames
      .map((f) => `${this.codeId(f.code)}:${f.pc}:${f.result ?? ''}:${f.stage}:${f.registers.join(',')}`)
      .join(';');
    const standing = `${regions.depth}/${regions.irqs}${action.kind === 'stuck' ? '!' : ''}`;
    const wrong = fault ? `${fault.name}@${fault.span?.start}` : misled;
    return `${code}#${allocated.join(',')}#${wrong}#${standing}#${taken.join(',')}`;
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

const isSameNumber = (one: ValueId, other: ValueId): boolean => one === other;
const placeOf = ({ span }: { readonly span?: Span | undefined }): { span?: Span } => (span ? { span } : {});

function copyOf(walk: Walk): Walk {
  return { ...walk, frames: copyOfFrames(walk.frames), allocated: [...walk.allocated] };
}
