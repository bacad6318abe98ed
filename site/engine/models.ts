import { diagnosticsOf, shippedModel, shippedModelFile, shippedModelNames } from '../../src/index.js';
import type {
  EditedModel,
  EffectsAnswer,
  EffectsRequest,
  ModelEntry,
  TextAnswer,
} from '../logic/protocol.js';
import { targetsFor } from '../logic/targets.js';
import { library, shippedText } from './library.js';
import { includeOf, modelOf } from './tests.js';
import { verdictOn } from './verdicts.js';

/** The models that ship, each with its files. */
export function models(): ModelEntry[] {
  return shippedModelNames().map((name) => ({
    name,
    title: shippedModel(name).title,
    files: filesOf(`${name}.cat`).map((file) => ({ name: file, text: shippedModelFile(file) as string })),
  }));
}

/** A file, and those that it includes, each once. */
function filesOf(file: string, found: string[] = []): string[] {
  const text = shippedModelFile(file);
  if (text === undefined || found.includes(file)) return found;
  found.push(file);
  for (const [, included] of text.matchAll(/^\s*include\s+"([^"]+)"/gm)) filesOf(included, found);
  return found;
}

/**
 * What is wrong with a file of a model. What a file that others include leaves to them is no error of it: it
 * is the whole model that is looked at.
 */
export function modelDiagnostics(text: string, model: EditedModel): TextAnswer['diagnostics'] {
  const include = includeOf(model);
  const main = include(`${model.name}.cat`) ?? '';
  if (main === text) return diagnosticsOf(text, 'cat', { include });
  // An error in an included file has its place there, and is told as one of the whole.
  const own = diagnosticsOf(text, 'cat', { include });
  const whole = diagnosticsOf(main, 'cat', { include });
  return whole.length === 0
    ? []
    : own.length > 0
      ? own
      : whole.map((found) => ({ ...found, start: 0, end: Math.min(1, text.length) }));
}

/** Verdicts of shipped models, which stay what they are. */
const known = new Map<string, string>();

/** Milliseconds between two reports. */
const PAUSE = 150;

/** Which shipped tests a changed model answers otherwise. @throws SourceError */
export function effectsOf(
  { model, kernel, limit }: EffectsRequest,
  report: (progress: EffectsAnswer) => void,
): EffectsAnswer {
  modelOf(model.name, model);
  const tests = library().filter(({ dialect }) =>
    targetsFor(dialect).some(({ name }) => name === model.name),
  );
  const changed: EffectsAnswer['changed'][number][] = [];
  let told = Date.now();
  tests.forEach(({ path, name }, index) => {
    const text = shippedText(path) as string;
    const target = { name: model.name, kernel };
    const verdict = (own?: EditedModel): string => {
      const { verdict: word, flags } = verdictOn({ text, target, limit, ...(own ? { model: own } : {}) });
      return flags.length > 0 ? `${word} with ${flags.join(' ')}` : word;
    };
    const key = `${model.name} ${kernel} ${path}`;
    const before = known.get(key) ?? verdict();
    known.set(key, before);
    const after = verdict(model);
    if (after !== before) changed.push({ path, name, before, after });
    if (Date.now() - told < PAUSE) return;
    told = Date.now();
    report({ done: index + 1, total: tests.length, changed: [...changed] });
  });
  return { done: tests.length, total: tests.length, changed };
}
