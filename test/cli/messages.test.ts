import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fenceline } from './command-line.js';

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
