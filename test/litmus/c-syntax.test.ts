import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Source } from '../../src/diagnostics.js';
import { cFrontEnd } from '../../src/litmus/c/index.js';
import { validateGrammar } from '../../src/litmus/c/syntax/c-parser.js';
import { splitSections } from '../../src/litmus/frame/sections.js';
import { corpusFolder } from '../corpus.js';
import { runs } from '../seed.js';
import { arbitraryBody } from './c-arbitrary.js';
import { parseProgram, withoutSpans } from './c-reading.js';

/** What a text means, as a text with one spelling. */
const normal = (text: string): string => cFrontEnd.print(parseProgram(text)).replace(/\s+/g, ' ');

describe('the C grammar', () => {
  it('has no ambiguities or dead alternatives', () => {
    expect(() => validateGrammar()).not.toThrow();
  });

  it('prints any tree as text that parses to the same tree', () => {
    fc.assert(
      fc.property(arbitraryBody, (body) => {
        const text = cFrontEnd.print(body);
        expect(withoutSpans(parseProgram(text))).toEqual(withoutSpans(body));
      }),
      runs(200),
    );
  });

  it.each([
    ['a + b * c - d', 'P0() { (a + (b * c)) - d; }'],
    ['a == b & c << 1 || d', 'P0() { ((a == b) & (c << 1)) || d; }'],
    ['a = b += c ? d : e, f', 'P0() { (a = (b += (c ? d : e))), f; }'],
    ['-a->b[2].c++', 'P0() { -(a->b[2].c++); }'],
    ['!rcu_dereference(p)(1)', 'P0() { !rcu_dereference(p)(1); }'],
    ['(*p)(a)', 'P0() { (*p)(a); }'],
    ['(int)x + (a)-b', 'P0() { (((int)x) + a) - b; }'],
    ["0x10 + 010 + 'a' + '\\n' + 5UL", 'P0() { (((16 + 8) + 97) + 10) + 5UL; }'],
    ['sizeof(struct foo *) + sizeof x', 'P0() { (sizeof(struct foo *)) + (sizeof x); }'],
  ])('groups %s', (expression, grouped) => {
    expect(normal(`P0() { ${expression}; }`)).toBe(grouped);
  });

  it.each([
    ['static void P0(volatile int* x)\n{ }', 'P0(int *x) { }'],
    ['P0(int const * const x, long unsigned int *y) { }', 'P0(int *x, unsigned long *y) { }'],
    ['static fastcall __init void f(void) {}', 'void f() { }'],
    ['extern int a, *b, c[2];', 'int a; int *b; int c[2];'],
    ['typedef struct { int a; } foo;', 'struct foo { int a; }; typedef struct foo foo;'],
    ['struct foo { int a, *b; } x = { 1, };', 'struct foo { int a; int *b; }; struct foo x = {1};'],
    ['P0() { int a, *b = 0; }', 'P0() { int a; int *b = 0; }'],
    ['__nmi(P0) void P1(int *x) { ; }', '__nmi(P0) P1(int *x) { ; }'],
  ])('reads %s', (text, wanted) => {
    expect(normal(text)).toBe(wanted);
  });

  it('skips all three kinds of comment, and tells a herd7 comment from a dereference', () => {
    const text = `P0(int *x) { // one
      /* two */ (* three, of several words *) (*More of them*)
      (*x)++; (*f)(*x); }`;
    expect(normal(text)).toBe('P0(int *x) { (*x)++; (*f)(*x); }');
  });

  it('takes break and continue for names where they are not statements', () => {
    expect(normal('P0() { if (continue) continue = 0; while (1) continue; }')).toBe(
      'P0() { if (continue) continue = 0; while (1) continue; }',
    );
  });
});

describe.each([
  ['kernel-c', 645],
  ['lkmm', 1170],
])('corpus %s', (folder, count) => {
  const path = corpusFolder(folder);
  if (!path) {
    it('is skipped: it does not stand beside this checkout', () => {
      console.warn(`corpus ${folder}: skipped, not there`);
      expect(path).toBeUndefined();
    });
    return;
  }
  const files = readdirSync(path).filter((file) => file.endsWith('.litmus'));

  it('is whole', () => expect(files).toHaveLength(count));

  it('parses and prints to the same', () => {
    const differing = files.filter((file) => {
      const body = cFrontEnd.parse(
        splitSections(new Source(file, readFileSync(join(path, file), 'utf8'))).program,
      );
      const again = parseProgram(cFrontEnd.print(body));
      return JSON.stringify(withoutSpans(again)) !== JSON.stringify(withoutSpans(body));
    });
    expect(differing).toEqual([]);
  });
});
