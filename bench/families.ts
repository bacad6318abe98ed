import type { TargetName } from '../src/kernel/index.js';

/**
 * Families of tests that grow with a number: what an engine answers of them in how many steps shows how it
 * scales. Each has a condition that can be reached under every model, and one that cannot be under the models
 * that it is meant for.
 */
export interface FamilyTest {
  readonly name: string;
  /** A C litmus test whose condition can be reached, or cannot. */
  text(reachable: boolean): string;
}

/** The barrier that stands between two accesses of one thread. */
type Barrier = '' | 'smp_mb();' | 'smp_wmb();' | 'smp_rmb();';

const range = (n: number, from = 0): number[] => Array.from({ length: n }, (_, index) => index + from);

/** `P0(int *x, int *y) { ... }` */
function thread(number: number, places: readonly string[], lines: readonly string[]): string {
  const parameters = places.map((place) => `int *${place}`).join(', ');
  return `P${number}(${parameters})\n{\n${lines
    .filter(Boolean)
    .map((line) => `\t${line}`)
    .join('\n')}\n}\n`;
}

function litmus(name: string, threads: readonly string[], condition: string): string {
  return `C ${name}\n{ }\n${threads.join('\n')}\nexists (${condition})\n`;
}

const all = (parts: readonly string[]): string => parts.join(' /\\ ');
const some = (parts: readonly string[]): string => parts.join(' \\/ ');

/**
 * Store buffering in a ring: each thread stores to its place, then reads its neighbour's. Under sc, not all
 * can miss.
 */
export function sb(n: number, barrier: Barrier = ''): FamilyTest {
  const name = `sb-${n}${barrier ? '+mb' : ''}`;
  const threads = range(n).map((i) => {
    const [own, next] = [`x${i}`, `x${(i + 1) % n}`];
    return thread(i, [own, next], [`WRITE_ONCE(*${own}, 1);`, barrier, `int r0 = READ_ONCE(*${next});`]);
  });
  const text = (reachable: boolean) =>
    litmus(name, threads, all(range(n).map((i) => `${i}:r0=${reachable && i === 0 ? 1 : 0}`)));
  return { name, text };
}

/** Message passing over n hops; n = 2 is ISA2. Reachable: the last flag is seen, and the message. */
export function mpChain(n: number, first: Barrier = '', later: Barrier = ''): FamilyTest {
  const name = `mp-chain-${n}${first || later ? '+barriers' : ''}`;
  const threads = [
    thread(0, ['x', 'f1'], ['WRITE_ONCE(*x, 1);', first, 'WRITE_ONCE(*f1, 1);']),
    ...range(n - 1, 1).map((i) => {
      const [from, to] = [`f${i}`, `f${i + 1}`];
      return thread(i, [from, to], [`int r0 = READ_ONCE(*${from});`, later, `WRITE_ONCE(*${to}, 1);`]);
    }),
    thread(n, [`f${n}`, 'x'], [`int r0 = READ_ONCE(*f${n});`, later, 'int r1 = READ_ONCE(*x);']),
  ];
  const hops = range(n, 1).map((i) => `${i}:r0=1`);
  const text = (reachable: boolean) => litmus(name, threads, all([...hops, `${n}:r1=${reachable ? 1 : 0}`]));
  return { name, text };
}

/**
 * Independent reads of independent writes: n writers, and n readers, each of which sees the write of one and
 * misses the next one's.
 */
export function iriw(n: number, barrier: Barrier = ''): FamilyTest {
  const name = `iriw-${n}${barrier ? '+mb' : ''}`;
  const threads = range(n).map((i) => thread(i, [`x${i}`], [`WRITE_ONCE(*x${i}, 1);`]));
  for (const i of range(n)) {
    const [own, next] = [`x${i}`, `x${(i + 1) % n}`];
    const reads = [`int r0 = READ_ONCE(*${own});`, barrier, `int r1 = READ_ONCE(*${next});`];
    threads.push(thread(n + i, [own, next], reads));
  }
  const seen = range(n).map((i) => `${n + i}:r0=1`);
  const missed = (reachable: boolean) => range(n).map((i) => `${n + i}:r1=${reachable && i === 0 ? 1 : 0}`);
  const text = (reachable: boolean) => litmus(name, threads, all([...seen, ...missed(reachable)]));
  return { name, text };
}

/**
 * The code of NMI-RCU.txt: a CPU sets m handlers one after the other, and takes each away again, while an NMI
 * arrives on each of n other CPUs. Reachable: a handler sees its data. Unreachable with rcu_dereference():
 * some handler sees old data.
 */
export function nmi(n: number, m: number, dereference: boolean): FamilyTest {
  const name = `nmi-${n}-${m}${dereference ? '+rcu_dereference' : ''}`;
  const load = dereference ? 'rcu_dereference(nmi_callback)' : 'nmi_callback';
  const handlers = range(m, 1).map(
    (j) => `static int data${j};\nstatic int handler${j}(void)\n{\n\treturn data${j};\n}\n`,
  );
  const setter = range(m, 1).flatMap((j) => [
    `data${j} = 1;`,
    `rcu_assign_pointer(nmi_callback, handler${j});`,
    'rcu_assign_pointer(nmi_callback, dummy);',
  ]);
  const text = (reachable: boolean) =>
    [
      `C ${name}\n{ }\ntypedef int (*callback_t)(void);\n`,
      'static int dummy(void)\n{\n\treturn -1;\n}\n',
      ...handlers,
      'static callback_t nmi_callback = dummy;\n',
      `static int do_nmi(void)\n{\n\tint r;\n\tnmi_enter();\n\tr = ${load}();\n\tnmi_exit();\n\treturn r;\n}\n`,
      thread(0, [], setter),
      ...range(n, 1).map((i) => `P${i}(void)\n{\n}\n`),
      ...range(n, 1).map((i) => `__nmi(P${i}) P${n + i}(void)\n{\n\tint r0 = do_nmi();\n}\n`),
      `exists (${some(range(n, 1).map((i) => `${n + i}:r0=${reachable ? 1 : 0}`))})\n`,
    ].join('\n');
  return { name, text };
}

/**
 * Each thread adds a bit of its own to x, load then store. Reachable: none is lost. Unreachable: a sum with a
 * carry.
 */
export function inc(n: number): FamilyTest {
  const name = `inc-${n}`;
  const threads = range(n).map((i) =>
    thread(i, ['x'], ['int r0 = READ_ONCE(*x);', `WRITE_ONCE(*x, r0 + ${2 ** i});`]),
  );
  return { name, text: (reachable) => litmus(name, threads, `x=${reachable ? 2 ** n - 1 : 2 ** n}`) };
}

/** Each thread increments x and then y, atomically. Unreachable: an increment is lost. */
export function binc(n: number): FamilyTest {
  const name = `binc-${n}`;
  const threads = range(n).map((i) => thread(i, ['x', 'y'], ['atomic_inc(x);', 'atomic_inc(y);']));
  return { name, text: (reachable) => litmus(name, threads, `x=${reachable ? n : n - 1}`) };
}

/**
 * n stores to x, each of its own thread, and a reader. Unreachable: it sees a value that it has seen
 * overwritten.
 */
export function nwriters(n: number): FamilyTest {
  const name = `nwriters-${n}`;
  const threads = range(n).map((i) => thread(i, ['x'], [`WRITE_ONCE(*x, ${i + 1});`]));
  threads.push(
    thread(
      n,
      ['x'],
      range(3).map((i) => `int r${i} = READ_ONCE(*x);`),
    ),
  );
  const text = (reachable: boolean) =>
    litmus(name, threads, `${n}:r0=1 /\\ ${n}:r1=${n} /\\ ${n}:r2=${reachable ? 2 : 1}`);
  return { name, text };
}

/**
 * Two threads store x, read y or z, and read x; n threads store y and z. Unreachable: each of the two sees
 * the other's x as the last.
 */
export function coa(n: number): FamilyTest {
  const name = `coa-${n}`;
  const two = ['y', 'z'].map((place, i) => {
    const lines = [`WRITE_ONCE(*x, ${i + 1});`, `int r0 = READ_ONCE(*${place});`, 'int r1 = READ_ONCE(*x);'];
    return thread(i, ['x', place], lines);
  });
  const others = range(n, 2).map((i) =>
    thread(i, ['y', 'z'], [`WRITE_ONCE(*y, ${i - 1});`, `WRITE_ONCE(*z, ${i - 1});`]),
  );
  const text = (reachable: boolean) =>
    litmus(name, [...two, ...others], `0:r0=${n} /\\ 0:r1=2 /\\ 1:r0=1 /\\ 1:r1=${reachable ? 2 : 1}`);
  return { name, text };
}

const MB = 'smp_mb();';
const WMB = 'smp_wmb();';

/** The sizes that verdicts are measured on, and the models. */
export const verdictFamilies: readonly (readonly [FamilyTest, readonly TargetName[]])[] = [
  [sb(24), ['sc', 'i386']],
  [sb(24, MB), ['lkmm']],
  [mpChain(16), ['alpha', 'lkmm']],
  [mpChain(16, WMB, MB), ['alpha', 'lkmm']],
  [iriw(8), ['i386', 'lkmm']],
  [nmi(2, 1, true), ['i386', 'alpha-linux', 'alpha']],
  [nmi(2, 1, false), ['i386', 'alpha-linux', 'alpha']],
  [nmi(6, 4, true), ['i386', 'alpha']],
  [nmi(6, 4, false), ['i386', 'alpha']],
  [inc(10), ['sc', 'i386']],
  [binc(10), ['sc', 'i386']],
  [nwriters(12), ['sc', 'i386']],
  [coa(8), ['sc', 'i386']],
];
