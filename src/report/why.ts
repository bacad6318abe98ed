import type { CheckOptions } from '../check/index.js';
import {
  explain,
  explainErrors,
  type Reach,
  type SafetyTarget,
  type Why,
  weaknessOn,
} from '../explain/index.js';
import { table } from './execution.js';
import { errorsReport, explanationReport } from './explanation.js';
import { formatCondition } from './format.js';

/** What `fenceline why` says, as data. */
export interface WhyJson {
  readonly test: string;
  readonly condition: string;
  readonly targets: readonly { readonly name: string; readonly outcome: string }[];
  readonly primitives: readonly {
    readonly number: number;
    readonly text: string;
    readonly line: number;
    readonly within: string;
    /** By target: `needed`, `not needed`, `undecided`, or `reachable anyway`. */
    readonly answers: Readonly<Record<string, string>>;
    readonly reasons: Readonly<Record<string, readonly string[]>>;
  }[];
  readonly enough: readonly (readonly number[])[] | null;
  readonly undecided: boolean;
}

export function whyJson(why: Why, options: CheckOptions = {}): WhyJson {
  return {
    test: why.test.name,
    condition: formatCondition(why.test),
    targets: why.targets.map(({ name }, index) => ({ name, outcome: why.asIs[index].kind })),
    primitives: why.sites.map(({ text, line, within }, index) => ({
      number: index + 1,
      text,
      line,
      within,
      answers: Object.fromEntries(why.targets.map(({ name }, at) => [name, answer(why.without[index][at])])),
      reasons: Object.fromEntries(
        why.targets.flatMap((target, at) => {
          const lines = reasonLines(why.without[index][at], target, options);
          return lines.length > 0 ? [[target.name, lines]] : [];
        }),
      ),
    })),
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
  const lines = [`${test.name}: ${formatCondition(test)}`, ''];
  if (sites.length === 0) lines.push('there is no primitive in it that could be left out or weakened', '');
  else lines.push(...table(rows(why)).map((line) => `  ${line}`), '');
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

export function whyMarkdown(why: Why): string {
  const [head, ...body] = rows(why).map(
    (row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  const lines = [`**${why.test.name}**: \`${formatCondition(why.test)}\``, ''];
  if (head !== undefined) lines.push(head, head.replace(/[^|]+/g, '---'), ...body, '');
  return `${[...lines, ...summary(why)].join('\n')}\n`;
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
      `the outcome can happen as it is on ${anyway.join(', ')}: \`fenceline repair\` says what is missing`,
    );
  const open = named('undecided');
  if (open.length > 0)
    lines.push(`within the limits it is not decided whether the outcome can happen on ${open.join(', ')}`);
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
  if (undecided) lines.push('some runs came to their limits: a primitive that is in a set may not be needed');
  return lines;
}

/** How the outcome comes about without a primitive. */
function reasonLines(reach: Reach | undefined, target: SafetyTarget, options: CheckOptions): string[] {
  if (reach?.kind !== 'reachable') return [];
  const { test, result, error } = reach;
  if (!result) return [`the program then does what no program may: ${error}`];
  const given = { ...options, ...(target.target ? { target: target.target } : {}) };
  if (error !== undefined) {
    const errors = errorsReport(explainErrors(target.model, result), test, target.model);
    return errors.length > 0 ? errors : [`${target.name} raises its flag ${error}`];
  }
  return explanationReport(explain(test, target.model, result, given), test, target.model);
}
