import { describe, expect, it } from '@jest/globals';
import { answerTable, ask, quizText, quizzes, stepsText } from '../../src/quiz/index.js';
import { shippedTests } from '../../src/shipped.js';

const plain = {
  good: (t: string) => t,
  bad: (t: string) => t,
  strong: (t: string) => t,
  faint: (t: string) => t,
};

/**
 * What a test's comment says of a machine, read with a pattern of its own; a `forall` asks for what breaks
 * it.
 */
function expected(text: string, machine: string, era: string, error?: string): string | undefined {
  const entry = (name: string) =>
    new RegExp(`Expect:[^\\n]*\\b${name.replace(/[.+]/g, '\\$&')} (Never|Sometimes|Always)([^;\\n]*)`).exec(
      text,
    );
  const found = entry(`${machine}/${era}`) ?? entry(machine);
  if (!found) return undefined;
  const [, verdict, flags] = found;
  if (error !== undefined) return flags.includes(error) ? 'reachable' : 'never';
  return verdict === (/^forall/m.test(text) ? 'Always' : 'Never') ? 'never' : 'reachable';
}

describe('the quizzes', () => {
  it('are at least ten, the first that of the document', () => {
    expect(quizzes.length).toBeGreaterThanOrEqual(10);
    expect(quizzes[0].name).toBe('nmi');
    expect(new Set(quizzes.map(({ name }) => name)).size).toBe(quizzes.length);
  });

  describe.each(quizzes.map((quiz) => [quiz.name, quiz] as const))('%s', (_, quiz) => {
    it('answers as the tests that it runs expect', () => {
      const { lines, unexpected } = answerTable(quiz, plain);
      const rows = lines.join('\n').split('\n').slice(1);
      expect(unexpected).toBe(0);
      expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual(
        quiz.variants.map(({ label, test }) => [
          label,
          ...quiz.machines.map((machine) => expected(shippedTests[test], machine, quiz.era, quiz.error)),
        ]),
      );
    });

    it('has switches whose positions the variants have, each in another place', () => {
      for (const { at } of quiz.variants) {
        expect(at).toHaveLength(quiz.switches.length);
        for (const [index, position] of at.entries())
          expect(quiz.switches[index].positions).toContain(position);
      }
      expect(new Set(quiz.variants.map(({ at }) => at.join('|'))).size).toBe(quiz.variants.length);
      // Every position is that of some variant: a switch that cannot be turned there would be none.
      for (const [index, { positions }] of quiz.switches.entries())
        expect(new Set(quiz.variants.map(({ at }) => at[index]))).toEqual(new Set(positions));
    });

    it('tells an execution where it says that there is one', () => {
      const { story } = quiz;
      if (!story) {
        expect(answerTable(quiz, plain).lines.join()).not.toContain('reachable');
        return;
      }
      const variant = quiz.variants.find(({ label }) => label === story.variant);
      expect(variant && quiz.machines).toContain(story.machine);
      expect(stepsText(quiz, ask(quiz, variant!, story.machine)).length).toBeGreaterThan(3);
      expect(quizText(quiz, plain).text).toContain(`How it happens on ${story.machine}`);
    });
  });
});
