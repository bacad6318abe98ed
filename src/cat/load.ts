import { raise, Source } from '../diagnostics.js';
import { elaborate, type LoadOptions } from './elaborate.js';
import { finish } from './finish.js';
import { parseModel } from './parser.js';
import type { Model } from './terms.js';

/**
 * Reads a model: parse, elaborate, finish. Raises a {@link SourceError} for everything that is wrong with it.
 * `name` is a file's path or what the text is called in messages.
 */
export function loadModel(name: string, text: string, options: LoadOptions = {}): Model {
  if (typeof name !== 'string' || typeof text !== 'string')
    throw new TypeError(
      'loadModel takes a name, the text of a cat file, and options: loadModel(name, text, options)',
    );
  const source = new Source(name, text);
  const stem = name.replace(/^.*[/\\]/, '').replace(/\.cat$/, '');
  try {
    const parsed = parseModel(source);
    const made = new Map<string, Model>();
    const without = (absent: ReadonlySet<string>): Model => {
      const key = [...absent].sort().join(' ');
      let model = made.get(key);
      if (!model) {
        const elaborated = elaborate(parsed, source, options, absent);
        model = finish(stem, parsed.title ?? stem, elaborated, without);
        made.set(key, model);
      }
      return model;
    };
    return without(new Set());
  } catch (error) {
    // The stack is the last limit, behind those that give a better place.
    if (!(error instanceof RangeError)) throw error;
    return raise('the model nests too deeply', { source, start: 0, end: 0 });
  }
}
