import { describe, expect, it } from '@jest/globals';
import { shippedModel } from '../../src/cat/index.js';
import { check } from '../../src/check/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedTests } from '../../src/shipped.js';

/**
 * Shapes whose answers under the Linux-kernel model are in the literature: the kernel's tools/memory-model,
 * explanation.txt and the list of its litmus tests; Alglave, Maranget, McKenney, Parri, Stern, "Frightening
 * Small Children and Disconcerting Grown-ups" (2018).
 */
const shapes = [
  ['MP', 'Sometimes', 'nothing orders the writes, nor the reads'],
  ['MP+wmb+po', 'Sometimes', 'the reads are not ordered'],
  ['MP+po+rmb', 'Sometimes', 'the writes are not ordered'],
  ['MP+wmb+rmb', 'Never', 'writes and reads are ordered'],
  ['MP+rel+acq', 'Never', 'release and acquire'],
  ['MP+assign+deref', 'Never', 'a release, and an address dependency'],
  ['MP+wmb+addr', 'Never', 'an address dependency orders reads'],
  ['MP+wmb+ctrl', 'Sometimes', 'a control dependency does not order reads'],
  ['LB', 'Sometimes', 'nothing orders a read and a later write'],
  ['LB+datas', 'Never', 'a data dependency does'],
  ['LB+ctrls', 'Never', 'a control dependency does'],
  ['LB+ctrl+mb', 'Never', 'a control dependency does, with a full barrier on the other side'],
  ['LB+data+mb', 'Never', 'and a data dependency'],
  ['LB+acqs', 'Never', 'an acquire does'],
  ['S+wmb+data', 'Never', 'a write waits for what it is made of'],
  ['S+rel+acq', 'Never', 'release and acquire'],
  ['WRC+rel+acq', 'Never', 'a release is cumulative'],
  ['ISA2+rel+acq-rel+acq', 'Never', 'release and acquire, along a chain'],
  ['SB', 'Sometimes', 'a write may wait behind a later read'],
  ['SB+rel+acq', 'Sometimes', 'release and acquire do not order a write and a later read'],
  ['SB+mbs', 'Never', 'full barriers do'],
  ['R+mbs', 'Never', 'full barriers'],
  ['RWC+mbs', 'Never', 'full barriers'],
  ['IRIW+mbs', 'Never', 'what one reader saw has reached the other across full barriers'],
] as const;

describe('under the Linux-kernel model', () => {
  it.each(shapes.map(([name, verdict, why]) => ({ name, verdict, why })))(
    '$name: $verdict ($why)',
    ({ name, verdict }) => {
      const test = parseLitmus(shippedTests[`classic/c/${name}.litmus`]);
      const target = { architecture: 'lkmm', era: '6.x' } as const;
      expect(check(test, shippedModel('lkmm'), { target }).verdict).toBe(verdict);
    },
  );

  it('a release goes on through an atomic operation that reads it', () => {
    const text = `C MP+rel-xchg+acq
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_store_release(y, 1); }
P1(int *y) { int r0; r0 = xchg_relaxed(y, 2); }
P2(int *x, int *y) { int r0; int r1; r0 = smp_load_acquire(y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 2:r0=2 /\\ 2:r1=0)`;
    const target = { architecture: 'lkmm', era: '6.x' } as const;
    expect(check(parseLitmus(text), shippedModel('lkmm'), { target }).verdict).toBe('Never');
  });
});
