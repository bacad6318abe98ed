/**
 * The public API of fenceline: all that a program, a page or a test may use. Nothing here touches files,
 * processes or the terminal, and all of it runs in a browser.
 *
 * A text becomes a test (`parseLitmus`) or a model (`loadModel`); `check` asks what the test can do under the
 * model, and what is below tells of the answer. Offsets count UTF-16 characters from 0, lines and columns
 * count from 1, times are milliseconds, sizes are bytes, and pictures are measured in pixels.
 *
 * Errors that a program can tell apart: a `SourceError` is about a text that was given, with its place, and
 * its `code` says whether the text is wrong or asks for what is not supported; `LimitReached`, `EngineError`,
 * `EngineDisagreement`, `BadChoice` and `CycleError` have a `code` each. A `TypeError` or `RangeError` is
 * about an argument.
 */

// To read a test, and to print it.

export { Source, SourceError, type SourceErrorCode, type Span, type Warning } from './diagnostics.js';
export {
  type Expectation,
  expectationFor,
  type LitmusSyntax,
  type LitmusTest,
  type LowerOptions,
  Macros,
  parseLitmus,
  parseSyntax,
  printLitmus,
  type Verdict,
} from './litmus/index.js';
export type { Dialect } from './program/index.js';
export { shippedTests } from './shipped.js';

// To read a model.

export {
  type Check as ModelCheck,
  type LoadOptions,
  loadModel,
  type Model,
  shippedModel,
  shippedModelFile,
  shippedModelNames,
} from './cat/index.js';

// The kernel and machine that a C program is made for.

export {
  type Architecture,
  architectures,
  type Era,
  eraNamed,
  eras,
  isSameCode,
  type KernelTarget,
  type LkmmVariant,
  type TargetName,
  targets,
} from './kernel/index.js';

// To ask what a test can do: by a model, by a machine, or by both.

export {
  type CheckOptions,
  type CheckResult,
  check,
  checkOnMachine,
  checkWith,
  type EngineAnswer,
  EngineDisagreement,
  EngineError,
  type EngineName,
  type ErrorPlace,
  engines,
  type FinalState,
  type FlagWitness,
  type Incompleteness,
  type MachineChoice,
  type MachineTrace,
  machineNames,
  type Question,
  type SearchCounts,
  type SearchStrategy,
  type Side as EngineSide,
  type Subject,
  searchStrategies,
  type TracedStep,
} from './check/index.js';
export { type LimitKind, LimitReached, type Limits, within } from './limits.js';

// What a program is: threads, instructions, locations, and what a condition says of them.

export type {
  BinaryOperator,
  Cell,
  CellId,
  Code,
  Condition,
  ErrorName,
  Expression,
  Fault,
  Instruction,
  InstructionPlace,
  Observable,
  Pointer,
  Program,
  Proposition,
  RegionChange,
  RegisterId,
  Resource,
  ScalarType,
  Tag,
  Thread,
  ThreadId,
  UnaryOperator,
  Value,
  WholeArray,
} from './program/index.js';

// An execution: events, and the relations between them.

export { type Execution, effectOrder, outOfOrder } from './check/index.js';
export type { Edge, EventId, ExecutionGraph, GraphEvent } from './execution/index.js';

// Why an answer is as it is, which primitives are needed, and what would mend a program.

export {
  type Addition,
  type AllowedOutcome,
  type Edit,
  type ExplainedEdge,
  type Explanation,
  type Explanations,
  explain,
  explainAll,
  type ForbiddenOutcome,
  lineDiff,
  type Misuse,
  type NotAwaited,
  type PathStep,
  type Reach,
  type Reordering,
  type Repair,
  type RuledOut,
  repair,
  type SafetyTarget,
  type Site,
  type StepKind,
  sitesOf,
  type Violation,
  type Weakness,
  type Why,
  weakenedText,
  weaknessOn,
  why,
} from './explain/index.js';

// Reports: text, JSON, the form of herd7.

export {
  type AllowedJson,
  type CheckJson,
  disagreementReport,
  type EdgeJson,
  type ErrorJson,
  type EventInWords,
  type EventJson,
  type ExecutionJson,
  type Expected,
  type ExplanationJson,
  type ExplanationsJson,
  executionReport,
  explanationReport,
  explanationsJson,
  explanationsReport,
  type ForbiddenJson,
  formatCondition,
  formatObservable,
  formatProposition,
  formatState,
  formatValue,
  type HerdOptions,
  herdReport,
  incompletenessText,
  type JsonReport,
  jsonReport,
  type Numeral,
  outcomeOf,
  type PlaceJson,
  repairText,
  traceReport,
  whyText,
} from './report/index.js';

// Pictures of executions.

export {
  dotOf,
  type Layout,
  type Link as LayoutLink,
  layoutOf,
  type Picture,
  type PictureOptions,
  type PictureRelation,
  type PlacedEvent,
  type PlacedLink,
  type PlacedText,
  type Point as LayoutPoint,
  pictureOf,
  pictureOfAll,
  pictureRelationNames,
  pictureRelations,
  type Rectangle,
  type Sample as LegendSample,
  type SvgOptions,
  svgOf,
  type TextStyle,
  type Theme,
  usualRelations,
} from './report/index.js';

// To walk through a machine step by step.

export {
  type End,
  type ReachedState,
  type ReachedStates,
  Stepper,
  type StepperOptions,
} from './check/index.js';
export { BadChoice, Walk, type WayLimits } from './operational/index.js';

// To write a machine of one’s own; docs/machines.md goes through one.

export {
  type AtomicAccess,
  BufferedMemory,
  type BufferRules,
  type Caches,
  type CellMask,
  type CpuView,
  type EndedSections,
  type Exploration,
  type ExploreOptions,
  explore,
  inOrder,
  type Limit as ExplorationLimit,
  type Machine,
  type MachineFault,
  type MachineKind,
  type MachineState,
  type MachineView,
  type MemoryContext,
  type MemoryStep,
  type MemorySystem,
  machines,
  type Named as NamedValue,
  type Narration,
  type OwnSteps,
  type PartView,
  type Renaming,
  type SharedMemory,
  type Symmetry,
  type ThreadView,
  type Transition,
} from './operational/index.js';
export { type Liveness, type ValueId, ValueTable } from './program/index.js';

// For editors: tokens, diagnostics, hover and completion.

export {
  type Completion,
  type Completions,
  completionsAt,
  type Diagnostic,
  diagnosticsOf,
  type Hover,
  hoverAt,
  type Language,
  type Token,
  type TokenKind,
  tokensOf,
} from './language/index.js';

// Tests from cycles of relaxations, as diy7 makes them.

export {
  CycleError,
  type GeneratedDialect,
  type GeneratedTest,
  generatedDialects,
  type Mode as GeneratorMode,
  type NamedTest,
  type Observation as GeneratorObservation,
  type Settings as GeneratorSettings,
  TestGenerator,
} from './generate/index.js';

// What tells two models apart.

export {
  type Contender,
  type Difference,
  type Distinction,
  type DistinguishOptions,
  distinguish,
} from './compare/index.js';

// Quizzes.

export { type Quiz, quizzes, type Switch as QuizSwitch, seedStory, type Variant } from './quiz/index.js';

// The version of this library.

export { version } from './shipped.js';
