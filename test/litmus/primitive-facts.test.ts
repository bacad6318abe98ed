import { describe, expect, it } from '@jest/globals';
import { primitiveSignature, primitiveSpellings } from '../../src/litmus/index.js';

describe('the facts of kernel primitives', () => {
  const all = [...primitiveSpellings()].map((spelling) => ({ spelling, ...primitiveSignature(spelling)! }));

  it('name what closes a section by a primitive of its own, which opens none', () => {
    const opening = all.filter(({ closedBy }) => closedBy !== undefined);
    expect(opening.length).toBeGreaterThan(10);
    for (const { closedBy } of opening) {
      const closing = primitiveSignature(closedBy!);
      expect(closing?.name).toBe(closedBy);
      expect(closing?.closedBy).toBeUndefined();
    }
  });

  it('weaken loads to what gives a value, and stores and barriers to what gives none', () => {
    for (const { weakening, result } of all) {
      if (weakening === undefined) continue;
      expect(result).toBe(weakening.endsWith('load') ? 'place' : 'none');
    }
  });

  it('put a grace period above a full barrier, and that above the others', () => {
    const cost = (spelling: string): number => primitiveSignature(spelling)!.cost!;
    expect(cost('synchronize_rcu')).toBeGreaterThan(cost('smp_mb'));
    for (const other of ['smp_rmb', 'smp_wmb', 'smp_load_acquire', 'smp_store_release', 'rcu_assign_pointer'])
      expect(cost('smp_mb')).toBeGreaterThan(cost(other));
  });
});
