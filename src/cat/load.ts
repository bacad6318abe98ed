import { raise, Source } from '../diagnostics.js';
import { elaborate, type LoadOptions } from './elaborate/elaborate.js';
import { finish } from './elaborate/finish.js';
import { parseModel } from './syntax/model-parser.js';
import type { Model } from './terms/terms.js';

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
      const model =
        made.get(key) ??
        finish(stem, parsed.title ?? stem, elaborate(parsed, source, options, absent), without);
      remember(made, key, model);
      return model;
    };
    return without(new Set());
  } catch (error) {
    // The stack is the last limit, behind those that give a better place.
    if (!(error instanceof RangeError)) throw error;
    return raise('the model nests too deeply', { source, start: 0, end: 0 });
  }
}

/**
 * Models without tags that a program has not that are kept, each with its plans: those of a folder's tests
 * are few, those of random programs have no end.
 */
const KEPT = 256;

/** Puts in what was used last; what was not used for longest goes when there is no more room. */
function remember(made: Map<string, Model>, key: string, model: Model): void {
  made.delete(key);
  made.set(key, model);
  const [oldest] = made.keys();
  if (made.size > KEPT && oldest !== undefined) made.delete(oldest);
}
