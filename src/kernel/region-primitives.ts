import type { Program, RegionChange } from '../program/index.js';
import { type PrimitiveStep, type PrimitiveTable, region } from './primitive-steps.js';

const begin = [region('section-begin')];
const end = [region('section-end')];

/**
 * Read-side sections. All versions have one kind of them, and of grace periods, which wait for all that runs
 * with preemption disabled:
 * - since 4.20 synchronize_rcu() is what synchronize_sched() was (include/linux/rcupdate.h;
 *   Documentation/RCU/Design/Requirements, "Bottom-Half Flavor" and "Sched Flavor");
 * - before: classic RCU (include/linux/rcuclassic.h of 2.6.27), where rcu_read_lock() is preempt_disable(),
 *   rcu_read_lock_bh() is local_bh_disable() and synchronize_sched() is synchronize_rcu(). A kernel before
 *   4.20 with CONFIG_PREEMPT_RCU tells the two apart, and synchronize_rcu() there does not wait for handlers;
 *   that configuration is not modelled.
 * nmi_enter() and irq_enter() count as preemption disabled (include/linux/hardirq.h: they add to
 * preempt_count); a handler that does not call them is not known to be one.
 */
const sectionPrimitives: PrimitiveTable['primitives'] = {
  rcu_read_lock: begin,
  rcu_read_unlock: end,
  rcu_read_lock_bh: begin,
  rcu_read_unlock_bh: end,
  rcu_read_lock_sched: begin,
  rcu_read_unlock_sched: end,
  preempt_disable: begin,
  preempt_enable: end,
  nmi_enter: begin,
  nmi_exit: end,
  irq_enter: begin,
  irq_exit: end,
};

/**
 * include/linux/irqflags.h. With interrupts disabled, a CPU does not come by where a grace period would
 * notice it: a section as well.
 */
const irqs: PrimitiveTable['primitives'] = {
  local_irq_disable: [region('irq-disable')],
  local_irq_enable: [region('irq-enable')],
  local_irq_save: [region('irq-save')],
  local_irq_restore: [region('irq-restore')],
};

/** The primitives that say where a thread stands, and cost no instruction that others could see. */
export const bounds: PrimitiveTable['primitives'] = { ...sectionPrimitives, ...irqs };

/**
 * What a machine does around the accesses to a lock: behind taking one, before freeing one, before and behind
 * an attempt to take one.
 */
export interface LockBarriers {
  readonly taken?: readonly PrimitiveStep[];
  readonly freeing?: readonly PrimitiveStep[];
  readonly trying?: readonly PrimitiveStep[];
  readonly tried?: readonly PrimitiveStep[];
}

/**
 * Spinlocks. include/linux/spinlock_api_smp.h: preemption is disabled as long as a lock is held; the forms
 * that disable interrupts do so first, and enable them again last. A lock that is taken is a full barrier on
 * all these machines, so that what the kernel has for others behind a lock, or an unlock and a lock, is empty
 * (include/linux/spinlock.h, kernel/rcu/rcu.h).
 */
export function spinLocks({
  taken = [],
  freeing = [],
  trying = [],
  tried = [],
}: LockBarriers = {}): PrimitiveTable['primitives'] {
  const lock = [...begin, { step: 'lock' } as const, ...taken];
  const unlock = [...freeing, { step: 'unlock' } as const];
  return {
    spin_lock: lock,
    spin_unlock: [...unlock, ...end],
    spin_lock_irq: [region('irq-disable'), ...lock],
    spin_unlock_irq: [...unlock, region('irq-enable'), ...end],
    spin_lock_irqsave: [region('irq-save'), ...lock],
    spin_unlock_irqrestore: [...unlock, region('irq-restore'), ...end],
    spin_trylock: [...begin, ...trying, { step: 'try-lock', after: tried, failed: end }],
    spin_is_locked: [{ step: 'is-locked' }],
    smp_mb__after_spinlock: [],
    smp_mb__after_unlock_lock: [],
  };
}

const waiting = [
  'synchronize_rcu',
  'synchronize_rcu_expedited',
  'synchronize_sched',
  'synchronize_sched_expedited',
] as const;

/** Grace periods, with a machine's full barrier on both sides: all are full barriers for who waits. */
export function gracePeriods(full: readonly PrimitiveStep[]): PrimitiveTable['primitives'] {
  return Object.fromEntries(waiting.map((name) => [name, [...full, region('grace-period'), ...full]]));
}

/**
 * Which changes of region matter in a program: none, where neither a grace period nor an interrupt goes by
 * them.
 */
export function regionsThatMatter(
  { threads, functions }: Program,
  { primitives }: PrimitiveTable,
): (change: RegionChange) => boolean {
  const isWait = (step: PrimitiveStep): boolean => 'change' in step && step.change === 'grace-period';
  const waits = [...functions, ...threads.map(({ code }) => code)].some(({ instructions }) =>
    instructions.some((i) => i.kind === 'primitive' && primitives[i.name]?.some(isWait)),
  );
  if (waits) return () => true;
  const interrupted = threads.some(({ interrupt }) => interrupt?.kind === 'irq');
  return (change) => interrupted && change.startsWith('irq-');
}
