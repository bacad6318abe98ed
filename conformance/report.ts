import { arguedAnswers, arguedRefusals } from './argued.js';
import type { SuiteResults } from './run.js';

/** How many tests of a suite came out in each way, as a row of a table. */
export function row({ suite, results, seconds }: SuiteResults): string[] {
  const count = (kind: string): string =>
    String(results.filter(({ finding }) => finding.kind === kind).length);
  return [
    suite,
    String(results.length),
    ...['agree', 'differ', 'argued', 'unread', 'undecided'].map(count),
    seconds.toFixed(1),
  ];
}

export const head = ['suite', 'tests', 'agree', 'differ', 'argued', 'unread', 'undecided', 'seconds'];

/**
 * What does not agree: each difference and each undecided test with its file, and why others are not read, by
 * numbers.
 */
export function details({ suite, results, stale }: SuiteResults, most: number): string[] {
  const single = (['differ', 'undecided'] as const).flatMap((kind) =>
    shortened(
      results.flatMap(({ file, finding }) =>
        finding.kind === kind ? [`${kind}: ${file}: ${finding.reason}`] : [],
      ),
      most,
    ),
  );
  const lines = [
    ...single,
    ...shortened(unreadReasons(results), most),
    ...stale.map((file) => `agrees, though that is argued against: ${file}`),
  ];
  return lines.length === 0 ? [] : [suite, ...lines.map((line) => `  ${line}`)];
}

function shortened(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `... and ${lines.length - most} more`];
}

/** The reasons why tests are not read, the most frequent first, each with a file. */
function unreadReasons(results: SuiteResults['results']): string[] {
  const byReason = new Map<string, string[]>();
  for (const { file, finding } of results) {
    if (finding.kind !== 'unread') continue;
    byReason.set(finding.reason, [...(byReason.get(finding.reason) ?? []), file]);
  }
  return [...byReason]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, [first, ...others]]) => `unread: ${others.length + 1}: ${reason} (${first})`);
}

/** Whether something is wrong: a difference that nobody has argued for, or an argument without one. */
export function isBad({ results, stale }: SuiteResults): boolean {
  return stale.length > 0 || results.some(({ finding }) => finding.kind === 'differ');
}

/** The tests whose answers are argued against, and those that nobody can read, as a list in Markdown. */
export function argumentsList(): string {
  const answers = arguedAnswers.map(({ suite, files, reason }) => {
    const names = files.map((file) => `\`${file}\``).join(', ');
    return `- ${suite}, ${names}: ${reason}`;
  });
  const refusals = arguedRefusals.map(({ suite, reason }) => `- ${suite}: ${reason}`);
  return [...answers, ...refusals].map((line) => line.replaceAll('\n', ' ')).join('\n');
}
