import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare, type Expected, questionFor, tidy } from '../../conformance/expected.js';
import { readHerdLog } from '../../conformance/herd-log.js';
import { litmusTests } from '../../src/arbitraries/index.js';
import { type CheckResult, check } from '../../src/check/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { herdReport } from '../../src/report/index.js';
import { shippedModel } from '../models.js';
import { runs } from '../seed.js';

const model = shippedModel('i386');
const SB = parseLitmus(
  'X86 SB\n{}\n P0 | P1 ;\n MOV [x],$1 | MOV [y],$1 ;\n MOV EAX,[y] | MOV EAX,[x] ;\nexists (0:EAX=0 /\\ 1:EAX=0)\n',
);
const SB_STATES = ['0:EAX=0; 1:EAX=0;', '0:EAX=0; 1:EAX=1;', '0:EAX=1; 1:EAX=0;', '0:EAX=1; 1:EAX=1;'];

const answerTo = (expected: Expected): CheckResult => check(SB, model, { question: questionFor(expected) });

describe('what a suite has put down', () => {
  it.each<[Expected, string]>([
    [{ holds: true }, 'agree'],
    [{ holds: false }, 'condition holds: true, expected false'],
    [{ observation: 'Sometimes' }, 'agree'],
    [{ observation: 'Never' }, 'observation: Sometimes, expected Never'],
    [{ counts: { positive: 1, negative: 3 } }, 'agree'],
    [{ counts: { positive: 1, negative: 4 } }, 'executions: 1,3, expected 1,4'],
    [{ states: SB_STATES.toReversed() }, 'agree'],
    [{ states: SB_STATES.slice(1) }, 'states: 4, also 0:EAX=0; 1:EAX=0, expected 3'],
    [{ states: [...SB_STATES, '0:EAX=2; 1:EAX=0;'] }, 'states: 4, not 0:EAX=2; 1:EAX=0, expected 5'],
    [{ flags: [] }, 'agree'],
    [{ flags: ['data-race'] }, 'flags: none, expected data-race'],
    [{ flag: { name: 'data-race', raised: false } }, 'agree'],
    [{ flag: { name: 'data-race', raised: true } }, 'flag data-race: false, expected true'],
  ])('is compared with the answer: %j', (expected, outcome) => {
    const comparison = compare(SB, answerTo(expected), expected);
    expect(comparison.kind === 'differ' ? comparison.reason : comparison.kind).toBe(outcome);
  });

  it.each<[Expected]>([
    [{ holds: false }],
    [{ observation: 'Never' }],
    [{ counts: { positive: 0, negative: 0 } }],
    [{ states: [] }],
    [{ flags: ['data-race'] }],
    [{ flag: { name: 'data-race', raised: true } }],
  ])('is not compared with what a limit cut short: %j', (expected) => {
    const cut: CheckResult = {
      ...answerTo(expected),
      holds: undefined,
      verdict: 'Unknown',
      incomplete: [{ kind: 'timeout' }],
    };
    expect(compare(SB, cut, expected)).toEqual({ kind: 'undecided', reason: 'timeout' });
  });

  it('knows the flags of a model, and no errors of executions', () => {
    const text = 'C d\n{}\nP0(spinlock_t *l) { spin_lock(l); spin_lock(l); }\nexists (true)\n';
    const test = parseLitmus(text);
    const answer = check(test, shippedModel('i386'), { target: { architecture: 'i386', era: '6.x' } });
    expect(answer.flags).toEqual(['deadlock']);
    expect(compare(test, answer, { flags: [] })).toEqual({ kind: 'agree' });
  });

  it('may have its numbers in hexadecimal, and its parts in any order', () => {
    expect(tidy('[x]=0xa;  0:r1=-0x10; 0:r0=0x1')).toBe(tidy('0:r0=1; 0:r1=-16; [x]=10;'));
  });
});

describe("herd7's lines", () => {
  it('are read as they are written', () => {
    const anything = fc.oneof(litmusTests({ dialect: 'X86' }), litmusTests({ dialect: 'C' }));
    fc.assert(
      fc.property(anything, (test) => {
        const target =
          test.program.dialect === 'C' ? { target: { architecture: 'i386', era: '6.x' } as const } : {};
        const result = check(test, model, { question: 'count', ...target });
        const text = herdReport(test, result, 0.5);
        const [entry, ...others] = readHerdLog(`Warning: File "f": something\n${text}`);
        expect(others).toEqual([]);
        expect(entry.test).toBe(test.name);
        expect(compare(test, result, entry)).toEqual({ kind: 'agree' });
        expect(entry.counts?.positive).toBe(result.positive);
        expect(entry.states).toHaveLength(result.states.length);
      }),
      runs(50),
    );
  });

  it('of several tests are told apart, and tests that were given up left out', () => {
    const one = herdReport(SB, check(SB, model, { question: 'count' }), 1);
    const log = readHerdLog(`${one}Test broken-off Allowed\nStates 1\n${one.replaceAll('SB', 'SB2')}`);
    expect(log.map(({ test }) => test)).toEqual(['SB', 'SB2']);
    expect(log[1]).toMatchObject({ holds: true, observation: 'Sometimes', states: SB_STATES, flags: [] });
  });

  it('of an undefined test say nothing of its condition', () => {
    const text =
      'Test t Allowed\nStates 1\n[x]=1;\nUndef\nWitnesses\nPositive: 1 Negative: 0\nFlag *undef*\nObservation t Always 1 0\n';
    const [entry] = readHerdLog(text);
    expect(entry).toMatchObject({ states: ['[x]=1;'], flags: ['*undef*'], observation: 'Always' });
    expect(entry).not.toHaveProperty('holds');
  });
});
