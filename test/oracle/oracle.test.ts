import { describe, expect, it } from '@jest/globals';
import { observablesOfTest } from '../../src/check/shown.js';
import { lowerPrimitives } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import type { Program } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { modelOf } from './asking.js';
import { assign, branch, load, program, r, store } from './code.js';
import { type FullAnswer, Oracle, TooMany } from './oracle.js';

/** What the oracle says of a C test of two threads under the Linux-kernel model. */
function answer(first: string, second: string, asked: string): FullAnswer {
  const thread = (name: string, body: string) => `${name}(int *x, int *y, int *z)\n{\n${body}\n}\n`;
  const shown = 'locations [0:r0; 1:r0; x; y; z;]';
  const text = `C t\n{}\n${thread('P0', first)}${thread('P1', second)}${shown}\nexists (${asked})\n`;
  const test = parseLitmus(text);
  const lowered = lowerPrimitives(test.program, { architecture: 'lkmm', era: '6.x' });
  const { proposition } = test.condition;
  return new Oracle(lowered, 1000).answer(shippedModel('lkmm'), {
    observables: observablesOfTest(test),
    proposition,
  });
}

const copied = 'int r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0);';
const reading = 'int r0 = READ_ONCE(*x);';

describe('the naive oracle', () => {
  // States, and numbers of executions, as herd7 7.58+1 gives them with the kernel's files.
  it.each<[string, string, string, [positive: number, negative: number], readonly string[], string[]]>([
    [
      'what a branch chose, stored after it',
      `${reading} int k = 0; if (r0 == 1) { k = 1; } WRITE_ONCE(*y, k);`,
      copied,
      [1, 4],
      ['0 0 0 0 0', '1 1 1 1 0'],
      [],
    ],
    [
      'what branches chose on both sides',
      `${reading} int k = 2; if (r0 == 1) { k = 1; } WRITE_ONCE(*y, k);`,
      'int k; int r0 = READ_ONCE(*y); if (r0 == 1) { k = 1; } else { k = 0; } WRITE_ONCE(*x, k);',
      [1, 4],
      ['0 0 0 2 0', '0 2 0 2 0', '1 1 1 1 0'],
      [],
    ],
    [
      'an address that a branch chose',
      `${reading} int *q = z; if (r0 == 1) { q = y; } WRITE_ONCE(*q, 1);`,
      copied,
      [1, 2],
      ['0 0 0 0 1', '1 1 1 1 0'],
      [],
    ],
    [
      'a value that the program does not name',
      `${reading} int k = 0; if (r0 > 3) { k = 3; } WRITE_ONCE(*y, k);`,
      'int r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0 + 1);',
      [2, 3],
      ['0 0 1 0 0', '1 0 1 0 0', '4 3 4 3 0'],
      [],
    ],
    [
      'a compare-and-exchange that fails, and so tells what is there',
      'int r0 = cmpxchg_relaxed(x, 0, 2); int k = 0; if (r0 == 1) { k = 1; } WRITE_ONCE(*y, k);',
      copied,
      [1, 4],
      ['0 0 0 0 0', '0 0 2 0 0', '1 1 1 1 0'],
      [],
    ],
    [
      'plain stores inside the branches',
      `${reading} if (r0 == 1) { *y = 1; }`,
      'int r0 = READ_ONCE(*y); if (r0 == 1) { *x = 1; }',
      [1, 1],
      ['0 0 0 0 0', '1 1 1 1 0'],
      ['data-race'],
    ],
    [
      'marked stores inside the branches, which are ordered',
      `${reading} if (r0 == 1) { WRITE_ONCE(*y, 1); }`,
      'int r0 = READ_ONCE(*y); if (r0 == 1) { WRITE_ONCE(*x, 1); }',
      [0, 1],
      ['0 0 0 0 0'],
      [],
    ],
    [
      'copies on both sides, which nothing fixes',
      'int r0 = *x; *y = r0;',
      'int r0 = *y; *x = r0;',
      [0, 4],
      ['&(S1) &(S1) &(S1) &(S1) 0', '0 0 0 0 0'],
      ['data-race'],
    ],
  ])('finds %s', (_, first, second, [positive, negative], states, flags) => {
    const found = answer(first, second, '0:r0=1');
    expect(found).toMatchObject({ positive, negative, states, flags, open: 0 });
  });

  it('tells circles through a branch from those by data alone, and from none', () => {
    const choosing = `${reading} int k = 0; if (r0 == 1) { k = 1; } WRITE_ONCE(*y, k);`;
    expect(answer(choosing, copied, 'true')).toMatchObject({ circles: 2, circular: 0 });
    expect(answer('int r0 = *x; *y = r0;', 'int r0 = *y; *x = r0;', 'true')).toMatchObject({
      circles: 0,
      circular: 1,
    });
    expect(answer(`${reading} WRITE_ONCE(*y, 1);`, copied, 'true')).toMatchObject({
      circles: 0,
      circular: 0,
    });
  });

  it('leaves open what has several values', () => {
    const masked = answer('int r0 = *x; *y = r0 & 1;', 'int r0 = *y; *x = r0;', 'true');
    expect(masked).toMatchObject({ open: 1, positive: 3, states: ['0 0 0 0 0'] });
  });

  it('has nothing to say where values have no end', () => {
    const counting = (): FullAnswer => answer('int r0 = *x; *y = r0 + 1;', 'int r0 = *y; *x = r0;', 'true');
    expect(counting).toThrow(TooMany);
  });

  const coherence = modelOf('coherence', 'acyclic po-loc | rf | co | fr');

  /** Threads in a ring, of which each stores a 1 for the next one when it has read a 1. */
  const ring = (size: number, scope: 'join' | 'rest'): Program => {
    const names = ['x', 'y', 'z', 'w'].slice(0, size);
    return program({
      cells: Object.fromEntries(names.map((name) => [name, 0])),
      threads: names.map((name, at) => ({
        scope,
        code: [
          load(0, name),
          assign(1, 0),
          branch(r(0), 4),
          branch(1, 5),
          assign(1, 1),
          store(names[(at + 1) % size], r(1)),
        ],
      })),
    });
  };

  // Around a ring go zeroes and ones.
  it.each([2, 3, 4])('finds the circles of %d threads', (size) => {
    for (const scope of ['join', 'rest'] as const) {
      const { circles, states } = new Oracle(ring(size, scope), 1000).answer(coherence, {
        observables: [],
        proposition: { kind: 'true' },
      });
      expect({ circles, states }).toEqual({ circles: 2, states: [''] });
    }
  });
});
