import { raise, Source } from '../diagnostics.js';
import { elaborate, type LoadOptions } from './elaborate.js';
import { finish } from './finish.js';
import { parseModel } from './parser.js';
import type { Model } from './terms.js';

/**
 * Reads a model: parse, elaborate, finish. Raises a {@link SourceError} for everything that is wrong with it.
 * `name` is a file's path or what the text is called in messages.
 */
export function loadModel(name: string, text: string, options: LoadOptions): Model {
  const source = new Source(name, text);
  try {
    const parsed = parseModel(source);
    const stem = name.replace(/^.*[/\\]/, '').replace(/\.cat$/, '');
    return finish(stem, parsed.title ?? stem, elaborate(parsed, source, options));
  } catch (error) {
    // The stack is the last limit, behind those that give a better place.
    if (!(error instanceof RangeError)) throw error;
    return raise('the model nests too deeply', { source, start: 0, end: 0 });
  }
}
