export { observations } from './condition.js';
export { readConfiguration } from './configuration.js';
export { cycleText } from './cycle.js';
export { type GeneratedDialect, generatedDialects, vocabularyOf } from './dialect.js';
export type { GeneratedTest } from './litmus-text.js';
export { type Mode, modes } from './modes.js';
export { dialectNamed, type NamedTest, type Settings, TestGenerator } from './settings.js';
export { CycleError } from './vocabulary.js';
