import { describe, expect, it } from '@jest/globals';
import { check } from '../../src/check/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { herdReport } from '../../src/report/index.js';
import { shippedModel } from '../models.js';

const target = { architecture: 'lkmm', era: '6.x' } as const;

/** herd7's lines but for the last, which tells the time. */
function lines(test: LitmusTest, hexadecimal = false): string[] {
  const isC = test.program.dialect === 'C';
  const result = check(test, shippedModel(isC ? 'lkmm' : 'i386'), {
    question: 'count',
    ...(isC ? { target } : {}),
  });
  return herdReport(test, result, 0, { hexadecimal }).split('\n').slice(0, -3);
}

/** What herd7 7.58+1 prints, too. */
describe('final states', () => {
  it('are in the order of their values, arrays before elements', () => {
    const test = parseLitmus(`C arrays
{ int a[3]={1,2,3}; }
P0(int *a) { WRITE_ONCE(*a, -2); int r0 = READ_ONCE(*a); }
P1(int *a) { WRITE_ONCE(*a, 10); }
P2(int *a) { WRITE_ONCE(*a, 9); }
exists (a={1,2,3} \\/ a[2]=3 \\/ 0:r0=1 /\\ 0:r0=2 => 0:r0=4 \\/ (0:r0=1 /\\ 0:r0=2 => 0:r0=3) => 0:r0=1)
`);
    expect(lines(test)).toEqual([
      'Test arrays Allowed',
      'States 7',
      '0:r0=-2; a={-2,2,3}; a[2]=3;',
      '0:r0=-2; a={9,2,3}; a[2]=3;',
      '0:r0=-2; a={10,2,3}; a[2]=3;',
      '0:r0=9; a={9,2,3}; a[2]=3;',
      '0:r0=9; a={10,2,3}; a[2]=3;',
      '0:r0=10; a={9,2,3}; a[2]=3;',
      '0:r0=10; a={10,2,3}; a[2]=3;',
      'Ok',
      'Witnesses',
      'Positive: 12 Negative: 0',
      'Condition exists (a={1,2,3} \\/ a[2]=3 \\/ 0:r0=1 /\\ (0:r0=2 => 0:r0=4) \\/ ((0:r0=1 /\\ (0:r0=2 => 0:r0=3)) => 0:r0=1))',
      'Observation arrays Always 12 0',
    ]);
    expect(lines(test, true)[2]).toBe('0:r0=0xfffffffe; a={0xfffffffe,0x2,0x3}; a[2]=0x3;');
    expect(lines(test, true)[12]).toMatch(/^Condition exists \(a=\{0x1,0x2,0x3\} \\\/ a\[2\]=0x3 /);
  });

  it('have registers as the processor numbers them, and addresses by name', () => {
    const test = parseLitmus(`X86 registers
{ int a[2]={1,2}; z=5; x=0; 1:EBX=a; 0:ESI=3; }
 P0          | P1          ;
 MOV [x],$12 | MOV [x],$6  ;
 MOV EAX,[x] | MOV EAX,[x] ;
 MOV [a],$-1 | MOV EDI,$1  ;
locations [z; a; x; 1:EBX; 1:EBP; 0:ESI; 1:EDI;]
forall (true)
`);
    expect(lines(test).slice(1, 5)).toEqual([
      'States 2',
      '0:ESI=3; 1:EBX=a; 1:EDI=1; 1:EBP=0; a={-1,2}; [x]=6; [z]=5;',
      '0:ESI=3; 1:EBX=a; 1:EDI=1; 1:EBP=0; a={-1,2}; [x]=12; [z]=5;',
      'Ok',
    ]);
  });

  it('of types of their own are written as those hold them', () => {
    const test = parseLitmus(`C types
{ uint32_t u = 4294967295; int16_t s = -3; uint8_t c = 200; int *p = s; }
P0(int **p) { int *r4 = READ_ONCE(*p); }
locations [u; s; c; p; 0:r4;]
exists (false)
`);
    expect(lines(test)[2]).toBe('0:r4=s; [c]=200; [p]=s; [s]=-3; [u]=4294967295;');
    expect(lines(test, true)[2]).toBe('0:r4=s; [c]=0xc8; [p]=s; [s]=0xfffd; [u]=0xffffffff;');
    expect(lines(test)).toContain('Condition exists (false)');
  });

  it('show nothing where nothing is named', () => {
    const test = parseLitmus('X86 none\n{ }\n P0 ;\n MOV [x],$1 ;\n');
    expect(lines(test).slice(0, 4)).toEqual(['Test none Required', 'States 1', '', 'Ok']);
  });
});

describe('conditions', () => {
  const SB = (question: string): LitmusTest =>
    parseLitmus(
      `X86 SB\n{ x=0; y=0; int a[2]={1,2}; }\n P0 | P1 ;\n MOV [x],$1 | MOV [y],$1 ;\n MOV EAX,[y] | MOV EAX,[x] ;\n${question}\n`,
    );

  it('may list the states that are observed', () => {
    const observed = SB('observed 0:EAX=0; 1:EAX=0; and 0:EAX=1; 1:EAX=1;');
    expect(lines(observed).slice(-2)).toEqual([
      'Condition exists (0:EAX=0 /\\ 1:EAX=0 \\/ 0:EAX=1 /\\ 1:EAX=1)',
      'Observation SB Sometimes 2 2',
    ]);
    expect(lines(SB('Observed and x=3; and 0:EAX=1;')).slice(-2)).toEqual([
      'Condition exists (true \\/ [x]=3 \\/ 0:EAX=1)',
      'Observation SB Always 4 0',
    ]);
  });

  it('may name arrays as a whole', () => {
    expect(lines(SB('exists (a={1,2})')).slice(2)).toEqual([
      'a={1,2};',
      'Ok',
      'Witnesses',
      'Positive: 4 Negative: 0',
      'Condition exists (a={1,2})',
      'Observation SB Always 4 0',
    ]);
    expect(lines(SB('exists (a!={1,2})')).slice(-2)).toEqual([
      'Condition exists (not (a={1,2}))',
      'Observation SB Never 0 4',
    ]);
  });

  it('say of a list of another length that no array is equal to it', () => {
    const test = SB('exists (a={1})');
    expect(lines(test).slice(-2)).toEqual(['Condition exists (a={1})', 'Observation SB Never 0 4']);
    expect(test.warnings.map(({ reason }) => reason)).toEqual([
      '`a` has 2 elements, and is equal to no list of 1',
    ]);
  });
});
