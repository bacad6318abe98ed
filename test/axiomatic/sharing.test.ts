import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type CheckResult, check, type SearchStrategy } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedModel } from '../models.js';
import { modelNames, statesOf } from '../oracle/asking.js';
import { runs } from '../seed.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

type Access = readonly [kind: 'store' | 'load', place: 'x' | 'y' | 'z'];

/** A test whose threads store numbers of their own and load; its condition is about one location, or one register. */
function textOf(threads: readonly (readonly Access[])[], condition: string): string {
  let value = 0;
  const bodies = threads.map((accesses, thread) => {
    const lines = accesses.map(([kind, place], at) =>
      kind === 'store' ? `WRITE_ONCE(*${place}, ${++value});` : `int r${at} = READ_ONCE(*${place});`,
    );
    return `P${thread}(int *x, int *y, int *z)\n{\n${lines.join('\n')}\n}`;
  });
  return `C shared\n{ }\n${bodies.join('\n')}\nexists (${condition})\n`;
}

function count(text: string, model: string, search: SearchStrategy): CheckResult {
  const test = parseLitmus(new Source('shared', text));
  const target = { architecture: 'sc', era: '6.x' } as const;
  return check(test, shippedModel(model), { question: 'count', search, target });
}

const inShort = (result: CheckResult) => [result.positive, result.negative, statesOf(result)];

describe('executions that differ in the order of writes to independent locations', () => {
  const access = fc.tuple(
    fc.constantFrom('store' as const, 'store' as const, 'load' as const),
    fc.constantFrom('x' as const, 'y' as const, 'z' as const),
  );
  const threads = fc
    .array(fc.array(access, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 })
    .filter((all) => all.flat().length <= 8);

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

  it('are not looked at one by one', () => {
    const stores = ['x', 'x', 'x', 'x', 'y', 'y', 'y', 'y'] as const;
    const text = textOf(
      stores.map((place) => [['store', place]]),
      'x=1',
    );
    // 4! orders of the stores to x, of which a quarter ends with the first one, with 4! orders of those to y.
    for (const model of modelNames) {
      const result = count(text, model, 'directed');
      expect([result.positive, result.negative]).toEqual([144, 432]);
      expect(result.counts.executions).toBe(4);
    }
  });
});
