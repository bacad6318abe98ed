import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf, kernelWords, machineWords, samples } from '../../src/arbitraries/index.js';
import { type AxiomaticOptions, searchProgram } from '../../src/axiomatic/engine.js';
import { Collector } from '../../src/check/goals.js';
import { observablesOf } from '../../src/check/proposition.js';
import { within } from '../../src/limits.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { cellId, type Program, type Proposition, threadId, ValueTable } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { modelNames, stateTextOf } from '../oracle/asking.js';
import { runs } from '../seed.js';

/** The program with more threads that do what its last one does. */
function crowded(program: Program, count: number): Program {
  const last = program.threads[program.threads.length - 1];
  const more = Array.from({ length: count }, (_, index) => {
    const id = program.threads.length + index;
    return { ...last, id: threadId(id), name: `P${id}` };
  });
  return { ...program, threads: [...program.threads, ...more] };
}

/** How often a search may ask whether to give up, which it does every so many steps. */
const LOOKS = 100;

/** What a search says of the locations and of the first thread's registers. */
function answer(
  program: Program,
  name: string,
  proposition: Proposition,
  question: 'verdict' | 'states',
  options: Pick<AxiomaticOptions, 'search' | 'strengthenAfter' | 'mostPaths' | 'looks'>,
) {
  const shown = everythingOf(program).filter((one) => one.kind === 'cell' || one.thread === 0);
  for (const one of observablesOf(proposition))
    if (one.kind === 'register' && one.thread !== 0) shown.push(one);
  const values = new ValueTable();
  const condition = { quantifier: 'exists', proposition } as const;
  const collector = new Collector(question, condition, undefined, shown, values, new Set());
  const { counts, limit } = within({ effort: LOOKS }, () =>
    searchProgram(program, shippedModel(name), values, collector, { unroll: 2, ...options }),
  );
  const { positive, negative, states } = collector;
  return {
    reached: [positive > 0, negative > 0],
    states: [...states.values()].map((state) => stateTextOf(state)).sort(),
    unfinished: limit !== undefined || counts.circular > 0,
    conflicts: counts.conflicts,
    graphs: counts.graphs,
  };
}

describe('the closer look that a search takes after many conflicts', () => {
  it.each(['verdict', 'states'] as const)(
    'changes no answer about %s, also of threads that do the same',
    (question) => {
      let looked = 0;
      fc.assert(
        fc.property(
          samples({ interrupts: false, faults: false }).filter(({ program }) => program.threads.length === 2),
          fc.integer({ min: 0, max: 2 }),
          fc.constantFrom(...modelNames),
          fc.constantFrom(0, 1000),
          ({ program, proposition }, count, name, mostPaths) => {
            const crowd = crowded(program, count);
            const pruned = answer(crowd, name, proposition, question, { search: 'pruned' });
            fc.pre(!pruned.unfinished);
            const directed = answer(crowd, name, proposition, question, {
              search: 'directed',
              strengthenAfter: 1,
              mostPaths,
            });
            if (directed.conflicts > 0) looked++;
            expect(directed.reached).toEqual(pruned.reached);
            expect(directed.states).toEqual(pruned.states);
          },
        ),
        runs(50),
      );
      expect(looked).toBeGreaterThan(0);
    },
  );
});

/** Threads that add to x once or twice, each time by a load and then a store: how much. */
const additions = fc.array(fc.array(fc.constantFrom(1, 2, 4), { minLength: 1, maxLength: 2 }), {
  minLength: 2,
  maxLength: 4,
});

function addingProgram(threads: readonly (readonly number[])[]): Program {
  const code = threads.map((summands, thread) => {
    const lines = summands.map((summand, at) => `int r${at} = *x; *x = r${at} + ${summand};`);
    return `P${thread}(int *x) { ${lines.join(' ')} }`;
  });
  return parseLitmus(`C adding\n{}\n${code.join('\n')}\nexists (x=0)`).program;
}

describe('what writes can store', () => {
  it.each([0, 1000])(
    'is no less than they do, whatever is added by whom: %d paths told apart',
    (mostPaths) => {
      let [can, cannot] = [0, 0];
      fc.assert(
        fc.property(additions, fc.nat(10), fc.constantFrom('sc', 'i386', 'alpha'), (threads, right, name) => {
          fc.pre(threads.flat().length <= 4);
          const program = addingProgram(threads);
          const proposition = {
            kind: 'equals',
            left: { kind: 'cell', cell: cellId(0) },
            right: BigInt(right),
          } as const;
          const pruned = answer(program, name, proposition, 'verdict', { search: 'pruned' });
          fc.pre(!pruned.unfinished);
          const options = { search: 'directed', strengthenAfter: 1, looks: 0, mostPaths } as const;
          expect(answer(program, name, proposition, 'verdict', options).reached).toEqual(pruned.reached);
          if (pruned.reached[0]) can++;
          else cannot++;
        }),
        runs(50),
      );
      expect(Math.min(can, cannot)).toBeGreaterThan(20);
    },
  );
});

describe('the look ahead that a search takes before it decides', () => {
  it.each([
    ['verdict', modelNames, machineWords],
    ['states', modelNames, machineWords],
    ['verdict', ['lkmm'], { ...kernelWords, locks: false }],
  ] as const)('changes no answer about %s under %j when it is always taken', (question, names, words) => {
    let several = 0;
    fc.assert(
      fc.property(
        samples({ words, faults: false }),
        fc.constantFrom(...names),
        ({ program, proposition }, name) => {
          const pruned = answer(program, name, proposition, question, { search: 'pruned' });
          fc.pre(!pruned.unfinished);
          const directed = answer(program, name, proposition, question, {
            search: 'directed',
            looks: Number.POSITIVE_INFINITY,
          });
          if (directed.graphs > 2) several++;
          expect(directed.reached).toEqual(pruned.reached);
          expect(directed.states).toEqual(pruned.states);
        },
      ),
      runs(50),
    );
    expect(several).toBeGreaterThan(10);
  });
});
