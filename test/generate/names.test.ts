import { describe, expect, it } from '@jest/globals';
import { cycleText, type GeneratedDialect, TestGenerator } from '../../src/generate/index.js';

function named(dialect: GeneratedDialect, cycle: string): string {
  const [{ name }] = new TestGenerator({ dialect, cycle }).tests();
  return name;
}

/** As diyone7 and the literature call them; in C, as the kernel's tests are called. */
describe('names of tests', () => {
  it.each<[GeneratedDialect, string, string]>([
    ['X86', 'PodWR Fre PodWR Fre', 'SB'],
    ['X86', 'MFencedWR Fre PodWR Fre', 'SB+mfence+po'],
    ['X86', 'PodWR Fre MFencedWR Fre', 'SB+mfence+po'],
    ['X86', 'PodWW A Rfe PodRR Fre', 'MP+ponaa+po'],
    ['X86', 'PodWR Exch PodWR Fre PodWR Fre', 'SB+po+po-rmw-po'],
    ['X86', 'Rfe PodRR Fre Rfe PodRR Fre', 'IRIW'],
    ['X86', 'PodWW Coe PodWW Coe', '2+2W'],
    ['PPC', 'SyncdWW Rfe DpAddrdR Fre', 'MP+sync+addr'],
    ['PPC', 'LwSyncdWW Rfe DpCtrlIsyncdR Fre', 'MP+lwsync+ctrlisync'],
    ['PPC', 'DpDatadW Rfe DpCtrldW Rfe DpAddrdW Rfe', '3.LB+addr+data+ctrl'],
    ['PPC', 'Rfi DpAddrdR Fre SyncdWR Fre', 'SB+sync+rfi-addr'],
    ['RISCV', 'PodWW Rl Rfe Aq PodRR Fre', 'MP+poprl+poaqp'],
    ['RISCV', 'PodWW XRlAq Rfe DpCtrlFenceIdR Fre', 'MP+popxrlaq+ctrlfencei'],
    ['RISCV', 'PodWR Aq Exch Rl PodWR Fre PodWR Fre', 'SB+po+popaq-rmwaqrl-porlp'],
    ['AArch64', 'DMB.SYdWW Rfe DpCtrldR ISB Fre', 'MP+dmb.sy+ctrl-[isb]'],
    ['AArch64', 'DpDataCseldW Rfe DpCtrlCseldW Rfe', 'LB+datacsel+ctrlcsel'],
    ['AArch64', 'Rfe PosRR Fre', 'CoRR'],
    ['Alpha', 'WMBdWW Rfe DpAddrdR Fre', 'MP+wmb+addr'],
    ['C', 'PodWWOnceR Rfe PodRRAOnce Fre', 'MP+pooncerelease+poacquireonce'],
    ['C', 'MbdWR Fre MbdWR Fre', 'SB+fencembonceonces'],
    ['C', 'PodWR Fre PodWR Fre', 'SB+poonceonces'],
    ['C', 'Rfe MbdRR Fre Rfe MbdRR Fre', 'IRIW+fencembonceonces+OnceOnce'],
    ['C', 'MbdRW Rfe DpCtrldW Rfe', 'LB+fencembonceonce+ctrlonceonce'],
  ])('%s %s is %s', (dialect, cycle, name) => {
    expect(named(dialect, cycle).toLowerCase()).toBe(name.toLowerCase());
  });

  it.each<[GeneratedDialect, string]>([
    ['X86', 'Rfe Fre Coe Pod** MFencedWR A Exch'],
    ['PPC', 'Rfe Fre Coe Syncd** DpAddrdR CtrldR A Rfi'],
    ['AArch64', 'Rfe Fre Pod** A L [DpCtrldR ISB] Amo.Swp DMB.STdWW'],
    ['RISCV', 'Rfe Fre Pod** Aq Rl XAqRl Fence.tsodWW'],
    ['C', 'Rfe Fre Pod** A R P Rcud** SyncRcudWW DpAddr'],
    ['Alpha', 'Rfe Fre Pod** X WMBdWW DpAddr DpCtrlMbdR'],
  ])('in %s, cycles are read as they are written', (dialect, relaxations) => {
    const found = [
      ...new TestGenerator({ dialect, relaxations: [relaxations], size: 4, mode: 'free' }).tests(),
    ];
    expect(found).not.toHaveLength(0);
    for (const { test } of found) {
      const [again] = new TestGenerator({ dialect, cycle: cycleText(test.cycle) }).tests();
      expect({ name: again.name, cycle: cycleText(again.test.cycle) }).toEqual({
        name: test.name,
        cycle: cycleText(test.cycle),
      });
    }
  });
});
