import type { Cycle } from './cycle.js';
import { closedOrThrow } from './cycle.js';
import { type GeneratedDialect, generatedDialects, vocabularyOf } from './dialect.js';
import { type Observation, observations } from './final-condition.js';
import { type GeneratedTest, type TestOptions, testOf } from './litmus-text.js';
import { type Mode, modes } from './modes.js';
import { normalForm } from './normal-form.js';
import { cycleIn, relaxationsIn } from './relaxation-list.js';
import { CycleError, type Relaxation, type Vocabulary } from './relaxation-vocabulary.js';
import { CycleSearch, type SearchOptions } from './search.js';

/**
 * What tests are wanted, as a user says it: lists of relaxations are texts. What is left out is as diy7 has
 * it.
 */
export interface Settings {
  readonly dialect: GeneratedDialect;
  /** This one, and no other. */
  readonly cycle?: string;
  readonly relaxations?: readonly string[];
  /** Each cycle has one of these, or as many different ones as the bounds say. */
  readonly relaxed?: readonly string[];
  readonly relaxedBounds?: readonly [number, number];
  readonly rejected?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly size?: number;
  readonly exact?: boolean;
  readonly mode?: Mode;
  readonly cpus?: number;
  /** As many CPUs, and no less. */
  readonly exactCpus?: boolean;
  readonly variables?: number;
  /** Edges in a thread. */
  readonly edges?: number;
  readonly observers?: Observation;
  readonly condition?: 'exists' | 'not-exists' | 'observe';
  readonly oneLocation?: boolean;
  /** Fences that may stand beside an `Rfe`. */
  readonly cumulative?: readonly string[];
  /** Tests are called by this and a number, of so many digits. */
  readonly name?: string;
  readonly digits?: number;
}

/** A generated test and the name that its file has. */
export interface NamedTest {
  readonly name: string;
  readonly test: GeneratedTest;
}

/** Modes in which diy7 takes no thread that goes against communication. */
const forward: ReadonlySet<Mode> = new Set(['default', 'sc', 'critical']);

/** Tests in the order in which they are found. */
export class TestGenerator {
  private readonly settings: Settings;
  private readonly vocabulary: Vocabulary;

  constructor(settings: Settings) {
    this.settings = settings;
    this.vocabulary = vocabularyOf(settings.dialect);
  }

  /** @throws CycleError when a relaxation or a cycle is none */
  *tests(): Generator<NamedTest> {
    const names = new Map<string, number>();
    const tests = this.settings.cycle === undefined ? this.found() : [this.only(this.settings.cycle)];
    for (const test of tests) yield { name: this.nameOf(test, names), test };
  }

  /** No two tests have one name: a number tells them apart. */
  private nameOf(test: GeneratedTest, names: Map<string, number>): string {
    const { name: base, digits = 3 } = this.settings;
    const name = base ?? test.name;
    const count = names.get(name) ?? 0;
    names.set(name, count + 1);
    const isPlain = base === undefined || this.settings.cycle !== undefined;
    return isPlain && count === 0 ? name : `${name}${String(count).padStart(digits, '0')}`;
  }

  private only(text: string): GeneratedTest {
    const cycle = this.cycle(text);
    const test = testOf(cycle, this.vocabulary, {
      ...this.testOptions(),
      oneLocation: true,
      allowsBack: true,
    });
    if (typeof test === 'string') throw new CycleError(`${text}: this is no test: ${test}`);
    return test;
  }

  private cycle(text: string): Cycle {
    const cycle = normalForm(closedOrThrow(cycleIn(text, this.vocabulary), this.vocabulary));
    if (cycle) return cycle;
    throw new CycleError(
      `${text}: it leaves a thread once and never comes back; two steps such as Rfe or Fre are expected, or none`,
    );
  }

  private *found(): Generator<GeneratedTest> {
    const search = this.searchOptions();
    const options = this.testOptions();
    const { variables = Number.POSITIVE_INFINITY, exactCpus } = this.settings;
    for (const cycle of new CycleSearch(search, this.vocabulary).cycles()) {
      const test = testOf(cycle, this.vocabulary, options);
      if (typeof test === 'string' || test.locations > variables) continue;
      if (!exactCpus || test.threads === search.threads) yield test;
    }
  }

  private testOptions(): TestOptions {
    const {
      dialect,
      observers = 'avoid',
      condition = 'exists',
      mode = 'default',
      oneLocation,
    } = this.settings;
    return {
      dialect,
      observers,
      condition,
      oneLocation: oneLocation ?? mode === 'uni',
      allowsBack: !forward.has(mode),
    };
  }

  private searchOptions(): SearchOptions {
    const {
      mode = 'default',
      size = 6,
      cpus = 4,
      edges = 4,
      exact,
      cumulative,
      relaxedBounds,
    } = this.settings;
    return {
      mode,
      size,
      threads: cpus,
      edgesInThread: edges,
      ...this.lists(mode),
      rejected: this.list(this.settings.rejected),
      prefixes: this.list(this.settings.prefixes),
      ...(exact && { exact }),
      ...(cumulative && { cumulative }),
      ...(relaxedBounds && { relaxedBounds }),
    };
  }

  /** Where no relaxations are given: all of the dialect, and of coherence in mode `uni`. */
  private lists(mode: Mode): Pick<SearchOptions, 'safe' | 'relaxed'> {
    const { relaxations = [], relaxed = [] } = this.settings;
    const safe = this.list(relaxations);
    const groups = relaxed.flatMap((text) => this.list([text]).map((one) => [one]));
    if (relaxations.length > 0 || relaxed.length > 0) return { safe, relaxed: groups };
    const { usualSafe, usualRelaxed, coherence } = usualLists(this.vocabulary);
    return mode === 'uni' ? coherence : { safe: usualSafe, relaxed: usualRelaxed };
  }

  private list(texts: readonly string[] = []): Relaxation[] {
    return texts.flatMap((text) => relaxationsIn(text, this.vocabulary));
  }
}

function usualLists(vocabulary: Vocabulary): {
  usualSafe: Relaxation[];
  usualRelaxed: Relaxation[][];
  coherence: Pick<SearchOptions, 'safe' | 'relaxed'>;
} {
  const each = (words: string): Relaxation[] => relaxationsIn(words, vocabulary);
  const relaxed = vocabulary.usualRelaxed().map((words) => relaxationsIn(words, vocabulary));
  const safe = each('Coi Coe Fri Fre Pos**');
  return {
    usualSafe: each('Coi Coe Fri Fre'),
    usualRelaxed: relaxed,
    coherence: { safe, relaxed: each('Rfi Rfe').map((one) => [one]) },
  };
}

/** A name that a user has given, and is one. */
function choiceIn<T extends string>(all: readonly T[], what: string): (name: string) => T {
  return (name) => {
    const found = all.find((one) => one.toLowerCase() === name.toLowerCase());
    if (found) return found;
    throw new CycleError(`there is no ${what} ${name}; there are ${all.join(', ')}`);
  };
}

/** @throws CycleError */
export const dialectNamed = choiceIn(generatedDialects, 'dialect');
export const modeNamed = choiceIn(modes, 'mode');
export const observationNamed = choiceIn(observations, 'way to observe the order of writes,');
