import { describe, expect, it } from '@jest/globals';
import { alphabetOf } from '../../src/compare/alphabet.js';
import { type ProgramShape, programKey, programShapes } from '../../src/compare/program-shape.js';
import { written } from '../../src/compare/program-text.js';
import { CycleError, type GeneratedDialect } from '../../src/generate/index.js';
import { parseLitmus, Source } from '../../src/index.js';

type Access = readonly ['R' | 'W', number];
type Plain = readonly (readonly Access[])[];

const permutations = (count: number): number[][] =>
  count === 0
    ? [[]]
    : permutations(count - 1).flatMap((rest) =>
        Array.from({ length: count }, (_, place) => [
          ...rest.slice(0, place),
          count - 1,
          ...rest.slice(place),
        ]),
      );

/** A form that is the same for programs that differ in names alone: the least of all ways to write it. */
function canonical(program: Plain): string {
  const locations = Math.max(...program.flat().map(([, location]) => location)) + 1;
  const ways = permutations(program.length).flatMap((order) =>
    permutations(locations).map((names) =>
      order
        .map((thread) => program[thread].map(([kind, location]) => kind + names[location]).join(''))
        .join('|'),
    ),
  );
  return ways.sort()[0];
}

/** All programs of loads and stores: every kind, location and thread for each access in turn. */
function everyProgram(size: number): Plain[] {
  const accesses = ['R', 'W'].flatMap((kind) =>
    Array.from({ length: size }, (_, location) => [kind, location] as Access),
  );
  let partial: Access[][][] = [[]];
  for (let done = 0; done < size; done++)
    partial = partial.flatMap((program) =>
      accesses.flatMap((access) => [
        ...(program.length > 0 ? [[...program.slice(0, -1), [...program.at(-1)!, access]]] : []),
        [...program, [access]],
      ]),
    );
  return partial;
}

/** Each location is written, and accessed twice; and from each thread a way along locations leads to each. */
function matters(program: Plain): boolean {
  const all = program.flat();
  const isShared = all.every(([, location]) => {
    const own = all.filter((other) => other[1] === location);
    return own.length > 1 && own.some(([kind]) => kind === 'W');
  });
  const group = program.map((_, thread) => thread);
  for (const [a, first] of program.entries())
    for (const [b, second] of program.entries())
      if (first.some((one) => second.some((other) => one[1] === other[1]))) {
        const [from, to] = [group[b], group[a]];
        for (const [thread, of] of group.entries()) if (of === from) group[thread] = to;
      }
  return isShared && group.every((one) => one === group[0]);
}

function plainOf({ threads, locations }: ProgramShape): Plain {
  return threads.map(({ accesses }, thread) =>
    accesses.map(({ direction }, index) => [direction, locations[thread][index]] as const),
  );
}

describe('all programs', () => {
  it.each([2, 3, 4])('of %i loads and stores are those that there are, once each', (size) => {
    const expected = new Set(everyProgram(size).filter(matters).map(canonical));
    const found = [...programShapes(alphabetOf('X86', []), size)].map((program) =>
      canonical(plainOf(program)),
    );
    expect(new Set(found)).toEqual(expected);
    expect(found).toHaveLength(expected.size);
  });

  it.each<[GeneratedDialect, readonly string[] | undefined]>([
    ['X86', undefined],
    ['Alpha', undefined],
    ['C', ['A', 'R', 'Mb', 'Ctrl', 'Xchg']],
  ])('of %s can be read, and none comes twice', (dialect, words) => {
    const keys = new Set<string>();
    let count = 0;
    for (const program of programShapes(alphabetOf(dialect, words), 3)) {
      const { text, places } = written(program, dialect);
      const test = parseLitmus(new Source('program', text('program')));
      expect(test.locations).toHaveLength(places.length);
      keys.add(programKey(program));
      count++;
    }
    expect(keys.size).toBe(count);
    expect(count).toBeGreaterThan(20);
  });

  it('have no words that the dialect has not', () => {
    expect(() => alphabetOf('Alpha', ['Mb'])).toThrow(CycleError);
    expect(() => alphabetOf('Alpha', ['Mb'])).toThrow('Alpha programs have no Mb; did you mean MB?');
  });
});
