import type { TestEntry } from './protocol.js';

/**
 * What tests teach, in the order in which one would learn it: each by what the names of its tests look like.
 */
const topics: readonly { readonly name: string; readonly about: string; readonly pattern: RegExp }[] = [
  { name: 'NMI handlers', about: 'the document that this began with', pattern: /^nmi\// },
  { name: 'RCU', about: 'grace periods and sections', pattern: /^rcu\// },
  { name: 'Coherence', about: 'one location, as on one CPU', pattern: /\/Co[RW]{2}/ },
  { name: 'Message passing', about: 'data, then a flag', pattern: /\/(MP|ISA2|WRC|quick-quiz|test-[178])/ },
  {
    name: 'Store buffering',
    about: 'a store, then a load of something else',
    pattern: /\/(\d\.)?(SB|R|RWC|W\+RWC|Dekker|n[456])/,
  },
  {
    name: 'Load buffering',
    about: 'a load, then a store of something else',
    pattern: /\/(\d\.)?(LB|S|dependence)/,
  },
  { name: 'Independent readers', about: 'do all CPUs see stores in one order?', pattern: /\/(IRIW|W\+)/ },
  { name: 'Stores in order', about: 'which store wins', pattern: /\/(\d\.)?(2\+2W|\d\.2W)/ },
  {
    name: 'Atomic operations and locks',
    about: 'read, change and write as one',
    pattern: /lock|llsc|stqc|inc|xchg|atomic|cmpxchg|mutex/i,
  },
];

const OTHER = { name: 'Others', about: 'what fits nowhere else' };

export interface Group {
  readonly name: string;
  readonly about: string;
  readonly tests: readonly TestEntry[];
}

/** Tests by what they teach; each once. */
export function byTopic(tests: readonly TestEntry[]): Group[] {
  const of = (entry: TestEntry) => topics.find(({ pattern }) => pattern.test(entry.path)) ?? OTHER;
  return [...topics, OTHER]
    .map((topic) => ({
      name: topic.name,
      about: topic.about,
      tests: tests.filter((entry) => of(entry) === topic),
    }))
    .filter((group) => group.tests.length > 0);
}

/** Tests by the folder that they are in. */
export function byFolder(tests: readonly TestEntry[]): Group[] {
  const folderOf = ({ path }: TestEntry): string => path.slice(0, path.lastIndexOf('/'));
  return [...new Set(tests.map(folderOf))].map((name) => ({
    name,
    about: '',
    tests: tests.filter((entry) => folderOf(entry) === name),
  }));
}

/** Those that have every word somewhere: in path, comment, dialect or what they expect. */
export function matching(tests: readonly TestEntry[], words: string): TestEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return tests.filter(({ path, about, dialect, expects }) => {
    const all = `${path} ${about} ${dialect} ${expects.join(' ')}`.toLowerCase();
    return wanted.every((word) => all.includes(word));
  });
}
