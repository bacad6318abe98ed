import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fenceline } from './command-line.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenceline-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const MP = 'litmus/classic/c/MP+wmb+addr.litmus';

describe('fenceline why', () => {
  it('tells of each primitive on each target, as text, markdown and JSON', () => {
    const options = ['--target', 'i386,alpha', '--kernel', '2.6'];
    const { stdout, status } = fenceline('why', 'litmus/nmi/other-cpu-argument.litmus', ...options);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /2 {2}rcu_dereference\(nmi_data_pointer\) +do_nmi\(\), line \d+ +not needed {2}needed\n/,
    );
    expect(stdout).toContain('no row of table 5-1 of the Alpha handbook orders two loads');
    const markdown = fenceline(
      'why',
      'litmus/nmi/other-cpu-argument.litmus',
      ...options,
      '--format',
      'markdown',
    );
    expect(markdown.stdout).toMatch(
      /\| 2 \| rcu_dereference\(nmi_data_pointer\) \| .* \| not needed \| needed \|/,
    );
    const json = fenceline('why', 'litmus/nmi/other-cpu-argument.litmus', ...options, '--format', 'json');
    const { primitives, enough, targets } = JSON.parse(json.stdout);
    expect(targets.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'unreachable',
      'unreachable',
    ]);
    expect(primitives[1].answers).toEqual({ i386: 'not needed', alpha: 'needed' });
    expect(Object.keys(primitives[1].reasons)).toEqual(['alpha']);
    expect(enough).toEqual([[2, 3]]);
  });

  it('says so when the outcome can happen as it is', () => {
    const { stdout, status } = fenceline('why', 'litmus/classic/x86/SB.litmus', '--model', 'i386');
    expect(status).toBe(0);
    expect(stdout).toContain(
      'the outcome can happen as it is on i386: `fenceline repair` says what is missing',
    );
  });

  it('says of no primitive what is not decided, nor what could be repaired', () => {
    const path = join(folder, 'open.litmus');
    const allocates = 'int i; int *p; for (i = 0; i < 9; i++) p = kmalloc(sizeof(*p), GFP_KERNEL);';
    const threads = `P0(int *x) { ${allocates} smp_wmb(); WRITE_ONCE(*x, 1); }\nP1(int *x) { int r0 = READ_ONCE(*x); }`;
    writeFileSync(path, `C open\n{}\n${threads}\nexists (1:r0=1)\n`);
    const open = 'it was not found out whether the outcome can happen on pso';
    const why = fenceline('why', path, '--target', 'pso');
    expect(why.status).toBe(3);
    expect(why.stdout).toContain(open);
    expect(why.stdout.match(/ undecided$/gm)).toHaveLength(3);
    expect(why.stdout).not.toMatch(/reachable anyway|needed/);
    const json = JSON.parse(fenceline('why', path, '--target', 'pso', '--format', 'json').stdout);
    expect(json).toMatchObject({ undecided: true, enough: null, targets: [{ outcome: 'undecided' }] });
    for (const { answers } of json.primitives) expect(answers).toEqual({ pso: 'undecided' });
    const repair = fenceline('repair', path, '--target', 'pso');
    expect(repair.status).toBe(3);
    expect(repair.stdout).toContain(open);
    const { stdout, status } = fenceline('run', path, '--target', 'pso', '--format', 'junit');
    expect([status, stdout.match(/<skipped message="[^"]+"/g)?.length]).toEqual([3, 1]);
  });

  it('prints a weakened test, that runs as it said', () => {
    const { stdout } = fenceline('why', MP, '--target', 'pso', '--without', '2');
    expect(stdout).not.toContain('smp_wmb();');
    const path = join(folder, 'weakened.litmus');
    writeFileSync(path, stdout);
    expect(fenceline('run', path, '--target', 'pso').stdout).toMatch(/^Sometimes/);
  });

  it.each([
    [['why', 'none.litmus'], 'none.litmus'],
    [['why', MP, '--target', 'vax'], 'no target vax'],
    [['why', MP, '--without', '99'], 'no primitive 99'],
    [['repair', 'FOLDER/nothing.litmus', '--target', 'sc'], 'the condition names no outcome'],
    [['repair', 'litmus/classic/x86/SB.litmus', '--model', 'none'], 'no model none'],
    [['graph', MP], 'a picture is of one model'],
    [['graph', MP, '--target', 'sc', '--way', '9'], 'no way 9'],
    [['graph', MP, '--target', 'sc', '-o', 'none/there.svg'], 'none/there.svg'],
  ])('%j is bad usage', (args, message) => {
    writeFileSync(join(folder, 'nothing.litmus'), 'C nothing\n{}\nP0(int *x) { *x = 1; }\n');
    const { status, stderr } = fenceline(...args.map((arg) => arg.replace('FOLDER', folder)));
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('fenceline repair', () => {
  it('shows what to change, and prints the repaired test', () => {
    const { stdout, status } = fenceline('repair', 'litmus/classic/c/SB.litmus', '--target', 'i386');
    expect(status).toBe(0);
    expect(stdout.match(/^ {2}\+\tsmp_mb\(\);$/gm)).toHaveLength(2);
    const repaired = fenceline(
      'repair',
      'litmus/classic/c/SB.litmus',
      '--target',
      'i386',
      '--format',
      'litmus',
    );
    const path = join(folder, 'repaired.litmus');
    writeFileSync(path, repaired.stdout);
    expect(fenceline('run', path, '--target', 'i386').stdout).toMatch(/^Never/);
  });

  it('exits 1 when nothing helps', () => {
    const { stdout, status } = fenceline(
      'repair',
      'litmus/nmi/other-cpu-argument-late-init.litmus',
      '--target',
      'i386',
    );
    expect(status).toBe(1);
    expect(stdout).toContain(
      'no barrier helps: it can happen when all accesses take effect in program order',
    );
    const json = fenceline(
      'repair',
      'litmus/nmi/other-cpu-argument-late-init.litmus',
      '--target',
      'i386',
      '--format',
      'json',
    );
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'impossible', impossibleOn: 'sc' });
  });
});

describe('errors with memory alone', () => {
  const lifetime = 'litmus/nmi/lifetime-no-grace-period.litmus';
  const file = () => {
    const path = join(folder, 'errors.litmus');
    writeFileSync(path, readFileSync(lifetime, 'utf8').replace(/^forall .*/m, ''));
    return path;
  };

  it('are what why and repair are about where the condition names nothing', () => {
    const why = fenceline('why', file(), '--target', 'sc');
    expect(why.stdout).toMatch(/^nmi-lifetime-no-grace-period: errors with memory\n/);
    expect(why.stdout).toContain('use-after-free can happen as it is on sc');
    const { stdout, status } = fenceline('repair', file(), '--target', 'sc', '--format', 'markdown');
    expect(status).toBe(0);
    expect(stdout).toMatch(/```diff\n(.*\n)*\+\tsynchronize_rcu\(\);\n(.*\n)*```\n/);
    const json = JSON.parse(fenceline('repair', file(), '--target', 'sc', '--format', 'json').stdout);
    expect(json).toMatchObject({
      kind: 'repaired',
      targets: [{ name: 'sc', outcome: 'reachable', errors: ['use-after-free'] }],
      additions: [{ primitive: 'synchronize_rcu', cost: 200 }],
    });
    expect(json.diff).toContain('+\tsynchronize_rcu();');
  });

  it('are drawn, with what is wrong marked', () => {
    const { stdout } = fenceline('graph', file(), '--target', 'sc');
    expect(stdout).toContain('under sc: use-after-free\\ncan happen');
    expect(stdout.match(/\(use-after-free\).*penwidth=2.5/g)).toHaveLength(1);
  });

  it('are told by run, with the access, the free, and what did not wait', () => {
    const { stdout } = fenceline('run', file(), '--target', 'i386', '--explain');
    expect(stdout).toMatch(/in error: P2, line \d+ in my_nmi_callback\(\): my_nmi_data->value\n/);
    expect(stdout).toMatch(/freed before: P0, line \d+: kfree\(my_nmi_data\)\n/);
    expect(stdout).toContain('events in the order in which they take effect, handler P2 on the CPU of P1:');
    expect(stdout).toContain('nothing makes the free wait');
    expect(stdout).not.toContain('why not');
  });
});

describe('fenceline run --explain --format json', () => {
  const explained = (file: string, target: string) => {
    const { stdout } = fenceline('run', file, '--target', target, '--explain', '--format', 'json');
    return JSON.parse(stdout).explanation;
  };
  const isAround = (edges: { from: number; to: number }[]) =>
    edges.every(({ to }, index) => to === edges[(index + 1) % edges.length].from);

  it('tells the cycle that forbids an outcome, with places in the text', () => {
    const { outcome, errors } = explained('litmus/classic/c/SB+mbs.litmus', 'i386');
    expect(errors).toEqual({});
    expect(outcome).toMatchObject({ kind: 'forbidden', incomplete: [] });
    const [{ execution, check, edges }] = outcome.ways;
    expect(check).toMatchObject({ name: 'tso', kind: 'acyclic', file: 'i386' });
    expect(edges).toHaveLength(4);
    expect(isAround(edges)).toBe(true);
    const lines = readFileSync('litmus/classic/c/SB+mbs.litmus', 'utf8').split('\n');
    for (const { place } of execution.events) {
      if (!place) continue;
      const { line, column, endColumn, text } = place;
      expect(lines[line - 1].slice(column - 1, endColumn - 1)).toBe(text);
    }
  });

  it('tells the execution of an outcome that can happen, and the reordering', () => {
    const { outcome } = explained('litmus/classic/c/SB.litmus', 'i386');
    expect(outcome).toMatchObject({ kind: 'allowed', sequential: false, check: { name: 'tso' } });
    const { execution, order, cycle, reorderings } = outcome;
    expect(isAround(cycle)).toBe(true);
    for (const { first, second, permission } of reorderings) {
      expect(order.indexOf(second)).toBeLessThan(order.indexOf(first));
      expect([first, second].map((event) => execution.events[event].kind)).toEqual(['write', 'read']);
      expect(permission).toContain('store buffer');
    }
    expect(reorderings.length).toBeGreaterThan(0);
  });

  it('tells errors with memory', () => {
    const { outcome, errors } = explained('litmus/nmi/lifetime-no-grace-period.litmus', 'alpha');
    expect(outcome).toMatchObject({ kind: 'forbidden', ways: [] });
    const { kind, execution, misuse } = errors['use-after-free'];
    expect([kind, misuse.notAwaited]).toEqual(['allowed', { kind: 'no-grace-period' }]);
    expect(execution.events[misuse.event]).toMatchObject({ thread: 'P2', from: misuse.free });
    expect(execution.events[misuse.free].place).toMatchObject({ text: 'kfree(my_nmi_data)' });
  });
});
