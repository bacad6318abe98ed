import { Source } from '../diagnostics.js';
import { type LitmusTest, parseLitmus } from '../litmus/index.js';
import { shippedTests } from '../shipped.js';

/** A litmus test that ships, by its path under litmus/. */
export function shippedTest(path: string): LitmusTest {
  const text = shippedTests[path];
  if (text === undefined) throw new Error(`no test ${path} ships`);
  return parseLitmus(new Source(`litmus/${path}`, text));
}
