/** A document as blocks, as far as this project's documents go: what is written, and no HTML. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly text: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

export type Inline =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: string };

export function blocksOf(markdown: string): Block[] {
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const [block, next] = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number): [Block | undefined, number] {
  const line = lines[at];
  const heading = /^(#+)\s+(.*)$/.exec(line);
  if (line.trim() === '') return [undefined, at + 1];
  if (heading) return [{ kind: 'heading', level: heading[1].length, text: inlinesOf(heading[2]) }, at + 1];
  if (line.startsWith('```')) return codeAt(lines, at);
  if (line.startsWith('|')) return tableAt(lines, at);
  if (line.startsWith('- ')) return listAt(lines, at);
  const end = endOf(lines, at + 1, (one) => one.trim() === '' || /^(#+ |```|\||- )/.test(one));
  return [{ kind: 'paragraph', text: inlinesOf(lines.slice(at, end).join(' ')) }, end];
}

function endOf(lines: readonly string[], from: number, isEnd: (line: string) => boolean): number {
  const found = lines.slice(from).findIndex(isEnd);
  return found < 0 ? lines.length : from + found;
}

function codeAt(lines: readonly string[], at: number): [Block, number] {
  const end = endOf(lines, at + 1, (line) => line.startsWith('```'));
  return [
    { kind: 'code', language: lines[at].slice(3).trim(), text: lines.slice(at + 1, end).join('\n') },
    end + 1,
  ];
}

function tableAt(lines: readonly string[], at: number): [Block, number] {
  const end = endOf(lines, at, (line) => !line.startsWith('|'));
  const rows = lines
    .slice(at, end)
    .filter((line) => !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, line.endsWith('|') ? -1 : undefined)
        .split('|')
        .map((cell) => inlinesOf(cell.trim())),
    );
  return [{ kind: 'table', rows }, end];
}

function listAt(lines: readonly string[], at: number): [Block, number] {
  const end = endOf(lines, at, (line) => !line.startsWith('- ') && !/^\s+\S/.test(line));
  const items: string[] = [];
  for (const line of lines.slice(at, end)) {
    if (line.startsWith('- ')) items.push(line.slice(2));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return [{ kind: 'list', items: items.map(inlinesOf) }, end];
}

function inlinesOf(text: string): Inline[] {
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|\*([^*\s][^*]*)\*/g;
  const found: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, code, strong, link, to, emphasis] = match;
    if (match.index > at) found.push({ kind: 'text', text: text.slice(at, match.index) });
    at = match.index + whole.length;
    if (code !== undefined) found.push({ kind: 'code', text: code });
    else if (strong !== undefined) found.push({ kind: 'strong', text: strong });
    else if (link !== undefined) found.push({ kind: 'link', text: link, to });
    else found.push({ kind: 'emphasis', text: emphasis });
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}

/** What a command of the documents is about, for a page to do the same. */
export interface LiveCommand {
  readonly command: string;
  /** Paths under litmus/ of the tests that it names. */
  readonly tests: readonly string[];
  readonly targets: readonly string[];
  readonly kernel: string | undefined;
  readonly machine: string | undefined;
}

/**
 * `fenceline run litmus/nmi/x.litmus --target alpha`; undefined for a line that is about no test that ships.
 */
export function liveCommand(line: string): LiveCommand | undefined {
  const words = line.trim().split(/\s+/);
  if (words[0] !== 'fenceline') return undefined;
  const tests = words
    .filter((word) => /^litmus\/.+\.litmus$/.test(word))
    .map((word) => word.slice('litmus/'.length));
  const option = (name: string): string | undefined => {
    const at = words.indexOf(`--${name}`);
    return at < 0 ? undefined : words[at + 1];
  };
  if (tests.length === 0) return undefined;
  const targets = (option('target') ?? option('model') ?? '')
    .split(',')
    .filter((name) => name !== '' && name !== 'all');
  return { command: words[1], tests, targets, kernel: option('kernel'), machine: option('machine') };
}
