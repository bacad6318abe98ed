import { Source } from '../../src/diagnostics.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';

/** A program that grows with a number, as a C litmus test whose `locations` name what its final states show. */
export type Family = (n: number) => LitmusTest;

interface Shape {
  /** What each thread does, without declarations: `x` is the location x, and `r1 = x` loads it. */
  readonly threads: readonly string[];
  /** Shared locations. */
  readonly shared: readonly string[];
  /** Registers that the final states show beside the shared locations: `0:r1`. */
  readonly shown?: readonly string[];
}

const count = <Item>(n: number, make: (i: number) => Item): Item[] =>
  Array.from({ length: n }, (_, i) => make(i));

function test(name: string, { threads, shared, shown = [] }: Shape): LitmusTest {
  const parameters = shared.map((location) => `int *${location}`).join(', ');
  const text = [
    `C ${name}`,
    '{}',
    ...threads.map((body, i) => `P${i}(${parameters}) {\n${body}\n}`),
    `locations [${[...shown, ...shared].join('; ')};]`,
    'exists (true)',
  ].join('\n');
  return parseLitmus(new Source(`${name}.litmus`, text));
}

/**
 * Two threads that enter a critical section by turns. `enter` and `leave` are about the own number and the other's; the section stores
 * the thread's number to x and reads it back, which must return it.
 */
function exclusion(
  name: string,
  rounds: number,
  locations: readonly string[],
  enter: (own: number, other: number) => string,
  leave: (own: number, other: number) => string,
): LitmusTest {
  const body = (own: number): string =>
    count(rounds, (round) =>
      [
        enter(own, 3 - own),
        `WRITE_ONCE(*x, ${own}); int r${round} = READ_ONCE(*x); smp_mb();`,
        leave(own, 3 - own),
      ].join('\n'),
    ).join('\n');
  return test(name, {
    threads: [body(1), body(2)],
    shared: [...locations, 'x'],
    shown: [0, 1].flatMap((thread) => count(rounds, (round) => `${thread}:r${round}`)),
  });
}

/**
 * The families that model checkers are commonly measured with, after the synthetic tests of GenMC (Kokologiannakis and Vafeiadis, GenMC: a
 * model checker for weak memory models, CAV 2021). Where those assume a condition, these wait for it.
 */
export const families = {
  /** n threads add different powers of two to x, by a load and a store. */
  inc: (n) =>
    test(`inc${n}`, {
      threads: count(n, (i) => `int r = READ_ONCE(*x); WRITE_ONCE(*x, r + ${2 ** i});`),
      shared: ['x'],
    }),
  /** n threads each increment x and then y, atomically. */
  binc: (n) =>
    test(`binc${n}`, { threads: count(n, () => 'atomic_inc(x); atomic_inc(y);'), shared: ['x', 'y'] }),
  /** n threads each swap 1 for 0 in x, and then store a value of their own. */
  casw: (n) =>
    test(`casw${n}`, {
      threads: count(n, (i) => `cmpxchg(x, 0, 1); WRITE_ONCE(*x, ${i + 3});`),
      shared: ['x'],
    }),
  /** n threads each store a value of their own to x, and one reads it. */
  nwriters: (n) =>
    test(`nwriters${n}`, {
      threads: [...count(n, (i) => `WRITE_ONCE(*x, ${i + 1});`), 'int r = READ_ONCE(*x);'],
      shared: ['x'],
      shown: [`${n}:r`],
    }),
  /** Two threads store x, read y or z, and read x; n threads store a value of their own to y and z. */
  coa: (n) =>
    test(`coa${n}`, {
      threads: [
        'WRITE_ONCE(*x, 1); int r1 = READ_ONCE(*y); int r2 = READ_ONCE(*x);',
        'WRITE_ONCE(*x, 2); int r1 = READ_ONCE(*z); int r2 = READ_ONCE(*x);',
        ...count(n, (i) => `WRITE_ONCE(*y, ${i + 1}); WRITE_ONCE(*z, ${i + 1});`),
      ],
      shared: ['x', 'y', 'z'],
      shown: ['0:r1', '0:r2', '1:r1', '1:r2'],
    }),
  /** A ring: each of n threads stores to its own location and reads its neighbour's. */
  sb: (n) =>
    test(`sb${n}`, {
      threads: count(n, (i) => `WRITE_ONCE(*x${i}, 1); int r = READ_ONCE(*x${(i + 1) % n});`),
      shared: count(n, (i) => `x${i}`),
      shown: count(n, (i) => `${i}:r`),
    }),
  /** Szymanski, A simple solution to Lamport's concurrent programming problem (ICS 1988): two threads, n rounds. */
  szymanski: (n) =>
    exclusion(
      `szymanski${n}`,
      n,
      ['flag1', 'flag2'],
      (own, other) =>
        [
          `WRITE_ONCE(*flag${own}, 1); smp_mb(); while (READ_ONCE(*flag${other}) >= 3) ;`,
          `WRITE_ONCE(*flag${own}, 3); smp_mb();`,
          `if (READ_ONCE(*flag${other}) == 1) {`,
          `  WRITE_ONCE(*flag${own}, 2); smp_mb(); while (READ_ONCE(*flag${other}) != 4) ;`,
          '}',
          `WRITE_ONCE(*flag${own}, 4); smp_mb(); while (READ_ONCE(*flag${other}) >= 2) ;`,
        ].join('\n'),
      (own, other) =>
        `while (READ_ONCE(*flag${other}) >= 2 && READ_ONCE(*flag${other}) <= 3) ; WRITE_ONCE(*flag${own}, 0);`,
    ),
  /** Peterson, Myths about the mutual exclusion problem (1981): two threads, n rounds. */
  peterson: (n) =>
    exclusion(
      `peterson${n}`,
      n,
      ['flag1', 'flag2', 'turn'],
      (own, other) =>
        `WRITE_ONCE(*flag${own}, 1); WRITE_ONCE(*turn, ${own}); smp_mb();\n` +
        `while (READ_ONCE(*flag${other}) == 1 && READ_ONCE(*turn) == ${own}) ;`,
      (own) => `WRITE_ONCE(*flag${own}, 0);`,
    ),
} satisfies Record<string, Family>;
