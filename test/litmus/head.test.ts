import { describe, expect, it } from '@jest/globals';
import { parseLitmus } from '../../src/litmus/index.js';

const warningsOf = (text: string) =>
  parseLitmus(text).warnings.map(({ reason, span: { source, start } }) => {
    const { line, column } = source.position(start);
    return `${line}:${column}: ${reason}`;
  });

describe('a thread without an end', () => {
  it.each([
    ['C x\n{}\nP0(int *x) { while (1) WRITE_ONCE(*x, 1); }\nexists (x=1)', ['3:14']],
    [
      'C x\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nP1(int *x) { for (;;) READ_ONCE(*x); }\nexists (x=1)',
      ['4:14'],
    ],
    ['X86 x\n{}\n P0 ;\nL: MOV [x],$1 ;\n JMP L ;\nexists (x=1)', ['5:2']],
    ['C x\n{}\nP0(int *x) { while (READ_ONCE(*x)) ; }\nexists (x=1)', []],
    ['C x\n{}\nP0(int *x) { do { WRITE_ONCE(*x, 1); } while (0); }\nexists (x=1)', []],
    ['X86 x\n{}\n P0 ;\n JMP L ;\nL: MOV [x],$1 ;\nexists (x=1)', []],
  ])('is told: %j', (text, places) => {
    const told = places.map((place) => expect.stringMatching(`^${place}: P\\d has no end: `));
    expect(warningsOf(text)).toEqual(told);
  });
});

describe('the head of a file', () => {
  it.each(['struct s { int a; };', 'union u { int a; };', 'enum e { A };', 'typedef struct { int a; } s;'])(
    'has no %s',
    (declaration) => {
      const text = `C x\n${declaration}\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)`;
      expect(() => parseLitmus(text)).toThrow(/:2:1: expected the init section .* stand behind it/);
    },
  );
});
