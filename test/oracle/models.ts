import fc from 'fast-check';

const orders = fc.constantFrom(
  ...[
    'po',
    '[R]; po; [W]',
    '[W]; po; [W]',
    '[R]; po; [R]',
    '[M]; po; [MB]; po; [M]',
    'addr | data',
    'ctrl; [W]',
    'po-loc',
  ],
);
const communications = fc.constantFrom(
  'rf',
  'rfe',
  'co',
  'coe',
  'fr',
  'fre',
  'rf; addr',
  'fr; rf',
  'rmw',
  'com',
);

const usualChecks = fc
  .tuple(
    fc.array(orders, { minLength: 1, maxLength: 2 }),
    fc.array(communications, { minLength: 1, maxLength: 3 }),
  )
  .map(([inner, outer]) => `acyclic ${[...inner, ...outer].map((part) => `(${part})`).join(' | ')}`);

const { relation, set } = fc.letrec<{ relation: string; set: string }>((tie) => ({
  relation: fc.oneof(
    { maxDepth: 3, depthSize: 'medium' },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        ...[
          'po',
          'rf',
          'co',
          'fr',
          'rfe',
          'rfi',
          'coi',
          'fre',
          'addr',
          'data',
          'ctrl',
          'rmw',
          'loc',
          'int',
          'ext',
          'id',
        ],
      ),
    },
    {
      weight: 6,
      arbitrary: fc
        .tuple(tie('relation'), fc.constantFrom('|', '|', '&', '\\', ';', ';'), tie('relation'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('relation'), fc.constantFrom('+', '*', '?', '^-1'))
        .map(([a, op]) => `(${a})${op}`),
    },
    { weight: 1, arbitrary: tie('relation').map((a) => `(~(${a}))`) },
    { weight: 2, arbitrary: tie('set').map((a) => `[${a}]`) },
    { weight: 1, arbitrary: fc.tuple(tie('set'), tie('set')).map(([a, b]) => `(${a} * ${b})`) },
  ),
  set: fc.oneof(
    { maxDepth: 2, depthSize: 'medium' },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'R',
        'W',
        'M',
        'F',
        'IW',
        'FW',
        'MB',
        'MFENCE',
        'X',
        'RMW',
        'LL',
        'SC',
        'IntEntry',
        '_',
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('set'), fc.constantFrom('|', '&', '\\'), tie('set'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
    },
    { weight: 1, arbitrary: tie('set').map((a) => `(~(${a}))`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('domain', 'range'), tie('relation'))
        .map(([end, a]) => `${end}(${a})`),
    },
  ),
}));

const tests = fc.constantFrom('acyclic', 'irreflexive', 'empty', '~acyclic', '~irreflexive', '~empty');

const anyChecks = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(tests, relation).map(([test, term]) => `${test} ${term}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('empty', '~empty'), set).map(([test, term]) => `${test} ${term}`),
  },
  { weight: 2, arbitrary: fc.tuple(tests, fc.nat(), relation, relation).map(recursiveCheck) },
);

/** A check of a relation that is defined by recursion: by itself, or by another that is defined by it. */
function recursiveCheck([test, shape, a, b]: [string, number, string, string]): string {
  const definitions = [
    `let rec t = (${a}) | (t; (${b}))`,
    `let rec t = (${a}) | (u; t) and u = (${b}) | (t & u)`,
    `let rec t = (${a}) | (t; t) & (${b})`,
  ];
  return `${definitions[shape % definitions.length]}\n${test} t`;
}

/**
 * What holds only of whole executions, such as that every read has a source, with something taken away at
 * times.
 */
const wholes = fc
  .tuple(
    tests,
    fc.constantFrom(
      '[R] \\ [range(rf)]',
      '(loc & (W * R)) \\ (rf | (co; rf) | (fr^-1))',
      '((W * W) & loc) \\ (id | co | (co^-1))',
      '(R * R) & loc & ~((rf^-1; rf) | (rf^-1; co; rf) | ((rf^-1; co; rf)^-1))',
      '[W \\ FW] \\ [domain(co)]',
      '(po & (W * R)) \\ (rf; rf^-1; rf)',
      'po \\ (fr; rf)',
      '(po | rf | fr) \\ (co; rf)',
    ),
    fc.option(communications, { freq: 3, nil: undefined }),
  )
  .map(([test, whole, less]) => `${test} (${whole})${less ? ` \\ (${less})` : ''}`);

const names = fc.constantFrom('first', 'second');
const flags = fc.tuple(tests, relation, names).map(([test, term, name]) => `flag ${test} ${term} as ${name}`);

/**
 * Texts of random models. Most checks are of the kind that real models make, an acyclic union of parts of
 * program order and communication; some are anything at all: negated, not monotone, recursive, of single
 * steps, flags. Half of them let no value depend on itself.
 */
export const models: fc.Arbitrary<string> = fc
  .tuple(
    fc.option(fc.constant('acyclic addr | data | ctrl | rf as causality'), { freq: 1, nil: undefined }),
    fc.option(fc.constant('acyclic po-loc | rf | co | fr as coherence'), { freq: 3, nil: undefined }),
    fc.array(checks(), { minLength: 1, maxLength: 3 }),
  )
  .map(([causality, coherence, list]) => {
    return ['"random"', ...[causality, coherence].filter((check) => check !== undefined), ...list].join('\n');
  });

function checks(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: usualChecks },
    { weight: 2, arbitrary: anyChecks },
    { weight: 2, arbitrary: wholes },
    { weight: 1, arbitrary: flags },
  );
}
