import { shippedModels } from '../../shipped.js';

/**
 * The text of a file that ships under models/, for models that include it; undefined when there is none of
 * that name.
 */
export function shippedModelFile(file: string): string | undefined {
  return Object.hasOwn(shippedModels, file) ? shippedModels[file] : undefined;
}

/** Files that models include, and that are no models by themselves. */
export const fragments: ReadonlySet<string> = new Set([
  'stdlib.cat',
  'cos.cat',
  'cos-opt.cat',
  'cos-no-opt.cat',
  'cross.cat',
  'fences.cat',
  'filters.cat',
  'x86fences.cat',
  'alpha-order.cat',
  'load-locked.cat',
  'lkmm-races.cat',
  'rcu.cat',
]);

/** A hint for a name that nothing defines: which file that ships does. */
export function toInclude(name: string): string | undefined {
  const defined = new RegExp(`(?:^|\\n) *(?:let(?: rec)?|and) ${name.replaceAll(/\W/g, '\\$&')}\\b`);
  const file = ['lkmm.bell', ...fragments].find((one) => defined.test(shippedModels[one]));
  if (file === undefined) return undefined;
  const option = file.endsWith('.bell') ? `, or give \`--bell ${file}\`` : '';
  return `: write \`include "${file}"\` before it${option}`;
}
