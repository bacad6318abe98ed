import { describe, expect, it } from '@jest/globals';
import { quizProgram } from '../../site/logic/quiz-program.js';
import { parseLitmus, shippedTests } from '../../src/index.js';

const base = shippedTests['nmi/other-cpu-global.litmus'];

/** The code of a test: no comments, no name, no blank lines. */
const codeOf = (text: string): string =>
  text
    .replace(/\(\*[\s\S]*?\*\)|\/\*[\s\S]*?\*\//g, '')
    .replace(/^C .*$/m, '')
    .replace(/\s+/g, ' ');

describe('the program of the Quick Quiz', () => {
  it.each([
    ['other-cpu-global', true, true, true, false],
    ['other-cpu-global-plain-load', true, false, true, false],
    ['other-cpu-global-plain-store', false, true, true, false],
    ['other-cpu-global-plain-both', false, false, true, false],
    ['other-cpu-global-late-init', true, true, false, false],
    ['same-cpu-global', true, true, true, true],
    ['same-cpu-global-plain-both', false, false, true, true],
    ['same-cpu-global-late-init', true, true, false, true],
  ])('is that of %s', (name, assign, dereference, initialisedBefore, sameCpu) => {
    const made = quizProgram(base, { assign, dereference, initialisedBefore, sameCpu });
    expect(codeOf(made)).toBe(codeOf(shippedTests[`nmi/${name}.litmus`]));
  });

  it('can be read with all switches in any position', () => {
    for (let bits = 0; bits < 16; bits++) {
      const [assign, dereference, initialisedBefore, sameCpu] = [1, 2, 4, 8].map((bit) => (bits & bit) > 0);
      const made = quizProgram(base, { assign, dereference, initialisedBefore, sameCpu });
      expect(parseLitmus(made).program.threads).toHaveLength(sameCpu ? 2 : 3);
    }
  });

  it('refuses another text', () => {
    expect(() =>
      quizProgram('C other {}', {
        assign: false,
        dereference: true,
        initialisedBefore: true,
        sameCpu: false,
      }),
    ).toThrow('the shipped test has no');
  });
});
