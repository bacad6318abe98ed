import fc from 'fast-check';
import { samples, type Vocabulary } from '../../src/arbitraries/index.js';
import {
  addressOf,
  binary,
  type Code,
  constant,
  type Instruction,
  int32,
  type Program,
  register,
  registerId,
} from '../../src/program/index.js';

/** A loop that waits until it reads a number. */
interface Wait {
  readonly thread: number;
  /** Where it is put, modulo the places that there are. */
  readonly at: number;
  readonly cell: number;
  readonly number: number;
  /** What else it does in a round, before it reads. */
  readonly body: 'nothing' | 'counts' | 'fence' | 'load' | 'store' | 'locked';
  /** Whether the first round begins behind the read that later rounds begin with. */
  readonly isEntered: boolean;
}

const waits: fc.Arbitrary<Wait> = fc.record({
  thread: fc.nat(3),
  at: fc.nat(12),
  cell: fc.nat(2),
  number: fc.nat(2),
  body: fc.constantFrom('nothing', 'nothing', 'counts', 'fence', 'load', 'store', 'locked'),
  isEntered: fc.boolean(),
});

/** Random programs in which threads, or handlers, wait in loops for what others may store. */
export function looping(words: Vocabulary): fc.Arbitrary<Program> {
  return fc
    .tuple(samples({ words, faults: false }), fc.array(waits, { minLength: 1, maxLength: 2 }))
    .map(([{ program }, list]) => list.reduce(withWait, program));
}

function withWait(program: Program, wait: Wait): Program {
  const index = wait.thread % program.threads.length;
  const threads = program.threads.map((thread, id) =>
    id === index ? { ...thread, code: inserted(thread.code, wait, program) } : thread,
  );
  return { ...program, threads };
}

function inserted(code: Code, wait: Wait, program: Program): Code {
  const at = wait.at % (code.instructions.length + 1);
  const first = code.registers.length;
  const loop = loopOf(wait, program, first, at);
  const moved = code.instructions.map((instruction): Instruction => {
    const jumps = instruction.kind === 'branch' || instruction.kind === 'jump';
    return jumps && instruction.goto > at
      ? { ...instruction, goto: instruction.goto + loop.length }
      : instruction;
  });
  return {
    ...code,
    registers: [...code.registers, `w${first}`, `c${first}`],
    instructions: [...moved.slice(0, at), ...loop, ...moved.slice(at)],
  };
}

/** The loop's instructions from a place on. `first`: two registers that nothing else uses. */
function loopOf(
  { cell, number, body, isEntered }: Wait,
  program: Program,
  first: number,
  at: number,
): Instruction[] {
  const cells = program.cells.filter(({ symbol }) => ['x', 'y', 'z'].includes(symbol));
  const place = (index: number) => {
    const { symbol, offset } = cells[index % cells.length];
    return addressOf(symbol, offset);
  };
  const [target, count] = [registerId(first), registerId(first + 1)];
  const load = (into: typeof target, from: number, locked = false): Instruction => ({
    kind: 'load',
    target: into,
    address: place(from),
    type: int32,
    tags: ['Once'],
    ...(locked ? { locked } : {}),
  });
  const round: Instruction[] = {
    nothing: [],
    // Any two rounds are alike, but for the first.
    counts: [
      { kind: 'assign', target: count, value: binary('|', register(count), constant(1)) },
    ] as Instruction[],
    fence: [{ kind: 'fence', tags: ['MFENCE', 'MB'] }] as Instruction[],
    load: [load(count, cell + 1)],
    store: [
      { kind: 'store', address: place(cell + 1), value: constant(1), type: int32, tags: ['Once'] },
    ] as Instruction[],
    locked: [],
  }[body];
  const head = at + (isEntered ? 1 : 0);
  const read = load(target, cell, body === 'locked');
  const before = isEntered ? [load(target, cell)] : [];
  const test: Instruction = {
    kind: 'branch',
    condition: binary('!=', register(target), constant(number)),
    goto: head,
  };
  // Loops whose head is entered from before have read already, and test last all the same.
  return [...before, ...round, read, test];
}
