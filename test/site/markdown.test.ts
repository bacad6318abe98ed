import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Block, blocksOf, type Inline, liveCommand } from '../../site/logic/markdown.js';
import { shippedTests } from '../../src/index.js';

const documents = ['docs/tutorial.md', 'docs/usage.md', 'docs/cat.md', 'docs/machines.md', 'README.md'];

const words = (inlines: readonly Inline[]): string => inlines.map(({ text }) => text).join('');

function wordsIn(block: Block): string {
  switch (block.kind) {
    case 'code':
      return block.text;
    case 'list':
      return block.items.map(words).join(' ');
    case 'table':
      return block.rows.flatMap((row) => row.map(words)).join(' ');
    default:
      return words(block.text);
  }
}

const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

describe('documents as blocks', () => {
  it.each(documents)('leave out no word of %s', (path) => {
    const text = readFileSync(path, 'utf8');
    const written = text
      .replace(/^```\w*$/gm, '')
      .replace(/\]\([^)\s]+\)/g, ']')
      .replace(/^\|[\s|:-]+\|$/gm, '');
    expect(letters(blocksOf(text).map(wordsIn).join(' '))).toBe(letters(written));
  });

  it('know headings, code, tables, lists and what is in a line', () => {
    const found = blocksOf(
      '# A\n\nOne `two`\n**three**\n\n- a\n  b\n- [c](d)\n\n|x|y|\n|-|-|\n|1|2|\n\n```sh\nls\n```\n',
    );
    expect(found.map(({ kind }) => kind)).toEqual(['heading', 'paragraph', 'list', 'table', 'code']);
    expect(found[1]).toMatchObject({
      text: [
        { kind: 'text', text: 'One ' },
        { kind: 'code', text: 'two' },
        { kind: 'text', text: ' ' },
        { kind: 'strong', text: 'three' },
      ],
    });
    expect(found[2]).toMatchObject({ items: [[{ text: 'a b' }], [{ kind: 'link', text: 'c', to: 'd' }]] });
  });
});

describe('commands', () => {
  it('of the tutorial are about tests that ship', () => {
    const lines = blocksOf(readFileSync('docs/tutorial.md', 'utf8')).flatMap((block) =>
      block.kind === 'code' && block.language === 'sh' ? block.text.split('\n') : [],
    );
    const live = lines.flatMap((line) => liveCommand(line) ?? []);
    expect(live.length).toBeGreaterThan(10);
    for (const { tests } of live) for (const path of tests) expect(Object.keys(shippedTests)).toContain(path);
  });

  it('say what they ask for', () => {
    expect(liveCommand('fenceline run litmus/nmi/count.litmus --target sc,alpha --kernel 2.6')).toEqual({
      command: 'run',
      tests: ['nmi/count.litmus'],
      targets: ['sc', 'alpha'],
      kernel: '2.6',
      machine: undefined,
    });
    expect(liveCommand('fenceline quiz')).toBeUndefined();
    expect(liveCommand('ls litmus/nmi/count.litmus')).toBeUndefined();
  });
});
