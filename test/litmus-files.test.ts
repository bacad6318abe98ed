import { describe, expect, it } from '@jest/globals';
import { check } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import { type Era, eras, type KernelTarget } from '../src/kernel/index.js';
import { type LitmusTest, parseLitmus, parseSyntax, printLitmus } from '../src/litmus/index.js';
import type { Dialect } from '../src/program/index.js';
import { formatState } from '../src/report/index.js';
import { shippedTests } from '../src/shipped.js';
import { shippedModel } from './models.js';

/** The models that a test of a dialect is meant for, and so has to have an expectation for. */
const meantFor = {
  C: ['sc', 'i386', 'pso', 'alpha-linux', 'alpha'],
  X86: ['sc', 'i386'],
  X86_64: ['sc', 'i386'],
  Alpha: ['sc', 'alpha-linux', 'alpha'],
} as const satisfies Record<Dialect, readonly string[]>;

/** C tests that the model of the kernel speaks of as well. */
const isOfKernelModel = (path: string): boolean => path.includes('rcu/') || path.includes('nmi/');

/** Pairs of models of which the second allows all that the first does. */
const inclusions = [
  ['sc', 'i386'],
  ['sc', 'pso'],
  ['sc', 'alpha-linux'],
  ['alpha-linux', 'alpha'],
] as const;

/** One way to run a test: a model, and in C the kernel whose primitives are meant. */
interface Run {
  readonly model: string;
  readonly era?: Era;
}

function runsOf(test: LitmusTest): Run[] {
  const { dialect } = test.program;
  const models = [...meantFor[dialect], ...(isOfKernelModel(test.source.name) ? ['lkmm'] : [])];
  return models.flatMap((model): Run[] =>
    dialect === 'C' ? eras.map((era) => ({ model, era })) : [{ model }],
  );
}

const targetOf = ({ model, era }: Run): { target?: KernelTarget } =>
  era ? { target: { architecture: model as KernelTarget['architecture'], era } } : {};

const nameOf = ({ model, era }: Run): string => (era ? `${model}/${era}` : model);

/** What the file says of a run, a verdict and flags; `alpha/2.6` goes before `alpha`. */
function expected(test: LitmusTest, run: Run): string | undefined {
  const of = (name: string) => test.expectations.find(({ model }) => model === name);
  const found = of(nameOf(run)) ?? of(run.model);
  return found && answer(found.verdict, found.flags ?? []);
}

const answer = (verdict: string, flags: readonly string[]): string => [verdict, ...flags].join(' ');

/** A tree without what depends on where its text stands. */
function withoutPlaces(tree: unknown): unknown {
  const places = new Set(['span', 'source', 'notes']);
  return JSON.parse(
    JSON.stringify(tree, (key, value) => {
      if (places.has(key)) return undefined;
      return typeof value === 'bigint' ? `${value}n` : value;
    }),
  );
}

const files = Object.entries(shippedTests).filter(([path]) => path.endsWith('.litmus'));

it('ships tests of every dialect', () => {
  const dialects = new Set(files.map(([, text]) => text.slice(0, text.indexOf(' '))));
  expect([...dialects].sort()).toEqual(Object.keys(meantFor).sort());
});

describe.each(files)('litmus/%s', (path, text) => {
  const source = new Source(path, text);

  it('has the name of its file', () => {
    const [, folder, file] = /([^/]+)\/([^/]+)\.litmus$/.exec(path)!;
    expect([file, `${folder}-${file}`]).toContain(parseSyntax(source).name);
  });

  it('prints to a text that reads the same', () => {
    const syntax = parseSyntax(source);
    const printed = printLitmus(syntax);
    const again = parseSyntax(new Source('printed', printed));
    expect(withoutPlaces(again)).toEqual(withoutPlaces(syntax));
    expect(again.notes).toHaveLength(syntax.notes.length);
    expect(printLitmus(again)).toBe(printed);
  });

  it('says what it expects of every model that it is meant for, and of no other', () => {
    const test = parseLitmus(source);
    const runs = runsOf(test);
    expect(runs.filter((run) => expected(test, run) === undefined).map(nameOf)).toEqual([]);
    const known = new Set<string>(runs.flatMap((run) => [run.model, nameOf(run)]));
    expect(test.expectations.map(({ model }) => model).filter((model) => !known.has(model))).toEqual([]);
  });

  it('comes out as expected', () => {
    const test = parseLitmus(source);
    const table = (verdict: (run: Run) => string | undefined) =>
      Object.fromEntries(runsOf(test).map((run) => [nameOf(run), verdict(run)]));
    const found = table((run) => {
      const { verdict, flags } = check(test, shippedModel(run.model), targetOf(run));
      return answer(verdict, flags);
    });
    expect(found).toEqual(table((run) => expected(test, run)));
  });

  it('has every state of a stronger model under a weaker one', () => {
    const test = parseLitmus(source);
    const states = (run: Run): string[] => {
      const result = check(test, shippedModel(run.model), { question: 'states', ...targetOf(run) });
      return result.states.map((state) => formatState(state, result.observables, test.program));
    };
    const models: readonly string[] = meantFor[test.program.dialect];
    const byRun = new Map(runsOf(test).map((run) => [nameOf(run), states(run)]));
    for (const [stronger, weaker] of inclusions) {
      if (!models.includes(stronger) || !models.includes(weaker)) continue;
      for (const run of runsOf(test).filter(({ model }) => model === stronger)) {
        expect(byRun.get(nameOf({ ...run, model: weaker }))).toEqual(
          expect.arrayContaining(byRun.get(nameOf(run))!),
        );
      }
    }
  });
});
