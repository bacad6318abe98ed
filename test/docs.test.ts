import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { suites } from '../conformance/suites.js';
import { machineNames } from '../src/check/index.js';
import { baseRelations, kindSets, tagSets } from '../src/execution/index.js';
import { fenceline } from './cli/command-line.js';

const documents = ['README.md', 'DEVELOPING.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);
const texts = new Map(documents.map((name) => [name, readFileSync(name, 'utf8').replaceAll('\r\n', '\n')]));

/** A fenced block, and the `text` block right after it, if there is one: what it prints. */
interface Block {
  readonly document: string;
  readonly language: string;
  readonly content: string;
  readonly output?: string;
}

function blocksOf(document: string): Block[] {
  const fenced = /^```(\w*)\n([\s\S]*?)^```\n/gm;
  const found = [...texts.get(document)!.matchAll(fenced)];
  return found.map((match, index) => {
    const next = found[index + 1];
    const isOutput =
      next?.[1] === 'text' && /^\s*$/.test(match.input.slice(match.index + match[0].length, next.index));
    return { document, language: match[1], content: match[2], ...(isOutput && { output: next[2] }) };
  });
}

const blocks = documents.flatMap(blocksOf);

/** What is shown must be all that is printed, but for what a line `...` leaves out. */
function matcher(shown: string): RegExp {
  const lines = shown.trimEnd().split('\n');
  const pattern = lines.map((line) =>
    line.trim() === '...' ? '(?:.*\\n)*?' : `${line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\n`,
  );
  return new RegExp(`^${pattern.join('')}\\n*$`);
}

/** The words of a command line: single quotes keep what is between them together. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|[^\s']+/g)].map(([word, quoted]) => quoted ?? word);
}

interface Command {
  readonly document: string;
  readonly command: string;
  readonly output?: string;
}

const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ document, content, output }): Command[] => {
    const lines = content.trim().split('\n');
    return lines
      .map((line) => line.replace(/\s+#.*$/, ''))
      .filter((line) => /^(?:fenceline|node bin\/fenceline\.js)\b/.test(line))
      .map((command) => ({
        document,
        command,
        ...(lines.length === 1 && output !== undefined && { output }),
      }));
  });

describe('commands in the documents', () => {
  it('are there', () => {
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.some(({ output }) => output !== undefined)).toBe(true);
  });

  it.each(commands)('$document: $command', ({ command, output }) => {
    const words = wordsOf(command.replace(/^(?:fenceline|node bin\/fenceline\.js)\b/, ''));
    const { status, stdout, stderr } = fenceline(...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    if (output !== undefined) expect(stdout.replace(/[ \t]+$/gm, '')).toMatch(matcher(output));
  });
});

describe('programs in the documents', () => {
  let folder: string;
  beforeAll(() => {
    // Inside the package, so that `fenceline` is the package itself.
    folder = mkdtempSync(join('build', 'docs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const programs = blocks.filter(({ language }) => language === 'js');

  it('are there', () => expect(programs).not.toEqual([]));

  it.each(programs)('of $document run', ({ content, output }) => {
    const file = join(folder, 'program.mjs');
    writeFileSync(file, content);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    if (output !== undefined) expect(stdout).toMatch(matcher(output));
  });
});

describe('excerpts of the code in the documents', () => {
  const excerpts = blocks
    .filter(({ language }) => language === 'ts')
    .map(({ document, content }) => {
      const [heading, ...lines] = content.trimEnd().split('\n');
      return { document, file: heading.replace(/^\/\/ /, ''), code: lines.join('\n') };
    });

  it('are there', () => expect(excerpts).not.toEqual([]));

  it.each(excerpts)('$document: $file has it', ({ file, code }) => {
    expect(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).toContain(code);
  });
});

describe('docs/machines.md', () => {
  it('names all that is asked of a memory system, and all machines', () => {
    const text = texts.get('docs/machines.md')!;
    const [, members] =
      /^export interface MemorySystem \{\n([\s\S]*?)^\}/m.exec(
        readFileSync('src/operational/memory/memory-system.ts', 'utf8').replaceAll('\r\n', '\n'),
      ) ?? [];
    const names = [...(members ?? '').matchAll(/^ {2}(?:readonly )?(\w+)\??[(:]/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
    expect(machineNames.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([]);
  });
});

describe('docs/conformance.md', () => {
  it('names every collection, and every option of the command', () => {
    const text = texts.get('docs/conformance.md')!;
    const program = readFileSync('conformance/main.ts', 'utf8');
    const options = [...program.matchAll(/\.option\('(--[a-z]+)/g)].map(([, name]) => name);
    const names = [...suites.map(({ collection }) => collection), ...options];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !text.includes(`\`${name}`))).toEqual([]);
  });
});

describe('litmus tests and models in the documents', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join('build', 'docs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const tests = blocks.filter(({ language }) => language === 'litmus');
  const models = blocks.filter(({ language }) => language === 'cat');

  it.each(tests)('of $document come out as they expect', ({ content }) => {
    const file = join(folder, 'test.litmus');
    writeFileSync(file, content);
    expect(content).toContain('Expect:');
    expect(fenceline('run', file)).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(models)('of $document are models', ({ content }) => {
    const file = join(folder, 'model.cat');
    writeFileSync(file, content);
    const run = fenceline('run', 'litmus/classic/x86/SB.litmus', '--model', file);
    expect(run).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('the documents', () => {
  it('link to files that are there', () => {
    const missing = documents.flatMap((name) => {
      const links = [...texts.get(name)!.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target);
      return links.filter((target) => !existsSync(join(dirname(name), target)));
    });
    expect(missing).toEqual([]);
  });

  it('name every command and option', () => {
    const usage = texts.get('docs/usage.md')!;
    const names = [...fenceline('--help').stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    const shown = names.filter((name) => name !== 'fenceline' && name !== 'help');
    const options = shown.flatMap((name) =>
      [...fenceline(name, '--help').stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(
        ([, option]) => option,
      ),
    );
    expect(shown).not.toEqual([]);
    expect(
      [...shown.map((name) => `fenceline ${name}`), ...options].filter((name) => !usage.includes(name)),
    ).toEqual([]);
  });

  it('name every set and relation that a model starts with', () => {
    const names = [kindSets, tagSets, baseRelations].flatMap(Object.keys);
    const cat = texts.get('docs/cat.md')!;
    expect(names.filter((name) => !cat.includes(`\`${name}\``))).toEqual([]);
  });
});
