import {
  type Cell,
  type Code,
  type Expression,
  type Instruction,
  joinsOf,
  type Pointer,
  type RegisterId,
  readsOf,
  register,
  type Symbolic,
  sameSymbolic,
  successors,
  type Tag,
  type Thread,
} from '../program/index.js';
import type { Holdings } from './holdings.js';
import { resultsOf, type ValueFlow } from './value-flow.js';
import type { ValueSet } from './value-set.js';

/** The accesses and barriers that something may decide about: those that an execution has, and those that it could have instead. */
export interface Effects {
  /** Whether one may be an access to a location. */
  readonly mayAccess: (cell: Pick<Cell, 'symbol' | 'offset'>) => boolean;
  readonly accesses: boolean;
  readonly writes: boolean;
  /** The tags of its barriers. */
  readonly barriers: ReadonlySet<Tag>;
}

/** What a branch, or a call to an address, decides about, as it is to be known once its ways have met. */
export interface Decision {
  /** Registers that hold one thing or another by it. */
  readonly registers: readonly RegisterId[];
  /** Whether what the function gives is one thing or another by it: where its ways meet only at the function's end. */
  readonly result: boolean;
  readonly effects: Effects;
}

/**
 * What is decided in the code of a thread: what the two ways of a branch have between them, up to where they meet.
 *
 * A register is chosen by a branch if what it holds where the ways meet is not evidently the same on all of them: one constant, or what it
 * held before the branch or is given after it. A compiler makes of that a branch in front of what uses the register, or a
 * conditional move. (Where the ways meet, static single assignment has a phi function, and the branch is what controls it.)
 */
export class Decisions {
  private readonly branches = new Map<Code, (Decision | undefined)[]>();
  private readonly whole = new Map<Code, Effects>();

  constructor(
    private readonly thread: Thread,
    private readonly flow: ValueFlow,
  ) {}

  /** Of the branch at a place, whose ways meet. */
  ofBranch(code: Code, pc: number): Decision {
    const known = this.branches.get(code) ?? [];
    this.branches.set(code, known);
    known[pc] ??= this.decided(code, pc);
    return known[pc];
  }

  /** Of a call: which function is called, and so what that does and gives. */
  ofCall(code: Code, pc: number): Decision {
    const { callee } = code.instructions[pc] as Instruction & { kind: 'call' };
    return { registers: [], result: true, effects: joined(this.called(code, pc, callee, new Set())) };
  }

  /** Of the address of the access at a place, or of what is freed there. */
  ofAddress(code: Code, pc: number): Effects {
    return joined(this.effectsOf(code, pc, new Set()));
  }

  private decided(code: Code, pc: number): Decision {
    const region = regionOf(code, pc);
    const holdings = this.flow.holdingsIn(code);
    const join = joinsOf(code)[pc];
    const registers = code.registers.map((_, index) => index as RegisterId);
    const isEnd = join === code.instructions.length;
    const behind = (id: RegisterId): Symbolic[] =>
      [...region, pc].flatMap((place) =>
        successors(code, place).includes(join) && holdings.isReached(place)
          ? [holdings.valueBehind(place, register(id))]
          : [],
      );
    const given = resultsOf(holdings).filter((way) => way.pc === pc || region.has(way.pc));
    return {
      registers: isEnd ? [] : registers.filter((id) => isChosen(behind(id), holdings, region)),
      result:
        isEnd &&
        isChosen(
          given.map(({ value }) => value),
          holdings,
          region,
        ),
      effects: joined([...region].flatMap((place) => this.effectsOf(code, place, new Set()))),
    };
  }

  /** What the instruction at a place may do. `calling`: functions that are being looked at. */
  private effectsOf(code: Code, pc: number, calling: ReadonlySet<Code>): Effects[] {
    if (!this.flow.holdingsIn(code).isReached(pc)) return [];
    const instruction = code.instructions[pc];
    switch (instruction.kind) {
      case 'load':
        return [this.access(code, pc, instruction.address, false)];
      case 'store':
      case 'rmw':
      case 'store-conditional':
        return [this.access(code, pc, instruction.address, true)];
      case 'free':
        return [this.freeing(code, pc, instruction.address)];
      case 'fence':
        return [{ ...NOTHING, barriers: new Set(instruction.tags) }];
      case 'call':
        return this.called(code, pc, instruction.callee, calling);
      default:
        return [];
    }
  }

  private access(code: Code, pc: number, address: Expression, writes: boolean): Effects {
    const addresses = this.addresses(code, pc, address);
    return { ...NOTHING, mayAccess: (cell) => addresses.has(addressOf(cell)), accesses: true, writes };
  }

  private freeing(code: Code, pc: number, address: Expression): Effects {
    const objects = new Set(
      this.addresses(code, pc, address)
        .addresses()
        .map(({ symbol }) => symbol),
    );
    return { ...NOTHING, mayAccess: ({ symbol }) => objects.has(symbol), accesses: true, writes: true };
  }

  private called(code: Code, pc: number, callee: Expression, calling: ReadonlySet<Code>): Effects[] {
    const functions = this.flow.functionsAt(this.addresses(code, pc, callee));
    return functions.filter((one) => !calling.has(one)).map((one) => this.effectsIn(one, calling));
  }

  private effectsIn(code: Code, calling: ReadonlySet<Code>): Effects {
    const known = this.whole.get(code);
    if (known) return known;
    const inside = new Set([...calling, code]);
    const found = joined(code.instructions.flatMap((_, pc) => this.effectsOf(code, pc, inside)));
    // What is called again further out is only known there.
    if (calling.size === 0) this.whole.set(code, found);
    return found;
  }

  private addresses(code: Code, pc: number, address: Expression): ValueSet {
    return this.flow.of(this.thread).operand(code, pc, address);
  }
}

const NOTHING: Effects = {
  mayAccess: () => false,
  accesses: false,
  writes: false,
  barriers: new Set(),
};

/** A store to a location. */
export function writeTo({ symbol, offset }: Cell): Effects {
  const mayAccess: Effects['mayAccess'] = (cell) => cell.symbol === symbol && cell.offset === offset;
  return { ...NOTHING, mayAccess, accesses: true, writes: true };
}

const addressOf = ({ symbol, offset }: Pick<Cell, 'symbol' | 'offset'>): Pointer => ({ symbol, offset });

function joined(all: readonly Effects[]): Effects {
  if (all.length === 0) return NOTHING;
  return {
    mayAccess: (cell) => all.some(({ mayAccess }) => mayAccess(cell)),
    accesses: all.some(({ accesses }) => accesses),
    writes: all.some(({ writes }) => writes),
    barriers: new Set(all.flatMap(({ barriers }) => [...barriers])),
  };
}

/** What stands between a branch and the place where its ways meet; the branch itself, where it is in a loop of its own. */
function regionOf(code: Code, pc: number): ReadonlySet<number> {
  const join = joinsOf(code)[pc];
  const region = new Set<number>();
  const todo = [...successors(code, pc)];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (next === join || region.has(next)) continue;
    region.add(next);
    todo.push(...successors(code, next));
  }
  return region;
}

/** Whether a register that has these values on the ways from a branch has one or another of them by its choice. */
function isChosen(values: readonly Symbolic[], { origins }: Holdings, region: ReadonlySet<number>): boolean {
  const [first] = values;
  if (first === undefined) return false;
  if (!values.every((value) => sameSymbolic(value, first))) return true;
  return readsOf(first).some((number) => {
    const origin = origins[number];
    return origin.kind !== 'parameter' && region.has(origin.pc);
  });
}
