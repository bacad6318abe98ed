import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { LogEntry } from '../../conformance/herd-log.js';
import { campaign } from '../../differential/campaign.js';
import { outcomeOf } from '../../differential/compare.js';
import { executionsOf } from '../../differential/executions.js';
import { ask } from '../../differential/herd7.js';
import { progressText, summaryText } from '../../differential/report.js';
import { OwnSide } from '../../differential/sides.js';
import { check } from '../../src/check/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedModel } from '../models.js';

jest.setTimeout(60_000);

const scratch = mkdtempSync(join(tmpdir(), 'fenceline-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A program that is called as herd7 is; `code` is given the names of the tests. */
function program(name: string, code: string): string {
  const path = join(scratch, name);
  const head = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const names = readFileSync(process.argv.at(-1), 'utf8').trim().split('\\n').map((file) => file.replace('.litmus', ''));
`;
  writeFileSync(path, head + code);
  chmodSync(path, 0o755);
  return path;
}

const settings = { dialect: 'X86', seed: 7, timeout: 5 } as const;

describe('the differential', () => {
  it('finds no difference between fenceline and its own face of herd7', async () => {
    const output = join(scratch, 'none');
    const herd7 = join(process.cwd(), 'bin/fenceline-herd7.js');
    const told: string[] = [];
    const tally = await campaign({ ...settings, herd7, count: 60, output }, (sofar) =>
      told.push(progressText(sofar)),
    );
    expect({ ...tally, agree: 0, timeout: 0 }).toMatchObject({
      tests: 60,
      argued: 0,
      unread: [],
      differ: [],
    });
    expect(tally.agree).toBeGreaterThan(50);
    expect(existsSync(output)).toBe(false);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^60 tests, 0 differ/);
  });

  it('makes a test small that has another answer, and leaves it with both', async () => {
    const herd7 = program(
      'wrong',
      `for (const name of names) console.log(
        'Test ' + name + ' Allowed\\nStates 1\\n0:EBX=7;\\nOk\\nWitnesses\\nPositive: 1 Negative: 0\\n' +
        'Condition exists (true)\\nObservation ' + name + ' Always 1 0\\n');`,
    );
    const output = join(scratch, 'some');
    const tally = await campaign({ ...settings, herd7, count: 1, output }, () => {});
    expect(tally.differ).toHaveLength(1);
    const [{ file, reason }] = tally.differ;
    expect(reason).toMatch(/^under x86tso/);
    const small = parseLitmus(readFileSync(file, 'utf8'));
    expect(small.program.threads.flatMap(({ code }) => code.instructions).length).toBeLessThanOrEqual(4);
    expect(existsSync(file.replace('.litmus', '.original.litmus'))).toBe(true);
    const answers = readFileSync(file.replace('.litmus', '.answers'), 'utf8');
    expect(answers).toContain('0:EBX=7;\nObservation Always 1 0');
    expect(answers).toContain('--- fenceline ---\nx86tso');
    expect(summaryText(tally, 'X86', 1)).toContain('  differ       1');
  });

  it('tells tests that herd7 does not read, and those that it has not finished', async () => {
    const herd7 = program(
      'reader',
      `names.forEach((name, at) => at === 1 &&
        console.error('Warning: File "/a/' + name + '.litmus", line 5, characters 6-10: unexpected (in prog) (User error)'));`,
    );
    const asked = ask({ path: herd7, model: [], timeout: 1 }, ['X86 a\n', 'X86 b\n']);
    expect(await asked.answers()).toEqual([
      { kind: 'timeout' },
      { kind: 'refused', reason: 'line 5, characters 6-10: unexpected (in prog) (User error)' },
    ]);
  });

  it('says when there is no herd7, or it cannot do what it is asked', async () => {
    const answersOf = (path: string) => ask({ path, model: [], timeout: 1 }, ['X86 a\n']).answers();
    await expect(answersOf(join(scratch, 'nosuch'))).rejects.toThrow(/nosuch cannot be run/);
    const broken = program('broken', "console.error('Cannot find file x.cat'); process.exitCode = 2;");
    await expect(answersOf(broken)).rejects.toThrow(/Cannot find file x\.cat/);
  });
});

describe('a difference', () => {
  const side = new OwnSide({ dialect: 'C' }, 10);
  const outcome = (text: string, entry: Partial<LogEntry>) =>
    outcomeOf(
      { kind: 'answer', entry: { test: 't', flags: [], ...entry } as LogEntry },
      side.answer(text),
      side,
    );
  const test = (first: string, second: string) =>
    `C t\n{}\nP0(int *x, int *y) { ${first} }\nP1(int *x, int *y) { ${second} }\nexists (0:r0=1)\n`;
  // A value that a branch fixes on its way round: herd7 leaves the execution out.
  const fixed = test('int r0 = *x; if (r0 == 1) { *y = r0; }', 'int r1 = *y; *x = r1;');
  const flags = ['data-race'];

  it('is argued where it is of executions whose values depend on themselves', () => {
    const said = {
      states: ['0:r0=0;'],
      counts: { positive: 0, negative: 2 },
      flags,
      observation: 'Never',
    } as const;
    expect(outcome(fixed, said)).toEqual({ kind: 'argued' });
  });

  it('is one where an execution without such values is left out, or there is one that fenceline has not', () => {
    const less = {
      states: ['0:r0=0;'],
      counts: { positive: 0, negative: 1 },
      flags,
      observation: 'Never',
    } as const;
    expect(outcome(fixed, less).kind).toBe('differ');
    const more = {
      states: ['0:r0=0;', '0:r0=5;'],
      counts: { positive: 0, negative: 2 },
      flags,
      observation: 'Never',
    } as const;
    expect(outcome(fixed, more).kind).toBe('differ');
    const plain = test('int r0 = READ_ONCE(*x);', 'WRITE_ONCE(*x, 1);');
    const none = { states: ['0:r0=0;'], counts: { positive: 0, negative: 1 }, observation: 'Never' } as const;
    expect(outcome(plain, none).kind).toBe('differ');
  });

  it('is none where only the names of symbolic values differ', () => {
    const said = {
      states: ['0:r0=S8;', '0:r0=0;'],
      counts: { positive: 0, negative: 4 },
      flags,
      observation: 'Never',
    } as const;
    expect(outcome(test('int r0 = *x; *y = r0;', 'int r1 = *y; *x = r1;'), said)).toEqual({ kind: 'agree' });
  });

  it('is that fenceline refuses what herd7 answers', () => {
    expect(outcome(test('int r0 = nosuch(x);', ''), { observation: 'Never' }).kind).toBe('differ');
  });
});

describe('executions', () => {
  const target = { architecture: 'lkmm', era: '6.x' } as const;
  /** Of each execution, in what circle it goes. */
  const circlesOf = (first: string, second: string) => {
    const thread = (name: string, code: string) => `${name}(int *x, int *y)\n{ ${code} }\n`;
    const test = parseLitmus(`C t\n{}\n${thread('P0', first)}${thread('P1', second)}exists (0:r0=1)\n`);
    const model = shippedModel('lkmm');
    const { observables } = check(test, model, { target });
    return executionsOf(test, model, observables, { target })
      .map(({ byData, byControl, isUnfounded }) => ({ byData, byControl, isUnfounded }))
      .filter(({ byData, byControl }) => byData || byControl);
  };

  it('are told that go round through what a branch chose, by values that are there without or not', () => {
    const chosen = 'int r0 = READ_ONCE(*x); int k = 0; if (r0 == 1) { k = 1; } WRITE_ONCE(*y, k);';
    const circles = circlesOf(chosen, 'int r1 = READ_ONCE(*y); WRITE_ONCE(*x, r1);');
    expect(circles).toContainEqual({ byData: false, byControl: true, isUnfounded: false });
  });

  it('are told that go round by data, and not those with a dependency that leaves the value as it is', () => {
    expect(circlesOf('int r0 = *x; *y = r0;', 'int r1 = *y; *x = r1;')).toEqual([
      { byData: true, byControl: false, isUnfounded: true },
    ]);
    expect(circlesOf('int r0 = *x; *y = (r0 ^ r0) + 1;', 'int r1 = *y; *x = r1;')).toEqual([]);
  });
});
