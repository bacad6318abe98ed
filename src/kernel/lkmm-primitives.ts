import type { Atomic } from '../litmus/c/index.js';
import type { Tag } from '../program/index.js';
import { lkmmAtomic } from './lkmm-atomics.js';
import { fence, type PrimitiveStep, type PrimitiveTable, plainLoad, region } from './primitive-steps.js';

const loadEvent = (tag: Tag): PrimitiveStep => ({ step: 'load', tag });
const storeEvent = (tag: Tag): PrimitiveStep => ({ step: 'store', tag });

const lock = [fence('rcu-lock')];
const unlock = [fence('rcu-unlock')];
const grace = [fence('sync-rcu')];

/**
 * The Linux-kernel memory model: no machine, but what all of them together promise. An event carries the name
 * that tools/memory-model/linux-kernel.def has for its primitive, and models/lkmm.cat says what it orders.
 * Primitives that are not there are what the kernel defines them as.
 */
export const lkmm: PrimitiveTable = {
  primitives: {
    READ_ONCE: [loadEvent('ONCE')],
    ACCESS_ONCE: [loadEvent('ONCE')],
    WRITE_ONCE: [storeEvent('ONCE')],
    smp_load_acquire: [loadEvent('ACQUIRE')],
    smp_store_release: [storeEvent('RELEASE')],
    smp_store_mb: [storeEvent('ONCE'), fence('MB')],
    rcu_dereference: [loadEvent('ONCE')],
    lockless_dereference: [loadEvent('ONCE')],
    rcu_dereference_protected: [plainLoad],
    rcu_assign_pointer: [storeEvent('RELEASE')],

    smp_mb: [fence('MB')],
    smp_rmb: [fence('rmb')],
    smp_wmb: [fence('wmb')],
    barrier: [fence('barrier')],
    smp_mb__before_atomic: [fence('before-atomic')],
    smp_mb__after_atomic: [fence('after-atomic')],
    smp_mb__after_spinlock: [fence('after-spinlock')],
    smp_mb__after_unlock_lock: [fence('after-unlock-lock')],
    smp_mb__after_srcu_read_unlock: [fence('after-srcu-read-unlock')],
    // Address dependencies order reads since 4.15, so that nothing is left of it.
    smp_read_barrier_depends: [],
    // include/asm-generic/barrier.h: smp_rmb()
    smp_acquire__after_ctrl_dep: [fence('rmb')],

    rcu_read_lock: lock,
    rcu_read_unlock: unlock,
    synchronize_rcu: grace,
    synchronize_rcu_expedited: grace,
    // Since 4.20 there is one kind of grace period, which also waits for what runs with interrupts or
    // preemption disabled (include/linux/rcupdate.h; Documentation/RCU/Design/Requirements, "Bottom-Half
    // Flavor" and "Sched Flavor").
    rcu_read_lock_bh: lock,
    rcu_read_unlock_bh: unlock,
    rcu_read_lock_sched: lock,
    rcu_read_unlock_sched: unlock,
    preempt_disable: lock,
    preempt_enable: unlock,
    nmi_enter: lock,
    nmi_exit: unlock,
    irq_enter: lock,
    irq_exit: unlock,
    local_irq_disable: [region('irq-disable')],
    local_irq_enable: [region('irq-enable')],
    local_irq_save: [region('irq-save')],
    local_irq_restore: [region('irq-restore')],
    synchronize_sched: grace,
    synchronize_sched_expedited: grace,

    srcu_read_lock: [loadEvent('srcu-lock')],
    srcu_read_unlock: [storeEvent('srcu-unlock')],
    srcu_down_read: [loadEvent('srcu-lock')],
    srcu_up_read: [storeEvent('srcu-unlock')],
    synchronize_srcu: [{ step: 'mark', tag: 'sync-srcu' }],

    spin_lock: [{ step: 'lock' }],
    spin_unlock: [{ step: 'unlock' }],
    spin_lock_irq: [region('irq-disable'), { step: 'lock' }],
    spin_unlock_irq: [{ step: 'unlock' }, region('irq-enable')],
    spin_lock_irqsave: [region('irq-save'), { step: 'lock' }],
    spin_unlock_irqrestore: [{ step: 'unlock' }, region('irq-restore')],
    spin_trylock: [{ step: 'try-lock' }],
    spin_is_locked: [{ step: 'is-locked' }],
  },
  atomic: ({ shape, ordering }, variant) => lkmmAtomic(shape, [tagOf[ordering]], variant),
};

const tagOf: Readonly<Record<Atomic['ordering'], Tag>> = {
  none: 'NORETURN',
  relaxed: 'ONCE',
  acquire: 'ACQUIRE',
  release: 'RELEASE',
  full: 'MB',
};
