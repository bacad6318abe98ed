import type { CheckOptions } from '../check/index.js';
import {
  type Explanation,
  explain,
  explainError,
  type Reach,
  type SafetyTarget,
  type Why,
  weaknessOn,
} from '../explain/index.js';
import { tableText } from './execution-text.js';
import { type ExplanationJson, explanationJson } from './explanation-json.js';
import { explanationReport } from './explanation-text.js';
import { formatCondition, formatSubject } from './format.js';

/** What the program as it is comes to on a target. */
export interface TargetJson {
  readonly name: string;
  /** `reachable`, `unreachable` or `undecided`: what is bad, the condition's outcome or an error. */
  readonly outcome: Reach['kind'];
  /** Errors with memory, and others, that can come about. */
  readonly errors: readonly string[];
}

export function targetsJson(targets: readonly SafetyTarget[], asIs: readonly Reach[]): TargetJson[] {
  return targets.map(({ name }, index) => {
    const reach = asIs[index];
    return { name, outcome: reach.kind, errors: reach.kind === 'reachable' ? reach.errors : [] };
  });
}

/** What `fenceline why` says, as data. */
export interface WhyJson {
  readonly test: string;
  readonly condition: string;
  readonly targets: readonly TargetJson[];
  readonly primitives: readonly {
    readonly number: number;
    readonly text: string;
    readonly line: number;
    readonly within: string;
    /** By target: what is left of it when it is weakened there. */
    readonly remains: Readonly<Record<string, string>>;
    /** By target: `needed`, `not needed`, `undecided`, or `reachable anyway`. */
    readonly answers: Readonly<Record<string, string>>;
    /** By target that needs it: how what is bad comes about without it, in words and as data. */
    readonly reasons: Readonly<Record<string, readonly string[]>>;
    readonly explanations: Readonly<Record<string, ReachJson>>;
  }[];
  readonly enough: readonly (readonly number[])[] | null;
  readonly undecided: boolean;
}

export function whyJson(why: Why, options: CheckOptions = {}): WhyJson {
  return {
    test: why.test.name,
    condition: formatCondition(why.test),
    targets: targetsJson(why.targets, why.asIs),
    primitives: why.sites.map(({ text, line, within, remains }, index) => {
      const byTarget = <Answer>(answer: (target: SafetyTarget, at: number) => Answer | undefined) =>
        Object.fromEntries(
          why.targets.flatMap((target, at) => {
            const given = answer(target, at);
            return given === undefined ? [] : [[target.name, given] as const];
          }),
        );
      const reached = (at: number) => {
        const reach = why.without[index][at];
        return reach?.kind === 'reachable' ? reach : undefined;
      };
      return {
        number: index + 1,
        text,
        line,
        within,
        remains: byTarget((target) => remains(weaknessOn(target))),
        answers: byTarget((_, at) => answer(why.without[index][at])),
        reasons: byTarget((target, at) => {
          const reach = reached(at);
          return reach && reachLines(reach, target, options);
        }),
        explanations: byTarget((target, at) => {
          const reach = reached(at);
          return reach && reachJson(reach, target, options);
        }),
      };
    }),
    enough: why.enough?.map((set) => set.map((number) => number + 1)) ?? null,
    undecided: why.undecided,
  };
}

function answer(reach: Reach | undefined): string {
  if (!reach) return 'reachable anyway';
  return { reachable: 'needed', unreachable: 'not needed', undecided: 'undecided' }[reach.kind];
}

/** For a terminal: the table, the sets that are enough, and why each primitive is needed. */
export function whyText(why: Why, options: CheckOptions = {}): string {
  const { test, sites } = why;
  const lines = [`${test.name}: ${formatSubject(test)}`, ''];
  if (sites.length === 0) lines.push('there is no primitive in it that could be left out or weakened', '');
  else lines.push(...tableText(rows(why)).map((line) => `  ${line}`), '');
  lines.push(...summary(why));
  sites.forEach((_, index) => {
    lines.push(...siteLines(why, index, options));
  });
  return `${lines.join('\n')}\n`;
}

/** What goes wrong without one primitive, on the first of the targets that need it. */
function siteLines({ sites, targets, without }: Why, index: number, options: CheckOptions): string[] {
  const needing = targets.filter((_, at) => without[index][at]?.kind === 'reachable');
  const [first, ...others] = needing;
  if (!first) return [];
  const { text, remains } = sites[index];
  const left = remains(weaknessOn(first));
  const change = left === 'nothing' ? 'without it' : `with ${left} in its place`;
  const also = others.length > 0 ? ` (needed on ${others.map(({ name }) => name).join(', ')} as well)` : '';
  const reasons = reasonLines(without[index][targets.indexOf(first)], first, options);
  return [
    '',
    `${index + 1} ${text}, ${change}, on ${first.name}${also}:`,
    ...reasons.map((line) => `  ${line}`),
  ];
}

export function whyMarkdown(why: Why, options: CheckOptions = {}): string {
  const [head, ...body] = rows(why).map(
    (row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  const lines = [`**${why.test.name}**: \`${formatSubject(why.test)}\``, ''];
  if (head !== undefined) lines.push(head, head.replace(/[^|]+/g, '---'), ...body, '');
  lines.push(...summary(why));
  why.sites.forEach((_, index) => {
    const [, head, ...reasons] = siteLines(why, index, options);
    if (head !== undefined) lines.push('', `**${head}**`, '', '```text', ...reasons, '```');
  });
  return `${lines.join('\n')}\n`;
}

function rows({ sites, targets, without }: Why): string[][] {
  return [
    ['', 'primitive', 'where', ...targets.map(({ name }) => name)],
    ...sites.map(({ text, line, within }, index) => [
      `${index + 1}`,
      text,
      `${within}, line ${line}`,
      ...without[index].map(answer),
    ]),
  ];
}

function summary({ targets, asIs, enough, undecided, sites }: Why): string[] {
  const lines: string[] = [];
  const named = (kind: Reach['kind']) =>
    targets.filter((_, index) => asIs[index].kind === kind).map(({ name }) => name);
  const anyway = named('reachable');
  if (anyway.length > 0)
    lines.push(
      `${whatHappens(asIs)} can happen as it is on ${anyway.join(', ')}: \`fenceline repair\` says what is missing`,
    );
  const open = named('undecided');
  if (open.length > 0) lines.push(undecidedLine(open));
  if (enough && sites.length > 0) {
    const on = named('unreachable').join(', ');
    const told = enough.map((set) =>
      set.length === 0 ? 'none' : set.map((number) => number + 1).join(' and '),
    );
    lines.push(
      enough.length === 1
        ? `the smallest set of primitives that keeps the outcome from happening on ${on}: ${told[0]}`
        : `the smallest sets of primitives that keep the outcome from happening on ${on}: ${told.join('; or ')}`,
    );
  }
  if (undecided && enough)
    lines.push('some runs came to their limits: a primitive that is in a set may not be needed');
  return lines;
}

/** What is said of the targets on which it is open whether what is bad can happen. */
export function undecidedLine(names: readonly string[]): string {
  return `undecided: within the limits it was not found out whether the outcome can happen on ${names.join(', ')}`;
}

/** What can happen on one target or another that is bad. */
export function whatHappens(reaches: readonly Reach[]): string {
  const reachable = reaches.flatMap((reach) => (reach.kind === 'reachable' ? [reach] : []));
  const outcome = reachable.some(({ outcome }) => outcome) ? ['the outcome'] : [];
  return [...outcome, ...new Set(reachable.flatMap(({ errors }) => errors))].join(' and ');
}

/** How the outcome, or an error, comes about without a primitive. */
function reasonLines(reach: Reach | undefined, target: SafetyTarget, options: CheckOptions): string[] {
  return reach?.kind === 'reachable' ? reachLines(reach, target, options) : [];
}

/**
 * How what is bad comes about where it can, as data: the explanation of the outcome, if it can, and of the
 * errors that come about.
 */
export interface ReachJson {
  readonly outcome: ExplanationJson | null;
  readonly errors: Readonly<Record<string, ExplanationJson>>;
}

/** How what is bad comes about where it can: the errors with memory first, then the outcome. */
export function reachLines(reach: Reachable, target: SafetyTarget, options: CheckOptions): string[] {
  const { test, errors } = reach;
  const { model } = target;
  const told = explained(reach, target, options);
  return [
    ...errors.flatMap((error) => {
      const explanation = told.errors.get(error);
      return explanation
        ? explanationReport(explanation, test, model, error)
        : [`${target.name} raises its flag ${error}`];
    }),
    ...(told.outcome ? explanationReport(told.outcome, test, model) : []),
  ];
}

export function reachJson(reach: Reachable, target: SafetyTarget, options: CheckOptions): ReachJson {
  const { test, errors } = reach;
  const { model } = target;
  const told = explained(reach, target, options);
  const inJson = (error: string): ExplanationJson => {
    const explanation = told.errors.get(error);
    return explanation
      ? explanationJson(explanation, test, model, error)
      : { kind: 'none', reason: 'a flag of the model' };
  };
  return {
    outcome: told.outcome ? explanationJson(told.outcome, test, model) : null,
    errors: Object.fromEntries(errors.map((error) => [error, inJson(error)])),
  };
}

type Reachable = Reach & { readonly kind: 'reachable' };

function explained(
  { test, result, outcome, errors }: Reachable,
  { model, target }: SafetyTarget,
  options: CheckOptions,
): { readonly outcome?: Explanation; readonly errors: ReadonlyMap<string, Explanation> } {
  const given = { ...options, ...(target ? { target } : {}) };
  const told = result.errors
    .filter((error) => errors.includes(error))
    .map((error) => [error, explainError(error, test, model, result, given)] as const);
  return {
    errors: new Map(told),
    ...(outcome ? { outcome: explain(test, model, result, given) } : {}),
  };
}
