import { describe, expect, it } from '@jest/globals';
import { searchStrategies } from '../../src/axiomatic/index.js';
import { type CheckOptions, type CheckResult, check } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { formatState } from '../../src/report/index.js';
import { shippedModel } from '../models.js';

const target = { architecture: 'lkmm', era: '6.x' } as const;

/** A test of two threads over plain and marked accesses to x and y. */
function testOf(first: string, second: string, condition: string): LitmusTest {
  const thread = (name: string, code: string) => `${name}(int *x, int *y, int *z)\n{\n${code}\n}\n`;
  const text = `C test\n{}\n${thread('P0', first)}${thread('P1', second)}${condition}\n`;
  return parseLitmus(new Source('test.litmus', text));
}

function ask(test: LitmusTest, options: CheckOptions = {}): CheckResult {
  return check(test, shippedModel('lkmm'), { target, ...options });
}

const copyBack = 'int r2 = *y; *x = r2;';

describe.each(searchStrategies)('values that depend on themselves, in the %s search', (search) => {
  /** Numbers of executions and states, as herd7 counts and lists them. */
  const count = (test: LitmusTest) => {
    const result = ask(test, { search, question: 'count' });
    const { positive, negative, verdict, incomplete } = result;
    const states = result.states.map((state) => formatState(state, result.observables, test.program));
    return {
      verdict,
      positive,
      negative,
      states: states.sort(),
      incomplete: incomplete.map(({ kind }) => kind),
    };
  };

  it('are one symbolic value where nothing fixes them', () => {
    const test = testOf('int r1 = *x; *y = r1;', copyBack, 'exists (0:r1=1:r2 /\\ ~0:r1=0)');
    expect(count(test)).toEqual({
      verdict: 'Sometimes',
      positive: 1,
      negative: 3,
      states: ['0:r1=0; 1:r2=0;', '0:r1=S1; 1:r2=S1;'],
      incomplete: [],
    });
  });

  it('equal no constant', () => {
    const test = testOf('int r1 = *x; *y = r1;', copyBack, 'exists (0:r1=42)');
    expect(count(test)).toMatchObject({ verdict: 'Never', positive: 0, negative: 4, incomplete: [] });
    expect(ask(test, { search })).toMatchObject({ verdict: 'Never', incomplete: [] });
  });

  it('cannot be where something is added on the way round', () => {
    const test = testOf('int r1 = *x; *y = r1 + 1;', 'int r2 = *y; *x = r2 - 3;', 'exists (0:r1=7)');
    expect(count(test)).toMatchObject({ verdict: 'Never', positive: 0, negative: 3, incomplete: [] });
  });

  it('are told to be open where something else is computed on the way round', () => {
    const test = testOf('int r1 = *x; *y = r1 & 6;', copyBack, 'exists (0:r1=2)');
    expect(count(test)).toMatchObject({ verdict: 'Unknown', positive: 0, incomplete: ['circular-values'] });
    expect(ask(test, { search })).toMatchObject({ verdict: 'Unknown' });
  });

  it('leave a verdict alone that does not rest on them', () => {
    const first = 'int r1 = *x; *y = r1 & 6; int r3 = READ_ONCE(*z);';
    const test = testOf(first, copyBack, 'exists (0:r3=1)');
    expect(count(test)).toMatchObject({ verdict: 'Never', positive: 0, incomplete: ['circular-values'] });
    expect(ask(test, { search })).toMatchObject({ verdict: 'Never', incomplete: [] });
  });

  it('are left out where the model orders their dependencies', () => {
    const [first, second] = ['int r1 = READ_ONCE(*x); WRITE_ONCE(*y, r1);', 'WRITE_ONCE(*x, READ_ONCE(*y));'];
    const test = testOf(first, second, 'exists (0:r1=1)');
    expect(count(test)).toMatchObject({ verdict: 'Never', positive: 0, negative: 3, incomplete: [] });
  });
});
