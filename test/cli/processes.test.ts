import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { fenceline, fencelineAlone, type Outcome } from './command-line.js';

const untimed = ({ status, stdout, stderr }: Outcome): Outcome => ({
  status,
  stdout: stdout.replace(/\d+(?:\.\d+)? m?s\b/g, '0 s').replace(/^(Time \S+) .*$/gm, '$1 0.00'),
  stderr,
});

const SB = 'litmus/classic/x86/SB.litmus';
const NMI = 'litmus/nmi/other-cpu-global-plain-load.litmus';

describe('a command', () => {
  it.each([
    ['--help'],
    ['frobnicate'],
    ['graph', SB, '--model', 'i386'],
    ['herd7', SB],
    ['models', '--explain', 'i386'],
    ['quiz', 'iriw'],
    ['repair', SB, '--target', 'i386'],
    ['run', SB, 'no-such-file.litmus'],
    ['run', SB, '--engine', 'operational', '--model', 'i386', '--max-states', '1'],
    ['run', 'litmus/classic/x86', '--states'],
    ['step', SB, '--machine', 'i386'],
    ['why', NMI, '--target', 'alpha', '--format', 'json'],
  ])('says in a process of its own what it says in a thread with others: %s %s %s', (...args) => {
    const alone = untimed(fencelineAlone(...args));
    expect(alone.stdout + alone.stderr).not.toBe('');
    expect(untimed(fenceline(...args))).toEqual(alone);
  });

  it('is herd7 under the name fenceline-herd7', () => {
    const options = { encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/fenceline-herd7.js', SB], options);
    expect(stdout).toContain('Observation SB Sometimes 1 3');
    expect(untimed({ status, stdout, stderr })).toEqual(untimed(fencelineAlone('herd7', SB)));
  });
});
