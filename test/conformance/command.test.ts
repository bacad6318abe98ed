import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resultComment } from '../../conformance/answers.js';
import { arguedAnswers, arguedRefusals } from '../../conformance/argued.js';
import type { SuiteResults } from '../../conformance/run.js';
import { suites } from '../../conformance/suites.js';

const SB =
  'X86 SB\n{}\n P0 | P1 ;\n MOV [x],$1 | MOV [y],$1 ;\n MOV EAX,[y] | MOV EAX,[x] ;\nexists (0:EAX=0 /\\ 1:EAX=0)\n';
const racy = `C racy
(* Result: Sometimes DATARACE *)
{}
P0(int *x) { *x = 1; }
P1(int *x) { int r0 = *x; }
exists (1:r0=1)
`;

/** Collections of our own, made as the public ones are. */
const files: Readonly<Record<string, string>> = {
  'dat3m/litmus/X86/SB.litmus': SB,
  'dat3m/litmus/X86/lost.litmus': SB,
  'dat3m/litmus/X86/foreign.litmus': SB.replace('X86', 'VAX'),
  'dat3m/dartagnan/src/test/resources/TSO-expected.csv':
    '// two rows for one test\n\nlitmus/X86/SB.litmus,1\nlitmus/X86/lost,0\nlitmus/X86/foreign.litmus,1\n',
  'dat3m/litmus/LKMM/racy.litmus': racy,
  'dat3m/dartagnan/src/test/resources/LKMM-DR-expected.csv': 'litmus/LKMM/racy.litmus,0\n',
  'kernel/manual/racy.litmus': racy,
  'kernel/manual/oota/C-JO-OOTA-5.litmus': racy.replace('Sometimes DATARACE', 'Sometimes'),
  'kernel/manual/lisa.litmus': racy.replace('C racy', 'LISA racy'),
  'kernel/manual/maybe.litmus': racy.replace('Sometimes DATARACE', 'Maybe'),
  'herd/herd/tests/instructions/C/racy.litmus': racy,
  'herd/herd/tests/instructions/C/racy.litmus.expected':
    'Test racy Allowed\nStates 2\n1:r0=0x0;\n1:r0=0x1;\nOk\nWitnesses\nPositive: 1 Negative: 1\nFlag data-race\nObservation racy Sometimes 1 1\n',
  'corpus/x86/SB.litmus': SB,
  'corpus/x86/expected.jsonl': `${JSON.stringify({ file: 'SB.litmus', observation: 'Sometimes', validated: true, positive: 1, negative: 2, states: [] })}\n`,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenceline-conformance-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function conformance(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const json = join(folder, 'results.json');
  const none = Object.fromEntries(suites.map(({ collection }) => [collection, undefined]));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['build/conformance/main.js', '--jobs', '1', '--json', json, ...args],
    { encoding: 'utf8', env: { ...process.env, ...none, ...environment } },
  );
  return { status, stdout, stderr, results: () => JSON.parse(readFileSync(json, 'utf8')) as SuiteResults[] };
}

const at = (name: string): string => join(folder, name);

describe('npm run conformance', () => {
  it('counts what agrees, differs and is not read, and fails for a difference', () => {
    const { status, stdout, results } = conformance({ DAT3M: at('dat3m') }, '--only', 'dat3m x86');
    const [{ suite, results: found }] = results();
    expect([suite, ...found.map(({ file, finding }) => [file, finding])]).toEqual([
      'Dat3M X86',
      ['litmus/X86/SB.litmus', { kind: 'agree' }],
      ['litmus/X86/lost.litmus', { kind: 'differ', reason: 'condition holds: true, expected false' }],
      [
        'litmus/X86/foreign.litmus',
        { kind: 'unread', reason: expect.stringContaining('`VAX` is not a dialect') },
      ],
    ]);
    expect(stdout).toMatch(/^Dat3M X86 +3 +1 +1 +0 +1 +0 +\d/m);
    expect(stdout).toMatch(/^ {2}unread: 1: `VAX`.*\(litmus\/X86\/foreign\.litmus\)$/m);
    expect(status).toBe(1);
  });

  it('reads the races of a table, comments, and what herd7 has printed', () => {
    const { status, results } = conformance(
      { DAT3M: at('dat3m'), HERDTOOLS7: at('herd') },
      '--only',
      'races,herdtools7 c',
    );
    const found = results().map(({ suite, results: [{ file, finding }] }) => [suite, file, finding.kind]);
    expect(found).toEqual([
      ['Dat3M LKMM, data races', 'litmus/LKMM/racy.litmus', 'agree'],
      ['herdtools7 C', 'herd/tests/instructions/C/racy.litmus', 'agree'],
    ]);
    expect(status).toBe(0);
  });

  it('fails where an answer is argued against and comes out', () => {
    const { status, stdout, results } = conformance(
      { KERNEL_LITMUS: at('kernel') },
      '--only',
      'kernel litmus',
    );
    const [{ results: found, stale }] = results();
    expect(found.map(({ finding }) => finding.kind)).toEqual(['argued', 'agree', 'agree']);
    expect(stale).toEqual(['manual/oota/C-JO-OOTA-5.litmus']);
    expect(stdout).toContain('agrees, though that is argued against: manual/oota/C-JO-OOTA-5.litmus');
    expect(status).toBe(1);
  });

  it('compares all that a record has', () => {
    const { results } = conformance({ FENCELINE_CORPUS: at('corpus') }, '--only', 'corpus x86, i386');
    expect(results()[0].results[0].finding).toMatchObject({
      kind: 'differ',
      reason: expect.stringContaining('states: 4'),
    });
  });

  it('says what is not there', () => {
    const nowhere = conformance({ DAT3M: at('nosuch') });
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('DAT3M names')]);
    const nothing = conformance({}, '--only', 'dat3m');
    expect([nothing.status, nothing.stderr]).toEqual([
      2,
      expect.stringContaining('nothing names a folder: DAT3M'),
    ]);
    const unknown = conformance({}, '--only', 'nosuch');
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('no suite is called nosuch'),
    ]);
  });
});

describe('the comment of a test', () => {
  it.each([
    ['(* Result: Never *)', { observation: 'Never' }],
    ['(*\n * Result: Sometimes (but see below)\n *)', { observation: 'Sometimes' }],
    [' * Result: Always DATARACE', { flag: { name: 'data-race', raised: true } }],
    ['// Result: DEADLOCK', { counts: { positive: 0, negative: 0 } }],
    ['(* Result: Flag unmatched-unlock *)', { flag: { name: 'unmatched-unlock', raised: true } }],
    ['(* Result: Maybe *)', undefined],
    ['(* The Result: line of the original *)', undefined],
  ])('%j says %j', (text, expected) => {
    expect(resultComment(text)).toEqual(expected);
  });
});

describe('what is argued', () => {
  it('is about suites that there are, each file once', () => {
    const names = suites.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const about = [...arguedAnswers, ...arguedRefusals].map(({ suite }) => suite);
    expect(names).toEqual(expect.arrayContaining(about));
    const all = arguedAnswers.flatMap(({ suite, files: some }) => some.map((file) => `${suite} ${file}`));
    expect(new Set(all).size).toBe(all.length);
  });
});
