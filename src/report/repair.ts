import type { CheckOptions } from '../check/index.js';
import { explain, lineDiff, type Repair, type SafetyTarget } from '../explain/index.js';
import { explanationReport } from './explanation.js';
import { formatCondition } from './format.js';

/** What `fenceline repair` says, as data. */
export interface RepairJson {
  readonly test: string;
  readonly condition: string;
  readonly targets: readonly { readonly name: string; readonly outcome: string }[];
  readonly kind: Repair['kind'];
  readonly additions?: readonly { readonly primitive: string; readonly line: number }[];
  readonly cost?: number;
  /** The repaired test. */
  readonly text?: string;
  readonly impossibleOn?: string;
}

export function repairJson(found: Repair): RepairJson {
  const { test, targets, asIs, kind } = found;
  return {
    test: test.name,
    condition: formatCondition(test),
    targets: targets.map(({ name }, index) => ({ name, outcome: asIs[index].kind })),
    kind,
    ...(found.kind === 'repaired'
      ? {
          additions: found.additions.map(({ primitive, line }) => ({ primitive, line })),
          cost: found.cost,
          text: found.text,
        }
      : {}),
    ...(found.kind === 'impossible' ? { impossibleOn: found.on.name } : {}),
  };
}

/** For a terminal: what to change, as a diff. */
export function repairText(found: Repair, options: CheckOptions = {}): string {
  const { test, targets, asIs } = found;
  const names = targets.map(({ name }) => name).join(', ');
  const reachable = targets.filter((_, index) => asIs[index].kind !== 'unreachable').map(({ name }) => name);
  const lines = [`${test.name}: ${formatCondition(test)}`];
  if (found.kind !== 'safe') lines.push(`can happen on ${reachable.join(', ')}`);
  lines.push('');
  switch (found.kind) {
    case 'safe':
      lines.push(`nothing to repair: it cannot happen on ${names}`);
      break;
    case 'undecided':
      lines.push('not decided within the limits');
      break;
    case 'impossible':
      lines.push(...impossibleLines(found, options));
      break;
    case 'repaired': {
      const made = found.additions.map(({ primitive, line }) => `${primitive} (line ${line})`).join(', ');
      lines.push(
        `the cheapest repair, at a cost of ${found.cost}: ${made}`,
        '',
        ...lineDiff(test.source.text, found.text).map((line) => `  ${line}`.trimEnd()),
        '',
        `with it the outcome cannot happen on ${names}; without any one of the additions it can`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function impossibleLines(
  { on, reach }: Repair & { readonly kind: 'impossible' },
  options: CheckOptions,
): string[] {
  const why =
    on.name === 'sc'
      ? 'no barrier helps: it can happen when all accesses take effect in program order, one after the other'
      : `no barrier helps on ${on.name}: with all that could be added it can still happen`;
  if (reach.kind !== 'reachable') return [why];
  if (reach.error !== undefined) return [`${why}: ${reach.error}`];
  if (!reach.result) return [why];
  return [
    why,
    ...explanationReport(
      explain(reach.test, on.model, reach.result, optionsOn(on, options)),
      reach.test,
      on.model,
    ),
  ];
}

function optionsOn({ target }: SafetyTarget, options: CheckOptions): CheckOptions {
  return { ...options, ...(target ? { target } : {}) };
}
