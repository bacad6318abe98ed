import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  cycleText,
  type GeneratedDialect,
  type Mode,
  type NamedTest,
  TestGenerator,
} from '../../src/generate/index.js';
import { runs } from '../seed.js';

function tests(
  dialect: GeneratedDialect,
  relaxations: string,
  size: number,
  mode: Mode,
  more: object = {},
): NamedTest[] {
  return [...new TestGenerator({ dialect, relaxations: [relaxations], size, mode, ...more }).tests()];
}

function textsOf(found: readonly NamedTest[]): string[] {
  return found.map(({ test }) => cycleText(test.cycle));
}

function leastRotation(words: readonly string[]): string {
  const rotations = words.map((_, index) => [...words.slice(index), ...words.slice(0, index)].join(' '));
  return rotations.sort()[0];
}

/** As many as diy7 7.58 finds with the same lists. */
describe('cycles of relaxations', () => {
  const dependencies = 'DpAddrdR DpAddrdW DpDatadW DpCtrldW';
  it.each<[GeneratedDialect, string, number, Mode, number]>([
    ['X86', 'Rfe Fre Coe Pod** MFencedWR', 4, 'free', 14],
    ['X86', 'Rfe Fre Coe Pod** MFencedWR', 6, 'free', 257],
    ['X86', 'Rfe Fre Coe Pod** MFencedWR', 6, 'critical', 40],
    ['X86', 'Rfe Fre Coe Rfi Fri Coi Pod** MFencedWR Pos**', 5, 'uni', 135],
    ['X86', 'Rfe Fre Coe Rfi Fri Coi Pod** MFencedWR Pos** Exch A Hat', 5, 'default', 144],
    ['X86', 'Rfe Fre Coe Rfi Fri Coi Pod** MFenced** Pos** Exch [A] Hat [Rfi PodRR] MFence', 4, 'free', 132],
    ['X86_64', 'Rfe Fre Coe Rfi Pod** MFenced** SFenced** LFenced** Pos** Exch [A] NT', 4, 'free', 318],
    ['PPC', `Rfe Fre Coe Syncd** LwSyncd** ${dependencies}`, 4, 'free', 85],
    ['PPC', 'Rfe Fre Coe Syncd** LwSyncd** DpAddrdR DpDatadW DpCtrldW', 5, 'critical', 90],
    ['PPC', 'Rfe Fre Coe Rfi Fri Coi Pos** LxSx DpAddrs* DpDatasW A', 4, 'uni', 177],
    ['AArch64', 'Rfe Fre Coe Pod** DMB.SYd** DpAddrdR DpDatadW', 4, 'free', 58],
    [
      'AArch64',
      'Rfe Fre Coe DMB.SYd** [DpCtrldR ISB] ISB DpAddrCsel Amo.StAdd Amo.LdClr A L XL',
      4,
      'free',
      29,
    ],
    ['AArch64', 'Rfe Fre Coe Hat Amo [Amo.Safe PodW*] Po*RW Pod*W [Pos** A]', 5, 'critical', 642],
    ['AArch64', 'Rfe Fre Coe PodWW PodRR Rfi PosRR DpAddr DMB.LDdRR', 5, 'sc', 23],
    ['RISCV', 'Rfe Fre Coe Pod** Fence.rw.rwd**', 4, 'critical', 21],
    [
      'RISCV',
      'Rfe Fre Coe Rfi Fri Pod** Fence.r.rwdR* DpAddrd* DpDatadW [Aq PodR*] [Pod*W Rl] PosRR Hat',
      5,
      'default',
      642,
    ],
  ])('%s of %s, up to %i in mode %s', (dialect, relaxations, size, mode, count) => {
    expect(tests(dialect, relaxations, size, mode)).toHaveLength(count);
  });

  it('are each there once, up to rotation', () => {
    const found = tests('X86', 'Rfe Fre Coe Pod** MFencedWR [MFencedWR Fre] Rfi PosRR', 6, 'free');
    const keys = found.map(({ test }) => leastRotation(test.cycle.map(({ name }) => name)));
    expect(new Set(keys).size).toBe(found.length);
  });

  it('have names of their own', () => {
    const found = tests('PPC', 'Rfe Fre Coe Pod** Syncd** DpAddrdR Rfi A', 5, 'free');
    expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
  });

  it('keep to the CPUs and variables that they are given', () => {
    const few = tests('X86', 'Rfe Fre Coe Pod**', 6, 'free', { cpus: 3, variables: 2 });
    const all = tests('X86', 'Rfe Fre Coe Pod**', 6, 'free').filter(
      ({ test }) => test.threads <= 3 && test.locations <= 2,
    );
    expect(textsOf(few)).toEqual(textsOf(all));
    expect(few).not.toHaveLength(0);
  });

  it('have one of the relaxed ones where there are any', () => {
    const found = tests('X86', 'Rfe Fre Coe PodWW PodRR', 4, 'free', { relaxed: ['PodWR MFencedWR'] });
    const one = found.map(({ test }) => new Set(test.cycle.map(({ name }) => name)));
    expect(found).not.toHaveLength(0);
    for (const names of one) expect(['PodWR', 'MFencedWR'].filter((name) => names.has(name))).toHaveLength(1);
  });

  it('have none of what is rejected, round the end neither', () => {
    const rejected = tests('X86', 'Rfe Fre Coe Pod**', 4, 'free', { rejected: ['[Fre PodWW]'] });
    const all = textsOf(tests('X86', 'Rfe Fre Coe Pod**', 4, 'free'));
    expect(textsOf(rejected)).toEqual(all.filter((text) => !`${text} ${text}`.includes('Fre PodWW')));
    expect(rejected.length).toBeLessThan(all.length);
  });
});

/** An enumeration of everything: words, and what is known of them from how they are written. */
interface Word {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly same: boolean;
  readonly external: boolean;
}

function word(name: string): Word {
  const communications: Record<string, [string, string]> = { Rf: ['W', 'R'], Fr: ['R', 'W'], Co: ['W', 'W'] };
  const ends = communications[name.slice(0, 2)];
  if (ends && name.length === 3) {
    return { name, source: ends[0], target: ends[1], same: true, external: name.endsWith('e') };
  }
  const [place, source, target] = name.slice(-3);
  return { name, source, target, same: place === 's', external: false };
}

function isCycle(words: readonly Word[]): boolean {
  const pairs = words.map((one, index) => [one, words[(index + 1) % words.length]] as const);
  const shortcuts = ['CoCo', 'FrCo', 'RfFr'];
  const fits = pairs.every(([a, b]) => {
    const isShortcut =
      shortcuts.includes(a.name.slice(0, 2) + b.name.slice(0, 2)) && a.name.length + b.name.length === 6;
    return a.target === b.source && (!isShortcut || a.external !== b.external);
  });
  const changes = words.filter(({ same }) => !same).length;
  const threads = words.filter(({ external }) => external).length;
  const hasCommunication = words.some(({ name }) => name.length === 3);
  return fits && changes > 1 && threads !== 1 && threads <= 4 && hasCommunication && isSmall(words);
}

/** Four edges in a thread with the one that leaves it, and two writes of a location, at most. */
function isSmall(words: readonly Word[]): boolean {
  const ring = [...words, ...words];
  const longest = (goesOn: (one: Word) => boolean, counts: (one: Word) => boolean): number => {
    let most = 0;
    let count = 0;
    for (const one of ring) {
      if (counts(one)) count++;
      most = Math.max(most, count);
      if (!goesOn(one)) count = 0;
    }
    return most;
  };
  const threads = words.some(({ external }) => external)
    ? longest(
        ({ external }) => !external,
        () => true,
      )
    : words.length + 1;
  return (
    threads <= 4 &&
    longest(
      ({ same }) => same,
      ({ source }) => source === 'W',
    ) <= 2
  );
}

function enumerate(names: readonly string[], size: number): Set<string> {
  const words = names.map(word);
  const found = new Set<string>();
  const extend = (begun: readonly Word[]): void => {
    if (begun.length > 1 && isCycle(begun)) found.add(leastRotation(begun.map(({ name }) => name)));
    if (begun.length < size) for (const one of words) extend([...begun, one]);
  };
  extend([]);
  return found;
}

describe('the search', () => {
  const all = [
    'Rfe',
    'Fre',
    'Coe',
    'Rfi',
    'Fri',
    'Coi',
    'PodWW',
    'PodWR',
    'PodRW',
    'PodRR',
    'PosWW',
    'PosRR',
    'PosRW',
    'MFencedWR',
    'MFencedWW',
  ];

  it('finds what an enumeration of everything finds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...all), { minLength: 3, maxLength: 7 }),
        fc.integer({ min: 2, max: 5 }),
        (names, size) => {
          const found = tests('X86', names.join(' '), size, 'free').map(({ test }) =>
            leastRotation(test.cycle.map(({ name }) => name)),
          );
          expect(found.sort()).toEqual([...enumerate(names, size)].sort());
        },
      ),
      runs(60),
    );
  });
});
