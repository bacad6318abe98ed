import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { joinsOf } from '../../src/program/analysis/post-dominators.js';
import type { Code, Instruction } from '../../src/program/index.js';
import { branch, fence, jump, leave, r } from '../oracle/code.js';
import { meetingPoint } from '../oracle/flow.js';
import { runs } from '../seed.js';

function codeOf(instructions: readonly Instruction[]): Code {
  return { name: 'f', parameters: [], registers: ['r0'], instructions, controlScope: 'join' };
}

/** Code of up to ten instructions that branch and jump anywhere. */
const anyCode = fc.nat({ max: 10 }).chain((length) => {
  const target = fc.nat({ max: length });
  const instruction = fc.oneof(
    { weight: 3, arbitrary: fc.constant(fence()) },
    { weight: 4, arbitrary: target.map((goto) => branch(r(0), goto)) },
    { weight: 2, arbitrary: target.map(jump) },
    { weight: 1, arbitrary: fc.constant(leave()) },
  );
  return fc.array(instruction, { minLength: length, maxLength: length }).map(codeOf);
});

describe('where the ways of a branch meet again', () => {
  it('is the first place that no way to the end goes around', () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        const naive = code.instructions.map((_, pc) => meetingPoint(code, pc) ?? -1);
        expect([...joinsOf(code)]).toEqual([...naive, code.instructions.length]);
      }),
      runs(2000),
    );
  });

  it.each([
    ['if', [branch(r(0), 2), fence(), fence()], 2],
    ['if and else', [branch(r(0), 3), fence(), jump(4), fence(), fence()], 4],
    ['a loop that the branch leaves', [branch(r(0), 3), fence(), jump(0), fence()], 3],
    ['a return on one way', [branch(r(0), 2), leave(), fence()], 3],
    ['a way that never ends', [branch(r(0), 2), jump(1), fence()], 2],
    ['both ways without end', [branch(r(0), 2), jump(1), jump(2)], -1],
    ['both ways to the same place', [branch(r(0), 1), fence()], 1],
  ])('%s', (_, instructions, join) => {
    expect(joinsOf(codeOf(instructions))[0]).toBe(join);
  });
});
