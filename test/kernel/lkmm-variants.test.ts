import { describe, expect, it } from '@jest/globals';
import { loadModel, shippedModelFile } from '../../src/cat/index.js';
import { check } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { type LkmmVariant, lowerPrimitives } from '../../src/kernel/index.js';
import { Macros, parseLitmus } from '../../src/litmus/index.js';
import { showCode } from '../litmus/show-code.js';

const macros = Macros.parse(
  new Source(
    'old.def',
    `READ_ONCE(X) __load{once}(X)
WRITE_ONCE(X,V) { __store{once}(X,V); }
rcu_dereference(X) __load{deref}(X)
smp_mb() { __fence{mb}; }
xchg(X,V) __xchg{mb}(X,V)
xchg_acquire(X,V) __xchg{acquire}(X,V)
xchg_release(X,V) __xchg{release}(X,V)
cmpxchg(X,V,W) __cmpxchg{mb}(X,V,W)
cmpxchg_acquire(X,V,W) __cmpxchg{acquire}(X,V,W)
atomic_inc(X) { __atomic_op(X,+,1); }
atomic_add_return(V,X) __atomic_op_return{mb}(X,+,V)
`,
  ),
);

const parsed = (statements: string) =>
  parseLitmus(`C test\n{}\nP0(int *x, atomic_t *v) { int r0; ${statements} }\nexists (x=1)`, { macros });

/** The code of statements, with the tags of read-modify-writes: read, write, read that fails. */
function lowered(statements: string, variant: LkmmVariant): string {
  const { program } = parsed(statements);
  const { code } = lowerPrimitives(program, { architecture: 'lkmm', era: '6.x', variant }).threads[0];
  const tags = code.instructions.flatMap((one) =>
    one.kind === 'rmw' ? [[one.readTags, one.writeTags, one.failureTags].map(String).join('/')] : [],
  );
  return [...showCode(code).map((line) => line.replace(/%k?\d+/g, '%')), ...new Set(tags)].join('; ');
}

describe('lkmmv1', () => {
  it.each([
    ['r0 = xchg(x, 1);', 'fence mb; r0 = rmw s32 x <- 1; fence mb; once/once/once,RMW'],
    ['r0 = xchg_acquire(x, 1);', 'r0 = rmw s32 x <- 1; acquire/once/once,RMW'],
    ['r0 = xchg_release(x, 1);', 'r0 = rmw s32 x <- 1; once/release/once,RMW'],
    ['atomic_inc(v);', '% = rmw s32 v <- s32((% + 1)); noreturn/once/once,RMW'],
    [
      'r0 = cmpxchg(x, 0, 1);',
      'if free goto 5; fence mb; r0 = rmw s32 x <- 1 when (r0 == 0); fence mb; goto 6; ' +
        'r0 = rmw s32 x <- 1 unless (r0 == 0); once/once/once,RMW',
    ],
    ['r0 = cmpxchg_acquire(x, 0, 1);', 'r0 = rmw s32 x <- 1 if (r0 == 0); acquire/once/once,RMW'],
  ])('%s', (statements, wanted) => {
    expect(lowered(statements, 'lkmmv1')).toBe(wanted);
  });

  it('has atomic_add_unless() without a macro, always fenced', () => {
    expect(lowered('r0 = atomic_add_unless(v, 1, 3);', 'lkmmv1')).toMatch(
      /^if free goto 5; fence mb; % = rmw .* when .*; fence mb; goto 6; % = rmw .* unless /,
    );
  });
});

describe('both variants', () => {
  it('make a barrier of its own after a load that begins a dependency', () => {
    for (const variant of ['lkmmv1', 'lkmmv2'] as const)
      expect(lowered('r0 = rcu_dereference(*x);', variant)).toBe('r0 = load s32 x once; fence rb_dep');
  });
});

describe('a model that knows fences alone', () => {
  const model = loadModel(
    'fences.cat',
    `"fences"
acyclic po-loc | com as coherence
acyclic [M]; po; [MB & F]; po; [M] | rf | co | fr as order`,
    { include: shippedModelFile },
  );
  /** Whether P0 can read y = 0 after its operation although P1 had stored it before it read x = 0. */
  const observation = (operation: string, variant: LkmmVariant): string => {
    const test = parseLitmus(
      `C SB
{}
P0(int *x, int *y, atomic_t *v) { int r0; int r1; ${operation} r1 = READ_ONCE(*y); }
P1(int *x, int *y, atomic_t *v) { int r1; WRITE_ONCE(*y, 1); smp_mb(); r1 = READ_ONCE(*x); }
exists (0:r1=0 /\\ 1:r1=0)`,
      { macros },
    );
    return check(test, model, { target: { architecture: 'lkmm', era: '6.x', variant } }).verdict;
  };

  it('sees those of operations that succeed, under lkmmv1', () => {
    expect(observation('r0 = xchg(x, 1);', 'lkmmv1')).toBe('Never');
    expect(observation('r0 = cmpxchg(x, 0, 1);', 'lkmmv1')).toBe('Never');
    expect(observation('r0 = xchg_release(x, 1);', 'lkmmv1')).toBe('Sometimes');
    expect(observation('WRITE_ONCE(*x, 1); r0 = cmpxchg(x, 0, 2);', 'lkmmv1')).toBe('Sometimes');
  });

  it('sees none under lkmmv2', () => {
    expect(observation('r0 = xchg(x, 1);', 'lkmmv2')).toBe('Sometimes');
    expect(observation('r0 = cmpxchg(x, 0, 1);', 'lkmmv2')).toBe('Sometimes');
  });
});
