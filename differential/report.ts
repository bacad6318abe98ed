/** The words for what was found. */
import type { LogEntry } from '../conformance/herd-log.js';
import { herdReport } from '../src/report/index.js';
import type { Herd7Answer } from './herd7.js';
import type { OwnAnswer } from './sides.js';
import type { Tally } from './tally.js';

/** How far a run has come, in one line. */
export function progressText({ tests, differ, argued, timeout, undecided, unread, circles }: Tally): string {
  const parts = [
    `${tests} tests`,
    `${differ.length} differ`,
    ...(circles > 0 ? [`${circles} with a circle`] : []),
    ...(argued > 0 ? [`${argued} argued`] : []),
    ...(timeout > 0 ? [`${timeout} too long for herd7`] : []),
    ...(undecided > 0 ? [`${undecided} undecided`] : []),
    ...(unread.length > 0 ? [`${unread.length} that herd7 does not read`] : []),
  ];
  return parts.join(', ');
}

/** What came of a run. */
export function summaryText(tally: Tally, dialect: string, seconds: number): string[] {
  const { tests, agree, argued, timeout, undecided, unread, differ, circles, unfounded } = tally;
  return [
    `${tests} random ${dialect} tests in ${Math.round(seconds)} s`,
    `  agree        ${agree}`,
    ...(circles > 0
      ? [
          `    of these with a circle through a branch  ${circles}, in which nothing else justifies a value  ${unfounded}`,
        ]
      : []),
    `  differ       ${differ.length}`,
    `  argued       ${argued}  (values that depend on themselves and need an equation solved)`,
    `  herd7's time was up  ${timeout}`,
    `  undecided    ${undecided}`,
    `  not read by herd7  ${unread.length}`,
    ...unread.slice(0, 3).map((one) => `    ${one.replaceAll('\n', '\n      ')}`),
    ...differ.map(({ reason, file }) => `${file}: ${reason}`),
  ];
}

/** Both answers, one after the other. */
export function answersText(said: Herd7Answer, own: OwnAnswer): string {
  const theirs = said.kind === 'answer' ? entryText(said.entry) : `${said.kind}\n`;
  const ours =
    own.kind === 'refused'
      ? `${own.reason}\n`
      : own.results.map(({ model, result }) => `${model.name}:\n${herdReport(own.test, result, 0)}`).join('');
  return `--- herd7 ---\n${theirs}\n--- fenceline ---\n${ours}`;
}

function entryText({ states = [], counts, flags = [], observation }: LogEntry): string {
  const lines = [
    `States ${states.length}`,
    ...states,
    ...flags.map((flag) => `Flag ${flag}`),
    `Observation ${observation} ${counts?.positive} ${counts?.negative}`,
  ];
  return `${lines.join('\n')}\n`;
}
