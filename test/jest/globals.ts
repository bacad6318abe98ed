import { ModuleMocker } from 'jest-mock';

// What tests import from @jest/globals. Modules stay from one test file to the next: each name asks for what
// the current file has.

type Globals = Record<string, (...args: unknown[]) => unknown>;

const current = () => (globalThis as Record<symbol, unknown>)[Symbol.for('jest globals')] as Globals;

const named = (name: string) =>
  new Proxy(() => {}, {
    apply: (_, __, args) => current()[name](...args),
    get: (_, key) => Reflect.get(current()[name], key),
  });

export const [describe, it, test, expect] = ['describe', 'it', 'test', 'expect'].map(named);
export const [beforeAll, beforeEach, afterEach, afterAll] = [
  'beforeAll',
  'beforeEach',
  'afterEach',
  'afterAll',
].map(named);

const mocker = new ModuleMocker(globalThis);

export const jest = {
  setTimeout: (milliseconds: number) =>
    Object.assign(globalThis, { [Symbol.for('TEST_TIMEOUT_SYMBOL')]: milliseconds }),
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
};
