import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fencelineIn } from './command-line.js';

const SB = `X86 SB
{ }
 P0          | P1          ;
 MOV [x],$1  | MOV [y],$1  ;
 MOV EAX,[y] | MOV EAX,[x] ;
exists (0:EAX=0 /\\ 1:EAX=0)
`;

const MP = `C MP
{ }
P0(int *x, int *y) { put(*x, 1); put(*y, 1); }
P1(int *x, int *y) { int r0 = get(*y); int r1 = get(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;

let folder: string;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

/** In the folder of the files. */
function herd7(...args: readonly string[]) {
  const { status, stdout, stderr } = fencelineIn(folder, 'herd7', ...args);
  return { status, stdout: stdout.replace(/^(Time \S+) .*$/gm, '$1 0.00'), stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenceline-herd7-'));
  mkdirSync(join(folder, 'sub'));
  write('SB.litmus', SB);
  write('bad.litmus', SB.replace('[y] |', '[y |'));
  write('MP.litmus', MP);
  write(
    'tiny.bell',
    '"tiny"\nenum Accesses = \'put || \'get\ninstructions R[Accesses]\ninstructions W[Accesses]\n',
  );
  write('tiny.def', 'put(X,V) { __store{put}(X,V); }\nget(X) __load{get}(X)\n');
  write(
    'tiny.cat',
    '"tiny"\ninclude "part.cat"\nacyclic po-loc | com as coherence\nacyclic kept | rfe | co | fr as order\n',
  );
  write('sub/part.cat', 'let kept = if "strict" then [Put | Get]; po; [Put | Get] else 0\n');
  write(
    'tiny.cfg',
    "# a model of the test's own\nmacros tiny.def\nbell tiny.bell\nmodel tiny.cat\ngraph columns\n",
  );
  write('other.litmus', SB.replace('X86 SB', 'X86 SB2'));
  write('@list', '# two of them\nSB.litmus\n\nother.litmus\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const observation = (stdout: string) => stdout.split('\n').find((line) => line.startsWith('Observation'));

describe("herd7's command line", () => {
  it("prints herd7's lines, but for the hash", () => {
    const { status, stdout, stderr } = herd7('-model', 'x86tso.cat', '-q', 'SB.litmus');
    expect(stdout.split('\n')).toEqual([
      'Test SB Allowed',
      'States 4',
      '0:EAX=0; 1:EAX=0;',
      '0:EAX=0; 1:EAX=1;',
      '0:EAX=1; 1:EAX=0;',
      '0:EAX=1; 1:EAX=1;',
      'Ok',
      'Witnesses',
      'Positive: 1 Negative: 3',
      'Condition exists (0:EAX=0 /\\ 1:EAX=0)',
      'Observation SB Sometimes 1 3',
      'Time SB 0.00',
      '',
      '',
    ]);
    expect([status, stderr]).toEqual([0, '']);
  });

  it('reads a configuration file, macros, a bell file, a model and its parts from -I', () => {
    const { status, stdout, stderr } = herd7('-I', 'sub', '-conf', 'tiny.cfg', 'MP.litmus');
    expect([status, stderr]).toEqual([0, '']);
    expect(observation(stdout)).toBe('Observation MP Sometimes 1 3');
  });

  it('takes variants, which the model asks for', () => {
    const { stdout } = herd7('-I', 'sub', '-conf', 'tiny.cfg', '-variant', 'strict', 'MP.litmus');
    expect(observation(stdout)).toBe('Observation MP Never 0 3');
  });

  it('counts what agrees with ~exists as witnesses, and what satisfies its proposition as observations', () => {
    write('forbidden.litmus', SB.replace('exists', '~exists'));
    const { stdout } = herd7('-model', 'x86tso.cat', 'forbidden.litmus');
    expect(stdout).toMatch(/^No\nWitnesses\nPositive: 3 Negative: 1\nCondition ~exists/m);
    expect(observation(stdout)).toBe('Observation SB Sometimes 1 3');
  });

  it('takes files from a list', () => {
    expect(herd7('@list').stdout.match(/^Test SB\d? /gm)).toEqual(['Test SB ', 'Test SB2 ']);
  });

  it('runs a test once, and another of its name not at all', () => {
    write('again.litmus', SB.replace('{ }', '(* the same *)\n{\n}\n'));
    write('namesake.litmus', SB.replace('MOV EAX,[y]', 'MOV EBX,[y]'));
    const { stdout, stderr } = herd7('SB.litmus', 'again.litmus', 'namesake.litmus', 'other.litmus');
    expect(stdout.match(/^Test \S+/gm)).toEqual(['Test SB', 'Test SB2']);
    expect(stderr).toBe(
      'Warning: File "namesake.litmus": Different hashes for test SB (previous file SB.litmus) (User error)\n',
    );
  });

  it('warns of a bad test, goes on, and exits 0', () => {
    const { status, stdout, stderr } = herd7('bad.litmus', 'SB.litmus');
    expect(stderr).toMatch(
      /^Warning: File "bad\.litmus", line 5, characters \d+-\d+: expected .* \(User error\)$/m,
    );
    expect(observation(stdout)).toBe('Observation SB Sometimes 1 3');
    expect(status).toBe(0);
  });

  it("names an unknown macro in the words that the kernel's scripts look for", () => {
    write('unknown.litmus', MP.replace('get(*x)', 'fetch(*x)'));
    const { status, stderr } = herd7('-I', 'sub', '-conf', 'tiny.cfg', 'unknown.litmus');
    expect(stderr).toBe('Warning: File "unknown.litmus": Unknown macro fetch (User error)\n');
    expect(status).toBe(0);
    write('gone.litmus', MP.replace('get(*x)', 'spin_unlock_wait(x)'));
    expect(herd7('-I', 'sub', '-conf', 'tiny.cfg', 'gone.litmus').stderr).toBe(
      'Warning: File "gone.litmus": Unknown macro spin_unlock_wait (User error)\n',
    );
  });

  it('says where a loop was cut', () => {
    write(
      'loop.litmus',
      `C loop
{ }
P0(int *f) { WRITE_ONCE(*f, 1); }
P1(int *f) { int a; a = READ_ONCE(*f); while (a == 0) a = READ_ONCE(*f); }
forall (1:a=1)
`,
    );
    const { stdout, stderr } = herd7('loop.litmus');
    expect(stdout).toMatch(/^States 1\n1:a=1;\nLoop Ok\nWitnesses\nPositive: 3 Negative: 0$/m);
    expect(stderr).toMatch(/^Warning: File "loop\.litmus": incomplete: loops .* \(line 4\)$/m);
  });

  it('gives a value that depends on itself a name, as herd7 does', () => {
    write(
      'circle.litmus',
      `C circle
{ }
P0(int *x, int *y) { int r1; r1 = *x; *y = r1; }
P1(int *x, int *y) { int r1; r1 = *y; *x = r1; }
exists (not (0:r1=0))
`,
    );
    const { stdout } = herd7('circle.litmus');
    expect(stdout).toMatch(/^States 2\n0:r1=S\d+;\n0:r1=0;\nOk\n/m);
    expect(observation(stdout)).toBe('Observation circle Sometimes 1 3');
  });

  it('says that it draws no pictures, unless it is to be quiet', () => {
    expect(herd7('-show', 'prop', '-o', '/tmp', 'SB.litmus').stderr).toMatch(/-show prop.*pictures[\s\S]*-o/);
    expect(herd7('-q', '-show', 'prop', 'SB.litmus').stderr).toBe('');
  });

  it.each([
    [['-model', 'nosuch.cat', 'SB.litmus'], 'Cannot find file nosuch.cat'],
    [['-conf', 'nosuch.cfg', 'SB.litmus'], 'nosuch.cfg'],
    [['-frobnicate', '1', 'SB.litmus'], '-frobnicate is not supported'],
    [['-timeout', 'soon', 'SB.litmus'], '-timeout expects a number'],
    [['SB.litmus', '-model'], '-model expects a value'],
  ])('%j ends with status 2 and one line', (args, message) => {
    const { status, stdout, stderr } = herd7(...args);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(message)]);
    expect([status, stdout]).toEqual([2, '']);
  });
});
