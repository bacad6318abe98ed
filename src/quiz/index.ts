export { ask, type Reply } from './ask.js';
export { quizNamed, quizzes } from './catalogue.js';
export { answerTable, coloured, quizText, stepsText, wrapped } from './print-quiz.js';
export type { Quiz, Switch, Variant } from './quiz.js';
export { machinesToWalk, walkOf } from './quiz-walk.js';
export { seedStory } from './story.js';
