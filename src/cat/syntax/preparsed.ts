import type { Source } from '../../diagnostics.js';
import type { ModelText } from './model-syntax.js';

/**
 * Texts of models whose trees are known without a parser. Empty, but in the bundled command: there
 * scripts/bundle.mjs puts what the parser makes of the models that ship, which a short run would take longer
 * to parse than to use.
 */
export const preparsed: ReadonlyMap<string, (source: Source) => ModelText> = new Map();
