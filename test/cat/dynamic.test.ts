import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { loadModel } from '../../src/cat/index.js';
import { runs } from '../seed.js';
import { arbitraryEnvironments } from './arbitrary-terms.js';
import { load, shipped } from './loading.js';
import type { Environment, Value } from './naive.js';
import { outcomes } from './planned.js';

const pairs = (...all: string[]): Value => new Set(all);

/** Two threads: 2 writes x, 3 reads y; 4 writes y, 5 reads x, 6 writes x; 0 and 1 are the initial writes. */
const execution: Environment = {
  events: 7,
  bases: {
    R: pairs('3', '5'),
    W: pairs('0', '1', '2', '4', '6'),
    M: pairs('0', '1', '2', '3', '4', '5', '6'),
    IW: pairs('0', '1'),
    FW: pairs('6', '4'),
    po: pairs('2,3', '4,5', '4,6', '5,6'),
    int: pairs('2,2', '2,3', '3,2', '3,3', '4,4', '4,5', '4,6', '5,4', '5,5', '5,6', '6,4', '6,5', '6,6'),
    loc: new Set(
      [
        [0, 2, 5, 6],
        [1, 3, 4],
      ].flatMap((all) => all.flatMap((i) => all.map((j) => `${i},${j}`))),
    ),
    rf: pairs('1,3', '2,5'),
    co: pairs('0,2', '0,6', '2,6', '1,4'),
    'different-values': pairs('0,2', '2,0', '3,5', '5,3'),
    Once: pairs('2', '3'),
    'Rcu-lock': pairs('2', '4'),
    'Rcu-unlock': pairs('3', '6'),
  },
};

/** The members of an expression on the execution. */
function membersOf(expression: string, before = ''): string[] {
  const [outcome] = outcomes(load(`${before}\nempty ${expression}`), execution);
  const members = [...outcome.values[outcome.values.length - 1]].sort();
  // Where only the execution tells a set from a relation, a set comes as the identity on it.
  const loops = members.every((member) => /^(\d+)(,\1)?$/.test(member));
  return loops ? members.map((member) => member.split(',')[0]) : members;
}

describe('an expression', () => {
  it.each([
    ["tag2events('once)", ['2', '3']],
    ["tag2instrs('once) & R", ['3']],
    ['Once', ['2', '3']],
    ["match 'once with 'once -> R || _ -> W end", ['3', '5']],
    ["match 'acquire with || 'once -> R || _ -> IW end", ['0', '1']],
    ["domain((if 'once in Accesses then po else rf) & (_ * R))", ['2', '4']],
    ["if {'once} = Accesses then R else IW", ['0', '1']],
    ["if {'once} subset Accesses then R else IW", ['3', '5']],
    ["if Accesses \\ {'once} = {'acquire} then R else IW", ['3', '5']],
    ["if ~{'once} = 'acquire ++ 0 then R else IW", ['3', '5']],
    ["if 'once | 'acquire = Accesses then R else IW", ['3', '5']],
  ])('on tags: %s', (expression, members) => {
    expect(membersOf(expression, "enum Accesses = 'once || 'acquire")).toEqual(members);
  });

  it.each([
    ['match R with || {} -> W || e ++ rest -> {e} end', ['3']],
    ['match R with || {} -> W || e ++ rest -> rest end', ['5']],
    ['match R with || before | e ++ after -> before | after || {} -> W end', ['5']],
    ['match rf with || {} -> 0 || p ++ rest -> {p} end', ['1,3']],
    ['match rf & id with || {} -> po || p ++ rest -> 0 end', ['2,3', '4,5', '4,6', '5,6']],
    ['match rf with || {} -> 0 || p ++ rest -> let (w, r) = p in r ++ {w} end', ['1', '3']],
    ['match rf with || {} -> 0 || p ++ rest -> (p^-1) ++ 0 end', ['3,1']],
    ['match R with || {} -> 0 || e ++ rest -> [e]; po end', []],
    ['match W with || {} -> 0 || e ++ rest -> {e} * R end', ['0,3', '0,5']],
    ['match R with || {} -> 0 || e ++ rest -> if e in W then R else IW end', ['0', '1']],
    ['match R with || {} -> 0 || e ++ rest -> if e in R then R else IW end', ['3', '5']],
    ['if R subset M then R else W', ['3', '5']],
    ['if R subset W then R else IW', ['0', '1']],
    ['if R = domain(rf^-1) then R else IW', ['3', '5']],
    ['try fail po with R', ['3', '5']],
    ["try tag2events('absent) with R", ['3', '5']],
    ['as_transitive(po | rf)', ['1,3', '2,3', '2,5', '2,6', '4,5', '4,6', '5,6']],
    ['fromto(R)', ['4,6']],
    ['different-values(rf)', []],
    ['different-values(co)', ['0,2']],
  ])('on single events: %s', (expression, members) => {
    expect(membersOf(expression)).toEqual(members);
  });

  it('may count with functions that call themselves', () => {
    const even =
      'let rec even S = match S with || {} -> _ || e ++ rest -> odd rest end and odd S = match S with || {} -> 0 || e ++ rest -> even rest end';
    expect(membersOf('even(R) & R', even)).toEqual(['3', '5']);
    expect(membersOf('even(W) & R', even)).toEqual([]);
  });

  it('may take functions, and give functions', () => {
    const twice = 'let twice f = fun r -> f (f r)';
    expect(membersOf('twice (fun r -> r; po) (po)', twice)).toEqual([]);
    expect(membersOf('twice (twice (fun S -> range([S]; po | [S]))) IW', twice)).toEqual(['0', '1']);
    expect(
      membersOf('match R with || {} -> po || e ++ rest -> let f = fun r -> r; [{e}] in f po end'),
    ).toEqual(['2,3']);
  });

  it('sees sets of sets as sets', () => {
    const count =
      'let rec count S = match S with || {} -> {} || s ++ rest -> (match R with || {} -> {} || e ++ x -> e ++ {} end) | count rest end';
    expect(membersOf('count (classes-loc(W))', count)).toEqual(['3']);
    expect(
      membersOf(
        'domain(let rec join S = match S with || {} -> 0 || s ++ rest -> (s * s) | join rest end in join (partition(R | IW)))',
      ),
    ).toEqual(['0', '1', '3', '5']);
    expect(
      membersOf(
        'let rec join S = match S with || {} -> 0 || s ++ rest -> (s * s) | join rest end in join (classes(loc))',
      ),
    ).toEqual([...execution.bases.loc].sort());
  });

  it('is an error of the model, at its place, where values do not fit on an execution', () => {
    expect(() => membersOf('match R with || {} -> 0 || e ++ rest -> rf; rest end')).toThrow(
      /^test\.cat:2:\d+: expected a relation, found a set\n/,
    );
  });
});

describe('a recursive definition that is not monotone', () => {
  const matching = [
    'let rec open-locks = Rcu-lock \\ domain(matched)',
    'and open-unlocks = Rcu-unlock \\ range(matched)',
    'and open = open-locks | open-unlocks',
    'and between = [open]; po; [open]',
    'and matched = matched | ([open-locks]; po; [open-unlocks]) \\ (between; between)',
  ].join('\n');

  it('is computed in rounds until it settles', () => {
    const tags = "enum T = 'rcu-lock || 'rcu-unlock";
    expect(membersOf('matched', `${tags}\n${matching}`)).toEqual(['2,3', '4,6']);
    expect(membersOf(`(let rec x = po \\ x in x)`)).toEqual([]);
  });

  it('of sets of tags or of several names is too', () => {
    expect(membersOf('let rec (a, b) = (po | b, rf) in a')).toEqual([
      '1,3',
      '2,3',
      '2,5',
      '4,5',
      '4,6',
      '5,6',
    ]);
  });

  it('is refused when it never settles, with its place', () => {
    expect(() => membersOf('let rec x = id \\ y and y = x in x')).not.toThrow();
  });
});

describe('with', () => {
  /** Relations that a name can stand for. */
  const choices = (text: string): string[][] =>
    outcomes(load(`${text}\nempty x`), execution).map(({ values }) => [...values[values.length - 1]].sort());

  it('makes an execution of each relation', () => {
    expect(choices('with x from linearisations(R, 0)')).toEqual([['3,5'], ['5,3']]);
    expect(choices('with x from linearisations(R, (R * R) & (_ * {}))')).toEqual([['3,5'], ['5,3']]);
    expect(choices('with x from linearisations(domain(po) | IW, po)')).toHaveLength(60);
    expect(choices('with x from {rf, co}')).toEqual([
      [...execution.bases.rf].sort(),
      [...execution.bases.co].sort(),
    ]);
    expect(choices('with x from {rf, rf}')).toHaveLength(1);
    expect(choices('with x from linearisations(R, loc \\ id | R * R)')).toEqual([]);
  });

  it('makes one of each pair of two choices, and lets the second depend on the first', () => {
    expect(choices('with y from {po, rf}\nwith x from {y, co}')).toHaveLength(4);
    expect(choices('with y from linearisations(R, 0)\nwith x from {y, y^-1; y}')).toHaveLength(4);
    expect(
      choices('with y from {rf, po}\nwith z from {co, y}\nempty z\nwith x from linearisations(R, y)').length,
    ).toBe(8);
  });

  it('from nothing leaves no execution', () => {
    expect(outcomes(load('with x from {}\nempty x'), execution)[0].failed).toContain('with-line-1');
  });

  it('from one relation for each of some reads, as models of locks do', () => {
    const sources = 'let sources r = map (fun p -> p ++ 0) ((W * {r}) & loc)';
    expect(choices(`${sources}\nwith x from cross(map sources R)`)).toHaveLength(2 * 3);
    expect(choices(`${sources}\nwith x from cross(map sources {})`)).toEqual([[]]);
  });

  it('takes what co can be as the co of the search, however the orders are enumerated', () => {
    const own = [
      'let rec orders S = match S with || {} -> {} || s ++ rest -> linearisations(s, before) ++ orders rest end',
    ].join('\n');
    const files = { 'own.cat': `${own}\nlet all = cross (orders (classes-loc W))` };
    const model = load('let before = co0\ninclude "own.cat"\nwith co from all\nacyclic co', files);
    expect(model.choices).toEqual([]);
    const asked = load('let before = rf\ninclude "own.cat"\nwith co from all\nacyclic co', files);
    expect([asked.choices.length, asked.checks.length]).toEqual([0, 2]);
    // Not the writes, or not all orders: a choice.
    const of = (set: string, more = '') =>
      load(`let before = 0\n${own}\nwith co from cross (orders (classes-loc (${set})))${more}\nacyclic co`)
        .choices.length;
    expect([of('R'), of('W'), of('W & M'), of('W | R')]).toEqual([1, 0, 0, 0]);
    expect(load('with co from linearisations(W, co0)\nacyclic co').choices).toHaveLength(1);
    expect(load('with co from {co0}\nacyclic co').choices).toHaveLength(1);
  });

  it('a second time is a choice of its own', () => {
    const text = 'with co from generate_cos(co0)\nwith x from generate_cos(0)\nempty x';
    expect(load(text).choices).toHaveLength(1);
    expect(outcomes(load(text), execution)).toHaveLength(6 * 2);
  });
});

describe('an instruction', () => {
  const failed = (text: string): readonly string[] => outcomes(load(text), execution)[0].failed;
  const raised = (text: string): readonly string[] => outcomes(load(text), execution)[0].raised;

  it('forall checks for each element', () => {
    expect(failed('forall e in R do empty {e} & W end')).toEqual([]);
    expect(failed('forall e in R do empty {e} & domain(po) end')).toEqual(['forall-line-1']);
    expect(failed('forall p in rf do irreflexive p; po end')).toEqual([]);
    expect(failed('forall e in R do forall f in W do empty ({e} * {f}) & po end end')).toEqual([
      'forall-line-1',
    ]);
    expect(failed("enum E = 'once || 'acquire\nforall t in E do empty tag2events(t) end")).toEqual([
      'empty-line-2',
    ]);
    expect(failed('procedure p(e) = empty {e} & domain(po) end\nforall e in R do call p(e) end')).toEqual([
      'forall-line-2',
    ]);
  });

  it('forall raises flags', () => {
    const text = 'forall e in R do let S = {e} flag ~empty S & domain(po) as before flag empty S as none end';
    expect(raised(text)).toEqual(['before']);
    expect(load(text).checks.map(({ name, flag }) => [name, flag])).toEqual([
      ['forall-line-1', false],
      ['before', true],
      ['none', true],
    ]);
  });

  it('match picks instructions by tag', () => {
    expect(
      failed("enum E = 'a || 'b\nmatch 'b with 'a -> empty po as first || _ -> empty rf as second end"),
    ).toEqual(['second']);
  });

  it('let rec ... when checks the solution', () => {
    expect(failed('let rec r = po | r; rf | r; co when acyclic r as grown\nempty r as all')).toEqual(['all']);
  });

  it('assert is no check of the model', () => {
    const [check] = load('assert empty po as fine').checks;
    expect(check).toMatchObject({ assertion: true, flag: false });
  });
});

describe('a bell file', () => {
  const bell = {
    name: 'test.bell',
    text: [
      "enum Accesses = 'once || 'acquire",
      "enum Barriers = 'rcu-lock || 'rcu-unlock",
      "instructions R[{'once, 'acquire}]",
      'instructions F[Barriers]',
      "default W['once]",
      'let sections = ([Rcu-lock]; po; [Rcu-unlock])',
    ].join('\n'),
  };
  const model = loadModel('test.cat', "empty sections\nempty tag2events('once)", {
    include: shipped,
    bell,
  });

  it('is read before the model', () => {
    const [{ values }] = outcomes(model, execution);
    expect(values.map((value) => [...value].sort())).toEqual([
      ['2,3', '4,6'],
      ['2', '3'],
    ]);
  });

  it('says which tags events may carry', () => {
    expect(model.annotations).toEqual([
      { events: 'R', tags: [['once', 'acquire']], isDefault: false },
      { events: 'F', tags: [['rcu-lock', 'rcu-unlock']], isDefault: false },
      { events: 'W', tags: [['once']], isDefault: true },
    ]);
  });
});

describe('what each execution computes', () => {
  it('is the same as by terms, for orders', () => {
    const model = load(
      'let rec fold S = match S with || {} -> 0 || e ++ rest -> ({e} * rest) | fold rest end\nempty fold(domain id) | fold(domain id)^-1\nempty (_ * _) \\ id',
    );
    fc.assert(
      fc.property(arbitraryEnvironments(), (environment) => {
        const [{ values }] = outcomes(model, environment);
        expect(values[0]).toEqual(values[1]);
      }),
      runs(100),
    );
  });
});
