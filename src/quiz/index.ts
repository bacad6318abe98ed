export { ask, type Reply } from './ask.js';
export { quizNamed, quizzes } from './catalogue.js';
export { answerTable, coloured, quizText, stepsOf, wrapped } from './print.js';
export type { Quiz, Variant } from './quiz.js';
export { seedStory } from './story.js';
export { machinesToWalk, walkOf } from './walk.js';
