import { describe, expect, it } from '@jest/globals';
import { addressOf, binary, constant, type Instruction, registerId, unary } from '../../src/program/index.js';
import { branch, jump, program, r, rmw, store } from '../oracle/code.js';
import { cpusOf, waysOf } from './traces.js';

const cells = { x: 0, y: 0 };
const ways = (...threads: Instruction[][]): string[] => waysOf(program({ cells, threads }));
const take = (target: number): Instruction =>
  Object.assign(rmw(target, 'x', 1, unary('!', r(target))), { blocks: true });

describe('a read-modify-write that blocks', () => {
  it('has no way on which its condition fails', () => {
    expect(ways([rmw(0, 'x', 1, unary('!', r(0)))], [store('x', 1)])).toEqual(['Rx', 'Rx; Wx=1 ctrl:0']);
    expect(ways([take(0)], [store('x', 1)])).toEqual(['Rx; Wx=1 ctrl:0']);
  });

  it('ends no execution where its condition cannot come true', () => {
    expect(ways([Object.assign(rmw(0, 'x', 1, binary('==', r(0), constant(5))), { blocks: true })])).toEqual(
      [],
    );
  });

  it('may be without a control dependency on its condition', () => {
    const code = Object.assign(rmw(0, 'x', 1, unary('!', r(0))), { uncontrolled: true });
    expect(ways([code], [store('x', 1)])).toEqual(['Rx', 'Rx; Wx=1']);
  });
});

describe('a fence about a location', () => {
  const about = (place: Instruction & { kind: 'fence' }): string[] => ways([place]);

  it('has that location', () => {
    const code: Instruction[] = [{ kind: 'fence', tags: ['sync-srcu'], about: addressOf('y') }];
    const [[{ parts }]] = cpusOf(program({ cells, threads: [code] }));
    expect(parts[0].events).toMatchObject([{ kind: 'fence', cell: 1 }]);
  });

  it('needs one that is there', () => {
    expect(about({ kind: 'fence', tags: ['sync-srcu'], about: constant(0) })).toEqual(['null-dereference']);
  });
});

describe('an event that the model gives its meaning', () => {
  it('may happen or not, and gives a number that is depended on', () => {
    const test: Instruction[] = [
      Object.assign(branch(0, 3), { free: true }),
      { kind: 'fence', tags: ['RL'], about: addressOf('x'), gives: { target: registerId(0), value: 1n } },
      jump(4),
      { kind: 'fence', tags: ['RU'], about: addressOf('x'), gives: { target: registerId(0), value: 0n } },
      store('y', r(0)),
    ];
    expect(ways(test)).toEqual(['F; Wy=0 data:0', 'F; Wy=1 data:0']);
  });
});
