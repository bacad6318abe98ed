import { describe, expect, it } from '@jest/globals';
import { type CheckResult, check, checkOnMachine, machineNames } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { type Architecture, eras } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { placeText } from '../../src/report/index.js';
import { shippedModel } from '../models.js';
import { modelOf } from '../oracle/asking.js';

/** A test in C of the statements of two threads, and more. */
function testOf(first: string, second: string, condition: string, more = '') {
  const text = `C test
{
}
P0(int *x, int *y) { ${first} }
P1(int *x, int *y) { ${second} }
${more}
exists (${condition})
`;
  return parseLitmus(new Source('test.litmus', text));
}

const targets = machineNames
  .filter((name) => name !== 'alpha-21264')
  .flatMap((name) => eras.map((era) => ({ name, target: { architecture: name as Architecture, era } })));

/** What both engines answer on each machine and kernel, with errors and their places. */
function answers(test: ReturnType<typeof testOf>): string[] {
  const said = ({ verdict, errorPlaces }: CheckResult): string =>
    [
      verdict,
      ...[...errorPlaces].map(([name, place]) => `${name} in ${placeText(place, test.program)}`),
    ].join(', ');
  const all = targets.flatMap(({ name, target }) => [
    said(check(test, shippedModel(name), { target })),
    said(checkOnMachine(test, name, { target })),
  ]);
  return [...new Set(all)];
}

const wait = 'WRITE_ONCE(*x, 1); synchronize_rcu(); WRITE_ONCE(*y, 1);';
const reads = 'int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);';
const late = '1:r0=1 /\\ 1:r1=0';

describe('grace periods', () => {
  it.each([
    ['rcu_read_lock();', 'rcu_read_unlock();'],
    ['rcu_read_lock_sched();', 'rcu_read_unlock_sched();'],
    ['preempt_disable();', 'preempt_enable();'],
    ['nmi_enter();', 'nmi_exit();'],
    ['irq_enter();', 'irq_exit();'],
    ['local_irq_disable();', 'local_irq_enable();'],
    ['local_irq_save(r9);', 'local_irq_restore(r9);'],
    ['rcu_read_lock(); rcu_read_lock(); rcu_read_unlock();', 'rcu_read_unlock();'],
    ['local_irq_disable(); rcu_read_lock(); local_irq_enable();', 'rcu_read_unlock();'],
    ['local_irq_disable(); local_irq_save(r9); local_irq_restore(r9);', 'local_irq_enable();'],
  ])('wait for what stands between %s and %s', (begin, end) => {
    expect(answers(testOf(wait, `int r9; ${begin} ${reads} ${end}`, late))).toEqual(['Never']);
  });

  it.each([
    ['that is over', 'rcu_read_lock(); r0 = READ_ONCE(*y); rcu_read_unlock(); r1 = READ_ONCE(*x);'],
    [
      'that interrupts being enabled ends',
      'local_irq_disable(); local_irq_save(r9); r0 = READ_ONCE(*y); local_irq_enable(); r1 = READ_ONCE(*x); local_irq_restore(r9);',
    ],
  ])('do not wait for a section %s', (_, second) => {
    const test = testOf(wait, `int r9; int r0; int r1; ${second}`, '1:r0=0 /\\ 1:r1=0');
    expect(answers(test)).toEqual(['Sometimes']);
  });

  it.each([
    [
      'deadlock in P0, line 4: synchronize_rcu()',
      'rcu_read_lock(); synchronize_rcu(); rcu_read_unlock();',
      '',
    ],
    [
      'deadlock in P0, line 4: synchronize_sched()',
      'local_irq_disable(); synchronize_sched(); local_irq_enable();',
      '',
    ],
    ['invalid-sleep in P2, line 6: synchronize_rcu()', '', '__nmi(P0) P2(int *x) { synchronize_rcu(); }'],
    ['unmatched-rcu-unlock in P0, line 4: rcu_read_unlock()', 'rcu_read_unlock(); synchronize_rcu();', ''],
    [
      'unmatched-rcu-lock in P0, line 4: rcu_read_lock()',
      'rcu_read_lock();',
      '__nmi(P1) P2(int *x) { nmi_enter(); nmi_exit(); }',
    ],
    [
      'unmatched-irq-restore in P0, line 4: local_irq_restore(r9)',
      'int r9; local_irq_restore(r9); synchronize_rcu();',
      '',
    ],
  ])('are in error: %s', (error, first, more) => {
    const test = testOf(first, 'synchronize_rcu();', 'x=0', more);
    expect(answers(test)).toEqual([`Never, ${error}`]);
  });

  it('wait for a section up to a step that the program must not take in it', () => {
    // The error is behind what the grace period rules out: no execution comes to it.
    const bad = 'if (r0 == 1 && r1 == 0) synchronize_rcu();';
    expect(answers(testOf(wait, `rcu_read_lock(); ${reads} ${bad} rcu_read_unlock();`, late))).toEqual([
      'Never',
    ]);
  });

  it('are refused under a model that says nothing of them', () => {
    const model = modelOf('own', '"own"\nacyclic po | rf | co | fr');
    const target = { architecture: 'sc', era: '6.x' } as const;
    expect(() => check(testOf(wait, reads, late), model, { target })).toThrow(
      /^test\.litmus:4:41: model own says nothing of grace periods: it has to include "rcu\.cat"/,
    );
  });
});

describe('disabled interrupts', () => {
  const own = 'local_irq_disable(); WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); local_irq_enable();';
  const handler = (kind: string) =>
    `${kind}(P0) P2(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); }`;
  const inside = '2:r0=1 /\\ 2:r1=0';

  it('keep an interrupt handler out, and no NMI', () => {
    expect(answers(testOf(own, '', inside, handler('__irq')))).toEqual(['Never']);
    expect(answers(testOf(own, '', inside, handler('__nmi')))).toEqual(['Sometimes']);
    expect(answers(testOf('WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);', '', inside, handler('__irq')))).toEqual([
      'Sometimes',
    ]);
  });

  it('let the handler run before, and not after, where they are left disabled', () => {
    const left = 'local_irq_disable(); WRITE_ONCE(*x, 1);';
    expect(answers(testOf(left, '', '2:r0=0', handler('__irq')))).toEqual(['Always']);
    expect(answers(testOf(left, '', '2:r0=0', handler('__nmi')))).toEqual(['Sometimes']);
  });
});
