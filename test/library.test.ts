import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { litmusTests } from '../src/arbitraries/index.js';
import * as library from '../src/index.js';
import { shippedTests } from '../src/shipped.js';
import { runs } from './seed.js';

const { check, checkOnMachine, loadModel, parseLitmus, parseSyntax, printLitmus, shippedModel } = library;

// What a program without types may pass.
const anything = <Result>(value: unknown): Result => value as Result;
const inC = parseLitmus('C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n');

describe('the library says what to pass', () => {
  it('for a C program without a target', () => {
    const message =
      "t has primitives of the kernel: pass the target whose code they are, such as { target: { architecture: 'i386', era: '6.x' } }";
    expect(() => check(inC, shippedModel('i386'))).toThrow(new RangeError(message));
    expect(() => checkOnMachine(inC, 'i386')).toThrow(new RangeError(message));
    expect(() => new library.Stepper(inC, 'i386')).toThrow(new RangeError(message));
  });

  it.each([
    ['i386', '"i386"'],
    [{ architecture: 'x86', era: '6.x' }, '{"architecture":"x86","era":"6.x"}'],
    [{ architecture: 'i386' }, '{"architecture":"i386"}'],
    [{ architecture: 'i386', era: 'new' }, '{"architecture":"i386","era":"new"}'],
    [null, 'null'],
  ])('for a wrong target: %j', (target, shown) => {
    const run = () => check(inC, shippedModel('i386'), { target: anything(target) });
    expect(run).toThrow(RangeError);
    expect(run).toThrow(
      /^expected a target such as \{ architecture: 'i386', era: '6\.x' \}, with an architecture of sc, /,
    );
    expect(run).toThrow(`found ${shown}`);
  });

  it('for a model', () => {
    const message =
      'loadModel takes a name, the text of a cat file, and options: loadModel(name, text, options)';
    expect(() => anything<(text: string) => void>(loadModel)('acyclic po')).toThrow(new TypeError(message));
    expect(() => loadModel('mine', anything({ include: () => undefined }))).toThrow(new TypeError(message));
  });

  it('for what is no test, and what is no model', () => {
    expect(() => check(inC, anything('sc'))).toThrow(/expected a model, .*shippedModel\('sc'\)/);
    expect(() => check(anything('t'), shippedModel('sc'))).toThrow(/expected a test, .*parseLitmus/);
    expect(() => checkOnMachine(anything(undefined), 'sc')).toThrow(/expected a test, .*parseLitmus/);
  });

  it('for what is to be printed', () => {
    const message = 'printLitmus takes what parseSyntax() or parseLitmus() has made of a text';
    for (const wrong of ['C t', undefined, {}, inC.program])
      expect(() => printLitmus(anything(wrong))).toThrow(new TypeError(message));
  });
});

describe('limits', () => {
  it('hold while a test is read, too', () => {
    const text = 'C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n';
    const large = text.replace('{ ', `{ ${'WRITE_ONCE(*x, 2); '.repeat(20_000)}`);
    const read = () => library.within({ timeout: 1 }, () => parseLitmus(large));
    expect(read).toThrow(new library.LimitReached('timeout'));
    expect(library.within({ timeout: 60_000 }, () => parseLitmus(text)).name).toBe('t');
  });
});

describe('a model of one’s own', () => {
  it('may include what ships', () => {
    expect(loadModel('mine', '"mine"\ninclude "cos.cat"\nacyclic po | com').title).toBe('mine');
  });
});

describe('printLitmus', () => {
  it('prints every test that ships, as parsed or as read', () => {
    for (const [name, text] of Object.entries(shippedTests)) {
      const source = new library.Source(name, text);
      expect(printLitmus(parseLitmus(source))).toBe(printLitmus(parseSyntax(source)));
    }
  });

  it('prints random tests, so that they read the same', () => {
    fc.assert(
      fc.property(litmusTests(), (test) => {
        const printed = printLitmus(test);
        expect(printLitmus(parseLitmus(printed))).toBe(printed);
      }),
      runs(50),
    );
  });
});

describe('errors have codes that a program can test', () => {
  const codeOf = (run: () => unknown): unknown => {
    try {
      run();
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
    return undefined;
  };
  const inX86 = (line: string) => () => parseLitmus(`X86 t\n{}\n P0 ;\n ${line} ;\nexists (x=1)\n`);

  it('for texts that are wrong, and for texts that ask for what is not supported', () => {
    expect(codeOf(inX86('MOV [x]'))).toBe('invalid');
    expect(codeOf(inX86('MOVB [x],$1'))).toBe('unsupported');
    const goto = 'C t\n{}\nP0(int *x) { goto end; }\nexists (x=1)\n';
    expect(codeOf(() => parseLitmus(goto))).toBe('unsupported');
    expect(codeOf(() => parseLitmus(goto.replace('goto', 'go to')))).toBe('invalid');
    expect(codeOf(() => loadModel('mine', 'acyclic nothing'))).toBe('invalid');
  });

  it('for limits, engines, steps and cycles', () => {
    const test = parseLitmus('X86 t\n{}\n P0 ;\n MOV [x],$1 ;\nexists (x=1)\n');
    expect(new library.LimitReached('timeout').code).toBe('limit');
    expect(codeOf(() => library.checkWith(test, 'operational', { name: 'none' }))).toBe('no-engine');
    expect(codeOf(() => new library.Stepper(test, 'i386').take(99))).toBe('bad-choice');
    const generator = new library.TestGenerator({ dialect: 'X86', cycle: 'Rfx' });
    expect(codeOf(() => [...generator.tests()])).toBe('bad-cycle');
  });
});
