import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fenceline } from './command-line.js';

const generate = (...args: string[]) => fenceline('generate', ...args);
const small = [
  '--dialect',
  'X86',
  '--relaxations',
  'Rfe Fre Coe Pod** MFencedWR',
  '--size',
  '4',
  '--mode',
  'free',
];

describe('fenceline generate', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'generate-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints the test of a cycle', () => {
    const { status, stdout } = generate('--dialect', 'X86', '--cycle', 'PodWR Fre PodWR Fre');
    expect(status).toBe(0);
    expect(stdout).toContain('X86 SB\n"PodWR Fre PodWR Fre"\nCom=Fr Fr\nOrig=PodWR Fre PodWR Fre\n');
    expect(stdout).toContain('exists (0:EAX=0 /\\ 1:EAX=0)');
  });

  it('prints cycles, a line each', () => {
    const lines = generate(...small)
      .stdout.trim()
      .split('\n');
    expect(lines).toHaveLength(14);
    expect(lines).toContain('SB+mfences: MFencedWR Fre MFencedWR Fre');
  });

  it('writes tests into a folder, which run takes', () => {
    const out = join(folder, 'tests');
    expect(generate(...small, '--out', out).stdout).toBe(`14 tests in ${out}\n`);
    expect(readdirSync(out)).toHaveLength(15);
    expect(readFileSync(join(out, '@all'), 'utf8')).toContain('SB+mfences.litmus\n');
    expect(fenceline('run', out, '--model', 'i386').stdout).toContain('14 files, 14 checks');
  });

  it('checks what it generates', () => {
    const { status, stdout } = generate(...small, '--run', '--model', 'sc,i386');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Never {5}SB {2}sc /m);
    expect(stdout).toMatch(/^Sometimes SB {2}i386 /m);
    expect(stdout).toContain('14 files, 28 checks, 0 not as expected');
  });

  it('checks in several threads, in order', () => {
    const lines = generate(...small, '--run', '--model', 'i386', '--jobs', '2').stdout;
    expect(lines).toBe(generate(...small, '--run', '--model', 'i386', '--jobs', '1').stdout);
  });

  it('reads a configuration file of diy7', () => {
    const conf = join(folder, 'x.conf');
    writeFileSync(
      conf,
      '# a comment\n-arch X86\n-size 4\n-mode free\n-safe Rfe Fre Coe Pod**\n-safe MFencedWR\n-name t\n',
    );
    expect(generate('--conf', conf).stdout.split('\n')[0]).toMatch(/^t000: /);
    expect(generate('--conf', conf, '--size', '2').stdout).toBe('');
    writeFileSync(conf, '-arch X86\n-siz 4\n');
    expect(generate('--conf', conf).stderr).toContain(
      `${conf}, line 2: -siz is not supported; did you mean -size?`,
    );
  });

  it.each([
    [[], 'which dialect? Say --dialect X86, X86_64'],
    [['--dialect', 'x87'], 'there is no dialect x87; there are X86'],
    [
      ['--dialect', 'X86', '--cycle', 'PodWR Fre MFencdWR Fre'],
      'no relaxation MFencdWR; did you mean MFencedWR?',
    ],
    [
      ['--dialect', 'X86', '--cycle', 'PodWR Fre PodWW Fre'],
      'PodWW ends at a write, and Fre begins with a read',
    ],
    [['--dialect', 'X86', '--cycle', 'PodW* Fre'], 'it leaves open whether PodWW or PodWR is meant'],
    [['--dialect', 'X86', '--cycle', 'PodWR Fre'], 'it leaves a thread once'],
    [['--dialect', 'X86', '--cycle', '[PodWR Fre'], '] is expected at the end'],
    [['--dialect', 'X86', '--cycle', ''], 'a cycle takes two steps'],
    [['--dialect', 'PPC', '--cycle', 'PodWWRA Rfe PodRR Fre'], 'PodWWRA'],
    [['--dialect', 'AArch64', '--cycle', 'PodWW A Rfe L PodRR Fre'], 'no write can be A'],
  ])('%j is refused: %s', (args, message) => {
    const { status, stderr } = generate(...args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });
});
