import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { Stepper } from '../../src/check/index.js';
import { StepSession } from '../../src/cli/step-session.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedTests } from '../../src/shipped.js';
import { fenceline } from './command-line.js';

const SB = 'litmus/classic/x86/SB.litmus';

/** What a session prints in answer to lines. */
async function session(
  { machine, maxStates }: { machine: string; maxStates: number },
  ...lines: readonly string[]
): Promise<string[]> {
  const stepper = new Stepper(parseLitmus(shippedTests['classic/x86/SB.litmus']), machine);
  const [input, output] = [new PassThrough(), new PassThrough()];
  const printed = text(output);
  input.end(lines.map((line) => `${line}\n`).join(''));
  await new StepSession(stepper, 'fenceline step SB', () => ({ maxStates })).run(input, output);
  output.end();
  return (await printed).split('\n').map((line) => line.replace(/^> /, ''));
}

/** What is printed after the list of the first steps. */
async function answersOn(machine: string, ...lines: readonly string[]): Promise<string[]> {
  return (await session({ machine, maxStates: 1000 }, ...lines)).slice(5);
}

const answers = (...lines: readonly string[]) => answersOn('i386', ...lines);

const start = [
  '   0  CPU0 stores x = 1 into its store buffer',
  '   1  CPU1 stores y = 1 into its store buffer',
];

describe('a session of fenceline step', () => {
  it('begins with the question, the state and the steps that are possible', async () => {
    expect(await session({ machine: 'i386', maxStates: 1000 })).toEqual([
      'SB on the machine i386: exists (0:EAX=0 /\\ 1:EAX=0)',
      '  at first',
      '       memory: x = 0, y = 0',
      ...start,
      '',
    ]);
  });

  it('takes a step by its number, and goes back', async () => {
    expect(await answers('1', 'back', 'back')).toEqual([
      '  1. CPU1 stores y = 1 into its store buffer',
      '       CPU1 store buffer: y = 1',
      '   0  CPU0 stores x = 1 into its store buffer',
      '   1  CPU1 loads x = 0 from memory',
      '   2  the store y = 1 leaves the store buffer of CPU1 for memory',
      'back at step 0',
      ...start,
      'this is the start',
      '',
    ]);
  });

  it('goes back several steps, or to the start, and says which choices were made', async () => {
    const said = await answers('0', '0', '1', 'choices', 'back 2', 'choices', 'reset', 'choices');
    expect(said.filter((line) => line.startsWith('fenceline'))).toEqual([
      'fenceline step SB --follow 0,0,1',
      'fenceline step SB --follow 0',
      "fenceline step SB --follow ''",
    ]);
  });

  it('runs to the state that the condition asks for, or says that this is out of reach', async () => {
    const said = await answers('0', 'run', 'reset', '0', '2', '1', 'run');
    expect(said).toContain('final state: 0:EAX=0; 1:EAX=0; It satisfies the condition.');
    expect(said.filter((line) => /^ +\d\. /.test(line))).toHaveLength(6 + 3);
    expect(await answersOn('sc', 'run')).toEqual([
      'no final state that can be reached from here satisfies the condition',
      '',
    ]);
  });

  it('gives up at a limit', async () => {
    const said = await session(
      { machine: 'i386', maxStates: 0 },
      'run',
      'break x',
      'reset',
      '0',
      '0',
      'continue',
    );
    expect(said).toContain('a limit was reached before such a final state was found');
    expect(said).toContain('a limit was reached before an access of x was found');
  });

  it('stops at accesses of a location', async () => {
    const said = await answers('continue', 'break nowhere', 'break y', 'continue', 'break');
    expect(said).toEqual([
      'say first where to stop: break LOCATION',
      'there is no location nowhere; there are x, y',
      'continue stops after the next access of y',
      '  1. CPU1 stores y = 1 into its store buffer',
      '       CPU1 store buffer: y = 1',
      '   0  CPU0 stores x = 1 into its store buffer',
      '   1  CPU1 loads x = 0 from memory',
      '   2  the store y = 1 leaves the store buffer of CPU1 for memory',
      'no location to stop at',
      '',
    ]);
  });

  it('shows memory, threads and buffers', async () => {
    expect(await answers('0', 'show')).toEqual(
      expect.arrayContaining([
        'memory: x = 0, y = 0',
        'CPU0',
        '  P0 is running, next line 15: MOV EAX,[y]',
        '  store buffer: x = 1',
        '  store buffer: empty',
      ]),
    );
  });

  it('helps, and explains what it does not understand', async () => {
    const said = await answers('h', 'frobnicate', 'b', '7', 'back x', '', 'q', 'never read');
    expect(said.find((line) => line.startsWith('quit'))).toMatch(/leave/);
    expect(said).toContain('there is no command frobnicate; help lists what there is');
    expect(said).toContain('b could be back or break');
    expect(said).toContain('choose a number from 0 to 1');
    expect(said).toContain('back takes a number of steps');
    expect(said.join()).not.toContain('never');
  });
});

describe('fenceline step', () => {
  it('tells the shortest way when there is no terminal', () => {
    const { status, stdout } = fenceline('step', SB, '--machine', 'i386');
    expect(stdout.split('\n').filter((line) => /^ +\d+\. /.test(line))).toHaveLength(6);
    expect(stdout).toContain(`again: fenceline step ${SB} --machine i386 --follow 0,2,0,2,1,0`);
    expect(status).toBe(0);
  });

  it('says when no final state satisfies the condition', () => {
    const { status, stdout } = fenceline('step', SB, '--machine', 'sc');
    expect(stdout).toBe('no final state of the machine sc satisfies the condition\n');
    expect(status).toBe(0);
  });

  it('lists final states with choices that lead there when they are followed', () => {
    const { stdout } = fenceline('step', SB, '--machine', 'i386', '--states');
    const rows = [...stdout.matchAll(/^ {2}[* ] (.*;) +--follow ([\d,]+)$/gm)];
    expect(rows).toHaveLength(4);
    for (const [, state, choices] of rows) {
      const followed = fenceline('step', SB, '--machine', 'i386', '--follow', choices);
      expect(followed.stdout).toContain(`final state: ${state} `);
    }
  });

  it('walks C programs with the primitives of a kernel', () => {
    const test = 'litmus/classic/c/MP+wmb+addr.litmus';
    const old = fenceline('step', test, '--machine', 'alpha', '--kernel', '2.6');
    expect(old.stdout).toContain('It satisfies the condition');
    const again = /^again: fenceline (.*)$/m.exec(old.stdout)?.[1].split(' ') ?? [];
    expect(fenceline(...again).stdout).toBe(old.stdout);
    expect(fenceline('step', test, '--machine', 'alpha').stdout).toContain('no final state');
    const foreign = fenceline('step', test, '--machine', 'alpha', '--target', 'i386');
    expect(foreign.stdout).toContain('--machine alpha --target i386 --kernel 6.x');
  });

  it('lists and shows errors with memory', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fenceline-'));
    const test = join(folder, 'freed.litmus');
    writeFileSync(
      test,
      `C freed
{}
P0(int **p) { int *q = kmalloc(sizeof(int), GFP_KERNEL); WRITE_ONCE(*q, 1); WRITE_ONCE(*p, q); kfree(q); }
P1(int **p) { int *r1 = READ_ONCE(*p); int r0; if (r1) r0 = READ_ONCE(*r1); }
exists (1:r0=1)
`,
    );
    const { stdout } = fenceline('step', test, '--machine', 'i386', '--states');
    const [, choices] = /use-after-free +--follow ([\d,]+)/.exec(stdout) ?? [];
    const followed = fenceline('step', test, '--machine', 'i386', '--follow', choices);
    rmSync(folder, { recursive: true });
    expect(followed.stdout).toContain('this run is in error: use-after-free');
    // What is no location of the program, and the parameters of a thread, are not worth a line.
    expect(followed.stdout).not.toMatch(/junk\) =|p = p\b/);
  });

  it('is undecided when a limit is reached', () => {
    const limited = ['step', SB, '--machine', 'i386', '--max-states', '3'];
    expect(fenceline(...limited)).toMatchObject({ status: 3 });
    expect(fenceline(...limited, '--states').stdout).toContain('incomplete: ');
    expect(fenceline(...limited, '--states').status).toBe(3);
  });

  it.each([
    [
      ['--machine', 'i386', '--follow', '0,7'],
      'step 2 is to be choice 7, but there were only the choices 0 to 2',
    ],
    [['--machine', 'i386', '--follow', '0,x'], 'A list of choices is expected'],
    [['--machine', 'vax'], 'There is no machine vax; there are sc, i386'],
    [[], '--machine'],
  ])('%j is a usage error', (args, message) => {
    const { status, stderr } = fenceline('step', SB, ...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(2);
  });

  it('is what a run on a machine refers to', () => {
    const run = fenceline('run', SB, '--model', 'i386', '--engine', 'operational', '--witness');
    expect(run.stdout).toContain(`again: fenceline step ${SB} --machine i386 --follow 0,2,0,2,1,0`);
    const json = fenceline(
      'run',
      SB,
      '--model',
      'i386',
      '--engine',
      'operational',
      '--witness',
      '--format',
      'json',
    );
    expect(JSON.parse(json.stdout).trace.choices).toEqual([0, 2, 0, 2, 1, 0]);
  });
});
