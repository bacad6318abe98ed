/**
 * Puts the compiled command line into one file, build/fenceline.cjs. Node then starts several times as fast:
 * the parser library alone is hundreds of modules. It is no ES module, since only of a script can V8 keep the
 * compiled code (bin/load.js).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { preparse } from './preparse.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const {
  outputFiles: [{ text }],
} = await build({
  absWorkingDir: root,
  entryPoints: ['build/src/cli/main.js'],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // A script of our own making cannot import: what is imported late becomes a part that is run late.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  // Half of the text is comments and indentation; names stay, for what a stack trace would say.
  minifyWhitespace: true,
  minifySyntax: true,
  // Commander would have it for commands that are programs of their own.
  alias: { 'node:child_process': './scripts/child-process.cjs' },
  plugins: [preparse],
  // Loaded when a picture is asked for, and only then.
  external: ['@resvg/resvg-wasm'],
  logLevel: 'warning',
});

for (const file of readdirSync(join(root, 'build'))) {
  if (/^fenceline\..*cache$/.test(file)) rmSync(join(root, 'build', file));
}
// The first line tells one build from another: what was kept of the one is nothing for the other.
const id = createHash('sha256').update(text).digest('hex').slice(0, 16);
const parameters = 'require, module, __filename, __dirname';
writeFileSync(join(root, 'build/fenceline.cjs'), `// ${id}\n(function (${parameters}) {${text}\n})`);

// What a first run compiles is kept: let it be one that sees every dialect.
const seen = ['nmi/other-cpu-global', 'classic/x86/SB', 'alpha-handbook/test-7'];
const files = seen.map((name) => `litmus/${name}.litmus`);
const { status } = spawnSync(process.execPath, ['bin/fenceline.js', 'run', ...files, '--jobs', '1'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (status !== 0) throw new Error(`the command that was built ends with status ${status}`);
