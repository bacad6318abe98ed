import { load, type PrimitiveTable, plainLoad, store } from './primitive-steps.js';
import { bounds, gracePeriods, spinLocks } from './region-primitives.js';

/** All versions of Linux: everything takes effect in program order, so that barriers have nothing to do. */
export const sc: PrimitiveTable = {
  primitives: {
    ...bounds,
    ...gracePeriods([]),
    ...spinLocks(),
    barrier: [],
    smp_mb: [],
    smp_rmb: [],
    smp_wmb: [],
    smp_read_barrier_depends: [],
    smp_mb__before_atomic: [],
    smp_mb__after_atomic: [],
    smp_acquire__after_ctrl_dep: [],
    smp_store_mb: [store],
    smp_store_release: [store],
    smp_load_acquire: [load],
    READ_ONCE: [load],
    ACCESS_ONCE: [load],
    WRITE_ONCE: [store],
    rcu_assign_pointer: [store],
    rcu_dereference: [load],
    lockless_dereference: [load],
    rcu_dereference_protected: [plainLoad],
  },
  atomic: () => ({}),
};
