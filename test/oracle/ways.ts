import type { Expression, Instruction, Program, Thread, Value } from '../../src/program/index.js';
import { compute, isJunk, JUNK, mentioned, nonZero, same, seen, show } from './arithmetic.js';
import { TooMany } from './cells.js';
import { meetingPoint, nextOf } from './flow.js';

/** What could be done instead of what is done. */
export interface Others {
  readonly cells: ReadonlySet<number>;
  readonly accesses: boolean;
  readonly writes: boolean;
  readonly fences: ReadonlySet<string>;
}

/** Ways through a code, and states of a thread on them, past which the oracle gives up. */
const MOST_WAYS = 200;
const MOST_STATES = 2000;

/**
 * All that threads could do and hold if each branch went either way, whatever it looks at, and each read
 * returned anything that is stored to its location on such ways: by trying it all. For what a read decides
 * about on ways that are not taken.
 */
export class Ways {
  /** By thread and place: the cells that are accessed there. */
  private readonly accessed: Set<number>[][];
  private readonly values: Value[][];
  private grew = true;

  constructor(private readonly program: Program) {
    this.values = program.cells.map(({ initial }) => [seen(initial)]);
    this.accessed = program.threads.map(({ code }) => code.instructions.map(() => new Set()));
    while (this.grew) {
      this.grew = false;
      for (const thread of program.threads) this.walk(thread);
    }
  }

  /** Where the access at a place could go, or what could be freed there. */
  cellsAt(thread: Thread, pc: number): ReadonlySet<number> {
    return this.accessed[thread.id][pc];
  }

  /** What could be done between a branch and where its ways meet. */
  between(thread: Thread, pc: number): Others {
    const { code } = thread;
    const places = [...new Set(waysOf(thread, pc).flat())];
    const instructions = places.map((place) => code.instructions[place]);
    const writing = ['store', 'rmw', 'store-conditional', 'free'];
    return {
      cells: new Set(places.flatMap((place) => [...this.cellsAt(thread, place)])),
      accesses: instructions.some(({ kind }) => [...writing, 'load'].includes(kind)),
      writes: instructions.some(({ kind }) => writing.includes(kind)),
      fences: new Set(instructions.flatMap((one) => (one.kind === 'fence' ? one.tags : []))),
    };
  }

  private walk(thread: Thread): void {
    const { code } = thread;
    const seenStates = new Set<string>();
    const go = (pc: number, registers: readonly Value[], allocated: readonly number[]): void => {
      const key = `${pc} ${registers.map(show).join(' ')} ${allocated.join(' ')}`;
      if (pc === code.instructions.length || seenStates.has(key)) return;
      if (seenStates.size > MOST_STATES) throw new TooMany();
      seenStates.add(key);
      const instruction = code.instructions[pc];
      const more = instruction.kind === 'allocate' ? [...allocated, instruction.site] : allocated;
      for (const value of this.results(thread, pc, instruction, registers, allocated)) {
        const target = 'target' in instruction ? instruction.target : undefined;
        const next = target === undefined ? registers : registers.with(target, value);
        if (instruction.kind === 'rmw') this.update(thread, pc, instruction, next);
        for (const place of nextOf(code, pc)) go(place, next, more);
      }
    };
    const zero: Value = 0n;
    go(
      0,
      code.registers.map((_, index) => thread.initial.get(index as never) ?? zero),
      [],
    );
  }

  /** What an instruction may put into its target; for one without, a single 0. */
  private results(
    thread: Thread,
    pc: number,
    instruction: Instruction,
    registers: readonly Value[],
    allocated: readonly number[],
  ): readonly Value[] {
    switch (instruction.kind) {
      case 'assign':
        return [compute(instruction.value, registers)];
      case 'load':
      case 'rmw':
        return [...(this.values[this.access(thread, pc, instruction.address, registers)] ?? [JUNK])];
      case 'store':
      case 'store-conditional': {
        const cell = this.access(thread, pc, instruction.address, registers);
        this.store(cell, wrapped(instruction, instruction.value, registers));
        return [0n, 1n];
      }
      case 'free':
        this.free(thread, pc, compute(instruction.address, registers));
        return [0n];
      case 'allocate': {
        const count = allocated.filter((site) => site === instruction.site).length;
        const symbol = instruction.objects[thread.id][count];
        return symbol === undefined ? [] : [{ symbol, offset: 0 }];
      }
      default:
        return [0n];
    }
  }

  private update(
    thread: Thread,
    pc: number,
    instruction: Instruction & { kind: 'rmw' },
    registers: readonly Value[],
  ): void {
    const cell = this.access(thread, pc, instruction.address, registers);
    this.store(cell, wrapped(instruction, instruction.update, registers));
  }

  /** The cell at an address; -1 where none is. */
  private access(thread: Thread, pc: number, address: Expression, registers: readonly Value[]): number {
    const place = compute(address, registers);
    const cell = this.program.cells.findIndex(({ symbol, offset }) => same({ symbol, offset }, place));
    if (cell >= 0) this.accessed[thread.id][pc].add(cell);
    return cell;
  }

  private free(thread: Thread, pc: number, place: Value): void {
    if (!nonZero(place) || isJunk(place)) return;
    this.program.cells.forEach(({ symbol }, cell) => {
      if (!same({ symbol, offset: 0 }, place)) return;
      this.accessed[thread.id][pc].add(cell);
      this.store(cell, seen({ symbol: '(freed)', offset: 0 }));
    });
  }

  private store(cell: number, value: Value): void {
    if (cell < 0 || this.values[cell].some((other) => same(other, value))) return;
    this.values[cell].push(value);
    this.grew = true;
  }
}

function wrapped(
  { type }: { readonly type: unknown },
  operand: Expression,
  registers: readonly Value[],
): Value {
  return compute({ kind: 'wrap', type, operand } as Expression, registers);
}

/**
 * The registers of which a branch chooses what they hold where its ways meet: that do not hold the same at
 * the end of each way.
 */
export function chosenBy(thread: Thread, pc: number): number[] {
  const before = waysTo(thread, pc).map((way) => told(thread, way));
  const start = before[0].map((text, register) =>
    before.every((other) => other[register] === text) ? text : `r${register}`,
  );
  const ends = waysOf(thread, pc).map((way) => told(thread, way, start));
  return start.flatMap((_, register) =>
    ends.some((end) => end[register] !== ends[0][register]) ? [register] : [],
  );
}

/** The ways from the start of a code to a place. */
function waysTo({ code }: Thread, place: number): number[][] {
  return ways((pc) => (pc === place ? [] : nextOf(code, pc)), [0], place, code.instructions.length);
}

/** The ways from behind a branch to where they meet. */
function waysOf({ code }: Thread, branch: number): number[][] {
  const meet = meetingPoint(code, branch) as number;
  return ways((pc) => nextOf(code, pc), nextOf(code, branch), meet, code.instructions.length);
}

/** The places on each way from some place to one, without that; of a code without loops. */
function ways(
  next: (pc: number) => readonly number[],
  from: readonly number[],
  to: number,
  end: number,
): number[][] {
  const found: number[][] = [];
  const go = (pc: number, way: readonly number[]): void => {
    if (found.length > MOST_WAYS || way.length > MOST_WAYS) throw new TooMany();
    if (pc === to) found.push([...way]);
    else if (pc < end) for (const place of next(pc)) go(place, [...way, pc]);
  };
  for (const pc of from) go(pc, []);
  return found;
}

/**
 * What each register holds at the end of a way, as text that is the same only for what is the same: a
 * constant, or where it comes from.
 */
function told(thread: Thread, way: readonly number[], start?: readonly string[]): string[] {
  const { code, initial } = thread;
  const texts = start
    ? [...start]
    : code.registers.map((_, register) => show(initial.get(register as never) ?? 0n));
  const constants = new Map<string, Value>();
  const remember = (value: Value): string => {
    constants.set(show(value), value);
    return show(value);
  };
  for (const text of texts) if (/^-?\d+$/.test(text)) remember(BigInt(text));
  for (const pc of way) {
    const instruction = code.instructions[pc];
    if (instruction.kind === 'assign')
      texts[instruction.target] = textOf(instruction.value, texts, constants, remember);
    else if (instruction.kind === 'fence') {
      if (instruction.gives) texts[instruction.gives.target] = remember(instruction.gives.value);
    } else if ('target' in instruction && instruction.target !== undefined)
      texts[instruction.target] = `@${pc}`;
  }
  return texts;
}

function textOf(
  expression: Expression,
  texts: readonly string[],
  constants: ReadonlyMap<string, Value>,
  remember: (value: Value) => string,
): string {
  const free = [...mentioned(expression)];
  if (expression.kind === 'register') return texts[expression.register];
  if (free.every((register) => constants.has(texts[register]))) {
    const registers: Value[] = [];
    for (const register of free) registers[register] = constants.get(texts[register]) as Value;
    let fails = false;
    const value = compute(expression, registers, () => {
      fails = true;
    });
    if (!fails) return remember(value);
  }
  return JSON.stringify(expression, (_, part) => {
    if (typeof part === 'bigint') return String(part);
    return part?.kind === 'register' ? texts[part.register] : part;
  });
}
