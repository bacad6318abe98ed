import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { machineWords, samples } from '../../src/arbitraries/index.js';
import { boundsOf } from '../../src/execution/bounds.js';
import { CellTable } from '../../src/program/cells.js';
import { addressOf, asRead, binary, constant, type Program, valueKey } from '../../src/program/index.js';
import { isAny } from '../oracle/arithmetic.js';
import { candidatesOf } from '../oracle/candidates.js';
import { assign, branch, call, leave, load, program, r, rmw, store } from '../oracle/code.js';
import { TooMany } from '../oracle/oracle.js';
import { runs } from '../seed.js';

/** By location, the values that it can hold, sorted; `any` where nothing is known. */
function boundsIn(one: Program): Record<string, string> {
  const cells = new CellTable(one);
  const bounds = boundsOf(one, cells);
  return Object.fromEntries(
    cells.cells.map(({ name }, cell) => [
      name,
      bounds[cell] ? [...bounds[cell].keys()].sort().join() : 'any',
    ]),
  );
}

const isZero = (index: number) => binary('==', r(index), constant(0));

describe('what locations can hold in any model', () => {
  it('is what some instruction stores, whether a branch leads there or not', () => {
    const thread = (from: string, to: string) => [load(0, from), branch(isZero(0), 3), store(to, 1)];
    const one = program({ cells: { x: 0, y: 0 }, threads: [thread('x', 'y'), thread('y', 'x')] });
    expect(boundsIn(one)).toEqual({ x: '0,1', y: '0,1' });
  });

  it('follows copies and sums, and is anything for what comes back to itself', () => {
    const passed = [load(0, 'x'), store('y', binary('+', r(0), constant(2)))];
    const counted = rmw(0, 'z', binary('+', r(0), constant(1)));
    const one = program({ cells: { x: 3, y: 0, z: 0 }, threads: [passed, [counted], [counted]] });
    expect(boundsIn(one)).toEqual({ x: '3', y: '0,5', z: 'any' });
  });

  it('keeps what a register held before apart from what it holds later', () => {
    const one = program({
      cells: { x: 0, y: 0 },
      threads: [[assign(0, 1), store('x', r(0)), assign(0, 2), store('y', r(0))]],
    });
    expect(boundsIn(one)).toEqual({ x: '0,1', y: '0,2' });
  });

  it('has only the locations that an address that is read can be', () => {
    const one = program({ cells: { a: 0, b: 0, p: 'a' }, threads: [[load(0, 'p'), store(r(0), 1)]] });
    expect(boundsIn(one)).toEqual({ a: '0,1', b: '0', p: '&a+0' });
  });

  it('has what two addresses bring about for each other', () => {
    const thread = (place: string) => [load(0, place), store(r(0), addressOf(place))];
    const one = program({ cells: { a: 0, b: 0, p: 'a', q: 'b' }, threads: [thread('p'), thread('q')] });
    const { p, q } = boundsIn(one);
    expect([p, q]).toEqual(['&a+0,&p+0,&q+0', '&b+0,&p+0,&q+0']);
  });

  it('goes into functions and back', () => {
    const one = program({
      cells: { x: 0, y: 0 },
      threads: [[load(0, 'x'), call(1, addressOf('twice'), 5), store('y', r(1))]],
      functions: { twice: [leave(binary('+', r(0), r(0)))] },
    });
    expect(boundsIn(one)).toEqual({ x: '0', y: '0,10' });
  });

  it('is never less than what a candidate execution reads', () => {
    let tried = 0;
    fc.assert(
      fc.property(samples({ words: { ...machineWords, memory: true } }), ({ program: one }) => {
        const cells = new CellTable(one);
        const bounds = boundsOf(one, cells);
        for (const { skeleton } of candidatesIn(one)) {
          for (const { kind, cell, value } of skeleton.events) {
            if (kind !== 'R' || !bounds[cell]) continue;
            // What stands for any value comes from itself.
            expect(isAny(value)).toBe(false);
            expect([...bounds[cell].keys()]).toContain(valueKey(asRead(value)));
            tried++;
          }
        }
      }),
      { ...runs(200), maxSkipsPerRun: 1000 },
    );
    expect(tried).toBeGreaterThan(1000);
  });
});

function candidatesIn(one: Program): ReturnType<typeof candidatesOf> {
  try {
    return candidatesOf(one, 500);
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    return fc.pre(false) as never;
  }
}
