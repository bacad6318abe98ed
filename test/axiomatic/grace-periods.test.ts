import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf, regionWords, samples } from '../../src/arbitraries/index.js';
import type { Check } from '../../src/cat/index.js';
import { shippedModel } from '../models.js';
import { ask, modelNames, statesOf } from '../oracle/asking.js';
import { candidatesOf } from '../oracle/candidates.js';
import { obeysLaw } from '../oracle/grace-law.js';
import { NaiveTerms } from '../oracle/naive-terms.js';
import { Oracle, TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));
const LIMIT = 200;

/** What a check of the model is about, by its name. */
function named(name: string, checks: readonly Check[]): Check {
  const found = checks.find((check) => check.name === name);
  if (!found) throw new Error(`no check ${name}`);
  return found;
}

function small<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (error instanceof TooMany) fc.pre(false);
    throw error;
  }
}

/** The check that says in which order accesses take effect. */
const orders = { sc: 'sc', i386: 'tso', pso: 'pso', 'alpha-linux': 'before', alpha: 'before' } as const;

describe('grace periods of RCU', () => {
  it.each(modelNames)('%s forbids what the law forbids, and nothing else', (name) => {
    const { checks } = shippedModel(name);
    const rcu = named('rcu', checks);
    const order = named(orders[name as keyof typeof orders], checks);
    fc.assert(
      fc.property(samples({ words: regionWords, faults: false }), ({ program }) => {
        for (const candidate of small(() => candidatesOf(program, LIMIT))) {
          const terms = new NaiveTerms(candidate);
          if (!terms.test(order)) continue;
          expect(terms.test(rcu)).toBe(obeysLaw(candidate.skeleton, terms.pairsOf(order.term)));
        }
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
  });

  it('are found by the search as by the naive oracle', () => {
    fc.assert(
      fc.property(samples({ words: regionWords, faults: false }), ({ program, proposition }) => {
        const oracle = small(() => new Oracle(program, LIMIT));
        for (const name of modelNames) {
          const model = shippedModel(name);
          const answer = oracle.answer(model, { observables: everythingOf(program), proposition });
          const found = ask(program, model, proposition, { question: 'count' });
          expect({ states: statesOf(found), positive: found.positive, negative: found.negative }).toEqual({
            states: answer.states,
            positive: answer.positive,
            negative: answer.negative,
          });
        }
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
  });
});
