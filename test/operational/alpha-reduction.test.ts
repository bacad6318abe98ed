import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { machineWords, regionWords, samples } from '../../src/arbitraries/index.js';
import { checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { AlphaReduction } from '../../src/operational/window/window-reduction.js';
import { formatState } from '../../src/report/index.js';
import { runs } from '../seed.js';
import { expectSame } from './exploring.js';

describe.each([{ name: 'alpha-linux' }, { name: 'alpha' }])('reduction of $name', ({ name }) => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('reaches the same final states, whichever of the sets of steps that it finds stands for all', () => {
    let turn = 0;
    jest.spyOn(AlphaReduction.prototype, 'choose').mockImplementation(function (
      this: AlphaReduction,
      state,
      isBarred,
    ) {
      const choices = this.choices(state, isBarred);
      return choices[turn++ % choices.length];
    });
    fc.assert(
      fc.property(
        fc.oneof(
          samples({ words: machineWords, faults: false }),
          samples({ words: regionWords, faults: false }),
        ),
        fc.boolean(),
        ({ program }, all) => expectSame(program, name, all),
      ),
      runs(60),
    );
  });
});

/**
 * P0 waits for x to be 1, and then stores to z; this store may take effect before all the loads of the loop, so that P1 stores to x only
 * after it. What a round of the loop does besides must not be lost with it.
 */
describe('a loop of which rounds must not be left out', () => {
  const states = (loop: string, stores: string, name: 'alpha-linux' | 'alpha') => {
    const test = parseLitmus(
      new Source(
        'test',
        `C t
{}
P0(int *x, int *y, int *z) { ${loop} WRITE_ONCE(*z, 1); }
P1(int *x, int *y, int *z) { int r = READ_ONCE(*z); smp_mb(); ${stores} }
locations [0:c; 1:r;]
exists (true)`,
      ),
    );
    const { observables, ...result } = checkOnMachine(test, name, {
      question: 'states',
      target: { architecture: name, era: '2.6' },
    });
    expect(result.incomplete).toEqual([]);
    return result.states.map((state) => formatState(state, observables, test.program)).sort();
  };

  it.each(['alpha-linux', 'alpha'] as const)('as it counts, %s', (name) => {
    const loop = 'int c = 0; int r; do { r = READ_ONCE(*x); c = c | r; } while (r != 1);';
    const stores = 'WRITE_ONCE(*x, 2); WRITE_ONCE(*x, 1);';
    // x may be seen to be 2 or not, by loads before which z is seen to be 1 or not.
    expect(states(loop, stores, name)).toEqual([
      '0:c=1; 1:r=0;',
      '0:c=1; 1:r=1;',
      '0:c=3; 1:r=0;',
      '0:c=3; 1:r=1;',
    ]);
  });

  it.each(['alpha-linux', 'alpha'] as const)('as the next round looks at what it has read, %s', (name) => {
    const loop =
      'int c = 0; int r; do { r = READ_ONCE(*x); if (r != 3) continue; if (c == 1) break; c = READ_ONCE(*y); } while (c != 2);';
    const stores = 'WRITE_ONCE(*x, 3); WRITE_ONCE(*y, 1);';
    expect(states(loop, stores, name)).toEqual(['0:c=1; 1:r=0;', '0:c=1; 1:r=1;']);
  });

  it.each(['alpha-linux', 'alpha'] as const)('as it stands in another that counts, %s', (name) => {
    const loop =
      'int c = 0; int r; do { c = c + 1; do { r = READ_ONCE(*x); } while (r != 1); } while (c != 2);';
    expect(states(loop, 'WRITE_ONCE(*x, 1);', name)).toEqual(['0:c=2; 1:r=0;', '0:c=2; 1:r=1;']);
  });
});
