import { describe, expect, it } from '@jest/globals';
import { binc, inc, nmi } from '../../bench/families.js';
import { genmcProgram, NotForGenmc } from '../../bench/genmc-program.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { families } from '../operational/families.js';

const parse = (text: string) => parseLitmus(new Source('t.litmus', text));
/** The lines of a C program that are between two, trimmed and without the labels. */
function body(program: string, thread: number): string[] {
  const lines = program.split('\n');
  const start = lines.indexOf(`static void *thread_${thread}(void *unused)`);
  return lines
    .slice(start + 2, lines.indexOf('}', start))
    .map((line) => line.trim())
    .filter((line) => line !== ';' && !/^at\d+:;$/.test(line));
}

describe('the C programs that GenMC gets', () => {
  it('load, store and order as the test does', () => {
    const test = parse(`C t
{ x = 3; }
P0(int *x, int *y) { int r0 = READ_ONCE(*x); smp_mb(); WRITE_ONCE(*y, r0 + 1); }
exists (0:r0=3 /\\ ~ y=4)`);
    const program = genmcProgram(test, 'i386', true);
    expect(program).toContain('static atomic_int x = 3;');
    const [register] = /r\d+(?= = atomic_load_explicit\(&x)/.exec(program) ?? [];
    const lines = body(program, 0);
    expect(lines).toContain('atomic_thread_fence(memory_order_seq_cst);');
    const at = (part: string) => lines.findIndex((line) => line.includes(part));
    expect(at('atomic_load_explicit(&x, memory_order_relaxed)')).toBeLessThan(at('atomic_thread_fence'));
    expect(at('atomic_thread_fence')).toBeLessThan(at('atomic_store_explicit(&y, '));
    expect(program).toContain(`= ${register};`);
    expect(program).toMatch(/assert\(!\(\(end_0_\d+ == 3 && !\(y == 4\)\)\)\);/);
  });

  it('have no barrier where the machine needs none, and no assertion where all executions are asked for', () => {
    const program = genmcProgram(families.peterson(1), 'sc', false);
    expect(program).not.toContain('atomic_thread_fence');
    expect(program).not.toContain('assert(!');
    expect(genmcProgram(families.peterson(1), 'i386', false)).toContain('atomic_thread_fence');
  });

  it('update atomically', () => {
    const add = genmcProgram(parse(binc(1).text(true)), 'i386', true);
    expect(body(add, 0).join(' ')).toMatch(/atomic_fetch_add\(&x, 1\); .*atomic_fetch_add\(&y, 1\);/);
    const swap = body(genmcProgram(families.casw(1), 'i386', false), 0).join(' ');
    expect(swap).toMatch(/(r\d+) = 0; atomic_compare_exchange_strong\(&x, &\1, 1\);/);
  });

  it('have a thread and a start for each of the test', () => {
    const program = genmcProgram(parse(inc(3).text(true)), 'sc', true);
    for (const thread of [0, 1, 2]) {
      expect(program).toContain(`static void *thread_${thread}(void *unused)`);
      expect(program).toContain(`pthread_create(&t[${thread}], NULL, thread_${thread}, NULL);`);
      expect(program).toContain(`pthread_join(t[${thread}], NULL);`);
    }
  });

  it.each([
    ['handlers and calls', nmi(1, 1, true).text(true)],
    ['grace periods', 'C t\n{}\nP0(int *x) { synchronize_rcu(); *x = 1; }\nexists (x=1)'],
    ['addresses as values', 'C t\n{ y = &x; }\nP0(int **y) { int *r0 = READ_ONCE(*y); }\nexists (0:r0=x)'],
  ])('are refused for %s', (_, text) => {
    expect(() => genmcProgram(parse(text), 'i386', true)).toThrow(NotForGenmc);
  });
});
