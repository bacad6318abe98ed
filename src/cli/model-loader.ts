import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { loadModel, type Model } from '../cat/index.js';
import { shippedModels } from '../shipped.js';
import { UsageError } from './exit.js';

const loaded = new Map<string, Model>();

/** Names of the models that ship, without those fragments that only others include. */
export function shippedModelNames(): string[] {
  return Object.keys(shippedModels)
    .filter((file) => file.endsWith('.cat') && !FRAGMENTS.has(file))
    .map((file) => file.slice(0, -'.cat'.length));
}

/** Files that models include, and that are no models by themselves. */
const FRAGMENTS = new Set(['stdlib.cat', 'cos.cat', 'filters.cat', 'x86fences.cat', 'alpha-order.cat']);

/**
 * A model by the name of one that ships, or by the path of a cat file. Files that it includes are looked for beside it, then among those
 * that ship.
 * @throws UsageError when there is none of that name
 * @throws SourceError when the file has an error
 */
export function modelNamed(name: string): Model {
  let model = loaded.get(name);
  if (!model) {
    model = load(name);
    loaded.set(name, model);
  }
  return model;
}

function load(name: string): Model {
  const shipped = shippedModels[`${name}.cat`];
  if (shipped !== undefined) return loadModel(name, shipped, { include: (file) => shippedModels[file] });
  if (!existsSync(name)) {
    throw new UsageError(
      `no model ${name}: it is neither a file nor one of ${shippedModelNames().join(', ')}`,
    );
  }
  const folder = dirname(name);
  const include = (file: string): string | undefined => {
    const beside = join(folder, file);
    return existsSync(beside) ? readFileSync(beside, 'utf8') : shippedModels[file];
  };
  return loadModel(basename(name, '.cat'), readFileSync(name, 'utf8'), { include });
}
