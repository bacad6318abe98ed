import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { printProgram } from '../../src/arbitraries/print-program.js';
import { lowerPrimitives } from '../../src/kernel/index.js';
import { type Instruction, int32, type Program } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { ask, modelNames, statesOf } from '../oracle/asking.js';
import { load, program, store } from '../oracle/code.js';
import { runs } from '../seed.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

const primitive = (name: string): Instruction => ({ kind: 'primitive', name, args: [], type: int32 });
const sync = primitive('synchronize_rcu');
const lock = primitive('rcu_read_lock');
const unlock = primitive('rcu_read_unlock');

interface Corner {
  /** The thread's accesses to its own location and the next thread's, and one more. */
  readonly kinds: readonly ('R' | 'W')[];
  readonly swapped: boolean;
  readonly extra: number | undefined;
  readonly style: 'grace-period' | 'section' | 'nested' | 'two-sections' | 'nothing';
}

const kind = fc.constantFrom<('R' | 'W')[]>('R', 'W');
const corners: fc.Arbitrary<Corner> = fc.record({
  kinds: fc.tuple(kind, kind, kind),
  swapped: fc.boolean(),
  extra: fc.option(fc.nat({ max: 3 }), { freq: 3, nil: undefined }),
  style: fc.constantFrom<Corner['style'][]>(
    'grace-period',
    'grace-period',
    'section',
    'section',
    'nested',
    'two-sections',
    'nothing',
  ),
});

/**
 * Kernel programs of a ring of threads, without dependencies and without any barrier but grace periods. What remains is what
 * lkmm says of single locations, of grace periods as full barriers, and of grace periods and sections.
 */
const programs: fc.Arbitrary<Program> = fc
  .array(corners, { minLength: 2, maxLength: 4 })
  .map((ring) => Object.assign(ringOf(ring), { [fc.toStringMethod]: () => printProgram(ringOf(ring)) }));

function ringOf(ring: readonly Corner[]): Program {
  const names = ring.map((_, at) => `x${at}`);
  return program({
    cells: Object.fromEntries(names.map((name) => [name, 0])),
    threads: ring.map((corner, at) => threadOf(corner, at, names)),
  });
}

function threadOf(
  { kinds, swapped, extra, style }: Corner,
  at: number,
  names: readonly string[],
): Instruction[] {
  const access = (place: number, number: number): Instruction => {
    const name = names[place % names.length];
    return kinds[number] === 'R' ? load(number, name) : store(name, number + 1);
  };
  const both = [access(at, 0), access(at + 1, 1)];
  const [first, second] = swapped ? both.reverse() : both;
  const more = extra === undefined ? [] : [access(extra, 2)];
  return {
    'grace-period': [first, sync, second, ...more],
    section: [lock, first, second, unlock, ...more],
    nested: [lock, first, lock, ...more, unlock, second, unlock],
    'two-sections': [lock, first, unlock, ...more, lock, second, unlock],
    nothing: [first, ...more, second],
  }[style];
}

/** The states that a program has on a target. */
function statesOn(
  source: Program,
  architecture: 'sc' | 'i386' | 'pso' | 'alpha' | 'alpha-linux' | 'lkmm',
): string[] {
  const lowered = lowerPrimitives(source, { architecture, era: '2.6' });
  return statesOf(ask(lowered, shippedModel(architecture), undefined, { question: 'states' }));
}

describe('what a grace period guarantees', () => {
  it('on every machine is at least what the Linux-kernel model says, and on Alpha no more', () => {
    fc.assert(
      fc.property(programs, (source) => {
        const kernel = statesOn(source, 'lkmm');
        expect(statesOn(source, 'alpha')).toEqual(kernel);
        for (const name of modelNames)
          expect(kernel).toEqual(expect.arrayContaining(statesOn(source, name as 'sc')));
      }),
      runs(60),
    );
  });
});
