import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { pathDependence } from '../../src/axiomatic/candidate/path-dependence.js';
import { Explainer } from '../../src/axiomatic/directed/explainer.js';
import type { Model } from '../../src/cat/index.js';
import { valuesOn } from '../cat/planned.js';
import { environmentOf, executions } from '../cat/small-executions.js';
import { shippedModel } from '../models.js';
import { modelNames, modelOf } from '../oracle/asking.js';
import { models } from '../oracle/models.js';
import { runs } from '../seed.js';
import { Notes } from './notes.js';
import { recursiveModels } from './recursive-models.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

type Environment = ReturnType<typeof environmentOf>;

/** Explains each violated check that prunes, and says how many it could. */
function explainAll(model: Model, environment: Environment): number {
  const evaluator = valuesOn(model, environment);
  const { checks } = evaluator.plan;
  let explained = 0;
  for (const planned of [...checks.pruneReads, ...checks.pruneCoherence]) {
    if (evaluator.test(planned)) continue;
    const notes = new Notes();
    new Explainer(evaluator, pathDependence(model)).violation(planned, notes);
    if (notes.all) continue;
    explained++;
    const { rf, co } = environment.bases;
    expect([...notes.rf].filter((pair) => !rf.has(pair))).toEqual([]);
    expect([...notes.co].filter((pair) => !co.has(pair))).toEqual([]);
    // The same execution with only these pairs of rf and co violates the check as well.
    const bases = { ...environment.bases, rf: notes.rf, co: notes.co };
    expect(valuesOn(model, { ...environment, bases }).test(planned)).toBe(false);
  }
  return explained;
}

describe('what a violated check rests on', () => {
  it('violates it by itself, under every model that ships', () => {
    let explained = 0;
    fc.assert(
      fc.property(executions, (execution) => {
        for (const name of [...modelNames, 'lkmm']) {
          explained += explainAll(shippedModel(name), environmentOf(execution));
        }
      }),
      runs(150),
    );
    expect(explained).toBeGreaterThan(300);
  });

  it('violates it by itself, where it is recursive', () => {
    let explained = 0;
    fc.assert(
      fc.property(executions, recursiveModels, (execution, text) => {
        explained += explainAll(modelOf('recursive', text), environmentOf(execution));
      }),
      runs(400),
    );
    expect(explained).toBeGreaterThan(40);
  });

  it('violates it by itself, under random models', () => {
    let explained = 0;
    fc.assert(
      fc.property(executions, models, (execution, text) => {
        explained += explainAll(modelOf('random', text), environmentOf(execution));
      }),
      runs(400),
    );
    expect(explained).toBeGreaterThan(100);
  });
});
