import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
import { offline, preparsed } from '../scripts/page-plugins.mjs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const ELEMENT = 'fenceline-test';

/** On a busy machine, how long a plugin took is no news. */
const quiet = { checks: { pluginTimings: false } };

/** The page as a folder that any web server can hand out: all its paths are relative. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: 'public',
  define: { FENCELINE_VERSION: JSON.stringify(version) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [preparsed(), offline()],
  worker: { format: 'es', plugins: () => [preparsed()], rolldownOptions: quiet },
  build: {
    outDir: '../build/page',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
    // Pictures in the style sheet would be addresses of a kind that the page's policy does not allow.
    assetsInlineLimit: 0,
    rolldownOptions: {
      ...quiet,
      input: {
        index: `${import.meta.dirname}/index.html`,
        [ELEMENT]: `${import.meta.dirname}/page/element.ts`,
      },
      output: {
        // The one script that other people's pages name.
        entryFileNames: ({ name }) => (name === ELEMENT ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
