import type { Span } from '../diagnostics.js';
import { look } from '../limits.js';
import {
  ANYWHERE,
  binary,
  type CellId,
  type CellTable,
  type Code,
  type ConditionalStop,
  constant,
  type Fault,
  heldAfter,
  type Instruction,
  Interpreter,
  initialState,
  innermost,
  isJunk,
  isTrue,
  type LoadStop,
  over,
  type Program,
  possibleFaults,
  type Regions,
  type Resource,
  readAt,
  type Stop,
  type StoreStop,
  type Symbolic,
  type Tag,
  type Thread,
  tagsOfChange,
  type UnknownStop,
  type UnstoredStop,
  type Value,
  waitedFor,
} from '../program/index.js';
import { Decisions } from './decisions.js';
import type { Domains } from './domains.js';
import {
  type Content,
  type Control,
  choose,
  constrain,
  copy,
  type Frame,
  NOTHING,
  type Path,
  union,
} from './path.js';
import { PathDecisions } from './path-decisions.js';
import { eventOn, PathDomain } from './path-domain.js';
import { isSameOutcome, sectionEnds, type Trace, type TraceEvent } from './trace.js';
import { POLL_INTERVAL, UnboundedAddress, type UnfoldLimits } from './unfold-limits.js';
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

type Stopped<Kind extends Stop<Content>['kind']> = Stop<Content> & { readonly kind: Kind };

class Unfolder {
  private readonly traces: Trace[] = [];
  private readonly dropped: Trace[] = [];
  private readonly cut = new Set<Span>();
  private readonly waits: Wait[] = [];
  private readonly pending: Path[] = [];
  private readonly functions: ReadonlyMap<string, Code>;
  private readonly interpreter: Interpreter<Content, readonly Control[], Path>;
  private readonly decided: PathDecisions;
  private readonly domain: PathDomain;
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
    this.domain = new PathDomain(thread, cells, domains, this.decided, limits.unroll);
    this.interpreter = new Interpreter(thread, this.functions, cells, this.domain);
  }

  run(): Unfolding {
    this.pending.push({
      ...initialState<Content, readonly Control[]>(this.thread, (value) => this.domain.constant(value), []),
      events: [],
      constraints: [],
      locked: -1,
      choices: 0,
      loops: new Map(),
      decisions: [],
    });
    let followed = 0;
    for (let path = this.pending.pop(); path; path = this.pending.pop()) {
      if (++followed % POLL_INTERVAL === 0) look();
      while (this.meets(path, this.interpreter.run(path)));
    }
    const { traces, dropped, waits } = this;
    return { traces, dropped, cut: [...this.cut], fails: this.domain.fails, waits };
  }

  /** Takes a path past a stop; other ways that split off it go to `pending`. False when it ends there. */
  private meets(path: Path, stop: Stop<Content>): boolean {
    switch (stop.kind) {
      case 'load':
        return this.load(path, stop);
      case 'store':
        return this.store(path, stop);
      case 'unstored':
        return this.unstored(path, stop);
      case 'conditional':
        return this.storeConditional(path, stop);
      case 'fence':
        return this.fence(path, stop);
      case 'region':
        this.enter(path, stop.after, stop.span);
        this.interpreter.cross(path, stop.after);
        return true;
      case 'grace-period':
        path.events.push(this.event(path, 'fence', ['sync-rcu-start'], stop.span));
        path.events.push(this.event(path, 'fence', ['sync-rcu-end'], stop.span));
        this.interpreter.pass(path);
        return true;
      case 'unknown':
        return this.split(path, stop);
      case 'waits':
        this.breakOff(this.waiting(path, stop.instruction));
        return this.drop(path);
      case 'deadlock':
        return this.stop(path);
      case 'endless':
        return this.neverEnd(path, stop);
      case 'limit':
        return this.giveUp(path, stop.instruction);
      case 'end':
        this.finish(path, innermost(path));
        return false;
      case 'pause':
        throw new Error('nothing comes between the events of a path');
    }
  }

  // --- Where paths end ---

  private finish(path: Path, frame: Frame, end: Ending = {}): void {
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
  private waitFor(
    path: Path,
    waitsFor: Resource,
    span: Span | undefined,
    addr: readonly number[] = [],
  ): void {
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
    this.waitFor(way, resource, instruction.span, addr);
    if (way.events.length > path.events.length) this.breakOff(way);
  }

  /** The path at an `await` of which the condition does not hold. */
  private waiting(path: Path, { condition, about, span }: Instruction & { kind: 'await' }): Path {
    const way = copy(path);
    constrain(way, this.domain.evaluate(way, condition).value, false);
    const address = about && this.domain.evaluate(way, about.address);
    if (address?.value.kind !== 'constant') return way;
    const cell = this.cells.at(address.value.value, about?.type);
    if (cell !== undefined) this.waitFor(way, cell, span, address.reads);
    return way;
  }

  /** The path ends: the thread goes no further. */
  private stop(path: Path): false {
    this.breakOff(path);
    return this.limits.unlisted === 'anywhere' ? this.drop(path) : false;
  }

  /** No execution comes to its end on the path. Of what the thread does again and again, something may be in error only later. */
  private neverEnd(path: Path, { instruction, isSilent }: Stopped<'endless'>): false {
    if (!isSilent && this.breaks && instruction.span && !this.isInError(path)) this.cut.add(instruction.span);
    this.breakOff(path);
    return this.drop(path);
  }

  private drop({ events, constraints }: Path): false {
    this.dropped.push({ thread: this.thread.id, events, constraints, registers: [], decisions: [] });
    return false;
  }

  private giveUp(path: Path, instruction: Instruction): false {
    if (instruction.span && !this.isInError(path)) this.cut.add(instruction.span);
    return this.stop(path);
  }

  /** Whether a path is taken only in error, so that it has no final state that could be missed. */
  private isInError({ events, constraints, misled }: Path): boolean {
    if (misled || !this.breaks) return misled;
    return events.some(({ kind }, index) => {
      const values = kind === 'read' && this.domains.valuesOf(readAt(index), events, constraints);
      return values && values.length > 0 && values.every(isJunk);
    });
  }

  /** The thread begins or ends a section, or disables or enables interrupts: an event, where that changes anything. */
  private enter(path: Path, after: Regions, span: Span | undefined): void {
    const tags = tagsOfChange(path.regions, after);
    if (tags.length > 0) path.events.push(this.event(path, 'fence', tags, span));
    path.regions = after;
  }

  // --- Memory ---

  private load(path: Path, stop: LoadStop<Content>): boolean {
    const { instruction } = stop;
    const index = path.events.length;
    const tags = instruction.kind === 'rmw' ? instruction.readTags : instruction.tags;
    const event = at(this.event(path, 'read', tags, instruction.span), stop);
    if (instruction.kind === 'rmw') Object.assign(event, { atomic: 'rmw' });
    else if (instruction.locked) {
      Object.assign(event, { atomic: 'locked' });
      path.locked = index;
    }
    path.events.push(event);
    this.interpreter.read(path, stop, { value: readAt(index), reads: [index], choices: NOTHING });
    return true;
  }

  private store(path: Path, stop: StoreStop<Content>): boolean {
    const { instruction } = stop;
    if (instruction.kind === 'rmw') {
      if (instruction.fails) return false;
      path.events.push(this.writeOfAtomic(path, instruction, stop));
    } else {
      const event = at(this.event(path, 'write', instruction.tags, instruction.span), stop);
      const isBeside = instruction.kind === 'store' && instruction.afterOwnLoad;
      const beside = isBeside ? { besideRead: path.events.length - 1 } : {};
      path.events.push(storing(Object.assign(event, beside), stop.value));
    }
    this.interpreter.stored(path, stop);
    return true;
  }

  private writeOfAtomic(
    path: Path,
    { writeTags, uncontrolled, span }: Instruction & { kind: 'rmw' },
    stop: StoreStop<Content>,
  ): TraceEvent {
    // Nothing comes between the read and the write.
    const read = path.events.length - 1;
    const write = at(this.event(path, 'write', writeTags, span), stop);
    // What the condition is made of determines whether there is a write.
    const condition = uncontrolled ? undefined : stop.condition;
    const pairing = {
      ctrl: condition ? union(write.ctrl, condition.reads) : write.ctrl,
      choice: condition ? union(write.choice, condition.choices) : write.choice,
      atomic: 'rmw',
      rmwRead: read,
      ...(this.besideReads ? { besideRead: read } : {}),
    } as const;
    return storing(Object.assign(write, pairing), stop.value);
  }

  /** Past an atomic that stores nothing; one that waits for its condition comes no further. */
  private unstored(path: Path, stop: UnstoredStop<Content>): boolean {
    const { instruction, cell, condition } = stop;
    if (instruction.blocks) {
      this.block(copy(path), stop);
      return this.drop(path);
    }
    path.events[path.events.length - 1] = this.failedRead(path, stop);
    this.interpreter.pass(path, stop.address);
    if (cell !== undefined) this.decided.failed(path, condition, this.cells.cells[cell]);
    return true;
  }

  /** The read of an atomic that stores nothing. */
  private failedRead(path: Path, stop: UnstoredStop<Content>): TraceEvent {
    const { failureTags, readTags, span } = stop.instruction;
    return at(this.event(path, 'read', failureTags ?? readTags, span), stop);
  }

  /** An atomic that finds that it has to wait, perhaps for ever. What it looks at may be no one's memory. */
  private block(way: Path, stop: UnstoredStop<Content>): void {
    way.events[way.events.length - 1] = this.failedRead(way, stop);
    const resource = waitedFor(stop.instruction.readTags, stop.cell);
    if (resource !== undefined) this.waitFor(way, resource, stop.instruction.span, stop.address.reads);
    this.breakOff(way);
  }

  /**
   * It may always fail. It can succeed if a load-locked has set the lock flag since the last store-conditional. Within the block of 16
   * bytes that this has locked, the two are then an atomic pair (Alpha handbook, 5.6.1.8). Outside of it, whether it succeeds is
   * UNPREDICTABLE, whatever other processors store (4.2.5).
   */
  private storeConditional(path: Path, stop: ConditionalStop<Content>): boolean {
    const { tags, span } = stop.instruction;
    const pair = path.locked;
    path.locked = -1;
    path.choices++;
    if (pair >= 0) {
      const success = copy(path);
      const write = at(this.event(success, 'write', tags, span), stop);
      const isPaired = this.isOneBlock(path.events[pair], stop);
      const pairing = { atomic: 'locked', rmwRead: pair, ...(isPaired ? {} : { unpaired: true }) } as const;
      success.events.push(storing(Object.assign(write, pairing), stop.value));
      this.interpreter.concluded(success, stop, true, true);
      this.pending.push(success);
    }
    this.interpreter.concluded(path, stop, false, pair >= 0);
    return true;
  }

  /** Whether it is known that two accesses are within one block. */
  private isOneBlock({ cell }: Pick<TraceEvent, 'cell'>, { cell: other }: Pick<TraceEvent, 'cell'>): boolean {
    return cell !== undefined && other !== undefined && this.cells.isOneBlock(cell, other);
  }

  private fence(path: Path, { instruction, cell, address }: Stopped<'fence'>): boolean {
    const { gives, tags, span } = instruction;
    this.waitAt(path, instruction, cell, address?.reads);
    if (gives) {
      const value = { kind: 'constant', value: gives.value } as const;
      const given = { value, reads: [path.events.length], choices: NOTHING };
      innermost(path).registers[gives.target] = this.domain.assigned(path, given);
    }
    const event = this.event(path, 'fence', tags, span);
    path.events.push(address ? at(event, { cell, address }) : event);
    this.interpreter.pass(path, address);
    return true;
  }

  // --- Where paths split ---

  private split(path: Path, stop: UnknownStop<Content>): boolean {
    switch (stop.asks) {
      case 'fault':
        return this.splitByFault(path, stop);
      case 'truth':
        return this.splitByTruth(path, stop);
      default:
        return this.splitByTarget(path, stop);
    }
  }

  /** By the faults in what is computed. Those with one go to `pending`, to execute the same instruction. */
  private splitByFault(path: Path, { of, instruction }: UnknownStop<Content>): boolean {
    const { value } = of;
    const possible = this.domains.faultsOf(value, path.events, path.constraints);
    const outcomes = possible ?? ['none', ...distinct(possibleFaults(value))];
    for (const fault of outcomes) {
      if (fault === 'none') continue;
      const other = copy(path);
      choose(other, value, fault);
      this.interpreter.fail(other, fault, instruction.span, { data: of });
      this.pending.push(other);
    }
    if (!outcomes.includes('none')) return false;
    if (outcomes.length > 1) choose(path, value, 'none');
    path.checked++;
    return true;
  }

  private splitByTruth(path: Path, { of: { value }, instruction }: UnknownStop<Content>): boolean {
    switch (instruction.kind) {
      case 'rmw':
        return this.splitAtomic(path, instruction, value);
      case 'await': {
        const { yes, no } = this.truths(path, value);
        if (no) this.breakOff(this.waiting(path, instruction));
        return yes ? this.settle(path, value, true) : this.drop(path);
      }
      default:
        return this.splitBranch(path, instruction as Instruction & { kind: 'branch' }, value);
    }
  }

  private splitBranch(
    path: Path,
    { goto, free }: Instruction & { kind: 'branch' },
    condition: Symbolic,
  ): boolean {
    // Both ways are one: what nothing fixes is not to be told apart by it.
    if (this.limits.unlisted && goto === innermost(path).pc + 1) {
      path.truth = false;
      return true;
    }
    if (free) path.choices++;
    const { yes, no } = free ? { yes: true, no: true } : this.truths(path, condition);
    if (!yes && !no) return this.drop(path);
    if (yes && no) {
      const other = copy(path);
      this.settle(other, condition, true);
      const stop = this.interpreter.step(other);
      if (!stop || this.meets(other, stop)) this.pending.push(other);
    }
    return this.settle(path, condition, !no);
  }

  private splitAtomic(path: Path, instruction: Instruction & { kind: 'rmw' }, condition: Symbolic): boolean {
    const { yes, no } = this.truths(path, condition);
    const { blocks, fails } = instruction;
    if (no && !blocks && (!yes || fails)) return this.settle(path, condition, false);
    if (no) {
      const way = copy(path);
      this.settle(way, condition, false);
      const stop = this.interpreter.step(way) as UnstoredStop<Content>;
      if (blocks) this.block(way, stop);
      else if (this.unstored(way, stop)) this.pending.push(way);
    }
    if (!yes) return this.drop(path);
    return !fails && this.settle(path, condition, true);
  }

  /** Settles what a path goes by. */
  private settle(path: Path, condition: Symbolic, truth: boolean): true {
    constrain(path, condition, truth);
    path.truth = truth;
    return true;
  }

  /** By the values that an address or a callee can have: the others go to `pending`, to execute the same instruction. */
  private splitByTarget(path: Path, { asks, of: { value }, instruction }: UnknownStop<Content>): boolean {
    const listed = this.domains.valuesOf(value, path.events, path.constraints);
    if (!listed && asks === 'address' && this.limits.unlisted === 'anywhere') {
      path.target = ANYWHERE;
      return true;
    }
    const possible = listed ?? this.everywhere(path, value, this.targets(instruction));
    if (possible.length === 0) return this.drop(path);
    for (let index = 1; index < possible.length; index++) {
      const other = copy(path);
      aim(other, value, possible[index]);
      this.pending.push(other);
    }
    aim(path, value, possible[0]);
    return true;
  }

  /** What an address or a callee can be of which nothing is known. */
  private targets(instruction: Instruction): readonly Value[] {
    if (instruction.kind === 'call')
      return [...this.functions.keys()].map((symbol) => ({ symbol, offset: 0 }));
    if (instruction.kind === 'free') return [0n, ...this.cells.addresses()];
    return this.cells.addresses('type' in instruction ? instruction.type : undefined);
  }

  private truths(path: Path, condition: Symbolic): { yes: boolean; no: boolean } {
    if (condition.kind !== 'constant') return this.domains.truths(condition, path.events, path.constraints);
    const yes = isTrue(condition.value);
    return { yes, no: !yes };
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

  private event(
    path: Path,
    kind: TraceEvent['kind'],
    tags: readonly Tag[],
    span: Span | undefined,
  ): TraceEvent {
    return eventOn(path, this.thread.id, kind, tags, span);
  }
}

/** Where an access goes. */
interface Target {
  readonly cell: CellId | undefined;
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

/** Fixes what an address or a callee is on a path. */
function aim(path: Path, value: Symbolic, target: Value): void {
  path.choices++;
  path.constraints.push({ value, equals: target, at: path.events.length });
  path.target = target;
}

function distinct(faults: readonly Fault[]): Fault[] {
  return faults.filter((fault, index) => faults.findIndex((other) => isSameOutcome(other, fault)) === index);
}
