import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { samples } from '../../src/arbitraries/index.js';
import { shippedModelNames } from '../../src/cat/index.js';
import {
  check,
  checkOnMachine,
  checkWith,
  EngineDisagreement,
  EngineError,
  machineNames,
} from '../../src/check/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { disagreementReport } from '../../src/report/index.js';
import { shippedModel } from '../models.js';
import { testOf } from '../oracle/asking.js';
import { runs } from '../seed.js';

const sb = parseLitmus(`X86 SB
{ }
 P0          | P1          ;
 MOV [x],$1  | MOV [y],$1  ;
 MOV EAX,[y] | MOV EAX,[x] ;
exists (0:EAX=0 /\\ 1:EAX=0)
`);
/** Two writers and a reader that waits for what never comes, but on one path. */
const spinning = parseLitmus(`X86 spinning
{ }
 P0         | P1          ;
 MOV [x],$1 | L:          ;
            | MOV EAX,[x] ;
            | CMP EAX,$1  ;
            | JNE L       ;
exists (1:EAX=0)
`);
/** P0 has more to do where it is not the first. */
const uneven = parseLitmus(`X86 uneven
{ }
 P0          | P1          ;
 MOV [x],$1  | MOV [y],$1  ;
 MOV EAX,[y] | MOV EAX,[x] ;
 CMP EAX,$0  |             ;
 JE END      |             ;
 MOV [z],$1  |             ;
 MOV [z],$2  |             ;
 END:        |             ;
exists (0:EAX=0 /\\ 1:EAX=0)
`);
const i386 = { name: 'i386', model: shippedModel('i386'), machine: 'i386' };

/** Threads that each swap two locations: their executions are many, their states few. */
function swaps(threads: number): LitmusTest {
  const row = (cells: readonly string[]) => `${cells.join(' | ')} ;`;
  const names = Array.from({ length: threads }, (_, id) => `P${id}`);
  const all = (text: string) => names.map(() => text);
  const code = [names, all('MOV EAX,$1'), all('XCHG [x],EAX'), all('MOV EBX,$1'), all('XCHG [y],EBX')];
  return parseLitmus(`X86 swaps\n{ }\n${code.map(row).join('\n')}\nexists (x=1)\n`);
}

describe('the engine that is asked for', () => {
  it('answers, and says how much work that was', () => {
    const axiomatic = checkWith(sb, 'axiomatic', i386);
    expect(axiomatic).toMatchObject({ engine: 'axiomatic', result: { verdict: 'Sometimes' } });
    expect(axiomatic.result.machine).toBeUndefined();
    const operational = checkWith(sb, 'operational', i386);
    expect(operational).toMatchObject({ engine: 'operational', result: { verdict: 'Sometimes' } });
    expect(operational.result.machine?.states).toBeGreaterThan(0);
  });

  it('is refused where there is no such machine or model, or nothing that it counts', () => {
    const lkmm = { name: 'lkmm', model: shippedModel('lkmm') };
    const { model: _, ...machine } = i386;
    expect(() => checkWith(sb, 'operational', lkmm)).toThrow('there are sc, i386, pso');
    expect(() => checkWith(sb, 'both', lkmm)).toThrow(EngineError);
    expect(() => checkWith(sb, 'axiomatic', machine)).toThrow(EngineError);
    expect(() => checkWith(sb, 'operational', i386, { question: 'count' })).toThrow(EngineError);
  });

  it('gives up on a machine at a number of states', () => {
    const { result } = checkWith(sb, 'operational', { name: 'sc', machine: 'sc' }, { maxStates: 5 });
    expect(result).toMatchObject({ verdict: 'Unknown', incomplete: [{ kind: 'states', limit: 5 }] });
  });
});

describe('both engines', () => {
  it.each(['verdict', 'states', 'count'] as const)('agree, and answer the question %s', (question) => {
    const both = checkWith(sb, 'both', i386, { question });
    const alone = check(sb, i386.model, { question });
    expect(both.agreement).toBe('full');
    expect(both.result.machine?.states).toBe(
      checkOnMachine(sb, 'i386', { question: 'states' }).machine?.states,
    );
    expect(both.result).toMatchObject({ question, verdict: alone.verdict, states: alone.states });
  });

  it('are reported with program, states and difference where they differ', () => {
    const wrong = { ...i386, model: shippedModel('sc') };
    let found: unknown;
    try {
      checkWith(sb, 'both', wrong);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(EngineDisagreement);
    const report = disagreementReport(found as EngineDisagreement);
    const parts = report.split(/^ {2}(?=\S)/m).map((part) => part.replace(/\n+$/, ''));
    expect(parts[0]).toMatch(/X86 SB\n/);
    expect(parts.slice(1)).toEqual([
      'the model i386 allows 3 final states:\n    0:EAX=0; 1:EAX=1;\n    0:EAX=1; 1:EAX=0;\n    0:EAX=1; 1:EAX=1;',
      'the machine i386 reaches 4 final states:\n    0:EAX=0; 1:EAX=0;\n    0:EAX=0; 1:EAX=1;\n    0:EAX=1; 1:EAX=0;\n    0:EAX=1; 1:EAX=1;',
      'allowed, but not reached:\n    none',
      'reached, but not allowed:\n    0:EAX=0; 1:EAX=0;',
    ]);
  });

  it('differ when the machine misses a state, too', () => {
    expect(() => checkWith(sb, 'both', { ...i386, machine: 'sc' })).toThrow(EngineDisagreement);
  });

  it('may differ in what a limit hides, and in nothing else', () => {
    expect(checkWith(spinning, 'both', i386)).toMatchObject({ agreement: 'partial' });
    expect(checkWith(sb, 'both', i386, { maxStates: 3 })).toMatchObject({ agreement: 'partial' });
    // What the machine reaches before the limit is in its way all the same.
    const wrong = { ...i386, model: shippedModel('sc') };
    const { states } = checkOnMachine(uneven, 'i386', { question: 'states' }).machine ?? { states: 0 };
    expect(() => checkWith(uneven, 'both', wrong, { maxStates: states - 1 })).toThrow(EngineDisagreement);
  });

  it('report the same states and errors of any program', () => {
    fc.assert(
      fc.property(samples(), ({ program, proposition }) => {
        const test = testOf(program, proposition);
        for (const name of machineNames.filter((one) => shippedModelNames().includes(one)))
          checkWith(test, 'both', { name, model: shippedModel(name), machine: name });
      }),
      runs(80),
    );
  });
});

describe('the engine that is chosen', () => {
  it('is the one that there is', () => {
    const { model: _, ...machine } = i386;
    expect(checkWith(sb, 'auto', machine)).toMatchObject({
      engine: 'operational',
      chosen: 'there is no model i386',
    });
    const lkmm = { name: 'lkmm', model: shippedModel('lkmm') };
    expect(checkWith(sb, 'auto', lkmm)).toMatchObject({
      engine: 'axiomatic',
      chosen: 'there is no machine lkmm',
    });
    expect(checkWith(sb, 'auto', i386, { question: 'count' }).engine).toBe('axiomatic');
  });

  it('is the search where that is short', () => {
    expect(checkWith(sb, 'auto', i386)).toMatchObject({
      engine: 'axiomatic',
      result: { verdict: 'Sometimes' },
    });
  });

  it('is the machine where there are many executions of few states', () => {
    const answer = checkWith(swaps(5), 'auto', i386, { search: 'pruned' });
    expect(answer).toMatchObject({ engine: 'operational', result: { verdict: 'Always', incomplete: [] } });
    expect(answer.chosen).toMatch(/had not ended after \d+ decisions/);
  });

  it('is the machine where a loop may go on longer than the search follows it', () => {
    const answer = checkWith(spinning, 'auto', i386);
    expect(answer).toMatchObject({ engine: 'operational', result: { verdict: 'Never', incomplete: [] } });
  });

  it('is the search again where the machine has too many states', () => {
    const answer = checkWith(swaps(4), 'auto', i386, { maxStates: 3, search: 'pruned' });
    expect(answer).toMatchObject({
      engine: 'axiomatic',
      chosen: 'the machine has more than 3 states',
      result: { verdict: 'Always', incomplete: [] },
    });
  });

  it('is neither once the check is cancelled', () => {
    const answer = checkWith(swaps(5), 'auto', i386, { search: 'pruned', cancelled: () => true });
    expect(answer.result).toMatchObject({ verdict: 'Unknown', incomplete: [{ kind: 'timeout' }] });
  });
});
