import type { MachineKind } from '../../src/operational/machine/machine.js';
import { arm64Pairs, type OrderedPair, riscvPairs } from '../../src/operational/window/orders.js';
import { outOfOrder } from '../../src/operational/window/window-machine.js';
import { type Code, type Instruction, type Program, registerId } from '../../src/program/index.js';

/** A step in place of a primitive: the access, with the tags that it carries, or a barrier. */
type Step = { readonly access: readonly string[] } | { readonly barrier: string };
type Steps = Readonly<Record<string, readonly Step[]>>;

const access = (...tags: string[]): Step => ({ access: tags });
const barrier = (name: string): Step => ({ barrier: name });

/** `arch/arm64/include/asm/barrier.h` of Linux 6.x. */
const arm64: Steps = {
  READ_ONCE: [access()],
  WRITE_ONCE: [access()],
  rcu_dereference: [access()],
  smp_mb: [barrier('DMB.ISH')],
  smp_rmb: [barrier('DMB.ISHLD')],
  smp_wmb: [barrier('DMB.ISHST')],
  smp_store_release: [access('L')],
  rcu_assign_pointer: [access('L')],
  smp_load_acquire: [access('A')],
};

/** `arch/riscv/include/asm/barrier.h` of Linux 6.x. */
const riscv: Steps = {
  READ_ONCE: [access()],
  WRITE_ONCE: [access()],
  rcu_dereference: [access()],
  smp_mb: [barrier('fence rw,rw')],
  smp_rmb: [barrier('fence r,r')],
  smp_wmb: [barrier('fence w,w')],
  smp_store_release: [barrier('fence rw,w'), access()],
  rcu_assign_pointer: [barrier('fence rw,w'), access()],
  smp_load_acquire: [access(), barrier('fence r,rw')],
};

export interface TriedMachine {
  readonly kind: MachineKind;
  lowered(program: Program): Program;
}

/** Machines that no target names yet, with what the kernel's primitives are on them. */
export const multiCopyAtomic: Readonly<Record<'arm64' | 'riscv', TriedMachine>> = {
  arm64: tried('arm64', arm64Pairs, arm64),
  riscv: tried('riscv', riscvPairs, riscv),
};

function tried(name: string, pairs: readonly OrderedPair[], steps: Steps): TriedMachine {
  // What is run has no primitives any more: the architecture is nobody's.
  const description = { name, title: name, architecture: 'sc' } as const;
  const kind = outOfOrder(description, { pairs, traces: false, reduces: false });
  return { kind, lowered: (program) => lowered(program, steps) };
}

function lowered(program: Program, steps: Steps): Program {
  const threads = program.threads.map((thread) => ({ ...thread, code: loweredCode(thread.code, steps) }));
  return { ...program, threads, functions: program.functions.map((code) => loweredCode(code, steps)) };
}

function loweredCode(code: Code, steps: Steps): Code {
  const unused = registerId(code.registers.length);
  const parts = code.instructions.map((one) =>
    one.kind === 'primitive' ? expanded(one, steps, unused) : [one],
  );
  const starts = [0];
  for (const { length } of parts) starts.push(starts[starts.length - 1] + length);
  const instructions = parts
    .flat()
    .map((one) => (one.kind === 'branch' || one.kind === 'jump' ? { ...one, goto: starts[one.goto] } : one));
  return { ...code, registers: [...code.registers, '(unused)'], instructions };
}

function expanded(
  { name, args: [address, value], target = undefined, type, span }: Instruction & { kind: 'primitive' },
  steps: Steps,
  unused: ReturnType<typeof registerId>,
): Instruction[] {
  const found = steps[name];
  if (!found) throw new Error(`no steps for ${name}`);
  const place = span ? { span } : {};
  return found.map((step): Instruction => {
    if ('barrier' in step) return { kind: 'fence', tags: [step.barrier], ...place };
    const common = { address, type, tags: step.access, ...place };
    return value === undefined
      ? { kind: 'load', target: target ?? unused, ...common }
      : { kind: 'store', value, ...common };
  });
}
