import { tick } from '../limits.js';
import type { Code, Expression, Instruction, RegisterId, Value } from '../program/index.js';
import { type Symbolic, sameSymbolic, substitute, successors } from '../program/index.js';

/** Where a value comes from that the text of a code does not tell. */
export type Origin =
  /** What the instruction at a place puts into its target. */
  | { readonly kind: 'result'; readonly pc: number }
  /** What a register holds where ways meet on which it has different values. */
  | { readonly kind: 'meeting'; readonly pc: number; readonly register: RegisterId }
  | { readonly kind: 'parameter'; readonly register: RegisterId };

/** What is known of a code from elsewhere. */
export interface Surroundings {
  /** What a register holds at the start, if it is always the same. */
  readonly initial: (code: Code, register: RegisterId) => Value | undefined;
  /** What a call gives, if it is always the same. */
  readonly result: (callee: Symbolic) => Value | undefined;
}

type Registers = readonly Symbolic[];

/** Larger expressions stand for themselves. */
const MAX_SIZE = 32;

/**
 * What the registers of a code hold before each instruction, as far as constants and copies tell: expressions over origins, whose numbers
 * stand in the place of registers. Where two are the same, so are the values, whatever is read and whichever ways are taken: global
 * value numbering (Alpern, Wegman, Zadeck: Detecting Equality of Variables in Programs, 1988), but without operations that are done twice.
 *
 * An origin stands for what came from it last. That does for all registers at a place: one that holds what came from it a round of a loop
 * before is a meeting of its own where the loop begins.
 */
export class Holdings {
  readonly origins: Origin[] = [];
  private readonly numbers = new Map<string, number>();
  /** By instruction, and for the end; undefined where no way leads. */
  private readonly states: (Registers | undefined)[];
  /** By place: those that lead to it. */
  private readonly before: readonly (readonly number[])[];
  /** By place: the registers that hold different values on the ways that meet there. */
  private readonly meetings: readonly Set<RegisterId>[];

  constructor(
    readonly code: Code,
    private readonly around: Surroundings,
  ) {
    const places = Array.from({ length: code.instructions.length + 1 }, (_, pc) => pc);
    this.states = places.map(() => undefined);
    this.meetings = places.map(() => new Set());
    const before = places.map((): number[] => []);
    code.instructions.forEach((_, pc) => {
      for (const next of successors(code, pc)) before[next].push(pc);
    });
    this.before = before;
    const order = waysFromStart(code);
    do this.follow(order);
    while (this.meet(order));
  }

  /** Whether some way leads to a place. */
  isReached(pc: number): boolean {
    return this.states[pc] !== undefined;
  }

  /** What an expression comes to before an instruction that some way leads to. */
  value(pc: number, expression: Expression): Symbolic {
    const state = this.states[pc] as Registers;
    return substitute(expression, (register) => state[register]);
  }

  /** What it comes to behind it. */
  valueBehind(pc: number, expression: Expression): Symbolic {
    const state = this.after(pc) as Registers;
    return substitute(expression, (register) => state[register]);
  }

  /** The values that a register has on the ways that meet in a place. */
  incoming(pc: number, register: RegisterId): Symbolic[] {
    const ways = this.before[pc].flatMap((previous) => this.after(previous)?.[register] ?? []);
    return pc === 0 ? [this.start(register), ...ways] : ways;
  }

  // --- To the fixpoint ---

  /** Goes one way to each place, taking it that others bring the same but where they are known not to. */
  private follow(order: readonly Way[]): void {
    for (const { pc, from } of order) {
      const brought = from === undefined ? this.initial() : (this.after(from) as Registers);
      this.states[pc] = brought.map((held, register) =>
        this.meetings[pc].has(register as RegisterId)
          ? this.origin({ kind: 'meeting', pc, register: register as RegisterId })
          : held,
      );
    }
  }

  /** Looks where that was wrong. */
  private meet(order: readonly Way[]): boolean {
    let found = false;
    for (const { pc } of order) {
      const ways = this.before[pc].flatMap((previous) => [this.after(previous) ?? []]);
      if (pc === 0) ways.push(this.initial());
      // Where there is one way, it was followed.
      if (ways.length < 2) continue;
      (this.states[pc] as Registers).forEach((held, index) => {
        const register = index as RegisterId;
        if (this.meetings[pc].has(register)) return;
        tick();
        if (ways.every((brought) => brought[index] === undefined || sameSymbolic(brought[index], held)))
          return;
        this.meetings[pc].add(register);
        found = true;
      });
    }
    return found;
  }

  private initial(): Registers {
    return this.code.registers.map((_, register) => this.start(register as RegisterId));
  }

  /** What a register holds at the start. */
  start(register: RegisterId): Symbolic {
    const value = this.around.initial(this.code, register);
    return value === undefined ? this.origin({ kind: 'parameter', register }) : { kind: 'constant', value };
  }

  private after(pc: number): Registers | undefined {
    const state = this.states[pc];
    const instruction = this.code.instructions[pc];
    const target = targetOf(instruction);
    tick(1 + (this.code.registers.length >>> 6));
    if (!state || target === undefined) return state;
    return state.with(target, this.result(pc, instruction) ?? this.origin({ kind: 'result', pc }));
  }

  private result(pc: number, instruction: Instruction): Symbolic | undefined {
    switch (instruction.kind) {
      case 'assign': {
        const value = this.value(pc, instruction.value);
        return sizeOf(value) <= MAX_SIZE ? value : undefined;
      }
      case 'fence':
        return instruction.gives && { kind: 'constant', value: instruction.gives.value };
      case 'call': {
        const value = this.around.result(this.value(pc, instruction.callee));
        return value === undefined ? undefined : { kind: 'constant', value };
      }
      default:
        return undefined;
    }
  }

  private origin(origin: Origin): Symbolic {
    const key = Object.values(origin).join(' ');
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.origins.push(origin) - 1;
      this.numbers.set(key, number);
    }
    return { kind: 'register', register: number as RegisterId };
  }
}

/** A place, and the one before it on a way to it from the start. */
interface Way {
  readonly pc: number;
  readonly from?: number;
}

/** A way to each place that can be reached, through places that stand before it in the list. */
function waysFromStart(code: Code): Way[] {
  const found: Way[] = [];
  const seen = new Set<number>();
  const todo: Way[] = [{ pc: 0 }];
  for (let way = todo.pop(); way; way = todo.pop()) {
    const { pc } = way;
    if (seen.has(pc)) continue;
    seen.add(pc);
    found.push(way);
    if (pc < code.instructions.length)
      todo.push(...successors(code, pc).map((next) => ({ pc: next, from: pc })));
  }
  return found;
}

/** The register that an instruction changes. */
function targetOf(instruction: Instruction): RegisterId | undefined {
  if (instruction.kind === 'fence') return instruction.gives?.target;
  return 'target' in instruction ? instruction.target : undefined;
}

function sizeOf(symbolic: Symbolic): number {
  switch (symbolic.kind) {
    case 'constant':
    case 'register':
      return 1;
    case 'unary':
    case 'wrap':
      return 1 + sizeOf(symbolic.operand);
    case 'binary':
      return 1 + sizeOf(symbolic.left) + sizeOf(symbolic.right);
    case 'select':
      return 1 + sizeOf(symbolic.condition) + sizeOf(symbolic.then) + sizeOf(symbolic.otherwise);
  }
}
