import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shippedModel } from '../../src/cat/index.js';
import { type CheckResult, check, checkOnMachine, machineNames } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { type Architecture, eras } from '../../src/kernel/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { formatState } from '../../src/report/index.js';
import { shippedTests } from '../../src/shipped.js';
import { corpusFiles } from '../corpus.js';
import { testOf } from '../oracle/asking.js';
import { samples } from '../oracle/programs.js';
import { runs } from '../seed.js';

/** What both engines must agree on. */
function answer(result: CheckResult, test: LitmusTest) {
  return {
    incomplete: result.incomplete.filter((limit) => limit.kind !== 'unrolling'),
    states: result.states.map((state) => formatState(state, result.observables, test.program)).sort(),
  };
}

const describeMachines = describe.each(machineNames.map((name) => ({ name })));

describeMachines('machine $name', ({ name }) => {
  it('reaches the states that the model of its name allows, on every test that ships', () => {
    const differing: string[] = [];
    for (const [path, text] of Object.entries(shippedTests)) {
      if (!path.endsWith('.litmus')) continue;
      const test = parseLitmus(new Source(path, text));
      const targets =
        test.program.dialect === 'C'
          ? eras.map((era) => ({ target: { architecture: name as Architecture, era } }))
          : [{}];
      for (const target of targets) {
        const options = { question: 'states', ...target } as const;
        const axiomatic = check(test, shippedModel(name), options);
        if (axiomatic.incomplete.length > 0) continue;
        const operational = checkOnMachine(test, name, options);
        if (JSON.stringify(answer(axiomatic, test)) !== JSON.stringify(answer(operational, test)))
          differing.push(path);
      }
    }
    expect(differing).toEqual([]);
  });

  it('reaches the states that the model of its name allows, on random programs', () => {
    fc.assert(
      fc.property(samples({ faults: false }), ({ program, proposition }) => {
        const test = testOf(program, proposition);
        const axiomatic = check(test, shippedModel(name), { question: 'states' });
        fc.pre(axiomatic.incomplete.length === 0);
        expect(answer(checkOnMachine(test, name, { question: 'states' }), test)).toEqual(
          answer(axiomatic, test),
        );
      }),
      runs(1000),
    );
  });
});

describe('the corpora', () => {
  const cases = [
    { folder: 'x86', name: 'i386' },
    { folder: 'kernel-c', name: 'sc' },
    { folder: 'kernel-c', name: 'i386' },
    { folder: 'kernel-c', name: 'alpha-linux' },
    { folder: 'kernel-c', name: 'alpha' },
    { folder: 'alpha-asm', name: 'alpha-linux' },
    { folder: 'alpha-asm', name: 'alpha' },
  ] as const;

  it.each(cases)('$folder gives the same states with both engines under $name', ({ folder, name }) => {
    const files = corpusFiles(folder);
    const differing = files.filter((source) => {
      const test = parseLitmus(source);
      const target =
        test.program.dialect === 'C' ? { target: { architecture: name, era: '2.6' } as const } : {};
      const options = { question: 'states', ...target } as const;
      const left = answer(check(test, shippedModel(name), options), test);
      const right = answer(checkOnMachine(test, name, options), test);
      return JSON.stringify(left) !== JSON.stringify(right);
    });
    expect(differing.map((source) => source.name)).toEqual([]);
  });
});
