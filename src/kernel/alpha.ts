import type { Atomic } from '../litmus/c/index.js';
import { bounds, gracePeriods, spinLocks } from './regions.js';
import { type AtomicCode, fence, load, type PrimitiveTable, plainLoad, store } from './steps.js';

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

// arch/alpha/include/asm/spinlock.h (before 2.6.28 include/asm-alpha/spinlock.h): mb behind the lock, and mb before the store that frees
// it; an attempt is test_and_set_bit(), with mb on both sides (bitops.h), and a test is a plain volatile load.
const locks = spinLocks({ taken: [MB], freeing: [MB], trying: [MB], tried: [MB] });

export const alpha26: PrimitiveTable = {
  primitives: {
    ...bounds,
    ...gracePeriods([MB]),
    ...locks,
    barrier: [],
    ...barriers,
    // include/linux/compiler.h of 4.14: a volatile access, no barrier
    READ_ONCE: [load],
    ACCESS_ONCE: [load],
    WRITE_ONCE: [store],
    // include/asm-generic/barrier.h of 4.14: READ_ONCE(), then smp_mb()
    smp_load_acquire: [load, MB],
    // include/linux/rcupdate.h of 2.6.27: smp_wmb(), then the assignment
    rcu_assign_pointer: [WMB, store],
    // include/linux/rcupdate.h of 2.6.27: ACCESS_ONCE(), then smp_read_barrier_depends()
    rcu_dereference: [load, MB],
    // include/linux/compiler.h of 4.14, as rcu_dereference()
    lockless_dereference: [load, MB],
    // include/linux/rcupdate.h of 2.6.34: the pointer itself
    rcu_dereference_protected: [plainLoad],
  },
  atomic: fences26,
};

function fences26({ shape, ordering }: Atomic): AtomicCode {
  switch (shape) {
    // include/asm-alpha/system.h of 2.6.27: mb after the store-conditional, none before. Forms with a suffix, which
    // came with 4.3, are the full form on Alpha (include/linux/atomic.h).
    case 'exchange':
      return { after: 'MB' };
    case 'compare-exchange':
      return { afterSuccess: 'MB' };
    // include/asm-alpha/atomic.h of 2.6.27: a loop of cmpxchg
    case 'fetch-add-unless':
      return { afterSuccess: 'MB' };
    // include/asm-alpha/atomic.h of 2.6.27: no barrier
    case 'op':
      return {};
    // include/asm-alpha/atomic.h of 2.6.27: smp_mb() before and after; with a suffix, include/linux/atomic.h of 4.8
    case 'op-return':
    case 'fetch-op':
      return {
        ...(ordering === 'full' || ordering === 'release' ? { before: 'MB' } : {}),
        ...(ordering === 'full' || ordering === 'acquire' ? { after: 'MB' } : {}),
      };
  }
}

export const alpha6: PrimitiveTable = {
  primitives: {
    ...bounds,
    ...gracePeriods([MB]),
    ...locks,
    barrier: [],
    ...barriers,
    // arch/alpha/include/asm/rwonce.h (5.9; 4.15 had it in READ_ONCE() itself): the load, then mb
    READ_ONCE: [load, MB],
    // Gone since 4.15; code that still has it expects the bare volatile access.
    ACCESS_ONCE: [load],
    WRITE_ONCE: [store],
    // arch/alpha/include/asm/barrier.h (5.9): READ_ONCE(), whose mb is enough
    smp_load_acquire: [load, MB],
    // include/linux/rcupdate.h: smp_store_release()
    rcu_assign_pointer: [MB, store],
    // include/linux/rcupdate.h: READ_ONCE(); so was lockless_dereference() before it went with 4.16
    rcu_dereference: [load, MB],
    lockless_dereference: [load, MB],
    rcu_dereference_protected: [plainLoad],
  },
  atomic: fences6,
};

function fences6({ shape, ordering }: Atomic): AtomicCode {
  switch (shape) {
    // arch/alpha/include/asm/cmpxchg.h: smp_mb() before and after, also when the comparison fails. Alpha has no
    // weaker forms, so those with a suffix are the same (include/linux/atomic/atomic-arch-fallback.h).
    case 'exchange':
    case 'compare-exchange':
      return { before: 'MB', after: 'MB' };
    // arch/alpha/include/asm/atomic.h, arch_atomic_fetch_add_unless(): the same
    case 'fetch-add-unless':
      return { before: 'MB', after: 'MB' };
    case 'op':
      return {};
    // arch/alpha/include/asm/atomic.h: the relaxed forms end in smp_mb(), so that dependencies are kept; the acquire
    // and full forms rely on it, the release and full forms begin with smp_mb().
    case 'op-return':
    case 'fetch-op':
      return ordering === 'full' || ordering === 'release' ? { before: 'MB', after: 'MB' } : { after: 'MB' };
  }
}
