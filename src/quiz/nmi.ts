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
  story: { variant: 'plain load in do_nmi()', machine: 'alpha-linux', walk: 'alpha-21264' },
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

const everywhere = [...machines, 'lkmm'] as const;

const gracePeriod: Quiz = {
  name: 'grace-period',
  title: 'When may the data of a handler be freed?',
  source: seed,
  question: [
    'A handler is taken away: unset_nmi_callback() puts the dummy handler back, synchronize_sched() waits for a grace period, and kfree() frees the data of the old handler. The pointer is already changed when the wait begins, and no NMI that comes later will find the old handler. What is the wait for? And could it come first?',
  ],
  asked: 'Can the handler use its data after it is freed?',
  error: 'use-after-free',
  switches: [
    { name: 'the grace period', positions: ['after the handler is unset', 'before it', 'none'] },
    { name: 'the handler is', positions: ['unset', 'left set'] },
    { name: 'the NMI arrives on', positions: ['another CPU', 'the same CPU'] },
  ],
  variants: [
    variant('as the document has it', 'lifetime', 'after the handler is unset', 'unset', 'another CPU'),
    variant('no grace period', 'lifetime-no-grace-period', 'none', 'unset', 'another CPU'),
    variant('grace period first', 'lifetime-early-grace-period', 'before it', 'unset', 'another CPU'),
    variant(
      'the handler stays set',
      'lifetime-no-unset',
      'after the handler is unset',
      'left set',
      'another CPU',
    ),
    variant('no grace period, NMI on the same CPU', 'lifetime-same-cpu', 'none', 'unset', 'the same CPU'),
  ],
  machines: everywhere,
  era: '2.6',
  story: { variant: 'no grace period', machine: 'sc' },
  answer: [
    'The wait is for handlers that were called before the pointer changed and are still running: on sc as on Alpha, for no barrier ends a handler. A grace period ends when every section that had begun has ended, and nmi_enter() and nmi_exit() make the handler a section. It has to come after the pointer is changed: one that comes before does not wait for a handler that starts in between.',
    'Only an NMI on the very CPU that frees needs no wait: that CPU cannot free anything while a handler runs on it.',
  ],
};

const throughAPointer: Quiz = {
  name: 'pointer',
  title: 'A handler that reads a global, and one that reads what it is given',
  source: 'Linux, Documentation/RCU/rcu_dereference.rst; Alglave, Maranget, McKenney, Parri, Stern 2018',
  question: [
    'do_nmi() loads a pointer with rcu_dereference(). In the one form it is a function pointer, and the function that is called reads a global variable. In the other form it points to the data, and the handler reads through it. Does rcu_dereference() see to it that the data is new, whichever form is used and wherever the kernel runs?',
  ],
  asked: 'Can the handler read the old data?',
  switches: [{ name: 'the handler reads', positions: ['a global', 'through the pointer'] }],
  variants: [
    variant('a global, after a call through the pointer', 'other-cpu-global', 'a global'),
    variant('through the pointer itself', 'other-cpu-argument', 'through the pointer'),
  ],
  machines: everywhere,
  era: '2.6',
  story: { variant: 'a global, after a call through the pointer', machine: 'lkmm' },
  answer: [
    'On these machines, yes: i386 keeps loads in order anyway, and on Alpha rcu_dereference() is a barrier, which orders all that follows. But the kernel runs elsewhere, too, and lkmm stands for all of it. Arm and POWER keep a load behind the load that gave its address, and not behind a branch or a call that the earlier load decided: they guess where it goes. So rcu_dereference() promises order for what is read through the pointer, and for nothing else.',
  ],
};

export const nmiQuizzes: readonly Quiz[] = [quickQuiz, sameCpu, gracePeriod, throughAPointer, counts];
