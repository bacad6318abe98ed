/**
 * Reads a file as the command line would, asks about it what can be asked, and says when that goes otherwise
 * than it may.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, type Model, shippedModel, shippedModelFile } from '../src/cat/index.js';
import { type CheckOptions, check, checkOnMachine } from '../src/check/index.js';
import { UsageError } from '../src/cli/exit.js';
import { Herd7Options } from '../src/cli/herd7/herd7-settings.js';
import { readConfiguration } from '../src/cli/herd7/options.js';
import { Source, SourceError } from '../src/diagnostics.js';
import type { TargetName } from '../src/kernel/index.js';
import { LimitReached, within } from '../src/limits.js';
import { type LitmusTest, Macros, parseLitmus, printLitmus } from '../src/litmus/index.js';
import { shippedTests } from '../src/shipped.js';
import type { FileKind } from './originals.js';

/** What may come of a file: an answer, one error with its place, or a limit that is told. */
export type Outcome = 'answered' | 'refused' | 'limit';

/** Milliseconds beyond its limit that an answer may take: collections of garbage, other programs. */
const GRACE = 3000;
/** How often an answer that took longer is asked for: a busy machine is slow once, and not always. */
const TRIES = 3;

/**
 * @param timeout milliseconds that it is to take at most
 * @throws Error when it goes otherwise than it may: any other error, an error without a place, a limit that
 * does not hold
 */
export function outcomeOf(kind: FileKind, text: string, timeout: number): Outcome {
  let taken = 0;
  for (let tries = 0; tries < TRIES; tries++) {
    const start = performance.now();
    const outcome = attempted(kind, text, timeout);
    taken = performance.now() - start;
    if (taken <= timeout + GRACE) return outcome;
  }
  throw new Error(`it took ${Math.round(taken)} ms, with a limit of ${timeout} ms`);
}

function attempted(kind: FileKind, text: string, timeout: number): Outcome {
  try {
    within({ timeout, maxBytes: MAX_BYTES }, () => asked[kind](text, timeout));
    return 'answered';
  } catch (error) {
    if (error instanceof LimitReached) return 'limit';
    if (error instanceof UsageError && kind === 'cfg') return 'refused';
    if (!(error instanceof SourceError)) throw error;
    checkMessage(error, text);
    return 'refused';
  }
}

const MAX_BYTES = 2 ** 28;

/**
 * One line, with a place that there is, and with nothing in it of the program's own. The text's line may
 * follow.
 */
function checkMessage({ message, reason, span }: SourceError, text: string): void {
  if (!/^[^\n]+:\d+:\d+: \S/.test(message) || /[\n\r]/.test(reason))
    throw new Error(`no message in one line: ${message}`);
  const own = /undefined(?!_unless)|\[object|NaN|null\b/.exec(reason)?.[0];
  if (own && !text.includes(own)) throw new Error(`a message that speaks of ${own}: ${message}`);
  if (span.start < 0 || span.end > span.source.text.length + 1 || span.start > span.end)
    throw new Error(`a place outside the text, ${span.start} to ${span.end}: ${message}`);
}

const asked: Readonly<Record<FileKind, (text: string, timeout: number) => void>> = {
  litmus: (text, timeout) => {
    const test = parseLitmus(new Source('mutant.litmus', text));
    checkRereads(test);
    askAll(test, timeout);
  },
  cat: (text, timeout) => askModel(loadModel('mutant.cat', text, { include: shippedModelFile }), timeout),
  bell: (text, timeout) => {
    const model = shippedModelFile('lkmm.cat') as string;
    const bell = { name: 'mutant.bell', text };
    askModel(loadModel('lkmm.cat', model, { include: shippedModelFile, bell }), timeout);
  },
  def: (text, timeout) => {
    const macros = Macros.parse(new Source('mutant.def', text));
    for (const litmus of small)
      askOne(parseLitmus(new Source('small.litmus', litmus), { macros }), 'lkmm', timeout);
  },
  cfg: (text) => {
    const file = join(tmpdir(), `fenceline-fuzz-${process.pid}-${counter++}.cfg`);
    writeFileSync(file, text);
    try {
      readConfiguration(file, new Herd7Options());
    } finally {
      rmSync(file);
    }
  },
};

let counter = 0;

/** What a test is printed as is a test again. */
function checkRereads(test: LitmusTest): void {
  const printed = printLitmus(test);
  try {
    parseLitmus(new Source('printed.litmus', printed));
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    throw new Error(`what it is printed as is not read: ${(error as Error).message}\n${printed}`);
  }
}

/** Both engines, for the dialect's machines. */
function askAll(test: LitmusTest, timeout: number): void {
  switch (test.program.dialect) {
    case 'C':
      askOne(test, 'lkmm', timeout);
      askOne(test, 'alpha', timeout);
      askMachine(test, 'i386', timeout);
      return;
    case 'X86':
    case 'X86_64':
      askOne(test, 'i386', timeout);
      askMachine(test, 'i386', timeout);
      return;
    case 'Alpha':
      askOne(test, 'alpha', timeout);
      askMachine(test, 'alpha', timeout);
      return;
  }
}

function askOne(test: LitmusTest, target: TargetName, timeout: number): void {
  check(test, shippedModel(target), optionsFor(test, target, timeout));
}

function askMachine(test: LitmusTest, machine: 'i386' | 'alpha', timeout: number): void {
  checkOnMachine(test, machine, { ...optionsFor(test, machine, timeout), maxBytes: MAX_BYTES });
}

function optionsFor(test: LitmusTest, architecture: TargetName, timeout: number): CheckOptions {
  const target = test.program.dialect === 'C' ? { target: { architecture, era: '6.x' as const } } : {};
  return { timeout, maxBytes: MAX_BYTES, ...target };
}

/** Small tests for models to be asked about: of each dialect, and of what is in the kernel's model. */
const small = ['classic/c/MP+wmb+rmb.litmus', 'rcu/2+2W+sync+rscs.litmus'].map((name) => shippedTests[name]);

function askModel(model: Model, timeout: number): void {
  for (const text of small) {
    const test = parseLitmus(new Source('small.litmus', text));
    check(test, model, optionsFor(test, 'lkmm', timeout));
  }
}
