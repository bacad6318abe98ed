import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fenceline, fencelineIn, fencelineOn } from './command-line.js';

let folder: string;
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenceline-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a warning', () => {
  const text = 'C typo\n{}\nP0(int *x) { int r0 = READ_ONCE(*x); }\nexists (0:r1=7)\n';
  const reason = 'warning: P0 has no register `r1`, which counts as 0; did you mean `r0`?';

  it('goes to the standard error, with its place, and changes nothing else', () => {
    const path = file('typo.litmus', text);
    const { status, stdout, stderr } = fenceline('run', path, '--model', 'lkmm');
    expect(stderr).toBe(`${path}:4:9: ${reason}\n  exists (0:r1=7)\n          ^^^^\n`);
    expect(stdout).toMatch(/^Never {5}typo {2}lkmm/);
    expect(status).toBe(0);
  });

  it.each([
    ['why', ['--target', 'sc']],
    ['graph', ['--target', 'sc']],
    ['step', ['--machine', 'sc']],
    ['run', ['--target', 'sc', '--format', 'herd']],
  ])('is told by %s', (command, options) => {
    expect(fenceline(command, file('typo.litmus', text), ...options).stderr).toContain(`:4:9: ${reason}\n`);
  });

  it("is told as herd7's are by herd7's command", () => {
    const path = file('typo.litmus', text);
    expect(fenceline('herd7', path).stderr).toBe(
      `Warning: File "${path}", line 4, characters 8-12: ${reason.replace('warning: ', '')}\n`,
    );
  });

  it('is in JSON and JUnit', () => {
    const path = file('typo.litmus', text);
    const json = JSON.parse(fenceline('run', path, '--model', 'lkmm', '--format', 'json').stdout);
    expect(json.warnings).toEqual([`${path}:4:9: ${reason}\n  exists (0:r1=7)\n          ^^^^`]);
    const junit = fenceline('run', path, '--model', 'lkmm', '--format', 'junit').stdout;
    expect(junit).toContain(`<system-err>${path}:4:9: ${reason}\n`);
  });
});

describe('a test without a condition', () => {
  const text = 'X86 none\n{}\n P0 | P1 ;\n MOV [x],$1 | MOV [y],$1 ;\n MOV EAX,[y] | MOV EAX,[x] ;\n';

  it('has the final states of all that it has', () => {
    const { stdout } = fenceline('run', file('none.litmus', text), '--model', 'sc', '--states');
    expect(stdout).toContain('3 final states');
    expect(stdout).toContain('0:EAX=1; 1:EAX=1; [x]=1; [y]=1;');
    const machine = fenceline('step', file('none.litmus', text), '--machine', 'sc', '--states').stdout;
    expect(machine).toContain('0:EAX=1; 1:EAX=1; [x]=1; [y]=1;');
  });

  it("has herd7's one state in herd7's lines", () => {
    const { stdout } = fenceline('run', file('none.litmus', text), '--model', 'sc', '--format', 'herd');
    expect(stdout).toContain('Test none Required\nStates 1\n\nOk\n');
  });

  it('leaves nothing to explain', () => {
    const { stdout } = fenceline('run', file('none.litmus', text), '--model', 'sc', '--explain');
    expect(stdout).toContain('not explained: nothing is asked: there is no condition that names an outcome');
  });
});

describe('a name that is not there', () => {
  const test = 'C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n';
  const mp = 'X86 t\n{}\nP0 ;\nMOV [x],$1 ;\nexists (x=1)\n';
  const reason = (...args: string[]): string => fenceline(...args).stderr.split('\n')[0];

  it('of a file is told, and a folder is no file', () => {
    expect(reason('graph', folder)).toBe(`fenceline: ${folder} is a folder: the name of a file is expected`);
    expect(reason('why', 'nothing.litmus')).toBe('fenceline: nothing.litmus: there is no such file');
  });

  it('of a model is compared with those that are', () => {
    expect(reason('run', file('t.litmus', mp), '--model', 'i368')).toMatch(/; did you mean i386\?$/);
  });

  it('of a tag says which file has it', () => {
    const own = file('own.cat', '"own"\nacyclic [Acquire]; po\n');
    const t = file('t.litmus', test);
    expect(reason('run', t, '--target', 'lkmm', '--model', own)).toBe(
      `${own}:2:10: nothing defines \`Acquire\`: write \`include "lkmm.bell"\` before it, or give \`--bell lkmm.bell\``,
    );
    const { status, stdout } = fenceline('run', t, '--target', 'lkmm', '--model', own, '--bell', 'lkmm.bell');
    expect(stdout).toMatch(/^Always/);
    expect(status).toBe(0);
  });

  it('of a kernel is a version', () => {
    const t = file('t.litmus', test);
    expect(reason('run', t, '--target', 'alpha', '--kernel', '4.x')).toContain(
      'A version of Linux is expected, such as 2.6, 4.15 or 6.x.',
    );
    expect(fenceline('run', t, '--target', 'alpha', '--kernel', '5.8').status).toBe(0);
  });

  it.each(['picture.pdf', 'picture.jpg', 'picture.txt'])(
    'of a picture is of a kind that is written: %s',
    (name) => {
      const path = join(folder, name);
      expect(reason('graph', file('t.litmus', mp), '--model', 'sc', '-o', path)).toMatch(
        `fenceline: ${path}: pictures are written as .svg, .png and .dot`,
      );
    },
  );
});

describe('what is read', () => {
  const text = 'X86 in\n{}\nP0 ;\nMOV [x],$1 ;\nexists (x=1)\n';

  it('is the standard input for a dash', () => {
    const { stdout, status } = fencelineOn(text, 'run', '-', '--model', 'sc');
    expect(stdout).toMatch(/^Always {4}in {2}sc/);
    expect(status).toBe(0);
    expect(fencelineOn('X86 in\n{}\nP0 ;\nFOO ;\n', 'run', '-').stderr).toMatch(/^<stdin>:4:1: /);
  });

  it('may be a test that ships, from wherever the command runs', () => {
    const run = (...args: string[]) => fencelineIn(folder, ...args);
    expect(run('run', 'litmus/classic/x86').stdout).toContain('0 not as expected');
    expect(run('graph', 'litmus/classic/x86/SB.litmus', '--model', 'i386').stdout).toMatch(/^digraph/);
    expect(run('why', 'litmus/nothing.litmus').stderr).toBe(
      'fenceline: litmus/nothing.litmus: there is no such file\n',
    );
  });

  it('may be a model whose path has a comma, and models may be given one by one', () => {
    const model = file('a,b.cat', '"mine"\nacyclic po | com\n');
    const { stdout } = fenceline(
      'run',
      file('in.litmus', text),
      '--model',
      `sc,${model},pso`,
      '--model',
      'i386',
    );
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(4);
  });

  it('may begin with a byte order mark', () => {
    const model = file('bom.cat', '\uFEFF"mine"\nacyclic po | com\n');
    const test = file('bom.litmus', `\uFEFF${text}`);
    expect(fenceline('run', test, '--model', model).status).toBe(0);
    const wrong = file('bom-wrong.cat', '\uFEFFacyclic poo\n');
    expect(fenceline('run', test, '--model', wrong).stderr).toMatch(
      /bom-wrong\.cat:1:9: nothing defines `poo`/,
    );
  });
});

describe('all targets', () => {
  it('are those that are machines where a machine is to answer', () => {
    const t = file('t.litmus', 'C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n');
    for (const engine of ['both', 'operational']) {
      const { status, stdout, stderr } = fenceline('run', t, '--target', 'all', '--engine', engine);
      expect(stderr).toBe('');
      expect(stdout).not.toContain('lkmm');
      expect(status).toBe(0);
    }
    expect(fenceline('run', t, '--target', 'lkmm', '--engine', 'both').stderr).toContain(
      'there is no machine lkmm',
    );
  });
});
