import type { Span } from '../diagnostics.js';
import { joinsOf, NEVER, readAt, readsOf, type Symbolic, substitute } from '../execution/index.js';
import { tick } from '../limits.js';
import {
  type CellId,
  type Code,
  changed,
  type Expression,
  type Fault,
  FREED,
  faultIn,
  forEachRegister,
  given,
  heldAfter,
  type Instruction,
  inSection,
  isJunk,
  isPointer,
  isTrue,
  JUNK,
  kept,
  mayBeAddress,
  mayFail,
  operandsOf,
  over,
  type ScalarType,
  type Tag,
  tagsOfChange,
  unfinished,
  type Value,
  valuesEqual,
} from '../program/index.js';
import { met, placed, returned, unstored } from './alpha-decisions.js';
import {
  ended,
  type Front,
  framesOf,
  handlersAt,
  type IssueRules,
  placeOf,
  withContext,
} from './alpha-front.js';
import { crossed } from './alpha-sections.js';
import {
  type Content,
  type Control,
  type CpuState,
  type Frame,
  type Hold,
  type Pending,
  placeOfSlot,
  slotAt,
  ZERO,
} from './alpha-state.js';
import { NONE, type SetId } from './dependencies.js';

/** A load that waits is not known yet where its value is needed. */
class Unknown {
  constructor(readonly slot: number) {}
}
/** What comes next is not followed any further. */
class Limit {
  constructor(readonly span?: Span) {}
}

const MAX_SILENT_STEPS = 100_000;
const MAX_DEPTH = 64;
/** How often an instruction in a loop may stand in the window. */
const MAX_ROUNDS = 2;
/** The cells that an instruction frees are told apart by this in `origin`. */
const CELL_ORIGIN = 0x10000000;

/** What is read where there is nothing to read. */
const WORTHLESS: Content = { value: { kind: 'constant', value: JUNK }, deps: NONE };

/** Where a CPU has come to by itself. */
export interface Settled {
  readonly state: CpuState;
  readonly front: Front;
  /** Whether it has come round in a circle, or may have. */
  readonly isRound: boolean;
}

/** All that the CPU issues by itself. Stores are issued at once, and wait in the window. */
export function settle(state: CpuState, rules: IssueRules): Settled {
  let current = met(state, rules);
  let isRound = false;
  // One that was come by before; the steps between two of them double (Brent's way to find a cycle).
  let before = state;
  for (let steps = 1; ; steps++) {
    const next = step(current, rules, steps > MAX_SILENT_STEPS);
    if ('kind' in next) return { state: current, front: next, isRound };
    isRound ||= isBack(current, next);
    const here = met(next, rules);
    current = isSame(before, here) ? endless(here, rules) : here;
    if ((steps & (steps - 1)) === 0) before = here;
  }
}

/** Whether a CPU has come round a loop in which nothing is done, and so does that for ever. */
function isSame(before: CpuState, after: CpuState): boolean {
  if (before.window !== after.window || before.active !== after.active) return false;
  const [one, other] = [before, after].map((state) => state.contexts[placeOf(state)]);
  const [from, to] = [one.frames, other.frames];
  return (
    one.ended === other.ended &&
    one.misled === other.misled &&
    one.regions === other.regions &&
    from.length === to.length &&
    from.every(({ code, pc, registers }, depth) => {
      const other = to[depth];
      return (
        code === other.code &&
        pc === other.pc &&
        registers.every((content, register) => isSameContent(content, other.registers[register]))
      );
    })
  );
}

function isSameContent(one: Content, other: Content): boolean {
  if (one === other) return true;
  const [a, b] = [one.value, other.value];
  const isSameValue = a.kind === 'constant' && b.kind === 'constant' && valuesEqual(a.value, b.value);
  return isSameValue && one.deps === other.deps;
}

/** The state when the context that the CPU is in goes round for ever: no handler comes any more that has not come by now. */
function endless(state: CpuState, rules: IssueRules): CpuState {
  const { midway: _, ...rest } = finished(state, framesOf(state), rules);
  return { ...rest, hangs: true };
}

/** Whether a step leads back in the code that is run. */
function isBack(before: CpuState, after: CpuState): boolean {
  if (placeOf(before) !== placeOf(after)) return false;
  const from = framesOf(before);
  const to = framesOf(after);
  return from.length === to.length && to[to.length - 1].pc < from[from.length - 1].pc;
}

function step(state: CpuState, rules: IssueRules, tooLong: boolean): CpuState | Front {
  const frames = framesOf(state);
  try {
    const { ended: isOver } = state.contexts[placeOf(state)];
    if (isOver) return ended(state, rules);
    const next = new Step(state, frames, rules);
    return tooLong ? next.giveUp() : next.run();
  } catch (stop) {
    if (stop instanceof Unknown) return { kind: 'unknown', slot: stop.slot };
    if (!(stop instanceof Limit)) throw stop;
    const { midway: _, ...rest } = finished(state, frames, rules);
    // Of a thread that has gone wrong no end is missed.
    const { misled } = state.contexts[placeOf(state)];
    return misled ? { ...rest, hangs: true } : { ...rest, limit: stop.span ? { span: stop.span } : {} };
  }
}

/** The state after the front's grace period. */
export function graceIssued(state: CpuState, rules: IssueRules): CpuState {
  return new Step({ ...state, waiting: false }, framesOf(state), rules).passed();
}

/** The state when the context that the CPU is in is over: so is its section, as soon as what is issued by now has performed. */
function outside(state: CpuState, { isAwaited }: IssueRules): CpuState {
  const place = placeOf(state);
  const { regions } = state.contexts[place];
  return inSection(regions) ? crossed(state, place, over(regions), isAwaited) : state;
}

/** The state when the context that the CPU is in goes no further. */
function finished(state: CpuState, frames: readonly Frame[], rules: IssueRules): CpuState {
  return withContext(outside(state, rules), { frames, ended: true });
}

/** The state when the context that the CPU is in cannot do something; what it cannot do after it has read junk is no fault. */
function failed(state: CpuState, fault: Fault, span: Span | undefined): CpuState {
  if (state.contexts[placeOf(state)].misled) return state;
  const slots = slotAt(state.window, state.window.length);
  const place = fault.span ?? span;
  return withContext(state, { misled: true, fault: { ...fault, slots, ...(place && { span: place }) } });
}

/** The state after the front's load, with what it returns; `slot` is that of one that waits. */
export function loadIssued(
  state: CpuState,
  read: Content,
  slot: number | undefined,
  rules: IssueRules,
): CpuState {
  return new Step(state, framesOf(state), rules).read(read, slot);
}

/** The state after the front's store-conditional. */
export function conditionalIssued(state: CpuState, success: boolean, rules: IssueRules): CpuState {
  return new Step(state, framesOf(state), rules).conditional(success);
}

/** One instruction of the context that a CPU is in. */
class Step {
  private readonly frame: Frame;
  private readonly instruction: Instruction | undefined;

  constructor(
    private readonly state: CpuState,
    private readonly frames: readonly Frame[],
    private readonly rules: IssueRules,
  ) {
    this.frame = frames[frames.length - 1];
    const { frame } = this;
    this.instruction = frame.code.instructions[frame.pc];
  }

  run(): CpuState | Front {
    const { instruction, state } = this;
    if (!instruction) return this.leave(ZERO);
    if (state.midway)
      return this.writeOfAtomic(instruction as Instruction & { kind: 'rmw' }, state.midway.hold);
    const fault = this.faultAmong(operandsOf(instruction));
    if (fault) return failed(state, fault, instruction.span);
    switch (instruction.kind) {
      case 'assign':
        return this.after(this.set(instruction.target, this.content(instruction.value)));
      case 'jump':
        return this.after({ ...this.frame, pc: instruction.goto });
      case 'branch':
        return this.branch(instruction);
      case 'await':
        if (!isTrue(this.known(this.content(instruction.condition)))) return this.inVain(instruction);
        return this.after(this.next());
      case 'call':
        return this.call(instruction);
      case 'return':
        return this.leave(instruction.value ? this.content(instruction.value) : ZERO);
      case 'allocate':
        return this.allocate(instruction);
      case 'region':
        return this.region(instruction);
      case 'primitive':
        throw new Error(`primitive ${instruction.name} was not mapped to a target`);
      default:
        return this.event(instruction);
    }
  }

  /** What is waited for has not come. */
  private inVain({ about }: Instruction & { kind: 'await' }): Front {
    const waitsFor = about && this.rules.cells.at(this.known(this.content(about.address)), about.type);
    return waitsFor === undefined ? { kind: 'dead' } : { kind: 'dead', waitsFor };
  }

  giveUp(): never {
    throw new Limit(this.instruction?.span);
  }

  /** The first operation in some expressions that has no result. Of one that may have none its operands must be known. */
  private faultAmong(operands: readonly Expression[]): Fault | undefined {
    const { state, frame } = this;
    if (state.contexts[placeOf(state)].misled) return undefined;
    const held = (id: number): Symbolic => frame.registers[id].value;
    const mayHold = (id: number): boolean => mayBeAddress(held(id), (slot) => this.mayReturnAddress(slot));
    for (const operand of operands) {
      if (!mayFail(operand, mayHold)) continue;
      const value = substitute(operand, held, true);
      const [slot] = readsOf(value);
      if (slot !== undefined) throw new Unknown(slot);
      const fault = faultIn(value, () => 0n);
      if (fault) return fault;
    }
    return undefined;
  }

  private mayReturnAddress(slot: number): boolean {
    const { window } = this.state;
    const { cell } = window[placeOfSlot(window, slot)] as Pending & { kind: 'load' };
    return this.rules.values(cell).some((value) => isPointer(value) && !isJunk(value));
  }

  // --- What other CPUs can notice ---

  private event(
    instruction: Instruction & { kind: 'fence' | 'load' | 'store' | 'rmw' | 'store-conditional' | 'free' },
  ): CpuState | Front {
    const { state, rules } = this;
    const interrupt = this.interrupt();
    if (interrupt) return interrupt;
    if (instruction.kind === 'fence') return this.fence(instruction.tags);
    if (instruction.kind === 'free') return this.free(instruction);
    const address = this.content(instruction.address);
    const target = this.known(address);
    const cell = this.rules.cells.at(target, instruction.type);
    if (cell === undefined) return this.at(address, this.missed(instruction, target));
    switch (instruction.kind) {
      case 'load':
      case 'rmw': {
        const isLocked = instruction.kind === 'load' && instruction.locked;
        const range = isLocked ? { range: rules.cells.block(cell) } : {};
        const blocks = instruction.kind === 'rmw' && instruction.blocks ? ({ blocks: true } as const) : {};
        return { kind: 'load', cell, ...range, origin: this.origin(), ...blocks };
      }
      case 'store':
        return this.at(address, this.store(cell, this.depends(address.deps), instruction));
      case 'store-conditional': {
        this.content(instruction.value);
        const { link } = state;
        if (!link) return this.conditional(false);
        // To another block than was locked, it is no part of a pair, and may succeed whatever happened.
        if (!rules.cells.isOneBlock(link.cell, cell)) return { kind: 'conditional', cell };
        return link.hold ? { kind: 'conditional', cell, hold: link.hold } : this.conditional(false);
      }
    }
  }

  /** The state after an access to where no location is: nothing is stored, and what is read is junk. */
  private missed(
    instruction: Instruction & { kind: 'load' | 'store' | 'rmw' | 'store-conditional' },
    address: Value,
  ): CpuState {
    const fault = this.rules.cells.errorAt(address, instruction.type);
    const state = fault ? failed(this.state, fault, instruction.span) : this.state;
    return this.replaced(
      state,
      'target' in instruction ? this.set(instruction.target, WORTHLESS) : this.next(),
    );
  }

  private interrupt(): Front | undefined {
    const { state, rules } = this;
    const handlers = state.declined ? [] : handlersAt(state, rules);
    return handlers.length > 0 ? { kind: 'interrupt', handlers, must: false } : undefined;
  }

  private region({ change, span }: Instruction & { kind: 'region' }): CpuState | Front {
    const { state } = this;
    const place = placeOf(state);
    const { regions } = state.contexts[place];
    const standing = changed(regions, change, place > 0, span);
    if (standing === 'too-deep') throw new Limit(span);
    if ('name' in standing) {
      const wrong = failed(state, standing, span);
      return standing.name === 'deadlock'
        ? finished(wrong, this.frames, this.rules)
        : this.replaced(wrong, this.next());
    }
    const stand = (next: CpuState): CpuState => crossed(next, place, standing, this.rules.isAwaited);
    if (change !== 'grace-period' && tagsOfChange(regions, standing).length === 0)
      return stand(this.after(this.next()));
    const interrupt = this.interrupt();
    if (interrupt) return interrupt;
    if (change !== 'grace-period') return stand(this.passed());
    // Handlers may have come in between since the MB before.
    return state.window.length > 0 ? { kind: 'wait' } : { kind: 'grace-period' };
  }

  /** The state after an event that does nothing by itself. */
  passed(): CpuState {
    return this.issued(this.state, this.next());
  }

  private fence(tags: readonly Tag[]): CpuState | Front {
    const { state } = this;
    let { causes } = state;
    let { window } = state;
    if (tags.includes('MB')) {
      if (window.length > 0) return { kind: 'wait' };
      causes = { ...causes, mb: this.union(causes.mb, causes.accesses) };
    }
    if (tags.includes('WMB')) {
      causes = { ...causes, wmb: this.union(causes.wmb, causes.writes) };
      window = fenced(window);
    }
    return this.issued({ ...state, causes, window }, this.next());
  }

  private store(
    cell: CellId,
    depends: SetId,
    instruction: Instruction & { kind: 'store' | 'store-conditional' | 'rmw' },
    hold?: Hold,
  ): CpuState | Front {
    if (!this.hasRoom()) return { kind: 'wait' };
    const stored = instruction.kind === 'rmw' ? instruction.update : instruction.value;
    const { value, deps } = this.content(kept(stored, instruction.type, this.typeOf(cell)));
    const state = this.push(cell, value, this.union(depends, deps), this.origin(), hold);
    const tags = instruction.kind === 'rmw' ? instruction.writeTags : instruction.tags;
    return taking(this.issued(state, this.next()), tags, cell);
  }

  /** Frees one cell after another. */
  private free({ address }: Instruction & { kind: 'free' }): CpuState | Front {
    const { state, frame, rules } = this;
    const where = this.content(address);
    const target = this.known(where);
    if (isJunk(target) || target === 0n) return this.at(where, this.after(this.next()));
    const cells = isPointer(target) ? rules.cells.object(target) : undefined;
    if (!cells)
      return this.at(
        where,
        this.replaced(failed(state, { name: 'bad-free' }, this.instruction?.span), this.next()),
      );
    const { freed = 0, ...rest } = frame;
    const origin = this.origin() < 0 ? -1 : this.origin() + (freed + 1) * CELL_ORIGIN;
    if (!this.hasRoom(origin)) return { kind: 'wait' };
    const made = this.push(
      cells[freed],
      { kind: 'constant', value: FREED },
      this.depends(where.deps),
      origin,
    );
    if (freed + 1 < cells.length) return this.issued(made, { ...frame, freed: freed + 1 });
    return this.at(where, this.issued(made, { ...rest, pc: frame.pc + 1 }));
  }

  private allocate({ site, objects, target, span }: Instruction & { kind: 'allocate' }): CpuState {
    const { state, rules } = this;
    const { allocated } = state.contexts[placeOf(state)];
    const count = allocated[site] ?? 0;
    const symbol = objects[rules.threads[placeOf(state)]]?.[count];
    if (symbol === undefined) throw new Limit(span);
    const more = Array.from({ length: Math.max(allocated.length, site + 1) }, (_, at) => allocated[at] ?? 0);
    const value = { kind: 'constant', value: { symbol, offset: 0 } } as const;
    const next = this.after(this.set(target, { value, deps: NONE }));
    return withContext(next, { allocated: more.with(site, count + 1) });
  }

  /** A store in the window: it depends on what the accesses depend on that it is ordered after. */
  private push(cell: CellId, value: Symbolic, depends: SetId, origin: number, hold?: Hold): CpuState {
    const { causes } = this.state;
    const deps = this.union(depends, causes.cells[cell], causes.mb, causes.wmb);
    const entry: Pending = {
      kind: 'store',
      cell,
      value,
      deps,
      origin,
      ...(hold ? { hold } : {}),
    };
    const state = this.accessed(cell, depends);
    const writes = this.union(causes.writes, depends);
    return { ...state, window: [...state.window, entry], causes: { ...state.causes, writes } };
  }

  /** Notes what an access depends on. */
  private accessed(cell: CellId, depends: SetId): CpuState {
    const { causes } = this.state;
    if (depends === NONE) return this.state;
    return {
      ...this.state,
      causes: {
        ...causes,
        cells: causes.cells.with(cell, this.union(causes.cells[cell], depends)),
        accesses: this.union(causes.accesses, depends),
      },
    };
  }

  read(read: Content, slot: number | undefined): CpuState {
    const instruction = this.instruction as Instruction & { kind: 'load' | 'rmw' };
    const address = this.content(instruction.address);
    const cell = this.cellAt(instruction);
    const state = this.accessed(cell, this.depends(address.deps));
    const frame = this.set(instruction.target, this.given(read, instruction.type, cell));
    const hold = (range: readonly CellId[]): Hold => (slot === undefined ? { range } : { slot, range });
    if (instruction.kind === 'rmw')
      return this.at(address, {
        ...this.replaced(state, { ...frame, pc: this.frame.pc }),
        midway: { cell, hold: hold([cell]) },
        declined: false,
      });
    const link = { cell, hold: hold(this.rules.cells.block(cell)) };
    return this.at(address, this.issued(instruction.locked ? { ...state, link } : state, frame));
  }

  /** A state after an access at an address: of an access that waits for room, none. */
  private at<After extends CpuState | Front>(address: Content, next: After): After {
    return 'kind' in next ? next : (placed(next, this.frame, address, this.rules) as After);
  }

  private writeOfAtomic(
    instruction: Instruction & { kind: 'rmw' },
    hold: Hold | undefined,
  ): CpuState | Front {
    const { midway, ...state } = this.state;
    const condition = instruction.condition ? this.content(instruction.condition) : undefined;
    if (condition && !isTrue(this.known(condition))) {
      if (instruction.blocks && midway) return { kind: 'dead', waitsFor: midway.cell };
      if (!midway) return { kind: 'dead' };
      return unstored(this.issued(state, this.next()), condition, midway.cell, this.rules);
    }
    if (!hold) return { kind: 'dead' };
    const fault = this.faultAmong([instruction.update]);
    if (fault) return failed(this.state, fault, instruction.span);
    const address = this.content(instruction.address);
    const controlled = condition && !instruction.uncontrolled ? condition.deps : NONE;
    const depends = this.union(this.depends(address.deps), controlled);
    return new Step(state, this.frames, this.rules).store(
      this.cellAt(instruction),
      depends,
      instruction,
      hold,
    );
  }

  conditional(success: boolean): CpuState {
    const instruction = this.instruction as Instruction & { kind: 'store-conditional' };
    const target = (value: bigint): Frame =>
      this.set(instruction.target, { value: { kind: 'constant', value }, deps: NONE });
    const { link, ...state } = this.state;
    if (!link) return this.replaced(state, target(0n));
    const address = this.content(instruction.address);
    if (!success) return this.at(address, this.replaced(state, target(0n)));
    const cell = this.cellAt(instruction);
    const stored = this.content(kept(instruction.value, instruction.type, this.typeOf(cell)));
    const depends = this.union(this.depends(address.deps), stored.deps);
    const hold = this.rules.cells.isOneBlock(link.cell, cell) ? link.hold : undefined;
    const { link: _, ...pushed } = this.push(cell, stored.value, depends, this.origin(), hold);
    return this.at(address, this.issued(pushed, target(1n)));
  }

  private origin(): number {
    if (!this.rules.loops) return -1;
    return this.rules.codeId(this.frame.code) * 0x1000 + this.frame.pc;
  }

  /** A loop runs ahead of its own accesses by only so many rounds. */
  private hasRoom(origin = this.origin()): boolean {
    if (origin < 0) return true;
    return this.state.window.filter((e) => e.kind === 'store' && e.origin === origin).length < MAX_ROUNDS;
  }

  // --- Control ---

  private branch(instruction: Instruction & { kind: 'branch' }): CpuState {
    const { frame } = this;
    const condition = this.content(instruction.condition);
    const taken = isTrue(this.known(condition));
    const { deps } = condition;
    const branch: Control =
      frame.code.controlScope === 'rest'
        ? { pc: -1, join: NEVER, deps }
        : { pc: frame.pc, join: joinOf(frame.code, frame.pc), deps };
    const control = deps === NONE ? frame.control : [...frame.control, branch];
    return this.after({ ...frame, control, pc: taken ? instruction.goto : frame.pc + 1 });
  }

  private call(instruction: Instruction & { kind: 'call' }): CpuState {
    const { functions } = this.rules;
    const callee = this.content(instruction.callee);
    const target = this.known(callee);
    const code = isPointer(target) && target.offset === 0 ? functions.get(target.symbol) : undefined;
    if (!code) {
      const state = isJunk(target) ? this.state : failed(this.state, { name: 'bad-call' }, instruction.span);
      const frame = instruction.target === undefined ? this.next() : this.set(instruction.target, WORTHLESS);
      return this.replaced(state, frame);
    }
    if (this.frames.length >= MAX_DEPTH) throw new Limit(instruction.span);
    const registers = code.registers.map(() => ZERO);
    code.parameters.forEach((parameter, index) => {
      const arg = instruction.args[index];
      if (arg) registers[parameter] = this.content(arg);
    });
    // Which function runs depends on the loads that gave its address: an indirect jump is a branch.
    const control = callee.deps === NONE ? [] : [{ pc: -1, join: NEVER, deps: callee.deps }];
    const result = instruction.target === undefined ? {} : { result: instruction.target };
    const frames = [...this.frames.slice(0, -1), this.frame, { code, pc: 0, registers, control, ...result }];
    return withContext(this.state, { frames, ended: false });
  }

  private leave(result: Content): CpuState {
    if (this.frames.length === 1) {
      const unended = unfinished(this.state.contexts[placeOf(this.state)].regions);
      const state = unended ? failed(this.state, unended, undefined) : this.state;
      return finished(state, this.frames, this.rules);
    }
    const caller = this.frames[this.frames.length - 2];
    const [state, given] = returned(this.state, result, this.rules);
    // In assembly, a branch inside the callee goes on controlling the caller.
    const lasting = this.frame.code.controlScope === 'rest' ? this.frame.control : [];
    const registers =
      this.frame.result === undefined ? caller.registers : caller.registers.with(this.frame.result, given);
    const back = { ...caller, pc: caller.pc + 1, registers, control: [...caller.control, ...lasting] };
    return withContext(state, { frames: [...this.frames.slice(0, -2), back], ended: false });
  }

  // --- Frames and values ---

  private set(target: number, content: Content): Frame {
    tick(1 + (this.frame.registers.length >>> 6));
    return { ...this.frame, pc: this.frame.pc + 1, registers: this.frame.registers.with(target, content) };
  }

  private next(): Frame {
    return { ...this.frame, pc: this.frame.pc + 1 };
  }

  private after(frame: Frame): CpuState {
    return this.replaced(this.state, frame);
  }

  private replaced(state: CpuState, frame: Frame): CpuState {
    return withContext(state, { frames: this.frames.with(-1, frame), ended: false });
  }

  /** After an event: a handler can be entered again. */
  private issued(state: CpuState, frame: Frame): CpuState {
    return { ...this.replaced(state, frame), declined: false };
  }

  private content(expression: Expression): Content {
    const { registers } = this.frame;
    if (expression.kind === 'constant') return { value: expression, deps: NONE };
    if (expression.kind === 'register') return registers[expression.register];
    let deps: SetId = NONE;
    forEachRegister(expression, (id) => {
      deps = this.union(deps, registers[id].deps);
    });
    const value = substitute(expression, (id) => registers[id].value);
    return { value, deps };
  }

  /** With the branches that control what is issued now. */
  private depends(deps: SetId): SetId {
    let all = deps;
    for (const frame of [...this.frames.slice(0, -1), this.frame]) {
      for (const branch of frame.control) all = this.union(all, branch.deps);
    }
    return all;
  }

  private known({ value }: Content): Value {
    if (value.kind === 'constant') return value.value;
    throw new Unknown(readsOf(value)[0]);
  }

  /** What a load makes of what its location holds. */
  private given(held: Content, type: ScalarType, cell: CellId): Content {
    const value = given(held.value, type, this.typeOf(cell));
    return value === held.value ? held : { ...held, value: substitute(value, readAt) };
  }

  private typeOf(cell: CellId): ScalarType {
    return this.rules.cells.cells[cell].type;
  }

  /** The location of an access that is known to be to one. */
  private cellAt({ address, type }: Instruction & { kind: 'load' | 'rmw' | 'store-conditional' }): CellId {
    return this.rules.cells.at(this.known(this.content(address)), type) as CellId;
  }

  private union(...all: readonly SetId[]): SetId {
    return all.reduce((left, right) => this.rules.sets.union(left, right), NONE as SetId);
  }
}

/** The state with what its context holds after an access. */
function taking(state: CpuState, tags: readonly Tag[], cell: CellId): CpuState {
  const { taken: before } = state.contexts[placeOf(state)];
  const taken = heldAfter(before, tags, cell);
  return taken === before ? state : withContext(state, { taken });
}

function joinOf(code: Code, pc: number): number {
  const join = joinsOf(code)[pc];
  return join < 0 ? NEVER : join;
}

/** The window behind a WMB. */
function fenced(window: readonly Pending[]): readonly Pending[] {
  for (let at = window.length - 1; at >= 0; at--) {
    if (window[at].kind === 'wmb') return window;
    if (window[at].kind === 'store') return [...window, { kind: 'wmb' }];
  }
  return window;
}
