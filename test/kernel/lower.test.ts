import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Source } from '../../src/diagnostics.js';
import {
  architectures,
  describeTarget,
  type Era,
  eras,
  type KernelTarget,
  lowerPrimitives,
} from '../../src/kernel/index.js';
import { primitiveSignature, primitiveSpellings } from '../../src/litmus/c/syntax/primitives.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { int32, type Program } from '../../src/program/index.js';
import { corpusFolder } from '../corpus.js';
import { lowerProgram } from '../litmus/c-reading.js';
import { showCode } from '../litmus/show-code.js';

function program(statements: string): Program {
  const { threads, functions, cells, flatMemory } = lowerProgram(
    `P0(int *x, int *y, atomic_t *v) { ${statements} }`,
  );
  return { name: 'test', dialect: 'C', threads, functions, cells, flatMemory };
}

/** What a target makes of statements; accesses are shown without their tags. */
function lowered(statements: string, architecture: KernelTarget['architecture'], era: Era = '2.6'): string {
  const [{ code }] = lowerPrimitives(program(statements), { architecture, era }).threads;
  return showCode(code)
    .map((line) => line.replace(/^fence /, '').replace(/ Once$/, ''))
    .join('; ');
}

const store = 'store s32 x <- 1';
const load = 'r1 = load s32 x';

describe('accesses and barriers', () => {
  // By architecture and era: alpha 2.6, alpha 6.x, i386, pso, sc.
  it.each([
    ['r1 = READ_ONCE(*x);', load, `${load}; MB`, load, load, load],
    ['WRITE_ONCE(*x, 1);', store, store, store, store, store],
    ['r1 = *x;', `${load} Plain`, `${load} Plain`, `${load} Plain`, `${load} Plain`, `${load} Plain`],
    ['smp_mb();', 'MB', 'MB', 'MFENCE', 'MFENCE', ''],
    ['smp_rmb();', 'MB', 'MB', '', '', ''],
    ['smp_wmb();', 'WMB', 'WMB', '', 'STBAR', ''],
    ['smp_store_mb(*x, 1);', `${store}; MB`, `${store}; MB`, `${store}; MFENCE`, `${store}; MFENCE`, store],
    ['smp_store_release(x, 1);', `MB; ${store}`, `MB; ${store}`, store, `STBAR; ${store}`, store],
    ['r1 = smp_load_acquire(x);', `${load}; MB`, `${load}; MB`, load, load, load],
    ['rcu_assign_pointer(*x, 1);', `WMB; ${store}`, `MB; ${store}`, store, `STBAR; ${store}`, store],
    ['r1 = rcu_dereference(*x);', `${load}; MB`, `${load}; MB`, load, load, load],
    ['r1 = lockless_dereference(*x);', `${load}; MB`, `${load}; MB`, load, load, load],
    ['smp_mb__before_atomic();', 'MB', 'MB', '', 'MFENCE', ''],
    ['smp_read_barrier_depends();', 'MB', 'MB', '', '', ''],
    ['barrier(); rcu_read_lock(); preempt_enable(); nmi_exit();', '', '', '', '', ''],
  ])('%s', (statements, alpha26, alpha6, i386, pso, sc) => {
    for (const architecture of ['alpha', 'alpha-linux'] as const) {
      expect(lowered(statements, architecture)).toBe(alpha26);
      expect(lowered(statements, architecture, '6.x')).toBe(alpha6);
    }
    for (const era of eras) {
      expect(lowered(statements, 'i386', era)).toBe(i386);
      expect(lowered(statements, 'pso', era)).toBe(pso);
      expect(lowered(statements, 'sc', era)).toBe(sc);
    }
  });

  it('keeps what kind of access it was', () => {
    const { code } = lowerPrimitives(program('r1 = READ_ONCE(*x); *x = 1;'), {
      architecture: 'sc',
      era: '6.x',
    }).threads[0];
    expect(showCode(code)).toEqual(['r1 = load s32 x Once', 'store s32 x <- 1 Plain']);
  });
});

describe('regions', () => {
  const bounds =
    'rcu_read_lock(); preempt_disable(); nmi_enter(); irq_exit(); rcu_read_unlock_bh(); rcu_read_lock_sched();';
  const section = 'section-begin; section-begin; section-begin; section-end; section-end; section-begin';
  const irqs = 'local_irq_disable(); local_irq_enable(); local_irq_save(r1); local_irq_restore(r1);';

  it.each([
    ['sc', 'grace-period'],
    ['i386', 'MFENCE; grace-period; MFENCE'],
    ['pso', 'MFENCE; grace-period; MFENCE'],
    ['alpha', 'MB; grace-period; MB'],
    ['alpha-linux', 'MB; grace-period; MB'],
  ] as const)('on %s a grace period is %s, and sections have bounds', (architecture, grace) => {
    for (const era of eras) {
      for (const waits of [
        'synchronize_rcu',
        'synchronize_sched',
        'synchronize_rcu_expedited',
        'synchronize_net',
      ]) {
        expect(lowered(`${bounds} ${waits}();`, architecture, era)).toBe(`${section}; ${grace}`);
      }
      expect(lowered(`${irqs} synchronize_rcu();`, architecture, era)).toBe(
        `irq-disable; irq-enable; irq-save; irq-restore; ${grace}`,
      );
    }
  });

  it.each([
    ['sc', '', ''],
    ['i386', '', ''],
    ['pso', '', 'STBAR; '],
    ['alpha', '; MB', 'MB; '],
  ] as const)(
    'on %s a lock is taken with `%s` behind it, and freed with `%s` before',
    (architecture, taken, freeing) => {
      const lock = `%k3 = rmw s32 v <- 1 when !%k3${taken}`;
      const free = `${freeing}store s32 v <- 0 UL`;
      for (const era of eras) {
        expect(lowered('spin_lock(v); spin_unlock(v);', architecture, era)).toBe(`${lock}; ${free}`);
        expect(
          lowered(
            'spin_lock_irqsave(v, r1); spin_unlock_irqrestore(v, r1); synchronize_rcu();',
            architecture,
            era,
          ),
        ).toContain(`irq-save; section-begin; ${lock}; ${free}; irq-restore; section-end; `);
        expect(
          lowered('spin_lock_irq(v); spin_unlock_irq(v); synchronize_rcu();', architecture, era),
        ).toContain(`irq-disable; section-begin; ${lock}; ${free}; irq-enable; section-end; `);
      }
    },
  );

  it('are nothing where no grace period waits for them and no interrupt comes', () => {
    for (const architecture of architectures) expect(lowered(bounds + irqs, architecture)).toBe('');
  });

  it('has bounds of where interrupts are disabled where an interrupt comes', () => {
    const text =
      'P0(int *x) { local_irq_disable(); preempt_disable(); } __irq(P0) P1(int *x) { nmi_enter(); }';
    const { threads, functions, cells, flatMemory } = lowerProgram(text);
    const base: Program = { name: 'test', dialect: 'C', threads, functions, cells, flatMemory };
    const [own, handler] = lowerPrimitives(base, { architecture: 'sc', era: '6.x' }).threads;
    expect(showCode(own.code)).toEqual(['irq-disable']);
    expect(showCode(handler.code)).toEqual([]);
  });
});

describe('read-modify-writes', () => {
  const add = 'rmw s32 v <- ';
  it.each([
    ['alpha', '2.6', 'xchg(x, 1);', '%1 = rmw s32 x <- 1; MB'],
    ['alpha', '6.x', 'r1 = xchg_relaxed(x, 1);', 'MB; r1 = rmw s32 x <- 1; MB'],
    [
      'alpha',
      '2.6',
      'r1 = cmpxchg(x, 0, 1); *y = 1;',
      'r1 = rmw s32 x <- 1 if (r1 == 0); if !(r1 == 0) goto 3; MB; store s32 y <- 1 Plain',
    ],
    ['alpha', '6.x', 'r1 = cmpxchg(x, 0, 1);', 'MB; r1 = rmw s32 x <- 1 if (r1 == 0); MB'],
    ['alpha', '2.6', 'atomic_inc(v);', `%k3 = ${add}s32((%k3 + 1))`],
    ['alpha', '2.6', 'r1 = atomic_add_return(2, v);', `MB; r1 = ${add}s32((r1 + 2)); MB; r1 = s32((r1 + 2))`],
    ['alpha', '6.x', 'r1 = atomic_fetch_add_relaxed(2, v);', `r1 = ${add}s32((r1 + 2)); MB`],
    ['alpha', '6.x', 'r1 = atomic_fetch_add_release(2, v);', `MB; r1 = ${add}s32((r1 + 2)); MB`],
    ['alpha', '2.6', 'r1 = atomic_fetch_sub_acquire(2, v);', `r1 = ${add}s32((r1 - 2)); MB`],
    ['i386', '6.x', 'r1 = atomic_fetch_andnot(2, v);', `r1 = ${add}s32((r1 & ~2))`],
    ['pso', '6.x', 'r1 = xchg_release(x, 1);', 'STBAR; r1 = rmw s32 x <- 1'],
    ['pso', '6.x', 'r1 = xchg(x, 1);', 'MFENCE; r1 = rmw s32 x <- 1; MFENCE'],
    [
      'sc',
      '6.x',
      'r1 = atomic_add_unless(v, 1, 3);',
      `%1 = ${add}s32((%1 + 1)) if (%1 != 3); r1 = (%1 != 3)`,
    ],
    // The value found must not overwrite what is still to be used.
    ['sc', '6.x', 'r1 = 1; r1 = xchg(x, r1);', 'r1 = 1; %k4 = rmw s32 x <- r1; r1 = %k4'],
    [
      'sc',
      '6.x',
      'r1 = 1; r1 = atomic_add_return(r1, v);',
      `r1 = 1; %k4 = ${add}s32((%k4 + r1)); r1 = s32((%k4 + r1))`,
    ],
  ] as const)('%s %s: %s', (architecture, era, statements, wanted) => {
    expect(lowered(statements, architecture, era)).toBe(wanted);
  });

  it('moves the targets of branches', () => {
    expect(
      lowered(
        'while (READ_ONCE(*x)) smp_mb(); r1 = cmpxchg(y, 0, 1); if (r1) smp_store_release(x, 1);',
        'alpha',
      ),
    ).toBe(
      [
        '%1 = load s32 x',
        'if !%1 goto 4',
        'MB',
        'goto 0',
        'r1 = rmw s32 y <- 1 if (r1 == 0)',
        'if !(r1 == 0) goto 7',
        'MB',
        'if !r1 goto 10',
        'MB',
        'store s32 x <- 1',
      ].join('; '),
    );
  });
});

describe('every primitive', () => {
  const names = new Set([...primitiveSpellings()].map((spelling) => primitiveSignature(spelling)!.name));
  const pending = [/^srcu_(?:down|up)_read/, /^k[mz]?(?:alloc|free|malloc|zalloc)$/];

  it.each(architectures)('has accesses and fences on %s, or is refused by name', (architecture) => {
    const base = program('');
    for (const era of eras) {
      for (const name of names) {
        const args = [0, 1, 2].map(() => ({ kind: 'constant', value: 0n }) as const);
        const [thread] = base.threads;
        const instructions = [
          { kind: 'primitive', name, args, target: 0 as never, type: int32, op: '+' },
        ] as const;
        const made = { ...base, threads: [{ ...thread, code: { ...thread.code, instructions } }] };
        const lower = () => lowerPrimitives(made, { architecture, era });
        if (pending.some((pattern) => pattern.test(name))) {
          expect(lower).toThrow(`\`${name}\` is not supported on target ${architecture} (kernel ${era}) yet`);
        } else {
          expect(lower().threads[0].code.instructions.every(({ kind }) => kind !== 'primitive')).toBe(true);
        }
      }
    }
  });

  it('is refused at its place', () => {
    expect(() =>
      lowerPrimitives(program('srcu_up_read(x, 0);'), { architecture: 'alpha', era: '2.6' }),
    ).toThrow(/^test\.litmus:1:35: `srcu_up_read` is not supported on target alpha \(kernel 2\.6\) yet/);
  });

  it('has targets with a description', () => {
    for (const architecture of architectures) {
      for (const era of eras)
        expect(describeTarget({ architecture, era })).toMatch(/; primitives as in Linux/);
    }
  });
});

describe('corpus kernel-c', () => {
  const path = corpusFolder('kernel-c');
  if (!path) {
    it('is skipped: it does not stand beside this checkout', () => {
      console.warn('corpus kernel-c: skipped, not there');
      expect(path).toBeUndefined();
    });
    return;
  }

  it('has no primitive that a target lacks', () => {
    const files = readdirSync(path).filter((file) => file.endsWith('.litmus'));
    expect(files).toHaveLength(645);
    for (const file of files) {
      const test = parseLitmus(new Source(file, readFileSync(join(path, file), 'utf8')));
      for (const architecture of architectures) {
        for (const era of eras) {
          const { threads } = lowerPrimitives(test.program, { architecture, era });
          const left = threads.flatMap(({ code }) =>
            code.instructions.filter(({ kind }) => kind === 'primitive'),
          );
          expect(left).toEqual([]);
        }
      }
    }
  });
});
