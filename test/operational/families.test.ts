import { describe, expect, it } from '@jest/globals';
import { check, checkOnMachine } from '../../src/check/index.js';
import { formatState } from '../../src/report/index.js';
import { shippedModel } from '../models.js';
import { families } from './families.js';

interface Row {
  readonly family: keyof typeof families;
  readonly n: number;
  /** How many final states there are, worked out by hand, and states visited. */
  readonly sc: readonly [finals: number, states: number];
  readonly i386: readonly [finals: number, states: number];
  readonly 'alpha-linux'?: readonly [finals: number, states: number];
}

/**
 * inc: each sum of some of the powers, but none; binc: one; casw: who was last; nwriters: who was read, if anyone, and who was last; coa:
 * under i386, for each of the two, what it reads of y or z, what it reads of x, and one of n values that stays; sb: any, but under sc not
 * all zeros; mutual exclusion: who was last in the critical section. That of peterson fails on Alpha, as a store to x may take effect before the
 * loads that let the thread in; how many states there are then is put down as found.
 */
const rows: readonly Row[] = [
  { family: 'inc', n: 4, sc: [2 ** 4 - 1, 34], i386: [2 ** 4 - 1, 34], 'alpha-linux': [2 ** 4 - 1, 34] },
  { family: 'inc', n: 6, sc: [2 ** 6 - 1, 230], i386: [2 ** 6 - 1, 230], 'alpha-linux': [2 ** 6 - 1, 230] },
  { family: 'binc', n: 6, sc: [1, 11], i386: [1, 11], 'alpha-linux': [1, 11] },
  { family: 'casw', n: 6, sc: [6, 26], i386: [6, 26], 'alpha-linux': [6, 26] },
  { family: 'nwriters', n: 8, sc: [9 * 8, 24], i386: [9 * 8, 24], 'alpha-linux': [9 * 8, 24] },
  {
    family: 'coa',
    n: 4,
    sc: [1452, 3828],
    i386: [(5 * 2 * 4) ** 2, 7953],
    'alpha-linux': [(5 * 2 * 4) ** 2, 3462],
  },
  { family: 'sb', n: 8, sc: [2 ** 8 - 1, 1272], i386: [2 ** 8, 4449], 'alpha-linux': [2 ** 8, 511] },
  { family: 'szymanski', n: 4, sc: [2, 1636], i386: [2, 1736], 'alpha-linux': [2, 21841] },
  { family: 'peterson', n: 2, sc: [2, 164], i386: [2, 192], 'alpha-linux': [28, 14269] },
  { family: 'peterson', n: 4, sc: [2, 852], i386: [2, 1024] },
];

describe.each(['sc', 'i386', 'alpha-linux'] as const)('families of programs under %s', (architecture) => {
  const target = { architecture, era: '2.6' } as const;

  it.each(rows.filter((row) => row[architecture]))(
    '$family $n',
    ({ family, n, [architecture]: expected }) => {
      const { states, machine, incomplete } = checkOnMachine(families[family](n), architecture, {
        question: 'states',
        target,
      });
      expect(incomplete).toEqual([]);
      expect([states.length, machine?.states]).toEqual(expected);
    },
  );

  it.each(['inc', 'binc', 'casw', 'nwriters', 'coa', 'sb', 'peterson'] as const)(
    '%s has the final states that the model allows',
    (family) => {
      const test = families[family](family === 'peterson' ? 1 : 2);
      const options = { question: 'states', target } as const;
      const shown = (result: ReturnType<typeof check>): string[] =>
        result.states.map((state) => formatState(state, result.observables, test.program)).sort();
      expect(shown(checkOnMachine(test, architecture, options))).toEqual(
        shown(check(test, shippedModel(architecture), options)),
      );
    },
  );
});
