import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf, kernelWords, machineWords, samples } from '../../src/arbitraries/index.js';
import { type Model, shippedModel } from '../../src/cat/index.js';
import { check } from '../../src/check/index.js';
import { type Explanation, explain } from '../../src/explain/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import type { Observable, Proposition } from '../../src/program/index.js';
import { shippedTests } from '../../src/shipped.js';
import { modelNames, modelOf, testOf } from '../oracle/asking.js';
import { type Candidate, candidatesOf } from '../oracle/candidates.js';
import { Oracle, TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';
import { checkAllowed, checkWay } from './checking.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

function explained(test: LitmusTest, model: Model): Explanation {
  return explain(test, model, check(test, model));
}

/** The statement that all registers and locations are as at the end of a candidate. */
function endOf(
  candidate: Candidate,
  observables: readonly Observable[],
  initial: readonly Proposition[],
): Proposition {
  const { skeleton, co } = candidate;
  return observables.reduce<Proposition>((left, observable) => {
    const order = observable.kind === 'cell' ? co.get(observable.cell) : undefined;
    if (observable.kind === 'cell' && !order) return left;
    const right =
      observable.kind === 'register'
        ? skeleton.registers[observable.thread][observable.register]
        : skeleton.events[(order as readonly number[])[(order as readonly number[]).length - 1]].value;
    return { kind: 'and', left, right: { kind: 'equals', left: observable, right } };
  }, initial[0] ?? { kind: 'true' });
}

describe('explanations of random programs', () => {
  const compare = (names: readonly string[], words: typeof machineWords, count: number) => {
    const told = { allowed: 0, forbidden: 0 };
    fc.assert(
      fc.property(samples({ words, faults: false }), fc.nat(), ({ program }, pick) => {
        let candidates: readonly Candidate[];
        let oracle: Oracle;
        try {
          candidates = candidatesOf(program, 400).filter(({ skeleton }) => !skeleton.partial);
          oracle = new Oracle(program, 400);
        } catch (error) {
          if (error instanceof TooMany) return;
          throw error;
        }
        const isWrong = ({ skeleton: { events } }: Candidate) =>
          events.some(({ wrong }) => wrong !== undefined);
        if (candidates.length === 0 || candidates.some(isWrong)) return;
        const observables = everythingOf(program);
        const proposition = endOf(candidates[pick % candidates.length], observables, []);
        for (const name of names) {
          const model = shippedModel(name);
          const { positive } = oracle.answer(model, { observables, proposition });
          const explanation = explained(testOf(program, proposition), model);
          expect(explanation.kind).toBe(positive > 0 ? 'allowed' : 'forbidden');
          if (explanation.kind === 'allowed') {
            told.allowed++;
            checkAllowed(explanation.allowed, model);
          } else if (explanation.kind === 'forbidden') {
            told.forbidden++;
            const { ways, incomplete, circular } = explanation.forbidden;
            expect(incomplete).toEqual([]);
            // The oracle also finds values that are right by chance.
            if (ways.length === 0) expect(circular).toBe(true);
            for (const way of ways) checkWay(way, model);
          }
        }
      }),
      runs(count),
    );
    expect(Math.min(told.allowed, told.forbidden)).toBeGreaterThan(0);
  };

  it('tell real cycles and real reorderings under the models of machines', () => {
    compare(modelNames, machineWords, 60);
  });

  it('tell real cycles and real reorderings under the Linux-kernel model', () => {
    compare(['lkmm'], kernelWords, 50);
  });
});

describe('a model that makes choices of its own', () => {
  const explainedBy = (text: string, file: string) => {
    const model = modelOf('chooses', text);
    const test = parseLitmus(shippedTests[file]);
    return explain(test, model, check(test, model));
  };

  it('is explained as far as executions tell: those with fewer accesses out of order first', () => {
    const text = 'with o from linearisations(domain(rf), 0)\nacyclic po-loc | rf | co | fr as loc';
    const explanation = explainedBy(text, 'classic/x86/SB.litmus');
    if (explanation.kind !== 'allowed') throw new Error(explanation.kind);
    const { sequential, cycle, reorderings, check, execution, order } = explanation.allowed;
    expect([sequential, check, cycle.length]).toEqual([false, undefined, 4]);
    expect(reorderings.length).toBeGreaterThan(0);
    for (const { first, second } of reorderings) {
      expect(execution.graph.events[first].cpu).toBe(execution.graph.events[second].cpu);
      expect(order?.indexOf(second)).toBeLessThan(order?.indexOf(first) as number);
    }
  });

  it('does not tell what an execution breaks, and says why not', () => {
    const text = 'with o from linearisations(domain(rf), 0)\nacyclic po | rf | co | fr as sc';
    const explanation = explainedBy(text, 'classic/x86/SB.litmus');
    expect(explanation.kind === 'none' && explanation.reason).toContain('`with ... from`');
  });
});
