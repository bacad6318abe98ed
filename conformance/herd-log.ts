import type { Verdict } from '../src/litmus/index.js';
import type { Expected } from './expected.js';

/** What herd7 has printed about one test. */
export interface LogEntry extends Expected {
  readonly test: string;
}

/**
 * Reads what herd7 prints: for each test a line `Test NAME KIND`, its states, and so on to a line
 * `Observation`. A test that herd7 has given up has no such line, and is left out.
 */
export function readHerdLog(text: string): LogEntry[] {
  const entries = text.split(/^(?=Test \S+ \w+$)/m).filter((entry) => entry.startsWith('Test '));
  return entries.flatMap((entry) => {
    const [head, ...lines] = entry.split(/\r?\n/);
    const observation = find(lines, /^Observation \S+ (Never|Sometimes|Always) /);
    return observation ? [entryOf(head.split(' ')[1], lines, observation[1] as Verdict)] : [];
  });
}

function entryOf(test: string, lines: readonly string[], observation: Verdict): LogEntry {
  const end = lines.findIndex((line) => /^(Ok|No|Undef)$/.test(line));
  const [, positive, negative] = find(lines, /^Positive: (\d+) Negative: (\d+)/) ?? [];
  return {
    test,
    observation,
    states: lines.slice(1, end),
    counts: { positive: Number(positive), negative: Number(negative) },
    flags: lines.filter((line) => line.startsWith('Flag ')).map((line) => line.slice('Flag '.length)),
    // A test that herd7 calls undefined neither holds nor fails.
    ...(lines[end] === 'Undef' ? {} : { holds: lines[end] === 'Ok' }),
  };
}

function find(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of lines) {
    const found = pattern.exec(line);
    if (found) return found;
  }
  return undefined;
}
