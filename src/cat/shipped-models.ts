import { shippedModels } from '../shipped.js';
import { fragments, shippedModelFile } from './elaborate/shipped-files.js';
import { loadModel } from './load.js';
import type { Model } from './terms/terms.js';

const loaded = new Map<string, Model>();

/** Names of the models that ship, but for those that stand in for models of others. */
export function shippedModelNames(): string[] {
  return Object.keys(shippedModels)
    .filter((file) => /^[^/]*\.cat$/.test(file) && !fragments.has(file))
    .map((file) => file.slice(0, -'.cat'.length));
}

/**
 * A model that ships, such as `i386`. Each is loaded once.
 * @throws RangeError when there is none of that name
 */
export function shippedModel(name: string): Model {
  let model = loaded.get(name);
  if (!model) {
    const text = shippedModelFile(`${name}.cat`);
    if (text === undefined)
      throw new RangeError(`no model ${name} ships; there are ${shippedModelNames().join(', ')}`);
    model = loadModel(name, text, { include: shippedModelFile });
    loaded.set(name, model);
  }
  return model;
}
