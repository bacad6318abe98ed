import type { Atomic } from '../litmus/c/index.js';
import { type AtomicCode, fence, load, type PrimitiveTable, plainLoad, store } from './primitive-steps.js';
import { bounds, gracePeriods, spinLocks } from './region-primitives.js';
import { type Era, isSince } from './version.js';

const MB = fence('MB');
const WMB = fence('WMB');

// arch/alpha/include/asm/barrier.h, before 3.2 include/asm-alpha/system.h: the same in every kernel.
const barriers = {
  smp_mb: [MB],
  smp_rmb: [MB], // Alpha has no barrier for reads alone: rmb() is the instruction mb.
  smp_wmb: [WMB],
  smp_read_barrier_depends: [MB],
  // include/asm-generic/barrier.h, before 3.16 arch/alpha/include/asm/atomic.h
  smp_mb__before_atomic: [MB],
  smp_mb__after_atomic: [MB],
  // include/asm-generic/barrier.h: smp_rmb()
  smp_acquire__after_ctrl_dep: [MB],
  smp_store_mb: [store, MB],
  // include/asm-generic/barrier.h: smp_mb(), then WRITE_ONCE()
  smp_store_release: [MB, store],
};

// arch/alpha/include/asm/spinlock.h (before 2.6.28 include/asm-alpha/spinlock.h): mb behind the lock, and mb
// before the store that frees it; an attempt is test_and_set_bit(), with mb on both sides (bitops.h), and a
// test is a plain volatile load.
const locks = spinLocks({ taken: [MB], freeing: [MB], trying: [MB], tried: [MB] });

/** The code of a version of Linux for Alpha. */
export function alpha(era: Era): PrimitiveTable {
  return {
    primitives: { ...bounds, ...gracePeriods([MB]), ...locks, barrier: [], ...barriers, ...accesses(era) },
    atomic: (atomic) => fencesOf(atomic, era),
  };
}

function accesses(era: Era): PrimitiveTable['primitives'] {
  return {
    // include/linux/compiler.h of 4.14: a volatile access, no barrier. Since 4.15 the load has
    // smp_read_barrier_depends() behind it; since 5.9 that is the mb of arch/alpha/include/asm/rwonce.h.
    READ_ONCE: isSince(era, '4.15') ? [load, MB] : [load],
    // Gone since 4.15; code that still has it expects the bare volatile access.
    ACCESS_ONCE: [load],
    WRITE_ONCE: [store],
    // include/asm-generic/barrier.h: READ_ONCE(), then smp_mb(); since 5.9 arch/alpha/include/asm/barrier.h:
    // READ_ONCE(), whose mb is enough
    smp_load_acquire: [load, MB],
    // include/linux/rcupdate.h of 2.6.27: smp_wmb(), then the assignment; since 3.15: smp_store_release()
    rcu_assign_pointer: isSince(era, '3.15') ? [MB, store] : [WMB, store],
    // include/linux/rcupdate.h of 2.6.27: ACCESS_ONCE(), then smp_read_barrier_depends(); since 4.15:
    // READ_ONCE()
    rcu_dereference: [load, MB],
    // include/linux/compiler.h of 4.14, as rcu_dereference(); gone since 4.15
    lockless_dereference: [load, MB],
    // include/linux/rcupdate.h of 2.6.34: the pointer itself
    rcu_dereference_protected: [plainLoad],
  };
}

function fencesOf({ shape, ordering }: Atomic, era: Era): AtomicCode {
  switch (shape) {
    // include/asm-alpha/system.h of 2.6.27, later arch/alpha/include/asm/xchg.h: mb after the
    // store-conditional, none before. Since 4.17 smp_mb() before and after, also when the comparison fails.
    // Forms with a suffix, which came with 4.3, are the full form on Alpha (include/linux/atomic.h).
    case 'exchange':
      return isSince(era, '4.17') ? { before: 'MB', after: 'MB' } : { after: 'MB' };
    case 'compare-exchange':
      return isSince(era, '4.17') ? { before: 'MB', after: 'MB' } : { afterSuccess: 'MB' };
    // include/asm-alpha/atomic.h of 2.6.27: a loop of cmpxchg; since 3.13 a loop of its own, between smp_mb()
    // and smp_mb()
    case 'fetch-add-unless':
      return isSince(era, '3.13') ? { before: 'MB', after: 'MB' } : { afterSuccess: 'MB' };
    // include/asm-alpha/atomic.h of 2.6.27: no barrier; so it is still
    case 'op':
      return {};
    // include/asm-alpha/atomic.h of 2.6.27: smp_mb() before and after; with a suffix, include/linux/atomic.h
    // of 4.8. Since 4.15 the relaxed forms end in smp_read_barrier_depends(), later smp_mb(), so that
    // dependencies are kept, and the others are made of them.
    case 'op-return':
    case 'fetch-op':
      return {
        ...(ordering === 'full' || ordering === 'release' ? { before: 'MB' } : {}),
        ...(ordering === 'full' || ordering === 'acquire' || isSince(era, '4.15') ? { after: 'MB' } : {}),
      };
  }
}
