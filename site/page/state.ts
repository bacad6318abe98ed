import { computed, signal } from '@preact/signals';
import type { QuizSwitches } from '../logic/protocol.js';
import { asAsked } from '../logic/quiz-program.js';

export const views = ['quiz', 'program'] as const;
export type View = (typeof views)[number];

export const titles: Readonly<Record<View, string>> = {
  quiz: 'Quick Quiz',
  program: 'Program',
};

export const view = signal<View>('quiz');
export const switches = signal<QuizSwitches>(asAsked);

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const theme = signal<Theme>(savedTheme());

function savedTheme(): Theme {
  const saved = stored('fenceline-theme');
  return themes.find((one) => one === saved) ?? 'system';
}

/** Null too where the browser keeps nothing for this page. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It works without.
  }
}

const prefersDark = signal(false);
if (typeof matchMedia === 'function') {
  const query = matchMedia('(prefers-color-scheme: dark)');
  prefersDark.value = query.matches;
  query.addEventListener('change', ({ matches }) => {
    prefersDark.value = matches;
  });
}

export const isDark = computed(
  () => theme.value === 'dark' || (theme.value === 'system' && prefersDark.value),
);
