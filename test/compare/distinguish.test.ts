import { describe, expect, it } from '@jest/globals';
import type { Contender } from '../../src/compare/index.js';
import { distinguish } from '../../src/compare/index.js';
import { check, loadModel, parseLitmus, Source, shippedModel } from '../../src/index.js';

const contender = (name: string): Contender => ({ name, model: shippedModel(name) });
const kernel = (name: 'lkmm' | 'sc' | 'i386' | 'alpha'): Contender => ({
  ...contender(name),
  target: { architecture: name, era: '6.x' },
});

/** Names of what the one allows and the other forbids. */
function allowed(one: Contender, other: Contender, options: Parameters<typeof distinguish>[2]): string[] {
  return distinguish(one, other, options)
    .differences.filter(({ allowedBy }) => allowedBy === one.name)
    .map(({ name }) => name);
}

describe('distinguish', () => {
  it('finds the tests of the literature between models of X86', () => {
    const x86 = { dialect: 'X86', words: ['MFence'], all: true } as const;
    // Owens, Sarkar, Sewell: A better x86 memory model (2009): a store may be overtaken by a later load.
    expect(allowed(contender('i386'), contender('sc'), x86)).toEqual(['SB', 'R']);
    expect(allowed(contender('sc'), contender('i386'), x86)).toEqual([]);
    // SPARC V9, partial store order: stores to several locations are not in order either.
    expect(allowed(contender('pso'), contender('i386'), x86).sort()).toEqual([
      ...['2+2W', 'MP', 'R+mfence', 'S'],
    ]);
  });

  it('asks for the outcome that one allows and the other forbids, and for no more', () => {
    const { differences } = distinguish(contender('sc'), contender('i386'), { dialect: 'X86' });
    const test = parseLitmus(new Source('found', differences[0].text));
    expect(differences[0].text).toContain('exists (0:EAX=0 /\\ 1:EAX=0)');
    for (const search of ['naive', 'directed'] as const) {
      expect(check(test, shippedModel('sc'), { search }).verdict).toBe('Never');
      expect(check(test, shippedModel('i386'), { search }).verdict).toBe('Sometimes');
    }
  });

  it('says how far it looked where it finds nothing', () => {
    const found = distinguish(contender('i386'), contender('i386'), { dialect: 'X86', size: 3 });
    expect(found).toMatchObject({ differences: [], undecided: 0, exhausted: 3 });
    expect([...found.programs.keys()]).toEqual([2, 3]);
  });

  it('tells what a fence is worth', () => {
    const text =
      '"TSO without its fence"\nlet ppo = (po & (M*M)) \\ (W*R)\nacyclic po-loc | rf | fr | co\nacyclic ppo | rfe | fr | co';
    const weaker = { name: 'weaker', model: loadModel('weaker.cat', text) };
    const found = allowed(weaker, contender('i386'), { dialect: 'X86', words: ['MFence'], all: true });
    expect(found).toEqual(['R+mfence', 'SB+mfence+mfence']);
  });

  it('compares what machines do with C', () => {
    const words = ['Mb', 'Addr'];
    expect(allowed(kernel('alpha'), kernel('sc'), { dialect: 'C', words }).length).toBe(1);
    const found = distinguish(kernel('lkmm'), kernel('i386'), { dialect: 'C', words });
    // What the kernel's model forbids, no machine allows.
    expect(found.differences.map(({ allowedBy }) => allowedBy)).toEqual(['lkmm']);
  });

  it('stops at its limit, and says so', () => {
    const found = distinguish(contender('alpha'), contender('alpha'), { dialect: 'Alpha', timeout: 50 });
    expect(found.limit).toBe('timeout');
    expect(found.exhausted).toBeLessThan(4);
  });
});
