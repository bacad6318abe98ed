import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { litmusTests } from '../../src/arbitraries/index.js';
import { check, checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { architectures, eras } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { formatState } from '../../src/report/index.js';
import { shippedModel } from '../models.js';
import { runs } from '../seed.js';

const PARAMETERS = 'int *x, int *y, struct srcu_struct *s, struct srcu_struct *t';
const LOCALS = 'int i; int j; int r0 = 0; int r1 = 0;';

const testOf = (threads: readonly string[], condition: string, before = '') => {
  const text = threads.map((body, id) => `P${id}(${PARAMETERS}) { ${LOCALS} ${body} }`).join('\n');
  return parseLitmus(new Source('test.litmus', `C test\n{\n}\n${before}\n${text}\nexists (${condition})\n`));
};

/** What both engines answer on each machine and kernel. */
function verdicts(threads: readonly string[], condition: string, before?: string): string[] {
  const test = testOf(threads, condition, before);
  const all = architectures.flatMap((architecture) =>
    eras.flatMap((era) => {
      const options = { target: { architecture, era } };
      return [check(test, shippedModel(architecture), options), checkOnMachine(test, architecture, options)];
    }),
  );
  return [...new Set(all.map(({ verdict }) => verdict))];
}

const wait = 'WRITE_ONCE(*x, 1); synchronize_srcu(s); WRITE_ONCE(*y, 1);';
const late = 'r1 = READ_ONCE(*y); r0 = READ_ONCE(*x);';
const early = 'r0 = READ_ONCE(*x); r1 = READ_ONCE(*y);';
const within = (structure: string, body: string, index = 'i') =>
  `${index} = srcu_read_lock(${structure}); ${body} srcu_read_unlock(${structure}, ${index});`;
const old = '1:r0=0 /\\ 1:r1=1';

describe('grace periods of SRCU', () => {
  it.each([
    ['a section that begins before', within('s', early)],
    ['a section that begins late', within('s', late)],
    [
      'a section in another one',
      within('s', `${within('s', 'r0 = READ_ONCE(*x);', 'j')}r1 = READ_ONCE(*y);`),
    ],
    [
      'a section that overlaps another one',
      'i = srcu_read_lock(s); j = srcu_read_lock(s); r0 = READ_ONCE(*x); srcu_read_unlock(s, i); r1 = READ_ONCE(*y); srcu_read_unlock(s, j);',
    ],
    ['a section in a section of another structure', within('t', within('s', early, 'j'))],
    ['a section of what is only known when the program runs', `r0 = 0; ${within('(r0 ? t : s)', early)}`],
  ])('wait for %s', (_, reads) => {
    expect(verdicts([wait, reads], old)).toEqual(['Never']);
    expect(verdicts([wait.replace('synchronize_srcu', 'synchronize_srcu_expedited'), reads], old)).toEqual([
      'Never',
    ]);
  });

  it.each([
    ['that is of another structure', within('t', early)],
    ['that is over', `${within('s', 'r0 = READ_ONCE(*x);')} r1 = READ_ONCE(*y);`],
    ['of RCU', `rcu_read_lock(); ${early} rcu_read_unlock();`],
  ])('do not wait for a section %s', (_, reads) => {
    expect(verdicts([wait, reads], old)).toEqual(
      // What the kernel did at first waited for the sections of RCU as well.
      reads.startsWith('rcu') ? ['Never', 'Sometimes'] : ['Sometimes'],
    );
  });

  it('wait for sections in functions and handlers', () => {
    const before = `struct srcu_struct u;
static int enter(void) { return srcu_read_lock(&u); }
static void leave(int index) { srcu_read_unlock(&u, index); }`;
    const first = wait.replace('synchronize_srcu(s)', 'synchronize_srcu(&u)');
    expect(verdicts([first, `i = enter(); ${early} leave(i);`], old, before)).toEqual(['Never']);
    const handler = (body: string) => `__nmi(P1) P2(${PARAMETERS}) { ${LOCALS} ${body} }`;
    const seen = old.replaceAll('1:', '2:');
    expect(verdicts([first, ''], seen, `${before}\n${handler(`i = enter(); ${early} leave(i);`)}`)).toEqual([
      'Never',
    ]);
    expect(verdicts([first, within('(&u)', '')], seen, `${before}\n${handler(early)}`)).toEqual([
      'Sometimes',
    ]);
  });

  it('never end in a section of their own', () => {
    const test = testOf([within('s', 'synchronize_srcu(s); WRITE_ONCE(*x, 1);')], 'x=0');
    for (const architecture of architectures)
      for (const era of eras) {
        const options = { question: 'states', target: { architecture, era } } as const;
        expect(check(test, shippedModel(architecture), options).states).toEqual([]);
        expect(checkOnMachine(test, architecture, options).states).toEqual([]);
      }
  });

  it('are full barriers, and so are, in newer kernels, the bounds of sections', () => {
    const other = 'WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);';
    const both = '0:r0=0 /\\ 1:r0=0';
    expect(verdicts(['WRITE_ONCE(*x, 1); synchronize_srcu(s); r0 = READ_ONCE(*y);', other], both)).toEqual([
      'Never',
    ]);
    const section = testOf([`WRITE_ONCE(*x, 1); ${within('s', 'r0 = READ_ONCE(*y);')}`, other], both);
    const on = (era: (typeof eras)[number]) =>
      check(section, shippedModel('i386'), { target: { architecture: 'i386', era } }).verdict;
    expect([on('2.6'), on('6.x')]).toEqual(['Sometimes', 'Never']);
  });
});

describe('machines with SRCU', () => {
  it('do nothing that the Linux-kernel model forbids, on random tests', () => {
    fc.assert(
      fc.property(
        litmusTests({ interrupts: false }).filter(({ source }) => source.text.includes('srcu')),
        fc.constantFrom('i386', 'pso', 'alpha-linux', 'alpha'),
        (test, architecture) => {
          const text = ({ states, observables }: ReturnType<typeof check>) =>
            states.map((state) => formatState(state, observables, test.program));
          const options = { question: 'states', timeout: 5000 } as const;
          const target = { architecture, era: '6.x' } as const;
          const promised = check(test, shippedModel('lkmm'), {
            ...options,
            target: { architecture: 'lkmm', era: '6.x' },
          });
          const done = check(test, shippedModel(architecture), { ...options, target });
          fc.pre(promised.incomplete.length === 0 && done.incomplete.length === 0);
          expect(text(promised)).toEqual(expect.arrayContaining(text(done)));
        },
      ),
      runs(50),
    );
  });
});
