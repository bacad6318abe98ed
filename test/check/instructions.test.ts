import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadModel, type Model, shippedModel, shippedModelFile } from '../../src/cat/index.js';
import { check, checkOnMachine } from '../../src/check/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { formatState } from '../../src/report/index.js';
import { runs } from '../seed.js';

/** The model that stands in for herd7's of the name. */
function asHerd7(name: string): Model {
  return loadModel(name, shippedModelFile(`herd7/${name}.cat`) as string, { include: shippedModelFile });
}

/** Columns of instructions. */
function x86(threads: readonly (readonly string[])[], question: string): LitmusTest {
  const rows = Array.from({ length: Math.max(...threads.map(({ length }) => length)) }, (_, row) =>
    threads.map((thread) => thread[row] ?? '').join(' | '),
  );
  const head = threads.map((_, thread) => `P${thread}`).join(' | ');
  return parseLitmus(
    `X86 test\n{ x=0; y=0; }\n${[head, ...rows].map((row) => ` ${row} ;\n`).join('')}${question}\n`,
  );
}

const counts = (test: LitmusTest, model: Model): readonly number[] => {
  const { positive, negative } = check(test, model, { question: 'count' });
  return [positive, negative];
};

describe('an X86 instruction that reads and writes without LOCK', () => {
  const lost = x86([['INC [x]'], ['INC [x]']], 'exists (x=1)');
  const overtaken = x86(
    [['INC [x]'], ['MOV [x],$5'], ['MOV EAX,[x]', 'MOV EBX,[x]']],
    'exists (2:EAX=6 /\\ 2:EBX=5)',
  );
  const exchanged = x86([['XCHG [x],EAX'], ['MOV [x],$3']], 'exists (0:EAX=3 /\\ x=0)');

  // What herd7 7.58+1 counts.
  it.each([
    ['x86tso', [4, 2], [1, 23], [1, 2]],
    ['sc', [4, 2], [1, 23], [1, 2]],
    ['tso', [4, 2], [1, 23], [1, 2]],
    ['uniproc', [4, 2], [1, 23], [1, 2]],
  ])("is not in order under herd7's %s", (name, ofLost, ofOvertaken) => {
    expect([counts(lost, asHerd7(name)), counts(overtaken, asHerd7(name))]).toEqual([ofLost, ofOvertaken]);
  });

  it.each(['sc', 'i386', 'pso'])('reads before it writes under %s, as on hardware', (name) => {
    const model = shippedModel(name);
    // Either both read 0, and one of the two writes is the last; or one reads what the other wrote.
    expect(counts(lost, model)).toEqual([2, 2]);
    expect(check(overtaken, model).verdict).toBe('Never');
  });

  it('is in order under x86tso when it is locked', () => {
    const model = asHerd7('x86tso');
    expect(counts(x86([['LOCK INC [x]'], ['LOCK INC [x]']], 'exists (x=1)'), model)).toEqual([0, 2]);
    expect(check(exchanged, model).verdict).toBe('Sometimes');
  });

  const places = ['x', 'y'];
  const instruction = fc.oneof(
    fc
      .tuple(fc.constantFrom('MOV [_],$', 'ADD [_],$', 'XOR [_],$'), fc.integer({ min: 1, max: 2 }))
      .map(([text, value]) => `${text}${value}`),
    fc.constantFrom(
      'INC [_]',
      'DEC [_]',
      'NEG [_]',
      'LOCK INC [_]',
      'XCHG [_],EAX',
      'XADD [_],EAX',
      'MFENCE',
    ),
    fc.constantFrom('MOV EAX,[_]', 'MOV EBX,[_]', 'ADD EAX,[_]', 'MOV [_],EAX', 'CMPXCHG [_],EBX'),
  );
  const code = fc.tuple(instruction, fc.constantFrom(...places)).map(([text, at]) => text.replace('_', at));
  const tests = fc
    .array(fc.array(code, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })
    .map((threads) => {
      const registers = threads.flatMap((_, thread) => [`${thread}:EAX;`, `${thread}:EBX;`]);
      return x86(threads, `locations [${registers.join(' ')} x; y;] exists (true)`);
    });
  const statesOf = (test: LitmusTest, { states, observables }: ReturnType<typeof check>): string[] =>
    states.map((state) => formatState(state, observables, test.program)).sort();

  it.each(['sc', 'i386', 'pso'] as const)('has the final states of the machine under %s', (name) => {
    fc.assert(
      fc.property(tests, (test) => {
        const model = check(test, shippedModel(name), { question: 'states' });
        const machine = checkOnMachine(test, name, { question: 'states' });
        expect(statesOf(test, model)).toEqual(statesOf(test, machine));
      }),
      runs(60),
    );
  });

  it('allows more under what stands in for herd7 than on hardware, and no less', () => {
    fc.assert(
      fc.property(tests, (test) => {
        const hardware = statesOf(test, check(test, shippedModel('i386'), { question: 'states' }));
        const herd7 = statesOf(test, check(test, asHerd7('x86tso'), { question: 'states' }));
        expect(herd7).toEqual(expect.arrayContaining(hardware));
      }),
      runs(60),
    );
  });
});
