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
    [
      'let ppo = po & loc\n«acylic» ppo',
      'expected an operator or the next instruction, found `acylic`; did you mean `acyclic`?',
    ],
    [
      'acyclic po | rf\n«irreflexiv» co',
      'expected an operator or the next instruction, found `irreflexiv`; did you mean `irreflexive`?',
    ],
    ['acyclic po\n«order» (po)', 'expected an operator or the next instruction, found `order`'],
    [
      '"t"\ninclude "cos.cat"\n«acylic» po',
      'expected an operator or the next instruction, found `acylic`; did you mean `acyclic`?',
    ],
    ['acyclic po | «mfence»', 'nothing defines `mfence`: write `include "x86fences.cat"` before it'],
  ])('for a word that was meant to begin an instruction, or a name of another file: %s', (text, reason) =>
    expectError(text, reason),
  );

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
    ['with co from «po»', '`with` takes a set of relations, such as generate_cos gives, not a relation'],
    ["enum E = 'a || 'b\nwith r from «E»", '`with` over a set of tags is not supported'],
    ["let x = «'a»\nempty x", "no `enum` declares the tag `'a`"],
    [
      "enum E = 'once || 'acquire\nempty tag2events(«'acquired»)",
      "no `enum` declares the tag `'acquired`; did you mean `'acquire`?",
    ],
    ['empty tag2events(«po»)', '`tag2events` takes a tag, not a relation'],
    ["enum E = 'a || 'b\nmatch «'a» with 'b -> empty po end", "no clause of this `match` is for 'a"],
    ["match «po» with 'b -> empty po end", '`match` on tags needs a tag, not a relation'],
    ["enum E = 'a\nempty («E») | po", '`|` takes sets or relations, not a set of tags'],
    ['forall x in «domain» do empty po end', '`forall` takes a set, not the function `domain`'],
    ['empty match «_» with || {} -> po || x ++ xs -> rf end', '`match` cannot take `_` apart'],
    ['empty linearisations(«W»)', '`linearisations` takes two arguments: `linearisations(events, relation)`'],
    [
      'empty generate_orders(«W»)',
      '`generate_orders` takes two arguments: `generate_orders(events, relation)`',
    ],
    ['instructions R[«po»]', 'an annotation is a tag or a set of tags, not a relation'],
    ["enum E = 'a || 'b\ninstructions R[{'a, «'c»}]", "no `enum` declares the tag `'c`"],
  ])('for tags and choices: %s', (text, reason) => expectError(text, reason));

  it.each([
    ['empty «lift»', '`lift` is not supported'],
    ['empty «same-oa»(po)', '`same-oa` is not supported'],
    ['"x" «catdep» empty po', '`catdep`, a model that computes dependencies by itself, is not supported'],
  ])('for what is not supported: %s', (text, reason) => expectError(text, reason));

  it('for a name in what each execution computes comes when the model is read', () => {
    expectError(
      'let f S = match S with || {} -> 0 || e ++ rest -> [e]; «pooo» end\nempty f(R)',
      'nothing defines `pooo`',
    );
  });

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
    expect(errorOf('include "a.cat"', { 'a.cat': 'empty\n  pp' })).toMatch(
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

describe('a definition that nothing uses', () => {
  it('may use a name that nothing defines: that is only a warning', () => {
    const { warnings, checks } = load('let x = po and y = pooo\nempty x');
    expect(checks).toHaveLength(1);
    expect(warnings.map(({ message }) => message.split('\n')[0])).toEqual([
      'test.cat:1:20: nothing defines `pooo`',
    ]);
  });

  it('is an error where something uses it after all, with the place of the name', () => {
    expectError('let x = po and y = «pooo»\nempty y', 'nothing defines `pooo`');
  });

  it('does not hide what it shows', () => {
    expect(load('show no-such-name, po').shown.map(({ name }) => name)).toEqual(['po']);
  });
});
