import { describe, expect, it } from '@jest/globals';
import { errorOf, load } from './loading.js';

/** The message for a text, in which `«` and `»` stand around what the carets have to mark. */
function expectError(marked: string, reason: string, files: Record<string, string> = {}): void {
  const before = marked.slice(0, marked.indexOf('«')).split('\n');
  const length = marked.indexOf('»') - marked.indexOf('«') - 1;
  const text = marked.replace(/[«»]/g, '');
  const [line, column] = [before.length, before[before.length - 1].length + 1];
  const message = errorOf(text, files);
  expect(message.split('\n')[0]).toBe(`test.cat:${line}:${column}: ${reason}`);
  expect(message.split('\n')[2]).toBe(`  ${' '.repeat(column - 1)}${'^'.repeat(Math.max(1, length))}`);
}

describe('a message', () => {
  it.each([
    ['acyclic po | «adrr»', 'nothing defines `adrr`; did you mean `addr`?'],
    ['acyclic po\nempty rmw & «frre»', 'nothing defines `frre`; did you mean `fre`?'],
    ['let order = po\nacyclic «ordr»', 'nothing defines `ordr`; did you mean `order`?'],
    ['acyclic [«r»]; po', 'nothing defines `r`; did you mean `R`?'],
    ['acyclic «nothing-like-it»', 'nothing defines `nothing-like-it`'],
    ['empty «MBB» * W', 'nothing defines `MBB`; did you mean `MB`?'],
  ])('for a name that is not there: %s', (text, reason) => expectError(text, reason));

  it.each([
    ['acyclic po; «W»', 'expected a relation, found the set `W`; write `[W]` for the identity on it'],
    ['acyclic «R»', 'expected a relation, found the set `R`; write `[R]` for the identity on it'],
    ['acyclic «R»+', 'expected a relation, found the set `R`; write `[R]` for the identity on it'],
    [
      'acyclic [«po»]',
      'expected a set, found the relation `po`; write `domain(po)` or `range(po)` for the events at its ends',
    ],
    ['empty po | «R»', '`|` joins the set `R` and a relation; write `[R]` for the identity on the set'],
    [
      'empty («R & W») & po',
      '`&` joins the set `R & W` and a relation; write `[R & W]` for the identity on the set',
    ],
    ['empty rf \\ «W»', '`\\` joins the set `W` and a relation; write `[W]` for the identity on the set'],
    [
      'empty R * «po»',
      'expected a set, found the relation `po`; write `domain(po)` or `range(po)` for the events at its ends',
    ],
    ['acyclic «fencerel»', 'expected a relation, found the function `fencerel`, which needs an argument'],
    ['acyclic («po, rf»)', 'expected a relation, found a tuple of 2'],
    ['empty po | «domain»', '`|` takes sets or relations, not the function `domain`'],
  ])('for the wrong sort: %s', (text, reason) => expectError(text, reason));

  it.each([
    ['acyclic «po rf»', '`po` is a relation, not a function; join relations with `;`'],
    ['let f(x, y) = x; y\nacyclic f «rf»', '`f` takes 2 arguments, but here is 1'],
    ['let f(x, y) = x; y\nacyclic f(«rf, co, fr»)', '`f` takes 2 arguments, but here are 3'],
    ['let (a, b) = «po»\nacyclic a', 'this definition takes 2 arguments, but here is 1'],
    ['let rec f x = «f x»\nacyclic f po', '`f` calls itself for ever'],
    ['call «po»(rf)', '`call` needs a procedure; `po` is a relation'],
  ])('for a bad call: %s', (text, reason) => expectError(text, reason));

  it('for an error in a function of another file stands at the call, and names the place', () => {
    const message = errorOf('acyclic fencerel(po)');
    expect(message).toMatch(/^test\.cat:1:9: expected a set, found .* \(in `fencerel`, stdlib\.cat:\d+\)\n/);
    expect(message).toMatch(/\n {10}\^{12}$/);
  });

  it.each([
    [
      'let rec r = po | ~(«r; rf»)\nacyclic r',
      '`r` is defined by itself under `~`, so its definition has no least solution',
    ],
    [
      'let rec r = po \\ «r»\nacyclic r',
      '`r` is defined by itself on the right of `\\`, so its definition has no least solution',
    ],
  ])('for a definition that is not monotone: %s', (text, reason) => expectError(text, reason));

  it.each([
    ['acyclic po |«»', 'expected an expression, found the end of the text'],
    ['acyclic po | «)»', 'expected an expression, found `)`'],
    ['acyclic (po | rf «as» x', 'expected `)`, found `as`'],
    ['let «=» po', 'expected a name, `(` or `_`, found `=`'],
    ['acyclic po «]»', 'expected an operator or the next instruction, found `]`'],
    ['acyclic po «$» rf', 'unexpected character "$"'],
    ['acyclic po\n«(*» (* no end *)', 'this comment is never closed'],
    ['include «"»stdlib', 'this string is never closed'],
    ['acyclic ~po«*»', '`~` and `*` bind equally tightly: write parentheses'],
    ['show «po | rf»', 'expected `as` and a name to show this expression under'],
  ])('for bad syntax: %s', (text, reason) => expectError(text, reason));

  it.each([
    [
      '«with rf from generate_cos(co0)»',
      '`with rf from` is not supported: only `with co from generate_cos(co0)` is',
    ],
    ['let x = «linearisations»', '`linearisations` is not supported'],
    ["empty «match x with 'a -> po end»", '`match` is not supported'],
    ['with co from «po»', '`with co from` an expression other than `generate_cos(co0)` is not supported'],
    ["«enum E = 'a || 'b»", '`enum` is not supported'],
    ['«assert empty po»', '`assert` is not supported'],
    ['«forall x in _ do empty po end»', '`forall` is not supported'],
    ['let rec r = po when «acyclic r»', '`when` in a `let rec` is not supported'],
    ['let x = try «map» with 0', '`map` is not supported'],
    ['let x = «{po, rf}»', 'a set written as a list of elements is not supported'],
  ])('for what is not supported: %s', (text, reason) => expectError(text, reason));

  it('for an include that is missing', () => {
    expectError('«include "absent.cat"»', 'there is no file `absent.cat` to include');
  });

  it('for includes in a circle', () => {
    const message = errorOf('include "a.cat"', {
      'a.cat': '"a"\n\n include "b.cat"',
      'b.cat': 'include "a.cat"',
    });
    expect(message).toBe(
      'b.cat:1:1: `a.cat` includes itself: a.cat -> b.cat -> a.cat\n  include "a.cat"\n  ^^^^^^^^^^^^^^^',
    );
  });

  it('for an error in an included file names that file', () => {
    expect(errorOf('include "a.cat"', { 'a.cat': 'let x =\n  pp' })).toMatch(
      /^a\.cat:2:3: nothing defines `pp`/,
    );
  });

  it('for too many levels has a place', () => {
    expect(errorOf(`acyclic ${'('.repeat(300)}po${')'.repeat(300)}`)).toMatch(
      /^test\.cat:1:69: this nests more than 60 levels deep/,
    );
    expect(errorOf(`acyclic po${' \\ po'.repeat(100_000)}`)).toMatch(
      /^test\.cat:1:1: the model nests too deeply/,
    );
  });

  it('for a model that would never be done has a place', () => {
    const doubling = Array.from({ length: 40 }, (_, n) => `let f${n + 1} x = f${n} (f${n} x)`).join('\n');
    expect(errorOf(`let f0 x = x\n${doubling}\nacyclic f40 po`)).toMatch(/the model is too large|for ever/);
  });
});

describe('try', () => {
  it('passes over a name that is not there', () => {
    expect(load('empty try no-such-name with po').checks[0].term.name).toBe('po');
    expect(load('let f x = x | no-such-name\nempty try f po with rf').checks[0].term.name).toBe('rf');
  });

  it('passes over nothing else', () => {
    expectError(
      'empty try [R]; «W» with po',
      'expected a relation, found the set `W`; write `[W]` for the identity on it',
    );
  });
});
