import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { loadModel, type Model, shippedModel, shippedModelFile, shippedModelNames } from '../cat/index.js';
import { UsageError } from './exit.js';

const loaded = new Map<string, Model>();

/**
 * A model by the name of one that ships, or by the path of a cat file. Files that it includes are looked for beside it, then among those
 * that ship.
 * @throws UsageError when there is none of that name
 * @throws SourceError when the file has an error
 */
export function modelNamed(name: string): Model {
  if (isShipped(name)) return shippedModel(name);
  let model = loaded.get(name);
  if (!model) {
    model = load(name);
    loaded.set(name, model);
  }
  return model;
}

/** Whether a model of this name ships. */
export function isShipped(name: string): boolean {
  return shippedModelFile(`${name}.cat`) !== undefined;
}

function load(path: string): Model {
  if (!existsSync(path)) {
    throw new UsageError(
      `no model ${path}: it is neither a file nor one of ${shippedModelNames().join(', ')}`,
    );
  }
  const folder = dirname(path);
  const include = (file: string): string | undefined => {
    // Herd's folder of models has one, too, for the names that herd starts with.
    if (file === 'stdlib.cat') return shippedModelFile(file);
    const beside = join(folder, file);
    return existsSync(beside) ? readFileSync(beside, 'utf8') : shippedModelFile(file);
  };
  return loadModel(basename(path, '.cat'), readFileSync(path, 'utf8'), { include });
}
