import type { Quiz, Variant } from './quiz.js';

const machineModels = ['sc', 'i386', 'pso', 'alpha', 'alpha-linux'] as const;

const kernelVariant = (label: string, test: string, ...at: string[]): Variant => ({
  label,
  test: `classic/c/${test}.litmus`,
  at,
});

const storeBuffering: Quiz = {
  name: 'sb',
  title: 'Two flags: the store that comes late',
  source: 'Dijkstra 1965 (Dekker); Owens, Sarkar, Sewell 2009',
  question: [
    'Each of two CPUs raises its own flag, and then looks at the flag of the other one. If both look before the other flag is up, both go on: a lock made in this way does not lock. x86 is said to keep memory accesses in order. Is it safe there without a barrier?',
  ],
  asked: 'Can both CPUs see the flag of the other one down?',
  switches: [
    { name: 'between the store and the load', positions: ['nothing', 'smp_wmb()', 'smp_rmb()', 'smp_mb()'] },
    { name: 'on', positions: ['both CPUs', 'one CPU'] },
  ],
  variants: [
    kernelVariant('nothing', 'SB', 'nothing', 'both CPUs'),
    kernelVariant('smp_wmb() on both', 'SB+wmbs', 'smp_wmb()', 'both CPUs'),
    kernelVariant('smp_rmb() on both', 'SB+rmbs', 'smp_rmb()', 'both CPUs'),
    kernelVariant('smp_mb() on one', 'SB+mb+po', 'smp_mb()', 'one CPU'),
    kernelVariant('smp_mb() on both', 'SB+mbs', 'smp_mb()', 'both CPUs'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'nothing', machine: 'i386' },
  answer: [
    'x86 keeps stores in order and loads in order, and lets a load overtake an earlier store: the store waits in the buffer of its CPU while the load is served. That is the one reordering that x86 has, and it is the one that matters here. Only a full barrier on both sides empties the buffer in time.',
    'smp_wmb() orders stores with stores, and there is one store on each side. smp_rmb() orders loads with loads; on Alpha it happens to be the full barrier, because the machine has no other, but no code may count on that.',
  ],
};

const messagePassing: Quiz = {
  name: 'mp',
  title: 'A message and its flag',
  source: 'Linux, Documentation/memory-barriers.txt',
  question: [
    'One CPU writes a message and then raises a flag. Another CPU sees the flag and reads the message. Is a barrier on one of the sides enough?',
  ],
  asked: 'Can the reader see the flag and the old message?',
  switches: [
    { name: 'the writer has', positions: ['nothing', 'smp_wmb()', 'smp_store_release()'] },
    { name: 'the reader has', positions: ['nothing', 'smp_rmb()', 'smp_load_acquire()'] },
  ],
  variants: [
    kernelVariant('no barrier', 'MP', 'nothing', 'nothing'),
    kernelVariant('smp_wmb() in the writer alone', 'MP+wmb+po', 'smp_wmb()', 'nothing'),
    kernelVariant('smp_rmb() in the reader alone', 'MP+po+rmb', 'nothing', 'smp_rmb()'),
    kernelVariant('smp_wmb() and smp_rmb()', 'MP+wmb+rmb', 'smp_wmb()', 'smp_rmb()'),
    kernelVariant('smp_store_release() alone', 'MP+rel+po', 'smp_store_release()', 'nothing'),
    kernelVariant('smp_load_acquire() alone', 'MP+po+acq', 'nothing', 'smp_load_acquire()'),
    kernelVariant('release and acquire', 'MP+rel+acq', 'smp_store_release()', 'smp_load_acquire()'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'smp_wmb() in the writer alone', machine: 'alpha' },
  answer: [
    'Barriers come in pairs. The writer must not let the flag out before the message, and the reader must not fetch the message before it has seen the flag. x86 does both by itself, so that the code works there without any barrier, as long as the compiler keeps its hands off: that is how such bugs hide. A machine that orders loads but not stores (PSO) needs the half of the writer, and Alpha needs both.',
  ],
};

const dependentLoad: Quiz = {
  name: 'dependent-load',
  title: 'The load whose address was just loaded',
  source: 'Linux, Documentation/RCU/rcu_dereference.rst; Alpha Architecture Handbook, 5.6.1.3',
  question: [
    'A CPU initialises an object, passes a write barrier, and publishes a pointer to it. Another CPU loads the pointer and reads the object through it. The second load cannot even begin before the first has given its address. Does the reader need a barrier?',
  ],
  asked: 'Can the reader find the new pointer and the old object?',
  switches: [
    {
      name: 'the pointer is loaded',
      positions: ['plainly', 'with READ_ONCE()', 'with a barrier for dependencies', 'with rcu_dereference()'],
    },
    { name: 'it is published', positions: ['after smp_wmb()', 'with rcu_assign_pointer()', 'plainly'] },
  ],
  variants: [
    kernelVariant('plain load', 'MP+wmb+addr-plain', 'plainly', 'after smp_wmb()'),
    kernelVariant('READ_ONCE()', 'MP+wmb+addr', 'with READ_ONCE()', 'after smp_wmb()'),
    kernelVariant(
      'smp_read_barrier_depends()',
      'MP+wmb+read_barrier_depends',
      'with a barrier for dependencies',
      'after smp_wmb()',
    ),
    kernelVariant(
      'rcu_dereference(), rcu_assign_pointer()',
      'MP+assign+deref',
      'with rcu_dereference()',
      'with rcu_assign_pointer()',
    ),
    kernelVariant('rcu_dereference(), plain store', 'MP+po+deref', 'with rcu_dereference()', 'plainly'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'READ_ONCE()', machine: 'alpha-linux' },
  answer: [
    "On Alpha, yes. The second load begins after the first, but it may be answered from what is older: a copy of the object's line in the CPU's cache whose invalidation waits in a queue. Its handbook has no rule that orders a load after the load that gave its address. All other machines that Linux runs on have one.",
    'Since Linux 4.15 READ_ONCE() has the barrier on Alpha, so that nobody has to think of it: fenceline run litmus/classic/c/MP+wmb+addr.litmus --kernel 6.x shows the difference. A publisher that does not order its stores is broken whatever the reader does.',
  ],
};

const controlDependency: Quiz = {
  name: 'control',
  title: 'Is a branch a barrier?',
  source: 'Linux, Documentation/memory-barriers.txt, "Control dependencies"',
  question: [
    'A CPU reads a flag and goes on only if it is set. What it does next, it does because of what it read. Is that enough of an order, if it next reads the data? And if it next writes it?',
  ],
  asked: 'Can the access after the branch take effect before the read that decides the branch?',
  switches: [{ name: 'behind the branch stands', positions: ['a load', 'a store', 'a store, on both CPUs'] }],
  variants: [
    kernelVariant('a load behind the branch (MP)', 'MP+wmb+ctrl', 'a load'),
    kernelVariant('a store behind the branch (S)', 'S+wmb+ctrl', 'a store'),
    kernelVariant('stores behind both branches (LB)', 'LB+ctrls', 'a store, on both CPUs'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'a load behind the branch (MP)', machine: 'alpha-linux' },
  answer: [
    'For a load: no. A CPU guesses where the branch goes and loads ahead; Alpha does, and so do Arm and POWER. For a store: yes on every machine that was built, since nobody may see a store that may have to be taken back. The letter of the Alpha handbook does not promise even that (column alpha); it only rules out that two such stores feed each other, as in the last line.',
    'A compiler knows nothing of control dependencies. The kernel asks for READ_ONCE() and WRITE_ONCE() in the hope that the branch stays a branch.',
  ],
};

const independentReads: Quiz = {
  name: 'iriw',
  title: 'Two observers',
  source: 'Boehm, Adve 2008; Owens, Sarkar, Sewell 2009',
  question: [
    'Two CPUs each write a variable of their own. Two others each read both variables, in opposite order. Can one of them see the first write and not yet the second, and the other one the second and not yet the first?',
  ],
  asked: 'Can the observers disagree about which write came first?',
  switches: [{ name: 'between the reads of an observer', positions: ['nothing', 'smp_rmb()', 'smp_mb()'] }],
  variants: [
    kernelVariant('nothing between the reads', 'IRIW', 'nothing'),
    kernelVariant('smp_rmb()', 'IRIW+rmbs', 'smp_rmb()'),
    kernelVariant('smp_mb()', 'IRIW+mbs', 'smp_mb()'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'nothing between the reads', machine: 'alpha' },
  answer: [
    'A store that leaves the buffer of its CPU reaches all other CPUs at once on each of these machines: there is one order of writes, and observers who read in order agree about it. Alpha observers do not read in order unless a barrier makes them. On POWER, which fenceline has no model of, a write may reach one CPU before another, and only the full barrier helps.',
  ],
};

const outOfThinAir: Quiz = {
  name: 'lb',
  title: 'A store before the load that it depends on',
  source: 'Alpha Architecture Handbook, 5.6.1.7',
  question: [
    'Two CPUs each read one variable and then write the other. If both read what the other one wrote, each write was there before the read that stands in front of it. Can that be? And if what is written is what was read?',
  ],
  asked: 'Can both read what the other one wrote?',
  switches: [
    { name: 'on the first CPU', positions: ['nothing', 'a data dependency', 'a control dependency'] },
    {
      name: 'on the second CPU',
      positions: ['nothing', 'a data dependency', 'a control dependency', 'smp_mb()'],
    },
  ],
  variants: [
    kernelVariant('no dependency', 'LB', 'nothing', 'nothing'),
    kernelVariant('data dependency and smp_mb()', 'LB+data+mb', 'a data dependency', 'smp_mb()'),
    kernelVariant('data dependencies on both', 'LB+datas', 'a data dependency', 'a data dependency'),
    kernelVariant('control dependencies on both', 'LB+ctrls', 'a control dependency', 'a control dependency'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'data dependency and smp_mb()', machine: 'alpha' },
  answer: [
    'Without dependencies, the handbook of Alpha lets a store overtake a load, though no Alpha did so. With dependencies on both sides it is forbidden everywhere: each value would be its own cause, and could be anything.',
    'With one dependency and one barrier, the two readings of Alpha part. The handbook asks only that causes do not go in circles, and here they do not; Linux counts on it that a store waits for what it is made from. That one line is the difference between the models alpha and alpha-linux.',
  ],
};

const writeBarrier: Quiz = {
  name: 'wmb',
  title: 'What a write barrier does not order',
  source: 'Alpha Architecture Handbook, 4.11 and 5.6; Linux, Documentation/memory-barriers.txt',
  question: [
    'smp_wmb() keeps the stores before it in front of the stores after it. In which of the classic programs is that enough for the CPU that writes first?',
  ],
  asked: 'Can the outcome that the program must not have come about?',
  switches: [{ name: 'the program', positions: ['2+2W', 'R', 'SB', 'MP'] }],
  variants: [
    kernelVariant('stores on both CPUs (2+2W)', '2+2W+wmbs', '2+2W'),
    kernelVariant('smp_wmb() against smp_mb() (R)', 'R+wmb+mb', 'R'),
    kernelVariant('a store, then a load (SB)', 'SB+wmbs', 'SB'),
    kernelVariant('two stores, read with smp_rmb() (MP)', 'MP+wmb+rmb', 'MP'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'a store, then a load (SB)', machine: 'alpha' },
  answer: [
    'Where a CPU does nothing but store, smp_wmb() is all it needs. It says nothing of loads: a load behind it may be served before the stores in front of it have left the buffer, on x86 too, where smp_wmb() is no instruction at all.',
  ],
};

const atomics: Quiz = {
  name: 'atomic',
  title: 'Atomic is not ordered',
  source: 'Linux, Documentation/atomic_t.txt',
  question: [
    'atomic_inc() is atomic on every machine: no increment is ever lost. Is it a barrier as well, so that it can stand where store buffering calls for one?',
  ],
  asked: 'Can both CPUs read the old value of the other one?',
  switches: [
    {
      name: 'the store is',
      positions: ['atomic_inc()', 'atomic_inc(), then smp_mb()', 'xchg()', 'WRITE_ONCE()'],
    },
  ],
  variants: [
    kernelVariant('atomic_inc()', 'SB+atomic_incs', 'atomic_inc()'),
    kernelVariant(
      'atomic_inc(), then smp_mb__after_atomic()',
      'SB+atomic_inc-mbs',
      'atomic_inc(), then smp_mb()',
    ),
    kernelVariant('xchg()', 'SB+xchgs', 'xchg()'),
    kernelVariant('WRITE_ONCE()', 'SB', 'WRITE_ONCE()'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'atomic_inc()', machine: 'alpha-linux' },
  answer: [
    'On x86 every locked instruction is a full barrier, so that the code works there by accident. The kernel promises order only for atomic operations that give a value back; atomic_inc() gives none, and on Alpha it is a loop of load-locked and store-conditional without a barrier. smp_mb__after_atomic() is for this: nothing on x86, a barrier on Alpha.',
  ],
};

const mutualExclusion: Quiz = {
  name: 'peterson',
  title: "Peterson's lock",
  source: 'Peterson 1981',
  question: [
    "Peterson's algorithm gives two threads a lock made of loads and stores alone: each raises its flag, gives the turn to the other, and waits while the other's flag is up and the turn is the other's. It was proved for sequential consistency. What does it need on real machines?",
  ],
  asked: 'Can both be inside at once?',
  switches: [
    { name: 'barriers', positions: ['smp_mb() after the turn', 'and smp_wmb() before it', 'none (Dekker)'] },
  ],
  variants: [
    kernelVariant('smp_mb() after the turn is given', 'Peterson+mbs', 'smp_mb() after the turn'),
    kernelVariant('and smp_wmb() between flag and turn', 'Peterson+wmb-mbs', 'and smp_wmb() before it'),
    kernelVariant("Dekker's test without barriers", 'Dekker', 'none (Dekker)'),
  ],
  machines: machineModels,
  era: '2.6',
  story: { variant: 'smp_mb() after the turn is given', machine: 'pso' },
  answer: [
    'The load of the other flag must not overtake the own stores: a full barrier, as in store buffering. Where stores pass each other there is a second gap: if the turn becomes visible before the flag, the other thread finds the flag down and walks in.',
  ],
};

export const kernelQuizzes: readonly Quiz[] = [
  storeBuffering,
  messagePassing,
  dependentLoad,
  controlDependency,
  independentReads,
  outOfThinAir,
  writeBarrier,
  atomics,
  mutualExclusion,
];
