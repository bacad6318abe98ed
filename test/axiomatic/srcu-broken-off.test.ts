import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { check, programOf } from '../../src/check/check.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { isErrorName } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { Oracle } from '../oracle/oracle.js';
import { runs } from '../seed.js';

const lkmm = shippedModel('lkmm');
const options = { target: { architecture: 'lkmm', era: '6.x' } } as const;

interface Shape {
  readonly updater: readonly string[];
  readonly section: 'ss' | 'tt' | 'rcu' | 'none';
  /** What the reader does before it goes no further, and whether it begins its section only then. */
  readonly access: string;
  readonly late: boolean;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  updater: fc.shuffledSubarray(
    ['rcu_assign_pointer(*gp, NULL);', 'synchronize_srcu(ss);', 'synchronize_rcu();', 'kfree(a);'],
    { minLength: 1 },
  ),
  section: fc.constantFrom('ss', 'ss', 'ss', 'tt', 'rcu', 'none'),
  access: fc.constantFrom('r0 = READ_ONCE(p->value);', 'WRITE_ONCE(p->value, 1);', 'r0 = p->value;'),
  late: fc.boolean(),
});

/** The reader goes as far as `stop`, which is where it stays for ever, or nothing. */
function textOf({ updater, section, access, late }: Shape, stop: string): string {
  const begin = {
    ss: 'i = srcu_read_lock(ss);',
    tt: 'i = srcu_read_lock(tt);',
    rcu: 'rcu_read_lock();',
    none: '',
  };
  const end = {
    ss: 'srcu_read_unlock(ss, i);',
    tt: 'srcu_read_unlock(tt, i);',
    rcu: 'rcu_read_unlock();',
    none: '',
  };
  const load = 'p = rcu_dereference(*gp);';
  const first = late ? `${load} ${begin[section]}` : `${begin[section]} ${load}`;
  return (
    'C t\n{ struct item a; struct item *gp = &a; int go = 1; }\nstruct item { int value; };\n' +
    'P0(struct item **gp, struct srcu_struct *ss, struct srcu_struct *tt, int *go, spinlock_t *l)\n' +
    `{ int i; int r0; struct item *p; ${first} if (p) { ${access} } ${stop} ${end[section]} }\n` +
    'P1(struct item **gp, struct item *a, struct srcu_struct *ss)\n' +
    `{ ${updater.join(' ')} }\n`
  );
}

const errorsOf = (text: string): string[] =>
  check(parseLitmus(text), lkmm, options).flags.filter(isErrorName);

describe('a reader that never comes to the end of its section', () => {
  it('is in the errors that it would be in had it ended the section there, as the oracle says', () => {
    const seen = { errors: 0, none: 0 };
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom('while (1) { }', 'while (READ_ONCE(*go)) { }', 'spin_lock(l); spin_lock(l);'),
        (shape, stop) => {
          const ended = programOf(parseLitmus(textOf(shape, '')), options);
          const { flags } = new Oracle(ended, 5000).answer(lkmm, {
            observables: [],
            proposition: { kind: 'true' },
          });
          const expected = flags.filter(isErrorName);
          seen[expected.length > 0 ? 'errors' : 'none']++;
          const found = errorsOf(textOf(shape, stop));
          // Whoever waits for the lock that it holds is in a deadlock besides.
          expect(found.includes('deadlock')).toBe(stop.startsWith('spin_lock'));
          expect(found.filter((error) => error !== 'deadlock')).toEqual(expected);
        },
      ),
      runs(60),
    );
    expect(Math.min(seen.errors, seen.none)).toBeGreaterThan(10);
  });

  it('is waited for by grace periods of its own SRCU structure alone', () => {
    const updater = ['rcu_assign_pointer(*gp, NULL);', 'synchronize_srcu(ss);', 'kfree(a);'];
    const access = 'r0 = READ_ONCE(p->value);';
    const stop = 'while (1) { }';
    expect(errorsOf(textOf({ updater, section: 'ss', access, late: false }, stop))).toEqual([]);
    expect(errorsOf(textOf({ updater, section: 'tt', access, late: false }, stop))).toEqual([
      'use-after-free',
    ]);
  });
});
