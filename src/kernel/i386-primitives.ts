import { fence, load, type PrimitiveTable, plainLoad, store } from './primitive-steps.js';
import { bounds, gracePeriods, spinLocks } from './region-primitives.js';

// Before SSE2 the kernel writes a locked addl to the stack, since 2.6 mfence where there is one: both are
// full fences.
const full = fence('MFENCE');

/** All versions of Linux: nothing here has changed but the names of the files. */
export const i386: PrimitiveTable = {
  primitives: {
    ...bounds,
    ...gracePeriods([full]),
    // arch/x86/include/asm/spinlock.h: a locked instruction takes a lock, a plain store frees it.
    ...spinLocks(),
    barrier: [],
    // arch/x86/include/asm/barrier.h, before 3.4 include/asm-i386/system.h
    smp_mb: [full],
    smp_rmb: [],
    smp_wmb: [],
    smp_read_barrier_depends: [],
    smp_mb__before_atomic: [], // Atomic operations are locked instructions, hence full barriers themselves.
    smp_mb__after_atomic: [],
    smp_acquire__after_ctrl_dep: [],
    // A locked xchg in the kernel: a store that is complete before what follows.
    smp_store_mb: [store, full],
    smp_store_release: [store],
    smp_load_acquire: [load],
    READ_ONCE: [load],
    ACCESS_ONCE: [load],
    WRITE_ONCE: [store],
    // include/linux/rcupdate.h: the barriers in it are empty here
    rcu_assign_pointer: [store],
    rcu_dereference: [load],
    lockless_dereference: [load],
    rcu_dereference_protected: [plainLoad],
  },
  // arch/x86/include/asm/atomic.h, cmpxchg.h: lock-prefixed instructions and xchg, whatever the suffix. The
  // model takes every read-modify-write for a full fence, and so is a failed lock cmpxchg.
  atomic: () => ({}),
};
