/**
 * What an argument of a kernel primitive is: `place`, an expression that stands for a place in memory, of
 * which the instruction gets the address; `pointer`, the address itself; `value`, converted to the type of
 * that place; `size`, a number of bytes; `ignored`, something that has no meaning here (a flag word, a
 * lockdep condition).
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
  /**
   * What the call gives, told of the instruction's result; `unless`: whether it differs from the last
   * argument.
   */
  readonly test?: 'zero' | 'negative' | 'unless';
  /** The operator of a read-modify-write. */
  readonly op?: string;
  /** The number of the CPU comes last: what it does is to memory of its own. */
  readonly perCpu?: true;
  /**
   * The second argument is `&old` of a local variable, which takes the value found; the call gives success.
   */
  readonly attempt?: true;
  /** What is left of it when it is weakened one step. A section goes with what closes it. */
  readonly weakening?: 'nothing' | 'once-load' | 'plain-load' | 'once-store' | 'plain-store';
  /** Of what opens a section: what closes it. */
  readonly closedBy?: string;
  /** Of what opens a section: grace periods of RCU wait for its end. */
  readonly isWaitedFor?: true;
  /** It waits for sections. */
  readonly waits?: true;
  /** It frees memory. */
  readonly frees?: true;
  /**
   * Of what a repair may add, with what closes it: the cost, relative to each other, about what it is on
   * machines that need it. A full barrier waits for the store buffer; a grace period waits for all CPUs. Of
   * additions that cost the same, the one that says most about its purpose goes first.
   */
  readonly cost?: number;
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
const onceLoad = { weakening: 'once-load' } as const;
const onceStore = { weakening: 'once-store' } as const;
const plainLoad = { weakening: 'plain-load' } as const;
const plainStore = { weakening: 'plain-store' } as const;
const dereference = { ...onceLoad, cost: 10 };
declare('READ_ONCE', 'place', 'place', plainLoad);
declare('ACCESS_ONCE', 'place', 'place', plainLoad);
declare('WRITE_ONCE', 'place value', 'none', plainStore);
declare('smp_load_acquire', 'pointer', 'place', { ...onceLoad, cost: 12 });
declare('smp_store_release', 'pointer value', 'none', { ...onceStore, cost: 12 });
declare('smp_store_mb set_mb', 'place value', 'none', onceStore);
declare(
  'rcu_dereference rcu_dereference_raw rcu_dereference_bh rcu_dereference_sched',
  'place',
  'place',
  dereference,
);
declare('rcu_dereference_check', 'place ignored', 'place', dereference, 'rcu_dereference');
declare('rcu_access_pointer', 'place', 'place', plainLoad, 'READ_ONCE');
// No other CPU can change the pointer: the kernel's rcu_dereference_protected() is a plain load, without a
// barrier.
declare('rcu_dereference_protected', 'place ignored', 'place');
declare('lockless_dereference', 'place', 'place', onceLoad);
declare('rcu_assign_pointer', 'place value', 'none', { ...onceStore, cost: 11 });
declare('RCU_INIT_POINTER', 'place value', 'none', plainStore, 'WRITE_ONCE');

// Barriers. That for the compiler is in no model: nothing is left of it as it is.
const barrier = { weakening: 'nothing' } as const;
declare('smp_mb mb', '', 'none', { ...barrier, cost: 50 });
declare('smp_rmb rmb', '', 'none', { ...barrier, cost: 20 });
declare('smp_wmb wmb', '', 'none', { ...barrier, cost: 20 });
declare('barrier cpu_relax', '', 'none');
declare('smp_read_barrier_depends read_barrier_depends', '', 'none', barrier);
declare(
  'smp_mb__before_atomic smp_mb__before_atomic_inc smp_mb__before_atomic_dec smp_mb__before_clear_bit',
  '',
  'none',
  barrier,
);
declare(
  'smp_mb__after_atomic smp_mb__after_atomic_inc smp_mb__after_atomic_dec smp_mb__after_clear_bit',
  '',
  'none',
  barrier,
);
declare('smp_mb__after_spinlock', '', 'none', barrier);
declare('smp_mb__after_unlock_lock', '', 'none', barrier);
declare('smp_mb__after_srcu_read_unlock', '', 'none', barrier);
declare('smp_acquire__after_ctrl_dep', '', 'none', barrier);

/** Declares what opens sections and what closes them, with the same parameters. */
function declareSection(opening: string, closing: string, parameters: string, details: Details = {}): void {
  declare(opening, parameters, 'none', { closedBy: closing.split(' ')[0], ...details });
  declare(closing, parameters, 'none');
}

// Sections and grace periods
const waitedFor = { isWaitedFor: true } as const;
const gracePeriod = { weakening: 'nothing', waits: true } as const;
declareSection('rcu_read_lock', 'rcu_read_unlock', '', { ...waitedFor, cost: 15 });
declareSection('rcu_read_lock_bh', 'rcu_read_unlock_bh', '', waitedFor);
declareSection('rcu_read_lock_sched', 'rcu_read_unlock_sched', '', waitedFor);
declare('synchronize_rcu synchronize_net', '', 'none', { ...gracePeriod, cost: 200 });
declare('synchronize_rcu_expedited', '', 'none', gracePeriod);
declare('synchronize_sched', '', 'none', gracePeriod);
declare('synchronize_sched_expedited', '', 'none', gracePeriod);
declareSection(
  'preempt_disable preempt_disable_notrace',
  'preempt_enable preempt_enable_no_resched preempt_enable_notrace',
  '',
  waitedFor,
);
declareSection('nmi_enter', 'nmi_exit', '', waitedFor);
declareSection('irq_enter', 'irq_exit', '', waitedFor);
declareSection('local_irq_disable', 'local_irq_enable', '', waitedFor);
declareSection('local_irq_save', 'local_irq_restore', 'ignored', waitedFor);
declare('srcu_read_lock', 'pointer', 'place', { perCpu: true, closedBy: 'srcu_read_unlock' });
declare('srcu_read_unlock', 'pointer value', 'none', { perCpu: true });
declare('srcu_down_read', 'pointer', 'place', { closedBy: 'srcu_up_read' });
declare('srcu_up_read', 'pointer value', 'none');
declare('synchronize_srcu synchronize_srcu_expedited', 'pointer', 'none', gracePeriod);

// Locks and memory
declareSection('spin_lock raw_spin_lock', 'spin_unlock raw_spin_unlock', 'pointer');
declareSection('spin_lock_irq raw_spin_lock_irq', 'spin_unlock_irq raw_spin_unlock_irq', 'pointer');
declareSection(
  'spin_lock_irqsave raw_spin_lock_irqsave',
  'spin_unlock_irqrestore raw_spin_unlock_irqrestore',
  'pointer ignored',
);
declare('spin_trylock raw_spin_trylock', 'pointer', 'int');
declare('spin_is_locked raw_spin_is_locked', 'pointer', 'int');
declare('kmalloc', 'size ignored', 'pointer');
declare('kzalloc', 'size ignored', 'pointer');
declare('kfree', 'pointer', 'none', { frees: true });

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
 * What a `primitive` instruction of this name does to memory, if it is a read-modify-write. Its arguments are
 * the address and then: the new value (exchange); the expected and the new value (compare-exchange); the
 * operand (op, whose target is absent, op-return, whose target gets the new value, and fetch-op, whose target
 * gets the old one); the number to add and the value at which not to (fetch-add-unless, whose target gets the
 * old one).
 */
export function atomicPrimitive(name: string): Atomic | undefined {
  return atomics.get(name);
}
