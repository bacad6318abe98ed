import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { arguedAnswers } from '../conformance/argued.js';
import type { Model } from '../src/cat/index.js';
import { check } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import { type Architecture, architectures } from '../src/kernel/index.js';
import { parseLitmus } from '../src/litmus/index.js';
import { formatCondition, formatState } from '../src/report/index.js';
import { corpusFolder } from './corpus.js';
import { shippedModel } from './models.js';

/** What herd7 answers for one test under one model. */
interface Answer {
  readonly observation: string;
  readonly validated: boolean;
  readonly positive: number;
  readonly negative: number;
  readonly states: readonly string[];
}

interface Row extends Answer {
  readonly file: string;
  readonly condition: string;
  readonly targets?: Readonly<Record<string, Answer>>;
}

const suites: readonly {
  readonly folder: string;
  readonly models: readonly Architecture[];
  readonly tests: number;
}[] = [
  { folder: 'x86', models: ['i386'], tests: 199 },
  { folder: 'alpha-asm', models: ['alpha', 'alpha-linux'], tests: 476 },
  { folder: 'kernel-c', models: ['sc', 'i386', 'alpha', 'alpha-linux'], tests: 645 },
];

/** A state or condition with its parts in one order and spacing. */
const tidy = (state: string): string =>
  state
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .sort()
    .join('; ');

function answerOf(
  source: Source,
  architecture: Architecture,
  model: Model,
): Answer & { readonly circular: number } {
  const test = parseLitmus(source);
  const target = test.program.dialect === 'C' ? { target: { architecture, era: '2.6' } as const } : {};
  const result = check(test, model, { question: 'count', ...target });
  // herd7 counts what agrees with the condition: for ~exists, the executions in which the proposition does
  // not hold.
  const forbids = test.condition.quantifier === 'not-exists';
  return {
    observation: result.observation,
    validated: result.holds === true,
    positive: forbids ? result.negative : result.positive,
    negative: forbids ? result.positive : result.negative,
    states: result.states.map((state) => tidy(formatState(state, result.observables, test.program))).sort(),
    circular: result.counts.circular,
  };
}

describe.each(suites)('corpus $folder', ({ folder, models, tests }) => {
  const path = corpusFolder(folder);
  if (!path) {
    it('is skipped: it does not stand beside this checkout', () => {
      console.warn(`corpus ${folder}: skipped, not there`);
      expect(path).toBeUndefined();
    });
    return;
  }
  const rows = readFileSync(join(path, 'expected.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  const source = (row: Row) => new Source(row.file, readFileSync(join(path, row.file), 'utf8'));

  it('is whole', () => {
    expect(rows).toHaveLength(tests);
    expect(architectures).toEqual(expect.arrayContaining([...models]));
  });

  /** What is right where a recorded answer is argued against. */
  const argument = (row: Row, architecture: Architecture) =>
    arguedAnswers.find(
      ({ suite, files }) =>
        suite === `corpus ${folder}, ${architecture}` && files.includes(`${folder}/${row.file}`),
    );

  /** Files whose recorded answer is not what the model gives, short of what is argued. */
  const differing = (architecture: Architecture, model: Model): string[] =>
    rows
      .filter((row) => {
        const recorded = row.targets?.[architecture] ?? row;
        const right = argument(row, architecture)?.right;
        const { states, observation, validated, positive, negative } = {
          ...recorded,
          ...right?.counts,
          ...(right?.states ? { states: right.states } : {}),
          ...(right?.observation ? { observation: right.observation } : {}),
        };
        const want = {
          observation,
          validated,
          positive,
          negative,
          states: states.map(tidy).sort(),
          circular: 0,
        };
        return JSON.stringify(answerOf(source(row), architecture, model)) !== JSON.stringify(want);
      })
      .map((row) => row.file);

  it.each(models)('answers as herd7 does under %s: states and numbers of executions', (model) => {
    expect(differing(model, shippedModel(model))).toEqual([]);
  });

  it('prints conditions as herd7 does', () => {
    const printed = rows.map((row) => formatCondition(parseLitmus(source(row))));
    expect(printed).toEqual(rows.map((row) => row.condition));
  });
});
