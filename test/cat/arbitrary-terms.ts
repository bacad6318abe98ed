import * as fc from 'fast-check';
import type { Operator, Sort } from '../../src/cat/index.js';
import type { Environment, Tree, Value } from './naive.js';

const sets = ['R', 'W', 'M', 'FW', '_'];
const relations = ['po', 'loc', 'int', 'ext', 'rf', 'co', 'id'];

const leaf = (sort: Sort, names: readonly string[]): fc.Arbitrary<Tree> =>
  fc.constantFrom(...names.map((name): Tree => ({ sort, operator: 'base', args: [], name })), {
    sort,
    operator: 'empty',
    args: [],
  } as Tree);

const node =
  (sort: Sort, operator: Operator) =>
  (args: readonly Tree[]): Tree => ({ sort, operator, args });

/** Sets and relations as a model might write them, of all operators, nothing simplified. */
export function arbitraryTrees(variables: readonly Tree[] = []): {
  set: fc.Arbitrary<Tree>;
  relation: fc.Arbitrary<Tree>;
} {
  return fc.letrec<{ set: Tree; relation: Tree }>((tie) => {
    const set = tie('set');
    const relation = tie('relation');
    const many = (sort: Sort) => fc.array(sort === 'set' ? set : relation, { minLength: 2, maxLength: 3 });
    // A variable may not be complemented or taken away.
    const fixed = (sort: Sort) =>
      variables.length > 0 ? arbitraryTrees()[sort] : sort === 'set' ? set : relation;
    const boolean = (sort: Sort): fc.Arbitrary<Tree>[] => [
      many(sort).map(node(sort, 'union')),
      many(sort).map(node(sort, 'intersection')),
      fc.tuple(sort === 'set' ? set : relation, fixed(sort)).map(node(sort, 'difference')),
      fc.tuple(fixed(sort)).map(node(sort, 'complement')),
    ];
    const unary = (operator: Operator) => fc.tuple(relation).map(node('relation', operator));
    const own = (sort: Sort) => variables.filter((variable) => variable.sort === sort);
    const leaves = (sort: Sort, names: readonly string[]) =>
      own(sort).length > 0 ? fc.oneof(leaf(sort, names), fc.constantFrom(...own(sort))) : leaf(sort, names);
    return {
      set: fc.oneof(
        { maxDepth: 4, depthIdentifier: 'term' },
        leaves('set', sets),
        ...boolean('set'),
        fc.tuple(relation).map(node('set', 'domain')),
        fc.tuple(relation).map(node('set', 'range')),
      ),
      relation: fc.oneof(
        { maxDepth: 4, depthIdentifier: 'term' },
        leaves('relation', relations),
        ...boolean('relation'),
        fc.tuple(relation, relation).map(node('relation', 'compose')),
        fc.tuple(set, set).map(node('relation', 'product')),
        fc.tuple(set).map(node('relation', 'identity')),
        ...(['inverse', 'plus', 'star', 'optional'] as const).map(unary),
      ),
    };
  });
}

const members = (from: readonly string[]): fc.Arbitrary<Value> =>
  fc.subarray([...from]).map((all) => new Set(all));

/** Any values for the bases, but that loc, int and ext are symmetric. */
export function arbitraryEnvironments(): fc.Arbitrary<Environment> {
  return fc.integer({ min: 0, max: 4 }).chain((events) => {
    const all = Array.from({ length: events }, (_, index) => String(index));
    const pairs = all.flatMap((from) => all.map((to) => `${from},${to}`));
    const symmetric = members(pairs).map(
      (value) => new Set([...value].flatMap((member) => [member, member.split(',').reverse().join(',')])),
    );
    const [set, relation] = [members(all), members(pairs)];
    return fc
      .record({
        R: set,
        W: set,
        M: set,
        FW: set,
        po: relation,
        rf: relation,
        co: relation,
        loc: symmetric,
        int: symmetric,
        ext: symmetric,
      })
      .map((bases) => ({ events, bases }));
  });
}

/** The environment, with rf, co and FW changed: rf and co may only grow when `growing`. */
export function changed(
  environment: Environment,
  names: readonly ('rf' | 'co' | 'FW')[],
  growing: boolean,
): fc.Arbitrary<Environment> {
  return fc.tuple(...names.map(() => fc.infiniteStream(fc.boolean()))).map((streams) => {
    const bases: Record<string, Value> = { ...environment.bases };
    const all = Array.from({ length: environment.events }, (_, index) => String(index));
    names.forEach((name, index) => {
      const candidates = name === 'FW' ? all : all.flatMap((from) => all.map((to) => `${from},${to}`));
      const kept = growing && name !== 'FW' ? [...environment.bases[name]] : [];
      bases[name] = new Set([...kept, ...candidates.filter(() => streams[index].next().value)]);
    });
    return { ...environment, bases };
  });
}
