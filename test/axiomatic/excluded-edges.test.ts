import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { pathDependence } from '../../src/axiomatic/candidate/path-dependence.js';
import { ExcludedEdges } from '../../src/axiomatic/directed/excluded-edges.js';
import { Explainer } from '../../src/axiomatic/directed/explainer.js';
import { type Evaluator, type Model, withExclusions } from '../../src/cat/index.js';
import type { Environment } from '../cat/naive.js';
import { planFor, valuesOn } from '../cat/planned.js';
import { environmentOf, executions } from '../cat/small-executions.js';
import { shippedModel } from '../models.js';
import { modelNames, modelOf } from '../oracle/asking.js';
import { models } from '../oracle/models.js';
import { runs } from '../seed.js';
import { Notes } from './notes.js';
import { recursiveModels } from './recursive-models.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

const NAMES = ['rf', 'co'] as const;

/** Some of the edges of an execution, picked by the bits of a number. */
function partOf({ events, bases }: Environment, choice: number): Environment {
  let at = 0;
  const some = (pairs: Iterable<string>) =>
    new Set([...pairs].filter(() => ((choice >> (at++ % 30)) & 1) !== 0));
  return { events, bases: { ...bases, rf: some(bases.rf), co: some(bases.co) } };
}

const withEdges = (
  { events, bases }: Environment,
  name: 'rf' | 'co',
  edges: readonly string[],
): Environment => ({
  events,
  bases: { ...bases, [name]: new Set([...bases[name], ...edges]) },
});

const holds = (evaluator: Evaluator): boolean =>
  [...evaluator.plan.checks.pruneReads, ...evaluator.plan.checks.pruneCoherence].every((check) =>
    evaluator.test(check),
  );

interface Edge {
  readonly name: 'rf' | 'co';
  readonly pair: string;
  readonly because: Notes;
}

/** The edges of all pairs of events that are excluded; undefined when a check fails already. */
function excludedEdges(model: Model, environment: Environment): Edge[] | undefined {
  const { plan, exclusions } = withExclusions(planFor(model));
  const evaluator = valuesOn(model, environment, plan);
  if (!holds(evaluator)) return undefined;
  const excluded = new ExcludedEdges(evaluator, new Explainer(evaluator, pathDependence(model)), exclusions);
  excluded.find();
  const events = Array.from({ length: environment.events }, (_, event) => event);
  return NAMES.flatMap((name) =>
    events.flatMap((from) =>
      events.flatMap((to): Edge[] => {
        const part = exclusions[name];
        const because = new Notes();
        if (!part || !excluded.excludes(part, from, to, because)) return [];
        return [{ name, pair: `${from},${to}`, because }];
      }),
    ),
  );
}

/** Tries each excluded edge, on its own and on no more than it rests on. Says how many there are. */
function tryAll(model: Model, environment: Environment): number {
  let tried = 0;
  for (const { name, pair, because } of excludedEdges(model, environment) ?? []) {
    tried++;
    expect(holds(valuesOn(model, withEdges(environment, name, [pair])))).toBe(false);
    if (because.all) continue;
    const { rf, co } = environment.bases;
    expect([...because.rf].filter((edge) => !rf.has(edge))).toEqual([]);
    expect([...because.co].filter((edge) => !co.has(edge))).toEqual([]);
    const bases = { ...environment.bases, rf: because.rf, co: because.co };
    expect(holds(valuesOn(model, withEdges({ ...environment, bases }, name, [pair])))).toBe(false);
  }
  return tried;
}

const choices = fc.integer({ min: 0, max: 2 ** 30 - 1 });

describe('an edge that is excluded', () => {
  it('makes a check fail, with what it rests on and nothing else, under every model that ships', () => {
    let tried = 0;
    fc.assert(
      fc.property(executions, choices, (execution, choice) => {
        const environment = partOf(environmentOf(execution), choice);
        for (const name of [...modelNames, 'lkmm']) tried += tryAll(shippedModel(name), environment);
      }),
      runs(50),
    );
    expect(tried).toBeGreaterThan(1000);
  });

  it('makes a check fail, with what it rests on and nothing else, under random models', () => {
    let tried = 0;
    fc.assert(
      fc.property(executions, choices, models, (execution, choice, text) => {
        tried += tryAll(modelOf('random', text), partOf(environmentOf(execution), choice));
      }),
      runs(50),
    );
    expect(tried).toBeGreaterThan(150);
  });

  it('makes a check fail where it is recursive', () => {
    let tried = 0;
    fc.assert(
      fc.property(executions, choices, recursiveModels, (execution, choice, text) => {
        tried += tryAll(modelOf('recursive', text), partOf(environmentOf(execution), choice));
      }),
      runs(50),
    );
    expect(tried).toBeGreaterThan(150);
  });
});

const checks = fc.constantFrom(
  'acyclic #',
  'irreflexive #',
  'empty #',
  'acyclic po | #',
  'irreflexive # ; po',
);

/** Relations with one rf in them, made from it by some of the shapes, one around the other. */
function relationsWith(...shapes: string[]): fc.Arbitrary<string> {
  return fc.letrec<{ relation: string }>((tie) => ({
    relation: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constant('rf'),
      fc
        .tuple(
          fc.constantFrom(...shapes),
          fc.constantFrom('po', 'co', 'co^-1', '(po & loc)', '[W]', '(co ; po)', 'addr'),
          tie('relation'),
        )
        .map(([shape, other, inner]) => shape.replace('X', other).replace('#', inner)),
    ),
  })).relation;
}

/** All pairs that a new edge brings go through it: nothing chooses among them. */
const whole = ['(X | #)', '(# ; X)', '(X ; #)', '(#)^-1', '(#)+', '(#)?', '(#)*'];

describe('an edge that is excluded by a relation that chooses among pairs', () => {
  it('makes the check fail', () => {
    const some = relationsWith(...whole, '(# & X)', '(# \\ X)', '(# \\ X)', '(po \\ X) & #');
    let tried = 0;
    fc.assert(
      fc.property(executions, choices, checks, some, (execution, choice, kind, term) => {
        const model = modelOf('some', `${kind.replace('#', term)} as test`);
        tried += tryAll(model, partOf(environmentOf(execution), choice));
      }),
      runs(100),
    );
    expect(tried).toBeGreaterThan(500);
  });
});

describe('what is excluded', () => {
  it('is every edge of rf with which the check fails, where rf stands in one place only', () => {
    let tried = 0;
    fc.assert(
      fc.property(executions, choices, checks, relationsWith(...whole), (execution, choice, kind, term) => {
        const model = modelOf('single', `${kind.replace('#', term)} as test`);
        const environment = partOf(environmentOf(execution), choice);
        const found = excludedEdges(model, environment);
        fc.pre(found !== undefined);
        const excluded = new Set(found?.filter(({ name }) => name === 'rf').map(({ pair }) => pair));
        for (let from = 0; from < environment.events; from++) {
          for (let to = 0; to < environment.events; to++) {
            const pair = `${from},${to}`;
            tried++;
            const fails = !holds(valuesOn(model, withEdges(environment, 'rf', [pair])));
            expect([term, pair, excluded.has(pair)]).toEqual([term, pair, fails]);
          }
        }
      }),
      runs(100),
    );
    expect(tried).toBeGreaterThan(500);
  });
});
