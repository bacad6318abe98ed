export { disagreementJson, disagreementReport } from './disagreement-text.js';
export type { EventInWords } from './execution-text.js';
export { executionReport, tableText } from './execution-text.js';
export { type Expected, outcomeOf } from './expected.js';
export type {
  AllowedJson,
  CheckJson,
  EdgeJson,
  EventJson,
  ExecutionJson,
  ExplanationJson,
  ExplanationsJson,
  ForbiddenJson,
  PlaceJson,
} from './explanation-json.js';
export { explanationsJson } from './explanation-json.js';
export { explanationReport, explanationsReport } from './explanation-text.js';
export type { Numeral } from './format.js';
export {
  formatCondition,
  formatObservable,
  formatProposition,
  formatState,
  formatValue,
  placeText,
} from './format.js';
export { type HerdOptions, herdReport, limitWarnings } from './herd.js';
export { type ErrorJson, type JsonReport, jsonReport } from './json.js';
export { JUNIT_END, JUNIT_START, junitCase, junitDisagreement, junitError, junitSuite } from './junit.js';
export {
  dotOf,
  type Layout,
  layoutOf,
  type Picture,
  type PictureOptions,
  type PictureRelation,
  pictureOf,
  pictureOfAll,
  pictureRelationNames,
  pictureRelations,
  type SvgOptions,
  svgOf,
  type Theme,
  usualRelations,
} from './picture/index.js';
export type { Link } from './picture/links.js';
export type {
  PlacedEvent,
  PlacedLink,
  PlacedText,
  Point,
  Rectangle,
  Sample,
  TextStyle,
} from './picture/model.js';
export { repairJson, repairMarkdown, repairText } from './repair-text.js';
export { incompletenessText, type Style, textReport } from './text.js';
export { choicesText, startLines, stepLines, traceReport, viewReport } from './trace-text.js';
export { unreadReport } from './unread.js';
export { whyJson, whyMarkdown, whyText } from './why-text.js';
