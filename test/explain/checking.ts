import { expect } from '@jest/globals';
import type { Check, Model } from '../../src/cat/index.js';
import type { Execution } from '../../src/check/index.js';
import {
  type AllowedOutcome,
  type ExplainedEdge,
  kindOfPermission,
  permissionOf,
  type RuledOut,
} from '../../src/explain/index.js';
import { type Environment, evaluate, isAcyclic, type Value } from '../cat/naive.js';
import { environmentOf } from './environment.js';

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

/**
 * Each edge is a pair of the check's term, each step a pair of its relation, and they lead from one to the
 * next.
 */
export function checkWay({ execution, violation }: RuledOut, model: Model): void {
  const { check: broken, edges, back, beside } = violation;
  expect(holds(model, execution, broken)).toBe(false);
  if (broken.negated) return;
  const members = value(model, execution, broken.term);
  edges.forEach(({ from, to }, index) => {
    expect(members).toContain(broken.term.sort === 'set' ? String(from) : `${from},${to}`);
    if (broken.kind !== 'empty') expect(edges[(index + 1) % edges.length].from).toBe(to);
  });
  expect(edges.length).toBeGreaterThan(0);
  for (const edge of edges) checkSteps(edge, execution);
  if (beside) {
    expect([beside.from, beside.to]).toEqual([edges[0].from, edges[0].to]);
    expect(value(model, execution, beside.derivation.term)).toContain(`${beside.from},${beside.to}`);
    checkSteps(beside, execution);
  }
  if (!back) return;
  expect([back.from, back.to]).toEqual([edges[0].to, edges[0].from]);
  expect(value(model, execution, back.derivation.term)).toContain(`${back.from},${back.to}`);
  checkSteps(back, execution);
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

export function checkAllowed(
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
    if (model.name !== 'lkmm')
      expect(permissionOf(model.name, kindOfPermission(one, execution))).toBeDefined();
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
