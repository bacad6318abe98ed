import { describe, expect, it } from '@jest/globals';
import { shippedModel } from '../../src/cat/index.js';
import { check } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import {
  type GeneratedDialect,
  type NamedTest,
  type Settings,
  TestGenerator,
} from '../../src/generate/index.js';
import type { TargetName } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';

function verdict({ name, test }: NamedTest, model: string): string {
  const parsed = parseLitmus(new Source(`${name}.litmus`, test.text(name)));
  const architecture = model as TargetName;
  const target = parsed.program.dialect === 'C' ? { target: { architecture, era: '6.x' as const } } : {};
  return check(parsed, shippedModel(model), target).verdict;
}

function every(
  dialect: GeneratedDialect,
  relaxations: string,
  size: number,
  mode: Settings['mode'] = 'critical',
): NamedTest[] {
  return [...new TestGenerator({ dialect, relaxations: [relaxations], size, mode: mode! }).tests()];
}

function one(dialect: GeneratedDialect, cycle: string, more: Partial<Settings> = {}): NamedTest {
  const [found] = new TestGenerator({ dialect, cycle, ...more }).tests();
  return found;
}

/** A critical cycle is one that sequential consistency rules out. */
describe('tests of critical cycles', () => {
  it.each<[GeneratedDialect, string, number]>([
    ['X86', 'Rfe Fre Coe Pod** MFencedWR A', 6],
    ['Alpha', 'Rfe Fre Coe Pod** MBdWR WMBdWW DpAddrd* DpDatadW DpCtrld* X', 4],
    ['C', 'Rfe Fre Coe Pod** MbdWR A R DpAddrd* DpDatadW DpCtrldW Rcud** SyncRcudWW', 4],
  ])('never come out in %s under sc', (dialect, relaxations, size) => {
    const found = every(dialect, relaxations, size);
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter((test) => verdict(test, 'sc') !== 'Never').map(({ name }) => name)).toEqual([]);
  });
});

describe('generated tests', () => {
  it.each<[GeneratedDialect, string, string, string]>([
    ['X86', 'PodWR Fre PodWR Fre', 'i386', 'Sometimes'],
    ['X86', 'MFencedWR Fre MFencedWR Fre', 'i386', 'Never'],
    ['X86', 'PodWW Rfe PodRR Fre', 'i386', 'Never'],
    ['X86', 'PodWW Rfe PodRR Fre', 'pso', 'Sometimes'],
    ['X86', 'Rfi PodRR Fre Rfi PodRR Fre', 'i386', 'Sometimes'],
    ['X86', 'A PodWR Fre A PodWR Fre', 'i386', 'Never'],
    ['Alpha', 'WMBdWW Rfe DpAddrdR Fre', 'alpha', 'Sometimes'],
    ['Alpha', 'WMBdWW Rfe MBdRR Fre', 'alpha', 'Never'],
    ['Alpha', 'DpCtrldW Rfe MBdRW Rfe', 'alpha', 'Sometimes'],
    ['Alpha', 'DpCtrldW Rfe MBdRW Rfe', 'alpha-linux', 'Never'],
    ['Alpha', 'WMBdWW Rfe DpCtrlMbdR Fre', 'alpha', 'Never'],
    ['C', 'PodWWOnceR Rfe PodRRAOnce Fre', 'lkmm', 'Never'],
    ['C', 'WmbdWW Rfe DpAddrdR Fre', 'lkmm', 'Never'],
    ['C', 'WmbdWW Rfe DpCtrldR Fre', 'lkmm', 'Sometimes'],
    ['C', 'DpCtrldW Rfe DpDatadW Rfe', 'lkmm', 'Never'],
    ['C', 'SyncRcudWW Rfe RcudRR Fre', 'lkmm', 'Never'],
    ['C', 'SyncRcudWR Fre RcudWR Fre', 'lkmm', 'Never'],
    ['C', 'RcudWR Fre RcudWR Fre', 'lkmm', 'Sometimes'],
    ['C', 'PodWR Xchg PodWR Fre MbdWR Fre', 'lkmm', 'Never'],
    ['C', 'PodWR Exch PodWR Fre MbdWR Fre', 'lkmm', 'Sometimes'],
  ])('%s %s is, under %s, %s', (dialect, cycle, model, expected) => {
    expect(verdict(one(dialect, cycle), model)).toBe(expected);
  });

  it('have the order of three writes read by a thread, or by those that are overtaken', () => {
    const cycle = 'PodWW Coe PosWW Rfe PodRW Coe';
    expect(() => one('X86', 'PosWW PosWW Rfe PodRR Fre PodWW Coe')).toThrow();
    for (const observers of ['accept', 'local', 'infinity'] as const) {
      expect(verdict(one('X86', cycle, { observers }), 'sc')).toBe('Never');
    }
  });

  it('ask for nothing where all states are wanted', () => {
    const { test } = one('X86', 'PodWW Rfe PodRR Fre', { condition: 'observe' });
    expect(test.text('MP')).toContain('locations [x; y; 1:EAX; 1:EBX;]\nforall (true)');
  });
});
