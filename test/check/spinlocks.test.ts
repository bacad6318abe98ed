import { describe, expect, it } from '@jest/globals';
import { check, checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { architectures, eras } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedModel } from '../models.js';

/** What both engines answer on each machine and kernel. */
function verdicts(code: string, condition: string): string[] {
  const test = parseLitmus(
    new Source('test.litmus', `C test\n${code.startsWith('{') ? '' : '{\n}\n'}${code}\n${condition}\n`),
  );
  const all = architectures.flatMap((architecture) =>
    eras.flatMap((era) => {
      const options = { target: { architecture, era } };
      return [check(test, shippedModel(architecture), options), checkOnMachine(test, architecture, options)];
    }),
  );
  return [...new Set(all.map(({ verdict }) => verdict))];
}

const increment = 'r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0 + 1);';
const thread = (head: string, body: string, variables = 'int r0;') =>
  `${head}(int *x, int *y, spinlock_t *l) { ${variables} ${body} }`;

describe('spinlocks on machines', () => {
  it('let one thread at a time in', () => {
    const body = `spin_lock(l); ${increment} spin_unlock(l);`;
    expect(verdicts(`${thread('P0', body)}\n${thread('P1', body)}`, 'exists (x=2)')).toEqual(['Always']);
  });

  it('order what is in one critical section before the next one', () => {
    const writes = 'WRITE_ONCE(*x, 1); spin_lock(l); WRITE_ONCE(*y, 1); spin_unlock(l);';
    const reads = 'spin_lock(l); r0 = READ_ONCE(*y); spin_unlock(l); r1 = READ_ONCE(*x);';
    const code = `${thread('P0', writes, '')}\n${thread('P1', reads, 'int r0; int r1;')}`;
    expect(verdicts(code, 'exists (1:r0=1 /\\ 1:r1=0)')).toEqual(['Never']);
  });

  it('are waited for by a grace period, as preemption is disabled', () => {
    const waits = 'WRITE_ONCE(*x, 1); synchronize_rcu(); WRITE_ONCE(*y, 1);';
    const reads = 'spin_lock(l); r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); spin_unlock(l);';
    const code = `${thread('P0', waits, '')}\n${thread('P1', reads, 'int r0; int r1;')}`;
    expect(verdicts(code, 'exists (1:r0=0 /\\ 1:r1=1)')).toEqual(['Never']);
  });

  describe('that are tried', () => {
    const attempt = `if (spin_trylock(l)) { ${increment} spin_unlock(l); r1 = 1; } else { r1 = 0; }`;
    const both = (body: string, more = '') =>
      `${thread('P0', body, 'int r0; int r1;')}\n${thread('P1', body, 'int r0; int r1;')}\n${more}`;

    it('let one thread at a time in, and the other go on without', () => {
      expect(verdicts(both(attempt), 'exists (0:r1=1 /\\ 1:r1=1 /\\ ~x=2)')).toEqual(['Never']);
      expect(verdicts(both(attempt), 'exists (x=2)')).toEqual(['Sometimes']);
      expect(verdicts(both(attempt), 'exists (0:r1=1 /\\ 1:r1=0 /\\ x=1)')).toEqual(['Sometimes']);
      expect(verdicts(both(attempt), 'exists (0:r1=0 /\\ 1:r1=0)')).toEqual(['Never']);
    });

    it('order what follows as those that are taken at once', () => {
      const writes = 'WRITE_ONCE(*x, 1); spin_lock(l); WRITE_ONCE(*y, 1); spin_unlock(l);';
      const reads = 'if (spin_trylock(l)) { r0 = READ_ONCE(*y); spin_unlock(l); r1 = READ_ONCE(*x); }';
      const code = `${thread('P0', writes, '')}\n${thread('P1', reads, 'int r0; int r1;')}`;
      expect(verdicts(code, 'exists (1:r0=1 /\\ 1:r1=0)')).toEqual(['Never']);
    });

    it.each([
      ['taken', 'if (spin_trylock(l)) { r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); spin_unlock(l); }', 'Never'],
      [
        'not taken',
        'if (spin_trylock(l)) spin_unlock(l); else { r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); }',
        'Sometimes',
      ],
    ])('are waited for by a grace period where they are %s', (_, reads, expected) => {
      const waits = 'WRITE_ONCE(*x, 1); synchronize_rcu(); WRITE_ONCE(*y, 1);';
      const holds = 'spin_lock(l); spin_unlock(l);';
      const code = [
        thread('P0', waits, ''),
        thread('P1', `r0 = 1; r1 = 0; ${reads}`, 'int r0; int r1;'),
        thread('P2', holds, ''),
      ].join('\n');
      expect(verdicts(code, 'exists (1:r0=0 /\\ 1:r1=1)')).toEqual([expected]);
    });
  });

  it('may be free only because of what a thread does that waits for them', () => {
    const code =
      'P0(int *x, spinlock_t *l) { int r0; WRITE_ONCE(*l, 0); spin_lock(l); spin_unlock(l); r0 = READ_ONCE(*l); }';
    const test = (threads: string) => `{ int l = 1; }\n${threads}`;
    expect(verdicts(test(code), 'exists (0:r0=0)')).toEqual(['Always']);
  });

  it('show whether they are taken', () => {
    const holds = 'spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l);';
    const looks = 'r0 = spin_is_locked(l);';
    const code = `${thread('P0', holds, '')}\n${thread('P1', looks)}`;
    expect(verdicts(code, 'exists (1:r0=1)')).toEqual(['Sometimes']);
    expect(verdicts(thread('P0', `spin_lock(l); ${looks} spin_unlock(l);`), 'exists (0:r0=1)')).toEqual([
      'Always',
    ]);
    expect(verdicts(thread('P0', `spin_lock(l); spin_unlock(l); ${looks}`), 'exists (0:r0=0)')).toEqual([
      'Always',
    ]);
  });

  it('are full barriers, of which the kernel makes use behind a lock, or behind an unlock and a lock', () => {
    const first =
      'WRITE_ONCE(*x, 1); spin_lock(l); smp_mb__after_spinlock(); r0 = READ_ONCE(*y); spin_unlock(l);';
    const second = 'WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);';
    const code = `${thread('P0', first)}\n${thread('P1', second)}`;
    expect(verdicts(code, 'exists (0:r0=0 /\\ 1:r0=0)')).toEqual(['Never']);
    const handed =
      'spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l); spin_lock(l); smp_mb__after_unlock_lock(); r0 = READ_ONCE(*y); spin_unlock(l);';
    expect(
      verdicts(`${thread('P0', handed)}\n${thread('P1', second)}`, 'exists (0:r0=0 /\\ 1:r0=0)'),
    ).toEqual(['Never']);
  });

  it.each([
    ['spin_lock_irq(l);', 'spin_unlock_irq(l);'],
    ['spin_lock_irqsave(l, flags);', 'spin_unlock_irqrestore(l, flags);'],
  ])('keep interrupt handlers out with %s', (lock, unlock) => {
    const own = thread(
      'P0',
      `${lock} ${increment} WRITE_ONCE(*y, 1); ${unlock}`,
      'int r0; unsigned long flags;',
    );
    const handler = (kind: string) =>
      `${kind}(P0) P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); }`;
    const inside = 'exists (1:r0=1 /\\ 1:r1=0)';
    expect(verdicts(`${own}\n${handler('__irq')}`, inside)).toEqual(['Never']);
    expect(verdicts(`${own}\n${handler('__nmi')}`, inside)).toEqual(['Sometimes']);
  });
});
