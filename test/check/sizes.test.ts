import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type CheckResult, check, checkOnMachine } from '../../src/check/index.js';
import { SourceError } from '../../src/diagnostics.js';
import type { Architecture } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedModel } from '../models.js';
import { runs } from '../seed.js';

const machines: readonly Architecture[] = ['sc', 'i386', 'pso', 'alpha', 'alpha-linux'];

/** What both engines make of a test on a machine. */
function answers(text: string, architecture: Architecture): CheckResult[] {
  const test = parseLitmus(text);
  const options = { target: { architecture, era: '6.x' }, question: 'states' } as const;
  return [check(test, shippedModel(architecture), options), checkOnMachine(test, architecture, options)];
}

function reasons(text: string, architecture: Architecture): string[] {
  const test = parseLitmus(text);
  const options = { target: { architecture, era: '6.x' } } as const;
  const ask = [
    () => check(test, shippedModel(architecture), options),
    () => checkOnMachine(test, architecture, options),
  ];
  return ask.map((run) => {
    try {
      return run().verdict;
    } catch (error) {
      if (error instanceof SourceError) return error.reason;
      throw error;
    }
  });
}

describe('an access at an address that only an execution shows', () => {
  const through = (type: string): string => `C through
{ int *p = x; int x = 511; u8 y; }
P0(int **p, int *x) { ${type} *q = (${type} *)READ_ONCE(*p); int r = READ_ONCE(*q); }
P1(int **p, u8 *y) { WRITE_ONCE(*p, (int *)y); }
exists (0:r=0)`;

  it.each(machines)('is in error on %s where it has another size, in the same words', (machine) => {
    const size = (bytes: string, name: string, has: string): string =>
      `through: an access of ${bytes} where \`${name}\` has ${has}: accesses of mixed sizes are not supported`;
    const byte = size('1 byte', 'x', '4 bytes');
    expect(reasons(through('u8'), machine)).toEqual([byte, byte]);
    const word = size('4 bytes', 'y', '1 byte');
    expect(reasons(through('u32'), machine)).toEqual([word, word]);
  });
});

describe('an access of another sign', () => {
  const width = fc.constantFrom(8, 16, 32, 64);
  const shape = width.chain((bits) => {
    const type = fc.constantFrom(`s${bits}`, `u${bits}`);
    return fc.record({
      bits: fc.constant(bits),
      held: type,
      written: type,
      read: type,
      value: fc.bigInt(-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n),
      machine: fc.constantFrom(...machines),
    });
  });

  it('gives the same bits, as the type of the access reads them', () => {
    fc.assert(
      fc.property(shape, ({ bits, held, written, read, value, machine }) => {
        const text = `C sign
{ }
static ${read} get(${read} *p) { return READ_ONCE(*p); }
static void put(${written} *p, ${written} v) { WRITE_ONCE(*p, v); }
P0(${held} *x) { put(x, ${value}); ${read} r = get(x); ${read} s = xchg((${read} *)x, 0); }
exists (true)
`.replace('exists', 'locations [0:r; 0:s] exists');
        const as = (type: string): bigint =>
          type.startsWith('s') ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
        for (const { states } of answers(text, machine))
          expect(states.map(({ values }) => values)).toEqual([[as(read), as(read)]]);
      }),
      runs(60),
    );
  });

  it('leaves in the location a value of its own type', () => {
    fc.assert(
      fc.property(shape, ({ bits, held, written, value, machine }) => {
        const add = bits === 64 ? 'atomic64_fetch_add' : 'atomic_fetch_add';
        const text = `C sign
{ }
P0(${held} *x) { ${written} *p = (${written} *)x; WRITE_ONCE(*p, ${value}); }
P1(${held} *x) { ${written} r = ${add}(1, (${written} *)x); }
locations [x; 1:r] forall (true)`;
        const as = (type: string, v: bigint): bigint =>
          type.startsWith('s') ? BigInt.asIntN(bits, v) : BigInt.asUintN(bits, v);
        const expected = [
          [0n, as(held, value)],
          [as(written, value), as(held, value + 1n)],
        ].map(String);
        for (const { states } of answers(text, machine)) {
          const found = states.map(({ values }) => String(values));
          expect(found.sort()).toEqual(expected.sort());
        }
      }),
      runs(60),
    );
  });
});
