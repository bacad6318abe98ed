import { describe, expect, it } from '@jest/globals';
import { QuizSession } from '../../src/cli/quiz/quiz-session.js';
import { machinesToWalk, quizNamed, quizzes, walkOf } from '../../src/quiz/index.js';

const plain = {
  good: (t: string) => t,
  bad: (t: string) => t,
  strong: (t: string) => t,
  faint: (t: string) => t,
};

/** Starts a quiz, types lines, and gives what was written after each; the first is the beginning. */
function conversation(name: string, ...lines: readonly string[]): string[] {
  const written: string[] = [''];
  const session = new QuizSession(
    quizNamed(name)!,
    (text) => {
      written[written.length - 1] += text;
    },
    plain,
  );
  for (const line of lines) {
    written.push('');
    if (!session.take(line)) break;
  }
  return written;
}

describe('a conversation about a quiz', () => {
  it('begins with the question, the switches and the machines', () => {
    const [start] = conversation('nmi');
    expect(start).toContain('Why might the load of the pointer need rcu_dereference()');
    expect(start).toMatch(/2 +the load of the pointer +\[rcu_dereference\(\)\] \| plain/);
    expect(start).toMatch(/machine +\[sc\] \| i386/);
  });

  it('checks a guess, and counts the right ones', () => {
    const written = conversation(
      'nmi',
      'switch 2',
      'machine alpha',
      'no',
      'yes',
      'machine i386',
      'no',
      'quit',
    );
    expect(written[1]).toContain('[plain]');
    expect(written[3]).toMatch(/plain load in do_nmi\(\), alpha: reachable\.\nYou guessed otherwise/);
    expect(written[4]).toContain('You were right');
    expect(written[6]).toMatch(/i386: never\.\nYou were right/);
    expect(written[7]).toContain('2 of 3 guesses were right');
  });

  it('tells the stale execution one step at a time', () => {
    const steps = conversation('nmi', 'switch 2', 'machine alpha-linux', ...Array(8).fill('step')).slice(3);
    expect(steps[1]).toContain('sees the old version');
    expect(steps.findIndex((step) => step.includes('sees the pointer to the new handler'))).toBeGreaterThan(
      1,
    );
    expect(steps[7]).toContain('That is how it happens');
  });

  it('shows a machine come to it, one step at a time, with what is in its buffers and caches', () => {
    const { steps: walked } = walkOf(quizzes[0], quizzes[0].variants[1], 'alpha-21264')!;
    const keys = Array(walked.length).fill('');
    const [begun, ...steps] = conversation('nmi', 'switch 2', 'watch alpha-21264', ...keys).slice(2);
    expect(begun).toContain(`The machine alpha-21264 comes to it in ${walked.length} steps`);
    expect(begun).toContain('memory: my_data = 0');
    expect(steps.join('')).toMatch(/waits in the probe queue\n +CPU1 probe queue 0: invalidate my_data/);
    expect(steps.join('')).toMatch(/loads my_data: hit in bank 0, old value 0/);
    expect(steps[walked.length - 1]).toContain('That is how it happens');
  });

  it('shows a machine come to what speaks against forall, and to an error', () => {
    const [begun, first] = conversation('sb', 'machine i386', 'watch', 'w').slice(2);
    expect(begun).toContain('The machine i386 comes to it in ');
    expect(first).toMatch(/^ +1\. CPU/);
    for (const quiz of quizzes) {
      const { story } = quiz;
      const variant = quiz.variants.find(({ label }) => label === story?.variant);
      if (!story || !variant || !machinesToWalk(quiz).includes(story.machine)) continue;
      expect([quiz.name, walkOf(quiz, variant, story.machine)?.steps.length]).not.toEqual([
        quiz.name,
        undefined,
      ]);
    }
  });

  it('says when a machine never comes to it, and which there are', () => {
    const [, never, none] = conversation('nmi', 'watch i386', 'watch vax');
    expect(never).toBe('The machine i386 never comes to it.\n');
    expect(none).toContain('alpha-21264');
    expect(conversation('x86-fence', 'watch alpha-21264')[1]).toBe(
      'The machines that can be watched are sc, i386.\n',
    );
  });

  it('has no execution to tell where none does it', () => {
    expect(conversation('nmi', 'step')[1]).toContain('it is never');
  });

  it('keeps the other switches where they are, as far as tests ship', () => {
    const [, once, twice] = conversation('mp', 'switch 1', 'switch 2');
    expect(once).toMatch(/\[smp_wmb\(\)\].*\n.*\[nothing\]/);
    expect(twice).toMatch(/\[smp_wmb\(\)\].*\n.*\[smp_rmb\(\)\]/);
  });

  it('shows the program, the table and the answer', () => {
    const [, code, all, answer] = conversation('sb', 'code', 'table', 'answer');
    expect(code).toContain('WRITE_ONCE(*x, 1);');
    expect(all).toMatch(/smp_mb\(\) on both +never +never/);
    expect(answer).toContain('lets a load overtake an earlier store');
  });

  it('goes from one quiz to another', () => {
    const [, next, other, none] = conversation('nmi', 'next', 'quiz llsc', 'quiz nothing');
    expect(next).toContain(quizzes[1].title);
    expect(other).toContain('Load-locked, store-conditional');
    expect(none).toContain('There is no quiz nothing');
  });

  it.each(['frobnicate', 'machine vax', 'switch 9', 'switch x', 'help'])('says what it takes: %s', (line) => {
    expect(conversation('sb', line)[1]).toMatch(/There is no|are |guess/);
  });
});
