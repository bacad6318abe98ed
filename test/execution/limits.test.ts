import { describe, expect, it } from '@jest/globals';
import { Source } from '../../src/diagnostics.js';
import { unfoldProgram } from '../../src/execution/index.js';
import { binary, constant, type Instruction, type Program } from '../../src/program/index.js';
import { assign, branch, call, jump, load, program, r, store } from '../oracle/code.js';
import { waysOf } from './traces.js';

const source = new Source('code', 'a loop');
/** An instruction with a place in a text. */
const placed = (instruction: Instruction, start: number): Instruction => ({
  ...instruction,
  span: { source, start, end: start + 1 },
});

const isZero = binary('==', r(0), constant(0));

function cutOf(one: Program, unroll: number): number[] {
  return unfoldProgram(one, { unroll }).cut.map(({ start }) => start);
}

describe('loops', () => {
  const spin = program({
    cells: { x: 0 },
    threads: [[load(0, 'x'), placed(branch(isZero, 0), 3)], [store('x', 1)]],
  });

  it.each([0, 1, 2, 5])('that reads decide start again %d times, and say where they were cut', (unroll) => {
    const ways = waysOf(spin, 0, unroll);
    expect(ways).toHaveLength(unroll + 1);
    expect(cutOf(spin, unroll)).toEqual([3]);
  });

  it('that end by themselves are followed to their end', () => {
    const count = [
      assign(0, 0),
      store('x', r(0)),
      assign(0, binary('+', r(0), constant(1))),
      placed(branch(binary('<', r(0), constant(6)), 1), 3),
    ];
    const one = program({ cells: { x: 0 }, threads: [count] });
    expect(waysOf(one)).toEqual(['Wx=0; Wx=1; Wx=2; Wx=3; Wx=4; Wx=5']);
    expect(cutOf(one, 2)).toEqual([]);
  });

  it('that never end and read nothing are known to have no way out', () => {
    const silent = program({ cells: { x: 0 }, threads: [[placed(jump(0), 2)]] });
    const storing = program({ cells: { x: 0 }, threads: [[store('x', 1), placed(jump(0), 2)]] });
    for (const one of [silent, storing]) {
      expect(waysOf(one)).toEqual([]);
      expect(cutOf(one, 2)).toEqual([]);
    }
  });

  it('that count up without an end are given up', () => {
    const count = [assign(0, binary('+', r(0), constant(1))), jump(0)].map((one) => placed(one, 2));
    const one = program({ cells: { x: 0 }, threads: [count] });
    expect(waysOf(one)).toEqual([]);
    expect(cutOf(one, 2)).toEqual([2]);
  });

  it('that wait for a value nobody writes have no way out', () => {
    const one = program({ cells: { x: 0 }, threads: [[load(0, 'x'), placed(branch(isZero, 0), 3)]] });
    expect(waysOf(one)).toEqual([]);
    expect(cutOf(one, 2)).toEqual([3]);
  });

  it('are not cut where one round is enough', () => {
    const retry = [load(0, 'x'), placed(branch(isZero, 0), 3)];
    const one = program({ cells: { x: 1 }, threads: [retry] });
    expect(waysOf(one)).toEqual(['Rx']);
    expect(cutOf(one, 2)).toEqual([]);
  });
});

describe('recursion', () => {
  it('goes as deep as the limit and says where it was cut', () => {
    const functions = { deeper: [load(0, 'x'), branch(r(0), 3), placed(call(1, 'deeper'), 1)] };
    const one = program({ cells: { x: 0 }, functions, threads: [[call(1, 'deeper')], [store('x', 1)]] });
    expect(waysOf(one, 0, 2).map((way) => way.split(';').length)).toEqual([1, 2, 3]);
    expect(cutOf(one, 2)).toEqual([1]);
  });
});
