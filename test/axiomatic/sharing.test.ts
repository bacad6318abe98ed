import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type CheckResult, check, type SearchStrategy } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedModel } from '../models.js';
import { modelNames, statesOf } from '../oracle/asking.js';
import { runs } from '../seed.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

type Kind = 'store' | 'load' | 'release' | 'acquire' | 'barrier' | 'plain';
type Access = readonly [kind: Kind, place: 'x' | 'y' | 'z'];

/** A test whose threads store numbers of their own and load; its condition is about one location, or one register. */
function textOf(threads: readonly (readonly Access[])[], condition: string): string {
  let value = 0;
  const bodies = threads.map((accesses, thread) => {
    const lines = accesses.map(([kind, place], at) => {
      switch (kind) {
        case 'store':
          return `WRITE_ONCE(*${place}, ${++value});`;
        case 'plain':
          return `*${place} = ${++value};`;
        case 'release':
          return `smp_store_release(${place}, ${++value});`;
        case 'load':
          return `int r${at} = READ_ONCE(*${place});`;
        case 'acquire':
          return `int r${at} = smp_load_acquire(${place});`;
        default:
          return place === 'x' ? 'smp_wmb();' : 'smp_mb();';
      }
    });
    return `P${thread}(int *x, int *y, int *z)\n{\n${lines.join('\n')}\n}`;
  });
  return `C shared\n{ }\n${bodies.join('\n')}\nexists (${condition})\n`;
}

function count(text: string, model: string, search: SearchStrategy): CheckResult {
  const test = parseLitmus(new Source('shared', text));
  const target = { architecture: model === 'lkmm' ? 'lkmm' : 'sc', era: '6.x' } as const;
  return check(test, shippedModel(model), { question: 'count', search, target });
}

const inShort = (result: CheckResult) => [result.positive, result.negative, statesOf(result)];

describe('executions that differ in the order of writes to independent locations', () => {
  const threadsOf = (kinds: readonly Kind[]) => {
    const access = fc.tuple(
      fc.constantFrom(...kinds),
      fc.constantFrom('x' as const, 'y' as const, 'z' as const),
    );
    return fc
      .array(fc.array(access, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 })
      .filter((all) => all.flat().filter(([kind]) => kind !== 'barrier').length <= 8);
  };
  const threads = threadsOf(['store', 'store', 'load']);

  it('are as many as there are when each is looked at', () => {
    fc.assert(
      fc.property(threads, fc.constantFrom('x=1', 'x=1 /\\ y=2', '0:r0=1'), (accesses, condition) => {
        const text = textOf(accesses, condition);
        for (const model of [...modelNames, 'lkmm']) {
          expect(inShort(count(text, model, 'directed'))).toEqual(inShort(count(text, model, 'naive')));
        }
      }),
      runs(150),
    );
  });

  it('are as many under the Linux-kernel model, with what it orders', () => {
    const marked = ['store', 'store', 'store', 'load', 'release', 'acquire', 'barrier'] as const;
    const kinds = fc.constantFrom<(readonly Kind[])[]>(marked, marked, marked, [...marked, 'plain']);
    let shared = 0;
    fc.assert(
      fc.property(kinds.chain(threadsOf), fc.constantFrom('x=1', 'x=1 /\\ y=2'), (accesses, condition) => {
        const text = textOf(accesses, condition);
        const result = count(text, 'lkmm', 'directed');
        expect([...inShort(result), result.flags]).toEqual(
          ((naive) => [...inShort(naive), naive.flags])(count(text, 'lkmm', 'naive')),
        );
        if (result.counts.executions < result.positive + result.negative) shared++;
      }),
      runs(150),
    );
    expect(shared).toBeGreaterThan(5);
  });

  it('are not looked at one by one', () => {
    const stores = ['x', 'x', 'x', 'x', 'y', 'y', 'y', 'y'] as const;
    const text = textOf(
      stores.map((place) => [['store', place]]),
      'x=1',
    );
    // 4! orders of the stores to x, of which a quarter ends with the first one, with 4! orders of those to y.
    for (const model of [...modelNames, 'lkmm']) {
      const result = count(text, model, 'directed');
      expect([result.positive, result.negative]).toEqual([144, 432]);
      expect(result.counts.executions).toBe(4);
    }
  });
});
