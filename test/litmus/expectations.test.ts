import { describe, expect, it } from '@jest/globals';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus, parseSyntax, printLitmus } from '../../src/litmus/index.js';
import { read, refusal } from './reading.js';

const withNote = (note: string): string => `Alpha t\n${note}\n{}\n P0 ;\n MB ;\nexists (true)\n`;
const inC = (note: string): string => `C t\n${note}\n{}\nP0(int *x) { *x = 1; }\nexists (x=1)\n`;
const found = (text: string): string[] =>
  read(text).expectations.map(({ model, verdict, flags = [] }) => [model, verdict, ...flags].join(' '));

describe('expectations', () => {
  it.each([
    ['(* Expect: i386 Never; alpha Sometimes *)', ['i386 Never', 'alpha Sometimes']],
    [
      '(* words\n   Expect: sc Never\n   Expect: alpha-linux Always, alpha Never;\n*)',
      ['sc Never', 'alpha-linux Always', 'alpha Never'],
    ],
    ['Expect: alpha Sometimes', ['alpha Sometimes']],
    ['Expect=alpha Sometimes', ['alpha Sometimes']],
    [
      '(* Expect: sc Never with use-after-free; alpha Always with data-race bad-free *)',
      ['sc Never use-after-free', 'alpha Always bad-free data-race'],
    ],
    ['(* Result: Never *)', []],
    ['(* We expect: nothing. *)', []],
  ])('%s', (note, expected) => {
    expect(found(withNote(note))).toEqual(expected);
  });

  it.each([
    ['(*\n * Result: Never\n *\n * Words.\n *)', ['lkmm Never']],
    ['(* Result: Sometimes DATARACE *)', ['lkmm Sometimes']],
    ['/* Result: Always */', ['lkmm Always']],
    ['// Expect: alpha Never', ['alpha Never']],
    ['(* Result: Maybe *)', []],
    ['(* Result: DEADLOCK *)', ['lkmm Never deadlock']],
  ])('in C: %s', (note, expected) => {
    expect(found(inC(note))).toEqual(expected);
  });

  it.each([
    ['(* Expect: alpha Nevr *)', '2:18: expected Never, Sometimes or Always, found `Nevr`'],
    ['(* Expect: alpha *)', '2:12: expected Never, Sometimes or Always after `alpha`'],
    ['(* Expect: *)', '2:11: expected a model and Never, Sometimes or Always'],
    ['(* Expect: a&b Never *)', "2:12: expected a model's name, found `a&b`"],
    ['(* Expect: sc Never alpha Never *)', '2:21: expected `;`, or `with` and flags, found `alpha`'],
    ['(* Expect: sc Never with *)', '2:12: expected the name of a flag after `with`'],
    ['(* Expect: sc Never with a Never *)', '2:28: expected `;` or the name of a flag, found `Never`'],
    [
      '(* Expect: sc Never with a; sc Never with b *)',
      '2:29: sc is expected to answer Never with a elsewhere in this file',
    ],
    ['(* Expect: sc Never; sc Always *)', '2:22: sc is expected to answer Never elsewhere in this file'],
  ])('%s is refused', (note, message) => {
    expect(refusal(withNote(note))).toBe(message);
  });

  it('stay when a test is printed', () => {
    const source = new Source('t', inC('(* Result: Never *)\nExpect: sc Never\n// Expect: alpha Sometimes'));
    const printed = printLitmus(parseSyntax(source));
    const expectations = parseLitmus(new Source('printed', printed)).expectations;
    expect(expectations.map(({ model }) => model).sort()).toEqual(['alpha', 'lkmm', 'sc']);
  });
});
