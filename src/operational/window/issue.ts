/** How a CPU of an Alpha machine issues instructions, in order, by itself. */
import type { Span } from '../../diagnostics.js';
import {
  type CellId,
  Circle,
  type ConditionalStop,
  copyOfFrames,
  type Domain,
  type Expression,
  type Fault,
  faultIn,
  forEachRegister,
  heldAfter,
  type Instruction,
  Interpreter,
  innermost,
  inSection,
  isJunk,
  isPointer,
  joinsOf,
  type LoadStop,
  mayBeAddress,
  mayFail,
  NEVER,
  over,
  type Regions,
  type Resource,
  readAt,
  readsOf,
  type Stop,
  type StoreStop,
  type Symbolic,
  substitute,
  type Tag,
  type ThreadState,
  type UnstoredStop,
  type Value,
  valuesEqual,
} from '../../program/index.js';
import { ended, type Front, handlersAt, type IssueRules, placeOf, withContext } from './front.js';
import { NONE, type SetId } from './load-sets.js';
import { isIn, type Orders } from './orders.js';
import { crossed } from './read-side-sections.js';
import { decidedAt, met, returned, unstored } from './window-decisions.js';
import {
  type Content,
  type Control,
  type CpuState,
  type Frame,
  type Hold,
  type Pending,
  placeOfSlot,
  separates,
  slotAt,
  ZERO,
} from './window-state.js';

const READ = { kind: 'load' } as const;
/** How often an instruction in a loop may stand in the window. */
const MAX_ROUNDS = 2;
/** The cells that an instruction frees are told apart by this in `origin`. */
const CELL_ORIGIN = 0x10000000;

/** Where a CPU has come to by itself. */
export interface Settled {
  readonly state: CpuState;
  readonly front: Front;
  /** Whether it has come round in a circle, or may have. */
  readonly isRound: boolean;
}

/** A thread or handler under way on its CPU. */
interface Walk extends ThreadState<Content, readonly Control[]> {
  taken: readonly Resource[];
}

/** All that the CPU issues by itself. Stores are issued at once, and wait in the window. */
export function settle(state: CpuState, rules: IssueRules): Settled {
  return new Issue(state, rules).settle();
}

/** The state after the front's load, with what it returns; `slot` is that of one that waits. */
export function loadIssued(
  state: CpuState,
  read: Content,
  slot: number | undefined,
  rules: IssueRules,
): CpuState {
  return new Issue(state, rules).load(read, slot);
}

/** The state after the front's store-conditional. */
export function conditionalIssued(state: CpuState, success: boolean, rules: IssueRules): CpuState {
  return new Issue(state, rules).conclude(success);
}

/** The state after the front's grace period. */
export function graceIssued(state: CpuState, rules: IssueRules): CpuState {
  return new Issue({ ...state, waiting: false }, rules).passed();
}

/** A CPU under way: of the context that it is in, the thread is run; all else is in a state. */
class Issue implements Domain<Content, readonly Control[], Walk> {
  private walk!: Walk;
  private interpreter!: Interpreter<Content, readonly Control[], Walk>;
  private circle!: Circle<Content, readonly Control[]>;
  private isRound = false;

  constructor(
    private state: CpuState,
    private readonly rules: IssueRules,
  ) {
    this.become(state);
  }

  settle(): Settled {
    for (;;) {
      const front = this.advance();
      this.isRound ||= this.walk.rounds > 0;
      if (front) return { state: this.frozen(), front, isRound: this.isRound };
    }
  }

  load(read: Content, slot: number | undefined): CpuState {
    const stop = this.run() as LoadStop<Content>;
    const { instruction } = stop;
    const cell = stop.cell as CellId;
    this.note(cell, stop.address, this.depends(stop.address.deps));
    this.interpreter.read(this.walk, stop, read);
    const range = instruction.kind === 'rmw' ? [cell] : this.rules.cells.block(cell);
    const hold: Hold = slot === undefined ? { range } : { slot, range };
    if (instruction.kind === 'rmw') this.state = { ...this.state, midway: { cell, hold } };
    else if (instruction.locked) this.state = { ...this.state, link: { cell, hold } };
    return this.issued();
  }

  conclude(success: boolean): CpuState {
    this.conditional(this.run() as ConditionalStop<Content>, success);
    return this.frozen();
  }

  passed(): CpuState {
    this.run();
    this.interpreter.pass(this.walk);
    return this.issued();
  }

  // --- The context that the CPU is in ---

  private thawed(): Walk {
    const { frames, allocated, regions, taken, misled = false } = this.state.contexts[placeOf(this.state)];
    return {
      frames: copyOfFrames(frames),
      allocated: [...allocated],
      regions,
      misled,
      steps: 0,
      rounds: 0,
      checked: 0,
      truth: undefined,
      target: undefined,
      taken,
    };
  }

  /** The state of the CPU, with what its thread has come to. */
  private frozen(): CpuState {
    const { frames, allocated, regions, taken, misled } = this.walk;
    return withContext(this.state, { frames, allocated, regions, taken, ...(misled && { misled }) });
  }

  /** After an event: a handler can be entered again. */
  private issued(): CpuState {
    this.state = { ...this.state, declined: false };
    return this.frozen();
  }

  /** The state when another context, or none, goes on. */
  private become(state: CpuState): void {
    const { threads, functions, cells } = this.rules;
    this.isRound ||= this.walk?.rounds > 0;
    this.state = state;
    this.walk = this.thawed();
    this.circle = new Circle(isSameContent);
    this.interpreter = new Interpreter(threads[placeOf(state)], functions, cells, this);
  }

  private run(): Stop<Content> {
    return this.interpreter.run(this.walk);
  }

  // --- What the CPU issues ---

  /** Issues up to the next event; gives the front where no more can be issued. */
  private advance(): Front | undefined {
    if (this.state.contexts[placeOf(this.state)].ended) return this.leave();
    const stop = this.run();
    switch (stop.kind) {
      case 'unknown':
        return { kind: 'unknown', slot: readsOf(stop.of.value)[0] };
      case 'load':
        return this.loadAhead(stop);
      case 'store':
        return this.store(stop);
      case 'unstored':
        return this.unstored(stop);
      case 'conditional':
        return this.conditionalAhead(stop);
      case 'fence':
        return this.fence(stop.instruction.tags);
      case 'region':
        return this.region(stop.after);
      case 'grace-period':
        // Handlers may have come in between since the MB before.
        return this.state.window.length > 0 ? { kind: 'wait' } : { kind: 'grace-period' };
      case 'pause':
        return { kind: 'interrupt', handlers: handlersAt(this.state, this.rules), must: false };
      case 'waits':
        return this.inVain(stop.instruction);
      case 'endless':
        // No handler comes any more that has not come by now.
        return this.finish({ hangs: true });
      case 'limit':
        // Of a thread that has gone wrong no end is missed.
        return this.finish(this.walk.misled ? { hangs: true } : { limit: placed(stop.instruction) });
      case 'deadlock':
      case 'end':
        return this.finish({});
    }
  }

  private leave(): Front | undefined {
    const next = ended(this.state, this.rules);
    if ('kind' in next) return next;
    this.become(next);
    return undefined;
  }

  /** The context that the CPU is in goes no further: its section is over as soon as what is issued by now has performed. */
  private finish(how: Pick<CpuState, 'hangs' | 'limit'>): undefined {
    const { regions } = this.walk;
    if (inSection(regions)) this.stand(over(regions));
    const { midway: _, ...rest } = this.frozen();
    this.become(withContext({ ...rest, ...how }, { ended: true }));
    return undefined;
  }

  private stand(after: Regions): void {
    const { walk } = this;
    this.state = crossed(this.frozen(), placeOf(this.state), after, this.rules.isAwaited);
    walk.regions = after;
  }

  private region(after: Regions): undefined {
    this.stand(after);
    this.interpreter.cross(this.walk, after);
    this.issued();
    return undefined;
  }

  /** What is waited for has not come. */
  private inVain({ about }: Instruction & { kind: 'await' }): Front {
    const address = about && this.evaluate(this.walk, about.address);
    if (!address) return { kind: 'dead' };
    const target = this.known(address);
    if (target === undefined) return { kind: 'unknown', slot: readsOf(address.value)[0] };
    const waitsFor = this.rules.cells.at(target, about.type);
    return waitsFor === undefined ? { kind: 'dead' } : { kind: 'dead', waitsFor };
  }

  private fence(tags: readonly Tag[]): Front | undefined {
    let { causes, window } = this.state;
    const pairs = this.rules.orders.barrier(tags);
    if (this.rules.orders.isFull(pairs)) {
      if (window.length > 0) return { kind: 'wait' };
      causes = { ...causes, mb: this.union(causes.mb, causes.accesses) };
    } else if (pairs !== 0) {
      causes = { ...causes, wmb: this.union(causes.wmb, causes.writes) };
      if (separates(window, window.length, pairs))
        window = [...window, { kind: 'barrier', pairs, name: tags[0] }];
    }
    this.state = { ...this.state, causes, window };
    this.interpreter.pass(this.walk);
    this.issued();
    return undefined;
  }

  private loadAhead({ instruction, cell: at, address }: LoadStop<Content>): Front {
    const cell = at as CellId;
    const isLocked = instruction.kind === 'load' && instruction.locked;
    const range = isLocked ? { range: this.rules.cells.block(cell) } : {};
    const blocks = instruction.kind === 'rmw' && instruction.blocks ? ({ blocks: true } as const) : {};
    const mark = this.rules.orders.markAmong(
      instruction.kind === 'rmw' ? instruction.readTags : instruction.tags,
    );
    const deps = isIn(this.rules.orders.of('address'), READ, READ) ? address.deps : NONE;
    return { kind: 'load', cell, ...range, origin: this.origin(), deps, ...(mark && { mark }), ...blocks };
  }

  private store(stop: StoreStop<Content>): Front | undefined {
    const { instruction, address, condition, value } = stop;
    const cell = stop.cell as CellId;
    const { midway, ...rest } = this.state;
    if (instruction.kind === 'rmw' && !midway?.hold) return { kind: 'dead' };
    const origin = this.originOf(instruction);
    if (!this.hasRoom(origin)) return { kind: 'wait' };
    if (instruction.kind === 'rmw') this.state = rest;
    const isControlled = condition && instruction.kind === 'rmw' && !instruction.uncontrolled;
    const control = isControlled ? this.union(condition.deps, condition.choice ?? NONE) : NONE;
    const tags = instruction.kind === 'rmw' ? instruction.writeTags : instruction.tags;
    this.push(cell, value, address, control, tags, origin, midway?.hold, instruction.kind === 'rmw');
    this.walk.taken = heldAfter(this.walk.taken, tags, cell);
    this.interpreter.stored(this.walk, stop);
    this.issued();
    return undefined;
  }

  private unstored({ instruction, address, condition }: UnstoredStop<Content>): Front | undefined {
    const { midway, ...rest } = this.state;
    if (instruction.blocks && midway) return { kind: 'dead', waitsFor: midway.cell };
    if (!midway) return { kind: 'dead' };
    this.state = unstored(rest, condition, midway.cell, this.rules);
    this.interpreter.pass(this.walk, address);
    this.issued();
    return undefined;
  }

  private conditionalAhead(stop: ConditionalStop<Content>): Front | undefined {
    const { link } = this.state;
    const cell = stop.cell as CellId;
    // To another block than was locked, it is no part of a pair, and may succeed whatever happened.
    if (link && !this.rules.cells.isOneBlock(link.cell, cell)) return { kind: 'conditional', cell };
    if (link?.hold) return { kind: 'conditional', cell, hold: link.hold };
    this.conditional(stop, false);
    return undefined;
  }

  private conditional(stop: ConditionalStop<Content>, success: boolean): void {
    const { link, ...rest } = this.state;
    const cell = stop.cell as CellId;
    this.state = rest;
    if (success && link) {
      const hold = this.rules.cells.isOneBlock(link.cell, cell) ? link.hold : undefined;
      this.push(cell, stop.value, stop.address, NONE, stop.instruction.tags, this.origin(), hold, true);
    }
    this.interpreter.concluded(this.walk, stop, success, link !== undefined);
    if (success) this.issued();
  }

  /** A store in the window, with the loads that it depends on by the table of orders. */
  private push(
    cell: CellId,
    value: Content,
    address: Content,
    control: SetId,
    tags: readonly Tag[],
    origin: number,
    hold: Hold | undefined,
    isAtomic: boolean,
  ): void {
    const { causes } = this.state;
    const { orders, traces } = this.rules;
    const depends = this.union(this.depends(address.deps), control, value.deps);
    const by = (reason: Parameters<Orders['of']>[0], set: SetId): SetId =>
      orders.of(reason) === 0 ? NONE : set;
    const deps = traces
      ? this.union(depends, causes.cells[cell], causes.mb, causes.wmb)
      : this.union(
          by('address', address.deps),
          by('data', value.deps),
          by('control', this.union(this.depends(NONE), control)),
          by('choice', this.union(value.choice ?? NONE, address.choice ?? NONE)),
          by('address-po', causes.addresses),
        );
    const source = by('source', this.union(value.deps, address.deps));
    const mark = orders.markAmong(tags);
    const isKept = isAtomic && orders.of('atomic-source') !== 0;
    const entry: Pending = {
      kind: 'store',
      cell,
      value: value.value,
      deps,
      source,
      origin,
      ...(hold ? { hold } : {}),
      ...(mark ? { mark } : {}),
      ...(isKept ? { isKept } : {}),
    };
    this.note(cell, address, depends);
    const writes = traces ? this.union(causes.writes, depends) : NONE;
    this.state = {
      ...this.state,
      window: [...this.state.window, entry],
      causes: { ...this.state.causes, writes },
    };
  }

  /** Notes what an access depends on, as far as later stores then depend on it as well. */
  private note(cell: CellId, address: Content, depends: SetId): void {
    const { causes } = this.state;
    if (!this.rules.traces) {
      const addresses = this.union(causes.addresses, address.deps);
      this.state = { ...this.state, causes: { ...causes, addresses } };
      return;
    }
    if (depends === NONE) return;
    const cells = causes.cells.with(cell, this.union(causes.cells[cell], depends));
    const accesses = this.union(causes.accesses, depends);
    this.state = { ...this.state, causes: { ...causes, cells, accesses } };
  }

  /** With the branches that control what is issued now. */
  private depends(deps: SetId): SetId {
    let all = deps;
    for (const { control } of this.walk.frames)
      for (const branch of control) all = this.union(all, branch.deps);
    return all;
  }

  private originOf({ kind }: Instruction): number {
    const origin = this.origin();
    return kind === 'free' && origin >= 0 ? origin + (innermost(this.walk).stage + 1) * CELL_ORIGIN : origin;
  }

  private origin(): number {
    if (!this.rules.loops) return -1;
    const { code, pc } = innermost(this.walk);
    return this.rules.codeId(code) * 0x1000 + pc;
  }

  /** A loop runs ahead of its own accesses by only so many rounds. */
  private hasRoom(origin: number): boolean {
    if (origin < 0) return true;
    return this.state.window.filter((e) => e.kind === 'store' && e.origin === origin).length < MAX_ROUNDS;
  }

  // --- Values, and what controls them (`Domain`) ---

  constant(value: Value): Content {
    return value === 0n ? ZERO : { value: { kind: 'constant', value }, deps: NONE };
  }

  evaluate(walk: Walk, expression: Expression): Content {
    const { registers } = innermost(walk);
    if (expression.kind === 'constant') return { value: expression, deps: NONE };
    if (expression.kind === 'register') return registers[expression.register];
    let deps: SetId = NONE;
    let choice: SetId = NONE;
    forEachRegister(expression, (id) => {
      deps = this.union(deps, registers[id].deps);
      choice = this.union(choice, registers[id].choice ?? NONE);
    });
    const value = substitute(expression, (id) => registers[id].value);
    return choice === NONE ? { value, deps } : { value, deps, choice };
  }

  mapped(content: Content, build: (value: Expression) => Expression): Content {
    const value = build(content.value);
    return value === content.value ? content : { ...content, value: substitute(value, readAt) };
  }

  known({ value }: Content): Value | undefined {
    return value.kind === 'constant' ? value.value : undefined;
  }

  /** Of an operation that may have no result its operands must be known. */
  faultIn(walk: Walk, expression: Expression): Fault | { readonly open: Content } | undefined {
    const { registers } = innermost(walk);
    const held = (id: number): Symbolic => registers[id].value;
    const mayHold = (id: number): boolean => mayBeAddress(held(id), (slot) => this.mayReturnAddress(slot));
    if (!mayFail(expression, mayHold)) return undefined;
    const value = substitute(expression, held, true);
    return readsOf(value).length > 0 ? { open: { value, deps: NONE } } : faultIn(value, () => 0n);
  }

  private mayReturnAddress(slot: number): boolean {
    const { window } = this.state;
    const { cell } = window[placeOfSlot(window, slot)] as Pending & { kind: 'load' };
    return this.rules.values(cell).some((value) => isPointer(value) && !isJunk(value));
  }

  failed(_: Walk, fault: Fault): void {
    const slots = slotAt(this.state.window, this.state.window.length);
    this.state = withContext(this.state, { fault: { ...fault, slots } });
  }

  reaches(walk: Walk, frame: Frame): void {
    if (frame.control.length > 0) this.state = met(this.state, walk.frames, this.rules);
  }

  branches(_: Walk, frame: Frame, { deps: own, choice = NONE }: Content): void {
    const deps = this.union(own, choice);
    if (deps === NONE) return;
    const { code, pc } = frame;
    const join = joinsOf(code)[pc];
    const branch: Control =
      code.controlScope === 'rest'
        ? { pc: -1, join: NEVER, deps }
        : { pc, join: join < 0 ? NEVER : join, deps };
    frame.control = [...frame.control, branch];
  }

  /** Which function runs depends on the loads that gave its address: an indirect jump is a branch. */
  calls({ deps }: Content): readonly Control[] {
    return deps === NONE ? [] : [{ pc: -1, join: NEVER, deps }];
  }

  returns(_: Walk, frame: Frame, caller: Frame, result: Content): Content {
    // In assembly, a branch inside the callee goes on controlling the caller.
    if (frame.code.controlScope === 'rest') {
      caller.control = [...caller.control, ...frame.control];
      return result;
    }
    const [state, content] = returned(this.state, frame, caller, result, this.rules);
    this.state = state;
    return content;
  }

  accesses(_: Walk, frame: Frame, address: Content): void {
    this.state = decidedAt(this.state, frame, address, this.rules);
  }

  pauses(): boolean {
    return !this.state.declined && handlersAt(this.state, this.rules).length > 0;
  }

  jumpsBack(walk: Walk, instruction: Instruction): Stop<Content> | undefined {
    return this.circle.isClosedBy(walk) ? { kind: 'endless', instruction, isSilent: true } : undefined;
  }

  private union(...all: readonly SetId[]): SetId {
    return all.reduce((left, right) => this.rules.sets.union(left, right), NONE as SetId);
  }
}

const placed = ({ span }: { readonly span?: Span }): { readonly span?: Span } => (span ? { span } : {});

function isSameContent(one: Content, other: Content): boolean {
  if (one === other) return true;
  const [a, b] = [one.value, other.value];
  const isSameValue = a.kind === 'constant' && b.kind === 'constant' && valuesEqual(a.value, b.value);
  return isSameValue && one.deps === other.deps && one.choice === other.choice;
}
