import type { CheckOptions } from '../check/index.js';
import { costOf, lineDiff, type Reach, type Repair } from '../explain/index.js';
import { formatCondition, formatSubject } from './format.js';
import {
  type ReachJson,
  reachJson,
  reachLines,
  type TargetJson,
  targetsJson,
  undecidedLine,
  whatHappens,
} from './why-text.js';

/** What `fenceline repair` says, as data. */
export interface RepairJson {
  readonly test: string;
  readonly condition: string;
  readonly targets: readonly TargetJson[];
  readonly kind: Repair['kind'];
  readonly additions?: readonly {
    readonly primitive: string;
    readonly line: number;
    readonly cost: number;
  }[];
  readonly cost?: number;
  /** Lines that change, with `-` and `+`, and some around them. */
  readonly diff?: readonly string[];
  /** The repaired test. */
  readonly text?: string;
  /** Where nothing helps: a target on which it can happen whatever is added; how, in words and as data. */
  readonly impossibleOn?: string;
  readonly reason?: readonly string[];
  readonly explanation?: ReachJson;
}

export function repairJson(found: Repair, options: CheckOptions = {}): RepairJson {
  const { test, targets, asIs, kind } = found;
  return {
    test: test.name,
    condition: formatCondition(test),
    targets: targetsJson(targets, asIs),
    kind,
    ...(found.kind === 'repaired'
      ? {
          additions: found.additions.map(({ primitive, line }) => ({
            primitive,
            line,
            cost: costOf(primitive),
          })),
          cost: found.cost,
          diff: lineDiff(test.source.text, found.text),
          text: found.text,
        }
      : {}),
    ...(found.kind === 'impossible' ? impossibleJson(found, options) : {}),
  };
}

function impossibleJson(found: Impossible, options: CheckOptions): Partial<RepairJson> {
  const { on, reach } = found;
  return {
    impossibleOn: on.name,
    reason: impossibleLines(found, options),
    ...(reach.kind === 'reachable' ? { explanation: reachJson(reach, on, options) } : {}),
  };
}

/** The same for a document: what to change, as a diff that is marked as one. */
export function repairMarkdown(found: Repair, options: CheckOptions = {}): string {
  const [head, ...lines] = headLines(found);
  const fenced = (kind: string, text: readonly string[]) => [`\`\`\`${kind}`, ...text, '```'];
  const told = [`**${head.replace(/: .*/s, '')}**:${head.slice(head.indexOf(':') + 1)}`, '', ...lines];
  if (found.kind === 'repaired') {
    const [first, last] = repairedLines(found);
    told.push(first, '', ...fenced('diff', lineDiff(found.test.source.text, found.text)), '', last);
  } else if (found.kind === 'impossible') {
    const [why, ...how] = impossibleLines(found, options);
    told.push(why, ...(how.length > 0 ? ['', ...fenced('text', how)] : []));
  } else told.push(nothingLine(found));
  return `${told.join('\n')}\n`;
}

/** For a terminal: what to change, as a diff. */
export function repairText(found: Repair, options: CheckOptions = {}): string {
  const lines = headLines(found);
  if (found.kind === 'impossible') lines.push(...impossibleLines(found, options));
  else if (found.kind === 'repaired') {
    const diff = lineDiff(found.test.source.text, found.text);
    const [first, last] = repairedLines(found);
    lines.push(first, '', ...diff.map((line) => `  ${line}`.trimEnd()), '', last);
  } else lines.push(nothingLine(found));
  return `${lines.join('\n')}\n`;
}

const namesOfTargets = ({ targets }: Repair): string => targets.map(({ name }) => name).join(', ');

/** What is asked about, and where it can happen. */
function headLines({ test, targets, asIs, kind }: Repair): string[] {
  const named = (wanted: Reach['kind']) =>
    targets.filter((_, index) => asIs[index].kind === wanted).map(({ name }) => name);
  const reachable = named('reachable');
  const happens = kind !== 'safe' && reachable.length > 0;
  const open = named('undecided');
  return [
    `${test.name}: ${formatSubject(test)}`,
    ...(happens ? [`${whatHappens(asIs)} can happen on ${reachable.join(', ')}`] : []),
    ...(open.length > 0 ? [undecidedLine(open)] : []),
    '',
  ];
}

/** What is said above the change, and below it. */
function repairedLines(found: Repair & { readonly kind: 'repaired' }): readonly [string, string] {
  const made = found.additions.map(({ primitive, line }) => `${primitive} (line ${line})`).join(', ');
  return [
    `the cheapest repair, at a cost of ${found.cost}: ${made}`,
    `with it that cannot happen on ${namesOfTargets(found)}; without any one of the additions it can`,
  ];
}

function nothingLine(found: Repair): string {
  return found.kind === 'safe'
    ? `nothing to repair: it cannot happen on ${namesOfTargets(found)}`
    : 'whether it can be repaired is not decided within the limits';
}

type Impossible = Repair & { readonly kind: 'impossible' };

function impossibleLines({ on, reach }: Impossible, options: CheckOptions): string[] {
  const why =
    on.name === 'sc'
      ? 'no barrier helps: it can happen when all accesses take effect in program order, one after the other'
      : `no barrier helps on ${on.name}: with all that could be added it can still happen`;
  return reach.kind === 'reachable' ? [why, ...reachLines(reach, on, options)] : [why];
}
