import { loadModel, type Model, shippedModelFile } from '../../cat/index.js';

/**
 * Models that explanations are made with, compiled when they are first asked for: to start must not cost
 * their compilation.
 */
const compiled = new Map<string, Model>();

function own(name: string, text: string): Model {
  let model = compiled.get(name);
  if (!model) {
    model = loadModel(name, text, { include: (file) => shippedModelFile(file) });
    compiled.set(name, model);
  }
  return model;
}

/** Any source for every read, and any order of the writes. */
export const anything = (): Model => own('values', '"any values"');

/** An instruction reads before it writes. */
const PAIR = '[R]; same-instance; [W]';

/** Coherence per location, and nothing else. */
export const perLocation = (): Model => own('coherence', `acyclic po-loc | ${PAIR} | com as coherence`);

/** Every access in program order, as under sequential consistency. */
export const accessOrder = (): Model =>
  own('sequential', `acyclic ([M]; po; [M]) | ${PAIR} | rf | co | fr as sequential`);

/**
 * No value is there because of itself: what a read returns decides about what a write stores, that another
 * read returns.
 */
export const justified = (): Model => own('justified', 'acyclic addr | data | ctrl | rf as justified');
