import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { helpAsked } from '../../src/cli/herd7/help.js';
import { Herd7Options } from '../../src/cli/herd7/herd7-settings.js';
import { checkVariants, refusedVariant } from '../../src/cli/herd7/herd7-variants.js';
import { optionTable, pictureFlags, pictureOptions } from '../../src/cli/herd7/option-table.js';
import { readArguments } from '../../src/cli/herd7/options.js';
import { fencelineIn } from './command-line.js';

const SB = `X86 SB
{ }
 P0          | P1          ;
 MOV [x],$-1 | MOV [y],$12 ;
 MOV EAX,[y] | MOV EAX,[x] ;
filter (not (0:EAX=12))
exists (0:EAX=0 /\\ 1:EAX=-1)
`;

let folder: string;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

function herd7(...args: readonly string[]) {
  const { status, stdout, stderr } = fencelineIn(folder, 'herd7', ...args);
  return { status, stdout: stdout.replace(/^(Time \S+) .*$/gm, '$1 0.00'), stderr };
}

/** Reads options, and does nothing with them. */
function read(...args: readonly string[]): void {
  const options = new Herd7Options();
  readArguments(args, options);
  checkVariants(options.variants);
}

/** What is printed between the lines `Test` and `Time`. */
const lines = (...args: readonly string[]): string[] => {
  const { stdout } = herd7(...args, 'SB.litmus');
  return stdout.split('\n').slice(1, -3);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenceline-options-'));
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  write('SB.litmus', SB);
  write('bad.litmus', 'X86 bad\n{ }\n P0 ;\n FOO ;\n');
  write('fast.cat', '"fast"\nacyclic po-loc | com as coherence\nacyclic po | com as order\n');
  write(
    'undef.cat',
    '"undef"\nundefined_unless empty po as nopo\nundefined_unless empty rf\nflag ~empty co as has-co\n',
  );
  write('deep/part.cat', '"part"\nacyclic po | com as order\n');
  write('outer.cfg', '# two files\ninclude deep\nlocal-conf deep/inner.cfg\nhexa = true\n');
  write('deep/inner.cfg', 'model part.cat # found by include\nedgeattr hb,color,indigo\nshowevents noregs\n');
  write('round.cfg', 'local-conf round.cfg\n');
  write('odd.cfg', 'nosuch 1\n');
  write('empty.cfg', 'model\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("herd7's options", () => {
  // Each answer is herd7 7.58+1's.
  it.each([
    [
      [],
      [
        'States 2',
        '0:EAX=0; 1:EAX=-1;',
        '0:EAX=0; 1:EAX=0;',
        'Ok',
        'Positive: 1 Negative: 1',
        'Sometimes 1 1',
      ],
    ],
    [
      ['-hexa', 'true'],
      [
        'States 2',
        '0:EAX=0x0; 1:EAX=0xffffffff;',
        '0:EAX=0x0; 1:EAX=0x0;',
        'Ok',
        'Positive: 1 Negative: 1',
        'Sometimes 1 1',
      ],
    ],
    [
      ['-checkfilter', 'false', '-model', 'fast.cat'],
      [
        'States 3',
        '0:EAX=0; 1:EAX=-1;',
        '0:EAX=12; 1:EAX=-1;',
        '0:EAX=12; 1:EAX=0;',
        'Ok',
        'Positive: 1 Negative: 2',
        'Sometimes 1 2',
      ],
    ],
    [
      ['-speedcheck', 'true'],
      ['States 1', '0:EAX=0; 1:EAX=-1;', 'Ok', 'Positive: 1 Negative: 0', 'Sometimes 1 0'],
    ],
    [
      ['-speedcheck', 'fast', '-checkfilter', 'false'],
      ['States 1', '0:EAX=0; 1:EAX=-1;', 'Ok', 'Positive: 1 Negative: 0', 'Sometimes 1 0'],
    ],
    [
      ['-cat', 'fast.cat', '-skipcheck', 'order'],
      [
        'States 2',
        '0:EAX=0; 1:EAX=-1;',
        '0:EAX=0; 1:EAX=0;',
        'Ok',
        'Positive: 1 Negative: 1',
        'Sometimes 1 1',
      ],
    ],
    [
      ['-model', 'fast.cat', '-skipchecks', 'coherence,order'],
      [
        'States 2',
        '0:EAX=0; 1:EAX=-1;',
        '0:EAX=0; 1:EAX=0;',
        'Ok',
        'Positive: 1 Negative: 1',
        'Sometimes 1 1',
      ],
    ],
  ])('%j are honoured', (options, expected) => {
    const quiet = lines(...options)
      .filter((line) => line !== 'Witnesses' && !line.startsWith('Condition'))
      .map((line) => line.replace('Observation SB ', ''));
    expect(quiet).toEqual(expected);
  });

  it('-hexa writes the numbers of the condition too', () => {
    expect(lines('-hexa', 'true')).toContain('Condition exists (0:EAX=0x0 /\\ 1:EAX=0xffffffff)');
  });

  it('-candidates counts executions without the checks of the model', () => {
    const { stdout } = herd7('-candidates', 'true', '-checkfilter', 'false', 'SB.litmus');
    expect(stdout).toMatch(/^Time SB 0\.00\nCandidates SB 4\n$/m);
    expect(herd7('SB.litmus').stdout).not.toContain('Candidates');
  });

  it('undefined_unless makes a test undefined, whatever it is called', () => {
    const undefinedLines = lines('-model', 'undef.cat');
    expect(undefinedLines).toContain('Undef');
    expect(undefinedLines.filter((line) => line.startsWith('Flag'))).toEqual(['Flag *undef*', 'Flag has-co']);
  });

  it('-badflag makes a test undefined by a flag', () => {
    write('flag.cat', '"flag"\nflag ~empty co as has-co\n');
    expect(lines('-model', 'flag.cat')).toContain('Ok');
    expect(lines('-model', 'flag.cat', '-badflag', 'has-co')).toContain('Undef');
    expect(lines('-model', 'flag.cat', '-badflag', 'other')).toContain('Ok');
  });

  it('-exit ends at the first test with an error', () => {
    const { status, stdout } = herd7('-exit', 'true', 'bad.litmus', 'SB.litmus');
    expect([status, stdout]).toEqual([1, '']);
    expect(herd7('-exit', 'false', 'bad.litmus', 'SB.litmus')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Test SB'),
    });
  });

  it('-set-libdir names a folder that comes after those of -I', () => {
    expect(herd7('-set-libdir', 'deep', '-model', 'part.cat', 'SB.litmus').status).toBe(0);
    mkdirSync(join(folder, 'first'), { recursive: true });
    write('first/part.cat', '"another"\nflag ~empty co as of-first\n');
    const { stdout } = herd7('-set-libdir', 'deep', '-I', 'first', '-model', 'part.cat', 'SB.litmus');
    expect(stdout).toContain('Flag of-first');
  });
});

describe('configuration files', () => {
  it('include folders, and one another', () => {
    const { status, stdout, stderr } = herd7('-conf', 'outer.cfg', 'SB.litmus');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Test SB Allowed\nStates 1\n0:EAX=0x0; 1:EAX=0xffffffff;\n/);
  });

  it.each([
    ['round.cfg', 'is read from within itself'],
    ['odd.cfg', 'odd.cfg:1: option nosuch is not supported'],
    ['empty.cfg', 'empty.cfg:1: option model expects a value'],
  ])('%s is refused', (file, message) => {
    expect(() => read('-conf', join(folder, file))).toThrow(message);
  });
});

describe('the head of a test', () => {
  const loop = (head: string): string => `C loop
${head}
{ }
P0(int *f) { WRITE_ONCE(*f, 1); }
P1(int *f) { int a; a = READ_ONCE(*f); while (a == 0) a = READ_ONCE(*f); }
exists (1:a=1)
`;
  const counts = (head: string, ...options: readonly string[]): string | undefined => {
    write('loop.litmus', loop(head));
    return /^Observation loop .*$/m.exec(herd7(...options, 'loop.litmus').stdout)?.[0];
  };

  // What herd7 7.58+1 prints.
  it('says how often a loop may start again', () => {
    expect(counts('')).toBe('Observation loop Always 3 0');
    expect(counts('Unroll=4')).toBe('Observation loop Always 5 0');
    expect(counts('Unroll=1', '-unroll', '5')).toBe('Observation loop Always 2 0');
  });

  it('asks for variants of the model', () => {
    write('variant.cat', '"variant"\nlet shown = if "strict" then po else 0\nflag ~empty shown as strict\n');
    write('variant.litmus', SB.replace('{ }', 'Variant=strict lkmmv2\n{ }'));
    expect(herd7('-model', 'variant.cat', 'variant.litmus').stdout).toContain('Flag strict');
    expect(herd7('-model', 'variant.cat', 'SB.litmus').stdout).not.toContain('Flag strict');
  });

  it.each([
    ['Unroll=often', 'File "loop.litmus": Unroll expects a number, found often'],
    ['Variant=nosuch', 'File "loop.litmus": variant nosuch is none of'],
  ])('%s is an error of the test', (head, message) => {
    write('loop.litmus', loop(head));
    const { status, stdout, stderr } = herd7('loop.litmus');
    expect([status, stdout, stderr]).toEqual([0, '', expect.stringContaining(`Warning: ${message}`)]);
  });
});

describe('what is not done', () => {
  it.each([
    [['-variant', 'nosuch'], "variant nosuch is none of herd7's"],
    [['-variant', 'lkmmv2,mixed'], 'variant mixed is not supported'],
    [['-outcomereads', 'true'], '-outcomereads true is not supported'],
    [['-restrict', 'observed'], '-restrict observed is not supported'],
    [['-names', 'file'], '-names is not supported'],
    [['-hexa', 'yes'], '-hexa expects true or false, found yes'],
    [['-speedcheck', 'maybe'], '-speedcheck expects false, true or fast'],
    [['-unroll', 'often'], '-unroll expects a number'],
    [['-web'], '-web is not supported'],
  ])('%j is refused by name', (options, message) => {
    expect(() => read(...options)).toThrow(message);
  });

  it('ends the run with status 2', () => {
    expect(herd7('-variant', 'nosuch', 'SB.litmus')).toEqual({
      status: 2,
      stdout: '',
      stderr: "herd7: variant nosuch is none of herd7's; --help variant lists them\n",
    });
  });

  it.each([
    ['success', 'lkmmv1', 'lkmmv2', 'NoPteBranch', 'ASL+AArch64', 'pte-squared', 'faultToNext', 'no-key-da'],
    [
      'T07',
      'sve:128',
      'sme:256',
      'cos-opt',
      'strict',
      'memtag',
      'asynchronous',
      'ETS2',
      'dic',
      'constrainedunpredictable',
    ],
  ])('but these variants of herd7 are taken: %s, %s ...', (...names) => {
    expect(names.filter((name) => refusedVariant(name.toLowerCase()) !== undefined)).toEqual([]);
  });
});

describe('help', () => {
  it('is printed, and no test is run', () => {
    const { status, stdout, stderr } = herd7('SB.litmus', '--help');
    expect([status, stderr, stdout]).toEqual([0, '', helpAsked(['-help'])]);
  });

  it('tells all options, each once', () => {
    const all = [...optionTable.map(({ name }) => name), ...pictureOptions, ...pictureFlags];
    expect(all.filter((name) => !helpAsked(['-help'])?.includes(` -${name}`))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is for who asks', () => expect(helpAsked(['SB.litmus', '-v'])).toBeUndefined());

  it.each([
    ['setup', '-candidates', '-unroll'],
    ['runmode', '-unroll', '-candidates'],
    ['filter', '-skipcheck', '-unroll'],
    ['graph_content', '-doshow', '-unroll'],
    ['graph_presentation', '-fontsize', '-unroll'],
    ['variant', 'lkmmv2', '-unroll'],
    ['short', '-conf', '-fontsize'],
    ['nosuch', '-conf', '-fontsize'],
  ])('--help %s tells of %s, and not of %s', (category, told, untold) => {
    const text = helpAsked(['SB.litmus', '--help', category]);
    expect(text).toContain(told);
    expect(text).not.toContain(untold);
  });

  it('-version tells both versions, and -libdir where the models are', () => {
    expect(herd7('-version', 'SB.litmus')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^7\.\d+\S*, Rev: fenceline-\d+\.\d+\.\d+\n$/),
    });
    expect(herd7('-libdir').stdout.trim()).toBe(resolve('models'));
  });
});
