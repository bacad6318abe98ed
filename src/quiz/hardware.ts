import type { Quiz, Variant } from './quiz.js';

const variant = (label: string, test: string, ...at: string[]): Variant => ({
  label,
  test: `${test}.litmus`,
  at,
});

const x86Fences: Quiz = {
  name: 'x86-fence',
  title: 'Which x86 instruction keeps a load behind a store?',
  source: 'Intel 64 and IA-32 Architectures SDM, volume 3, "Memory Ordering"; Owens, Sarkar, Sewell 2009',
  question: [
    'x86 has three fences, and locked instructions. In store buffering, each CPU stores and then loads, and the load must not come first. Which of them helps?',
  ],
  asked: 'Can both CPUs load the old value?',
  switches: [
    {
      name: 'between the store and the load, or in place of the store',
      positions: ['nothing', 'SFENCE', 'LFENCE', 'MFENCE', 'XCHG', 'INC', 'LOCK INC'],
    },
  ],
  variants: [
    variant('nothing', 'classic/x86/SB', 'nothing'),
    variant('SFENCE', 'classic/x86/SB+sfences', 'SFENCE'),
    variant('LFENCE', 'classic/x86/SB+lfences', 'LFENCE'),
    variant('MFENCE', 'classic/x86/SB+mfences', 'MFENCE'),
    variant('XCHG is the store', 'classic/x86/SB+xchgs', 'XCHG'),
    variant('INC is the store', 'classic/x86/SB+incs', 'INC'),
    variant('LOCK INC is the store', 'classic/x86/SB+lock-incs', 'LOCK INC'),
  ],
  machines: ['sc', 'i386'],
  era: '2.6',
  story: { variant: 'LFENCE', machine: 'i386' },
  answer: [
    'MFENCE does, and every locked instruction; XCHG with memory is locked without saying so. Ordinary memory needs SFENCE and LFENCE for nothing: stores are in order among themselves, and loads too. An INC without LOCK is a load and a store like any other.',
  ],
};

const forwarding: Quiz = {
  name: 'forwarding',
  title: 'Reading back what one has just written',
  source: 'Owens, Sarkar, Sewell 2009; Intel SDM, volume 3, "Intra-Processor Forwarding Is Allowed"',
  question: [
    'In store buffering, let each CPU first read its own variable back before it reads the other one. x86 keeps loads in order: the read of the own variable gives 1, so the store has taken effect, and the second read comes after it. Is the barrier saved?',
  ],
  asked: 'Can both read their own 1, and then the old value of the other one?',
  switches: [{ name: 'program', positions: ['with the read back', 'without it', 'MFENCE in place of it'] }],
  variants: [
    variant('own variable read back', 'classic/x86/SB+rfi-pos', 'with the read back'),
    variant('without it', 'classic/x86/SB', 'without it'),
    variant('MFENCE in place of it', 'classic/x86/SB+mfences', 'MFENCE in place of it'),
  ],
  machines: ['sc', 'i386'],
  era: '2.6',
  story: { variant: 'own variable read back', machine: 'i386' },
  answer: [
    'No: a CPU reads its own store from its buffer, before any other CPU can see it. To have seen it oneself says nothing about the others. This is what tells TSO from a machine that keeps its loads behind its stores.',
  ],
};

const alphaHardware = (test: string): string => `alpha-handbook/${test}`;

const quickQuizInAssembly: Quiz = {
  name: 'alpha-mp',
  title: 'The dependent load, in instructions',
  source: 'Alpha Architecture Handbook, 5.6.1.3 and 5.6.2',
  question: [
    'The writer stores the data, passes WMB and stores a pointer to it. The reader loads the pointer (LDQ R4) and then the data that it points to (LDQ R5,0(R4)). Table 5-1 of the handbook lists the pairs of accesses that a processor keeps in order. Is this pair in it?',
  ],
  asked: 'Can the reader get the new pointer and the old data?',
  switches: [{ name: 'between the two loads', positions: ['nothing', 'MB'] }],
  variants: [
    variant('nothing between the loads', alphaHardware('quick-quiz'), 'nothing'),
    variant('MB between the loads', alphaHardware('quick-quiz+mb'), 'MB'),
  ],
  machines: ['sc', 'alpha', 'alpha-linux'],
  era: '2.6',
  story: { variant: 'nothing between the loads', machine: 'alpha' },
  answer: [
    'It is not: two reads are ordered if they are of the same location, or if an MB stands between them. That the one needs the other for its address is no reason. In the hardware that did this (the 21264), the invalidation of the old line waits in a queue that the answer to the load of the pointer overtakes; an MB empties the queue.',
  ],
};

const loadLocked: Quiz = {
  name: 'llsc',
  title: 'Load-locked, store-conditional',
  source: 'Alpha Architecture Handbook, 4.2.4, 4.2.5 and 5.6.1.8',
  question: [
    'LDQ_L reads a location and notes it; STQ_C writes it only if no other processor has written it since, and says whether it did. Two processors increment a counter in this way. And in store buffering, let each store be such a pair. What is promised, and what is not?',
  ],
  asked: 'Is what one would not want possible?',
  switches: [
    {
      name: 'the question',
      positions: [
        'both succeed, one increment is lost',
        'a plain increment is lost',
        'store buffering',
        'store buffering with MB',
        'a store in between goes unnoticed',
      ],
    },
  ],
  variants: [
    variant(
      'both STQ_C succeed, one increment is lost',
      alphaHardware('llsc-increments'),
      'both succeed, one increment is lost',
    ),
    variant('LDQ and STQ: an increment is lost', alphaHardware('increments'), 'a plain increment is lost'),
    variant(
      'a store in between goes unnoticed',
      alphaHardware('llsc-store-between'),
      'a store in between goes unnoticed',
    ),
    variant('store buffering with LDQ_L/STQ_C', alphaHardware('SB+llscs'), 'store buffering'),
    variant('the same with MB before the load', alphaHardware('SB+llsc-mbs'), 'store buffering with MB'),
  ],
  machines: ['sc', 'alpha', 'alpha-linux'],
  era: '2.6',
  story: { variant: 'store buffering with LDQ_L/STQ_C', machine: 'alpha' },
  answer: [
    'The pair is atomic: between the two, no other processor writes the location. It is no barrier: a load behind a successful STQ_C may still be served before that store is visible. Locks made of it need an MB at each end.',
  ],
};

const oneLocation: Quiz = {
  name: 'coherence',
  title: 'One location',
  source: 'Alpha Architecture Handbook, 5.6.2, tests 1 to 3',
  question: [
    'Alpha may return old data though new data has been seen elsewhere. Two loads of the same location, with nothing between them: can the first return the new value and the second the old one?',
  ],
  asked: 'Can a CPU see one location go back in time?',
  switches: [{ name: 'the program', positions: ['two loads', 'after an own store', 'two observers'] }],
  variants: [
    variant('two loads (test 1)', alphaHardware('test-1'), 'two loads'),
    variant('after an own store (test 2)', alphaHardware('test-2'), 'after an own store'),
    variant('a third CPU looks on (test 3)', alphaHardware('test-3'), 'two observers'),
  ],
  machines: ['sc', 'alpha', 'alpha-linux'],
  era: '2.6',
  answer: [
    'Not on these, nor on any machine that Linux counts on. For one location there is one order of writes, and each CPU sees it going forward: this is coherence, and caches see to it. All that this tool is about begins with the second location.',
  ],
};

export const hardwareQuizzes: readonly Quiz[] = [
  x86Fences,
  forwarding,
  quickQuizInAssembly,
  loadLocked,
  oneLocation,
];
