import { describe, expect, it } from '@jest/globals';
import { shippedModel } from '../../src/cat/index.js';
import { check } from '../../src/check/index.js';
import { read, refusal } from './reading.js';

const inC = (code: string, question: string, init = ''): string => `C t\n{ ${init} }\n${code}\n${question}\n`;
const verdictOf = (text: string): string =>
  check(read(text), shippedModel('sc'), { target: { architecture: 'sc', era: '6.x' } }).verdict;

describe('a register that a thread does not have', () => {
  it.each([
    [
      'a C test',
      inC('P0(int *x) { int r0 = *x; }', 'exists (0:r1=7)'),
      'P0 has no register `r1`, which counts as 0; did you mean `r0`?',
    ],
    [
      'a filter',
      inC('P0(int *x) { int count = *x; }', 'filter (0:coumt=7) exists (true)'),
      'P0 has no register `coumt`, which counts as 0; did you mean `count`?',
    ],
    [
      'locations',
      inC('P0(int *x) { int r0 = *x; }', 'locations [0:total] exists (true)'),
      'P0 has no register `total`, which counts as 0',
    ],
    [
      'the right side',
      inC('P0(int *x) { int r0 = *x; }', 'exists (0:r0=0:rO)'),
      'P0 has no register `rO`, which counts as 0; did you mean `r0`?',
    ],
    [
      'X86',
      'X86 t\n{}\nP0 ;\nMOV EAX,[x] ;\nexists (0:EBX=1)\n',
      'P0 has no register `EBX`, which counts as 0; did you mean `EAX`?',
    ],
    [
      'Alpha',
      'Alpha t\n{ 0:R2=x; }\nP0 ;\nLDQ R1,0(R2) ;\nexists (0:R3=1)\n',
      'P0 has no register `R3`, which counts as 0; did you mean `R2`?',
    ],
  ])('is told in %s', (_, text, reason) => {
    expect(read(text).warnings.map((warning) => warning.reason)).toEqual([reason]);
  });

  it('counts as 0', () => {
    expect(verdictOf(inC('P0(int *x) { int r0 = *x; }', 'exists (0:r1=0)'))).toBe('Always');
    expect(verdictOf(inC('P0(int *x) { int r0 = *x; }', 'exists (0:r1=1)'))).toBe('Never');
  });

  it('is told once, and where it stands first', () => {
    const { warnings, source } = read(inC('P0(int *x) { int r0 = *x; }', 'exists (0:r1=0 \\/ 0:r1=1)'));
    expect(warnings.map(({ span }) => source.position(span.start))).toEqual([{ line: 4, column: 9 }]);
  });

  it('is none that the init section gives a value, or another thread or function has', () => {
    expect(read(inC('P0(int *x) { *x = 1; }', 'exists (0:r1=1)', '0:r1=1;')).warnings).toEqual([]);
    expect(
      read(inC('P0(int *x) { *x = 1; } P1(int *x) { int r1 = *x; }', 'exists (0:r1=1)')).warnings,
    ).toHaveLength(1);
  });
});

describe('a constant that a program stores', () => {
  const told = (code: string): string[] =>
    read(inC(code, 'exists (true)')).warnings.map(({ reason }) => reason);

  it.each([
    ['u8 r = 300;', '300 becomes 44 in a u8'],
    ['WRITE_ONCE(*x, 4294967297);', '4294967297 becomes 1 in an int'],
    ['*b = -129;', '-129 becomes 127 in a u8'],
    ['atomic_add(0x100000001, x);', '4294967297 becomes 1 in an int'],
    ['put(256);', '256 becomes 0 in a u8'],
  ])('is told where the type changes its bits: %s', (statement, reason) => {
    expect(told(`void put(u8 v) { } P0(int *x, u8 *b) { ${statement} }`)).toEqual([reason]);
  });

  it('is told of a variable at file level, and of what a function gives', () => {
    expect(told('int x = 4294967297; P0() { }')).toEqual(['4294967297 becomes 1 in an int']);
    expect(told('u8 f() { return 256; } P0() { }')).toEqual(['256 becomes 0 in a u8']);
  });

  it.each([
    'u8 r = -1;',
    'unsigned r = -1;',
    'u8 r = (u8)300;',
    'u8 r = ~0;',
    'bool r = 2;',
    'int r = 0xffffffff;',
  ])('is what C makes of it: %s', (statement) => {
    expect(told(`P0(int *x) { ${statement} }`)).toEqual([]);
  });
});

describe('a part of a variable', () => {
  it.each([
    ['s.cuont=1', 'there is no `s.cuont`; did you mean `s.count`?'],
    ['s.x=1', '`s.x` does not hold one value: `s.count` to `s.next` do'],
    ['s=1', '`s` does not hold one value: `s.count` to `s.next` do'],
    ['a[2]=1', '`a[2]` does not hold one value: `a[0]` to `a[1]` do'],
    ['n.a=1', '`n.a` does not hold one value: `n` does'],
  ])('has to be there: %s', (comparison, reason) => {
    const code = 'struct t { int count; struct t *next; }; struct t s; int a[2]; int n; P0() { }';
    expect(refusal(inC(code, `exists (${comparison})`))).toBe(`4:9: ${reason}`);
  });
});

describe('a number that is put into a parameter', () => {
  const told = (code: string): string[] =>
    read(inC(code, 'exists (true)')).warnings.map(({ reason }) => reason);

  it('is told to be put nowhere else', () => {
    const reason = 'this changes the parameter `x` itself, and nothing in memory; did you mean `*x`?';
    expect(told('P0(int *x) { x = 1; }')).toEqual([reason]);
    expect(told('P0(int *x, int *y) { x = READ_ONCE(*y); }')).toEqual([reason]);
  });

  it('may be an address', () => {
    expect(told('P0(int *x, int *y) { x = y; x = NULL; x++; }')).toEqual([]);
    expect(told('void f(int *p) { p = 0; } P0(int *x) { f(x); }')).toEqual([]);
  });
});

describe('a constant', () => {
  const high = 'P0(unsigned *u, u8 *b, bool *f, s16 *s, u64 *w, int *x, int **p) { u64 r = *w; int i = *x; }';

  it.each([
    ['x=2147483648', 'an int never holds 2147483648: write -2147483648'],
    ['x=-2147483649', 'an int never holds -2147483649: it goes from -2147483648 to 2147483647'],
    ['u=-1', 'an unsigned int never holds -1: write 4294967295'],
    ['u=4294967296', 'an unsigned int never holds 4294967296: it goes from 0 to 4294967295'],
    ['b=256', 'a u8 never holds 256: it goes from 0 to 255'],
    ['b=-1', 'a u8 never holds -1: write 255'],
    ['f=2', 'a bool never holds 2: it goes from 0 to 1'],
    ['s=40000', 'an s16 never holds 40000: write -25536'],
    ['w=-1', 'an unsigned long never holds -1: write 18446744073709551615'],
    [
      'w=18446744073709551616',
      'an unsigned long never holds 18446744073709551616: it goes from 0 to 18446744073709551615',
    ],
    ['0:r=-1', 'an unsigned long never holds -1: write 18446744073709551615'],
    ['0:i=0x100000000', 'an int never holds 4294967296: it goes from -2147483648 to 2147483647'],
    [
      'p=0x10000000000000000',
      'a pointer never holds 18446744073709551616: it goes from -9223372036854775808 to 18446744073709551615',
    ],
  ])('that the type in C never holds is refused: %s', (comparison, reason) => {
    const value = comparison.split('=')[1];
    for (const word of ['exists', '~exists', 'forall'])
      expect(refusal(inC(high, `${word} (${comparison})`))).toBe(
        `4:${word.length + 2 + comparison.length - value.length + 1}: ${reason}`,
      );
    expect(refusal(inC(high, `filter (${comparison}) exists (true)`))).toMatch(`: ${reason}`);
  });

  it.each([
    'x=-1',
    'u=0xffffffff',
    'b=255',
    'f=1',
    's=-32768',
    'w=18446744073709551615',
    '0:i=-1',
    'p=-1',
    'p=18446744073709551615',
    'p=x',
  ])('that it can hold is none: %s', (comparison) => {
    expect(refusal(inC(high, `exists (${comparison})`))).toBe('accepted');
  });

  it.each([
    ['u8 b = 256;', '2:10: a u8 never holds 256: it goes from 0 to 255'],
    ['unsigned u = -1;', '2:16: an unsigned int never holds -1: write 4294967295'],
    [
      'int a[2] = {1, 4294967296};',
      '2:18: an int never holds 4294967296: it goes from -2147483648 to 2147483647',
    ],
    ['b = ATOMIC_INIT(300);', '2:19: a u8 never holds 300: it goes from 0 to 255'],
    ['0:i = 4294967296;', '2:9: an int never holds 4294967296: it goes from -2147483648 to 2147483647'],
    ['struct s v = {1, 300};', '2:20: a u8 never holds 300: it goes from 0 to 255'],
  ])('in the init section is one of the type: %s', (init, message) => {
    expect(refusal(inC(`struct s { int a; u8 b; };\n${high}`, 'exists (true)', init))).toBe(message);
  });

  it.each([
    [
      'X86 t\n{ x=4294967296; }\nP0 ;\nMOV EAX,[x] ;\nexists (true)\n',
      '2:5: a location of 32 bits never holds 4294967296: it goes from -2147483648 to 4294967295',
    ],
    [
      'X86 t\n{ 0:EAX=-2147483649; }\nP0 ;\nNOP ;\nexists (true)\n',
      '2:9: a register of 32 bits never holds -2147483649: it goes from -2147483648 to 4294967295',
    ],
    [
      'X86 t\n{}\nP0 ;\nMOV [x],$4294967296 ;\nexists (true)\n',
      '4:9: a number of 32 bits never holds 4294967296: it goes from -2147483648 to 4294967295',
    ],
    [
      'Alpha t\n{ 0:R1=18446744073709551616; }\nP0 ;\nMB ;\nexists (true)\n',
      '2:8: a register of 64 bits never holds 18446744073709551616: it goes from -9223372036854775808 to 18446744073709551615',
    ],
  ])('of assembly has so many bits: %j', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it('of 64 bits without a sign is what the register holds', () => {
    const asked = inC(
      'P0(u64 *w) { u64 r = *w; }',
      'exists (0:r=18446744073709551615)',
      'u64 w = 18446744073709551615;',
    );
    expect(verdictOf(asked)).toBe('Always');
  });

  it('of a name with variables of several types is one of any of them', () => {
    const code = 'P0(int *x) { if (*x) { int r = 1; } else { u64 r = 4294967296; } }';
    expect(refusal(inC(code, 'exists (0:r=4294967296)'))).toBe('accepted');
    expect(refusal(inC(code, 'exists (0:r=-1)'))).toBe('accepted');
  });
});
