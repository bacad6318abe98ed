const globals = new URL('./globals.js', import.meta.url).href;

type Resolve = (specifier: string, context: unknown) => unknown;

/**
 * Where modules are: `@jest/globals` is for jest's own loader alone, so that we have one that stands in for
 * it.
 */
export function resolve(specifier: string, context: unknown, next: Resolve): unknown {
  return specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context);
}
