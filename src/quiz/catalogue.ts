import { hardwareQuizzes } from './hardware.js';
import { kernelQuizzes } from './kernel.js';
import { nmiQuizzes } from './nmi.js';
import type { Quiz } from './quiz.js';

/**
 * The quizzes that there are, in the order in which a reader should meet them; the first is the Quick Quiz of
 * NMI-RCU.txt.
 */
export const quizzes: readonly Quiz[] = [...nmiQuizzes, ...kernelQuizzes, ...hardwareQuizzes];

export function quizNamed(name: string): Quiz | undefined {
  return quizzes.find((quiz) => quiz.name === name);
}
