import { afterAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import {
  allChoices,
  everythingOf,
  kernelWords,
  machineWords,
  type Sample,
  samples,
  type Vocabulary,
} from '../../src/arbitraries/index.js';
import type { Model } from '../../src/cat/index.js';
import {
  type CheckResult,
  type Question,
  type SearchStrategy,
  searchStrategies,
} from '../../src/check/index.js';
import { lockings, mistakes, waitings, withLocks, withMistake } from '../mistakes.js';
import { shippedModel } from '../models.js';
import { ask, modelNames, modelOf, statesOf } from '../oracle/asking.js';
import { hasCircles } from '../oracle/closure.js';
import { models } from '../oracle/models.js';
import { type Answer, type FullAnswer, Oracle, TooMany } from '../oracle/oracle.js';
import { isLong, runs } from '../seed.js';

const words = { ...machineWords, locks: true };
const memoryWords = { ...machineWords, memory: true };
/** Candidate executions that the oracle goes through for one program. */
const LIMIT = 800;
/** Answers that leave values open, and that leave none. */
const left = { open: 0, none: 0 };
/** Programs that the oracle can look at, and that it cannot; and how often values go round in a circle through a branch. */
const programs = { small: 0, large: 0, circling: 0 };
/** What comes of `mistakes`, but for what is rare. */
const errorsMade = [
  ...['null-dereference', 'out-of-bounds', 'unaligned-access', 'division-by-zero', 'bad-shift'],
  ...['unmatched-rcu-lock', 'unmatched-rcu-unlock', 'unmatched-irq-restore'],
];
/** The models that one program is asked about: two in `npm test`, since each takes long, and all in test:long. */
const someModels = isLong
  ? fc.constant(modelNames)
  : fc.shuffledSubarray(modelNames, { minLength: 2, maxLength: 2 });
jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

describe('the axiomatic engine and the naive oracle', () => {
  it('agree on random programs under the models that ship', () => {
    fc.assert(
      fc.property(choosing(words), someModels, (sample, names) => {
        const oracle = oracleFor(sample);
        for (const name of names) compare(sample, shippedModel(name), oracle);
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
  });

  it('agree on random programs that allocate and free memory', () => {
    fc.assert(
      fc.property(choosing(memoryWords), someModels, (sample, names) => {
        const oracle = oracleFor(sample);
        for (const name of names) compare(sample, shippedModel(name), oracle);
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
  });

  it('agree on random programs that make mistakes', () => {
    const made = new Set<string>();
    fc.assert(
      fc.property(
        choosing(words),
        mistakes,
        mistakes,
        fc.constantFrom(...modelNames),
        (sample, first, second, name) => {
          const mistaken = { ...sample, program: withMistake(withMistake(sample.program, first), second) };
          const { flags } = compare(mistaken, shippedModel(name), oracleFor(mistaken));
          for (const flag of flags) made.add(flag);
        },
      ),
      { ...runs(100), maxSkipsPerRun: 1000 },
    );
    expect([...made]).toEqual(expect.arrayContaining(errorsMade));
  });

  it('agree on random programs that take locks in any order', () => {
    const made = new Set<string>();
    fc.assert(
      fc.property(choosing(words), lockings, fc.constantFrom(...modelNames), (sample, locked, name) => {
        const locking = { ...sample, program: withLocks(sample.program, locked) };
        const { flags } = compare(locking, shippedModel(name), oracleFor(locking));
        for (const flag of flags) made.add(flag);
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
    expect(made).toContain('deadlock');
  });

  it('agree on random programs under random models', () => {
    fc.assert(
      fc.property(choosing(words), models, (sample, text) => {
        compare(sample, modelOf('random', text), oracleFor(sample));
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
  });
});

afterAll(() => {
  expect(left.open).toBeLessThan(left.none / 20);
  expect(programs.large).toBeLessThan(programs.small);
  expect(programs.circling).toBeGreaterThan(programs.small / 20);
});

describe('the axiomatic engine and the naive oracle, under the Linux-kernel model', () => {
  // Its flags tell of data races: all of them are looked for, under every question.
  it('agree on random programs of the kernel', () => {
    fc.assert(
      fc.property(choosing(kernelWords), (sample) => {
        compare(sample, shippedModel('lkmm'), oracleFor(sample));
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
  });

  it('agree on random programs of the kernel that take locks and wait for grace periods in any order', () => {
    const made = new Set<string>();
    fc.assert(
      fc.property(choosing({ ...kernelWords, locks: false }), waitings, (sample, waiting) => {
        const locking = { ...sample, program: withLocks(sample.program, waiting) };
        const { flags } = compare(locking, shippedModel('lkmm'), oracleFor(locking));
        for (const flag of flags) made.add(flag);
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
    expect(made).toContain('deadlock');
  });

  it('agree on random programs of the kernel that allocate and free memory', () => {
    fc.assert(
      fc.property(choosing({ ...kernelWords, locks: false, memory: true }), (sample) => {
        compare(sample, shippedModel('lkmm'), oracleFor(sample));
      }),
      { ...runs(50), maxSkipsPerRun: 1000 },
    );
  });
});

/** Two thirds of the programs choose values and addresses, half of them in circles, and follow no pointer to nothing. */
function choosing(some: Vocabulary): fc.Arbitrary<Sample> {
  const words = { ...some, choices: allChoices };
  return fc.oneof(
    samples({ words: some }),
    samples({ words, faults: false }),
    samples({ words, faults: false, circling: true }),
  );
}

/** An oracle for a program that is small enough for one. */
function oracleFor({ program }: Sample): Oracle {
  try {
    const oracle = new Oracle(program, LIMIT);
    programs.small++;
    return oracle;
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    programs.large++;
    fc.pre(false);
    throw error;
  }
}

/** All answers of the engine, by every way to search. */
function compare(sample: Sample, model: Model, oracle: Oracle): FullAnswer {
  const { program, proposition } = sample;
  const answer = oracle.answer(model, { observables: everythingOf(program), proposition });
  if (answer.circles > 0) programs.circling++;
  for (const search of searchStrategies) compareSearch(sample, model, answer, search);
  return answer;
}

function compareSearch(sample: Sample, model: Model, full: FullAnswer, search: SearchStrategy): void {
  const { program, proposition } = sample;
  const asked = (question: Question) => ask(program, model, proposition, { question, search });
  const { circles, circular, open, ...answer } = full;
  const count = asked('count');
  const { verdict, positiveWitness, negativeWitness } = asked('verdict');
  if (count.incomplete.length > 0) {
    // What something is computed of on the way round may be left open, and nothing else.
    expect(count.observables).toEqual(everythingOf(program));
    expect(count.incomplete).toEqual([{ kind: 'circular-values' }]);
    expect(hasCircles(program)).toBe(true);
    expect(answer.states).toEqual(expect.arrayContaining(statesOf(count)));
    expect([verdictOf(answer), 'Unknown']).toContain(verdict);
    left.open++;
    return;
  }
  left.none++;
  // All at once: what is expected costs more than it takes to compare, thousands of times.
  expect({
    observables: count.observables,
    open,
    count: inShort(count),
    states: statesOf(asked('states')),
    verdict,
    witnesses: [positiveWitness !== undefined, negativeWitness !== undefined],
  }).toEqual({
    observables: everythingOf(program),
    open: 0,
    count: answer,
    states: answer.states,
    verdict: verdictOf(answer),
    witnesses: [answer.positive > 0, answer.negative > 0],
  });
}

function inShort(result: CheckResult): Answer {
  const { positive, negative, flags } = result;
  return { states: statesOf(result), positive, negative, flags };
}

function verdictOf({ positive, negative }: Answer): string {
  if (positive === 0) return 'Never';
  return negative === 0 ? 'Always' : 'Sometimes';
}
