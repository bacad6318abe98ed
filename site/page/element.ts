import { linkOf } from '../logic/link.js';
import type { VerdictAnswer } from '../logic/protocol.js';
import { usualTargets } from '../logic/targets.js';
import { ask } from './engines.js';

/** Milliseconds for each verdict. */
const LIMIT = 20_000;

const STYLE = `
:host { display: block; font: 16px/1.45 system-ui, sans-serif; color-scheme: light dark; }
pre { font: 14px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-x: auto; margin: 0;
  padding: 0.75rem 1rem; border: 1px solid #8c959f80; border-radius: 8px 8px 0 0; tab-size: 4; }
ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.4rem 1.25rem; margin: 0; padding: 0.6rem 1rem;
  border: 1px solid #8c959f80; border-top: 0; border-radius: 0 0 8px 8px; }
b { font-weight: 700; }
.good { color: light-dark(#0a6b4c, #4cd3a4); }
.bad { color: light-dark(#a83208, #ff9a76); }
.unknown { color: light-dark(#6a5200, #e6c95c); }
a { color: inherit; margin-left: auto; }
`;

/**
 * `<fenceline-test>`: a test for other people's pages and slides, with its verdicts, and a link that opens it
 * in the explorer.
 *
 * The text in it is the test; or `test` names one that ships. `targets` are machines and models, `kernel` is
 * a version of Linux.
 */
class FencelineTest extends HTMLElement {
  static readonly observedAttributes = ['test', 'targets', 'kernel'];
  private round = 0;

  connectedCallback(): void {
    void this.show();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) void this.show();
  }

  private async show(): Promise<void> {
    const own = ++this.round;
    const path = this.getAttribute('test');
    const text = path === null ? withoutMargin(this.textContent ?? '') : await ask('shipped', path);
    if (own !== this.round) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    if (text === null) {
      root.replaceChildren(element('p', `There is no test ${path} in fenceline ${FENCELINE_VERSION}.`));
      return;
    }
    const kernel = this.getAttribute('kernel') ?? '6.x';
    const named = this.getAttribute('targets')
      ?.split(',')
      .map((name) => name.trim());
    const names = named ?? usualTargets(text);
    const list = element('ul');
    list.append(...names.map((name) => verdictOf(text, name, kernel)), linkTo(text, kernel, names));
    root.replaceChildren(element('style', STYLE), element('pre', text.trimEnd()), list);
  }
}

/** What indents the whole text, as in a page's source, is no part of it. */
function withoutMargin(text: string): string {
  const lines = text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const margins = lines
    .filter((line) => line.trim() !== '')
    .map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const margin = Math.min(...margins, Number.MAX_SAFE_INTEGER);
  return `${lines.map((line) => line.slice(margin)).join('\n')}\n`;
}

function verdictOf(text: string, name: string, kernel: string): HTMLElement {
  const item = element('li', `${name} `);
  const word = element('b', '…');
  item.append(word);
  const subject = { text, target: { name, kernel }, limit: LIMIT };
  ask('verdict', subject).then(
    (answer) => {
      if ('problem' in answer)
        return fill(word, 'unknown', `line ${answer.problem.line}: ${answer.problem.message}`);
      return fill(word, colourOf(answer), [answer.verdict, ...answer.flags].join(', '));
    },
    (error: Error) => fill(word, 'unknown', error.message),
  );
  return item;
}

function colourOf({ verdict, reachable }: VerdictAnswer): string {
  if (verdict === 'Unknown') return 'unknown';
  return reachable ? 'bad' : 'good';
}

function fill(word: HTMLElement, className: string, text: string): void {
  word.className = className;
  word.textContent = text;
}

/** The explorer stands beside this script. */
function linkTo(text: string, kernel: string, targets: readonly string[]): HTMLElement {
  const link = document.createElement('a');
  link.href = new URL(
    `./#${linkOf({ view: 'program', text, kernel, targets }, FENCELINE_VERSION)}`,
    explorer,
  ).href;
  link.target = '_blank';
  link.rel = 'noopener';
  link.textContent = 'Play with it';
  return link;
}

/** This script stands at the top of the explorer's folder, and its parts in assets/ below. */
const explorer = new URL(import.meta.url.includes('/assets/') ? '../' : './', import.meta.url);

function element(name: string, text = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

customElements.define('fenceline-test', FencelineTest);
