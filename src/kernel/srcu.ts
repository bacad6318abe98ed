import {
  binary,
  type Cell,
  type Code,
  constant,
  type Expression,
  type Instruction,
  int32,
  isPointer,
  type Pointer,
  type Program,
  register,
  type Thread,
  unary,
} from '../program/index.js';
import type { Expansion, Primitive, Surroundings } from './primitive.js';
import type { PrimitiveStep, PrimitiveTable, SrcuStep } from './primitive-steps.js';
import { bounds, gracePeriods } from './region-primitives.js';
import { type Era, isSince } from './version.js';

/**
 * Bytes from an `srcu_struct` to what the first CPU counts of it, and from there to the next CPU's: behind
 * whatever the program has there.
 */
const STRIDE = 0x1000000;

/**
 * SRCU, as what the kernel does. Each CPU counts the sections that it is in, for each `srcu_struct`: in
 * locations of their own, which these primitives alone access. A grace period waits until it has found each
 * CPU's count 0. The kernel counts sections in two sets by turns, so that new readers do not keep a grace
 * period waiting; here it need only see a 0, and a CPU that has been in no section once has no section left
 * that was begun before.
 * - Since 3.4: full barriers behind the start of a section, before its end, and on both sides of a grace
 *   period (kernel/rcu/srcutree.c: smp_mb() B and C; Documentation/RCU/Design/Requirements, "Sleepable RCU").
 * - Before (kernel/srcu.c of 2.6.27): the count changes with preemption disabled, without a barrier; it is
 *   the grace period that has all CPUs pass one, by grace periods of RCU before it looks at the counts and
 *   after.
 *
 * @param full the machine's full barrier
 */
export function srcu(full: readonly PrimitiveStep[], era: Era): PrimitiveTable['primitives'] {
  const [enter, leave, wait] = (['srcu-enter', 'srcu-leave', 'srcu-wait'] as const).map((step) => ({ step }));
  if (isSince(era, '3.4'))
    return {
      srcu_read_lock: [enter, ...full],
      srcu_read_unlock: [...full, leave],
      synchronize_srcu: [...full, wait, ...full],
      // include/linux/srcu.h: what srcu_read_unlock() has is enough.
      smp_mb__after_srcu_read_unlock: [],
    };
  const { preempt_disable, preempt_enable } = bounds;
  const { synchronize_sched } = gracePeriods(full);
  return {
    srcu_read_lock: [...preempt_disable, enter, ...preempt_enable],
    srcu_read_unlock: [...preempt_disable, leave, ...preempt_enable],
    synchronize_srcu: [...synchronize_sched, wait, ...synchronize_sched],
    smp_mb__after_srcu_read_unlock: full,
  };
}

/** The instructions of a step that is about the counts. */
export function expandSrcu(
  { args, target, span }: Primitive,
  { step }: SrcuStep,
  { fresh, cpus }: Surroundings,
): Expansion {
  const place = span ? { span } : {};
  const cpu = args[args.length - 1];
  const count = (of: Expression) => ({ address: countAt(args[0], of), type: int32 }) as const;
  const access = (of: Expression) => ({ ...count(of), tags: ['Once'], ...place }) as const;
  if (step === 'srcu-wait')
    return cpus.flatMap((of): Instruction[] => {
      const target = fresh();
      return [
        { kind: 'load', target, ...access(constant(of)) },
        { kind: 'await', condition: unary('!', register(target)), about: count(constant(of)), ...place },
      ];
    });
  const before = fresh();
  const [op, bound] = step === 'srcu-enter' ? (['+', 'srcu-begin'] as const) : (['-', 'srcu-end'] as const);
  return [
    { kind: 'load', target: before, ...access(cpu) },
    {
      kind: 'store',
      value: binary(op, register(before), constant(1)),
      ...access(cpu),
      tags: ['Once', bound],
    },
    // Which set of counts it is: srcu_read_unlock() wants to know, and nobody else.
    ...(step === 'srcu-enter' && target !== undefined
      ? [{ kind: 'assign', target, value: constant(0), ...place } as const]
      : []),
  ];
}

function countAt(struct: Expression, cpu: Expression): Expression {
  return binary('+', struct, binary('*', binary('+', cpu, constant(1)), constant(STRIDE)));
}

/** The CPUs of a program, by the numbers that `smp_processor_id()` gives them. */
export function cpusOf({ threads }: Program): number[] {
  return threads.filter(({ interrupt }) => !interrupt).map(({ id }) => id);
}

/** The program with a place for each count. */
export function withCounts(program: Program): Program {
  const structs = structsOf(program);
  if (structs.length === 0) return program;
  const counts = structs.flatMap((cell) =>
    cpusOf(program).map(
      (cpu): Cell => ({
        symbol: cell.symbol,
        offset: cell.offset + (cpu + 1) * STRIDE,
        name: `${cell.name}.readers[${cpu}]`,
        type: int32,
        initial: 0n,
      }),
    ),
  );
  return { ...program, cells: [...program.cells, ...counts] };
}

/** The locations that SRCU is used with: all of them, if not every one of its calls names one. */
function structsOf(program: Program): readonly Cell[] {
  const named = [
    ...program.functions.flatMap((code) => structsIn(code)),
    ...program.threads.flatMap(({ code, initial }) => structsIn(code, initial)),
  ];
  if (named.includes(undefined)) return program.cells;
  return program.cells.filter(({ symbol, offset }) =>
    named.some((pointer) => pointer?.symbol === symbol && pointer.offset === offset),
  );
}

/** By call: the location that it names; undefined where that is not known. */
function structsIn({ instructions }: Code, initial?: Thread['initial']): (Pointer | undefined)[] {
  const changed = new Set(instructions.flatMap((i) => ('target' in i ? [i.target] : [])));
  return instructions.flatMap((instruction) => {
    if (instruction.kind !== 'primitive' || !/^(?:srcu_|synchronize_srcu)/.test(instruction.name)) return [];
    const [address] = instruction.args;
    const value =
      address.kind === 'constant'
        ? address.value
        : address.kind === 'register' && !changed.has(address.register)
          ? initial?.get(address.register)
          : undefined;
    return value !== undefined && isPointer(value) ? [value] : [undefined];
  });
}
