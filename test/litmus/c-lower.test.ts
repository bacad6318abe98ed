import { describe, expect, it } from '@jest/globals';
import type { LoweredBody } from '../../src/litmus/frame/litmus-syntax.js';
import type { Code } from '../../src/program/index.js';
import { initLine, initRegister, lowerProgram } from './c-reading.js';
import { showCode, showScalar, showValue } from './show-code.js';

const thread = (body: LoweredBody, number = 0): Code => body.threads[number].code;
const cells = ({ cells: made }: LoweredBody): string[] =>
  made.map(
    ({ name, offset, type, initial }) => `${name} +${offset} ${showScalar(type)} ${showValue(initial)}`,
  );

/** The code of P0, of a body with the usual variables. */
const code = (statements: string, before = ''): string[] =>
  showCode(
    thread(
      lowerProgram(`${before} P0(int *x, int *y, long *z, atomic_t *v, spinlock_t *l) { ${statements} }`),
    ),
  );

describe('memory that is allocated and freed', () => {
  const item = 'struct item { char tag; long value; };';

  it('is of the type whose size is asked for, and not initialised', () => {
    const body = lowerProgram(
      `${item} P0() { struct item *p = kzalloc(sizeof(*p), GFP_KERNEL); int *q = kmalloc(2 * sizeof(int), 0); kfree(p); }`,
    );
    expect(showCode(thread(body))).toEqual([
      'p = allocate P0.kmalloc1',
      'store s8 p <- 0 Plain',
      'store s64 (p + 8) <- 0 Plain',
      'q = allocate P0.kmalloc2',
      'free p Plain Free',
    ]);
    expect(cells(body)).toEqual([
      'P0.kmalloc1.tag +0 s8 &(uninitialised)',
      'P0.kmalloc1.value +8 s64 &(uninitialised)',
      'P0.kmalloc2[0] +0 s32 &(uninitialised)',
      'P0.kmalloc2[1] +4 s32 &(uninitialised)',
    ]);
  });

  it('is there several times where a place may be come to several times, for each thread that does', () => {
    const { cells: made } = lowerProgram(
      'void *one(void) { return kmalloc(sizeof(int), 0); } void *two(void) { return one(); }\n' +
        'P0() { two(); } P1() { } P2() { while (1) kmalloc(sizeof(int), 0); }',
    );
    const objects = (name: string) => [1, 2, 3, 4].map((number) => `${name}.kmalloc${number}`);
    expect(made.map(({ symbol }) => symbol)).toEqual([...objects('P0'), ...objects('P2')]);
  });
});

describe('accesses and dependencies', () => {
  it('makes each access an instruction, left to right', () => {
    expect(code('int r1 = *x + READ_ONCE(*y); WRITE_ONCE(*x, r1 + *z);')).toEqual([
      '%1 = load s32 x Plain',
      '%2 = READ_ONCE s32 (y)',
      'r1 = s32((%1 + %2))',
      '%3 = load s64 z Plain',
      'WRITE_ONCE s32 (x, s32(s64((r1 + %3))))',
    ]);
  });

  it('loads straight into a variable of the same type, and converts otherwise', () => {
    expect(
      code('int r1; long r2; char r3; r1 = READ_ONCE(*x); r2 = READ_ONCE(*x); r3 = READ_ONCE(*x);'),
    ).toEqual(['r1 = READ_ONCE s32 (x)', 'r2 = READ_ONCE s32 (x)', 'r3 = READ_ONCE s32 (x)', 'r3 = s8(r3)']);
  });

  it('keeps dependencies that compute nothing', () => {
    expect(
      code('int r1 = READ_ONCE(*x); WRITE_ONCE(*y, r1 ^ r1); r1 = READ_ONCE(*(y + (r1 - r1)));'),
    ).toEqual([
      'r1 = READ_ONCE s32 (x)',
      'WRITE_ONCE s32 (y, (r1 ^ r1))',
      'r1 = READ_ONCE s32 ((y + (s32((r1 - r1)) * 4)))',
    ]);
  });

  it('uses a register that holds an address, whatever its type', () => {
    expect(
      code(
        'intptr_t r1 = (intptr_t)rcu_dereference(*(intptr_t **)z); WRITE_ONCE(*(int *)r1, 1); int r2 = *r1;',
      ),
    ).toEqual([
      'r1 = rcu_dereference s64 (z)',
      'WRITE_ONCE s32 (r1, 1)',
      'r2 = load s64 r1 Plain',
      'r2 = s32(r2)',
    ]);
  });

  it('takes places by address and pointers as they are', () => {
    expect(
      code(
        'smp_store_release(y, 2); r1 = smp_load_acquire(&g); rcu_assign_pointer(p, &g); smp_store_mb(*x, 1);',
        'int g; int *p;',
      ),
    ).toEqual([
      'smp_store_release s32 (y, 2)',
      'r1 = smp_load_acquire s32 (&g)',
      'rcu_assign_pointer s64 (&p, &g)',
      'smp_store_mb s32 (x, 1)',
    ]);
  });

  it('reads and writes globals by name, plainly', () => {
    expect(code('g = 1; g += 2; ++g; r1 = g++;', 'static int g;')).toEqual([
      'store s32 &g <- 1 Plain',
      '%1 = load s32 &g Plain',
      'store s32 &g <- s32((%1 + 2)) Plain',
      '%2 = load s32 &g Plain',
      'store s32 &g <- s32((%2 + 1)) Plain',
      '%3 = load s32 &g Plain',
      'store s32 &g <- s32((%3 + 1)) Plain',
      'r1 = %3',
    ]);
  });

  it('steps local variables', () => {
    expect(code('int r1 = 0, r2; r1++; r2 = r1++; r2 = --r1; r1 += r2;')).toEqual([
      'r1 = 0',
      'r1 = s32((r1 + 1))',
      '%1 = r1',
      'r1 = s32((%1 + 1))',
      'r2 = %1',
      'r1 = s32((r1 - 1))',
      'r2 = r1',
      'r1 = s32((r1 + r2))',
    ]);
  });
});

describe('types', () => {
  it.each([
    ['char c; c = 200;', 'c = -56'],
    ['unsigned char c; c = 300;', 'c = 44'],
    ['bool b; b = 2;', 'b = 1'],
    ['unsigned int u; u = -1;', 'u = 4294967295'],
    ['long r; r = 1 << 31;', 'r = -2147483648'],
    ['long r; r = 1L << 31;', 'r = 2147483648'],
    ['int r; r = -1 < 0u;', 'r = 0'],
    ['int r; r = -1 < 0ul;', 'r = 0'],
    ['int r; r = -1L < 0u;', 'r = 1'],
    ['int r; r = ~0u >> 31;', 'r = 1'],
    ['int r; r = -7 / 2 + -7 % 2;', 'r = -4'],
    ['int r; r = sizeof(struct foo *) + sizeof(u8);', 'r = 9'],
    ['int r; r = (u8)257;', 'r = 1'],
    ['int r; r = true ? 3 : 4;', 'r = (1 ? 3 : 4)'],
    ['int *r; r = NULL;', 'r = 0'],
  ])('%s', (statements, last) => {
    expect(code(statements).at(-1)).toBe(last);
  });

  it('makes arithmetic in the common type', () => {
    expect(
      code('unsigned int u; int i; long n; u = u + i; n = u - n; i = u8 * 2;'.replace('u8', '(u8)i')),
    ).toEqual(['u = u32((u + u32(i)))', 'n = s64((u - n))', 'i = s32((u8(i) * 2))']);
  });

  it('scales pointer arithmetic', () => {
    const text = 'long *p = z; p++; p = p - 1; r1 = p - z; p = &z[2]; r2 = *(x + r1);';
    expect(code(text)).toEqual(
      [
        'p = z',
        'p = (p + 8)',
        'p = p',
        'r1 = ((p - z) / 8)',
        'p = (z + 16)',
        'r2 = load s32 (x + (r1 * 4)) Plain',
      ].map((line) => (line === 'p = p' ? 'p = (p + -8)' : line)),
    );
  });
});

describe('structures and arrays', () => {
  const text = `struct in { char c; long n; };
    struct foo { int a; struct foo *next; struct in in; int arr[2]; };
    static struct foo d = { .a = 1, .arr = {5, 6}, .next = &d };
    static int m[2][2] = { {1, 2}, {[1] = 4} };
    int *q[] = { &d.a, m[1] };`;

  it('makes a cell of every scalar', () => {
    const body = lowerProgram(`${text} P0() { }`);
    expect(cells(body)).toEqual([
      'd.a +0 s32 1',
      'd.next +8 s64 &d',
      'd.in.c +16 s8 0',
      'd.in.n +24 s64 0',
      'd.arr[0] +32 s32 5',
      'd.arr[1] +36 s32 6',
      'm[0][0] +0 s32 1',
      'm[0][1] +4 s32 2',
      'm[1][0] +8 s32 0',
      'm[1][1] +12 s32 4',
      'q[0] +0 s64 &d',
      'q[1] +8 s64 &m+8',
    ]);
    const span = body.threads[0].code.instructions[0]?.span as never;
    expect(body.cell({ kind: 'memory', symbol: 'd', path: ['arr', 1], span })).toBe(5);
    expect(body.cell({ kind: 'memory', symbol: 'd', path: ['in', 'n'], span })).toBe(3);
    expect(body.cell({ kind: 'memory', symbol: 'd', path: ['arr', 2], span })).toBeUndefined();
    expect(body.cell({ kind: 'memory', symbol: 'd', path: ['in'], span })).toBeUndefined();
  });

  it('follows members, elements and pointers', () => {
    expect(
      code(
        'struct foo *p = &d; r1 = p->next->arr[r2 = 1]; d.in.n = READ_ONCE(p->in.c); m[r1][1]++; WRITE_ONCE(p->arr[r1], 2);',
        text,
      ),
    ).toEqual([
      'p = &d',
      '%1 = load s64 (p + 8) Plain',
      'r2 = 1',
      'r1 = load s32 ((%1 + 32) + (r2 * 4)) Plain',
      '%2 = READ_ONCE s8 ((p + 16))',
      'store s64 &d+24 <- %2 Plain',
      '%3 = load s32 ((&m + (r1 * 8)) + 4) Plain',
      'store s32 ((&m + (r1 * 8)) + 4) <- s32((%3 + 1)) Plain',
      'WRITE_ONCE s32 (((p + 32) + (r1 * 4)), 2)',
    ]);
  });
});

describe('control', () => {
  it('branches round both ways of an if', () => {
    expect(code('if (r1 == 1) *x = 1; else *y = 1; r1 = 2;')).toEqual([
      'if !(r1 == 1) goto 3',
      'store s32 x <- 1 Plain',
      'goto 4',
      'store s32 y <- 1 Plain',
      'r1 = 2',
    ]);
  });

  it('loops', () => {
    expect(code('for (int i = 0; i < 2; i++) { if (*x) continue; if (*y) break; } while (1) ; ')).toEqual([
      'i = 0',
      'if !(i < 2) goto 10',
      '%1 = load s32 x Plain',
      'if !%1 goto 5',
      'goto 8',
      '%2 = load s32 y Plain',
      'if !%2 goto 8',
      'goto 10',
      'i = s32((i + 1))',
      'goto 1',
      'goto 10',
    ]);
    expect(code('do r1 = *x; while (!r1);')).toEqual(['r1 = load s32 x Plain', 'if r1 goto 3', 'goto 0']);
  });

  it('evaluates the right of && and || only when it must, and branches only when that shows', () => {
    expect(
      code('r1 = r2 = 0; r3 = r1 && r2; r3 = r1 || *x; if (*x && *y) r3 = 1; if (!(*x)) r3 = 2;'),
    ).toEqual([
      'r2 = 0',
      'r1 = r2',
      'r3 = (r1 && r2)',
      '%1 = 1',
      'if r1 goto 7',
      '%2 = load s32 x Plain',
      '%1 = !!%2',
      'r3 = %1',
      '%3 = load s32 x Plain',
      'if !%3 goto 13',
      '%4 = load s32 y Plain',
      'if !%4 goto 13',
      'r3 = 1',
      '%5 = load s32 x Plain',
      'if %5 goto 16',
      'r3 = 2',
    ]);
  });

  it('selects without a branch unless a way accesses memory', () => {
    expect(code('r1 = 0; r2 = r1 ? 2 : r1; r2 = r1 ? *x : 3;')).toEqual([
      'r1 = 0',
      'r2 = (r1 ? 2 : r1)',
      'if !r1 goto 5',
      'r2 = load s32 x Plain',
      'goto 6',
      'r2 = 3',
    ]);
  });
});

describe('functions', () => {
  const text = `typedef int (*callback_t)(struct pt_regs *regs, int cpu);
    int count[2];
    static int dummy(struct pt_regs *regs, int cpu) { return 0; }
    static callback_t callback = dummy;
    void set(callback_t c) { rcu_assign_pointer(callback, c); }
    void handle(struct pt_regs *regs) { int cpu; cpu = smp_processor_id(); ++count(cpu);
      if (!rcu_dereference(callback)(regs, cpu)) return; (*callback)(regs, 1); }`;
  const body =
    lowerProgram(`${text} P0(struct pt_regs *regs) { set(&dummy); callback_t f = callback; r1 = f(regs, 2); }
    __nmi(P0) P1(struct pt_regs *regs) { handle(regs); }`);

  it('calls by name and through pointers, and passes the CPU on where a function asks for it', () => {
    expect(showCode(thread(body))).toEqual([
      'call &set(0, &dummy)',
      'f = load s64 &callback Plain',
      'r1 = call f(0, regs, 2)',
    ]);
    expect(showCode(body.functions[1])).toEqual(['rcu_assign_pointer s64 (&callback, c)']);
    expect(showCode(body.functions[2])).toEqual([
      'cpu = %cpu',
      '%1 = load s32 (&count + (cpu * 4)) Plain',
      'store s32 (&count + (cpu * 4)) <- s32((%1 + 1)) Plain',
      '%2 = rcu_dereference s64 (&callback)',
      '%3 = call %2(%cpu, regs, cpu)',
      'if %3 goto 7',
      'return',
      '%4 = load s64 &callback Plain',
      '%5 = call %4(%cpu, regs, 1)',
    ]);
  });

  it('runs a handler on the CPU that it interrupts', () => {
    expect(body.threads[1].interrupt).toEqual({ kind: 'nmi', on: 0 });
    expect(showCode(thread(body, 1))).toEqual(['call &handle(0, regs)']);
  });

  it('lets functions call themselves', () => {
    const { functions } = lowerProgram('int f(int n) { if (n) return f(n - 1); return 0; } P0() { f(3); }');
    expect(showCode(functions[0])).toEqual([
      'if !n goto 3',
      '%1 = call &f(s32((n - 1)))',
      'return %1',
      'return 0',
    ]);
  });
});

describe('registers and variables', () => {
  it('binds a parameter to the address of the variable of its name', () => {
    const body = lowerProgram('P0(int *x) { } P1(unsigned *x, struct srcu_struct *s) { }', [
      initLine('y', 3n),
    ]);
    expect(cells(body)).toEqual(['y +0 s32 3', 'x +0 s32 0', 's +0 s32 0']);
    const { initial, code: made } = body.threads[1];
    expect([...initial].map(([id, value]) => `${made.registers[id]} ${showValue(value)}`)).toEqual([
      'x &x',
      's &s',
    ]);
  });

  it('takes types and values from init lines', () => {
    const init = [
      initLine('p', 'x', 'int *'),
      initLine('a', undefined, 'long', 2),
      initLine('v', 4n, 'atomic_t'),
    ];
    expect(cells(lowerProgram('P0(int **p) { }', init))).toEqual([
      'p +0 s64 &x',
      'a[0] +0 s64 0',
      'a[1] +8 s64 0',
      'v +0 s32 4',
      'x +0 s32 0',
    ]);
  });

  it('takes an init line that repeats a parameter for its declaration', () => {
    const init = [initLine('p', 'x', 'int *')];
    expect(cells(lowerProgram('P0(int *p) { }', init))).toEqual(['p +0 s32 &x', 'x +0 s32 0']);
  });

  it('takes a variable that is only pointed to for what the pointer says', () => {
    const init = [initLine('p', 'x'), initLine('q', 'y'), initLine('y', 1n)];
    const text = 'P0(char **p, intptr_t *q) { }';
    expect(cells(lowerProgram(text, init))).toEqual([
      'p +0 s64 &x',
      'q +0 s64 &y',
      'y +0 s64 1',
      'x +0 s8 0',
    ]);
  });

  it('finds registers by name: declared, undeclared, set by an init line, or of either branch', () => {
    const body = lowerProgram('P0(int *x) { r1 = *x; if (r1) { int r2 = 1; } else { int r2 = 2; } }', [
      initRegister(0, 'r9', 7n),
    ]);
    const names = body.threads[0].code.registers;
    for (const name of ['x', 'r1', 'r2', 'r9']) expect(names[body.register(0, name)!]).toBe(name);
    expect(body.register(0, 'r3')).toBeUndefined();
    expect(names.filter((name) => name === 'r2')).toHaveLength(1);
    expect(body.threads[0].initial.get(body.register(0, 'r9')!)).toBe(7n);
  });

  it('keeps a variable that hides another apart', () => {
    expect(code('int r1 = 1; { int r1 = 2; *x = r1; } *y = r1;')).toEqual([
      'r1 = 1',
      'r1%6 = 2',
      'store s32 x <- r1%6 Plain',
      'store s32 y <- r1 Plain',
    ]);
  });
});

describe('atomic operations', () => {
  it.each([
    ['atomic_inc(v);', ['atomic_add s32 + (v, 1)']],
    ['atomic_sub(2, v);', ['atomic_sub s32 - (v, 2)']],
    ['r1 = atomic_add_return_acquire(2, v);', ['r1 = atomic_add_return_acquire s32 + (v, 2)']],
    ['r1 = atomic_fetch_andnot_relaxed(2, v);', ['r1 = atomic_fetch_andnot_relaxed s32 &~ (v, 2)']],
    ['r1 = atomic_dec_and_test(v);', ['%1 = atomic_sub_return s32 - (v, 1)', 'r1 = (%1 == 0)']],
    ['r1 = atomic_add_negative(3, v);', ['%1 = atomic_add_return s32 + (v, 3)', 'r1 = (%1 < 0)']],
    ['r1 = atomic_add_unless(v, 1, 5);', ['%1 = atomic_fetch_add_unless s32 + (v, 1, 5)', 'r1 = (%1 != 5)']],
    ['r1 = atomic_inc_not_zero(v);', ['%1 = atomic_fetch_add_unless s32 + (v, 1, 0)', 'r1 = (%1 != 0)']],
    ['r1 = atomic_read(v); atomic_set(v, 2);', ['r1 = READ_ONCE s32 (v)', 'WRITE_ONCE s32 (v, 2)']],
    ['r1 = xchg_release(x, 3);', ['r1 = xchg_release s32 (x, 3)']],
    ['r1 = atomic_cmpxchg(v, r1 = 0, 1);', ['r1 = 0', 'r1 = cmpxchg s32 (v, r1, 1)']],
    [
      'int old = 1; if (atomic_try_cmpxchg(v, &old, 2)) *x = 1;',
      [
        'old = 1',
        '%1 = cmpxchg s32 (v, old, 2)',
        '%2 = (%1 == old)',
        'old = %1',
        'if !%2 goto 6',
        'store s32 x <- 1 Plain',
      ],
    ],
    ['atomic_long_inc((atomic_long_t *)z);', ['atomic_add s64 + (z, 1)']],
    ['spin_lock(l); spin_unlock(l);', ['spin_lock s32 (l)', 'spin_unlock s32 (l)']],
    ['r1 = spin_trylock(l);', ['r1 = spin_trylock s32 (l)']],
  ])('%s', (statements, wanted) => {
    expect(code(statements)).toEqual(wanted);
  });
});
