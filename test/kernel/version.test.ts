import { describe, expect, it } from '@jest/globals';
import { type Era, eraNamed, isSameCode, lowerPrimitives } from '../../src/kernel/index.js';
import { lowerProgram } from '../litmus/c-reading.js';
import { showCode } from '../litmus/show-code.js';

/**
 * What a version of Linux makes of statements on Alpha, without the names of registers and accesses' tags.
 */
function onAlpha(statements: string, era: Era): string {
  const { threads, functions, cells, flatMemory } = lowerProgram(
    `P0(int *x, atomic_t *v, struct srcu_struct *s) { ${statements} }`,
  );
  const program = { name: 'test', dialect: 'C', threads, functions, cells, flatMemory } as const;
  return showCode(lowerPrimitives(program, { architecture: 'alpha', era }).threads[0].code)
    .map((line) => line.replace(/^fence /, '').replace(/ Once$/, ''))
    .join('; ');
}

describe('a version of Linux', () => {
  it.each([
    ['5.8', '5.8'],
    ['v5.8', '5.8'],
    ['4.14.336', '4.14'],
    ['2.6.27', '2.6'],
    ['5.10-rc3', '5.10'],
    ['6.1.0-18-amd64', '6.1'],
    ['5', '5.0'],
    ['5.x', '5.0'],
    ['6.x', '6.x'],
    ['04.015', '4.15'],
  ])('is what %s names', (text, era) => {
    expect(eraNamed(text)).toBe(era);
  });

  it.each(['', 'x', '4.x', '3.x', '5.y', 'six', '5.8 ', '-1', '5..8', '1234.5'])(
    'is not named by %j',
    (text) => {
      expect(eraNamed(text)).toBeUndefined();
    },
  );

  it.each([
    ['2.6', '3.3'],
    ['3.4', '3.12'],
    ['3.15', '4.14'],
    ['4.15', '4.16'],
    ['4.17', '5.8'],
    ['5.8', '6.x'],
    ['6.x', '7.1'],
  ] as const)('has the code of another: %s and %s', (one, other) => {
    expect(isSameCode(one, other)).toBe(true);
  });

  it.each([
    ['3.3', '3.4'],
    ['3.12', '3.13'],
    ['3.14', '3.15'],
    ['4.14', '4.15'],
    ['4.16', '4.17'],
    ['2.6', '6.x'],
  ] as const)('has other code: %s and %s', (one, other) => {
    expect(isSameCode(one, other)).toBe(false);
  });
});

describe('the primitives on Alpha', () => {
  const load = 'r1 = load s32 x';

  it('have the barrier of READ_ONCE() since 4.15', () => {
    expect(onAlpha('r1 = READ_ONCE(*x);', '4.14')).toBe(load);
    for (const era of ['4.15', '4.16', '4.20', '5.8', '5.9', '6.x'] as const)
      expect(onAlpha('r1 = READ_ONCE(*x);', era)).toBe(`${load}; MB`);
  });

  it('publish by a release since 3.15', () => {
    expect(onAlpha('rcu_assign_pointer(*x, 1);', '3.14')).toMatch(/^WMB; store/);
    expect(onAlpha('rcu_assign_pointer(*x, 1);', '3.15')).toMatch(/^MB; store/);
  });

  it('have a barrier before xchg() and cmpxchg() since 4.17, and behind one that fails', () => {
    expect(onAlpha('r1 = xchg(x, 1);', '4.16')).toMatch(/^r1 = rmw .*; MB$/);
    expect(onAlpha('r1 = xchg(x, 1);', '4.17')).toMatch(/^MB; r1 = rmw .*; MB$/);
    expect(onAlpha('r1 = cmpxchg(x, 0, 1);', '4.16')).toMatch(/^r1 = rmw .*; if .*; MB$/);
    expect(onAlpha('r1 = cmpxchg(x, 0, 1);', '5.0')).toMatch(/^MB; r1 = rmw [^;]*; MB$/);
  });

  it('have one behind relaxed operations since 4.15, and around atomic_add_unless() since 3.13', () => {
    expect(onAlpha('r1 = atomic_add_return_relaxed(1, v);', '4.14')).not.toContain('MB');
    expect(onAlpha('r1 = atomic_add_return_relaxed(1, v);', '4.15')).toMatch(/^r1 = rmw [^;]*; MB; /);
    expect(onAlpha('atomic_add_unless(v, 1, 0);', '3.12')).not.toMatch(/^MB/);
    expect(onAlpha('atomic_add_unless(v, 1, 0);', '3.13')).toMatch(/^MB; /);
  });

  it('have barriers in sections of SRCU since 3.4', () => {
    expect(onAlpha('r1 = srcu_read_lock(s);', '3.3')).not.toContain('MB');
    expect(onAlpha('r1 = srcu_read_lock(s);', '3.4')).toContain('MB');
  });
});
