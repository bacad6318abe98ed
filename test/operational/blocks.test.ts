import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf } from '../../src/arbitraries/index.js';
import { shippedModel } from '../../src/cat/index.js';
import { check, checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { modelNames, statesOf, testOf } from '../oracle/asking.js';
import { Oracle, TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';
import { inBlocks, inBlocksTwice } from './blocks.js';

const programs = fc.oneof(inBlocks, inBlocksTwice);

describe.each(modelNames)('load-locked and store-conditional in one block, on %s', (name) => {
  it('come out the same with both engines', () => {
    fc.assert(
      fc.property(programs, (program) => {
        const test = testOf(program);
        const axiomatic = check(test, shippedModel(name), { question: 'states' });
        fc.pre(axiomatic.incomplete.length === 0);
        expect(statesOf(checkOnMachine(test, name, { question: 'states' }))).toEqual(statesOf(axiomatic));
      }),
      runs(50),
    );
  });

  it('come out as by trying everything', () => {
    fc.assert(
      fc.property(programs, (program) => {
        const observables = everythingOf(program);
        const { states } = oracleFor(program).answer(shippedModel(name), {
          observables,
          proposition: { kind: 'true' },
        });
        expect(statesOf(check(testOf(program), shippedModel(name), { question: 'states' }))).toEqual(states);
      }),
      { ...runs(50), maxSkipsPerRun: 100 },
    );
  });
});

it('the machine alpha-21264 does nothing with blocks that alpha-linux forbids', () => {
  fc.assert(
    fc.property(programs, (program) => {
      const test = testOf(program);
      const allowed = statesOf(check(test, shippedModel('alpha-linux'), { question: 'states' }));
      const reached = statesOf(checkOnMachine(test, 'alpha-21264', { question: 'states' }));
      expect(reached.filter((state) => !allowed.includes(state))).toEqual([]);
    }),
    runs(50),
  );
});

function oracleFor(program: Parameters<typeof testOf>[0]): Oracle {
  try {
    return new Oracle(program, 500);
  } catch (error) {
    if (error instanceof TooMany) fc.pre(false);
    throw error;
  }
}

/**
 * Alpha handbook, version 4, 4.2.5 and 5.6.1.8. P0 locks `lock` and stores to `to`; P1 stores 2 to `other` in between: it has seen that P0
 * has locked, and P0 sees what it stores.
 */
const between = (lock: number, to: number, other: number) => `Alpha between
{ a=0; x=0; 0:R1=a; 0:R2=x; 1:R1=a; 1:R2=x; }
 P0                   | P1                   ;
 LDQ_L R3,${lock}(R1) | LDQ R7,0(R2)         ;
 MB                   | MB                   ;
 LDA R9,1(R31)        | LDA R4,2(R31)        ;
 STQ R9,0(R2)         | STQ R4,${other}(R1)  ;
 LDQ R6,${other}(R1)  |                      ;
 MB                   |                      ;
 LDA R4,1(R31)        |                      ;
 STQ_C R4,${to}(R1)   |                      ;
exists (1:R7=1 /\\ 0:R6=2 /\\ 0:R4=1)`;

describe.each(modelNames)('a store of another CPU behind a load-locked, on %s', (name) => {
  it.each([
    ['lets a store-conditional to the same quadword fail', 0, 0, 0, 'Never'],
    ['lets one to the other quadword of the block fail', 0, 8, 0, 'Never'],
    ['lets one fail that it goes to itself', 8, 0, 0, 'Never'],
    ['lets one to another block be', 0, 16, 0, 'Sometimes'],
    ['in another block lets it be', 16, 16, 8, 'Sometimes'],
    ['in the upper half of the next block does not matter', 16, 24, 8, 'Sometimes'],
    ['in the lower half of its block does', 24, 24, 16, 'Never'],
  ])('%s', (_, lock, to, other, verdict) => {
    const test = parseLitmus(new Source('test', between(lock, to, other)));
    expect(check(test, shippedModel(name)).verdict).toBe(verdict);
    expect(checkOnMachine(test, name).verdict).toBe(verdict);
  });
});
