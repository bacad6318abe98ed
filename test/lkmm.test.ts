import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type CheckResult, check } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import type { LkmmVariant } from '../src/kernel/index.js';
import { type LitmusTest, Macros, parseLitmus } from '../src/litmus/index.js';
import { formatState } from '../src/report/index.js';
import { shippedModels } from '../src/shipped.js';
import { corpusFolder } from './corpus.js';
import { shippedModel } from './models.js';

/**
 * What herd7 answers with the kernel's own model. Without states, herd7 did not finish, and another tool says
 * whether it holds.
 */
interface Row {
  readonly file: string;
  readonly validated: boolean;
  readonly observation?: string;
  readonly positive?: number;
  readonly negative?: number;
  readonly states?: readonly string[];
  readonly flags?: readonly string[];
}

/** Which symbolic value is which does not matter: they are numbered as they come up. */
const renumbered = (state: string): string => {
  const names: string[] = [];
  return state.replace(/\bS\d+\b/g, (name) => {
    if (!names.includes(name)) names.push(name);
    return `S${names.indexOf(name) + 1}`;
  });
};

const tidy = (state: string): string =>
  renumbered(state)
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .sort()
    .join('; ');

const model = shippedModel('lkmm');

function answer(test: LitmusTest, question: 'count' | 'verdict', variant?: LkmmVariant): CheckResult {
  return check(test, model, { question, target: { architecture: 'lkmm', era: '6.x', variant } });
}

describe('the Linux-kernel memory model', () => {
  const path = corpusFolder('lkmm');
  if (!path) {
    it('is not compared with herd7: the corpus does not stand beside this checkout', () => {
      console.warn('corpus lkmm: skipped, not there');
      expect(path).toBeUndefined();
    });
    return;
  }
  const rows = readFileSync(join(path, 'expected.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  const read = ({ file }: Row, macros?: Macros): LitmusTest =>
    parseLitmus(new Source(file, readFileSync(join(path, file), 'utf8')), { macros });
  const answered = rows.filter(({ states }) => states);
  const unanswered = rows.filter(({ states }) => !states);

  /** Files whose answer is not the recorded one. */
  const differing = (among: readonly Row[], macros?: Macros, variant?: LkmmVariant): string[] =>
    among
      .filter((row) => {
        const test = read(row, macros);
        const result = answer(test, 'count', variant);
        const forbids = test.condition.quantifier === 'not-exists';
        const got = {
          observation: result.observation,
          validated: result.holds,
          positive: forbids ? result.negative : result.positive,
          negative: forbids ? result.positive : result.negative,
          states: result.states.map((s) => tidy(formatState(s, result.observables, test.program))).sort(),
          // A deadlock is told besides: herd7 has no word for it but that no execution is left.
          flags: result.flags.filter((flag) => flag !== 'deadlock'),
        };
        const { observation, validated, positive, negative, states = [], flags = [] } = row;
        const want = { observation, validated, positive, negative, states: states.map(tidy).sort(), flags };
        return JSON.stringify(got) !== JSON.stringify(want);
      })
      .map(({ file }) => file);

  it('has a corpus that is whole', () => {
    expect([answered.length, unanswered.length]).toEqual([1149, 21]);
  });

  it('answers as herd7 does: states, numbers of executions, flags', () => {
    expect(differing(answered)).toEqual([]);
  });

  it('holds where herd7 does not come to an end', () => {
    const wrong = unanswered.filter((row) => answer(read(row), 'verdict').holds !== row.validated);
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('answers the same about atomic operations when their full barriers are fences', () => {
    const some = answered.filter(({ file }) => /xchg|atomic_/.test(readFileSync(join(path, file), 'utf8')));
    expect(some.length).toBe(22);
    expect(differing(some, undefined, 'lkmmv1')).toEqual([]);
  });

  it('answers the same with its macro file', () => {
    const macros = Macros.parse(new Source('lkmm.def', shippedModels['lkmm.def']));
    const some = answered.filter(({ file }) => !file.startsWith('auto__'));
    expect(some.length).toBeGreaterThan(400);
    expect(differing(some, macros)).toEqual([]);
  });
});
