import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { check, checkOnMachine, parseLitmus, Source, shippedModel } from '../../src/index.js';
import { runs } from '../seed.js';

/*
 * Circles of values that lead through the address of a load: what the load returns does not depend on where
 * it was sent, as far as the Alpha handbook's dependence constraint goes (5.6.1.7), unless the location
 * might be the one that is stored to. So it may return x = 1 first, that be stored to y, y be read, and the pointer
 * to x be stored that the load is found to have been sent to.
 */
const outcome = 'exists (0:r0=1 /\\ 1:r1=1)';
const machines = ['alpha', 'alpha-linux'] as const;

function verdicts(text: string): string[] {
  const test = parseLitmus(new Source('circle', text));
  return machines.flatMap((name) => {
    const target =
      test.program.dialect === 'C' ? { target: { architecture: name, era: '2.6' } as const } : {};
    return [check(test, shippedModel(name), target), checkOnMachine(test, name, target)].map(
      ({ verdict }) => verdict,
    );
  });
}

const choosers = {
  ternary: 'int *q = r0 == 1 ? x : z; WRITE_ONCE(*p, q);',
  branch: 'if (r0 == 1) WRITE_ONCE(*p, x); else WRITE_ONCE(*p, z);',
  register: 'int *q = z; if (r0 == 1) q = x; WRITE_ONCE(*p, q);',
  both: 'int *q = (r0 == 1 && r0 != 0) ? x : z; WRITE_ONCE(*p, q);',
};
const users = {
  itself: 'WRITE_ONCE(*y, r1);',
  ternary: 'int s = r1 == 1 ? 1 : 0; WRITE_ONCE(*y, s);',
  branch: 'if (r1 == 1) WRITE_ONCE(*y, 1);',
  sum: 'WRITE_ONCE(*y, r1 + 0);',
  // What others count without end is no reason to know less.
  count: 'WRITE_ONCE(*y, r1); int c = atomic_fetch_inc((atomic_t *)p2);',
};
const barriers = { none: '', mb: 'smp_mb();', wmb: 'smp_wmb();', rmb: 'smp_rmb();' };
const names = <T extends object>(choices: T) => fc.constantFrom(...(Object.keys(choices) as (keyof T)[]));

function circle(chooser: string, user: string, first: string, second: string): string {
  return `C circle
{ x=1; z=0; y=0; p=z; 1:p2=x; }
P0(int *x, int *y, int *z, int **p) { int r0 = READ_ONCE(*y); ${first} ${chooser} }
P1(int *p2, int *y, int **p) { int *q = READ_ONCE(*p); ${second} int r1 = READ_ONCE(*q); ${user} }
${outcome}`;
}

describe('circles of values through the address of a load', () => {
  it.each(Object.entries(choosers))('happen on Alpha, with a pointer chosen by %s', (_, chooser) => {
    for (const user of Object.values(users))
      expect(verdicts(circle(chooser, user, '', ''))).toEqual(Array(4).fill('Sometimes'));
  });

  it('happen with an address that is computed', () => {
    const text = `C circle
{ int a[2] = {0, 1}; y=0; p=a; }
P0(int *y, int *a, int **p) { int r0 = READ_ONCE(*y); WRITE_ONCE(*p, a + r0); }
P1(int *y, int **p) { int *q = READ_ONCE(*p); int r1 = READ_ONCE(*q); WRITE_ONCE(*y, r1); }
${outcome}`;
    expect(verdicts(text)).toEqual(Array(4).fill('Sometimes'));
  });

  it.each([
    ['a conditional move', ['BIS R4,R31,R6', 'CMOVNE R5,R3,R6', '', '']],
    ['a branch', ['BIS R4,R31,R6', 'BEQ R5,OUT', 'BIS R3,R31,R6', 'OUT:']],
  ])('happen in assembly, with an address chosen by %s', (_, [a, b, c, d]) => {
    const text = `Alpha circle
{ x=1; z=0; p=z; 0:R1=y; 0:R2=p; 0:R3=x; 0:R4=z; 1:R1=p; 1:R2=y; }
P0           | P1           ;
LDQ R5,0(R1) | LDQ R3,0(R1) ;
${a} | LDQ R4,0(R3) ;
${b} | STQ R4,0(R2) ;
${c} | ;
${d} | ;
STQ R6,0(R2) | ;
exists (0:R5=1 /\\ 1:R4=1)`;
    expect(verdicts(text)).toEqual(Array(4).fill('Sometimes'));
  });

  it('do not happen where a barrier keeps the loads in order and a dependence does the rest', () => {
    // By the letter of the handbook, dependence puts nothing in order: with an MB on one side, it is allowed.
    const expected = ['Sometimes', 'Sometimes', 'Never', 'Never'];
    for (const barrier of [barriers.mb, barriers.rmb])
      expect(verdicts(circle(choosers.ternary, users.itself, '', barrier))).toEqual(expected);
    for (const user of Object.values(users))
      expect(verdicts(circle(choosers.ternary, user, barriers.mb, barriers.mb))).toEqual(
        Array(4).fill('Never'),
      );
  });

  it('are found by both engines alike, on random ones', () => {
    fc.assert(
      fc.property(
        names(choosers),
        names(users),
        names(barriers),
        names(barriers),
        (chooser, user, first, second) => {
          const text = circle(choosers[chooser], users[user], barriers[first], barriers[second]);
          const [alpha, alphaMachine, linux, linuxMachine] = verdicts(text);
          expect([alphaMachine, linuxMachine]).toEqual([alpha, linux]);
        },
      ),
      runs(50),
    );
  });

  it('are no reason to refuse an address that one of many values chooses', () => {
    const text = `C circle
{ x=1; z=0; y=0; p=y; }
P0(int *x, int *y, int *z, int **p) { int r0 = READ_ONCE(*y); ${choosers.both} }
P1(int *y, int **p) {
  int *q = READ_ONCE(*p); int r1 = READ_ONCE(*q); int r2 = 2;
  if (r1 == 1) r2 = 1;
  int r3 = cmpxchg(y, 0, r2); int r4 = atomic_fetch_add(r2 ^ r1, (atomic_t *)y);
}
${outcome}`;
    expect(verdicts(text)).toEqual(Array(4).fill('Sometimes'));
  });
});
