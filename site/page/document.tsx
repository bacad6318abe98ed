import type { JSX } from 'preact';
import { type Block, type Inline, type LiveCommand, liveCommand } from '../logic/markdown.js';
import { usualTargets } from '../logic/targets.js';
import { useAnswer } from './asked.js';
import { chooseTargets, kernel, machine, openText, pane } from './state.js';

/** A document, its commands and programs alive. */
export function Document({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <Shown key={index} block={block} />
      ))}
    </>
  );
}

function Shown({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading': {
      const Heading = `h${Math.min(block.level, 4)}` as 'h1';
      return (
        <Heading id={idOf(wordsOf(block.text))} tabIndex={-1}>
          <Words inlines={block.text} />
        </Heading>
      );
    }
    case 'paragraph':
      return (
        <p>
          <Words inlines={block.text} />
        </p>
      );
    case 'list':
      return (
        <ul>
          {block.items.map((item, index) => (
            <li key={index}>
              <Words inlines={item} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <Table rows={block.rows} />;
    case 'code':
      return <Code language={block.language} text={block.text} />;
  }
}

function Words({ inlines }: { readonly inlines: readonly Inline[] }): JSX.Element {
  return (
    <>
      {inlines.map((inline, index) => (
        <Word key={index} inline={inline} />
      ))}
    </>
  );
}

const wordsOf = (inlines: readonly Inline[]): string => inlines.map(({ text }) => text).join('');

/** A heading's name in links: as GitHub makes it, and apart from all else that has a name. */
const idOf = (heading: string): string =>
  `part-${heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-')}`;

function goTo(part: string): void {
  const heading = document.getElementById(`part-${part}`);
  heading?.scrollIntoView();
  heading?.focus();
}

/** What links lead to is in the documents, and mostly not in the page: their words stay. */
function Word({ inline }: { readonly inline: Inline }) {
  const { kind, text } = inline;
  if (inline.kind === 'link' && inline.to.startsWith('#'))
    return (
      <button type="button" class="link" onClick={() => goTo(inline.to.slice(1))}>
        {text}
      </button>
    );
  switch (kind) {
    case 'code':
      return <code>{text}</code>;
    case 'strong':
      return <b>{text}</b>;
    case 'emphasis':
    case 'link':
      return <i>{text}</i>;
    case 'text':
      return <>{text}</>;
  }
}

function Table({ rows: [head, ...body] }: { readonly rows: readonly (readonly (readonly Inline[])[])[] }) {
  return (
    <div class="scrolled">
      <table class="needed">
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
                <Words inlines={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>
                  <Words inlines={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Code({ language, text }: { readonly language: string; readonly text: string }) {
  if (language === 'litmus')
    return (
      <>
        <pre class="diff">{text}</pre>
        <button type="button" onClick={() => openText(`${text}\n`)}>
          Play with it
        </button>
      </>
    );
  if (language !== 'sh') return <pre class="diff">{text}</pre>;
  return (
    <>
      {text.split('\n').map((line) => (
        <Command key={line} line={line} />
      ))}
    </>
  );
}

function Command({ line }: { readonly line: string }) {
  const live = liveCommand(line);
  return (
    <div class="command">
      <pre>{line}</pre>
      {live ? live.tests.map((path) => <Live key={path} path={path} live={live} />) : null}
    </div>
  );
}

/** What the command would say, here. */
function Live({ path, live }: { readonly path: string; readonly live: LiveCommand }) {
  const asked = useAnswer('shipped', path);
  if (asked.kind !== 'answered' || asked.value === null) return null;
  const text = asked.value;
  const names = live.targets.length > 0 ? live.targets : usualTargets(text);
  const version = live.kernel ?? '6.x';
  const open = () => {
    openText(text, path);
    kernel.value = version;
    if (live.targets.length > 0) chooseTargets(live.targets);
    if (live.command === 'step') {
      pane.value = 'machine';
      machine.value = live.machine;
    } else pane.value = live.command === 'why' || live.command === 'repair' ? 'repair' : 'execution';
  };
  return (
    <div class="bar">
      {live.command === 'step'
        ? null
        : names.map((name) => <LiveVerdict key={name} text={text} name={name} version={version} />)}
      <button type="button" onClick={open}>
        Play with {path.replace(/^.*\//, '')}
      </button>
    </div>
  );
}

const LIMIT = 20_000;

function LiveVerdict({
  text,
  name,
  version,
}: {
  readonly text: string;
  readonly name: string;
  readonly version: string;
}) {
  const asked = useAnswer('verdict', { text, target: { name, kernel: version }, limit: LIMIT });
  const answer = asked.kind === 'answered' && 'verdict' in asked.value ? asked.value : undefined;
  const flags = answer && answer.flags.length > 0 ? ` with ${answer.flags.join(' ')}` : '';
  const isBad = answer && (answer.reachable || flags !== '');
  return (
    <span class={`chip ${answer ? (isBad ? 'bad' : 'good') : ''}`}>
      {name} <span class="word">{answer ? answer.verdict + flags : '…'}</span>
    </span>
  );
}
