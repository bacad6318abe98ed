import { describe, expect, it } from '@jest/globals';
import { check, checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { limitWarnings, selfWaitText } from '../../src/report/index.js';
import { shippedModel } from '../models.js';

const lkmm = { target: { architecture: 'lkmm', era: '6.x' } } as const;

function testOf(...lines: readonly string[]) {
  const body = `P0(int *x, spinlock_t *l, struct srcu_struct *s, struct srcu_struct *t) {\nint i; int j;\n${lines.join('\n')}\n}`;
  return parseLitmus(new Source('test.litmus', `C test\n{ }\n${body}\nexists (x=0)\n`));
}

const said = (...lines: readonly string[]) =>
  check(testOf(...lines), shippedModel('lkmm'), lkmm).selfWaits.map(selfWaitText);

// The first line that is given is line 5.
describe('a thread that waits for itself', () => {
  it('is named, with what it waits for', () => {
    expect(
      said('rcu_read_lock();', 'WRITE_ONCE(*x, 1);', 'synchronize_rcu();', 'rcu_read_unlock();'),
    ).toEqual(['there is no execution: P0 waits in line 7 for a read-side section of its own, since line 5']);
    expect(said('i = srcu_read_lock(s);', 'synchronize_srcu(s);', 'srcu_read_unlock(s, i);')).toEqual([
      'there is no execution: P0 waits in line 6 for a read-side section of its own, since line 5',
    ]);
    expect(said('spin_lock(l);', 'spin_lock(l);', 'spin_unlock(l);', 'spin_unlock(l);')).toEqual([
      'there is no execution: P0 waits in line 6 for a lock that it holds, since line 5',
    ]);
  });

  it('is not one that waits for another structure, or after its section, or where it need not go', () => {
    expect(said('i = srcu_read_lock(s);', 'synchronize_srcu(t);', 'srcu_read_unlock(s, i);')).toEqual([]);
    expect(said('rcu_read_lock();', 'rcu_read_unlock();', 'synchronize_rcu();')).toEqual([]);
    expect(said('spin_lock(l);', 'spin_unlock(l);', 'spin_lock(l);', 'spin_unlock(l);')).toEqual([]);
    expect(said('rcu_read_lock();', 'if (READ_ONCE(*x)) synchronize_rcu();', 'rcu_read_unlock();')).toEqual(
      [],
    );
  });

  it('is told beside the lines of herd7, which stay as they are', () => {
    const test = testOf('rcu_read_lock();', 'synchronize_rcu();', 'rcu_read_unlock();');
    expect(limitWarnings(test, check(test, shippedModel('lkmm'), lkmm))).toBe(
      'Warning: File "test.litmus": deadlock: there is no execution: P0 waits in line 6 for a read-side section of its own, since line 5\n',
    );
  });

  it('is told by both engines on machines', () => {
    const test = testOf('i = srcu_read_lock(s);', 'synchronize_srcu(s);', 'srcu_read_unlock(s, i);');
    const options = { target: { architecture: 'i386', era: '6.x' } } as const;
    const both = [check(test, shippedModel('i386'), options), checkOnMachine(test, 'i386', options)];
    expect(both.map(({ selfWaits }) => selfWaits.map(({ waitsFor }) => waitsFor))).toEqual([
      ['section'],
      ['section'],
    ]);
  });
});
