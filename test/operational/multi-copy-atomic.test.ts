import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { formatState } from '../../src/report/index.js';
import { corpusFolder } from '../corpus.js';
import { multiCopyAtomic, type TriedMachine } from './multi-copy-atomic.js';

interface Row {
  readonly file: string;
  readonly targets: Readonly<Record<string, { readonly states: readonly string[] }>>;
}

const tidy = (state: string): string =>
  state
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .sort()
    .join('; ');

/** The states in which a machine can end. */
function statesOn({ kind, lowered }: TriedMachine, source: Source): string[] {
  const test = parseLitmus(source);
  const program = lowered(test.program);
  const result = checkOnMachine({ ...test, program }, kind, { question: 'states' });
  expect(result.incomplete).toEqual([]);
  return result.states.map((state) => tidy(formatState(state, result.observables, program))).sort();
}

describe('corpus kernel-c, on machines that no target names yet', () => {
  const folder = corpusFolder('kernel-c');
  if (!folder) {
    it('is skipped: it does not stand beside this checkout', () => {
      console.warn('corpus kernel-c: skipped, not there');
      expect(folder).toBeUndefined();
    });
    return;
  }
  const rows = readFileSync(join(folder, 'expected.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

  it.each(['arm64', 'riscv'] as const)('has the recorded states by the table of %s', (name) => {
    const differing = rows
      .filter(({ targets }) => targets[name]?.states)
      .filter(({ file, targets }) => {
        const source = new Source(file, readFileSync(join(folder, file), 'utf8'));
        const states = statesOn(multiCopyAtomic[name], source);
        return JSON.stringify(states) !== JSON.stringify(targets[name].states.map(tidy).sort());
      });
    expect(differing.map(({ file }) => file)).toEqual([]);
  });
});
