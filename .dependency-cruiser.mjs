/**
 * The rooms of src/, in order: a room may import from itself and from the rooms before it, never from a later one.
 * This array is the one place where the order is written down; the rules below are made from it.
 */
const rooms = [
  'relation',
  'program',
  'litmus',
  'kernel',
  'execution',
  'cat',
  'axiomatic',
  'operational',
  'check',
  'explain',
  'report',
  'language',
  'quiz',
  'arbitraries',
  'generate',
  'compare',
  'cli',
];

/** Files at the top of src/ that any room may import; they import nothing of src/ themselves. */
const shared = '^src/(diagnostics|lazy-lookahead|limits|near-match|shipped)\\.ts$';

const anyOf = (names) => `(${names.join('|')})`;

const roomRules = rooms.map((room, index) => ({
  name: `room-${room}`,
  comment: `src/${room} may import from ${rooms.slice(0, index + 1).join(', ')} and the shared files only.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [`^src/${anyOf(rooms.slice(0, index + 1))}/`, shared] },
}));

/**
 * The floors of a room, its folders, in order: a floor may import from itself and from the floors before it, and from the
 * rooms that its room may import from; never from the files that stand in the room itself, which put the floors together.
 */
const floors = {
  explain: ['outcome', 'primitives', 'repair'],
  litmus: ['reading', 'c/syntax', 'frame', 'assembly', 'alpha', 'x86', 'x86_64', 'c/memory', 'c/lower', 'c'],
  cat: ['syntax', 'terms', 'interpret', 'elaborate', 'plan', 'derive'],
  operational: ['machine', 'explore', 'memory', 'in-order', 'window'],
  axiomatic: ['sat', 'candidate', 'thin-air', 'enumerate', 'directed'],
};

const floorRules = Object.entries(floors).flatMap(([room, names]) =>
  names.map((name, index) => ({
    name: `floor-${room}-${name}`,
    comment: `Within src/${room}, ${name} may import from ${names.slice(0, index + 1).join(', ')} only.`,
    severity: 'error',
    from: { path: `^src/${room}/${name}/` },
    to: { path: `^src/${room}/`, pathNot: `^src/${room}/${anyOf(names.slice(0, index + 1))}/` },
  })),
);

export default {
  forbidden: [
    ...roomRules,
    ...floorRules,
    {
      name: 'shared-stands-alone',
      comment: 'A file that every room may import depends on no room.',
      severity: 'error',
      from: { path: shared },
      to: { path: '^src/' },
    },
    {
      name: 'api-without-cli',
      comment: 'The public API runs in a browser; the command line does not.',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'known-rooms',
      comment: 'Every file of src/ is in a room of the list above, or is index.ts or a shared file.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: [`^src/${anyOf(rooms)}/`, '^src/index\\.ts$', shared] },
    },
    {
      name: 'node-in-cli-only',
      comment: 'Everything outside src/cli runs unchanged in a browser worker.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'src-stands-alone',
      comment: 'What ships does not import tests, benchmarks, scripts or build outputs.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|conformance|differential|fuzz|scripts|bin|build|site)/' },
    },
    {
      name: 'runtime-dependencies-only',
      comment: 'What ships imports packages listed under "dependencies" only.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'page-by-api',
      comment: 'The page knows the public API, as any other user of the library does.',
      severity: 'error',
      from: { path: '^site/' },
      to: { path: '^src/', pathNot: '^src/index\\.ts$' },
    },
    {
      name: 'engines-in-workers',
      comment: 'What runs beside the document asks the workers, and imports no engine itself.',
      severity: 'error',
      from: { path: '^site/', pathNot: '^site/(engine/|page/worker\\.ts$)' },
      to: { path: '^(src/|site/engine/)' },
    },
    {
      name: 'no-circular',
      comment: 'No cycles, type-only imports included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads to a file or package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type-only imports count too.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    exoticRequireStrings: [],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
