import { loadModel, type Model } from '../src/cat/index.js';
import { shippedModels } from '../src/shipped.js';

const loaded = new Map<string, Model>();

/** A model that ships, loaded once. */
export function shippedModel(name: string): Model {
  let model = loaded.get(name);
  if (!model) {
    model = loadModel(name, shippedModels[`${name}.cat`], { include: (file) => shippedModels[file] });
    loaded.set(name, model);
  }
  return model;
}
