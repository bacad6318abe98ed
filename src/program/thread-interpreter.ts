/** Executes the instructions of a thread, over any domain of values, up to what its surroundings have a part in. */
import type { Span } from '../diagnostics.js';
import { tick } from '../limits.js';
import { given, kept } from './access.js';
import type { CellTable } from './cells.js';
import type { Domain, FaultSource } from './domain.js';
import type { Fault } from './errors.js';
import { type Expression, isTrue } from './expressions.js';
import type { CellId, RegisterId } from './ids.js';
import { operandsOf } from './operands.js';
import type { Code, Instruction, Thread } from './program.js';
import { changed, inSection, over, type Regions, tagsOfChange, unfinished } from './regions.js';
import type { ConditionalStop, LoadStop, Of, Stop, StoreStop } from './stops.js';
import { ANYWHERE, type Frame, innermost, type ThreadState } from './thread-state.js';
import { FREED, isJunk, isPointer, JUNK, type ScalarType, type Value } from './values.js';

/** The fault, with the place of the instruction that it is of. */
function placed(fault: Fault, span: Span | undefined): Fault {
  return fault.span || !span ? fault : { ...fault, span };
}

/** Steps that a thread may make in a row with nothing to show for them. */
const MAX_STEPS = 100_000;
/** Function calls that may be open at once. */
const MAX_DEPTH = 64;

/**
 * Runs a thread from event to event. `run` stops at an event and leaves the thread before it; `read`,
 * `stored`, `concluded`, `cross` and `pass` take it past one. A stop is a value, and so is a state: what has stopped goes on at any time, or from a copy in several ways.
 */
export class Interpreter<V, C, S extends ThreadState<V, C>> {
  private readonly zero: V;
  private readonly junk: V;

  constructor(
    readonly thread: Thread,
    private readonly functions: ReadonlyMap<string, Code>,
    private readonly cells: CellTable,
    private readonly domain: Domain<V, C, S>,
  ) {
    this.zero = domain.constant(0n);
    this.junk = domain.constant(JUNK);
  }

  run(state: S): Stop<V> {
    for (;;) {
      const stop = this.step(state);
      if (stop) return stop;
    }
  }

  /** Executes one instruction; or tells why it is not executed. */
  step(state: S): Stop<V> | undefined {
    const frame = innermost(state);
    this.domain.reaches?.(state, frame);
    const instruction = frame.code.instructions[frame.pc];
    if (!instruction) return this.leave(state, this.zero);
    tick();
    if (++state.steps > MAX_STEPS) return { kind: 'limit', instruction };
    if (frame.stage > 0) return this.continued(state, frame, instruction);
    return this.check(state, operandsOf(instruction), instruction) ?? this.execute(state, frame, instruction);
  }

  /** Past a read that returns what a location holds. */
  read(state: S, { instruction, cell, address }: LoadStop<V>, held: V): void {
    const frame = innermost(state);
    const location = this.typeOf(cell) ?? instruction.type;
    const value = this.domain.mapped(held, (of) => given(of, instruction.type, location));
    this.assign(state, instruction.target, value);
    if (instruction.kind === 'rmw') this.enterStage(state, frame, 1);
    else this.pass(state, address);
  }

  /** Past a write. */
  stored(state: S, { instruction, address }: StoreStop<V>): void {
    const frame = innermost(state);
    if (instruction.kind === 'rmw') {
      this.domain.accesses?.(state, frame, address);
      this.enterStage(state, frame, 2);
    } else if (instruction.kind === 'free' && frame.stage + 1 < this.freedBy(state, address).length) {
      frame.stage++;
    } else this.pass(state, address);
  }

  /**
   * Past a store-conditional.
   * @param decides whether it matters where it would have stored
   */
  concluded(
    state: S,
    { instruction, address }: ConditionalStop<V>,
    success: boolean,
    decides: boolean,
  ): void {
    const frame = innermost(state);
    frame.registers[instruction.target] = success ? this.domain.constant(1n) : this.zero;
    this.pass(state, decides ? address : undefined);
  }

  /** Past the instruction that the thread is at; `address`: where that has made an access. */
  pass(state: S, address?: V): undefined {
    const frame = innermost(state);
    if (address !== undefined) this.domain.accesses?.(state, frame, address);
    this.goTo(state, frame, frame.pc + 1);
    return undefined;
  }

  /** Past a computation with a fault in it: the instruction goes on with junk. */
  fail(state: S, fault: Fault, span: Span | undefined, from: FaultSource<V> = {}): void {
    if (state.misled) return;
    state.misled = true;
    this.domain.failed(state, placed(fault, span), from);
  }

  // --- What others have no part in ---

  /** Looks for faults in what an instruction computes. */
  private check(state: S, operands: readonly Expression[], instruction: Instruction): Stop<V> | undefined {
    for (; state.checked < operands.length && !state.misled; state.checked++) {
      const found = this.domain.faultIn(state, operands[state.checked]);
      if (!found) continue;
      if ('open' in found) return { kind: 'unknown', asks: 'fault', instruction, of: found.open };
      this.fail(state, found, instruction.span);
    }
    return undefined;
  }

  private execute(state: S, frame: Frame<V, C>, instruction: Instruction): Stop<V> | undefined {
    switch (instruction.kind) {
      case 'assign':
        this.assign(state, instruction.target, this.domain.evaluate(state, instruction.value));
        return this.pass(state);
      case 'jump':
        return this.jump(state, instruction);
      case 'branch':
        return this.branch(state, frame, instruction);
      case 'await':
        return this.await(state, instruction);
      case 'call':
        return this.call(state, instruction);
      case 'return':
        return this.leave(
          state,
          instruction.value ? this.domain.evaluate(state, instruction.value) : this.zero,
        );
      case 'allocate':
        return this.allocate(state, instruction);
      case 'region':
        return this.region(state, instruction);
      case 'primitive':
        throw new Error(`primitive ${instruction.name} was not mapped to a target`);
      default:
        return this.domain.pauses?.(state) ? { kind: 'pause' } : this.event(state, instruction);
    }
  }

  private jump(state: S, instruction: Of<'jump' | 'branch'>): Stop<V> | undefined {
    const frame = innermost(state);
    if (instruction.goto <= frame.pc) {
      state.rounds++;
      const stop = this.domain.jumpsBack(state, instruction);
      if (stop) return stop;
    }
    this.goTo(state, frame, instruction.goto);
    return undefined;
  }

  private branch(state: S, frame: Frame<V, C>, instruction: Of<'branch'>): Stop<V> | undefined {
    const condition = this.domain.evaluate(state, instruction.condition);
    const truth = instruction.free ? state.truth : this.truth(state, condition);
    if (truth === undefined) return { kind: 'unknown', asks: 'truth', instruction, of: condition };
    this.domain.branches?.(state, frame, condition);
    if (truth) return this.jump(state, instruction);
    return this.pass(state);
  }

  private await(state: S, instruction: Of<'await'>): Stop<V> | undefined {
    const condition = this.domain.evaluate(state, instruction.condition);
    const truth = this.truth(state, condition);
    if (truth === undefined) return { kind: 'unknown', asks: 'truth', instruction, of: condition };
    if (!truth) return { kind: 'waits', instruction };
    return this.pass(state);
  }

  private call(state: S, instruction: Of<'call'>): Stop<V> | undefined {
    const callee = this.domain.evaluate(state, instruction.callee);
    const target = this.target(state, callee);
    if (target === undefined) return { kind: 'unknown', asks: 'callee', instruction, of: callee };
    const code = this.functionAt(target);
    if (!code) {
      if (target !== ANYWHERE && !isJunk(target))
        this.fail(state, { name: 'bad-call' }, instruction.span, { address: callee });
      return this.passJunk(state, instruction.target);
    }
    if (state.frames.length >= MAX_DEPTH || this.domain.mayCall?.(state, code) === false)
      return { kind: 'limit', instruction };
    const registers = code.registers.map(() => this.zero);
    code.parameters.forEach((parameter, index) => {
      const arg = instruction.args[index];
      if (arg) registers[parameter] = this.domain.evaluate(state, arg);
    });
    const control = this.domain.calls(callee);
    state.frames.push({ code, pc: 0, stage: 0, registers, control, result: instruction.target });
    state.checked = 0;
    state.target = undefined;
    return undefined;
  }

  private functionAt(target: Value | typeof ANYWHERE): Code | undefined {
    if (target === ANYWHERE || !isPointer(target) || target.offset !== 0) return undefined;
    return this.functions.get(target.symbol);
  }

  /** Returns from a function; at the end of a thread's own code, its section ends first. */
  private leave(state: S, result: V): Stop<V> | undefined {
    if (state.frames.length === 1) return this.end(state);
    const frame = state.frames.pop() as Frame<V, C>;
    const caller = innermost(state);
    const returned = this.domain.returns?.(state, frame, caller, result) ?? result;
    if (frame.result !== undefined) caller.registers[frame.result] = returned;
    return this.pass(state);
  }

  private end(state: S): Stop<V> {
    const unended = unfinished(state.regions);
    if (unended) this.fail(state, unended, undefined);
    if (inSection(state.regions)) return { kind: 'region', after: over(state.regions), span: undefined };
    return { kind: 'end' };
  }

  private allocate(state: S, instruction: Of<'allocate'>): Stop<V> | undefined {
    const { site, objects, target } = instruction;
    const count = state.allocated[site] ?? 0;
    const symbol = objects[this.thread.id]?.[count];
    if (symbol === undefined) return { kind: 'limit', instruction };
    while (state.allocated.length <= site) state.allocated.push(0);
    state.allocated[site] = count + 1;
    this.assign(state, target, this.domain.constant({ symbol, offset: 0 }));
    return this.pass(state);
  }

  private region(state: S, instruction: Of<'region'>): Stop<V> | undefined {
    const { change, span } = instruction;
    const after = changed(state.regions, change, this.thread.interrupt !== undefined, span);
    if (after === 'too-deep') return { kind: 'limit', instruction };
    if ('name' in after) {
      this.fail(state, after, span);
      if (after.name === 'deadlock') return { kind: 'deadlock', span };
    } else if (change === 'grace-period' || tagsOfChange(state.regions, after).length > 0) {
      if (this.domain.pauses?.(state)) return { kind: 'pause' };
      return change === 'grace-period' ? { kind: 'grace-period', span } : { kind: 'region', after, span };
    } else state.regions = after;
    return this.pass(state);
  }

  /** The thread comes to stand elsewhere. */
  cross(state: S, after: Regions): void {
    state.regions = after;
    const { code, pc } = innermost(state);
    if (code.instructions[pc]?.kind === 'region') this.pass(state);
  }

  // --- What others notice ---

  private event(
    state: S,
    instruction: Of<'fence' | 'load' | 'store' | 'rmw' | 'store-conditional' | 'free'>,
  ): Stop<V> | undefined {
    if (instruction.kind === 'free') return this.free(state, instruction);
    const where = instruction.kind === 'fence' ? instruction.about : instruction.address;
    if (!where)
      return { kind: 'fence', instruction: instruction as Of<'fence'>, cell: undefined, address: undefined };
    const address = this.domain.evaluate(state, where);
    const target = this.target(state, address);
    if (target === undefined) return { kind: 'unknown', asks: 'address', instruction, of: address };
    const type = 'type' in instruction ? instruction.type : undefined;
    const cell = target === ANYWHERE ? undefined : this.cells.at(target, type);
    if (cell === undefined && target !== ANYWHERE) {
      const fault = this.cells.errorAt(target, type);
      if (fault) this.fail(state, fault, instruction.span, { address });
      return this.passJunk(state, targetOf(instruction), address);
    }
    switch (instruction.kind) {
      case 'fence':
        return { kind: 'fence', instruction, cell, address };
      case 'load':
      case 'rmw':
        return { kind: 'load', instruction, cell, address };
      case 'store': {
        const value = this.toStore(state, instruction.value, instruction.type, cell);
        return { kind: 'store', instruction, cell, address, value, condition: undefined };
      }
      case 'store-conditional': {
        const value = this.toStore(state, instruction.value, instruction.type, cell);
        return { kind: 'conditional', instruction, cell, address, value };
      }
    }
  }

  /** An instruction that has made an event and is not over. */
  private continued(state: S, frame: Frame<V, C>, instruction: Instruction): Stop<V> | undefined {
    if (instruction.kind === 'free') return this.execute(state, frame, instruction);
    if (instruction.kind !== 'rmw') throw new Error(`a ${instruction.kind} makes one event`);
    if (frame.stage === 1) return this.write(state, instruction);
    return this.check(state, [instruction.update], instruction) ?? this.pass(state);
  }

  /** The write of an atomic that has read. */
  private write(state: S, instruction: Of<'rmw'>): Stop<V> {
    const address = this.domain.evaluate(state, instruction.address);
    const target = this.target(state, address) as Value | typeof ANYWHERE;
    const cell = target === ANYWHERE ? undefined : this.cells.at(target, instruction.type);
    const condition = instruction.condition && this.domain.evaluate(state, instruction.condition);
    if (condition !== undefined) {
      const truth = this.truth(state, condition);
      if (truth === undefined) return { kind: 'unknown', asks: 'truth', instruction, of: condition };
      if (!truth) return { kind: 'unstored', instruction, cell, address, condition };
    }
    const value = this.toStore(state, instruction.update, instruction.type, cell);
    return { kind: 'store', instruction, cell, address, value, condition };
  }

  private free(state: S, instruction: Of<'free'>): Stop<V> | undefined {
    const address = this.domain.evaluate(state, instruction.address);
    const target = this.target(state, address);
    if (target === undefined) return { kind: 'unknown', asks: 'address', instruction, of: address };
    const isNothing = target !== ANYWHERE && (isJunk(target) || target === 0n);
    const cells = target === ANYWHERE ? [undefined] : this.freedBy(state, address);
    if (cells.length > 0) {
      const cell = cells[innermost(state).stage];
      const value = this.domain.constant(FREED);
      return { kind: 'store', instruction, cell, address, value, condition: undefined };
    }
    if (!isNothing) this.fail(state, { name: 'bad-free' }, instruction.span, { address });
    return this.pass(state, address);
  }

  /** The cells of the object at an address; none where there is no object. */
  private freedBy(state: S, address: V): readonly CellId[] {
    const target = this.target(state, address);
    if (target === undefined || target === ANYWHERE || !isPointer(target) || isJunk(target)) return [];
    return this.cells.object(target) ?? [];
  }

  private toStore(state: S, value: Expression, type: ScalarType, cell: CellId | undefined): V {
    return this.domain.evaluate(state, kept(value, type, this.typeOf(cell) ?? type));
  }

  private typeOf(cell: CellId | undefined): ScalarType | undefined {
    return cell === undefined ? undefined : this.cells.cells[cell].type;
  }

  // --- What is settled, and where the thread goes on ---

  private truth(state: S, condition: V): boolean | undefined {
    const value = this.domain.known(condition);
    return value === undefined ? state.truth : isTrue(value);
  }

  private target(state: S, content: V): Value | typeof ANYWHERE | undefined {
    return this.domain.known(content) ?? state.target;
  }

  private assign(state: S, target: RegisterId, content: V): void {
    innermost(state).registers[target] = this.domain.assigned?.(state, content) ?? content;
  }

  private passJunk(state: S, target: RegisterId | undefined, address?: V): undefined {
    if (target !== undefined) innermost(state).registers[target] = this.junk;
    return this.pass(state, address);
  }

  private goTo(state: S, frame: Frame<V, C>, pc: number): void {
    this.enterStage(state, frame, 0);
    frame.pc = pc;
    state.target = undefined;
  }

  private enterStage(state: S, frame: Frame<V, C>, stage: number): void {
    frame.stage = stage;
    state.checked = 0;
    state.truth = undefined;
  }
}

function targetOf(instruction: Instruction): RegisterId | undefined {
  if (instruction.kind === 'fence') return instruction.gives?.target;
  return 'target' in instruction ? instruction.target : undefined;
}
