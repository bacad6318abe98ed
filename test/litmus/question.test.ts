import { describe, expect, it } from '@jest/globals';
import { Source, type Span } from '../../src/diagnostics.js';
import { AlphaParser } from '../../src/litmus/alpha/alpha-grammar.js';
import { parseQuestion, QuestionParser } from '../../src/litmus/frame/condition.js';
import { InitParser, parseInit } from '../../src/litmus/frame/init.js';
import { printPlace, printProposition } from '../../src/litmus/frame/print-frame.js';
import { X86Parser } from '../../src/litmus/x86/x86-grammar.js';
import { bare } from './reading.js';

const whole = (text: string): Span => ({ source: new Source('q', text), start: 0, end: text.length });
const question = (text: string) => parseQuestion(whole(text), text);
const init = (text: string) => parseInit(whole(text), text);
const shown = (text: string): string => {
  const { quantifier, proposition } = question(text).condition;
  return `${quantifier} ${printProposition(proposition)}`;
};
const memory = (symbol: string, ...path: (string | number)[]) => ({ kind: 'memory', symbol, path });
const integer = (value: number) => ({ kind: 'integer', value: `${value}n` });

describe('the grammars', () => {
  it.each([InitParser, QuestionParser, X86Parser, AlphaParser])('%p has no ambiguity', (Parser) => {
    expect(() => new Parser(false)).not.toThrow();
  });
});

describe('conditions', () => {
  it.each([
    ['exists (0:EAX=1 /\\ x=2)', 'exists 0:EAX=1 /\\ x=2'],
    ['~exists P1:EAX = 0x10;', 'not-exists 1:EAX=16'],
    ['not exists not x=1', 'not-exists ~x=1'],
    ['forall true', 'forall true'],
    ['(x=1)', 'exists x=1'],
    ['final x=1 with tso: ~exists; cc: exists;', 'exists x=1'],
    ['exists [x]=1 /\\ *y=-2 /\\ d.count=3 /\\ a[1]=4', 'exists x=1 /\\ y=-2 /\\ d.count=3 /\\ a[1]=4'],
    ['exists x!=1 \\/ x<>2 \\/ x==3', 'exists x!=1 \\/ x!=2 \\/ x=3'],
    [
      'exists 0:r1=x /\\ 0:r2=&x /\\ 0:r3=[x] /\\ 0:r4=*x /\\ 0:r5=1:r1',
      'exists 0:r1=&x /\\ 0:r2=&x /\\ 0:r3=[x] /\\ 0:r4=[x] /\\ 0:r5=1:r1',
    ],
    ['exists a={1,2}', 'exists a={1, 2}'],
    ['exists x=1UL', 'exists x=1'],
    ['', 'forall true'],
  ])('%s', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  // As in herd7's grammar, where `=>` binds more tightly than `/\`, and groups to the right.
  it.each([
    ['x=1 \\/ y=1 /\\ z=1', 'x=1 \\/ (y=1 /\\ z=1)'],
    ['x=1 /\\ y=1 \\/ z=1', '(x=1 /\\ y=1) \\/ z=1'],
    ['~x=1 /\\ y=1', '(~(x=1)) /\\ y=1'],
    ['x=1 /\\ y=1 => z=1', 'x=1 /\\ (y=1 => z=1)'],
    ['x=1 => y=1 /\\ z=1', '(x=1 => y=1) /\\ z=1'],
    ['x=1 => y=1 => z=1', 'x=1 => (y=1 => z=1)'],
    ['x=1 /\\ y=1 /\\ z=1', '(x=1 /\\ y=1) /\\ z=1'],
  ])('%s is %s', (text, grouped) => {
    expect(bare(question(`exists ${text}`))).toEqual(bare(question(`exists ${grouped}`)));
  });

  it('has locations and a filter', () => {
    const { locations, filter } = question('locations [0:r1; x; a[1] int; p*;] filter (x=1) exists (x=2)');
    expect(locations.map(printPlace)).toEqual(['0:r1', 'x', 'a[1]', 'p']);
    expect(filter && printProposition(filter)).toBe('x=1');
  });
});

describe('init sections', () => {
  it.each([
    ['x=1', { place: memory('x'), value: integer(1) }],
    ['[x]=1', { place: memory('x'), value: integer(1) }],
    ['*x = 1;', { place: memory('x'), value: integer(1) }],
    ['x;', { place: memory('x') }],
    ['uint64_t y', { type: 'uint64_t', place: memory('y') }],
    [
      'unsigned long *p = &x',
      { type: 'unsigned long *', place: memory('p'), value: { kind: 'address', place: memory('x') } },
    ],
    ['struct data **pp;', { type: 'struct data **', place: memory('pp') }],
    [
      '0:R1=x',
      { place: { kind: 'register', thread: 0, name: 'R1' }, value: { kind: 'address', place: memory('x') } },
    ],
    ['int P2:r1=-1', { type: 'int', place: { kind: 'register', thread: 2, name: 'r1' }, value: integer(-1) }],
    ['0:$v0=0xff', { place: { kind: 'register', thread: 0, name: '$v0' }, value: integer(255) }],
    ['atomic_t x = ATOMIC_INIT(3)', { type: 'atomic_t', place: memory('x'), value: integer(3) }],
    [
      'int a[2] = {1, 2}',
      {
        type: 'int',
        place: memory('a'),
        length: 2,
        value: { kind: 'list', values: [integer(1), integer(2)] },
      },
    ],
    ['a[1] = 5', { place: memory('a', 1), value: integer(5) }],
    ['d.count = true', { place: memory('d', 'count'), value: integer(1) }],
    [
      'struct data d = {1, {false, &x}}',
      {
        type: 'struct data',
        place: memory('d'),
        value: {
          kind: 'list',
          values: [
            integer(1),
            { kind: 'list', values: [integer(0), { kind: 'address', place: memory('x') }] },
          ],
        },
      },
    ],
    ['p = NULL', { place: memory('p'), value: integer(0) }],
    ['int exists = 1', { type: 'int', place: memory('exists'), value: integer(1) }],
  ])('%s', (text, entry) => {
    expect(bare(init(text))).toEqual([entry]);
  });

  it('takes any number of semicolons', () => {
    expect(init(';; x=1;; int y;')).toHaveLength(2);
    expect(init(' \n')).toEqual([]);
  });
});
