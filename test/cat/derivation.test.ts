import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  basePairsOf,
  type Derivation,
  Deriver,
  linksOf,
  type Model,
  restsOnPairsAlone,
  type Term,
} from '../../src/cat/index.js';
import { runs } from '../seed.js';
import { arbitraryEnvironments, arbitraryTrees } from './arbitrary-terms.js';
import { load, loadShipped, textOf } from './loading.js';
import { type Environment, evaluate, type Tree, type Value } from './naive.js';
import { valuesOn } from './planned.js';
import { environmentOf, message, storeBuffering } from './small-executions.js';

const { relation } = arbitraryTrees();

/** Models of one or two relations, half of them recursive. */
const models: fc.Arbitrary<Model> = fc.oneof(
  relation.map((tree) => load(`empty ${textOf(tree)}`)),
  recursiveBodies().map(([r, S]) => load(`let rec r = po | ${r} and S = R | ${S}\nempty r; [S]; co?`)),
);

function recursiveBodies(): fc.Arbitrary<[string, string]> {
  const inside = arbitraryTrees([
    { sort: 'relation', operator: 'variable', args: [], name: 'r' },
    { sort: 'set', operator: 'variable', args: [], name: 'S' },
  ]);
  return fc.tuple(inside.relation.map(textOf), inside.set.map(textOf));
}

/** Values of terms by their definitions; recursive variables have the values of their group. */
class Naive {
  private readonly variables = new Map<Tree, Value>();
  private readonly known = new Map<Term, Value>();

  constructor(
    model: Model,
    private readonly environment: Environment,
  ) {
    for (const group of new Set(model.terms.map((term) => term.group))) {
      group?.variables.forEach((variable, index) => {
        const { sort } = variable;
        this.variables.set(
          variable,
          evaluate({ sort, operator: 'recursive', args: [], group, index }, environment),
        );
      });
    }
  }

  has(term: Term, from: number, to: number): boolean {
    const value = this.known.get(term) ?? evaluate(term, { ...this.environment, variables: this.variables });
    this.known.set(term, value);
    return value.has(term.sort === 'set' ? String(from) : `${from},${to}`);
  }
}

/**
 * Checks a derivation by the letter: each part is a member, and the parts make the whole by the operator's
 * meaning.
 */
function check(derivation: Derivation, naive: Naive, above: readonly string[] = []): void {
  const { term, from, to, parts } = derivation;
  expect(naive.has(term, from, to)).toBe(true);
  const key = `${term.id} ${from} ${to}`;
  expect(above).not.toContain(key);
  const places = parts.map((part) => [part.from, part.to]);
  const terms = parts.map((part) => part.term);
  switch (term.operator) {
    case 'union':
      expect(term.args).toContain(terms[0]);
      expect(places).toEqual([[from, to]]);
      break;
    case 'intersection':
      expect(terms).toEqual(term.args);
      for (const place of places) expect(place).toEqual([from, to]);
      break;
    case 'difference':
      expect([terms, places]).toEqual([[term.args[0]], [[from, to]]]);
      expect(naive.has(term.args[1], from, to)).toBe(false);
      break;
    case 'compose':
      expect(terms).toEqual(term.args);
      expect([places[0][0], places[0][1], places[1][1]]).toEqual([from, places[1][0], to]);
      break;
    case 'inverse':
      expect([terms, places]).toEqual([term.args, [[to, from]]]);
      break;
    case 'plus':
    case 'star':
      expect([from, ...places.map(([, end]) => end)]).toEqual([...places.map(([start]) => start), to]);
      for (const part of terms) expect(part).toBe(term.args[0]);
      if (term.operator === 'plus') expect(parts.length).toBeGreaterThan(0);
      break;
    case 'optional':
      expect(places).toEqual(from === to ? [] : [[from, to]]);
      break;
    case 'identity':
      expect([from, terms, places]).toEqual([to, term.args, [[from, from]]]);
      break;
    case 'product':
      expect([terms, places]).toEqual([
        term.args,
        [
          [from, from],
          [to, to],
        ],
      ]);
      break;
    case 'domain':
      expect([terms, places[0][0]]).toEqual([term.args, from]);
      break;
    case 'range':
      expect([terms, places[0][1]]).toEqual([term.args, from]);
      break;
    case 'variable':
    case 'recursive':
      expect([terms, places]).toEqual([[term.group?.bodies[term.index as number]], [[from, to]]]);
      break;
    default:
      expect(parts).toEqual([]);
  }
  for (const part of parts) check(part, naive, term.operator === 'variable' ? [...above, key] : above);
}

function membersOf(model: Model, environment: Environment, naive: Naive): [number, number][] {
  const events = Array.from({ length: environment.events }, (_, index) => index);
  const { term } = model.checks[0];
  return events.flatMap((from) =>
    events.flatMap((to): [number, number][] => (naive.has(term, from, to) ? [[from, to]] : [])),
  );
}

describe('a derivation', () => {
  it('makes each member of a term out of base pairs, by the meaning of the operators', () => {
    let derived = 0;
    fc.assert(
      fc.property(models, arbitraryEnvironments(), (model, environment) => {
        const deriver = new Deriver(valuesOn(model, environment));
        const naive = new Naive(model, environment);
        const { term } = model.checks[0];
        for (const [from, to] of membersOf(model, environment, naive)) {
          check(deriver.derive(term, from, to), naive);
          derived++;
        }
      }),
      runs(100),
    );
    expect(derived).toBeGreaterThan(200);
  });

  it('holds in every execution that has its rf and co, when it rests on pairs alone', () => {
    let tried = 0;
    const changes = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(models, arbitraryEnvironments(), changes, (model, environment, stream) => {
        const deriver = new Deriver(valuesOn(model, environment));
        const { term } = model.checks[0];
        for (const [from, to] of membersOf(model, environment, new Naive(model, environment))) {
          const derivation = deriver.derive(term, from, to);
          if (!restsOnPairsAlone(derivation)) continue;
          const pairs = basePairsOf(derivation);
          const other = (name: string) =>
            [...environment.bases.po, ...environment.bases.loc].filter(
              () => name === 'co' && stream.next().value,
            );
          const kept = (name: string) =>
            new Set([
              ...pairs.filter((pair) => pair.name === name).map((p) => `${p.from},${p.to}`),
              ...other(name),
            ]);
          const bases = { ...environment.bases, rf: kept('rf'), co: kept('co') };
          expect(new Naive(model, { ...environment, bases }).has(term, from, to)).toBe(true);
          if (++tried % 3 === 0) break;
        }
      }),
      runs(100),
    );
    expect(tried).toBeGreaterThan(100);
  });

  it('follows a path of base pairs from the first event to the last', () => {
    fc.assert(
      fc.property(models, arbitraryEnvironments(), (model, environment) => {
        const deriver = new Deriver(valuesOn(model, environment));
        for (const [from, to] of membersOf(model, environment, new Naive(model, environment))) {
          const links = linksOf(deriver.derive(model.checks[0].term, from, to));
          for (const link of links) {
            const [a, b] = link.inverse ? [link.to, link.from] : [link.from, link.to];
            const isThere = link.name === '_' || environment.bases[link.name]?.has(`${a},${b}`);
            expect(isThere || (link.name === 'id' && a === b)).toBe(true);
          }
        }
      }),
      runs(100),
    );
  });

  it('is the cheapest there is', () => {
    const model = load('let rec far = po | far; po and near = rf; rf | far\nempty near');
    const bases = { po: new Set(['0,1', '1,2', '2,3', '0,2']), rf: new Set(['0,4', '4,3']) };
    const deriver = new Deriver(valuesOn(model, { events: 5, bases }));
    const names = (from: number, to: number) =>
      linksOf(deriver.derive(model.checks[0].term, from, to)).map((l) => `${l.name} ${l.from} ${l.to}`);
    expect(names(0, 3)).toEqual(['rf 0 4', 'rf 4 3']);
    expect(names(1, 3)).toEqual(['po 1 2', 'po 2 3']);
    expect(() => deriver.derive(model.checks[0].term, 3, 0)).toThrow(RangeError);
  });
});

describe('the cheapest cycle of a relation', () => {
  const cycle = (model: Model, environment: Environment, check: string): string[] => {
    const deriver = new Deriver(valuesOn(model, environment));
    const { term } = model.checks.find(({ name }) => name === check) as Model['checks'][number];
    return (deriver.cheapestCycle(term) ?? []).map((edge) =>
      linksOf(edge)
        .map(({ name, inverse }) => (inverse ? `${name}^-1` : name))
        .join(';'),
    );
  };

  it('goes through both stores of SB', () => {
    const execution = environmentOf(storeBuffering(['MFENCE']));
    expect(cycle(loadShipped('i386'), execution, 'tso')).toEqual(['po;po', 'rf^-1;co', 'po;po', 'rf^-1;co']);
    expect(cycle(loadShipped('sc'), execution, 'sc')).toEqual(['po', 'rf^-1;co', 'po', 'rf^-1;co']);
  });

  it('is not there where the model has none', () => {
    expect(cycle(loadShipped('i386'), environmentOf(storeBuffering([])), 'tso')).toEqual([]);
    expect(cycle(loadShipped('alpha'), environmentOf(message(['WMB'], [], 'addr')), 'before')).toEqual([]);
  });
});

describe('the names of a model', () => {
  it('are those that its text gives to terms and to the parts of unions', () => {
    const model = load('let a = po; rf\nlet b = a | rf; co\nlet c = b | po\nacyclic c');
    const named = Object.fromEntries([...model.names].map(([term, name]) => [textOf(term), name]));
    expect(named).toEqual({ 'po ; rf': 'a', 'rf ; co': 'b', [textOf(model.checks[0].term)]: 'c' });
  });

  it('know the orders of the models that ship', () => {
    const { names } = loadShipped('i386');
    expect([...names.values()]).toEqual(
      expect.arrayContaining(['kept', 'emptied-by-fence', 'emptied-by-interrupt', 'rfe', 'fr', 'po-loc']),
    );
  });
});
