/**
 * How suites put down their answers: each reader gives the tests of a folder, with what is expected of them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import type { Verdict } from '../src/litmus/index.js';
import type { Expected } from './expected.js';
import { readHerdLog } from './herd-log.js';

/** A test with an answer put down. */
export interface Case {
  /** Seen from the suite's folder. */
  readonly file: string;
  readonly expected: Expected;
}

/** @throws Error when the answers are not where they should be */
export type Answers = (root: string) => Case[];

/** Lines `FILE,1` or `FILE,0`, the files seen from the collection's folder; `//` begins a comment. */
export function fromTable(table: string, expected: (passes: boolean) => Expected): Answers {
  return (root) =>
    readFileSync(join(root, table), 'utf8')
      .split(/\r?\n/)
      .map((line) => /^(?!\/\/)(.*),([01])\s*$/.exec(line))
      .filter((found) => found !== null)
      .map(([, file, passes]) => ({ file: withExtension(root, file), expected: expected(passes === '1') }));
}

/** Some rows leave the extension out. */
function withExtension(root: string, file: string): string {
  const longer = `${file}.litmus`;
  return !existsSync(join(root, file)) && existsSync(join(root, longer)) ? longer : file;
}

/** Comments `Result: Never` in the kernel's form. Files without one, or with `Maybe`, have no answer. */
export function fromComments(folder: string): Answers {
  return (root) =>
    litmusFiles(root, folder).flatMap((file) => {
      const expected = resultComment(readFileSync(join(root, file), 'utf8'));
      return expected ? [{ file, expected }] : [];
    });
}

/** What the comment `Result:` of a file says. */
export function resultComment(text: string): Expected | undefined {
  const [, word, more] = /^[ \t(*/]*Result:[ \t]*(\w+)[ \t]*([\w-]*)/m.exec(text) ?? [];
  switch (word) {
    case 'Never':
    case 'Sometimes':
    case 'Always':
      // Of a test with a data race the model says nothing but that.
      return more === 'DATARACE'
        ? { flag: { name: 'data-race', raised: true } }
        : { observation: word satisfies Verdict };
    case 'DEADLOCK':
      return { counts: { positive: 0, negative: 0 } };
    case 'Flag':
      return { flag: { name: more, raised: true } };
    default:
      return undefined;
  }
}

/** herd7's output for `NAME.litmus` in `NAME.litmus.expected` beside it. */
export function fromExpectedFiles(folder: string): Answers {
  return (root) =>
    litmusFiles(root, folder).flatMap((file) => {
      const answer = join(root, `${file}.expected`);
      if (!existsSync(answer)) return [];
      return readHerdLog(readFileSync(answer, 'utf8')).map((expected) => ({ file, expected }));
    });
}

/** herd7's output for all tests of a folder in logs elsewhere; tests are found by their names. */
export function fromLogs(folder: string, logs: string): Answers {
  return (root) => {
    if (!existsSync(join(root, logs))) throw new Error(`no answers: there is no folder ${logs}`);
    const entries = readdirSync(join(root, logs))
      .filter((name) => /herd.*\.logs?$/.test(name))
      .flatMap((name) => readHerdLog(readFileSync(join(root, logs, name), 'utf8')));
    if (entries.length === 0) throw new Error(`no answers of herd7 in ${logs}`);
    const byName = new Map(entries.map((entry) => [entry.test, entry]));
    return litmusFiles(root, folder).flatMap((file) => {
      const expected = byName.get(nameOf(readFileSync(join(root, file), 'utf8')));
      return expected ? [{ file, expected }] : [];
    });
  };
}

/** The name of a test: the second word of its file. */
const nameOf = (text: string): string => /^\s*\S+\s+(\S+)/.exec(text)?.[1] ?? '';

/**
 * A line of the shared corpus: an answer, or one for each of several targets; `states` is missing where herd7
 * did not finish.
 */
interface Record {
  readonly file: string;
  readonly targets?: Readonly<{ [target: string]: Answer }>;
}
interface Answer {
  readonly observation?: Verdict;
  readonly validated?: boolean;
  readonly positive?: number;
  readonly negative?: number;
  readonly states?: readonly string[];
  readonly flags?: readonly string[];
}

/** JSON, one test a line, in `FOLDER/expected.jsonl`. */
export function fromRecords(folder: string, target?: string): Answers {
  return (root) => {
    const lines = readFileSync(join(root, folder, 'expected.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const records = lines.map((line) => JSON.parse(line) as Record & Answer);
    return records.flatMap((record) => {
      const answer = target === undefined ? record : record.targets?.[target];
      return answer ? [{ file: join(folder, record.file), expected: recordedAnswer(answer) }] : [];
    });
  };
}

function recordedAnswer({ observation, validated, positive, negative, states, flags }: Answer): Expected {
  const holds = validated === undefined ? {} : { holds: validated };
  if (!states || positive === undefined || negative === undefined) return holds;
  return {
    ...holds,
    ...(observation ? { observation } : {}),
    states,
    counts: { positive, negative },
    flags: flags ?? [],
  };
}

function litmusFiles(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) throw new Error(`no folder ${folder}`);
  return globSync(`${folder}/**/*.litmus`, { cwd: root, followSymbolicLinks: false }).sort();
}
