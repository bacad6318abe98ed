import { describe, expect, it } from '@jest/globals';
import { check, checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { architectures, eras } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedModel } from '../models.js';

/** What both engines answer on each machine and kernel. */
function verdicts(code: string, condition: string): string[] {
  const test = parseLitmus(new Source('test.litmus', `C test\n{\n}\n${code}\n${condition}\n`));
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
