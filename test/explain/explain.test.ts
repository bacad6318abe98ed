import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf, kernelWords, machineWords, samples } from '../../src/arbitraries/index.js';
import { type Check, type Model, shippedModel } from '../../src/cat/index.js';
import { check, type Execution } from '../../src/check/index.js';
import {
  type AllowedOutcome,
  type ExplainedEdge,
  type Explanation,
  explain,
  kindOf,
  permissionOf,
  type RuledOut,
} from '../../src/explain/index.js';
import type { LitmusTest } from '../../src/litmus/index.js';
import type { Observable, Proposition } from '../../src/program/index.js';
import { type Environment, evaluate, isAcyclic, type Value } from '../cat/naive.js';
import { modelNames, testOf } from '../oracle/asking.js';
import { type Candidate, candidatesOf } from '../oracle/candidates.js';
import { Oracle, TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';
import { environmentOf } from './environment.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

const environments = new WeakMap<Execution, Map<Model, Environment>>();

function value(model: Model, execution: Execution, term: Check['term']): Value {
  const known = environments.get(execution) ?? new Map<Model, Environment>();
  environments.set(execution, known);
  const environment = known.get(model) ?? environmentOf(execution, model.tags);
  known.set(model, environment);
  return evaluate(term, environment);
}

function holds(model: Model, execution: Execution, { kind, negated, term }: Check): boolean {
  const members = value(model, execution, term);
  const test = {
    acyclic: () => isAcyclic(members),
    irreflexive: () => [...members].every((pair) => pair.split(',')[0] !== pair.split(',')[1]),
    empty: () => members.size === 0,
  }[kind]();
  return test !== negated;
}

function explained(test: LitmusTest, model: Model): Explanation {
  return explain(test, model, check(test, model));
}

/** Each edge is a pair of the check's term, each step a pair of its relation, and they lead from one to the next. */
function checkWay({ execution, violation }: RuledOut, model: Model): void {
  const { check: broken, edges } = violation;
  expect(holds(model, execution, broken)).toBe(false);
  if (broken.negated) return;
  const members = value(model, execution, broken.term);
  edges.forEach(({ from, to }, index) => {
    expect(members).toContain(broken.term.sort === 'set' ? String(from) : `${from},${to}`);
    if (broken.kind !== 'empty') expect(edges[(index + 1) % edges.length].from).toBe(to);
  });
  expect(edges.length).toBeGreaterThan(0);
  for (const edge of edges) checkSteps(edge, execution);
}

function checkSteps({ from, to, steps }: ExplainedEdge, execution: Execution): void {
  const { bases } = environmentOf(execution, []);
  if (steps.length === 0) return;
  expect(steps[0].from).toBe(from);
  expect(steps[steps.length - 1].to).toBe(to);
  steps.forEach((step, index) => {
    if (index > 0) expect(step.from).toBe(steps[index - 1].to);
    const pair = `${step.from},${step.to}`;
    if (step.kind === 'fr') {
      expect(bases.rf).toContain(`${step.via[0]},${step.from}`);
      expect(bases.co).toContain(`${step.via[0]},${step.to}`);
    } else if (step.kind !== 'other') {
      expect(bases[step.kind]).toContain(pair);
      for (const between of step.via) {
        expect(bases.po).toContain(`${step.from},${between}`);
        expect(bases.po).toContain(`${between},${step.to}`);
      }
    }
  });
}

function checkAllowed(
  { execution, order, sequential, cycle, reorderings, check: named }: AllowedOutcome,
  model: Model,
): void {
  for (const one of model.checks) if (!one.flag) expect(holds(model, execution, one)).toBe(true);
  const { bases } = environmentOf(execution, []);
  const accesses = new Set(
    [...bases.po].filter((pair) => pair.split(',').every((event) => bases.M.has(event))),
  );
  const communication = [...bases.rf, ...bases.co, ...fromReads(bases.rf, bases.co)];
  expect(isAcyclic(new Set([...accesses, ...communication]))).toBe(sequential);
  cycle.forEach(({ from, to }, index) => {
    expect(cycle[(index + 1) % cycle.length].from).toBe(to);
    expect([...accesses, ...communication]).toContain(`${from},${to}`);
  });
  for (const one of reorderings) {
    const { first, second } = one;
    // Of every kind of pair that a machine lets go out of order it is said why.
    if (model.name !== 'lkmm') expect(permissionOf(model.name, kindOf(one, execution))).toBeDefined();
    expect(accesses).toContain(`${first},${second}`);
    const edges = named ? value(model, execution, named.term) : new Set<string>();
    expect(reaches(edges, first, second)).toBe(false);
    const inOrder = reorderings.some((one) => order && order.indexOf(one.second) < order.indexOf(one.first));
    if (inOrder) expect(order?.indexOf(second)).toBeLessThan(order?.indexOf(first) as number);
  }
}

const fromReads = (rf: Value, co: Value): string[] =>
  [...rf].flatMap((pair) => {
    const [write, read] = pair.split(',');
    return [...co].filter((one) => one.startsWith(`${write},`)).map((one) => `${read},${one.split(',')[1]}`);
  });

function reaches(edges: Value, from: number, to: number): boolean {
  const seen = new Set<string>();
  const todo = [String(from)];
  for (let event = todo.pop(); event !== undefined; event = todo.pop()) {
    for (const edge of edges) {
      const [start, end] = edge.split(',');
      if (start !== event || seen.has(end)) continue;
      seen.add(end);
      todo.push(end);
    }
  }
  return seen.has(String(to));
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
          candidates = candidatesOf(program, 400);
          oracle = new Oracle(program, 400);
        } catch (error) {
          if (error instanceof TooMany) return;
          throw error;
        }
        if (candidates.length === 0 || candidates.some(({ skeleton }) => skeleton.faulty)) return;
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
    compare(['lkmm'], kernelWords, 30);
  });
});
