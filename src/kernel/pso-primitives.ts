import { fence, load, type PrimitiveTable, plainLoad, store } from './primitive-steps.js';
import { bounds, gracePeriods, spinLocks } from './region-primitives.js';

const STBAR = fence('STBAR');
const full = fence('MFENCE');

/**
 * All versions of Linux. No kernel runs SPARC in partial store order, so these are the generic definitions of
 * include/asm-generic/barrier.h with the weakest instruction that does what each asks for: reads come before
 * all that follows them anyway, so that a release needs STBAR only and an acquire nothing.
 */
export const pso: PrimitiveTable = {
  primitives: {
    ...bounds,
    ...gracePeriods([full]),
    ...spinLocks({ freeing: [STBAR] }),
    barrier: [],
    smp_mb: [full],
    smp_rmb: [],
    smp_wmb: [STBAR],
    smp_read_barrier_depends: [],
    smp_mb__before_atomic: [full],
    smp_mb__after_atomic: [full],
    smp_acquire__after_ctrl_dep: [],
    smp_store_mb: [store, full],
    smp_store_release: [STBAR, store],
    smp_load_acquire: [load],
    READ_ONCE: [load],
    ACCESS_ONCE: [load],
    WRITE_ONCE: [store],
    rcu_assign_pointer: [STBAR, store],
    rcu_dereference: [load],
    lockless_dereference: [load],
    rcu_dereference_protected: [plainLoad],
  },
  // Documentation/atomic_t.txt: with a result and without a suffix, full barriers; without a result, none.
  atomic: ({ ordering }) => {
    if (ordering === 'full') return { before: 'MFENCE', after: 'MFENCE' };
    return ordering === 'release' ? { before: 'STBAR' } : {};
  },
};
