import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf, samples } from '../../src/arbitraries/index.js';
import { check } from '../../src/check/index.js';
import type { Condition, Proposition } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { ask, modelNames, statesOf, testOf } from '../oracle/asking.js';
import { fence, load, program, store } from '../oracle/code.js';
import { Oracle, TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';
import { all, cellIs, not, registerIs } from './statements.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

const sb = program({
  cells: { x: 0, y: 0 },
  threads: [
    [store('x', 1), fence('MB'), load(0, 'y')],
    [store('y', 1), load(0, 'x')],
  ],
});
const bothZero = all(registerIs(0, 0, 0), registerIs(1, 0, 0));
const stored: Proposition = all(cellIs(0, 1), cellIs(1, 1));

describe('a condition', () => {
  // Under sc of store buffering: both 0 never, one of them sometimes, x=1 at the end always.
  const never = bothZero;
  const sometimes = registerIs(0, 0, 1);
  it.each<[Condition['quantifier'], string, Proposition, string, boolean]>([
    ['exists', 'never', never, 'Never', false],
    ['exists', 'sometimes', sometimes, 'Sometimes', true],
    ['exists', 'always', stored, 'Always', true],
    ['not-exists', 'never', never, 'Never', true],
    ['not-exists', 'sometimes', sometimes, 'Sometimes', false],
    ['not-exists', 'always', stored, 'Always', false],
    ['forall', 'never', never, 'Never', false],
    ['forall', 'sometimes', sometimes, 'Sometimes', false],
    ['forall', 'always', stored, 'Always', true],
  ])('%s of what %s is', (quantifier, _, proposition, verdict, holds) => {
    for (const question of ['verdict', 'states', 'count'] as const) {
      const result = check(testOf(sb, proposition, { quantifier }), shippedModel('sc'), { question });
      expect([result.verdict, result.observation, result.holds]).toEqual([verdict, verdict, holds]);
    }
  });

  it('may compare two registers', () => {
    const same: Proposition = {
      kind: 'equals',
      left: everythingOf(sb)[0],
      right: { kind: 'cell', cell: 1 as never },
    };
    // 0:r0 is what y holds at the end unless the load was first.
    expect(ask(sb, shippedModel('sc'), same, { question: 'count' })).toMatchObject({
      positive: 2,
      negative: 1,
    });
  });

  it.each([
    ['and', 1],
    ['or', 3],
    ['implies', 2],
  ] as const)('may say "%s"', (kind, positive) => {
    const statement: Proposition = { kind, left: registerIs(0, 0, 1), right: registerIs(1, 0, 1) };
    expect(ask(sb, shippedModel('sc'), statement, { question: 'count' })).toMatchObject({ positive });
    const opposite = ask(sb, shippedModel('sc'), not(statement), { question: 'count' });
    expect(opposite).toMatchObject({ positive: 3 - positive, negative: positive });
  });
});

describe('a filter', () => {
  it('leaves out what it does not admit', () => {
    const filtered = (filter: Proposition, question: 'verdict' | 'count') =>
      check(testOf(sb, registerIs(0, 0, 1), { filter }), shippedModel('sc'), { question });
    expect(filtered(registerIs(1, 0, 0), 'verdict').verdict).toBe('Always');
    expect(filtered(registerIs(1, 0, 0), 'count')).toMatchObject({ positive: 1, negative: 0 });
    expect(filtered(bothZero, 'verdict').verdict).toBe('Never');
    expect(filtered(bothZero, 'count')).toMatchObject({ positive: 0, negative: 0, states: [] });
  });

  it('agrees with the naive oracle on random programs', () => {
    // The statement of one sample is the filter, its opposite with a twist the condition.
    fc.assert(
      fc.property(
        samples({ faults: false }),
        fc.constantFrom(...modelNames),
        ({ program: p, proposition }, name) => {
          const condition = all(everythingIsOne(p), not(proposition));
          const test = testOf(p, not(condition), { filter: proposition });
          const oracle = oracleOrSkip(p);
          const result = check(test, shippedModel(name), { question: 'count' });
          const question = {
            observables: result.observables,
            proposition: not(condition),
            filter: proposition,
          };
          const { states, positive, negative } = oracle.answer(shippedModel(name), question);
          expect([statesOf(result), result.positive, result.negative]).toEqual([states, positive, negative]);
        },
      ),
      { ...runs(80), maxSkipsPerRun: 1000 },
    );
  });
});

function oracleOrSkip(p: Parameters<typeof everythingOf>[0]): Oracle {
  try {
    return new Oracle(p, 500);
  } catch (error) {
    if (error instanceof TooMany) fc.pre(false);
    throw error;
  }
}

function everythingIsOne(p: Parameters<typeof everythingOf>[0]): Proposition {
  const [first, ...rest] = everythingOf(p).map((left): Proposition => ({ kind: 'equals', left, right: 1n }));
  return all(first, ...rest);
}

describe('what a result shows', () => {
  it('is registers by thread and then locations, each by name', () => {
    const { observables, states } = ask(sb, shippedModel('sc'), bothZero, { question: 'states' });
    expect(observables).toEqual(everythingOf(sb));
    expect(states.map(({ satisfies }) => satisfies)).toEqual([false, false, false]);
  });

  it('is only what the condition and the locations name', () => {
    const test = { ...testOf(sb, bothZero), locations: [] };
    const { observables, states } = check(test, shippedModel('i386'), { question: 'states' });
    expect(observables).toHaveLength(2);
    expect(states.map(({ values }) => values.join(' ')).sort()).toEqual(['0 0', '0 1', '1 0', '1 1']);
    expect(states.filter(({ satisfies }) => satisfies)).toHaveLength(1);
  });

  it('has no states where only the verdict is asked', () => {
    expect(ask(sb, shippedModel('sc'), bothZero)).toMatchObject({ states: [], question: 'verdict' });
  });
});
