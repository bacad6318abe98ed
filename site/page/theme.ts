import { computed, signal } from '@preact/signals';
import { keep, kept } from './kept.js';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'theme';

export const theme = signal<Theme>(themes.find((one) => one === kept(KEY)) ?? 'system');

theme.subscribe((chosen) => {
  document.documentElement.dataset.theme = chosen;
  keep(KEY, chosen);
});

const query = matchMedia('(prefers-color-scheme: dark)');
const prefersDark = signal(query.matches);
query.addEventListener('change', ({ matches }) => {
  prefersDark.value = matches;
});

export const isDark = computed(
  () => theme.value === 'dark' || (theme.value === 'system' && prefersDark.value),
);
