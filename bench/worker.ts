/** Does one piece of work, given as JSON on the standard input, and prints its figure as JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { shippedModel } from '../src/cat/index.js';
import { type CheckResult, check, checkOnMachine } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import { type LitmusTest, parseLitmus } from '../src/litmus/index.js';
import { families as stateFamilies } from '../test/operational/families.js';
import { verdictFamilies } from './families.js';
import type { Figure, Subject, Work } from './work.js';

const WARM_PASSES = 5;
/** Seconds of a first pass that is long enough to have been warm for the most part. */
const LONG = 3;

/** What is read of the subject before the clock starts; parsing it is part of the work for a corpus. */
function prepare(subject: Subject): readonly (() => LitmusTest)[] {
  switch (subject.kind) {
    case 'corpus':
      return subject.files.map((file) => {
        const source = new Source(file, readFileSync(join(subject.folder, file), 'utf8'));
        return () => parseLitmus(source);
      });
    case 'verdict': {
      const family = verdictFamilies.find(([{ name }]) => name === subject.family)?.[0];
      if (!family) throw new Error(`no family ${subject.family}`);
      const source = new Source(family.name, family.text(subject.reachable));
      return [() => parseLitmus(source)];
    }
    case 'states': {
      const make = stateFamilies[subject.family as keyof typeof stateFamilies];
      return [() => make(subject.size)];
    }
  }
}

function answer(test: LitmusTest, { model, era, question, engine, limit }: Work): CheckResult {
  const target = test.program.dialect === 'C' ? { target: { architecture: model, era } } : {};
  const options = { question, timeout: limit, ...target };
  if (engine === 'machine') return checkOnMachine(test, model, options);
  return check(test, shippedModel(model), { ...options, search: engine });
}

interface Pass extends Omit<Figure, 'cold' | 'warm' | 'memory'> {
  readonly seconds: number;
}

function onePass(tests: readonly (() => LitmusTest)[], work: Work): Pass {
  const counts = { decisions: 0, conflicts: 0, executions: 0, states: 0, transitions: 0 };
  let through = 0;
  let found = 0;
  let verdict = '';
  const start = performance.now();
  for (const test of tests) {
    const result = answer(test(), work);
    if (!result.incomplete.some(({ kind }) => kind === 'timeout' || kind === 'memory')) through++;
    for (const name of ['decisions', 'conflicts', 'executions'] as const) counts[name] += result.counts[name];
    counts.states += result.machine?.states ?? 0;
    counts.transitions += result.machine?.transitions ?? 0;
    found += result.states.length;
    verdict = result.verdict;
  }
  const seconds = (performance.now() - start) / 1000;
  const single = tests.length === 1 ? { verdict } : {};
  return { seconds, tests: tests.length, through, ...single, found, counts };
}

function perform(work: Work): Figure {
  const tests = prepare(work.subject);
  const { seconds: cold, ...rest } = onePass(tests, work);
  let warm = cold;
  const end = performance.now() + work.warm * 1000;
  for (let pass = 0; cold < LONG && pass < WARM_PASSES && performance.now() < end; pass++)
    warm = Math.min(warm, onePass(tests, work).seconds);
  return { cold, warm, ...rest, memory: Math.round(process.resourceUsage().maxRSS / 1024) };
}

console.log(JSON.stringify(perform(JSON.parse(await text(process.stdin)) as Work)));
