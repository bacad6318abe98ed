import { describe, expect, it } from '@jest/globals';
import { describeTarget, lowerPrimitives } from '../../src/kernel/index.js';
import { primitiveSignature, primitiveSpellings } from '../../src/litmus/c/syntax/primitives.js';
import type { Code, Instruction, Program } from '../../src/program/index.js';
import { lowerProgram } from '../litmus/c-reading.js';
import { showCode } from '../litmus/show-code.js';

const target = { architecture: 'lkmm', era: '6.x' } as const;

function lower(statements: string, locks: 'cells' | 'events' = 'cells'): Code {
  const { threads, functions, cells, flatMemory } = lowerProgram(
    `P0(int *x, int *y, atomic_t *v, spinlock_t *s, struct srcu_struct *ss) { ${statements} }`,
  );
  const program: Program = { name: 'test', dialect: 'C', threads, functions, cells, flatMemory };
  return lowerPrimitives(program, { ...target, locks }).threads[0].code;
}

const lowered = (statements: string): string => showCode(lower(statements)).join('; ');

/** The one read-modify-write that a statement comes to. */
function rmwOf(statements: string): Instruction & { kind: 'rmw' } {
  const found = lower(statements).instructions.filter((instruction) => instruction.kind === 'rmw');
  expect(found).toHaveLength(1);
  return found[0];
}

describe('accesses and fences', () => {
  it.each([
    ['r1 = READ_ONCE(*x);', 'r1 = load s32 x ONCE'],
    ['WRITE_ONCE(*x, 1);', 'store s32 x <- 1 ONCE'],
    ['r1 = *x;', 'r1 = load s32 x Plain'],
    ['r1 = smp_load_acquire(x);', 'r1 = load s32 x ACQUIRE'],
    ['smp_store_release(x, 1);', 'store s32 x <- 1 RELEASE'],
    ['smp_store_mb(*x, 1);', 'store s32 x <- 1 ONCE; fence MB'],
    ['rcu_assign_pointer(*x, 1);', 'store s32 x <- 1 RELEASE'],
    ['r1 = rcu_dereference(*x);', 'r1 = load s32 x ONCE'],
    ['r1 = atomic_read(v);', 'r1 = load s32 v ONCE'],
    ['atomic_set_release(v, 1);', 'store s32 v <- 1 RELEASE'],
    ['smp_mb(); smp_rmb(); smp_wmb(); barrier();', 'fence MB; fence rmb; fence wmb; fence barrier'],
    [
      'smp_mb__before_atomic(); smp_mb__after_atomic(); smp_mb__after_spinlock();',
      'fence before-atomic; fence after-atomic; fence after-spinlock',
    ],
    [
      'smp_mb__after_unlock_lock(); smp_mb__after_srcu_read_unlock();',
      'fence after-unlock-lock; fence after-srcu-read-unlock',
    ],
    [
      'rcu_read_lock(); rcu_read_unlock(); synchronize_rcu(); synchronize_rcu_expedited();',
      'fence rcu-lock; fence rcu-unlock; fence sync-rcu; fence sync-rcu',
    ],
    ['r1 = srcu_read_lock(ss);', 'r1 = load s32 ss srcu-lock'],
    ['srcu_read_unlock(ss, 0);', 'store s32 ss <- 0 srcu-unlock'],
    ['synchronize_srcu(ss);', 'fence sync-srcu ss'],
    [
      'preempt_disable(); nmi_exit(); synchronize_sched();',
      'fence rcu-lock; fence rcu-unlock; fence sync-rcu',
    ],
  ])('%s', (statements, wanted) => {
    expect(lowered(statements)).toBe(wanted);
  });
});

describe('locks', () => {
  it('are cells: to take one is an atomic exchange that waits, to free one a store', () => {
    expect(lowered('spin_lock(s); spin_unlock(s);')).toBe(
      '%k5 = rmw s32 s <- 1 when !%k5; store s32 s <- 0 UL',
    );
    expect(rmwOf('spin_lock(s);')).toMatchObject({ readTags: ['LKR'], writeTags: ['LKW'], blocks: true });
  });

  it('can be tried and tested', () => {
    expect(lowered('r1 = spin_trylock(s);')).toBe('%k6 = rmw s32 s <- 1 if !%k6; r1 = !%k6');
    expect(rmwOf('r1 = spin_trylock(s);')).toMatchObject({ readTags: ['LKR'], failureTags: ['LF'] });
    expect(lowered('r1 = spin_is_locked(s);')).toBe('%k6 = load s32 s RL RU; r1 = (%k6 != 0)');
    expect(lowered('spin_trylock(s);')).toMatch(/^%\S+ = rmw s32 s <- 1 if !%/);
  });
});

describe('locks as events', () => {
  it.each([
    ['spin_lock(s); spin_unlock(s);', 'fence LKR s; fence LKW s; fence UL s'],
    [
      'r1 = spin_trylock(s);',
      'if free goto 5; fence LKR s; fence LKW s; r1 = 1; goto 6; r1 = 0 of fence LF s',
    ],
    ['r1 = spin_is_locked(s);', 'if free goto 3; r1 = 1 of fence RL s; goto 4; r1 = 0 of fence RU s'],
  ])('%s', (statements, wanted) => {
    expect(showCode(lower(statements, 'events')).join('; ')).toBe(wanted);
  });

  it('stand where they do among other code', () => {
    expect(showCode(lower('barrier(); if (spin_is_locked(s)) smp_mb();', 'events'))).toEqual([
      'fence barrier',
      'if free goto 4',
      '%1 = 1 of fence RL s',
      'goto 5',
      '%1 = 0 of fence RU s',
      'if !%1 goto 7',
      'fence MB',
    ]);
  });
});

describe('atomic operations', () => {
  it.each([
    ['xchg(x, 1);', 'MB'],
    ['xchg_relaxed(x, 1);', 'ONCE'],
    ['atomic_inc(v);', 'NORETURN'],
    ['r1 = atomic_add_return(1, v);', 'MB'],
    ['r1 = atomic_fetch_add_acquire(1, v);', 'ACQUIRE'],
    ['r1 = atomic_dec_return_release(v);', 'RELEASE'],
    ['r1 = cmpxchg(x, 0, 1);', 'MB'],
    ['r1 = atomic_cmpxchg_acquire(v, 0, 1);', 'ACQUIRE'],
    ['r1 = atomic_add_unless(v, 1, 3);', 'MB'],
    ['r1 = atomic_dec_and_test(v);', 'MB'],
  ])('%s carries the tag %s on both accesses', (statement, tag) => {
    expect(rmwOf(statement)).toMatchObject({ readTags: [tag], writeTags: [tag], uncontrolled: true });
  });

  it('that fail are a read of an atomic operation', () => {
    expect(rmwOf('r1 = cmpxchg_release(x, 0, 1);').failureTags).toEqual(['RELEASE', 'RMW']);
  });
});

describe('every primitive', () => {
  it('is events of the model, or is refused by name', () => {
    const names = new Set([...primitiveSpellings()].map((spelling) => primitiveSignature(spelling)!.name));
    const refused = [...names].filter((name) => {
      const args = [0, 1, 2].map(() => ({ kind: 'constant', value: 0n }) as const);
      const code = lower('');
      const instructions = [
        { kind: 'primitive', name, args, type: { bits: 32, signed: true }, op: '+' },
      ] as const;
      const [thread] = lowerProgram('P0() {}').threads;
      const program: Program = {
        name: 'test',
        dialect: 'C',
        functions: [],
        cells: [],
        flatMemory: false,
        threads: [{ ...thread, code: { ...code, instructions } }],
      };
      try {
        lowerPrimitives(program, target);
        return false;
      } catch (error) {
        expect(String(error)).toContain(`\`${name}\` is not supported on target lkmm (kernel 6.x) yet`);
        return true;
      }
    });
    expect(refused).toEqual(['kmalloc', 'kzalloc', 'kfree']);
  });

  it('has a target with a description', () => {
    expect(describeTarget(target)).toBe(
      'the Linux-kernel memory model: what the kernel counts on, whatever the machine',
    );
  });
});
