import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * Runs a test file in plain Node.js: jest would evaluate all modules anew for each file, in a context of its
 * own, in which code is a third slower and compiled anew as well. Here the files of a process share the
 * modules, so that none may change what another relies on.
 */

/** What jest calls to run a test file, and to load what that needs. */
type TestFramework = (
  globalConfig: object,
  config: object,
  environment: { readonly global: { readonly console: Console } },
  runtime: object,
  testPath: string,
  send?: unknown,
) => Promise<unknown>;

const require = createRequire(import.meta.url);
const { default: circus } = require('jest-circus/runner') as { readonly default: TestFramework };

register('./hooks.js', import.meta.url);

const nativeRuntime = {
  requireInternalModule: { value: requireAfresh },
  unstable_shouldLoadAsEsm: { value: () => true },
  unstable_importModule: { value: (path: string) => import(pathToFileURL(path).href) },
  setGlobalsForRuntime: {
    value: (globals: object) => Object.assign(globalThis, { [Symbol.for('jest globals')]: globals }),
  },
};

/** Each file has a test framework of its own: what it collects is the module's. */
function requireAfresh(path: string): unknown {
  delete require.cache[require.resolve(path)];
  return require(path);
}

const runInNode: TestFramework = async (globalConfig, config, environment, runtime, testPath, send) => {
  const { console } = globalThis;
  globalThis.console = environment.global.console;
  for (const left of ['EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL'])
    Object.assign(globalThis, { [Symbol.for(left)]: undefined });
  try {
    const native = Object.create(runtime, nativeRuntime);
    return await circus(globalConfig, config, environment, native, testPath, send);
  } finally {
    globalThis.console = console;
  }
};

export default runInNode;
