import { useSignalEffect } from '@preact/signals';
import { QuizView } from './quiz-view.js';
import { store, type Theme, theme, themes, titles, type View, view, views } from './state.js';

export function App() {
  useSignalEffect(() => {
    document.documentElement.dataset.theme = theme.value;
    store('fenceline-theme', theme.value);
  });
  return (
    <>
      <a class="skip" href="#main-content">
        Skip to the content
      </a>
      <header class="top">
        <span class="mark">
          <img src="./icon.svg" alt="" width="22" height="22" /> fenceline
        </span>
        <nav aria-label="Views">
          {views.map((one) => (
            <Tab key={one} view={one} />
          ))}
        </nav>
        <ThemeChoice />
      </header>
      <main id="main-content" tabIndex={-1}>
        {view.value === 'quiz' ? <QuizView /> : null}
      </main>
    </>
  );
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
