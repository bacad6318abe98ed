import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceError } from '../../src/diagnostics.js';
import { runs } from '../seed.js';
import { initLine, initRegister, lowerProgram, refusal } from './c-reading.js';

describe('what the C dialect refuses, and where', () => {
  it.each([
    // Grammar
    ['P0() {\n  r1 = ;\n}', '2:8: expected an expression, found `;`'],
    ['P0() {\n  r1 = 1\n}', '3:1: expected `;`, found `}`'],
    ['P0() { if r1 { } }', '1:11: expected `(`, found `r1`'],
    ['P0() { f(1; }', '1:11: expected `)` or `,`, found `;`'],
    ['P0() { x.; }', "1:10: expected a member's name, found `;`"],
    ['P0() { int r1 = 1 int r2 = 2; }', '1:19: expected `;` or `,`, found `int`'],
    ['int x\nP0() { }', '2:1: expected `;`, `,`, `=` or `{`, found `P0`'],
    ['int *x y; P0() { }', '1:8: expected `;`, `,`, `=` or `{`, found `y`'],
    ['foo_t *x; P0() { }', '1:1: expected a declaration, a function or a thread, found `foo_t`'],
    [
      'p0(int *x) { }',
      '1:1: expected a declaration, a function or a thread, found `p0`: a thread is called P0, P1 and so on, and a function has a type before its name',
    ],
    [
      'static DEFINE_SPINLOCK(l);',
      '1:8: `DEFINE_SPINLOCK` is not supported: write a declaration, such as `spinlock_t lock;`',
    ],
    [
      'P0(int *x) { WRITE_ONCE(&x, 1); }',
      '1:25: WRITE_ONCE takes a variable, not its address: leave out `&`',
    ],
    ['P0() { int r1 = 1.5; }', '1:19: numbers with a point are not supported'],
    ['P0() { printk("hello"); }', '1:15: strings are not supported: nothing is printed'],
    ['P0() { again: smp_mb(); }', '1:8: labels are not supported: write a loop, or `if` and `else`'],
    ['P0(atomict *x) { }', '1:4: expected a type, found `atomict`; did you mean `atomic_t`?'],
    [
      'P0(int *x) { smp_store_release(*x, 1); }',
      '1:32: smp_store_release takes an address, and this is a number; did you mean `x`?',
    ],
    [
      'int l; P0() { spin_lock(l); }',
      '1:25: spin_lock takes an address, and this is a number; did you mean `&l`?',
    ],
    [
      'P0(spinlock_t *l) { spin_lock(&l); }',
      '1:31: `l` is a pointer, which has no address here; did you mean `l`?',
    ],
    ['P0() { r1 = 1;', '1:14: expected a statement or `}`, found the end of the program'],
    ['P0() { foo_t x; }', '1:14: expected `;`, found `x`: `foo_t` is not a known type'],
    [
      'foo_t x;',
      '1:1: expected a declaration, a function or a thread, found `foo_t`: `foo_t` is not a known type',
    ],
    ['P0(int x) { goto out; }', '1:13: `goto` is not supported: write a loop, or `if` and `else`'],
    ['P0() { switch (1) { } }', '1:8: `switch` is not supported: write `if` and `else`'],
    [
      'union u { int a; };',
      '1:1: `union` is not supported: write a structure, or a variable for each member',
    ],
    ['#define X 1', '1:1: preprocessor lines are not supported: write the expanded text'],
    ['P0() { $ }', '1:8: unexpected character "$"'],
    ['P0() { /* }', '1:8: this comment is never closed'],
    ['P0() { 08; }', '1:8: `08` is not a number'],
    ['P0() { 99999999999999999999; }', '1:8: 99999999999999999999 does not fit in 64 bits'],
    ['P0() { if (1) int x; }', '1:19: expected a statement, found a declaration'],
    ['P0() { static int x; }', '1:8: a static local variable is not supported: declare it at file level'],
    ['unsigned signed int x;', '1:1: there is no type `unsigned signed int`'],
    ['int;;;x;', '1:7: expected a declaration, a function or a thread, found `x`'],
    ['P0() { }\n__nmi(0) P1() { }', '2:7: expected the thread that is interrupted, such as P1, found `0`'],
    [`P0() { ${'('.repeat(500)} }`, '1:127: this is nested too deeply'],
    [`P0() { ${'1+'.repeat(500)}1; }`, '1:811: this is too long for one expression'],
    ['P0() { kfree(); }', '1:8: `kfree` takes 1 argument, found 0'],
    [
      'P0() { kmalloc(8, GFP_KERNEL); }',
      '1:16: expected `sizeof` of what is allocated, or a number times that',
    ],
    ['P0() { kmalloc(sizeof(int) * 99, 0); }', '1:30: expected a number from 1 to 64'],
    // Threads
    ['P1() { }', '1:1: there is a P1 but no P0'],
    ['P0() { } P0() { }', '1:10: P0 is declared twice'],
    ['P0(int x) { }', "1:8: a thread's parameter is a pointer to the variable of its name: write `*x`"],
    ['P0() { } __irq(P3) P1() { }', '1:16: there is no P3'],
    ['__nmi(P0) P0() { }', '1:7: P0 cannot interrupt itself'],
    ['P0() { return 1; }', '1:15: there is nothing to return a value to'],
    // Names and types
    ['P0(int *x) { r1 = READ_ONCE(*xx); }', '1:30: there is no variable `xx`; did you mean `x`?'],
    ['P0(int *x) { r1 = READ_ONCE(*y); }', '1:30: there is no variable `y`'],
    ['P0(int *x) { r1 = READ_ONCE *x; }', '1:19: expected `(` after `READ_ONCE`, which is called'],
    [
      'P0(rwlock_t *l) { read_lock(l); }',
      '1:19: `read_lock` is not supported: there are no reader-writer locks: write spin_lock() and spin_unlock(), or rcu_read_lock() for a section of RCU',
    ],
    [
      'P0(int *l) { mutex_lock(l); }',
      '1:14: `mutex_lock` is not supported: locks that sleep are not there: write spin_lock() and spin_unlock()',
    ],
    [
      'P0(int *x) { BUG_ON(*x); }',
      '1:14: `BUG_ON` is not supported: keep the value in a variable, and name it in the condition',
    ],
    [
      'P0(int *x) { *x = 1; }\nexist (x=1)',
      '2:1: expected a declaration, a function or a thread, found `exist`; did you mean `exists`?',
    ],
    [
      'P0(int *x) { r1 = REDA_ONCE(*x); }',
      '1:19: there is no function or primitive `REDA_ONCE`; did you mean `READ_ONCE`?',
    ],
    ['P0(int *x) { smp_mb; }', '1:14: expected `(` after `smp_mb`, which is called'],
    [
      'P0(int *x) { WRITE_ONCE(x, 1); }',
      '1:25: WRITE_ONCE stores to the parameter `x` itself; did you mean `*x`?',
    ],
    [
      'P0(int *x) { r1 = rcu_access_pointer(x); }',
      '1:38: rcu_access_pointer reads the parameter `x` itself; did you mean `*x`?',
    ],
    [
      'P0(int *x) { int *p = x; r1 = READ_ONCE(p); }',
      '1:41: READ_ONCE reads the variable `p` itself; did you mean `*p`?',
    ],
    [
      'P0(int *x) { READONCE(*x); }',
      '1:14: there is no function or primitive `READONCE`; did you mean `READ_ONCE`?',
    ],
    ['P0(int *count) { r1 = *ccount; }', '1:24: there is no variable `ccount`; did you mean `count`?'],
    ['P0(foo *x) { }', '1:4: expected a type, found `foo`'],
    ['P0(struct foo *p) { r1 = p->a; }', '1:26: `struct foo` is not defined: it has no members'],
    [
      'struct foo { int a; }; P0(struct foo *p) { p->b = 1; }',
      '1:44: `struct foo` has no member `b`, only a',
    ],
    [
      'struct foo { int a; }; P0(struct foo *p) { p.a = 1; }',
      '1:44: expected a structure before `.a`, found struct foo *; write `->` for a pointer',
    ],
    ['P0() { int r1; int r1; }', '1:20: `r1` is declared twice'],
    [
      'P0() { int r1; r2 = &r1; }',
      '1:21: `r1` is a local variable, which has no address here: make it a global variable',
    ],
    [
      'P0() { int r1; READ_ONCE(r1); }',
      '1:26: `r1` is a local variable, which has no address here: make it a global variable',
    ],
    [
      'P0() { int a[2]; }',
      '1:12: a local variable is a number or a pointer, not int[2]: declare `a` at file level',
    ],
    ['P0() { 1 = 2; }', '1:8: expected a variable or a place in memory'],
    ['P0() { break; }', '1:8: `break` stands in no loop'],
    ['P0(int *x, int *y) { r1 = x * y; }', '1:27: `*` cannot be applied to int * and int *'],
    ['P0(int *x) { r1 = smp_mb(); }', '1:14: expected a number or a pointer, found no value'],
    ['P0(int *x) { WRITE_ONCE(*x); }', '1:14: `WRITE_ONCE` takes 2 arguments, found 1'],
    ['P0(int *x) { smp_mb(1); }', '1:14: `smp_mb` takes no arguments, found 1'],
    [
      'P0(int *x) { r1 = 5; atomic_try_cmpxchg(x, x, 1); }',
      '1:44: expected `&` and a local variable that holds the expected value',
    ],
    ['int f(int a) { return a; } P0() { f(); }', '1:35: `f` takes 1 argument, found 0'],
    ['int f(int a); P0() { f(1); }', '1:22: `f` is declared but has no body'],
    ['int f(int a) { return; } P0() { }', '1:16: expected a value to return: the function gives int'],
    ['int f() { return 1; } int f() { return 2; } P0() { }', '1:27: `f` has two bodies'],
    ['int a; int a; P0() { }', '1:12: `a` is declared twice'],
    ['int a = b; int b; P0() { }', '1:9: expected a constant as an initial value'],
    ['int a[2] = {1, 2, 3}; P0() { }', '1:19: expected at most 2 values'],
    ['int a[0]; P0() { }', "1:7: expected an array's length from 1 to 4096, found 0"],
    ['struct foo { struct foo f; };', '1:25: `struct foo` is not declared before this member'],
    ['int x = 1 / 0; P0() { }', '1:9: this has no value: it divides by zero'],
  ])('%s', (text, message) => {
    expect(refusal(text)).toBe(`test.litmus:${message}`);
  });

  it('checks init lines', () => {
    expect(refusal('P0() { }', [initRegister(2, 'r1', 1n)])).toBe('init:1:1: there is no P2');
    const member = { kind: 'memory', symbol: 'x', path: ['a'], span: initLine('x', 1n).span } as const;
    expect(refusal('P0(int *x) { }', [{ ...initLine('x', 1n), place: member }])).toBe(
      'init:1:1: `x` is int, and has no part `x.a`',
    );
    expect(refusal('P0() { }', [initLine('x', 1n, 'foo_t')])).toBe('init:1:1: there is no type `foo_t`');
    expect(refusal('int f() { return 1; } P0() { }', [initLine('f', 1n)])).toBe(
      'init:1:1: `f` is a function: it has no initial value',
    );
  });
});

describe('any text', () => {
  const samples = [
    'P0(int *x, spinlock_t *l) { int r1; spin_lock(l); if (r1 == 0 && READ_ONCE(*x)) { WRITE_ONCE(*x, r1 ^ 1); } else r1++; }',
    'struct foo { int a; struct foo *n; int v[2]; }; static struct foo d = { .a = 1, .v = {2, 3} }; P0() { d.n->v[1] += 2; }',
    'typedef int (*cb)(int); int f(int a) { return a ? f(a - 1) : 0; } cb p = f; P0() { r1 = (*p)(1); for (;;) break; }',
    'P0(int *x) { (* a comment *) r1 = (int)rcu_dereference(*(char **)x); } __nmi(P0) P1() { do { ; } while (0); }',
  ];
  const accept = (text: string): void => {
    try {
      lowerProgram(text);
    } catch (error) {
      if (!(error instanceof SourceError))
        throw new Error(`${(error as Error).stack}\nfor ${JSON.stringify(text)}`);
    }
  };

  it('is read or refused: texts cut short', () => {
    for (const sample of samples) for (let end = 0; end <= sample.length; end++) accept(sample.slice(0, end));
  });

  it('is read or refused: texts with pieces changed', () => {
    const piece = fc.oneof(
      fc.constantFrom(...'(){}[]*&;,.=+-!<>?:#"\'\\/%^|~'),
      fc.constantFrom(
        'int ',
        'struct foo',
        'P1',
        '->',
        '++',
        '0',
        '7L',
        'x',
        'd',
        'if',
        'else',
        'f(',
        '(*',
        '*)',
        '&x',
        'void',
      ),
    );
    const edit = fc.record({ at: fc.nat(200), cut: fc.nat(6), text: piece });
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (sample, edits) => {
          accept(
            edits.reduce((text, { at, cut, text: put }) => {
              const place = at % (text.length + 1);
              return text.slice(0, place) + put + text.slice(place + cut);
            }, sample),
          );
        },
      ),
      runs(600),
    );
  });
});
