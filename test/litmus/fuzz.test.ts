import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Source, SourceError } from '../../src/diagnostics.js';
import { parseLitmus, parseSyntax, printLitmus } from '../../src/litmus/index.js';
import { corpusFiles } from '../corpus.js';
import { runs } from '../seed.js';

/** Reads a text: it gives a test, or one message with a place that is in the text. */
function attempt(text: string): void {
  const source = new Source('fuzz', text);
  try {
    parseLitmus(source);
    printLitmus(parseSyntax(source));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { start, end } = error.span;
    expect(0 <= start && start <= end && end <= text.length).toBe(true);
    expect(error.message).toMatch(/^fuzz:\d+:\d+: \S/);
  }
}

const samples = [
  'X86 SB\n"Fre PodWR"\nCom=Fr Fr\n{ x=0; int a[2]={1,2}; 0:EAX=&x; }\n P0 | P1 ;\n MOV [x],$1 | LOCK XADD [y],EAX ;\n L: MOV EAX,[y] | JNE L1 ;\n | L1: MFENCE ;\nlocations [x; a;]\nfilter (x=1)\nexists (0:EAX=0 /\\ ~(1:EAX=0 \\/ a[1]=2) => x=y)\n',
  'Alpha MP (* Expect: alpha Sometimes *)\n{ 0:R1=x; 1:$t0=y; }\n P0 | P1 ;\n LDQ_L R2,0(R1) | LDA R3,#4(R31) ;\n STQ_C R2,8($1) | BEQ R3,L ;\n WMB | L: CMOVEQ R1,R2,R3 ;\nforall (0:R2=1 /\\ x!=-0x1)\n',
  'C t\n(* Result: Never *)\n{ int x = 1; int *p = &x; }\nP0(int *x) { int r1 = READ_ONCE(*x); /* a */ if (r1) WRITE_ONCE(*x, 2); }\nexists (0:r1=0)\n',
];

const pieces = fc.constantFrom(
  '(*',
  '*)',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '"',
  "'",
  ';',
  '|',
  ':',
  '=',
  '=>',
  '/\\',
  '\\/',
  '~',
  'exists',
  'forall',
  'locations',
  'filter',
  'not',
  '$',
  '#',
  '%',
  '&',
  '*',
  '//',
  '/*',
  '<<',
  '\r\n',
  '\n',
  '\t',
  '\0',
  '\uFEFF',
  'é',
  '💥',
  '-',
  '0x',
  '99999999999999999999',
  'P0',
  'P1',
  '0:',
  'EAX',
  'R31',
  'x',
  'LOCK',
  '__proto__',
  'toString',
  '@',
  '{x=1;}',
  'true',
  'ATOMIC_INIT(',
);

/** Cuts, repeats, swaps or strews into a text. */
const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .record({
      text: fc.constantFrom(...texts),
      edits: fc.array(
        fc.record({ at: fc.nat(), length: fc.nat(12), by: fc.oneof(pieces, fc.constant(''), fc.string()) }),
        { minLength: 1, maxLength: 4 },
      ),
      end: fc.option(fc.nat()),
    })
    .map(({ text, edits, end }) => {
      let made = text;
      for (const { at, length, by } of edits) {
        const start = at % (made.length + 1);
        made = made.slice(0, start) + by + made.slice(start + length);
      }
      return end === null ? made : made.slice(0, end % (made.length + 1));
    });

describe('any text is read or refused with one message', () => {
  it('random characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), attempt), runs(500));
  });

  it('random pieces of litmus files', () => {
    const text = fc.tuple(
      fc.constantFrom('X86 t {} P0; ', 'Alpha t {} P0; ', 'C t {} ', ''),
      fc.array(pieces, { maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, ([head, parts]) => attempt(head + parts.join(' '))),
      runs(800),
    );
  });

  it('every truncation of a file', () => {
    for (const sample of samples)
      for (let end = 0; end <= sample.length; end++) attempt(sample.slice(0, end));
  });

  it('mutations of files', () => {
    const corpus = ['x86', 'alpha-asm'].flatMap((name) =>
      corpusFiles(name).filter((_, index) => index % 10 === 0),
    );
    const texts = [...samples, ...corpus.map(({ text }) => text)];
    fc.assert(fc.property(mutated(texts), attempt), runs(1000));
  });

  it.each([
    ['parentheses', `X86 t {} P0; exists ${'('.repeat(50000)}`],
    ['negations', `X86 t {} P0; exists ${'~'.repeat(50000)}x=1`],
    ['braces', `X86 t {a=${'{'.repeat(50000)}${'}'.repeat(50000)}} P0; exists x=1`],
    ['stars', `X86 t {} P0; exists ${'*'.repeat(50000)}x=1`],
    ['conjuncts', `X86 t {} P0; exists x=1${' /\\ x=1'.repeat(50000)}`],
    ['implications', `X86 t {} P0; exists x=1${' => x=1'.repeat(50000)}`],
    ['comments', `X86 t {} P0; ${'(* '.repeat(50000)}`],
    ['blanks in a note', `X86 t (* Expect: sc Never${' "'.repeat(50000)} *) {} P0; exists x=1`],
    ['blanks', `X86 t {} P0; ${' '.repeat(200000)}~ x`],
    ['quotes', `X86 t {} P0; ${'"'.repeat(100001)}`],
  ])('very many %s end soon', (_, text) => {
    const start = performance.now();
    attempt(text);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
