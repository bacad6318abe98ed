import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf, kernelWords, machineWords, samples } from '../../src/arbitraries/index.js';
import { type Model, shippedModel } from '../../src/cat/index.js';
import { check, type Execution } from '../../src/check/index.js';
import { type Explanations, explainAll, misuseOf } from '../../src/explain/index.js';
import type { Architecture } from '../../src/kernel/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { FREED, isErrorName, UNINITIALISED } from '../../src/program/index.js';
import { modelNames, testOf } from '../oracle/asking.js';
import { Oracle, TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';
import { checkAllowed, checkWay } from './checking.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

function explained(test: LitmusTest, model: Model, architecture?: Architecture): Explanations {
  const options = architecture ? ({ target: { architecture, era: '6.x' } } as const) : {};
  return explainAll(test, model, check(test, model, options), options);
}

/** What is told of an error is in the execution: an access to what was freed, or to what was never stored. */
function checkMisuse(name: string, execution: Execution): void {
  const { event, free, firstStore } = misuseOf(execution, name);
  const { graph, values, sources, coherence } = execution;
  const { kind, cell, tags } = graph.events[event];
  if (name === 'bad-free') {
    expect(tags).toContain('BadFree');
    return;
  }
  const writes = coherence.get(cell as never) ?? [];
  const before = kind === 'read' ? sources[event] : writes[writes.indexOf(event) - 1];
  if (name === 'use-before-init') {
    expect(values[before!]).toEqual(UNINITIALISED);
    if (firstStore !== undefined) expect(writes.indexOf(firstStore)).toBe(writes.indexOf(before!) + 1);
    return;
  }
  expect(free).toBe(before);
  expect(values[free!]).toEqual(FREED);
  expect(graph.events[free!].tags).toContain('Free');
}

describe('errors with memory', () => {
  const compare = (names: readonly string[], words: typeof machineWords, count: number) => {
    const told = { allowed: 0, forbidden: 0 };
    fc.assert(
      fc.property(samples({ words: { ...words, memory: true }, faults: false }), ({ program }) => {
        let oracle: Oracle;
        try {
          oracle = new Oracle(program, 300);
        } catch (error) {
          if (error instanceof TooMany) fc.pre(false);
          throw error;
        }
        for (const name of names) {
          const model = shippedModel(name);
          const proposition = { kind: 'true' } as const;
          const answer = oracle.answer(model, { observables: everythingOf(program), proposition });
          const { errors } = explained(testOf(program), model);
          const allowed = [...errors].filter(([, { kind }]) => kind === 'allowed').map(([error]) => error);
          expect(allowed.sort()).toEqual(answer.flags.filter(isErrorName));
          for (const [error, explanation] of errors) {
            if (explanation.kind === 'allowed') {
              told.allowed++;
              checkAllowed(explanation.allowed, model);
              checkMisuse(error, explanation.allowed.execution);
            } else if (explanation.kind === 'forbidden') {
              const { ways } = explanation.forbidden;
              if (ways.length > 0) told.forbidden++;
              for (const way of ways) {
                checkWay(way, model);
                checkMisuse(error, way.execution);
              }
            } else throw new Error(explanation.reason);
          }
        }
      }),
      { ...runs(count), maxSkipsPerRun: 1000 },
    );
    expect(Math.min(told.allowed, told.forbidden)).toBeGreaterThan(0);
  };

  it('are told with real executions and real cycles under the models of machines', () => {
    compare(modelNames, machineWords, 60);
  });

  it('are told with real executions and real cycles under the Linux-kernel model', () => {
    compare(['lkmm'], { ...kernelWords, locks: false }, 50);
  });
});

const types = 'struct item { int value; };';
const inSection = (code: string) => `rcu_read_lock(); ${code} rcu_read_unlock();`;
const reader = 'p = rcu_dereference(*gp); if (p) r0 = p->value;';
const litmus = (updater: string, reading = inSection(reader)): LitmusTest =>
  parseLitmus(
    `C t\n{\nstruct item a; struct item *gp = &a;\n}\n${types}\n` +
      `P0(struct item **gp, struct item *a) { ${updater} }\n` +
      `P1(struct item **gp) { struct item *p; int r0; ${reading} }\n`,
  );

describe('a use after free, with no condition', () => {
  const outcomeOf = (test: LitmusTest, model = 'sc') =>
    explained(test, shippedModel(model), model as Architecture);

  it('that cannot happen is explained by the cycle that it would need, in which the grace period is', () => {
    const test = litmus('rcu_assign_pointer(*gp, NULL); synchronize_rcu(); kfree(a);');
    for (const model of ['sc', 'alpha', 'lkmm']) {
      const { errors, outcome } = outcomeOf(test, model);
      expect(outcome).toBeUndefined();
      const explanation = errors.get('use-after-free');
      if (explanation?.kind !== 'forbidden') throw new Error(explanation?.kind);
      const { ways } = explanation.forbidden;
      expect(ways.length).toBeGreaterThan(0);
      const [{ execution, violation }] = ways;
      const steps = [...violation.edges, ...(violation.back ? [violation.back] : [])].flatMap(
        (edge) => edge.steps,
      );
      const tags = steps
        .flatMap(({ from, via }) => [from, ...via])
        .flatMap((event) => execution.graph.events[event].tags.map((tag) => tag.toLowerCase()));
      expect(tags.some((tag) => tag.startsWith('sync-rcu'))).toBe(true);
      expect(tags).toContain('rcu-unlock');
    }
  });

  it.each([
    ['rcu_assign_pointer(*gp, NULL); kfree(a);', inSection(reader), 'no-grace-period'],
    ['rcu_assign_pointer(*gp, NULL); synchronize_rcu(); kfree(a);', reader, 'no-section'],
    ['synchronize_rcu(); rcu_assign_pointer(*gp, NULL); kfree(a);', inSection(reader), 'late-section'],
  ])('%s with the reader %s: why the free does not wait is %s', (updater, reading, reason) => {
    for (const model of ['sc', 'i386', 'alpha', 'lkmm']) {
      const { errors } = outcomeOf(litmus(updater, reading), model);
      const explanation = errors.get('use-after-free');
      if (explanation?.kind !== 'allowed') throw new Error(explanation?.kind);
      const { execution, order, sequential } = explanation.allowed;
      expect(sequential).toBe(true);
      expect(misuseOf(execution, 'use-after-free', order).notAwaited?.kind).toBe(reason);
    }
  });

  it('behind a grace period of SRCU: a reader without a section is told of where SRCU is part of the model, not where it is code', () => {
    const test = parseLitmus(
      `C t\n{\nstruct item a; struct item *gp = &a;\n}\n${types}\n` +
        'P0(struct item **gp, struct item *a, struct srcu_struct *ss) { rcu_assign_pointer(*gp, NULL); synchronize_srcu(ss); kfree(a); }\n' +
        `P1(struct item **gp) { struct item *p; int r0; ${reader} }\n`,
    );
    const told = ['lkmm', 'sc', 'alpha'].map((model) => {
      const explanation = outcomeOf(test, model).errors.get('use-after-free');
      if (explanation?.kind !== 'allowed') throw new Error(explanation?.kind);
      const { execution, order } = explanation.allowed;
      return misuseOf(execution, 'use-after-free', order).notAwaited?.kind;
    });
    expect(told).toEqual(['no-section', undefined, undefined]);
  });

  it('that only a weak machine has is told with its reordering', () => {
    const test = parseLitmus(
      `C t\n{ struct item a; int done = 0; }\n${types}\n` +
        'P0(struct item *a, int *done) { int r0 = a->value; *done = 1; }\n' +
        'P1(struct item *a, int *done) { if (READ_ONCE(*done)) { smp_mb(); kfree(a); } }\n',
    );
    const explanation = outcomeOf(test, 'alpha').errors.get('use-after-free');
    if (explanation?.kind !== 'allowed') throw new Error(explanation?.kind);
    const { sequential, reorderings, execution } = explanation.allowed;
    expect(sequential).toBe(false);
    expect(
      reorderings.map(({ first, second }) => [first, second].map((e) => execution.graph.events[e].kind)),
    ).toEqual([['read', 'write']]);
  });
});
