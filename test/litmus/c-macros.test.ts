import { describe, expect, it } from '@jest/globals';
import { Source, SourceError } from '../../src/diagnostics.js';
import { lowerPrimitives } from '../../src/kernel/index.js';
import { cFrontEnd } from '../../src/litmus/c/index.js';
import { primitiveSpellings } from '../../src/litmus/c/syntax/primitives.js';
import { type LitmusTest, Macros, parseLitmus } from '../../src/litmus/index.js';
import { shippedModels } from '../../src/shipped.js';
import { parseProgram, withoutSpans } from './c-reading.js';
import { showCode } from './show-code.js';

const macrosOf = (text: string): Macros => Macros.parse(new Source('my.def', text));

function read(statements: string, macros?: Macros): LitmusTest {
  const text = `C test\n{}\nP0(int *x, int *y, atomic_t *v, spinlock_t *s, struct srcu_struct *ss) { ${statements} }\nexists (x=1)`;
  return parseLitmus(new Source('test.litmus', text), { macros });
}

function lowered(statements: string, macros?: Macros): string {
  const { program } = read(statements, macros);
  const [{ code }] = lowerPrimitives(program, { architecture: 'lkmm', era: '6.x' }).threads;
  return showCode(code).join('; ').replace(/%\w+/g, '%');
}

const withMacros = (definitions: string, statements: string): string =>
  lowered(statements, macrosOf(definitions));

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SourceError) return error.message.split('\n')[0];
    throw error;
  }
  return 'accepted';
}

describe('a macro file', () => {
  it.each([
    ['READ_ONCE(X) __load{once}(X)', 'int r1 = READ_ONCE(*x);', 'r1 = load s32 x once'],
    ['get(P) __load{acquire}(*P)', 'int r1 = get(x);', 'r1 = load s32 x acquire'],
    ['put(X,V) { __store{once}(X,V); }', 'put(*x, 1 + 1);', 'store s32 x <- 2 once'],
    ['both(X,V) { __store{once}(X,V); __fence{mb}; }', 'both(*x, 1);', 'store s32 x <- 1 once; fence mb'],
    ['rcu_read_lock() { __fence{rcu-lock}; }', 'rcu_read_lock();', 'fence rcu-lock'],
    ['wait(S) { __srcu{sync-srcu}(S); }', 'wait(ss);', 'fence sync-srcu ss'],
    ['get(X) __load{a,b-c}(X)', 'int r1 = get(*x);', 'r1 = load s32 x a b-c'],
    ['READ_ONCE(X) __load{once}(X) read(P) READ_ONCE(*P)', 'int r1 = read(v);', 'r1 = load s32 v once'],
    [
      'both(X) { one(X, 1); { one(X, 2); } } one(X, V) { __store{once}(X, V); }',
      'both(*x);',
      'store s32 x <- 1 once; store s32 x <- 2 once',
    ],
    [
      'next(X) __load{once}(X) + 1',
      'int r1 = next(*x) + 1;',
      '% = load s32 x once; r1 = s32((s32((% + 1)) + 1))',
    ],
    ['swap(P,V) __xchg{mb}(P,V)', 'int r1 = swap(x, 2);', 'r1 = rmw s32 x <- 2'],
    ['cas(P,A,B) __cmpxchg{mb}(P,A,B)', 'int r1 = cas(x, 2, 3);', 'r1 = rmw s32 x <- 3 if (r1 == 2)'],
    ['inc(P) { __atomic_op{noreturn}(P,+,1); }', 'inc(v);', '% = rmw s32 v <- s32((% + 1))'],
    ['inc(P) { __atomic_op(P,+,1); }', 'inc(v);', '% = rmw s32 v <- s32((% + 1))'],
    ['clear(V,P) { __atomic_op{noreturn}(P,&~,V); }', 'clear(4, v);', '% = rmw s32 v <- s32((% & ~4))'],
    [
      'add(V,P) __atomic_op_return{mb}(P,+,V)',
      'int r1 = add(2, v);',
      'r1 = rmw s32 v <- s32((r1 + 2)); r1 = s32((r1 + 2))',
    ],
    ['fetch(V,P) __atomic_fetch_op{mb}(P,|,V)', 'int r1 = fetch(2, v);', 'r1 = rmw s32 v <- s32((r1 | 2))'],
    [
      'done(P) __atomic_op_return{mb}(P,-,1) == 0',
      'int r1 = done(v);',
      '% = rmw s32 v <- s32((% - 1)); % = s32((% - 1)); r1 = (% == 0)',
    ],
    [
      'unless(P,V,U) __atomic_add_unless{mb}(P,V,U)',
      'int r1 = unless(v, 1, 5);',
      '% = rmw s32 v <- s32((% + 1)) if (% != 5); r1 = (% != 5)',
    ],
    [
      'lock(L) { __lock(L); } unlock(L) { __unlock(L); }',
      'lock(s); unlock(s);',
      '% = rmw s32 s <- 1 when !%; store s32 s <- 0 UL',
    ],
    ['try(L) __trylock(L)', 'int r1 = try(s);', '% = rmw s32 s <- 1 if !%; r1 = !%'],
    ['is(L) __islocked(L)', 'int r1 = is(s);', '% = load s32 s RL RU; r1 = (% != 0)'],
  ])('%s: %s', (definitions, statements, wanted) => {
    expect(withMacros(definitions, statements)).toBe(wanted);
  });

  it('may have comments of both kinds, and arguments are put in as they stand', () => {
    const definitions = '// one\n(* two\n *)\nstore(X, V) { __store{once}(X, V); } /* three */';
    expect(withMacros(definitions, 'store(*x, *y);')).toBe('% = load s32 y Plain; store s32 x <- % once');
  });

  it('goes before the primitives that are known without it', () => {
    const macros = macrosOf('READ_ONCE(X) __load{mine}(X) atomic_inc(P) { __fence{mine}; }');
    expect(lowered('int r1 = READ_ONCE(*x); atomic_inc(v);', macros)).toBe(
      'r1 = load s32 x mine; fence mine',
    );
  });

  it('leaves no other primitive, and a program its own functions', () => {
    const macros = macrosOf('READ_ONCE(X) __load{once}(X)');
    expect(refusal(() => read('WRITE_ONCE(*x, 1);', macros))).toMatch(
      /there is no function or macro `WRITE_ONCE`$/,
    );
    expect(refusal(() => read('READ_ONC(*x);', macros))).toMatch(
      /^test\.litmus:3:\d+: there is no function or macro `READ_ONC`; did you mean `READ_ONCE`\?$/,
    );
    expect(refusal(() => read('READ_ONCE(*x, 1);', macros))).toMatch(
      /`READ_ONCE` takes 1 argument, found 2$/,
    );
  });

  it.each([
    ['f(X) __lod{once}(X)', 'my.def:1:6: there is no macro `__lod`; did you mean `__load`?'],
    ['f(X) lod(X)', 'my.def:1:6: there is no macro `lod`'],
    ['f(X) __load(X)', 'my.def:1:6: expected what its events carry, such as `__load{once}`'],
    ['f(X) __load{once}(X, 1)', 'my.def:1:6: `__load` takes 1 values here, found 2'],
    ['f(X) __atomic_fetch_op{once}(X, 1)', 'my.def:1:6: `__atomic_fetch_op` takes an operator such as `+`'],
    ['f(X) __xchg{once}(X, +, 1)', 'my.def:1:6: `__xchg` takes no operator'],
    ['f(X) g(X)\ng(X) f(X)', 'my.def:1:1: `f` is defined by itself'],
    ['f(X) { __fence{}; }', 'my.def:1:16: expected a word such as `once`, found `}`'],
    ['f(X', 'my.def:1:3: expected `)` or `,`, found the end of the program'],
    ['f(X) __load{once}(X) )', "my.def:1:22: expected a macro's name, found `)`"],
  ])('with %s is refused', (definitions, message) => {
    expect(refusal(() => macrosOf(definitions))).toBe(message);
  });
});

describe("herd7's own primitives in a program", () => {
  it('need no macro file', () => {
    expect(lowered('int r1 = __load{once}(*x); __fence{mb};')).toBe('r1 = load s32 x once; fence mb');
  });

  it('are printed so that they can be read again', () => {
    const text =
      'P0(int *x) { int r1 = __load{once}(*x); __fence{rcu-lock}; __atomic_op{a, b}(x, &~, 1); __lock(x); }';
    const printed = cFrontEnd.print(parseProgram(text));
    expect(printed).toContain('__atomic_op{a, b}(x, &~, 1);');
    expect(withoutSpans(parseProgram(printed))).toEqual(withoutSpans(parseProgram(text)));
  });

  it('are not for the targets that are machines', () => {
    const { program } = read('__fence{mb};');
    expect(refusal(() => lowerPrimitives(program, { architecture: 'alpha', era: '6.x' }))).toMatch(
      /`__fence` is not supported on target alpha/,
    );
  });
});

describe('the macro file that ships', () => {
  const macros = Macros.parse(new Source('lkmm.def', shippedModels['lkmm.def']));

  it.each([...macros.names()])('has the same events for %s as the target lkmm', (name) => {
    const { parameters } = macros.find(name)!;
    const given: Record<string, string> = {
      X: '*x',
      P: 'v',
      V: '2',
      OLD: '0',
      NEW: '1',
      U: '5',
      L: 's',
      S: 'ss',
      I: '0',
    };
    const call = `${name}(${parameters.map((parameter) => given[parameter]).join(', ')})`;
    // Where a macro has no value, its use as one is refused.
    const isValue = macros.find(name)!.body.kind !== 'block';
    const statements = isValue ? `int r1 = ${call};` : `${call};`;
    expect(lowered(statements, macros)).toBe(lowered(statements));
  });

  it('has only names that are known without it', () => {
    const known = new Set(primitiveSpellings());
    expect([...macros.names()].filter((name) => !known.has(name))).toEqual([]);
  });
});
