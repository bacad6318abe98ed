/**
 * Tests of the conformance corpus whose recorded answer is known to be wrong, and why. Each is still checked: under a model with the
 * fault that explains it, the recorded answer must come out exactly.
 */
export interface KnownDifference {
  readonly folder: string;
  readonly model: string;
  readonly files: readonly string[];
  readonly reason: string;
  /** Cat text that, put at the head of the model, gives it the fault. */
  readonly fault: string;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    folder: 'x86',
    model: 'i386',
    files: [
      '2+2W+mfence-rmws.litmus',
      '2+2W+po+po-rmw.litmus',
      'LB+po+rmw-po.litmus',
      'LB+rmw-po+po-rmw.litmus',
      'LB+rmw-pos.litmus',
      'MP+po+rmw-po.litmus',
      'MP+po-rmw+rmw-mfence.litmus',
      'R+mfence-rmw+po.litmus',
      'R+po-rmw+po.litmus',
      'RR+RW+rmw-mfence+rmw-po.litmus',
      'RR+RW+rmw-pos.litmus',
      'S+po-rmws.litmus',
    ],
    reason: `The recorded answers have an XCHG that reads a write which comes after the XCHG's own write in coherence order: in
2+2W+mfence-rmws, XCHG [y] returns 2 and stores 1, and y ends as 2, though the one write of 2 is the one it read. No locked
instruction of x86-TSO can do that (Owens, Sarkar, Sewell 2009, rule for LOCK'd instructions; Intel SDM volume 3, "locked
operations are atomic"), and each file's own condition, a forall, rules it out. herd7 7.58 keeps the read and the write of one
instruction out of program order, so its per-location check misses the pair; herdtools7 mended x86tso.cat in June 2026 by adding the pair
to that check (commit 184f264e). Built from its sources of August 2026, herd7 gives fenceline's states and counts on all 199 tests.`,
    fault: 'let amo = 0\n',
  },
];
