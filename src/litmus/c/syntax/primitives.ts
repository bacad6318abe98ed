/**
 * What an argument of a kernel primitive is: `place`, an expression that stands for a place in memory, of which the
 * instruction gets the address; `pointer`, the address itself; `value`, converted to the type of that place; `size`, a
 * number of bytes; `ignored`, something that has no meaning here (a flag word, a lockdep condition).
 */
export type ParameterKind = 'place' | 'pointer' | 'value' | 'size' | 'ignored';

/** A kernel primitive as a program calls it. */
export interface Signature {
  /** The name of the instruction. Several spellings share one: `atomic_long_inc` is `atomic_add` of 1. */
  readonly name: string;
  readonly parameters: readonly ParameterKind[];
  /** `place`: a value of the type of the place in memory; `pointer`: a `void *`. */
  readonly result: 'none' | 'place' | 'int' | 'pointer';
  /** Arguments that the spelling implies, after those that are written: the 1 of `atomic_inc`. */
  readonly implied?: readonly bigint[];
  /** What the call gives, told of the instruction's result; `unless`: whether it differs from the last argument. */
  readonly test?: 'zero' | 'negative' | 'unless';
  /** The operator of a read-modify-write. */
  readonly op?: string;
  /** The number of the CPU comes last: what it does is to memory of its own. */
  readonly perCpu?: true;
  /** The second argument is `&old` of a local variable, which takes the value found; the call gives success. */
  readonly attempt?: true;
}

/** The shape of a read-modify-write primitive, and the ordering that its suffix asks for. */
export interface Atomic {
  readonly shape: 'exchange' | 'compare-exchange' | 'op' | 'op-return' | 'fetch-op' | 'fetch-add-unless';
  readonly ordering: 'none' | 'relaxed' | 'acquire' | 'release' | 'full';
}

const signatures = new Map<string, Signature>();
const atomics = new Map<string, Atomic>();

type Details = Omit<Signature, 'name' | 'parameters' | 'result'>;

/** Declares spellings of one primitive; the first is its name. */
function declare(
  spellings: string,
  parameters: string,
  result: Signature['result'],
  details: Details = {},
  name = spellings.split(' ')[0],
): void {
  const kinds = parameters.split(' ').filter(Boolean) as ParameterKind[];
  for (const spelling of spellings.split(' ')) {
    signatures.set(spelling, { name, parameters: kinds, result, ...details });
  }
}

// Accesses
declare('READ_ONCE', 'place', 'place');
declare('ACCESS_ONCE', 'place', 'place');
declare('WRITE_ONCE', 'place value', 'none');
declare('smp_load_acquire', 'pointer', 'place');
declare('smp_store_release', 'pointer value', 'none');
declare('smp_store_mb set_mb', 'place value', 'none');
declare('rcu_dereference rcu_dereference_raw rcu_dereference_bh rcu_dereference_sched', 'place', 'place');
declare('rcu_dereference_check', 'place ignored', 'place', {}, 'rcu_dereference');
declare('rcu_access_pointer', 'place', 'place', {}, 'READ_ONCE');
// No other CPU can change the pointer: the kernel's rcu_dereference_protected() is a plain load, without a barrier.
declare('rcu_dereference_protected', 'place ignored', 'place');
declare('lockless_dereference', 'place', 'place');
declare('rcu_assign_pointer', 'place value', 'none');
declare('RCU_INIT_POINTER', 'place value', 'none', {}, 'WRITE_ONCE');

// Barriers
declare('smp_mb mb', '', 'none');
declare('smp_rmb rmb', '', 'none');
declare('smp_wmb wmb', '', 'none');
declare('barrier cpu_relax', '', 'none');
declare('smp_read_barrier_depends read_barrier_depends', '', 'none');
declare(
  'smp_mb__before_atomic smp_mb__before_atomic_inc smp_mb__before_atomic_dec smp_mb__before_clear_bit',
  '',
  'none',
);
declare(
  'smp_mb__after_atomic smp_mb__after_atomic_inc smp_mb__after_atomic_dec smp_mb__after_clear_bit',
  '',
  'none',
);
declare('smp_mb__after_spinlock', '', 'none');
declare('smp_mb__after_unlock_lock', '', 'none');
declare('smp_mb__after_srcu_read_unlock', '', 'none');
declare('smp_acquire__after_ctrl_dep', '', 'none');

// Sections and grace periods
declare('rcu_read_lock', '', 'none');
declare('rcu_read_unlock', '', 'none');
declare('rcu_read_lock_bh', '', 'none');
declare('rcu_read_unlock_bh', '', 'none');
declare('rcu_read_lock_sched', '', 'none');
declare('rcu_read_unlock_sched', '', 'none');
declare('synchronize_rcu synchronize_net', '', 'none');
declare('synchronize_rcu_expedited', '', 'none');
declare('synchronize_sched', '', 'none');
declare('synchronize_sched_expedited', '', 'none');
declare('preempt_disable preempt_disable_notrace', '', 'none');
declare('preempt_enable preempt_enable_no_resched preempt_enable_notrace', '', 'none');
declare('nmi_enter', '', 'none');
declare('nmi_exit', '', 'none');
declare('irq_enter', '', 'none');
declare('irq_exit', '', 'none');
declare('local_irq_disable', '', 'none');
declare('local_irq_enable', '', 'none');
declare('local_irq_save', 'ignored', 'none');
declare('local_irq_restore', 'ignored', 'none');
declare('srcu_read_lock', 'pointer', 'place', { perCpu: true });
declare('srcu_read_unlock', 'pointer value', 'none', { perCpu: true });
declare('srcu_down_read', 'pointer', 'place');
declare('srcu_up_read', 'pointer value', 'none');
declare('synchronize_srcu synchronize_srcu_expedited', 'pointer', 'none');

// Locks and memory
declare('spin_lock raw_spin_lock', 'pointer', 'none');
declare('spin_unlock raw_spin_unlock', 'pointer', 'none');
declare('spin_lock_irq raw_spin_lock_irq', 'pointer', 'none');
declare('spin_unlock_irq raw_spin_unlock_irq', 'pointer', 'none');
declare('spin_lock_irqsave raw_spin_lock_irqsave', 'pointer ignored', 'none');
declare('spin_unlock_irqrestore raw_spin_unlock_irqrestore', 'pointer ignored', 'none');
declare('spin_trylock raw_spin_trylock', 'pointer', 'int');
declare('spin_is_locked raw_spin_is_locked', 'pointer', 'int');
declare('kmalloc', 'size ignored', 'pointer');
declare('kzalloc', 'size ignored', 'pointer');
declare('kfree', 'pointer', 'none');

// Atomic read-modify-writes: include/linux/atomic (the kernel's Documentation/atomic_t.txt has the families).
const orderings = { '': 'full', _relaxed: 'relaxed', _acquire: 'acquire', _release: 'release' } as const;
const operators = { add: '+', sub: '-', and: '&', or: '|', xor: '^', andnot: '&~' } as const;
const prefixes = ['atomic_', 'atomic64_', 'atomic_long_'];

/** Declares the spellings of an atomic operation that the prefixes make; `what` has no prefix. */
function declareAtomic(
  what: string,
  parameters: string,
  result: Signature['result'],
  name: string,
  details: Details = {},
): void {
  for (const prefix of prefixes) declare(prefix + what, parameters, result, details, name);
}

declareAtomic('read', 'pointer', 'place', 'READ_ONCE');
declareAtomic('read_acquire', 'pointer', 'place', 'smp_load_acquire');
declareAtomic('set', 'pointer value', 'none', 'WRITE_ONCE');
declareAtomic('set_release', 'pointer value', 'none', 'smp_store_release');

for (const [suffix, ordering] of Object.entries(orderings)) {
  const xchg = `xchg${suffix}`;
  declare(xchg, 'pointer value', 'place');
  declareAtomic(xchg, 'pointer value', 'place', xchg);
  atomics.set(xchg, { shape: 'exchange', ordering });
  const cmpxchg = `cmpxchg${suffix}`;
  declare(cmpxchg, 'pointer value value', 'place');
  declareAtomic(cmpxchg, 'pointer value value', 'place', cmpxchg);
  declare(`try_${cmpxchg}`, 'pointer value value', 'place', { attempt: true }, cmpxchg);
  declareAtomic(`try_${cmpxchg}`, 'pointer value value', 'place', cmpxchg, { attempt: true });
  atomics.set(cmpxchg, { shape: 'compare-exchange', ordering });

  for (const [word, op] of Object.entries(operators)) {
    const returning = `atomic_${word}_return${suffix}`;
    const fetching = `atomic_fetch_${word}${suffix}`;
    declareAtomic(`${word}_return${suffix}`, 'value pointer', 'place', returning, { op });
    declareAtomic(`fetch_${word}${suffix}`, 'value pointer', 'place', fetching, { op });
    atomics.set(returning, { shape: 'op-return', ordering });
    atomics.set(fetching, { shape: 'fetch-op', ordering });
  }
  for (const [word, add, op] of [
    ['inc', 'add', '+'],
    ['dec', 'sub', '-'],
  ] as const) {
    const implied = [1n];
    declareAtomic(`${word}_return${suffix}`, 'pointer', 'place', `atomic_${add}_return${suffix}`, {
      op,
      implied,
    });
    declareAtomic(`fetch_${word}${suffix}`, 'pointer', 'place', `atomic_fetch_${add}${suffix}`, {
      op,
      implied,
    });
  }
  declareAtomic(`add_negative${suffix}`, 'value pointer', 'place', `atomic_add_return${suffix}`, {
    op: '+',
    test: 'negative',
  });
}

for (const [word, op] of Object.entries(operators)) {
  declareAtomic(word, 'value pointer', 'none', `atomic_${word}`, { op });
  atomics.set(`atomic_${word}`, { shape: 'op', ordering: 'none' });
}
declareAtomic('inc', 'pointer', 'none', 'atomic_add', { op: '+', implied: [1n] });
declareAtomic('dec', 'pointer', 'none', 'atomic_sub', { op: '-', implied: [1n] });
declareAtomic('sub_and_test', 'value pointer', 'place', 'atomic_sub_return', { op: '-', test: 'zero' });
declareAtomic('dec_and_test', 'pointer', 'place', 'atomic_sub_return', {
  op: '-',
  implied: [1n],
  test: 'zero',
});
declareAtomic('inc_and_test', 'pointer', 'place', 'atomic_add_return', {
  op: '+',
  implied: [1n],
  test: 'zero',
});
const unless = 'atomic_fetch_add_unless';
declareAtomic('fetch_add_unless', 'pointer value value', 'place', unless, { op: '+' });
declareAtomic('add_unless', 'pointer value value', 'place', unless, { op: '+', test: 'unless' });
declareAtomic('inc_not_zero', 'pointer', 'place', unless, { op: '+', implied: [1n, 0n], test: 'unless' });
atomics.set(unless, { shape: 'fetch-add-unless', ordering: 'full' });

/** The signature of a kernel primitive, by a name that a program may call it by. */
export function primitiveSignature(spelling: string): Signature | undefined {
  return signatures.get(spelling);
}

/** Every name that a program may call a primitive by. */
export function primitiveSpellings(): Iterable<string> {
  return signatures.keys();
}

/**
 * What a `primitive` instruction of this name does to memory, if it is a read-modify-write. Its arguments are the
 * address and then: the new value (exchange); the expected and the new value (compare-exchange); the operand (op, whose
 * target is absent, op-return, whose target gets the new value, and fetch-op, whose target gets the old one); the
 * number to add and the value at which not to (fetch-add-unless, whose target gets the old one).
 */
export function atomicPrimitive(name: string): Atomic | undefined {
  return atomics.get(name);
}
