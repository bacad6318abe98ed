import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { coherenceIsRequired, type Model, printTerm } from '../../src/cat/index.js';
import { runs } from '../seed.js';
import { load, loadShipped, shipped } from './loading.js';
import { evaluate, isAcyclic, type Value } from './naive.js';
import { type Execution, environmentOf, executions, message, storeBuffering } from './small-executions.js';

const names = ['sc', 'i386', 'pso', 'alpha', 'alpha-linux'];

/** A model as it is for programs without grace periods. */
function withoutGracePeriods(name: string): Model {
  return loadShipped(name).without(new Set(['Rcu-lock', 'Rcu-unlock', 'Sync-rcu-start', 'Sync-rcu-end']));
}

/** Names of the checks that an execution breaks. */
function broken(model: Model, execution: Execution): string[] {
  const environment = environmentOf(execution);
  const holds = (kind: string, value: Value): boolean => {
    if (kind === 'empty') return value.size === 0;
    if (kind === 'acyclic') return isAcyclic(value);
    return [...value].every((member) => member.split(',')[0] !== member.split(',')[1]);
  };
  return model.checks
    .filter(({ kind, negated, term }) => holds(kind, evaluate(term, environment)) === negated)
    .map(({ name }) => name);
}

describe('the shipped models', () => {
  it.each(names)('%s loads, prunes on every check and requires coherence', (name) => {
    const model = loadShipped(name);
    expect(model.checks.every(({ term, negated }) => term.growing && !negated)).toBe(true);
    expect(coherenceIsRequired(model)).toBe(true);
  });

  it.each(['cos', 'filters', 'x86fences', 'stdlib'])('%s.cat can be included', (name) => {
    expect(load(`include "${name}.cat"\nacyclic po`).checks).toHaveLength(1);
  });

  it('allow more and more: sc, i386, pso; and alpha-linux, alpha', () => {
    const [sc, i386, pso, alpha, alphaLinux] = names.map(withoutGracePeriods);
    const inclusions = [
      [sc, i386],
      [i386, pso],
      [sc, alphaLinux],
      [alphaLinux, alpha],
    ] as const;
    fc.assert(
      fc.property(executions, (execution) => {
        for (const [less, more] of inclusions) {
          if (broken(less, execution).length === 0) expect(broken(more, execution)).toEqual([]);
        }
      }),
      runs(100),
    );
  });

  // Who allows the outcome that no interleaving has, by what stands between the two accesses of each thread.
  it.each([
    ['message passing', message([], []), ['pso', 'alpha', 'alpha-linux']],
    ['message passing, MB on both sides', message(['MB'], ['MB']), []],
    ['message passing, WMB and MB', message(['WMB'], ['MB']), []],
    ['message passing, WMB and a dependent load', message(['WMB'], [], 'addr'), ['alpha', 'alpha-linux']],
    [
      'message passing, interrupt entry for a barrier',
      message(['IntEntry'], ['IntReturn']),
      ['alpha', 'alpha-linux'],
    ],
    ['message passing, STBAR', message(['STBAR'], []), ['alpha', 'alpha-linux']],
    ['store buffering', storeBuffering([]), ['i386', 'pso', 'alpha', 'alpha-linux']],
    ['store buffering, MFENCE', storeBuffering(['MFENCE']), ['alpha', 'alpha-linux']],
    ['store buffering, MB', storeBuffering(['MB']), ['i386']],
    ['store buffering, WMB', storeBuffering(['WMB']), ['i386', 'pso', 'alpha', 'alpha-linux']],
    ['store buffering, interrupt entry', storeBuffering(['IntEntry']), ['alpha', 'alpha-linux']],
  ])('%s', (_, execution, allowing) => {
    const allowed = names.filter((name) => broken(withoutGracePeriods(name), execution).length === 0);
    expect(allowed).toEqual(allowing);
  });
});

describe('coherence', () => {
  it.each([
    ['acyclic po | rf | co | fr', true],
    ['acyclic po-loc | com', true],
    ['irreflexive (po-loc | com)+', true],
    ['acyclic (po-loc | com)+', true],
    ['acyclic po-loc | rfi | rfe | coi | coe | (rf^-1; co) \\ id', true],
    ['acyclic po-loc | rfi | rfe | co | fri | fre', true],
    ['acyclic (po & loc & (M * M)) | com', true],
    ['acyclic (po & loc & ((R | W) * (R | W))) | com', true],
    ['acyclic po-loc | rfe | co | fr', false],
    ['acyclic (po-loc & (W * M)) | com', false],
    ['acyclic po-loc | rf | co', false],
    ['acyclic po-loc | rf | coi | (co \\ int) | fr', true],
    ['acyclic po-loc | com \\ int', false],
    ['flag acyclic po-loc | com as x', false],
    ['~acyclic po-loc | com', false],
    ['irreflexive po-loc | com', false],
    ['empty (po-loc | com)+ & id', false],
  ])('%s requires it: %s', (text, required) => {
    expect(coherenceIsRequired(load(text))).toBe(required);
  });

  it.each([
    ['acyclic po-loc | com', false],
    ['acyclic po-loc | rmw | com', true],
    ['acyclic po-loc | amo | com', true],
    ['acyclic po-loc | [R]; same-instance; [W] | com', true],
    ['acyclic po | (loc & (R * W)) | com', true],
  ])('%s requires it of programs whose po leaves out pairs: %s', (text, required) => {
    expect(coherenceIsRequired(load(text).without(new Set(['LL', 'SC'])), 'atomic')).toBe(required);
  });
});

describe('instructions', () => {
  it('name checks as told, or by their kind and line', () => {
    const text =
      'acyclic po as first\n~empty rf\nflag empty co as third\nundefined_unless empty rf as fourth';
    expect(load(text).checks).toMatchObject([
      { name: 'first', kind: 'acyclic', negated: false, flag: false },
      { name: 'empty-line-2', kind: 'empty', negated: true, flag: false },
      { name: 'third', flag: true, negated: false },
      { name: 'fourth', flag: true, negated: true },
    ]);
  });

  it('choose by variant', () => {
    const text =
      'if "a" && not ("b" || "c")\nacyclic po as yes\nelse acyclic rf as no end\nempty if "b" then po else rf';
    const shown = (variants: string[]) =>
      load(text, {}, variants).checks.map(({ name, term }) => [name, printTerm(term)]);
    expect(shown(['a'])).toEqual([
      ['yes', 'po'],
      ['empty-line-4', 'rf'],
    ]);
    expect(shown(['a', 'b'])).toEqual([
      ['no', 'rf'],
      ['empty-line-4', 'po'],
    ]);
  });

  it('call procedures, whose checks a call may name', () => {
    const { checks } = load(
      'procedure p(a, b) =\nempty a \\ b\nacyclic a as own\nend\ncall p(po, rf) as given',
    );
    expect(checks.map(({ name, term }) => [name, printTerm(term)])).toEqual([
      ['given', 'po \\ rf'],
      ['own', 'po'],
    ]);
  });

  it('show and no longer show', () => {
    const { shown } = load('show po, rf\nshow po; rf as both\nshow R\nunshow rf');
    expect(shown.map(({ name, term }) => [name, printTerm(term)])).toEqual([
      ['po', 'po'],
      ['both', 'po ; rf'],
      ['R', '[R]'],
    ]);
  });

  it('ask of co what `with co from` says beyond what always holds', () => {
    expect(load('with co from generate_cos(co0)').checks).toEqual([]);
    expect(load('with co from generate_cos(0)').checks).toEqual([]);
    const [check] = load('with co from generate_cos(co0 | po)').checks;
    // Of two writes to a location, co has the one order if and only if it has not the other.
    expect(check).toMatchObject({ kind: 'irreflexive', negated: false, flag: false });
    expect(printTerm(check.term)).toMatch(/ ; co$/);
  });

  it('see what was defined before them, not after', () => {
    const { checks } = load('let x = po\nlet f y = x; y\nlet x = rf\nempty f co\nempty x');
    expect(checks.map(({ term }) => printTerm(term))).toEqual(['po ; co', 'rf']);
  });

  it('have the title, or the name of the file', () => {
    expect(load('"The title"\nacyclic po')).toMatchObject({ name: 'test', title: 'The title' });
    expect(load('acyclic po')).toMatchObject({ name: 'test', title: 'test' });
    expect(load(shipped('sc.cat') as string).title).toBe('Sequential consistency');
  });
});
