import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { globSync } from 'tinyglobby';
import { machineNames, type Question } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import { architectures, type Era, type TargetName } from '../src/kernel/index.js';
import { parseLitmus } from '../src/litmus/index.js';
import { families as stateFamilies } from '../test/operational/families.js';
import { verdictFamilies } from './families.js';
import { Patience } from './patience.js';
import { genmc, herd7, type ToolFigure } from './tools.js';
import type { Engine, Figure, Work } from './work.js';

/** Where the conformance corpora are: beside the checkout, when nothing else is said. */
const CORPUS = process.env.FENCELINE_CORPUS ?? '../shared/corpus';

/** Milliseconds for one test of a corpus, by who answers it. */
const LIMITS: Readonly<Record<Engine | 'herd7', number>> = {
  directed: 4000,
  pruned: 1000,
  naive: 200,
  machine: 1000,
  herd7: 4000,
};
/** For a single program there is more time; and most where all executions are to be gone through. */
const SINGLE_LIMIT = 5000;
const GENMC_STATES_LIMIT = 20_000;

/**
 * What was measured of one question to one model about some tests, by each engine and tool that answers it.
 */
export interface Row {
  readonly tests: string;
  readonly model: TargetName;
  readonly question: Question;
  /** Of a family's condition. */
  readonly reachable?: boolean;
  readonly by: Readonly<Partial<Record<Engine, Figure>>>;
  readonly tools: Readonly<Partial<Record<'herd7' | 'genmc', ToolFigure>>>;
}

export type Part = 'corpora' | 'verdicts' | 'states';

/** What is told while the work goes on. */
export type Progress = (row: string) => void;

export const parts: Readonly<Record<Part, (progress: Progress) => Iterable<Row>>> = {
  corpora,
  verdicts,
  states,
};

/** Seconds for the warm passes of the engine that the others are compared with, and of those. */
const WARM = 2;
const WARM_OTHERS = 1;

let bundled: string | undefined;

/**
 * The worker as one file: it starts in less than half of the time, and is started some four hundred times.
 */
function worker(): string {
  if (bundled === undefined) {
    bundled = fileURLToPath(new URL('worker.mjs', import.meta.url));
    buildSync({
      entryPoints: [fileURLToPath(new URL('worker.js', import.meta.url))],
      outfile: bundled,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'warning',
    });
  }
  return bundled;
}

function measure(work: Work): Figure {
  const { stdout, stderr, status } = spawnSync(process.execPath, [worker()], {
    input: JSON.stringify(work),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${JSON.stringify(work)}: ${stderr}`);
  return JSON.parse(stdout) as Figure;
}

const given = <Value>(name: string, value: Value | undefined): Record<string, Value> =>
  value === undefined ? {} : { [name]: value };

interface Corpus {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly models: readonly TargetName[];
  readonly era: Era;
  /** Which of herd7's models answers the same. */
  readonly herd7?: 'x86' | 'lkmm';
}

function corpusList(progress: Progress): Corpus[] {
  const list: Corpus[] = [];
  const add = (corpus: Omit<Corpus, 'files'>): void => {
    if (existsSync(corpus.folder))
      list.push({ ...corpus, files: globSync('**/*.litmus', { cwd: corpus.folder }).sort() });
    else progress(`${corpus.name}: skipped, ${corpus.folder} is not there`);
  };
  const beside = (name: string) => ({ name, folder: join(CORPUS, name), era: '2.6' as const });
  add({ name: 'litmus/nmi', folder: 'litmus/nmi', models: architectures, era: '2.6' });
  add({ ...beside('x86'), models: ['i386'], herd7: 'x86' });
  add({ ...beside('kernel-c'), models: ['sc', 'i386', 'alpha-linux', 'alpha'] });
  add({ ...beside('alpha-asm'), models: ['alpha-linux', 'alpha'] });
  const lkmm = { folder: join(CORPUS, 'lkmm'), models: ['lkmm'], era: '6.x' } as const;
  const recorded = join(lkmm.folder, 'expected.jsonl');
  if (!existsSync(recorded)) {
    progress(`lkmm: skipped, ${recorded} is not there`);
    return list;
  }
  const lines = readFileSync(recorded, 'utf8').trim().split('\n');
  const tests = lines.map((line) => JSON.parse(line) as { file: string; states?: unknown });
  const files = (finished: boolean) =>
    tests.filter(({ states }) => (states !== undefined) === finished).map(({ file }) => file);
  list.push({ ...lkmm, name: 'lkmm', files: files(true), herd7: 'lkmm' });
  list.push({ ...lkmm, name: 'lkmm, that herd7 leaves', files: files(false) });
  return list;
}

function* corpora(progress: Progress): Generator<Row> {
  for (const { name, folder, files, models, era, herd7: model7 } of corpusList(progress)) {
    // herd7 answers all questions at once: states, their counts, and the verdict.
    const tool = model7 ? herd7(folder, files, model7, LIMITS.herd7) : undefined;
    for (const model of models) {
      for (const question of ['verdict', 'states', 'count'] as const) {
        progress(`${name} ${model} ${question}`);
        const by = (engine: Engine) =>
          measure({
            subject: { kind: 'corpus', folder, files },
            model,
            era,
            question,
            engine,
            limit: LIMITS[engine],
            warm: engine === 'directed' ? WARM : WARM_OTHERS,
          });
        const machine = question !== 'count' && machineNames.includes(model) ? by('machine') : undefined;
        yield {
          tests: name,
          model,
          question,
          by: {
            directed: by('directed'),
            pruned: by('pruned'),
            naive: by('naive'),
            ...given('machine', machine),
          },
          tools: given('herd7', tool),
        };
      }
    }
  }
}

function* verdicts(progress: Progress): Generator<Row> {
  const patience = new Patience();
  for (const [family, models] of verdictFamilies) {
    for (const model of models) {
      for (const reachable of [true, false]) {
        progress(`${family.name} ${model} ${reachable ? 'reachable' : 'unreachable'}`);
        const by = (engine: Engine) =>
          patience.measure(engine, family.name, SINGLE_LIMIT, (limit) =>
            measure({
              subject: { kind: 'verdict', family: family.name, reachable },
              model,
              era: '6.x',
              question: 'verdict',
              engine,
              limit,
              warm: engine === 'directed' ? WARM : WARM_OTHERS,
            }),
          );
        const test = parseLitmus(new Source(family.name, family.text(reachable)));
        const tool = patience.measure('genmc', family.name, SINGLE_LIMIT, (limit) =>
          genmc(test, model, true, limit),
        );
        yield {
          tests: family.name,
          model,
          question: 'verdict',
          reachable,
          by: {
            directed: by('directed'),
            pruned: by('pruned'),
            naive: by('naive'),
            ...given('machine', machineNames.includes(model) ? by('machine') : undefined),
          },
          tools: given('genmc', tool),
        };
      }
    }
  }
}

/** The sizes that the states are pinned at in test/operational/families.test.ts. */
const sizes: Readonly<Record<keyof typeof stateFamilies, number>> = {
  inc: 6,
  binc: 6,
  casw: 6,
  nwriters: 8,
  coa: 6,
  sb: 8,
  szymanski: 4,
  peterson: 4,
};
/** On the machine of Alpha peterson's algorithm fails, and has many more states. */
const alphaSizes: typeof sizes = { ...sizes, peterson: 2 };

function* states(progress: Progress): Generator<Row> {
  const patience = new Patience();
  for (const model of ['sc', 'i386', 'alpha-linux'] as const) {
    for (const name of Object.keys(stateFamilies)) {
      const family = name as keyof typeof stateFamilies;
      const size = (model === 'alpha-linux' ? alphaSizes : sizes)[family];
      const tests = `${family}(${size})`;
      progress(`${tests} ${model}`);
      const by = (engine: Engine, full: number) =>
        patience.measure(engine, tests, full, (limit) =>
          measure({
            subject: { kind: 'states', family, size },
            model,
            era: '2.6',
            question: 'states',
            engine,
            limit,
            warm: engine === 'machine' ? WARM : WARM_OTHERS,
          }),
        );
      const tool = patience.measure('genmc', tests, GENMC_STATES_LIMIT, (limit) =>
        genmc(stateFamilies[family](size), model, false, limit),
      );
      yield {
        tests,
        model,
        question: 'states',
        by: { machine: by('machine', 60_000), directed: by('directed', SINGLE_LIMIT) },
        tools: given('genmc', tool),
      };
    }
  }
}

/** Who says otherwise than the reference about a row, in words; nothing, as it should be. */
export function contradictions({ tests, model, by, tools }: Row): string[] {
  const answers = Object.entries(by).flatMap(([engine, { verdict, through }]) =>
    through === 1 && verdict !== undefined && verdict !== 'Unknown' ? [[engine, verdict] as const] : [],
  );
  const [first, ...others] = answers;
  if (!first) return [];
  const wrong = others.filter(([, verdict]) => verdict !== first[1]);
  const { genmc } = tools;
  if (genmc?.through === 1 && genmc.violated !== undefined && genmc.violated === (first[1] === 'Never'))
    wrong.push(['GenMC', genmc.violated ? 'violated' : 'no violation']);
  return wrong.map(([who, what]) => `${tests} ${model}: ${first[0]} says ${first[1]}, ${who} ${what}`);
}

/** The engine that the others are compared with. */
export const referenceOf = (part: Part): Engine => (part === 'states' ? 'machine' : 'directed');
