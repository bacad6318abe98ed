import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { type View, views } from '../logic/link.js';
import { lazy } from './lazy.js';
import { QuizView } from './quiz-view.js';
import { currentLink, notice, titles, view } from './state.js';
import { type Theme, theme, themes } from './theme.js';

/** All but the first view are loaded when they are opened. */
const content: Readonly<Record<View, () => JSX.Element>> = {
  quiz: QuizView,
  program: lazy(async () => (await import('./program-view.js')).ProgramView),
  model: lazy(async () => (await import('./model-view.js')).ModelView),
  lessons: lazy(async () => (await import('./lessons-view.js')).LessonsView),
  library: lazy(async () => (await import('./library-view.js')).LibraryView),
};

export function App() {
  const Content = content[view.value];
  return (
    <>
      <button type="button" class="skip" onClick={toContent}>
        Skip to the content
      </button>
      <header class="top">
        <span class="mark">
          <img src="./icon.svg" alt="" width="22" height="22" /> fenceline
        </span>
        <nav aria-label="Views">
          {views
            .filter((one) => content[one])
            .map((one) => (
              <Tab key={one} view={one} />
            ))}
        </nav>
        <Share />
        <ThemeChoice />
      </header>
      {notice.value === undefined ? null : <Notice text={notice.value} />}
      <main id="main-content" tabIndex={-1}>
        <Content key={view.value} />
      </main>
    </>
  );
}

/** No link: the fragment of the address is the state of the page, and no place in it. */
function toContent(): void {
  document.getElementById('main-content')?.focus();
}

function Tab({ view: one }: { readonly view: View }) {
  const open = () => {
    view.value = one;
  };
  return (
    <button type="button" class="tab" aria-current={view.value === one ? 'page' : undefined} onClick={open}>
      {titles[one]}
    </button>
  );
}

function Notice({ text }: { readonly text: string }) {
  const close = () => {
    notice.value = undefined;
  };
  return (
    <div class="notice" role="status">
      <p>{text}</p>
      <button type="button" onClick={close}>
        Close
      </button>
    </div>
  );
}

const SHOWN = 2500;

/** Copies the address; where that is not allowed, shows it to be copied by hand. */
function Share() {
  const said = useSignal('');
  const share = async () => {
    const link = currentLink();
    try {
      await navigator.clipboard.writeText(link);
      said.value = 'Copied';
      setTimeout(() => {
        said.value = '';
      }, SHOWN);
    } catch {
      notice.value = `The link to what you see: ${link}`;
    }
  };
  return (
    <button type="button" class="share" onClick={share}>
      <span role="status">{said.value || 'Copy link'}</span>
    </button>
  );
}

function ThemeChoice() {
  return (
    <label class="theme">
      <span class="hidden">Colours</span>
      <select
        value={theme.value}
        onChange={({ currentTarget }) => {
          theme.value = currentTarget.value as Theme;
        }}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
