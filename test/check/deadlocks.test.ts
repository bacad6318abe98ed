import { describe, expect, it } from '@jest/globals';
import { type CheckResult, check, checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { limitWarnings, placeText, textReport } from '../../src/report/index.js';
import { shippedModel } from '../models.js';

/** P0 has these lines, from line 5 of the test. */
function testOf(lines: readonly string[], ...others: readonly string[]) {
  const parameters = 'int *x, spinlock_t *k, spinlock_t *l, struct srcu_struct *s, struct srcu_struct *t';
  const body = `P0(${parameters}) {\n${['int i; int j;', ...lines].join('\n')}\n}`;
  const more = others.map((other) => `${other.replace('()', `(${parameters})`)}\n`).join('');
  return parseLitmus(new Source('test.litmus', `C test\n{ }\n${body}\n${more}exists (true)\n`));
}

type Test = ReturnType<typeof testOf>;

const machines = ['sc', 'i386', 'pso', 'alpha-linux', 'alpha'] as const;

function told(test: Test, { verdict, errorPlaces }: CheckResult): string {
  const places = [...errorPlaces].map(([name, place]) => `, ${name} in ${placeText(place, test.program)}`);
  return `${verdict}${places.join('')}`;
}

function under(test: Test, architecture: 'lkmm' | (typeof machines)[number]): string {
  return told(test, check(test, shippedModel(architecture), { target: { architecture, era: '6.x' } }));
}

/** What lkmm says, the models of machines, and the machines: each answer once. */
function answers(test: Test): string[] {
  const operational = machines.map((machine) => {
    const target = { architecture: machine, era: '6.x' } as const;
    return told(test, checkOnMachine(test, machine, { target }));
  });
  const axiomatic = (['lkmm', ...machines] as const).map((name) => under(test, name));
  return [...new Set([...axiomatic, ...operational])];
}

const locks = ['spin_lock(k);', 'spin_lock(l);', 'spin_unlock(l);', 'spin_unlock(k);'];
const inOrder = 'P1() { spin_lock(k); spin_lock(l); spin_unlock(l); spin_unlock(k); }';
const counter = 'P1() { spin_lock(l); spin_lock(k); spin_unlock(k); spin_unlock(l); }';
const takes = (kind: string) => `${kind}(P0) P1() { spin_lock(l); spin_unlock(l); }`;

interface Case {
  readonly title: string;
  readonly lines: readonly string[];
  readonly other?: string;
}

const deadlocks: readonly (Case & { readonly place: string })[] = [
  {
    title: 'that the thread holds',
    lines: ['spin_lock(l);', 'spin_lock(l);', 'spin_unlock(l);'],
    place: 'P0, line 6: spin_lock(l)',
  },
  {
    title: 'that an NMI finds taken on its CPU',
    lines: ['spin_lock(l);', 'spin_unlock(l);'],
    other: takes('__nmi'),
    place: 'P1, line 8: spin_lock(l)',
  },
  {
    title: 'that an interrupt finds taken on its CPU',
    lines: ['spin_lock(l);', 'spin_unlock(l);'],
    other: takes('__irq'),
    place: 'P1, line 8: spin_lock(l)',
  },
  {
    title: 'that a handler has left taken',
    lines: ['spin_lock(l);', 'spin_unlock(l);'],
    other: '__nmi(P0) P1() { int r; r = spin_trylock(l); }',
    place: 'P0, line 5: spin_lock(l)',
  },
  {
    title: 'that another thread holds, which waits for one that this thread holds',
    lines: locks,
    other: counter,
    place: 'P0, line 6: spin_lock(l)',
  },
];

const sound: readonly Case[] = [
  { title: 'where all take the locks in one order', lines: locks, other: inOrder },
  {
    title: 'where one of them gives up',
    lines: locks,
    other: 'P1() { int r; spin_lock(l); r = spin_trylock(k); if (r) spin_unlock(k); spin_unlock(l); }',
  },
  {
    title: 'where the interrupt is kept out',
    lines: ['spin_lock_irq(l);', 'spin_unlock_irq(l);'],
    other: takes('__irq'),
  },
  {
    title: 'after the lock is free',
    lines: ['spin_lock(l);', 'spin_unlock(l);', 'spin_lock(l);', 'spin_unlock(l);'],
  },
  { title: 'after the section', lines: ['rcu_read_lock();', 'rcu_read_unlock();', 'synchronize_rcu();'] },
  {
    title: 'for another structure',
    lines: ['i = srcu_read_lock(s);', 'synchronize_srcu(t);', 'srcu_read_unlock(s, i);'],
  },
];

const others = ({ other }: Case): string[] => (other === undefined ? [] : [other]);

describe('a deadlock is told, by both engines and under lkmm', () => {
  it.each(deadlocks)('for a lock $title', ({ place, ...one }) => {
    const [answer, ...more] = answers(testOf(one.lines, ...others(one)));
    expect(answer).toMatch(/^(?:Always|Never), deadlock in /);
    expect(answer).toContain(place);
    expect(more).toEqual([]);
  });

  it.each([
    { lines: ['rcu_read_lock();', 'synchronize_rcu();', 'rcu_read_unlock();'] },
    { lines: ['i = srcu_read_lock(s);', 'synchronize_srcu(s);', 'srcu_read_unlock(s, i);'] },
    { lines: ['preempt_disable();', 'synchronize_sched();', 'preempt_enable();'] },
  ])('for a section of its own: $lines', ({ lines }) => {
    const wait = lines[1].slice(0, -1);
    expect(answers(testOf(lines))).toEqual([`Never, deadlock in P0, line 6: ${wait}`]);
  });

  it('for sections of others that wait for a lock, under lkmm', () => {
    const test = testOf(
      ['rcu_read_lock();', 'spin_lock(l);', 'spin_unlock(l);', 'rcu_read_unlock();'],
      'P1() { spin_lock(l); synchronize_rcu(); spin_unlock(l); }',
    );
    expect(under(test, 'lkmm')).toBe('Always, deadlock in P0, line 6: spin_lock(l)');
  });

  it('for sections of SRCU of another thread, which waits for sections of this one', () => {
    const test = testOf(
      ['i = srcu_read_lock(s);', 'synchronize_srcu(t);', 'srcu_read_unlock(s, i);'],
      'P1() { int i; i = srcu_read_lock(t); synchronize_srcu(s); srcu_read_unlock(t, i); }',
    );
    expect(answers(test)).toEqual(['Always, deadlock in P0, line 6: synchronize_srcu(t)']);
  });

  it('on the paths that come to it: the others have their states', () => {
    const test = testOf(
      ['rcu_read_lock();', 'i = READ_ONCE(*x);', 'if (i) synchronize_rcu();', 'rcu_read_unlock();'],
      'P1() { WRITE_ONCE(*x, 1); }',
    );
    expect(answers(test)).toEqual(['Always, deadlock in P0, line 7: synchronize_rcu()']);
  });
});

describe('no deadlock is told', () => {
  it.each(sound)('$title', (one) => {
    expect(answers(testOf(one.lines, ...others(one)))).toEqual(['Always']);
  });

  it('of a section that another thread ends', () => {
    const test = testOf(
      ['i = srcu_down_read(s);', 'WRITE_ONCE(*x, i + 1);', 'synchronize_srcu(s);'],
      'P1() { int j; j = READ_ONCE(*x); if (j) srcu_up_read(s, j - 1); }',
    );
    expect(under(test, 'lkmm')).toBe('Always');
  });
});

describe('a deadlock in reports', () => {
  const test = testOf(['spin_lock(l);', 'spin_lock(l);', 'spin_unlock(l);']);
  const result = check(test, shippedModel('lkmm'), { target: { architecture: 'lkmm', era: '6.x' } });

  it('is told beside the lines of herd7, which stay as they are', () => {
    expect(limitWarnings(test, result)).toBe(
      'Warning: File "test.litmus": deadlock: P0, line 6: spin_lock(l)\n',
    );
  });

  it('stands in an execution as what the thread waits for', () => {
    const plain = (text: string) => text;
    const style = { good: plain, bad: plain, strong: plain, faint: plain };
    const text = textReport(test, result, { model: 'lkmm', witness: true, style });
    expect(text).toMatch(/P0 {2}waits for l +line 6: spin_lock\(l\) {2}deadlock\n/);
  });
});
