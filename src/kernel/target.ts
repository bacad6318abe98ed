import { type Era, eraNamed } from './version.js';

/**
 * The machines that kernel primitives can be mapped to. A model of the same name says what each may reorder.
 */
export const architectures = ['sc', 'i386', 'pso', 'alpha', 'alpha-linux'] as const;
/** A machine that the kernel has code for; `sc` and `lkmm` stand for the idea of one. */
export type Architecture = (typeof architectures)[number];

/** What a C program can be run on: a machine, or what the kernel counts on whatever the machine. */
export const targets = [...architectures, 'lkmm'] as const;
/** A target as users name it. */
export type TargetName = (typeof targets)[number];

/** A machine, and the kernel whose code for it is meant: `lkmm` is the same for all. */
export interface KernelTarget {
  readonly architecture: TargetName;
  readonly era: Era;
  /**
   * What locks are on target `lkmm`: locations that atomic operations take and free (`cells`), or events that
   * touch no memory (`events`), for models that make reads and writes of them by themselves, as the kernel's
   * lock.cat does.
   * @default 'cells'; `check` gives 'events' to a model in which lock operations are among the events that co
   * orders
   */
  readonly locks?: 'cells' | 'events';
  /** How the tags of atomic operations are read on target `lkmm`. @default 'lkmmv2' */
  readonly variant?: LkmmVariant | undefined;
}

/** Refuses what is no target, as a caller without types may pass it. @throws RangeError */
export function checkTarget(target: unknown): asserts target is KernelTarget {
  const { architecture, era } = Object(target) as Record<string, unknown>;
  const isKnown = (targets as readonly unknown[]).includes(architecture);
  if (isKnown && typeof era === 'string' && eraNamed(era) === era) return;
  throw new RangeError(
    `expected a target such as { architecture: 'i386', era: '6.x' }, with an architecture of ${targets.join(', ')} and a version of Linux; found ${JSON.stringify(target)}`,
  );
}

/**
 * The two readings that herd7 has of the kernel's atomic operations. `lkmmv1`: an operation tagged `mb`
 * stands between full fences, and of the other tags the read keeps `acquire` and the write `release`; this is
 * for the model files of kernels that do not say `variant lkmmv2`. `lkmmv2`: both accesses carry the tags,
 * and the model says what they order.
 */
export type LkmmVariant = 'lkmmv1' | 'lkmmv2';

const machineArchitectures: Readonly<Record<Architecture, string>> = {
  sc: 'a machine that does everything in program order',
  i386: 'x86: stores wait in a buffer, in order',
  pso: 'SPARC in partial store order: stores to different locations may pass each other',
  alpha: 'Alpha, by the letter of its handbook: orders only what MB, WMB and the same location order',
  'alpha-linux': 'Alpha as Linux relies on it: writes also wait for the reads they depend on',
};

/** A target in words, for a command's help. */
export function describeTarget({ architecture, era }: KernelTarget): string {
  if (architecture === 'lkmm')
    return 'the Linux-kernel memory model: what the kernel counts on, whatever the machine';
  return `${machineArchitectures[architecture]}; primitives as in Linux ${era}`;
}
