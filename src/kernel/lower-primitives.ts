import { refuse, Source, type Span } from '../diagnostics.js';
import { atomicPrimitive } from '../litmus/c/index.js';
import { type Code, type Instruction, type Program, registerId } from '../program/index.js';
import { alpha } from './alpha-primitives.js';
import { expandAtomic, expandSteps } from './expansion.js';
import { i386 } from './i386-primitives.js';
import { expandIntrinsic } from './intrinsics.js';
import { lkmm } from './lkmm-primitives.js';
import type { Expansion, Primitive, Surroundings } from './primitive.js';
import type { PrimitiveTable } from './primitive-steps.js';
import { pso } from './pso-primitives.js';
import { regionsThatMatter } from './region-primitives.js';
import { sc } from './sc-primitives.js';
import { cpusOf, srcu, withCounts } from './srcu.js';
import { checkTarget, type KernelTarget } from './target.js';

/**
 * Replaces every kernel primitive by the accesses and fences that a machine has for it.
 * @throws SourceError when the target has nothing for a primitive
 * @throws RangeError when there is no such target
 */
export function lowerPrimitives(program: Program, target: KernelTarget): Program {
  checkTarget(target);
  // To the model of the kernel, sections are events wherever they are, and SRCU is no code.
  const isMachine = target.architecture !== 'lkmm';
  const table = tableFor(target);
  const keeps = isMachine ? regionsThatMatter(program, table) : () => true;
  const around = { keeps, cpus: cpusOf(program) };
  const lower = (code: Code): Code => lowerCode(code, table, target, program.name, around);
  return {
    ...(isMachine ? withCounts(program) : program),
    functions: program.functions.map(lower),
    threads: program.threads.map((thread) => ({ ...thread, code: lower(thread.code) })),
  };
}

/** What a target does for each primitive. */
export function tableFor(target: KernelTarget): PrimitiveTable {
  return target.architecture === 'lkmm' ? tableOf(target) : machineTable(target);
}

function tableOf({ architecture, era }: KernelTarget): PrimitiveTable {
  switch (architecture) {
    case 'sc':
      return sc;
    case 'i386':
      return i386;
    case 'pso':
      return pso;
    case 'lkmm':
      return lkmm;
    case 'alpha':
    case 'alpha-linux':
      return alpha(era);
  }
}

const machineTables = new Map<string, PrimitiveTable>();

/** A machine's table, with SRCU as code. */
function machineTable(target: KernelTarget): PrimitiveTable {
  const { architecture, era } = target;
  const key = `${architecture} ${era}`;
  let table = machineTables.get(key);
  if (!table) {
    const own = tableOf(target);
    table = { ...own, primitives: { ...own.primitives, ...srcu(own.primitives.smp_mb, era) } };
    machineTables.set(key, table);
  }
  return table;
}

function lowerCode(
  code: Code,
  table: PrimitiveTable,
  target: KernelTarget,
  name: string,
  program: Pick<Surroundings, 'keeps' | 'cpus'>,
): Code {
  if (!code.instructions.some((instruction) => instruction.kind === 'primitive')) return code;
  const registers = [...code.registers];
  const around: Surroundings = {
    fresh: () => registerId(registers.push(`%k${registers.length}`) - 1),
    locks: target.locks ?? 'cells',
    variant: target.variant ?? 'lkmmv2',
    ...program,
  };
  const instructions: Instruction[] = [];
  /** Where each instruction of the original, and its end, came to stand. */
  const starts: number[] = [];
  const own = new Set<number>();
  for (const instruction of code.instructions) {
    starts.push(instructions.length);
    if (instruction.kind !== 'primitive') {
      own.add(instructions.length);
      instructions.push(instruction);
      continue;
    }
    const start = instructions.length;
    for (const made of expand(instruction, table, target, name, around)) {
      instructions.push(
        made.kind === 'branch' || made.kind === 'jump' ? { ...made, goto: made.goto + start } : made,
      );
    }
  }
  starts.push(instructions.length);
  const remapped = instructions.map((instruction, index) =>
    own.has(index) && (instruction.kind === 'branch' || instruction.kind === 'jump')
      ? { ...instruction, goto: starts[instruction.goto] }
      : instruction,
  );
  return { ...code, registers, instructions: remapped };
}

function expand(
  primitive: Primitive,
  table: PrimitiveTable,
  target: KernelTarget,
  program: string,
  around: Surroundings,
): Expansion {
  const { name, span } = primitive;
  if (Object.hasOwn(table.primitives, name)) return expandSteps(primitive, table.primitives[name], around);
  const intrinsic = target.architecture === 'lkmm' ? expandIntrinsic(primitive, around) : undefined;
  if (intrinsic) return intrinsic;
  const atomic = atomicPrimitive(name);
  if (atomic) return expandAtomic(primitive, atomic, table.atomic(atomic, around.variant), around);
  const { architecture, era } = target;
  return refuse(
    `\`${name}\` is not supported on target ${architecture} (kernel ${era}) yet`,
    span ?? noPlace(program),
  );
}

/** A program that was made without a text has no place to point at. */
function noPlace(program: string): Span {
  return { source: new Source(program, ''), start: 0, end: 0 };
}
