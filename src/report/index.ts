export { disagreementJson, disagreementReport } from './engines.js';
export { executionReport, table } from './execution.js';
export { type Expected, outcomeOf } from './expected.js';
export { formatCondition, formatObservable, formatProposition, formatState, formatValue } from './format.js';
export { herdReport } from './herd.js';
export { type JsonReport, jsonReport } from './json.js';
export { junitCase, junitDisagreement, junitDocument, junitError } from './junit.js';
export { choicesText, startLines, stepLines, traceReport, viewReport } from './machine.js';
export { incompletenessText, type Style, textReport } from './text.js';
