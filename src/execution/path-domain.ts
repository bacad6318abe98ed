/** Values as they are while a thread is unfolded: symbolic in what its reads return, with the reads that they depend on. */
import type { Span } from '../diagnostics.js';
import {
  type CellId,
  type CellTable,
  type Code,
  type Domain,
  type Expression,
  type Fault,
  type FaultSource,
  forEachRegister,
  type Instruction,
  innermost,
  joinOf,
  mayBeAddress,
  mayFail,
  NEVER,
  type RegisterId,
  readsOf,
  type ScalarType,
  type Stop,
  type Symbolic,
  substitute,
  type Tag,
  type Thread,
  type ThreadId,
  type Value,
} from '../program/index.js';
import type { Domains } from './domains.js';
import {
  type Content,
  type Control,
  constantly,
  type Frame,
  NOTHING,
  type Path,
  roundOf,
  union,
  ZERO,
} from './path.js';
import { isDecided, type PathDecisions } from './path-decisions.js';
import type { TraceEvent } from './trace.js';

/** What unfolding keeps track of along a path, besides the way that it takes. */
export class PathDomain implements Domain<Content, readonly Control[], Path> {
  /** Whether a path has come to what its thread cannot do. */
  fails = false;

  constructor(
    private readonly thread: Thread,
    private readonly cells: CellTable,
    private readonly domains: Domains,
    private readonly decided: PathDecisions,
    private readonly unroll: number,
  ) {}

  constant(value: Value): Content {
    return value === 0n ? ZERO : constantly(value);
  }

  evaluate(path: Path, expression: Expression): Content {
    const { registers } = innermost(path);
    if (expression.kind === 'constant') return { value: expression, reads: NOTHING, choices: NOTHING };
    if (expression.kind === 'register') return registers[expression.register];
    let reads = NOTHING;
    let choices = NOTHING;
    let chosenBy = NOTHING;
    forEachRegister(expression, (id) => {
      const operand = registers[id];
      reads = union(reads, operand.reads);
      choices = union(choices, operand.choices);
      chosenBy = union(chosenBy, operand.chosenBy ?? NOTHING);
    });
    const value = this.plain(
      substitute(expression, (id) => registers[id].value),
      path,
    );
    return chosenBy.length > 0 ? { value, reads, choices, chosenBy } : { value, reads, choices };
  }

  mapped({ value, reads, choices }: Content, build: (value: Expression) => Expression): Content {
    return { value: build(value), reads, choices };
  }

  known({ value }: Content): Value | undefined {
    return value.kind === 'constant' ? value.value : undefined;
  }

  faultIn(path: Path, expression: Expression): { readonly open: Content } | undefined {
    const { registers } = innermost(path);
    const mayHold = (id: RegisterId): boolean =>
      mayBeAddress(registers[id].value, (read) => this.mayHoldAddress(path.events[read]));
    if (!mayFail(expression, mayHold)) return undefined;
    const value = substitute(expression, (id) => registers[id].value, true);
    return { open: { value, reads: readsOf(value), choices: NOTHING } };
  }

  private mayHoldAddress({ cell }: TraceEvent): boolean {
    return cell === undefined || this.domains.mayHoldAddress(cell);
  }

  failed(path: Path, fault: Fault, { address, data }: FaultSource<Content>): void {
    const tags = fault.name === 'bad-free' ? ['BadFree'] : [];
    const from = { ...(address && { addr: address.reads }), ...(data && { data: data.reads }) };
    path.events.push(
      Object.assign(eventOn(path, this.thread.id, 'fence', tags, fault.span), { fault, ...from }),
    );
    this.fails = true;
  }

  /**
   * What a register holds that is assigned here. In assembly a branch controls all that comes after it as it is. Where `choices` are
   * kept, these tell more exactly what branches have chosen.
   */
  assigned(path: Path, content: Content): Content {
    if (this.thread.code.controlScope === 'rest' || this.decided.isKept) return content;
    const control = controlOf(path);
    if (control.length === 0) return content;
    return { ...content, chosenBy: union(content.chosenBy ?? NOTHING, control) };
  }

  reaches(path: Path, frame: Frame): void {
    if (frame.control.length > 0) this.decided.meet(path, frame);
  }

  branches(_: Path, frame: Frame, { reads: given, choices, chosenBy }: Content): void {
    const reads = union(given, chosenBy ?? NOTHING);
    if (reads.length === 0 && choices.length === 0) return;
    const join = frame.code.controlScope === 'rest' ? NEVER : joinOf(frame.code, frame.pc);
    frame.control = [...frame.control, { pc: frame.pc, join, reads, choices }];
  }

  /** Which function runs depends on the reads that gave its address: an indirect jump is a branch. */
  calls(callee: Content): readonly Control[] {
    const { reads, choices } = callee;
    return isDecided(callee) ? [{ pc: -1, join: NEVER, reads, choices }] : [];
  }

  mayCall({ frames }: Path, code: Code): boolean {
    return frames.reduce((count, frame) => count + (frame.code === code ? 1 : 0), 0) <= this.unroll;
  }

  returns(path: Path, frame: Frame, caller: Frame, result: Content): Content {
    const returned = this.decided.returned(path, frame, caller, result);
    // In assembly, a branch inside the callee goes on controlling the caller.
    if (frame.code.controlScope === 'rest' && frame.control.length > 0)
      caller.control = [...caller.control, ...frame.control];
    return returned;
  }

  accesses(path: Path, frame: Frame, address: Content): void {
    this.decided.address(path, frame, address);
  }

  /** A jump back that reads decided counts against the limit. */
  jumpsBack(path: Path, instruction: Instruction): Stop<Content> | undefined {
    const frame = innermost(path);
    const key = `${path.frames.length}:${frame.code.name}:${frame.pc}`;
    const before = path.loops.get(key);
    const round = roundOf(path, frame, before);
    const { unroll } = this;
    if (round.rounds > unroll) return { kind: 'limit', instruction };
    const isSilent = round.events === before?.events;
    if (round.repeats > (isSilent ? 0 : unroll)) return { kind: 'endless', instruction, isSilent };
    path.loops.set(key, round);
    return undefined;
  }

  private typeOf(cell: CellId | undefined): ScalarType | undefined {
    return cell === undefined ? undefined : this.cells.cells[cell].type;
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
}

/**
 * An event that stands for nothing but itself so far: what it accesses is assigned to it. A copy by `{ ...event, cell }` would give V8 a
 * hidden class for each event, where there is one for each kind so.
 */
export function eventOn(
  path: Path,
  thread: ThreadId,
  kind: TraceEvent['kind'],
  tags: readonly Tag[],
  span: Span | undefined,
): TraceEvent {
  const ctrl = controlOf(path);
  let choice = NOTHING;
  for (const frame of path.frames) for (const branch of frame.control) choice = union(choice, branch.choices);
  const place = span ? { span } : {};
  return { kind, thread, tags, addr: NOTHING, data: NOTHING, ctrl, choice, ...place };
}

/** The reads that decided that a path is where it is. */
function controlOf({ frames }: Path): readonly number[] {
  let reads = NOTHING;
  for (const frame of frames) for (const branch of frame.control) reads = union(reads, branch.reads);
  return reads;
}
