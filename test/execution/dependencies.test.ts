import { describe, expect, it } from '@jest/globals';
import { addressOf, binary, constant, type Instruction } from '../../src/program/index.js';
import { assign, branch, call, fence, jump, leave, load, program, r, rmw, store } from '../oracle/code.js';
import { cpusOf, traceText, waysOf } from './traces.js';

const cells = { x: 0, y: 0, z: 0 };
const same = (index: number) => binary('^', r(index), r(index));
/** So that reads of x can return 0 and 1. */
const writer = [store('x', 1)];

function ways(code: readonly Instruction[], scope: 'join' | 'rest' = 'join'): string[] {
  return waysOf(program({ cells, threads: [{ code, scope }, writer] }));
}

describe('control dependencies', () => {
  const conditional = [load(0, 'x'), branch(r(0), 3), store('y', 1), store('z', 1)];

  it('end in C where the ways of the branch meet', () => {
    expect(ways(conditional)).toEqual(['Rx; Wy=1 ctrl:0; Wz=1', 'Rx; Wz=1']);
  });

  it('last in assembly', () => {
    expect(ways(conditional, 'rest')).toEqual(['Rx; Wy=1 ctrl:0; Wz=1 ctrl:0', 'Rx; Wz=1 ctrl:0']);
  });

  it('stand on both ways of an if and else', () => {
    const code = [load(0, 'x'), branch(r(0), 4), store('y', 1), jump(5), store('y', 2), fence()];
    expect(ways(code)).toEqual(['Rx; Wy=1 ctrl:0; F', 'Rx; Wy=2 ctrl:0; F']);
  });

  it('add up in nested branches', () => {
    const code = [
      load(0, 'x'),
      branch(r(0), 7),
      load(1, 'x'),
      branch(r(1), 5),
      store('y', 1),
      store('y', 2),
      store('y', 3),
      store('z', 1),
    ];
    expect(ways(code)).toEqual([
      'Rx; Rx ctrl:0; Wy=1 ctrl:0,1; Wy=2 ctrl:0; Wy=3 ctrl:0; Wz=1',
      'Rx; Rx ctrl:0; Wy=2 ctrl:0; Wy=3 ctrl:0; Wz=1',
      'Rx; Wz=1',
    ]);
  });

  it('come in C of a branch on what a branch chose as well, and of nothing else that uses it', () => {
    // r1 is 1 where r0 is: a second branch goes by it.
    const chosen = [load(0, 'x'), branch(binary('==', r(0), constant(0)), 3), assign(1, 1)];
    const goesOn = [
      assign(2, r(1)),
      branch(binary('==', r(2), constant(0)), 6),
      store('y', 1),
      store('z', r(2)),
    ];
    expect(ways([...chosen, ...goesOn])).toEqual(['Rx; Wy=1 ctrl:0; Wz=1', 'Rx; Wz=0']);
  });

  it('are not made by a branch that no read decides', () => {
    expect(ways([assign(0, 1), branch(r(0), 3), store('y', 1), store('z', 1)])).toEqual(['Wz=1']);
  });

  it('are made by a branch whose two ways are one, and by a read whose value does not matter', () => {
    const code = [load(0, 'x'), branch(same(0), 3), store('y', 1), store('z', 1)];
    expect(ways(code, 'rest')).toEqual(['Rx; Wy=1 ctrl:0; Wz=1 ctrl:0']);
  });

  it('run from each round of a loop to the next, and not past it in C', () => {
    const spin = [load(0, 'x'), branch(binary('==', r(0), constant(0)), 0), store('y', 1)];
    expect(ways(spin)).toEqual(['Rx; Rx ctrl:0; Rx ctrl:0,1; Wy=1', 'Rx; Rx ctrl:0; Wy=1', 'Rx; Wy=1']);
    expect(ways(spin, 'rest')[0]).toBe('Rx; Rx ctrl:0; Rx ctrl:0,1; Wy=1 ctrl:0,1,2');
  });

  it('come with a conditional read-modify-write, from all that its condition is made of', () => {
    const compare = rmw(1, 'y', 5, binary('==', r(1), same(0)));
    expect(ways([load(0, 'x'), compare])).toEqual(['Rx; Ry', 'Rx; Ry; Wy=5 ctrl:0,1']);
    const swap = rmw(1, 'y', 5, binary('==', r(1), r(0)));
    expect(ways([load(0, 'x'), swap])).toEqual(['Rx; Ry', 'Rx; Ry; Wy=5 ctrl:0,1']);
  });
});

describe('data and address dependencies', () => {
  it('follow registers, whether or not the value varies', () => {
    const code = [
      load(0, 'x'),
      assign(1, binary('+', same(0), constant(1))),
      store('y', r(1)),
      store('z', r(0)),
    ];
    expect(ways(code)).toEqual(['Rx; Wy=1 data:0; Wz=? data:0']);
  });

  it('end where a register is written anew', () => {
    expect(ways([load(0, 'x'), assign(0, 7), store('y', r(0))])).toEqual(['Rx; Wy=7']);
  });

  it('tell the address from the value', () => {
    const code = [load(0, 'x'), load(1, 'y'), store(binary('+', addressOf('z'), same(0)), same(1))];
    expect(ways(code)).toEqual(['Rx; Ry; Wz=0 addr:0 data:1']);
    expect(ways([load(0, 'x'), load(1, binary('+', addressOf('z'), same(0)))])).toEqual(['Rx; Rz addr:0']);
  });

  it('are in a read-modify-write those of its update', () => {
    expect(ways([rmw(0, 'x', binary('+', r(0), constant(1)))])).toEqual(['Rx; Wx=? data:0']);
    expect(ways([load(1, 'y'), rmw(0, 'x', r(1))])).toEqual(['Ry; Rx; Wx=? data:0']);
    expect(ways([rmw(0, 'x', 1), store('y', r(0))])).toEqual(['Rx; Wx=1; Wy=? data:0']);
  });
});

describe('calls', () => {
  it('carry dependencies through arguments and results', () => {
    const one = program({
      cells,
      functions: { next: [leave(binary('+', r(0), constant(1)))] },
      threads: [[load(0, 'x'), call(1, 'next', r(0)), store('y', r(1))]],
    });
    expect(waysOf(one)).toEqual(['Rx; Wy=? data:0']);
  });

  it('of a function that a read gives control what it does, and not what follows', () => {
    const one = program({
      cells: { f: 'first', ...cells },
      functions: { first: [store('x', 1)], second: [store('y', 1)] },
      threads: [[load(0, 'f'), call(1, r(0)), store('z', 1)], [store('f', addressOf('second'))]],
    });
    expect(waysOf(one)).toEqual(['Rf; Wx=1 ctrl:0; Wz=1', 'Rf; Wy=1 ctrl:0; Wz=1']);
  });

  it('go on controlling the caller in assembly only', () => {
    const early = [branch(r(0), 2), leave(0), leave(1)];
    const threads = [[load(0, 'x'), call(1, 'test', r(0)), store('z', r(1))], writer];
    const inC = program({ cells, functions: { test: early }, threads });
    expect(waysOf(inC)).toEqual(['Rx; Wz=0', 'Rx; Wz=1']);
    const functions = inC.functions.map((code) => ({ ...code, controlScope: 'rest' as const }));
    expect(waysOf({ ...inC, functions })).toEqual(['Rx; Wz=0 ctrl:0', 'Rx; Wz=1 ctrl:0']);
  });
});

describe('addresses that are read', () => {
  it('split the path by what the pointer can be', () => {
    const threads = [[load(0, 'p'), load(1, r(0))], [store('p', addressOf('y'))]];
    expect(waysOf(program({ cells: { p: 'x', ...cells }, threads }))).toEqual([
      'Rp; Rx addr:0',
      'Rp; Ry addr:0',
    ]);
  });

  it('take into account what was found out of the pointer before', () => {
    const code = [load(0, 'p'), branch(binary('==', r(0), addressOf('x')), 3), load(1, r(0)), fence()];
    const one = program({ cells: { p: 'x', ...cells }, threads: [code, [store('p', addressOf('y'))]] });
    expect(waysOf(one)).toEqual(['Rp; F', 'Rp; Ry addr:0 ctrl:0; F']);
  });

  it('lead past an access where there is no memory, with junk', () => {
    const one = program({
      cells: { p: 0, ...cells },
      threads: [[load(0, 'p'), load(1, r(0)), store('x', 1), store(r(1), 1)]],
    });
    expect(waysOf(one)).toEqual(['Rp; null-dereference addr:0; Wx=1']);
  });

  it('make new memory in assembly', () => {
    const beyond = binary('+', addressOf('x'), constant(8));
    const code = [store(beyond, 1), load(0, beyond)];
    expect(waysOf(program({ cells, threads: [code], flatMemory: true }))).toEqual(['Wcell3=1; Rcell3']);
    expect(waysOf(program({ cells, threads: [code] }))).toEqual(['out-of-bounds']);
  });
});

describe('values that can be read', () => {
  it('come through any number of conditional writes', () => {
    const copy = (from: string, to: string) => [
      load(0, from),
      branch(binary('==', r(0), constant(0)), 3),
      store(to, 1),
    ];
    const threads = [[store('a', 1)], copy('a', 'b'), copy('b', 'c'), copy('c', 'd'), copy('d', 'e')];
    const one = program({ cells: { a: 0, b: 0, c: 0, d: 0, e: 0 }, threads });
    expect(waysOf(one, 4)).toEqual(['Rd', 'Rd; We=1 ctrl:0']);
  });

  it('rule out ways that need another', () => {
    const one = program({ cells, threads: [[load(0, 'x'), branch(r(0), 3), store('y', 1), fence()]] });
    expect(waysOf(one)).toEqual(['Rx; Wy=1 ctrl:0; F']);
  });

  it('do not keep a false dependency from being an address, however many they are', () => {
    const double = binary('+', r(1), r(0));
    const code = [store('x', 1), load(0, 'x'), rmw(1, 'x', double), rmw(1, 'x', double), store('x', r(1))];
    const more = [...code, load(0, 'x'), load(1, binary('+', addressOf('y'), same(0)))];
    const one = program({ cells, threads: [more, code, code] });
    expect(cpusOf(one)[0].map(({ parts }) => traceText(one, parts[0]))[0]).toMatch(/Ry addr:7$/);
  });
});
