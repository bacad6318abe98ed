import type { Expected } from './expected.js';

/**
 * A test for which what a suite has put down is known to be wrong, or about something else. It is still
 * checked: the right answer must come out, and an argument against an answer that does come out is an error.
 */
export interface ArguedAnswer {
  /** The suite's name. */
  readonly suite: string;
  /** Seen from the collection's folder. */
  readonly files: readonly string[];
  readonly right: Expected;
  readonly reason: string;
}

/** Tests that nobody can read: those that are refused with a reason that matches. */
export interface ArguedRefusal {
  readonly suite: string;
  readonly refusal: RegExp;
  readonly reason: string;
}

const THIN_AIR = `No machine gives the outcome, which is what the comment says first; it goes on that the model allows it. So do
herd7 and fenceline.`;

export const arguedAnswers: readonly ArguedAnswer[] = [
  {
    suite: 'kernel litmus',
    files: ['manual/kernel/C-srcu-nest-4.litmus'],
    right: {
      observation: 'Sometimes',
      flags: ['multiple-srcu-matches'],
      counts: { positive: 1, negative: 3 },
    },
    reason: `The comment names the flag \`srcu-bad-nesting\`, which the kernel's model has no more. What the test shows, one
srcu_read_lock() with two srcu_read_unlock(), today's model flags as \`multiple-srcu-matches\`, and so do herd7 and fenceline.`,
  },
  {
    suite: 'kernel litmus',
    files: ['manual/oota/C-JO-OOTA-3.litmus'],
    right: { observation: 'Sometimes', counts: { positive: 1, negative: 7 } },
    reason: THIN_AIR,
  },
  {
    suite: 'kernel litmus',
    files: ['manual/oota/C-JO-OOTA-5.litmus', 'manual/oota/C-JO-OOTA-6.litmus'],
    right: { observation: 'Sometimes', counts: { positive: 1, negative: 3 } },
    reason: THIN_AIR,
  },
  {
    suite: 'corpus kernel-c, alpha-linux',
    files: ['kernel-c/manual__plain__C-non-race1-rrdep.litmus'],
    right: {
      observation: 'Never',
      counts: { positive: 0, negative: 9 },
      states: ['0:r1=0; 1:r3=0;', '0:r1=0; 1:r3=1;', '0:r1=0; 1:r3=2;', '0:r1=2; 1:r3=2;'],
    },
    reason: `P0 reads x, and reads y only if that was 1; then it stores to y. The Alpha handbook (5.6.1.7) has the store depend on the
read of x also where the read of y, which would precede it by processor issue constraint (5.6.1.3), is not made: it might be. The
recorded answer was computed without that. It counts one execution more, in which P0 stores to y before P2 does, and still
reads from x what P1 has read from P2's store to y.`,
  },
];

export const arguedRefusals: readonly ArguedRefusal[] = [
  {
    suite: 'kernel litmus',
    refusal: /`smp_memb`/,
    reason: `smp_memb() is the barrier of sys_membarrier() in a model that was proposed and not merged: neither the kernel's
model nor herd7 with it has this primitive.`,
  },
  {
    suite: 'kernel litmus',
    refusal: /^`LISA` is not a dialect/,
    reason: `Tests in LISA are for models of 2016, whose tags the kernel's model of today does not have: herd7 refuses them
with it as well.`,
  },
];
