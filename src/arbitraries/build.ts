import {
  type Cell,
  type Code,
  type Instruction,
  int32,
  type Program,
  type ScalarType,
  type Thread,
  threadId,
  uint32,
  uint64,
  type Value,
} from '../program/index.js';
import { CodeBuilder, countOf } from './code-builder.js';
import { CELLS, POINTER } from './program-names.js';
import type { ProgramShape, ShapeStep, ThreadShape } from './shapes.js';

const types: Readonly<Record<ProgramShape['type'], ScalarType>> = {
  int: int32,
  unsigned: uint32,
  byte: { bits: 8, signed: true },
  bool: { bits: 1, signed: false },
};

/** The program that a shape stands for. */
export function programOf(shape: ProgramShape): Program {
  const type = types[shape.type];
  const cells: Cell[] = CELLS.slice(0, shape.cells).map((symbol, index): Cell => {
    const initial = index === 0 ? BigInt(shape.initial) : 0n;
    return { symbol, offset: 0, name: symbol, type, initial };
  });
  if (usesPointer(shape)) {
    const initial: Value =
      shape.pointer === 0 ? 0n : { symbol: CELLS[shape.pointer % shape.cells], offset: 0 };
    cells.push({ symbol: POINTER, offset: 0, name: POINTER, type: uint64, initial });
  }
  const counts = structuresIn(shape).flatMap((on) => {
    const symbol = countOf(on);
    return shape.threads.map(
      (_, cpu): Cell => ({ symbol, offset: 4 * cpu, name: `${symbol}[${cpu}]`, type: int32, initial: 0n }),
    );
  });
  const heap: Cell[] = [];
  const threads = shape.threads.map((thread, id): Thread => {
    const code = codeOf(id, thread, shape, heap);
    return { id: threadId(id), name: `P${id}`, code, initial: new Map() };
  });
  if (shape.handler) {
    const id = threads.length;
    const code = codeOf(id, shape.handler, shape, heap, true);
    const interrupt = { kind: shape.handler.kind, on: threadId(shape.handler.on % id) };
    threads.push({ id: threadId(id), name: `P${id}`, code, initial: new Map(), interrupt });
  }
  const all = [...cells, ...heap].flatMap((cell) =>
    shape.wide && cell.symbol !== POINTER
      ? [cell, { ...cell, offset: 4, name: `${cell.name}.more` }]
      : [cell],
  );
  return {
    name: 'random',
    dialect: 'C',
    cells: [...all, ...counts],
    flatMemory: false,
    functions: [],
    threads,
  };
}

/**
 * A program with a fence put in before an instruction of a thread (or at its end), taken modulo how many
 * there are.
 */
export function withFence(program: Program, thread: number, at: number, tags: readonly string[]): Program {
  const index = thread % program.threads.length;
  const threads = program.threads.map((t, id) =>
    id === index ? { ...t, code: insert(t.code, at, tags) } : t,
  );
  return { ...program, threads };
}

function insert(code: Code, at: number, tags: readonly string[]): Code {
  const place = at % (code.instructions.length + 1);
  const moved = code.instructions.map((instruction): Instruction => {
    const jumps = instruction.kind === 'branch' || instruction.kind === 'jump';
    return jumps && instruction.goto > place ? { ...instruction, goto: instruction.goto + 1 } : instruction;
  });
  return {
    ...code,
    instructions: [...moved.slice(0, place), { kind: 'fence', tags }, ...moved.slice(place)],
  };
}

function usesPointer(shape: ProgramShape): boolean {
  return allSteps(shape).some((step) => {
    if (step.does === 'load-pointer' || step.does === 'store-pointer' || step.does === 'follow') return true;
    return step.does === 'allocate' && step.publish !== undefined;
  });
}

/** The SRCU structures that a program uses. */
function structuresIn(shape: ProgramShape): number[] {
  const used = allSteps(shape).flatMap((step) =>
    step.does === 'srcu' || step.does === 'srcu-wait' ? [step.on] : [],
  );
  return [...new Set(used)].sort();
}

function allSteps({ threads, handler }: ProgramShape): ShapeStep[] {
  return [...threads, ...(handler ? [handler] : [])].flatMap(({ steps }) => withInner(steps));
}

/** Steps, and those in them. */
function withInner(steps: readonly ShapeStep[]): ShapeStep[] {
  return steps.flatMap((step) => {
    const inner =
      step.does === 'pair'
        ? step.between
        : step.does === 'if'
          ? [...step.yes, ...step.no]
          : 'within' in step
            ? step.within
            : [];
    return [step, ...withInner(inner)];
  });
}

function codeOf(id: number, thread: ThreadShape, shape: ProgramShape, heap: Cell[], isHandler = false): Code {
  const builder = new CodeBuilder(shape, types[shape.type], id, heap, isHandler);
  builder.steps(thread.steps);
  return {
    name: `P${id}`,
    parameters: [],
    registers: builder.registers,
    instructions: builder.instructions,
    controlScope: thread.scope,
  };
}
