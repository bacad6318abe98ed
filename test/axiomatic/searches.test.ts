import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { allChoices, kernelWords, machineWords, type Sample, samples } from '../../src/arbitraries/index.js';
import type { Model } from '../../src/cat/index.js';
import {
  type CheckResult,
  check,
  type Question,
  type SearchStrategy,
  searchStrategies,
} from '../../src/check/index.js';
import { cellId, type Proposition } from '../../src/program/index.js';
import { divisions, mistakes, withMistake } from '../mistakes.js';
import { shippedModel } from '../models.js';
import { modelNames, modelOf, statesOf, testOf } from '../oracle/asking.js';
import { Oracle, TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

/** Candidate executions of a program: generating each takes its time. */
const LIMIT = 300;

/** Whether the candidates of a program are few enough to be generated. */
function isSmall({ program }: Sample): boolean {
  try {
    return new Oracle(program, LIMIT) !== undefined;
  } catch (error) {
    if (error instanceof TooMany) return false;
    throw error;
  }
}

const memoryWords = { ...machineWords, memory: true };

interface Answer extends Pick<CheckResult, 'observation' | 'flags'> {
  readonly states: readonly string[];
  readonly positive?: number;
  readonly negative?: number;
}

/** What a search answers. */
function answer(
  { program, proposition }: Sample,
  model: Model,
  question: Question,
  search: SearchStrategy,
  filter?: Proposition,
): Answer {
  const test = testOf(program, proposition, filter ? { filter } : {});
  const result = check(test, model, { question, search });
  const { observation, flags, positive, negative } = result;
  return {
    observation,
    flags,
    states: statesOf(result),
    ...(question === 'count' ? { positive, negative } : {}),
  };
}

/** Compares the answers of all searches; gives the one for the states. */
function compare(sample: Sample, model: Model, filter?: Proposition): Answer {
  const [verdicts, states, counts] = (['verdict', 'states', 'count'] as const).map((question) =>
    searchStrategies.map((search) => answer(sample, model, question, search, filter)),
  );
  for (const answers of [verdicts, states, counts]) expect(answers).toEqual(answers.map(() => answers[0]));
  return states[0];
}

/** None, or of the first location: every program has one. */
const filters = fc
  .constantFrom(undefined, 0n, 1n)
  .map((right): Proposition | undefined =>
    right === undefined ? undefined : { kind: 'equals', left: { kind: 'cell', cell: cellId(0) }, right },
  );

const ofArithmetic = new Set(['division-by-zero', 'bad-shift', 'bad-arithmetic']);

describe('the three searches', () => {
  it('answer the same of programs that allocate and free memory, with a filter or without', () => {
    fc.assert(
      fc.property(samples({ words: memoryWords }).filter(isSmall), filters, (sample, filter) => {
        for (const name of ['sc', 'alpha']) compare(sample, shippedModel(name), filter);
      }),
      runs(50),
    );
  });

  it('answer the same of programs of the kernel that allocate and free memory', () => {
    const words = { ...kernelWords, locks: false, memory: true };
    fc.assert(
      fc.property(samples({ words }).filter(isSmall), filters, (sample, filter) => {
        compare(sample, shippedModel('lkmm'), filter);
      }),
      runs(50),
    );
  });

  // Its flags that paths decide about are those of locks that are not used as they should be.
  it('answer the same of programs of the kernel with locks', () => {
    fc.assert(
      fc.property(samples({ words: kernelWords }).filter(isSmall), filters, (sample, filter) => {
        compare(sample, shippedModel('lkmm'), filter);
      }),
      runs(50),
    );
  });

  it('answer the same of programs that divide and shift by what they read', () => {
    let [failed, passed] = [0, 0];
    const words = fc
      .constantFrom(machineWords, memoryWords)
      .chain((some) => samples({ words: some }).filter(isSmall));
    fc.assert(
      fc.property(words, divisions, divisions, ({ program, proposition }, first, second) => {
        const divided = withMistake(withMistake(program, first), second);
        for (const name of modelNames) {
          const { flags } = compare({ program: divided, proposition }, shippedModel(name));
          if (flags.some((name) => ofArithmetic.has(name))) failed++;
          else passed++;
        }
      }),
      runs(50),
    );
    expect(Math.min(failed, passed)).toBeGreaterThan(30);
  });

  it('answer the same of programs that choose, and of those that make mistakes', () => {
    const words = { ...machineWords, choices: allChoices };
    const choosing = fc
      .boolean()
      .chain((circling) => samples({ words, faults: false, circling }).filter(isSmall));
    fc.assert(
      fc.property(choosing, mistakes, fc.boolean(), (sample, mistake, isMade) => {
        const made = isMade ? { ...sample, program: withMistake(sample.program, mistake) } : sample;
        for (const name of modelNames) compare(made, shippedModel(name));
      }),
      runs(50),
    );
  });

  // Choices of the graph alone, of rf and co; orders of more than the writes.
  it.each([
    'with c from {po, po^-1}\nacyclic c | rf | co | fr as sc',
    'with c from {po, rf}\nacyclic po-loc | rf | co | fr as loc\nflag ~empty rf & c & ext as seen',
    'with c from {po, po \\ (W * R)}\nwith d from {co, c}\nacyclic po-loc | rf | co | fr as loc\nacyclic c | rf | d as order\nflag ~empty d \\ co as odd',
    'with c from {int, ext}\nacyclic po-loc | rf | co | fr as loc\nacyclic po | rf as causality\nempty rf & c as some',
    'with o from linearisations(domain(rf), 0)\nacyclic o | po & (W * W) | rf | co as order',
    'let W = W | R\nwith co from generate_orders(W, co0 | rf)\nacyclic co | po-loc as co\nacyclic co | po & (M * W) | rf as order',
  ])('answer the same under a model with choices: %j', (text) => {
    const model = modelOf('choices', text);
    const small = samples({ faults: false })
      .filter(({ program }) => program.threads.length === 2)
      .filter(isSmall);
    fc.assert(
      fc.property(small, (sample) => void compare(sample, model)),
      runs(50),
    );
  });
});
