import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fenceline, fencelineAlone } from './command-line.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenceline-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SB = 'litmus/classic/x86/SB.litmus';
const FENCED = 'litmus/classic/x86/SB+mfences.litmus';

const graph = (...args: string[]) => fenceline('graph', ...args, '--model', 'i386');

/** How often each relation is drawn. */
function relationsIn(svg: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [, name] of svg.matchAll(/data-relation="([^"]*)"/g)) found[name] = (found[name] ?? 0) + 1;
  return found;
}

describe('fenceline graph', () => {
  it('writes DOT: a node for each event, the cycle thick, program order that is not kept broken', () => {
    const { stdout } = graph(SB);
    expect(stdout.match(/^ {2}e\d+ \[/gm)).toHaveLength(4);
    expect(stdout.match(/penwidth=3.*taillabel=.*fr/g)).toHaveLength(2);
    expect(stdout.match(/style="dashed", penwidth=3.*po, not kept/g)).toHaveLength(1);
  });

  it('writes SVG, also of a forbidden outcome', () => {
    const path = join(folder, 'picture.svg');
    expect(graph(FENCED, '-o', path).status).toBe(0);
    const svg = readFileSync(path, 'utf8');
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
    expect(svg).toContain('forbidden by tso');
    expect(svg).toContain('MFENCE (line 14)');
    expect(relationsIn(svg)).toEqual({ po: 4, fr: 2 });
  });

  it('drew the picture of the tutorial', () => {
    const test = 'litmus/nmi/other-cpu-global-plain-load.litmus';
    const { stdout } = fenceline('graph', test, '--target', 'alpha', '--kernel', '2.6', '--format', 'svg');
    expect(stdout).toBe(readFileSync('docs/quick-quiz.svg', 'utf8').replaceAll('\r\n', '\n'));
  });

  it('draws the relations that are asked for', () => {
    const drawn = (...options: string[]) => relationsIn(graph(FENCED, '--format', 'svg', ...options).stdout);
    expect(drawn('--show', 'fr')).toEqual({ fr: 2 });
    expect(drawn('--hide', 'po,rf')).toEqual({ fr: 2 });
    // The initial writes are read from, and overwritten.
    expect(drawn('--show', 'all')).toEqual({ po: 4, fr: 2, rf: 2, co: 2 });
    const { stdout } = graph(SB, '--hide', 'po');
    expect(stdout.match(/^ {2}e\d+ -> e\d+ .*$/gm)?.map((line) => /fr/.test(line))).toEqual([true, true]);
  });

  it('has colours for light and dark screens, or for one of them', () => {
    const styleOf = (theme: string) =>
      graph(SB, '--format', 'svg', '--theme', theme).stdout.split('</style>')[0];
    expect(styleOf('auto')).toContain('prefers-color-scheme:dark');
    expect(styleOf('light')).not.toContain('prefers-color-scheme');
    expect(styleOf('dark')).not.toContain('prefers-color-scheme');
    expect(styleOf('dark')).not.toBe(styleOf('light'));
  });

  it('writes PNG, twice as large', () => {
    const [svg, png] = ['svg', 'png'].map((name) => join(folder, `SB.${name}`));
    for (const path of [svg, png])
      expect(fencelineAlone('graph', SB, '--model', 'i386', '-o', path)).toMatchObject({
        status: 0,
        stderr: '',
      });
    const sizes = / width="(\d+)" height="(\d+)"/.exec(readFileSync(svg, 'utf8'))?.slice(1).map(Number);
    const bytes = readFileSync(png);
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual(sizes?.map((size) => 2 * size));
    // Text is there: without its font a picture of lines and boxes takes up a third of this.
    expect(bytes.length).toBeGreaterThan(20_000);
  });

  it.each([
    [['-o', 'x.pdf'], 'x.pdf: pictures are written as .svg, .png and .dot'],
    [['-o', 'x.JPG'], 'x.JPG: pictures are written as'],
    [['--show', 'rf,xy'], 'There is no relation xy; there are po, rf, co'],
    [['--theme', 'pink'], 'auto, light, dark'],
  ])('refuses %j', (options, message) => {
    const { status, stderr } = graph(SB, ...options);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync('x.pdf')).toBe(false);
  });
});
