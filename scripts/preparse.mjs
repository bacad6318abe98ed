/**
 * What the parser makes of the models that ship, as a module in the place of
 * build/src/cat/syntax/preparsed.js: from a model's text to a function that makes its tree, given the source
 * that the tree's places are in.
 */
import { isDeepStrictEqual } from 'node:util';
import { parseModel } from '../build/src/cat/syntax/model-parser.js';
import { Source } from '../build/src/diagnostics.js';
import { shippedModels } from '../build/src/shipped.js';

/** An esbuild plugin. */
export const preparse = {
  name: 'preparse',
  setup(build) {
    build.onLoad({ filter: /[\\/]cat[\\/]syntax[\\/]preparsed\.js$/ }, () => ({
      contents: preparsedModule(),
    }));
  },
};

/** The module's text. */
export function preparsedModule() {
  const entries = Object.entries(shippedModels)
    .filter(([file]) => file.endsWith('.cat'))
    .map(([file, text]) => {
      const source = new Source(file, text);
      const tree = parseModel(source);
      const body = `const p = (start, end) => ({ source: s, start, end });\nreturn ${expression(tree, source)};`;
      if (!isDeepStrictEqual(new Function('s', body)(source), tree))
        throw new Error(`the tree of ${file} is not what was parsed`);
      return `  [shippedModels[${JSON.stringify(file)}], (s) => {\n${body}\n}],\n`;
    });
  return `import { shippedModels } from '../../shipped.js';\nexport const preparsed = new Map([\n${entries.join('')}]);\n`;
}

/** A tree as an expression: places are made by `p`, of the source. */
function expression(value, source) {
  if (value === undefined) return 'undefined';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => expression(item, source)).join(', ')}]`;
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error(`no data: ${value}`);
  if (value.source === source) return `p(${value.start}, ${value.end})`;
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${expression(field, source)}`);
  return `{ ${fields.join(', ')} }`;
}
