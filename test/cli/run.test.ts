import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fenceline, fencelineAlone } from './command-line.js';

const SB = (expectation: string, p0 = 'MOV EAX,[y]') => `X86 SB
(* ${expectation} *)
{ }
 P0          | P1          ;
 MOV [x],$1  | MOV [y],$1  ;
 ${p0} | MOV EAX,[x] ;
exists (0:EAX=0 /\\ 1:EAX=0)
`;

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

describe('fenceline run', () => {
  it('exits 0 when what a test expects comes out, for each model that it names', () => {
    const { status, stdout } = fenceline('run', file('good.litmus', SB('Expect: i386 Sometimes; sc Never')));
    expect(stdout).toContain('Sometimes SB  i386');
    expect(stdout).toContain('Never     SB  sc');
    expect(status).toBe(0);
  });

  it('exits 1 when an expectation fails, and says which', () => {
    const { status, stdout } = fenceline('run', file('wrong.litmus', SB('Expect: i386 Never')));
    expect(stdout).toContain('expected Never');
    expect(status).toBe(1);
  });

  it('lists all states', () => {
    const { stdout } = fenceline('run', file('states.litmus', SB('')), '--model', 'i386', '--states');
    expect(stdout).toContain('4 final states');
    expect(stdout).toContain('* 0:EAX=0; 1:EAX=0;');
    expect(stdout).toContain('  0:EAX=1; 1:EAX=1;');
  });

  it('prints what herd7 prints', () => {
    const { stdout } = fenceline(
      'run',
      file('herd.litmus', SB('')),
      '--model',
      'i386',
      '--format',
      'herd',
      '--count',
    );
    expect(stdout.replace(/^Time .*$/m, 'Time SB 0.00')).toBe(
      [
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
      ].join('\n'),
    );
  });

  it("warns beside herd7's lines of what was not explored", () => {
    const oota = file(
      'oota.litmus',
      'C oota\n{ }\nP0(int *x, int *y) { int r1 = *x; *y = r1 * r1; }\nP1(int *x, int *y) { int r1 = *y; *x = r1; }\nexists (~(0:r1=0))\n',
    );
    const { status, stderr } = fenceline('run', oota, '--model', 'lkmm', '--format', 'herd');
    expect(stderr).toContain('incomplete: the model allows executions with values that depend on themselves');
    expect(status).toBe(3);
  });

  it('prints one JSON object a check', () => {
    const { stdout } = fenceline(
      'run',
      file('json.litmus', SB('')),
      '--model',
      'sc,i386',
      '--format',
      'json',
      '--count',
    );
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reports.map((r) => [r.model, r.verdict, r.positive, r.negative])).toEqual([
      ['sc', 'Never', 0, 3],
      ['i386', 'Sometimes', 1, 3],
    ]);
    expect(reports[1].states).toHaveLength(4);
  });

  it('shows an execution', () => {
    const { stdout } = fenceline('run', file('witness.litmus', SB('')), '--model', 'i386', '--witness');
    expect(stdout).toMatch(/P0 +loads y = 0, the initial value/);
    expect(stdout).toMatch(/ahead of its program order/);
  });

  it('names file, line and column of a syntax error, exits 2, and goes on with the other files', () => {
    const bad = file('bad.litmus', SB('', 'MOV EAX,[y'));
    const good = file('good2.litmus', SB(''));
    const { status, stdout, stderr } = fenceline('run', bad, good, '--model', 'i386');
    expect(stderr).toMatch(/bad\.litmus:6:\d+: expected /);
    expect(stderr).toContain('^');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toContain('Sometimes SB');
    expect(status).toBe(2);
  });

  it.each([
    ['axiomatic', 'engine: axiomatic, '],
    ['operational', 'engine: operational, '],
    ['both', 'the final states of both are the same'],
    ['auto', '(auto: its search ended after '],
  ])('lets the engine %s answer, and says so', (engine, said) => {
    const args = [file('engine.litmus', SB('')), '--model', 'i386', '--engine', engine, '--states'];
    const { status, stdout } = fenceline('run', ...args);
    expect(stdout).toContain(said);
    expect(stdout).toContain('* 0:EAX=0; 1:EAX=0;');
    expect(status).toBe(0);
    const json = JSON.parse(fenceline('run', ...args, '--format', 'json').stdout);
    expect(json.engine).toBe(engine === 'auto' ? 'axiomatic' : engine);
    expect(json.states).toHaveLength(4);
    expect(json.machine !== undefined).toBe(engine === 'operational' || engine === 'both');
    expect(fenceline('run', ...args, '--format', 'herd').stdout).toContain('Observation SB Sometimes 1 3');
  });

  it('exits 3 when a machine has more states than it may visit', () => {
    const limited = ['--model', 'i386', '--engine', 'operational', '--max-states', '1'];
    const { status, stdout } = fenceline('run', file('states.litmus', SB('')), ...limited);
    expect(stdout).toContain('Unknown');
    expect(stdout).toContain('the machine has more than 1 state');
    expect(status).toBe(3);
  });

  it('exits 2 when there is no such machine, or it is to count executions', () => {
    const test = file('machine.litmus', SB(''));
    const no = fenceline('run', test, '--model', 'lkmm', '--engine', 'operational');
    expect(no.stderr).toContain('machine.litmus: there is no machine lkmm; there are sc, i386, pso');
    expect(no.status).toBe(2);
    const count = fenceline('run', test, '--model', 'sc', '--engine', 'operational', '--count');
    expect(count.stderr).toContain('no executions to count');
    expect(count.status).toBe(2);
  });

  it('exits 3 when the time is up before anything is proven', () => {
    // 12 writes to each of two locations: far more coherence orders than a millisecond allows.
    const row = (i: number) => `MOV [x],$${i} | MOV [y],$${i} | MOV [x],$${i + 20} | MOV [y],$${i + 20} ;`;
    const rows = Array.from({ length: 6 }, (_, i) => row(i + 1)).join('\n');
    const text = `X86 big\n{ }\nP0 | P1 | P2 | P3 ;\n${rows}\nexists (x=77)\n`;
    const { status, stdout } = fenceline(
      'run',
      file('big.litmus', text),
      '--model',
      'i386',
      '--timeout',
      '0.001',
      '--count',
    );
    expect(stdout).toContain('Unknown');
    // In so short a time a busy machine has perhaps not read the test.
    expect(stdout).toMatch(/the time (was|is) up/);
    expect(status).toBe(3);
  });

  it('prints with several threads what it prints with one, errors included', () => {
    const files = [file('bad.litmus', 'X86 bad'), 'litmus/classic'];
    const one = fenceline('run', ...files, '--states', '--jobs', '1');
    const several = fencelineAlone('run', ...files, '--states', '--jobs', '3');
    expect(one.stdout.split('\n').length).toBeGreaterThan(1000);
    expect(one.status).toBe(2);
    expect(several).toEqual(one);
  });

  it.each(['text', 'junit'])('holds nothing of the files it is done with, as %s', (format) => {
    const many = join(folder, `many-${format}`);
    mkdirSync(many);
    const files = 1500;
    for (let index = 0; index < files; index++)
      writeFileSync(join(many, `${index}.litmus`), SB('Expect: i386 Sometimes'));
    // One file takes half of it: what is left is less than 10 KB a file.
    const limit = ['--max-old-space-size=24', 'bin/fenceline.js'];
    const args = [...limit, 'run', many, '--states', '--jobs', '1', '--format', format];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    expect(stdout.match(/Sometimes|<testcase /g)?.length).toBeGreaterThanOrEqual(files);
    expect(status).toBe(0);
  });

  it('asks an engine that runs machines about no model that is none, unless it is named', () => {
    const test = 'litmus/nmi/other-cpu-argument.litmus';
    const { status, stdout } = fenceline('run', test, '--engine', 'both');
    expect(stdout.match(/^(Never|Sometimes|Always)/gm)).toHaveLength(5);
    expect(stdout).not.toContain('lkmm');
    expect(status).toBe(0);
    expect(fenceline('run', test, '--engine', 'both', '--target', 'lkmm')).toMatchObject({ status: 2 });
  });

  it('prints JUnit XML: a suite a file, a case a check, with failures, errors and what is not decided', () => {
    const { status, stdout } = fenceline(
      'run',
      file('junit-good.litmus', SB('Expect: i386 Sometimes')),
      file('junit-failed.litmus', SB('Expect: sc Sometimes')),
      file('junit-<&>.litmus', 'X86 bad'),
      '--format',
      'junit',
    );
    expect(stdout).toMatch(/^<\?xml [^>]*>\n<testsuites>\n.*<\/testsuites>\n$/s);
    const suites = [...stdout.matchAll(/<testsuite name="([^"]*)" (.*)>/g)].map(([, , counts]) => counts);
    expect(suites).toEqual([
      'tests="1" failures="0" errors="0" skipped="0"',
      'tests="1" failures="1" errors="0" skipped="0"',
      'tests="1" failures="0" errors="1" skipped="0"',
    ]);
    expect(stdout.match(/<\/testsuite>/g)).toHaveLength(3);
    expect(stdout).toMatch(/name="SB under i386" time="[\d.]+"\/>/);
    expect(stdout).toContain('<failure message="expected Sometimes, got Never">');
    expect(stdout).toMatch(/<testsuite name="[^"]*junit-&lt;&amp;&gt;\.litmus"/);
    expect(stdout.match(/<testcase /g)).toHaveLength(3);
    expect(status).toBe(2);
  });

  it.each([
    [['run', 'no-such-file.litmus'], 'no-such-file.litmus'],
    [['run', 'litmus', '--model', 'nosuch'], 'no model nosuch'],
    [['run', 'litmus', '--target', 'vax'], 'vax'],
    [['run', 'litmus', '--unroll', 'x'], '--unroll'],
    [['run', 'litmus', '--timeout', '0'], '--timeout'],
    [['run', 'litmus', '--jobs', '0'], '--jobs'],
    [['frobnicate'], 'frobnicate'],
  ])('%j is a usage error', (args, message) => {
    const { status, stderr } = fenceline(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(2);
  });
});

describe('fenceline models', () => {
  it('lists the models that ship', () => {
    const { status, stdout } = fenceline('models');
    for (const name of ['sc', 'i386', 'pso', 'alpha', 'alpha-linux'])
      expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
    expect(stdout).not.toMatch(/^stdlib /m);
    expect(status).toBe(0);
  });
});

describe('fenceline quiz', () => {
  it('answers from runs: a plain load is enough on i386 and not on Alpha, rcu_dereference() everywhere', () => {
    const { status, stdout } = fenceline('quiz');
    const row = (label: string) =>
      stdout
        .split('\n')
        .find((line) => line.includes(label))
        ?.trim()
        .split(/ {2,}/)
        .slice(1);
    expect(stdout).toMatch(/sc +i386 +pso +alpha +alpha-linux/);
    expect(row('as the document has it')).toEqual(['never', 'never', 'never', 'never', 'never']);
    expect(row('plain load in do_nmi()')).toEqual(['never', 'never', 'never', 'reachable', 'reachable']);
    expect(row('plain store in set_nmi_callback()')).toEqual([
      'never',
      'never',
      'reachable',
      'reachable',
      'reachable',
    ]);
    expect(row('data initialised too late')).toEqual(Array(5).fill('reachable'));
    expect(row('plain load, NMI on the same CPU')).toEqual(Array(5).fill('never'));
    expect(status).toBe(0);
  });

  it.each(['operational', 'both'])('gives the same answers with the engine %s', (engine) => {
    const rows = (text: string) => text.split('\n').filter((line) => /never|reachable/.test(line));
    const { status, stdout } = fenceline('quiz', '--engine', engine);
    expect(stdout).toContain(`(engine: ${engine})`);
    expect(rows(stdout)).toEqual(rows(fenceline('quiz').stdout));
    expect(status).toBe(0);
  });

  it('lists the quizzes, prints one by name, and refuses a name that there is not', () => {
    const { stdout } = fenceline('quiz', '--list');
    expect(stdout.trim().split('\n').length).toBeGreaterThanOrEqual(10);
    expect(fenceline('quiz', 'iriw').stdout).toContain('Two observers');
    expect(fenceline('quiz', 'nosuch')).toMatchObject({ status: 2, stdout: '' });
  });

  it('tells the stale execution in steps', () => {
    const { stdout } = fenceline('quiz');
    const steps = stdout
      .split('\n')
      .filter((line) => /^ +\d+\. CPU/.test(line))
      .join('\n');
    expect(steps).toMatch(/sees the old version/);
    expect(steps).toMatch(/sees the pointer to the new handler/);
    expect(steps.indexOf('sees the old version')).toBeLessThan(
      steps.indexOf('sees the pointer to the new handler'),
    );
  });
});

describe("herd7's files, for fenceline run", () => {
  let models: string;
  beforeAll(() => {
    models = mkdtempSync(join(folder, 'models-'));
    const write = (name: string, text: string) => writeFileSync(join(models, name), text);
    write(
      'tiny.bell',
      '"tiny"\nenum Accesses = \'put || \'get\ninstructions R[Accesses]\ninstructions W[Accesses]\n',
    );
    write('tiny.def', 'put(X,V) { __store{put}(X,V); }\nget(X) __load{get}(X)\n');
    write(
      'tiny.cat',
      '"tiny"\nlet kept = if "strict" then [Put | Get]; po; [Put | Get] else 0\n' +
        'acyclic po-loc | com as coherence\nacyclic kept | rfe | co | fr as order\n',
    );
    write('tiny.cfg', 'macros tiny.def\nbell tiny.bell\nmodel tiny.cat\nshowevents noregs\nunroll 3\n');
  });
  const MP = () =>
    file(
      'MP.litmus',
      `C MP
{ }
P0(int *x, int *y) { put(*x, 1); put(*y, 1); }
P1(int *x, int *y) { int r0 = get(*y); int r1 = get(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`,
    );

  it.each([
    [['-conf', 'tiny.cfg'], 'Sometimes MP  tiny.cat'],
    [['--conf', 'tiny.cfg', '-variant', 'strict'], 'Never     MP  tiny.cat'],
    [['--conf', 'tiny.cfg', '--model', 'lkmm'], 'Sometimes MP  lkmm'],
  ])('%j', ([option, conf, ...rest], line) => {
    const { status, stdout, stderr } = fenceline('run', option, join(models, conf), ...rest, MP());
    expect([stdout.split('  exists')[0], stderr]).toEqual([line, '']);
    expect(status).toBe(0);
  });

  it('takes them one by one, from the folders of -I', () => {
    const options = ['-I', models, '-macros', 'tiny.def', '-bell', 'tiny.bell', '-model', 'tiny.cat'];
    expect(fenceline('run', ...options, MP()).stdout).toContain('Sometimes MP  tiny.cat');
    expect(fenceline('run', ...options, '-variant', 'strict', MP()).stdout).toContain(
      'Never     MP  tiny.cat',
    );
  });

  it('explains a model that needs them', () => {
    const explained = fenceline(
      'models',
      '-conf',
      join(models, 'tiny.cfg'),
      '-explain',
      join(models, 'tiny.cat'),
    );
    expect(explained.stdout).toContain('cuts off: acyclic');
    const alone = fenceline('models', '-variant', 'strict', '-explain', join(models, 'tiny.cat'));
    expect(alone.stderr).toContain('`Put`');
  });

  it('names a file that is not there, and what a configuration file may not say', () => {
    expect(fenceline('run', '-conf', 'nosuch.cfg', MP())).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^fenceline: nosuch\.cfg: .*\n$/),
    });
    expect(fenceline('run', '-macros', 'nosuch.def', MP()).stderr).toContain('Cannot find file nosuch.def');
    const bad = file('bad.cfg', 'macros tiny.def\nfrobnicate true\n');
    expect(fenceline('run', '-conf', bad, MP()).stderr).toMatch(/bad\.cfg:2: option frobnicate/);
  });
});
