import { describe, expect, it } from '@jest/globals';
import { SourceError } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';

/** Line, column and words of the error in a C test. */
function refusal(program: string, init = ''): string {
  try {
    parseLitmus(`C test\n{ ${init} }\n${program}\nexists (true)`);
  } catch (error) {
    if (error instanceof SourceError) return error.message.split('\n')[0].replace('<input>:', '');
    throw error;
  }
  return '';
}

const MIXED = 'accesses of mixed sizes are not supported';

describe('an access of another size than the location', () => {
  it.each([
    // Through a cast, to less and to more
    ['P0(int *x) { u8 r = READ_ONCE(*(u8 *)x); }', `an access of 1 byte where \`x\` has 4 bytes: ${MIXED}`],
    ['P0(u16 *x) { WRITE_ONCE(*(u32 *)x, 1); }', `an access of 4 bytes where \`x\` has 2 bytes: ${MIXED}`],
    ['P0(int *x) { *(long *)x = 1; }', `an access of 8 bytes where \`x\` has 4 bytes: ${MIXED}`],
    ['P0(long *x) { int r = xchg((int *)x, 1); }', `an access of 4 bytes where \`x\` has 8 bytes: ${MIXED}`],
    ['P0(bool *x) { *(u8 *)x = 2; }', `an access of 1 byte where \`x\` has one bit (a bool): ${MIXED}`],
    // Through a variable that points there
    ['P0(int *x) { u8 *p = (u8 *)x; u8 r = *p; }', `an access of 1 byte where \`x\` has 4 bytes: ${MIXED}`],
    [
      'P0(int *x) { u8 *p = (u8 *)x + 1; *p = 1; }',
      `an access of 1 byte within \`x\`, which has 4 bytes: ${MIXED}`,
    ],
    [
      'int x; P0() { atomic64_inc((atomic64_t *)&x); }',
      `an access of 8 bytes where \`x\` has 4 bytes: ${MIXED}`,
    ],
    // Of members and elements
    [
      'struct s { u16 lo; u16 hi; }; P0(struct s *v) { u32 r = *(u32 *)v; }',
      `an access of 4 bytes where \`v.lo\` has 2 bytes: ${MIXED}`,
    ],
    [
      'struct s { u32 a; u32 b; }; P0(struct s *v) { u16 r = READ_ONCE(*(u16 *)&v->b); }',
      `an access of 2 bytes where \`v.b\` has 4 bytes: ${MIXED}`,
    ],
    [
      'int a[2]; P0() { void *r = READ_ONCE(*(void **)a); }',
      `an access of 8 bytes where \`a[0]\` has 4 bytes: ${MIXED}`,
    ],
    [
      'int *p; P0() { u32 r = READ_ONCE(*(u32 *)&p); }',
      `an access of 4 bytes where \`p\` has 8 bytes: ${MIXED}`,
    ],
    // In a function
    [
      'int x; void f(void) { *(u8 *)&x = 1; } P0() { f(); }',
      `an access of 1 byte where \`x\` has 4 bytes: ${MIXED}`,
    ],
  ])('%s', (program, words) => {
    expect(refusal(program).replace(/^3:\d+: /, '')).toBe(words);
  });

  it.each([
    ['P0(atomic_t *v) { atomic64_inc(v); }', 'atomic64_inc accesses 8 bytes, and this is the address of int'],
    [
      'P0(long *x) { int r = atomic_read(x); }',
      'atomic_read accesses 4 bytes, and this is the address of long',
    ],
    [
      'P0(int *x) { atomic_long_set(x, 1); }',
      'atomic_long_set accesses 8 bytes, and this is the address of int',
    ],
  ])('is that of a primitive for another: %s', (program, words) => {
    expect(refusal(program).replace(/^3:\d+: /, '')).toBe(words);
  });

  it('is told where it stands', () => {
    expect(refusal('P0(int *x) { u8 r = READ_ONCE(*(u8 *)x); }')).toMatch(/^3:21: /);
  });

  it.each([
    ['another sign', 'P0(u32 *x) { int r = READ_ONCE(*(int *)x); }'],
    ['a type that is as wide', 'P0(atomic_t *x) { int r = READ_ONCE(*(int *)x); }'],
    [
      'a member that begins where the structure does',
      'struct s { int a; }; P0(struct s *v) { int r = *(int *)v; }',
    ],
    [
      'an int that holds an address, as in herd7',
      'P0(int *x) { rcu_assign_pointer(*(char **)x, (char *)1); }',
    ],
    ['code for another size', 'P0(int *x) { if (sizeof(*x) == 1) { *(u8 *)x = 1; } else *x = 1; }'],
    ['a pointer that is moved on', 'P0(int *x) { u8 *p = 0; if (p) { p = p + 1; *p = 1; } }'],
  ])('is not %s', (_, program) => {
    expect(refusal(program)).toBe('');
  });
});

describe('declarations of one variable', () => {
  it.each([
    [
      'P0(int *x) { }\nP1(long *x) { }',
      '',
      '4:10: `x` is long here and int on line 3: a variable has one size',
    ],
    ['P0(int *x) { }', 'long x = 1;', '3:9: `x` is int here and long on line 2: a variable has one size'],
    ['int x; P0(u8 *x) { }', '', '3:15: `x` is u8 here and int on line 3: a variable has one size'],
    ['P0(char *a) { }', 'int a[2];', '3:10: `a` is s8 here and int[2] on line 2: a variable has one size'],
    [
      'P0(int **p) { }\nP1(int *p) { }',
      'int *p;',
      '4:9: `p` is int here and int * on line 2: a variable has one size',
    ],
  ])('have one size: %s', (program, init, words) => {
    expect(refusal(program, init)).toBe(words);
  });

  it.each([
    ['P0(int *x) { } P1(atomic_t *x) { } P2(unsigned *x) { } P3(spinlock_t *x) { }', 'int x;'],
    ['P0(long *x) { } P1(int **x) { }', ''],
    ['P0(int *a) { }', 'int a[2];'],
    ['struct s { int a; long b; }; P0(struct s *v) { v->b = 1; } P1(void *v) { }', ''],
  ])('may differ otherwise: %s', (program, init) => {
    expect(refusal(program, init)).toBe('');
  });
});
