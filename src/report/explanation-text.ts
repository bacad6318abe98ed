import { type Check, type Model, PROGRAM, printTerm } from '../cat/index.js';
import type { Execution } from '../check/index.js';
import type { EventId } from '../execution/index.js';
import {
  type AllowedOutcome,
  type ExplainedEdge,
  type Explanation,
  type Explanations,
  kindOfPermission,
  misuseOf,
  type NotAwaited,
  type PathStep,
  permissionOf,
  type Reordering,
  type RuledOut,
} from '../explain/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { eventText, executionReport, placeOf, sourceText, threadName } from './execution-text.js';
import { incompletenessText } from './text.js';

/** Cycles that are told in full. */
const MOST_CYCLES = 5;

/**
 * An explanation as lines of text.
 * @param error the error that it is of; without, it is of the test's outcome
 */
export function explanationReport(
  explanation: Explanation,
  test: LitmusTest,
  model: Model,
  error?: string,
): string[] {
  const what = error ?? 'this outcome';
  const not = error === undefined ? 'why not' : `why no ${error}`;
  switch (explanation.kind) {
    case 'none':
      return [`${error === undefined ? '' : `${error} is `}not explained: ${explanation.reason}`];
    case 'allowed':
      return error === undefined
        ? allowedLines(explanation.allowed, test, model)
        : errorLines(error, explanation.allowed, test, model);
    case 'forbidden': {
      const { ways, incomplete, circular, tooMany } = explanation.forbidden;
      const limits = incomplete.map((limit) => `incomplete: ${incompletenessText(limit)}`);
      if (tooMany) limits.push('incomplete: there are more ways to the outcome than were looked at');
      if (ways.length === 0) {
        const circles = circular ? ', unless values could come out of themselves' : '';
        return [
          error === undefined
            ? `why not: no choice of what the loads read gives these values, whatever the order${circles}`
            : `${not}: no choice of what the loads read leads to it, whatever the order${circles}`,
          ...limits,
        ];
      }
      const told = ways.slice(0, MOST_CYCLES);
      const number = ways.length === 1 ? '' : `; ${ways.length} such reasons cover all ways to it`;
      return [
        `${not}: an execution with ${what === error ? 'it' : what} would break a rule of ${model.name}${number}`,
        ...told.flatMap((way, index) => cycleLines(way, test, ways.length === 1 ? 0 : index + 1)),
        ...(told.length < ways.length ? [`and ${ways.length - told.length} more`] : []),
        ...limits,
      ];
    }
  }
}

/** How errors and the outcome of a test come about, or why they do not, as lines of text. */
export function explanationsReport(
  { errors, outcome }: Explanations,
  test: LitmusTest,
  model: Model,
): string[] {
  return [
    ...[...errors].flatMap(([name, explanation]) => explanationReport(explanation, test, model, name)),
    ...(outcome && errors.size > 0 ? ['what the condition asks about:'] : []),
    ...(outcome ? explanationReport(outcome, test, model) : []),
  ];
}

/**
 * How an error comes about: the execution, the access that is in error, and why nothing kept it from being
 * so.
 */
function errorLines(name: string, allowed: AllowedOutcome, test: LitmusTest, model: Model): string[] {
  const { execution, order, sequential } = allowed;
  const {
    event,
    free,
    firstStore,
    given = [],
    heldSince = [],
    notAwaited,
  } = misuseOf(execution, name, order);
  const place = (one: EventId) => `${threadName(execution, one, test)}, ${sourceText(execution, one, test)}`;
  return [
    `how ${name} comes about:`,
    ...allowedLines(allowed, test, model),
    `in error: ${place(event)}`,
    ...given.map((read) => `given by: ${place(read)}`),
    ...heldSince.map((start) => `held since: ${place(start)}`),
    ...(free === undefined ? [] : [`freed before: ${place(free)}`]),
    ...(firstStore === undefined ? [] : [`initialised only by: ${place(firstStore)}`]),
    ...(sequential && notAwaited ? [notAwaitedText(notAwaited, execution, test)] : []),
  ];
}

function notAwaitedText(why: NotAwaited, execution: Execution, test: LitmusTest): string {
  const place = (event: EventId) => placeOf(execution, event, test) || 'where it begins';
  switch (why.kind) {
    case 'no-grace-period':
      return 'nothing makes the free wait: there is no grace period before it, and no order between the two';
    case 'no-section':
      return `the grace period, ${place(why.gracePeriod)}, does not wait for the access, which is in no read-side section`;
    case 'late-section':
      return `the grace period, ${place(why.gracePeriod)}, does not wait for a section that begins after it did, ${place(why.section)}`;
  }
}

function allowedLines(allowed: AllowedOutcome, test: LitmusTest, model: Model): string[] {
  const { execution, sequential, reorderings, circular } = allowed;
  const lines = executionReport(execution, test, sequential || reorderings.length > 0);
  if (sequential)
    return [...lines, 'no access overtakes another: this happens under sequential consistency, too'];
  if (reorderings.length === 0 && circular) {
    return [
      ...lines,
      `each of these values is there because of another, round in a circle: ${model.name} does not order all that depends on a read after it`,
    ];
  }
  if (reorderings.length === 0) {
    return [
      ...lines,
      `no CPU's accesses are out of order: under ${model.name} a store need not reach all CPUs at the same time`,
    ];
  }
  return [
    ...lines,
    'what makes it possible:',
    ...reorderings.flatMap((one) => reorderingLines(one, allowed, test, model).map((line) => `  ${line}`)),
  ];
}

function reorderingLines(
  reordering: Reordering,
  { execution, check }: AllowedOutcome,
  test: LitmusTest,
  model: Model,
): string[] {
  const { first, second } = reordering;
  const name = (event: EventId) => `${placeOf(execution, event, test) || eventText(execution, event, test)}`;
  const permission = permissionOf(model.name, kindOfPermission(reordering, execution));
  return [
    `on CPU ${execution.graph.events[second].cpu}, in ${threadName(execution, second, test)}, ${name(second)} takes effect before ${name(first)}`,
    ...(permission ? [`  ${model.name}: ${permission}`] : []),
    ...dependencyLines(reordering, execution, model),
    ...(check ? [`  ${ruleText(check, model)}`] : []),
  ];
}

/** That one depends on the other, which makes people think that they are in order. */
function dependencyLines({ first, second }: Reordering, { graph }: Execution, model: Model): string[] {
  const words = {
    addr: 'its address',
    data: 'its value',
    ctrl: 'whether it is done',
    choice: 'what a branch chose',
  } as const;
  return (['addr', 'data', 'ctrl', 'choice'] as const)
    .filter((kind) => graph[kind].some(([from, to]) => from === first && to === second))
    .map(
      (kind) =>
        `  the later one depends on the earlier one for ${words[kind]}; ${model.name} does not order them for that`,
    );
}

function ruleText(check: Check, model: Model): string {
  const { term } = check;
  const parts = term.operator === 'union' ? term.args : [term];
  const rules = parts
    .filter((part) => part.stage === PROGRAM)
    .map((part) => model.names.get(part) ?? printTerm(part));
  const known = [...new Set(rules)].join(', ');
  return known
    ? `of what \`${check.name}\` keeps in order (${known}), nothing orders this pair`
    : `\`${check.name}\` does not order this pair`;
}

function cycleLines(
  { execution, violation: { check, edges, back, beside } }: RuledOut,
  test: LitmusTest,
  number: number,
): string[] {
  const head = number === 0 ? 'it' : `way ${number}: it`;
  if (edges.length === 0) return [`  ${head} does not have what \`${check.name}\` asks for`];
  const isPair = check.kind === 'empty' && !back;
  const what = isPair ? 'would have what' : 'would go round in a circle, which';
  const told = back ? [...edges, back] : edges;
  const lines = told.flatMap((edge) => edgeLines(edge, execution, test));
  const other = beside
    ? ['and between the same two:', ...edgeLines(beside, execution, test, false).slice(1)]
    : [];
  const last = edges[edges.length - 1];
  const end = isPair ? eventLine(execution, last.to, test) : 'the first of these again';
  return [
    `  ${head} ${what} \`${check.name}\` forbids:`,
    ...[...lines, end, ...other].map((line) => `    ${line}`),
  ];
}

function edgeLines(
  { from, rule, steps }: ExplainedEdge,
  execution: Execution,
  test: LitmusTest,
  named = true,
): string[] {
  const lines = [eventLine(execution, from, test)];
  steps.forEach((step, index) => {
    if (index > 0) lines.push(eventLine(execution, step.from, test));
    const name = !named || (steps.length === 1 && rule === step.kind) ? '' : `, ${rule}`;
    lines.push(`  ${stepText(step, execution, test)} (${relationName(step)}${index === 0 ? name : ''})`);
  });
  return lines;
}

const relationName = ({ kind, relation }: PathStep): string => relation ?? kind;

function eventLine(execution: Execution, event: EventId, test: LitmusTest): string {
  const place = sourceText(execution, event, test);
  const thread = threadName(execution, event, test) || 'memory';
  return `${thread}  ${eventText(execution, event, test)}${place ? `   ${place}` : ''}`;
}

function stepText({ kind, via, relation }: PathStep, execution: Execution, test: LitmusTest): string {
  switch (kind) {
    case 'po': {
      const fences = via.map((event) => placeOf(execution, event, test)).filter(Boolean);
      return fences.length > 0
        ? `before, across ${fences.join(' and ')}, in program order`
        : 'before, in program order';
    }
    case 'rf':
      return 'is what is read by';
    case 'co':
      return 'is overwritten by';
    case 'fr':
      return 'reads what is overwritten only by';
    case 'addr':
      return 'gives the address of';
    case 'data':
      return 'gives the value of';
    case 'ctrl':
      return 'decides whether there is';
    case 'choice':
      return 'has decided, by a branch, what goes into';
    case 'might':
      return 'decides what stands, or might stand, ahead of';
    case 'rmw':
      return 'is one atomic operation with';
    case 'other':
      return relation === 'po^-1' ? 'after, in program order' : `is related by ${relation} to`;
  }
}
