export { readConfiguration } from './configuration.js';
export { cycleText } from './cycle.js';
export { type GeneratedDialect, generatedDialects, vocabularyOf } from './dialect.js';
export type { Observation } from './final-condition.js';
export { observations } from './final-condition.js';
export { dialectNamed, type NamedTest, type Settings, TestGenerator } from './generator-settings.js';
export type { GeneratedTest } from './litmus-text.js';
export { type Mode, modes } from './modes.js';
export { CycleError } from './relaxation-vocabulary.js';
