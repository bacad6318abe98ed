import type { Span } from '../diagnostics.js';
import { look, tick } from '../limits.js';
import {
  binary,
  type CellId,
  type Code,
  changed,
  constant,
  type Expression,
  type Fault,
  FREED,
  forEachRegister,
  given,
  heldAfter,
  type Instruction,
  isJunk,
  isPointer,
  isTrue,
  kept,
  mayBeAddress,
  mayFail,
  OUTSIDE,
  operandsOf,
  over,
  type Program,
  possibleFaults,
  type Regions,
  type RegisterId,
  type Resource,
  type ScalarType,
  type Tag,
  type Thread,
  tagsOfChange,
  unfinished,
  type Value,
  waitedFor,
} from '../program/index.js';
import type { CellTable } from './cells.js';
import { NEVER } from './control.js';
import { Decisions } from './decisions.js';
import type { Domains } from './domains.js';
import {
  type Content,
  choose,
  constantly,
  constrain,
  copy,
  type Frame,
  JUNK_CONTENT,
  joinOf,
  NOTHING,
  type Path,
  roundOf,
  union,
  ZERO,
} from './path.js';
import { isDecided, PathDecisions } from './path-decisions.js';
import { readAt, readsOf, type Symbolic, substitute } from './symbolic.js';
import { isSameOutcome, sectionEnds, type Trace, type TraceEvent } from './trace.js';
import { MAX_DEPTH, MAX_STEPS, POLL_INTERVAL, UnboundedAddress, type UnfoldLimits } from './unfold-limits.js';
import type { ValueFlow } from './value-flow.js';

/** All ways through one thread's code. */
export interface Unfolding {
  readonly traces: readonly Trace[];
  /** Paths as far as they come that no values known so far let go on: what they write may be what they, or others, need. */
  readonly dropped: readonly Trace[];
  /** Where a path was given up because it went round a loop, or called itself, more often than the limit. */
  readonly cut: readonly Span[];
  /** Whether the thread may come to what it cannot do. */
  readonly fails: boolean;
  /** Where it may have to wait. */
  readonly waits: readonly Wait[];
}

/** What a thread waits for at a place, and what it holds there. */
export interface Wait {
  readonly waitsFor: Resource;
  readonly held: readonly Resource[];
}

/** What it is worth to keep where a path breaks off: where executions can be in error. */
export interface Breaks {
  /** What threads can wait for, for ever. */
  readonly deadly: ReadonlySet<Resource>;
}

/** The address of an access that may be to any location. */
const ANYWHERE = Symbol('anywhere');

/** An instruction that has a location. */
type Access =
  | (Instruction & { kind: 'load' | 'store' | 'rmw' | 'store-conditional' })
  | (Instruction & { kind: 'fence' } & { readonly address: Expression });

/**
 * Runs a thread symbolically: a read returns an unknown, and where an unknown decides a branch, an address or a callee, or whether an
 * operation has a result, the path splits, as far as `domains` cannot rule a side out. Where a thread cannot do what the program says, an
 * event says so, and it goes on with junk, as after a read of memory that was freed: on a weak machine, what stands behind may have
 * taken effect before it, and be what brought it about.
 * @param breaks given if it matters where a path breaks off
 * @param flow if it matters what branches choose, and what is done on other ways
 */
export function unfold(
  program: Program,
  thread: Thread,
  cells: CellTable,
  domains: Domains,
  limits: UnfoldLimits,
  breaks: Breaks | undefined,
  flow?: ValueFlow,
): Unfolding {
  return new Unfolder(program, thread, cells, domains, limits, breaks, flow).run();
}

/** How a trace ends, if not with the code. */
type Ending = Pick<Trace, 'partial' | 'astray'>;

class Unfolder {
  private readonly traces: Trace[] = [];
  private readonly dropped: Trace[] = [];
  private readonly cut = new Set<Span>();
  private readonly waits: Wait[] = [];
  private fails = false;
  private readonly pending: Path[] = [];
  private readonly functions: ReadonlyMap<string, Code>;
  private readonly decided: PathDecisions;
  /** In C it is the statements that are in program order, with all that they do. */
  private readonly besideReads: boolean;

  constructor(
    program: Program,
    private readonly thread: Thread,
    private readonly cells: CellTable,
    private readonly domains: Domains,
    private readonly limits: UnfoldLimits,
    private readonly breaks: Breaks | undefined,
    flow?: ValueFlow,
  ) {
    this.decided = new PathDecisions(flow && new Decisions(thread, flow));
    this.besideReads = program.dialect !== 'C';
    this.functions = new Map(program.functions.map((code) => [code.name, code]));
  }

  run(): Unfolding {
    const registers = this.thread.code.registers.map((_, index): Content => {
      const initial = this.thread.initial.get(index as RegisterId);
      return initial === undefined ? ZERO : constantly(initial);
    });
    const frame: Frame = { code: this.thread.code, pc: 0, registers, control: [] };
    this.pending.push({
      frames: [frame],
      events: [],
      constraints: [],
      locked: -1,
      regions: OUTSIDE,
      steps: 0,
      choices: 0,
      loops: new Map(),
      allocated: [],
      decisions: [],
      failed: false,
    });
    let followed = 0;
    for (let path = this.pending.pop(); path; path = this.pending.pop()) {
      if (++followed % POLL_INTERVAL === 0) look();
      this.follow(path);
    }
    const { traces, dropped, fails, waits } = this;
    return { traces, dropped, cut: [...this.cut], fails, waits };
  }

  /** Takes the path to its end; other ways that split off it go to `pending`. */
  private follow(path: Path): void {
    for (;;) {
      const frame = path.frames[path.frames.length - 1];
      if (frame.control.length > 0) this.decided.meet(path, frame);
      if (frame.pc >= frame.code.instructions.length) {
        if (!this.leave(path, ZERO)) return;
        continue;
      }
      const instruction = frame.code.instructions[frame.pc];
      if (!this.step(path, frame, instruction)) return;
    }
  }

  /** Returns from a function. False when that ended the thread. */
  private leave(path: Path, result: Content): boolean {
    const frame = path.frames[path.frames.length - 1];
    if (path.frames.length === 1) {
      this.finish(path, frame);
      return false;
    }
    path.frames.pop();
    const caller = path.frames[path.frames.length - 1];
    const returned = this.decided.returned(path, frame, caller, result);
    if (frame.result !== undefined) caller.registers[frame.result] = returned;
    // In assembly, a branch inside the callee goes on controlling the caller.
    const lasting = frame.code.controlScope === 'rest' ? frame.control : [];
    if (lasting.length > 0) caller.control = [...caller.control, ...lasting];
    caller.pc++;
    return true;
  }

  private finish(path: Path, frame: Frame, end: Ending = {}): void {
    const unended = end.partial || end.astray ? undefined : unfinished(path.regions);
    if (unended) this.fail(path, unended);
    // What ends here was in its section up to now, and so not to be overtaken by a grace period.
    this.enter(path, over(path.regions), undefined);
    this.traces.push({
      thread: this.thread.id,
      events: path.events,
      constraints: path.constraints,
      registers: frame.registers.map((content) => content.value),
      ...end,
      decisions: path.decisions,
    });
  }

  /** Keeps a path as far as it has come. */
  private breakOff(path: Path): void {
    if (!this.breaks) return;
    const kept = copy(path);
    this.enter(kept, over(kept.regions), undefined);
    kept.events.push(...sectionEnds(kept.events, this.thread.id));
    this.finish(kept, kept.frames[0], { partial: true });
  }

  /** The thread may wait here for ever. What keeps it from going on is not known. */
  private waitFor(path: Path, waitsFor: Resource, { span }: Instruction, addr: readonly number[] = []): void {
    const held = path.events.reduce<Wait['held']>((all, { tags, cell }) => heldAfter(all, tags, cell), []);
    this.waits.push({ waitsFor, held });
    if (this.breaks?.deadly.has(waitsFor))
      path.events.push(Object.assign(this.event(path, 'fence', [], span), { waitsFor, addr }));
  }

  /** A fence at which the thread may wait for ever. */
  private waitAt(
    path: Path,
    instruction: Instruction & { kind: 'fence' },
    cell: CellId | undefined,
    addr?: readonly number[],
  ): void {
    const { tags, blocks } = instruction;
    const resource = waitedFor(tags, cell);
    if (resource === undefined || (tags.includes('LKR') && !blocks)) return;
    const way = copy(path);
    this.waitFor(way, resource, instruction, addr);
    if (way.events.length > path.events.length) this.breakOff(way);
  }

  /** The path at an `await` of which the condition does not hold. */
  private waiting(
    path: Path,
    frame: Frame,
    instruction: Instruction & { kind: 'await' },
    condition: Symbolic,
  ): Path {
    const way = copy(path);
    constrain(way, condition, false);
    const { about } = instruction;
    const address = about && this.content(path, frame, about.address);
    if (address?.value.kind !== 'constant') return way;
    const cell = this.cells.at(address.value.value, about?.type);
    if (cell !== undefined) this.waitFor(way, cell, instruction, address.reads);
    return way;
  }

  /** The path ends: the thread goes no further. */
  private stop(path: Path): false {
    this.breakOff(path);
    return this.limits.unlisted === 'anywhere' ? this.drop(path) : false;
  }

  /** No execution comes to its end on the path. Of what the thread does again and again, something may be in error only later. */
  private neverEnd(path: Path, instruction: Instruction, isSilent: boolean): false {
    if (!isSilent && this.breaks && instruction.span && !this.isInError(path)) this.cut.add(instruction.span);
    this.breakOff(path);
    return this.drop(path);
  }

  private drop({ events, constraints }: Path): false {
    this.dropped.push({ thread: this.thread.id, events, constraints, registers: [], decisions: [] });
    return false;
  }

  /** The thread comes to what it cannot do. */
  private fail(path: Path, fault: Fault, given: Partial<Pick<TraceEvent, 'addr' | 'data'>> = {}): void {
    if (!path.failed) {
      const tags = fault.name === 'bad-free' ? ['BadFree'] : [];
      path.events.push(Object.assign(this.event(path, 'fence', tags, fault.span), { fault, ...given }));
    }
    path.failed = true;
    this.fails = true;
  }

  /**
   * Computes an expression for the faults in it; the path splits by them. False when there is no way without one: those with one are then
   * in `pending`, to execute the same instruction.
   */
  private computes(path: Path, frame: Frame, expression: Expression, span: Span | undefined): boolean {
    if (path.failed) return true;
    const mayHold = (id: RegisterId): boolean =>
      mayBeAddress(frame.registers[id].value, (read) => this.mayHoldAddress(path.events[read]));
    if (!mayFail(expression, mayHold)) return true;
    const value = substitute(expression, (id) => frame.registers[id].value, true);
    const possible = this.domains.faultsOf(value, path.events, path.constraints);
    const outcomes = possible ?? ['none', ...distinct(possibleFaults(value))];
    for (const fault of outcomes) {
      if (fault === 'none') continue;
      const other = copy(path);
      choose(other, value, fault);
      this.fail(other, placed(fault, span), { data: readsOf(value) });
      this.pending.push(other);
    }
    if (!outcomes.includes('none')) return false;
    if (outcomes.length > 1) choose(path, value, 'none');
    return true;
  }

  private mayHoldAddress({ cell }: TraceEvent): boolean {
    return cell === undefined || this.domains.mayHoldAddress(cell);
  }

  /** Executes one instruction. False when the path ends here. */
  private step(path: Path, frame: Frame, instruction: Instruction): boolean {
    tick();
    if (++path.steps > MAX_STEPS) return this.giveUp(path, instruction);
    const { span } = instruction;
    const isNew = path.resolved === undefined;
    if (isNew && !operandsOf(instruction).every((operand) => this.computes(path, frame, operand, span)))
      return false;
    switch (instruction.kind) {
      case 'assign':
        this.assign(path, frame, instruction.target, this.content(path, frame, instruction.value));
        break;
      case 'fence':
        if (instruction.about)
          return this.access(path, frame, { ...instruction, address: instruction.about });
        this.waitAt(path, instruction, undefined);
        path.events.push(this.event(path, 'fence', instruction.tags, instruction.span));
        break;
      case 'load':
      case 'store':
      case 'rmw':
      case 'store-conditional':
        return this.access(path, frame, instruction);
      case 'allocate':
        return this.allocate(path, frame, instruction);
      case 'free':
        return this.free(path, frame, instruction);
      case 'region': {
        const { change } = instruction;
        const after = changed(path.regions, change, this.thread.interrupt !== undefined, span);
        if (after === 'too-deep') return this.giveUp(path, instruction);
        if ('name' in after) {
          this.fail(path, after);
          if (after.name === 'deadlock') return this.stop(path);
        } else if (change === 'grace-period') {
          path.events.push(this.event(path, 'fence', ['sync-rcu-start'], span));
          path.events.push(this.event(path, 'fence', ['sync-rcu-end'], span));
        } else this.enter(path, after, span);
        break;
      }
      case 'branch':
        return this.branch(path, frame, instruction);
      case 'await': {
        const { value } = this.content(path, frame, instruction.condition);
        const { yes, no } = this.truths(path, value);
        if (no) this.breakOff(this.waiting(path, frame, instruction, value));
        if (!yes) return this.drop(path);
        constrain(path, value, true);
        break;
      }
      case 'jump':
        return this.goTo(path, frame, instruction.goto, instruction);
      case 'call':
        return this.call(path, frame, instruction);
      case 'return':
        return this.leave(
          path,
          this.chosen(path, instruction.value ? this.content(path, frame, instruction.value) : ZERO),
        );
      case 'primitive':
        throw new Error(`primitive ${instruction.name} was not mapped to a target`);
    }
    frame.pc++;
    return true;
  }

  /** Comes to stand elsewhere: an event, where that changes anything. */
  private enter(path: Path, after: Regions, span: Span | undefined): void {
    const tags = tagsOfChange(path.regions, after);
    if (tags.length > 0) path.events.push(this.event(path, 'fence', tags, span));
    path.regions = after;
  }

  private giveUp(path: Path, instruction: Instruction): false {
    if (instruction.span && !this.isInError(path)) this.cut.add(instruction.span);
    this.breakOff(path);
    return this.limits.unlisted === 'anywhere' ? this.drop(path) : false;
  }

  /** Whether a path is taken only in error, so that it has no final state that could be missed. */
  private isInError({ events, constraints, failed }: Path): boolean {
    if (failed || !this.breaks) return failed;
    return events.some(({ kind }, index) => {
      const values = kind === 'read' && this.domains.valuesOf(readAt(index), events, constraints);
      return values && values.length > 0 && values.every(isJunk);
    });
  }

  // --- Memory ---

  private access(path: Path, frame: Frame, instruction: Access): boolean {
    const address = this.content(path, frame, instruction.address);
    const type = 'type' in instruction ? instruction.type : undefined;
    const target = this.resolve(path, address.value, () => this.cells.addresses(type));
    if (target === undefined) return this.drop(path);
    const cell = target === ANYWHERE ? undefined : this.cells.at(target, type);
    if (cell === undefined && target !== ANYWHERE) {
      this.missAccess(path, frame, instruction, this.cells.errorAt(target, type), address);
      return true;
    }
    const common = { ...(cell === undefined ? {} : { cell }), address };
    switch (instruction.kind) {
      case 'fence': {
        const { gives, tags, span } = instruction;
        this.waitAt(path, instruction, cell, address.reads);
        if (gives) {
          const value = { kind: 'constant', value: gives.value } as const;
          this.assign(path, frame, gives.target, { value, reads: [path.events.length], choices: NOTHING });
        }
        path.events.push(at(this.event(path, 'fence', tags, span), common));
        break;
      }
      case 'load': {
        const index = path.events.length;
        const locked = instruction.locked ? ({ atomic: 'locked' } as const) : {};
        const event = at(this.event(path, 'read', instruction.tags, instruction.span), common);
        path.events.push(Object.assign(event, locked));
        if (instruction.locked) path.locked = index;
        this.assign(path, frame, instruction.target, this.loaded(index, instruction, cell));
        break;
      }
      case 'store': {
        const stored = this.stored(path, frame, instruction.value, instruction, cell);
        const event = at(this.event(path, 'write', instruction.tags, instruction.span), common);
        const { afterOwnLoad } = instruction;
        const beside = afterOwnLoad ? { besideRead: path.events.length - 1 } : {};
        path.events.push(storing(Object.assign(event, beside), stored));
        break;
      }
      case 'rmw':
        return this.readModifyWrite(path, frame, instruction, common);
      case 'store-conditional':
        this.storeConditional(path, frame, instruction, common);
        frame.pc++;
        return true;
    }
    this.decided.address(path, frame, address);
    frame.pc++;
    return true;
  }

  private loaded(index: number, { type }: { readonly type: ScalarType }, cell: CellId | undefined): Content {
    const value = given(readAt(index), type, this.typeOf(cell) ?? type);
    return { value, reads: [index], choices: NOTHING };
  }

  private typeOf(cell: CellId | undefined): ScalarType | undefined {
    return cell === undefined ? undefined : this.cells.cells[cell].type;
  }

  private stored(
    path: Path,
    frame: Frame,
    value: Expression,
    { type }: { readonly type: ScalarType },
    cell: CellId | undefined,
  ): Content {
    return this.content(path, frame, kept(value, type, this.typeOf(cell) ?? type));
  }

  /** An access to where no location is: nothing is stored, and what is read is junk. */
  private missAccess(
    path: Path,
    frame: Frame,
    instruction: Access,
    fault: Fault | undefined,
    address: Content,
  ): void {
    if (fault) this.fail(path, placed(fault, instruction.span), { addr: address.reads });
    if (instruction.kind === 'fence') this.giveJunk(frame, instruction.gives?.target);
    else this.giveJunk(frame, 'target' in instruction ? instruction.target : undefined);
    this.decided.address(path, frame, address);
    frame.pc++;
  }

  private giveJunk(frame: Frame, target: RegisterId | undefined): void {
    if (target !== undefined) frame.registers[target] = JUNK_CONTENT;
  }

  private readModifyWrite(
    path: Path,
    frame: Frame,
    instruction: Instruction & { kind: 'rmw' },
    common: Target,
  ): boolean {
    const index = path.events.length;
    const registers = [...frame.registers];
    registers[instruction.target] = this.chosen(path, this.loaded(index, instruction, common.cell));
    const read = (tags: readonly Tag[]): TraceEvent =>
      at(this.event(path, 'read', tags, instruction.span), common);
    const failed = read(instruction.failureTags ?? instruction.readTags);
    path.events.push(Object.assign(read(instruction.readTags), { atomic: 'rmw' } as const));
    const after: Frame = { ...frame, registers };
    const stored = this.stored(path, after, instruction.update, instruction, common.cell);
    const condition = instruction.condition ? this.content(path, after, instruction.condition) : undefined;
    if (condition) {
      const { yes, no } = this.truths(path, condition.value);
      if (no && instruction.blocks) this.block(path, failed, instruction, common, condition.value);
      if (no && !instruction.blocks) {
        const goesOn = yes && !instruction.fails;
        const failure = goesOn ? copy(path) : path;
        failure.events[index] = failed;
        constrain(failure, condition.value, false);
        const failureFrame = failure.frames[failure.frames.length - 1];
        failureFrame.registers[instruction.target] = registers[instruction.target];
        this.decided.address(failure, failureFrame, common.address);
        if (common.cell !== undefined) this.decided.failed(failure, condition, this.cells.cells[common.cell]);
        failureFrame.pc++;
        if (!goesOn) return true;
        this.pending.push(failure);
      }
      if (!yes) return this.drop(path);
      if (instruction.fails) return false;
      constrain(path, condition.value, true);
    }
    const write = at(this.event(path, 'write', instruction.writeTags, instruction.span), common);
    const pairing = {
      // What the condition is made of determines whether there is a write.
      ctrl: condition && !instruction.uncontrolled ? union(write.ctrl, condition.reads) : write.ctrl,
      choice: condition && !instruction.uncontrolled ? union(write.choice, condition.choices) : write.choice,
      atomic: 'rmw',
      rmwRead: index,
      ...(this.besideReads ? { besideRead: index } : {}),
    } as const;
    path.events.push(storing(Object.assign(write, pairing), stored));
    frame.registers[instruction.target] = registers[instruction.target];
    this.decided.address(path, frame, common.address);
    frame.pc++;
    // Nothing comes between the read and the write.
    return this.computes(path, frame, instruction.update, instruction.span);
  }

  /** An atomic that finds that it has to wait, perhaps for ever. What it looks at may be no one's memory. */
  private block(
    path: Path,
    failed: TraceEvent,
    instruction: Instruction & { kind: 'rmw' },
    { cell, address }: Target,
    condition: Symbolic,
  ): void {
    const way = copy(path);
    way.events[way.events.length - 1] = failed;
    constrain(way, condition, false);
    const resource = waitedFor(instruction.readTags, cell);
    if (resource !== undefined) this.waitFor(way, resource, instruction, address.reads);
    this.breakOff(way);
  }

  /**
   * It may always fail. It can succeed if a load-locked has set the lock flag since the last store-conditional. Within the block of 16
   * bytes that this has locked, the two are then an atomic pair (Alpha handbook, 5.6.1.8). Outside of it, whether it succeeds is
   * UNPREDICTABLE, whatever other processors store (4.2.5).
   */
  private storeConditional(
    path: Path,
    frame: Frame,
    instruction: Instruction & { kind: 'store-conditional' },
    common: Target,
  ): void {
    const pair = path.locked;
    const stored = this.stored(path, frame, instruction.value, instruction, common.cell);
    path.locked = -1;
    path.choices++;
    if (pair >= 0) {
      const success = copy(path);
      const write = at(this.event(success, 'write', instruction.tags, instruction.span), common);
      const isPaired = this.isOneBlock(path.events[pair], common);
      const pairing = { atomic: 'locked', rmwRead: pair, ...(isPaired ? {} : { unpaired: true }) } as const;
      success.events.push(storing(Object.assign(write, pairing), stored));
      const successFrame = success.frames[success.frames.length - 1];
      this.decided.address(success, successFrame, common.address);
      successFrame.registers[instruction.target] = constantly(1n);
      successFrame.pc++;
      this.pending.push(success);
      this.decided.address(path, frame, common.address);
    }
    frame.registers[instruction.target] = ZERO;
  }

  /** Whether it is known that two accesses are within one block. */
  private isOneBlock({ cell }: Pick<TraceEvent, 'cell'>, { cell: other }: Pick<TraceEvent, 'cell'>): boolean {
    return cell !== undefined && other !== undefined && this.cells.isOneBlock(cell, other);
  }

  private allocate(path: Path, frame: Frame, instruction: Instruction & { kind: 'allocate' }): boolean {
    const { site, objects, target } = instruction;
    const count = path.allocated[site] ?? 0;
    const symbol = objects[this.thread.id]?.[count];
    if (symbol === undefined) return this.giveUp(path, instruction);
    path.allocated[site] = count + 1;
    this.assign(path, frame, target, constantly({ symbol, offset: 0 }));
    frame.pc++;
    return true;
  }

  private free(path: Path, frame: Frame, instruction: Instruction & { kind: 'free' }): boolean {
    const address = this.content(path, frame, instruction.address);
    const target = this.resolve(path, address.value, () => [0n, ...this.cells.addresses()]);
    if (target === undefined) return this.drop(path);
    const { tags, span } = instruction;
    if (target === ANYWHERE) {
      const freed = { addr: address.reads, value: { kind: 'constant', value: FREED } } as const;
      path.events.push(Object.assign(this.event(path, 'write', tags, span), freed));
      frame.pc++;
      return true;
    }
    const cells = isPointer(target) ? this.cells.object(target) : undefined;
    if (isJunk(target) || target === 0n) {
      // Nothing is freed.
    } else if (cells) {
      for (const cell of cells)
        path.events.push(
          storing(at(this.event(path, 'write', tags, span), { cell, address }), constantly(FREED)),
        );
    } else this.fail(path, placed({ name: 'bad-free' }, span), { addr: address.reads });
    this.decided.address(path, frame, address);
    frame.pc++;
    return true;
  }

  // --- Control ---

  private branch(path: Path, frame: Frame, instruction: Instruction & { kind: 'branch' }): boolean {
    const condition = this.content(path, frame, instruction.condition);
    const { choices } = condition;
    const reads = union(condition.reads, condition.chosenBy ?? NOTHING);
    if (reads.length > 0 || choices.length > 0) {
      const join = frame.code.controlScope === 'rest' ? NEVER : joinOf(frame.code, frame.pc);
      frame.control = [...frame.control, { pc: frame.pc, join, reads, choices }];
    }
    // Both ways are one: what nothing fixes is not to be told apart by it.
    if (this.limits.unlisted && instruction.goto === frame.pc + 1) {
      frame.pc++;
      return true;
    }
    if (instruction.free) path.choices++;
    const { yes, no } = instruction.free ? { yes: true, no: true } : this.truths(path, condition.value);
    if (yes && no) {
      const other = copy(path);
      constrain(other, condition.value, true);
      if (this.goTo(other, other.frames[other.frames.length - 1], instruction.goto, instruction))
        this.pending.push(other);
    } else if (yes) {
      constrain(path, condition.value, true);
      return this.goTo(path, frame, instruction.goto, instruction);
    }
    if (!no) return this.drop(path);
    constrain(path, condition.value, false);
    frame.pc++;
    return true;
  }

  private truths(path: Path, condition: Symbolic): { yes: boolean; no: boolean } {
    if (condition.kind !== 'constant') return this.domains.truths(condition, path.events, path.constraints);
    const yes = isTrue(condition.value);
    return { yes, no: !yes };
  }

  /** Jumps. A jump back that reads decided counts against the limit. */
  private goTo(path: Path, frame: Frame, goto: number, instruction: Instruction): boolean {
    if (goto <= frame.pc) {
      const key = `${path.frames.length}:${frame.code.name}:${frame.pc}`;
      const before = path.loops.get(key);
      const round = roundOf(path, frame, before);
      const { unroll } = this.limits;
      if (round.rounds > unroll) return this.giveUp(path, instruction);
      const isSilent = round.events === before?.events;
      if (round.repeats > (isSilent ? 0 : unroll)) return this.neverEnd(path, instruction, isSilent);
      path.loops.set(key, round);
    }
    frame.pc = goto;
    return true;
  }

  private call(path: Path, frame: Frame, instruction: Instruction & { kind: 'call' }): boolean {
    const callee = this.content(path, frame, instruction.callee);
    const functions = () => [...this.functions.keys()].map((symbol) => ({ symbol, offset: 0 }));
    const target = this.resolve(path, callee.value, functions, false);
    if (target === undefined || target === ANYWHERE) return this.drop(path);
    const code = isPointer(target) && target.offset === 0 ? this.functions.get(target.symbol) : undefined;
    if (!code) {
      if (!isJunk(target))
        this.fail(path, placed({ name: 'bad-call' }, instruction.span), { addr: callee.reads });
      this.giveJunk(frame, instruction.target);
      frame.pc++;
      return true;
    }
    if (path.frames.length >= MAX_DEPTH || this.recursion(path, code) > this.limits.unroll)
      return this.giveUp(path, instruction);
    const args = instruction.args.map((arg) => this.content(path, frame, arg));
    const registers = code.registers.map((): Content => ZERO);
    code.parameters.forEach((parameter, index) => {
      registers[parameter] = args[index] ?? ZERO;
    });
    // Which function runs depends on the reads that gave its address: an indirect jump is a branch.
    const { reads, choices } = callee;
    const control = isDecided(callee) ? [{ pc: -1, join: NEVER, reads, choices }] : [];
    path.frames.push({
      code,
      pc: 0,
      registers,
      control,
      ...(instruction.target !== undefined ? { result: instruction.target } : {}),
    });
    return true;
  }

  private recursion(path: Path, code: Code): number {
    return path.frames.reduce((count, frame) => count + (frame.code === code ? 1 : 0), 0);
  }

  // --- Values ---

  /**
   * The one value that an address or a callee has on this path. Where several are possible, the path splits: the others go to
   * `pending`, to execute the same instruction again with the value fixed. Undefined when none is possible.
   * An instruction has at most one such value to resolve.
   * @param all what it can be where nothing is known of it
   * @param mayStayOpen whether the path can go on without it
   */
  private resolve(
    path: Path,
    value: Symbolic,
    all: () => readonly Value[],
    mayStayOpen = true,
  ): Value | typeof ANYWHERE | undefined {
    if (value.kind === 'constant') return value.value;
    if (path.resolved !== undefined) {
      const fixed = path.resolved;
      delete path.resolved;
      return fixed;
    }
    const listed = this.domains.valuesOf(value, path.events, path.constraints);
    if (!listed && mayStayOpen && this.limits.unlisted === 'anywhere') return ANYWHERE;
    const possible = listed ?? this.everywhere(path, value, all());
    for (let index = 1; index < possible.length; index++) {
      const other = copy(path);
      other.constraints.push({ value, equals: possible[index], at: path.events.length });
      other.resolved = possible[index];
      other.choices++;
      this.pending.push(other);
    }
    if (possible.length === 0) return undefined;
    path.choices++;
    path.constraints.push({ value, equals: possible[0], at: path.events.length });
    return possible[0];
  }

  /** What an address or a callee can be of which nothing is known. Where it is nothing of all that, the path ends. */
  private everywhere(path: Path, value: Symbolic, all: readonly Value[]): readonly Value[] {
    if ((this.limits.unlisted ?? 'refuse') === 'refuse') throw new UnboundedAddress();
    const astray = copy(path);
    for (const one of all) {
      const equal = binary('==', value, constant(one));
      if (equal.kind !== 'constant') constrain(astray, equal, false);
    }
    this.finish(astray, astray.frames[0], { astray: true });
    return all;
  }

  private content(path: Path, frame: Frame, expression: Expression): Content {
    if (expression.kind === 'constant') return { value: expression, reads: NOTHING, choices: NOTHING };
    if (expression.kind === 'register') return frame.registers[expression.register];
    let reads = NOTHING;
    let choices = NOTHING;
    let chosenBy = NOTHING;
    forEachRegister(expression, (id) => {
      const operand = frame.registers[id];
      reads = union(reads, operand.reads);
      choices = union(choices, operand.choices);
      chosenBy = union(chosenBy, operand.chosenBy ?? NOTHING);
    });
    const value = this.plain(
      substitute(expression, (id) => frame.registers[id].value),
      path,
    );
    return chosenBy.length > 0 ? { value, reads, choices, chosenBy } : { value, reads, choices };
  }

  private assign(path: Path, frame: Frame, target: RegisterId, content: Content): void {
    frame.registers[target] = this.chosen(path, content);
  }

  /**
   * What a register holds that is assigned here. In assembly a branch controls all that comes after it as it is. Where `choices` are
   * kept, these tell more exactly what branches have chosen.
   */
  private chosen(path: Path, content: Content): Content {
    if (this.thread.code.controlScope === 'rest' || this.decided.isKept) return content;
    const control = controlOf(path);
    if (control.length === 0) return content;
    return { ...content, chosenBy: union(content.chosenBy ?? NOTHING, control) };
  }

  /** Without the wraps that change nothing, because the location read holds that type: a copy is then seen to be one. */
  private plain(value: Symbolic, path: Path): Symbolic {
    let inner = value;
    while (inner.kind === 'wrap') inner = inner.operand;
    if (inner === value || inner.kind !== 'register') return value;
    const type = this.typeOf(path.events[inner.register].cell);
    if (!type) return value;
    const { bits, signed } = type;
    for (let outer = value; outer.kind === 'wrap'; outer = outer.operand) {
      if (outer.type.bits !== bits || outer.type.signed !== signed) return value;
    }
    return inner;
  }

  /**
   * An event that stands for nothing but itself so far: what it accesses is assigned to it. A copy by `{ ...event, cell }` would give V8 a
   * hidden class for each event, where there is one for each kind so.
   */
  private event(
    path: Path,
    kind: TraceEvent['kind'],
    tags: readonly Tag[],
    span: Span | undefined,
  ): TraceEvent {
    const ctrl = controlOf(path);
    let choice = NOTHING;
    for (const frame of path.frames)
      for (const branch of frame.control) choice = union(choice, branch.choices);
    const place = span ? { span } : {};
    return { kind, thread: this.thread.id, tags, addr: NOTHING, data: NOTHING, ctrl, choice, ...place };
  }
}

/** The reads that decided that a path is where it is. */
function controlOf({ frames }: Path): readonly number[] {
  let reads = NOTHING;
  for (const frame of frames) for (const branch of frame.control) reads = union(reads, branch.reads);
  return reads;
}

/** Where an access goes. */
interface Target {
  readonly cell?: CellId;
  readonly address: Content;
}

/** An event that accesses a location. */
function at(event: TraceEvent, { cell, address }: Target): TraceEvent {
  const from = { addr: address.reads, choice: union(event.choice, address.choices) };
  return Object.assign(event, cell === undefined ? {} : { cell }, from);
}

/** One that stores. */
function storing(event: TraceEvent, { value, reads, choices }: Content): TraceEvent {
  return Object.assign(event, { value, data: reads, choice: union(event.choice, choices) });
}

function placed(fault: Fault, span: Span | undefined): Fault {
  return fault.span || !span ? fault : { ...fault, span };
}

function distinct(faults: readonly Fault[]): Fault[] {
  return faults.filter((fault, index) => faults.findIndex((other) => isSameOutcome(other, fault)) === index);
}
