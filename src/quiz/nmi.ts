import type { Quiz, Variant } from './quiz.js';

const machines = ['sc', 'i386', 'pso', 'alpha', 'alpha-linux'] as const;

const seed = 'Linux, Documentation/RCU/NMI-RCU.txt';

const variant = (label: string, test: string, ...at: string[]): Variant => ({
  label,
  test: `nmi/${test}.litmus`,
  at,
});

const ASSIGN = 'rcu_assign_pointer()';
const DEREFERENCE = 'rcu_dereference()';

const switches = [
  { name: 'the store of the pointer', positions: [ASSIGN, 'plain'] },
  { name: 'the load of the pointer', positions: [DEREFERENCE, 'plain'] },
  { name: 'the data is initialised', positions: ['before', 'after'] },
  { name: 'the NMI arrives on', positions: ['another CPU', 'the same CPU'] },
];

/** The Quick Quiz that this project began with. */
const quickQuiz: Quiz = {
  name: 'nmi',
  title: `Quick Quiz (${seed})`,
  source: seed,
  question: [
    'do_nmi() calls the NMI handler through the pointer nmi_callback, which set_nmi_callback() may change at any time.',
    "The handler's code is read-only. Why might the load of the pointer need rcu_dereference() on Alpha, and not on i386?",
  ],
  asked: 'Can the new handler run with the old data?',
  switches,
  variants: [
    variant('as the document has it', 'other-cpu-global', ASSIGN, DEREFERENCE, 'before', 'another CPU'),
    variant(
      'plain load in do_nmi()',
      'other-cpu-global-plain-load',
      ASSIGN,
      'plain',
      'before',
      'another CPU',
    ),
    variant(
      'plain store in set_nmi_callback()',
      'other-cpu-global-plain-store',
      'plain',
      DEREFERENCE,
      'before',
      'another CPU',
    ),
    variant('neither primitive', 'other-cpu-global-plain-both', 'plain', 'plain', 'before', 'another CPU'),
    variant(
      'data initialised too late',
      'other-cpu-global-late-init',
      ASSIGN,
      DEREFERENCE,
      'after',
      'another CPU',
    ),
    variant('NMI on the same CPU', 'same-cpu-global', ASSIGN, DEREFERENCE, 'before', 'the same CPU'),
    variant(
      'plain load, NMI on the same CPU',
      'same-cpu-global-plain-load',
      ASSIGN,
      'plain',
      'before',
      'the same CPU',
    ),
    variant(
      'neither, NMI on the same CPU',
      'same-cpu-global-plain-both',
      'plain',
      'plain',
      'before',
      'the same CPU',
    ),
  ],
  machines,
  era: '2.6',
  story: { variant: 'plain load in do_nmi()', machine: 'alpha-linux' },
  answer: [
    "Whoever calls set_nmi_callback() may have initialised data for the new handler just before. Without rcu_dereference(), a CPU that takes an NMI right after the handler was set can see the pointer to the new handler, and still the old, uninitialised version of that handler's data: Alpha orders neither two loads, nor a load that depends on another. i386 keeps loads in order, so there the plain load does. And in any case rcu_dereference() tells whoever reads the code that RCU protects the pointer.",
  ],
};

const sameCpu: Quiz = {
  name: 'same-cpu',
  title: 'The NMI that hits the CPU that sets the handler',
  source: `${seed}; Alpha Architecture Handbook, 5.6`,
  question: [
    'set_nmi_callback() runs on a CPU, and the NMI arrives on that very CPU, perhaps between the initialisation of the data and the store of the pointer. Neither rcu_assign_pointer() nor rcu_dereference() is used. Is the handler in danger of old data?',
  ],
  asked: 'Can the new handler run with the old data?',
  switches: [switches[0], switches[1], switches[2]],
  variants: [
    variant('neither primitive', 'same-cpu-global-plain-both', 'plain', 'plain', 'before'),
    variant('plain load', 'same-cpu-global-plain-load', ASSIGN, 'plain', 'before'),
    variant('plain store', 'same-cpu-global-plain-store', 'plain', DEREFERENCE, 'before'),
    variant('both primitives', 'same-cpu-global', ASSIGN, DEREFERENCE, 'before'),
    variant('data initialised too late', 'same-cpu-global-late-init', ASSIGN, DEREFERENCE, 'after'),
  ],
  machines,
  era: '2.6',
  story: { variant: 'data initialised too late', machine: 'sc' },
  answer: [
    "No: the handler's accesses stand in the program order of the CPU that it interrupts, after the stores that came before it. A CPU always sees its own stores, wherever they wait, on the weakest machine too. Barriers order what other CPUs see; between a CPU and its own interrupt handler the compiler's barrier() is enough.",
    'What no barrier mends is code that sets the handler before its data is ready: an NMI may come in between.',
  ],
};

const counts: Quiz = {
  name: 'count',
  title: 'Counting interrupts without a lock',
  source: seed,
  question: [
    'do_nmi() counts with ++nmi_count(cpu), a load and a store that nothing makes atomic. Two CPUs may take an NMI at the same time, and an NMI may hit a CPU at any point. Can a count be lost?',
  ],
  asked: 'Can a count be lost?',
  switches: [{ name: 'the count belongs to', positions: ['each CPU', 'all CPUs'] }],
  variants: [
    variant('a count for each CPU', 'count', 'each CPU'),
    variant('one count for all', 'count-shared', 'all CPUs'),
  ],
  machines,
  era: '2.6',
  story: { variant: 'one count for all', machine: 'sc' },
  answer: [
    'Not as the document has it: each CPU increments its own count, and NMIs do not nest, so that nothing comes between the load and the store that touches the same count. With one count for all CPUs, two of them can load the same number and store the same successor, on every machine: memory order has nothing to do with it.',
  ],
};

export const nmiQuizzes: readonly Quiz[] = [quickQuiz, sameCpu, counts];
