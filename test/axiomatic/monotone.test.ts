import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { commonWords, FULL, type Sample, STORES, samples, withFence } from '../../src/arbitraries/index.js';
import type { Program } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { ask, modelNames, statesOf } from '../oracle/asking.js';
import { runs } from '../seed.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

/** All states of a program. */
function statesUnder(name: string, program: Program): string[] {
  return statesOf(ask(program, shippedModel(name), { kind: 'true' }, { question: 'states' }));
}

/** The first state of `some` that is not among `all`; undefined when there is none. */
function missing(some: readonly string[], all: readonly string[]): string | undefined {
  const known = new Set(all);
  return some.find((state) => !known.has(state));
}

describe('the models, from the strongest to the weakest', () => {
  // One fence orders the same for all of them only if each knows it: MFENCE with MB, STBAR with WMB.
  const common = samples({ words: commonWords });

  it('allow all that a stronger one allows', () => {
    fc.assert(
      fc.property(common, ({ program }: Sample) => {
        const states = modelNames.map((name) => statesUnder(name, program));
        for (let weaker = 1; weaker < states.length; weaker++) {
          expect(missing(states[weaker - 1], states[weaker])).toBeUndefined();
        }
      }),
      runs(50),
    );
  });

  it('allow nothing more when a fence is added', () => {
    const fence = fc.record({
      thread: fc.nat({ max: 5 }),
      at: fc.nat({ max: 11 }),
      tags: fc.constantFrom(FULL, STORES, ['LFENCE'], ['MB'], ['WMB'], ['MFENCE'], ['STBAR']),
    });
    fc.assert(
      fc.property(samples(), fence, ({ program }, { thread, at, tags }) => {
        const fenced = withFence(program, thread, at, tags);
        for (const name of modelNames) {
          expect(missing(statesUnder(name, fenced), statesUnder(name, program))).toBeUndefined();
        }
      }),
      runs(50),
    );
  });

  it('forbid all but interleavings where full fences stand between all instructions', () => {
    const withoutInterrupts = samples({ interrupts: false });
    fc.assert(
      fc.property(withoutInterrupts, ({ program }) => {
        const fenced = fencedAll(program);
        const expected = statesUnder('sc', program);
        for (const name of modelNames) expect(statesUnder(name, fenced)).toEqual(expected);
      }),
      runs(50),
    );
  });
});

/** A full fence before each instruction. */
function fencedAll(program: Program): Program {
  return program.threads.reduce((fenced, thread, index) => {
    const { length } = thread.code.instructions;
    // From the last place to the first, so that the places stay what they are.
    return Array.from({ length }, (_, at) => length - 1 - at).reduce(
      (p, at) => withFence(p, index, at, FULL),
      fenced,
    );
  }, program);
}
