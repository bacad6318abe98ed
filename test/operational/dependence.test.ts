import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf } from '../../src/arbitraries/index.js';
import { shippedModel } from '../../src/cat/index.js';
import { check, checkOnMachine } from '../../src/check/index.js';
import type { Program } from '../../src/program/index.js';
import { statesOf, testOf } from '../oracle/asking.js';
import { Oracle, TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';
import { inlined, rings } from './dependence.js';

const statesUnder = (program: Program, name: string) =>
  check(testOf(program), shippedModel(name), { question: 'states' });

describe.each(['alpha', 'alpha-linux'])('what a store depends on, on %s', (name) => {
  it.each([true, false])('comes out the same with both engines, with functions: %s', (withCalls) => {
    fc.assert(
      fc.property(rings(withCalls), (program) => {
        const axiomatic = statesUnder(program, name);
        fc.pre(axiomatic.incomplete.length === 0);
        const operational = checkOnMachine(testOf(program), name, { question: 'states' });
        expect(statesOf(operational)).toEqual(statesOf(axiomatic));
      }),
      runs(50),
    );
  });

  it.each([true, false])(
    'comes out as by trying everything, on all ways, with functions: %s',
    (withCalls) => {
      fc.assert(
        fc.property(rings(withCalls), (program) => {
          // The oracle knows no calls.
          const { states } = oracleFor(inlined(program)).answer(shippedModel(name), {
            observables: everythingOf(program),
            proposition: { kind: 'true' },
          });
          expect(statesOf(statesUnder(program, name))).toEqual(states);
        }),
        { ...runs(50), maxSkipsPerRun: 100 },
      );
    },
  );
});

function oracleFor(program: Program): Oracle {
  try {
    return new Oracle(program, 800);
  } catch (error) {
    if (error instanceof TooMany) fc.pre(false);
    throw error;
  }
}
