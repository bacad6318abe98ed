/**
 * Makes the checkout ready to run: installs packages and builds, each only when needed. Says what it does on
 * stderr, nothing when there is nothing to do, and fails with a non-zero status. Plain Node.js, since nothing
 * may be installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { embed } from './embed.mjs';
import { filesUnder } from './files.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (path) => join(root, path);

/** Folders that tsc compiles, and folders whose files are embedded into src/shipped.ts. */
const compiled = ['src', 'test', 'bench', 'conformance', 'differential', 'fuzz', 'site/logic', 'site/engine'];
const embedded = ['models', 'litmus'];

/** Fingerprint of the inputs of the last build that succeeded; and of the page's. */
const stamp = at('build/.inputs');
const pageStamp = at('build/.page-inputs');

/** Whether the explorer's page is wanted too: `fenceline run` does without. */
const withPage = process.argv.includes('--page');
/** Whether a browser is, for tests. */
const withBrowser = process.argv.includes('--browser');

const isBrowserInstalled = () => !withBrowser || isInstalled('browser');

/** Held, with the process id of its owner inside, while packages or outputs are being changed. */
const lock = at('.ensure-lock');

class Failure extends Error {}

const say = (message) => process.stderr.write(`fenceline: ${message}\n`);

const readJson = (path) => (existsSync(at(path)) ? JSON.parse(readFileSync(at(path), 'utf8')) : undefined);

function run(command, args) {
  const shell = process.platform === 'win32' && command === 'npm';
  // What the tools print goes to stderr: stdout belongs to the command that runs after this one.
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell });
  if (result.error) throw new Failure(`cannot run ${command}: ${result.error.message}`);
  return result.status === 0;
}

/**
 * Whether a folder's node_modules holds what its package-lock.json lists; packages for other platforms may be
 * absent.
 */
function isInstalled(folder = '.') {
  const wanted = readJson(`${folder}/package-lock.json`);
  if (!wanted) throw new Failure('package-lock.json is missing; restore it, or run `npm install` to make it');
  const declared = readJson(`${folder}/package.json`);
  for (const field of ['dependencies', 'devDependencies']) {
    if (!isDeepStrictEqual(declared[field] ?? {}, wanted.packages[''][field] ?? {})) {
      throw new Failure(`package-lock.json does not match ${field} of package.json; run \`npm install\``);
    }
  }
  const present = readJson(`${folder}/node_modules/.package-lock.json`)?.packages;
  if (!present) return false;
  return Object.entries(wanted.packages).every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    return path in present ? present[path].version === version : Boolean(optional || peer);
  });
}

function install() {
  say('installing packages (npm ci)');
  if (!run('npm', ['ci'])) throw new Failure('`npm ci` failed; see its messages above');
}

/**
 * The browser for tests of the page. It is large, and a machine may do without: its tests then say that they
 * are skipped, and why.
 */
function installBrowser() {
  say('installing a browser for tests (npm ci in browser/)');
  if (!run('npm', ['ci', '--prefix', 'browser']))
    say('it could not be installed; tests that need it are skipped');
}

const sources = () =>
  compiled.flatMap((folder) =>
    filesUnder(root, folder)
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${folder}/${path}`),
  );

const outputOf = (source) => `build/${source.replace(/\.ts$/, '.js')}`;

/** Changes whenever a build input is added, removed or written. */
function fingerprint(more = []) {
  const inputs = [
    ...more,
    'tsconfig.json',
    'package-lock.json',
    ...filesUnder(root, 'scripts').map((path) => `scripts/${path}`),
    ...sources(),
    ...embedded.flatMap((folder) => filesUnder(root, folder).map((path) => `${folder}/${path}`)),
  ];
  const hash = createHash('sha256');
  for (const path of inputs) {
    const { mtimeMs, size } = statSync(at(path));
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

function isBuilt() {
  return (
    existsSync(at('src/shipped.ts')) &&
    existsSync(stamp) &&
    existsSync(at('build/fenceline.cjs')) &&
    readFileSync(stamp, 'utf8') === fingerprint() &&
    sources().every((source) => existsSync(at(outputOf(source))))
  );
}

const pageFingerprint = () => fingerprint(filesUnder(root, 'site').map((path) => `site/${path}`));

function isPageBuilt() {
  if (!withPage) return true;
  return (
    existsSync(at('build/page/index.html')) &&
    existsSync(pageStamp) &&
    readFileSync(pageStamp, 'utf8') === pageFingerprint()
  );
}

function buildPage() {
  say('building the page');
  const inputs = pageFingerprint();
  rmSync(pageStamp, { force: true });
  const args = [
    'node_modules/vite/bin/vite.js',
    'build',
    'site',
    '-c',
    'site/vite.config.mjs',
    '--logLevel',
    'warn',
  ];
  if (!run(process.execPath, args)) throw new Failure('building the page failed; see the errors above');
  writeFileSync(pageStamp, inputs);
}

/** Removes outputs whose source is gone, so that a deleted test does not go on running. */
function removeStaleOutputs() {
  for (const folder of compiled) {
    for (const path of filesUnder(root, `build/${folder}`)) {
      const source = `${folder}/${path.replace(/\.(js|d\.ts)(\.map)?$/, '.ts')}`;
      if (!existsSync(at(source))) rmSync(at(`build/${folder}/${path}`));
    }
  }
}

function build() {
  say('building');
  embed(root);
  // Taken before tsc reads the files: what is edited meanwhile is built again next time.
  const inputs = fingerprint();
  rmSync(stamp, { force: true });
  removeStaleOutputs();
  // tsc trusts its record of what it wrote; without the outputs the record is worthless.
  if (!sources().every((source) => existsSync(at(outputOf(source))))) {
    rmSync(at('build/tsconfig.tsbuildinfo'), { force: true });
  }
  if (!run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'])) {
    throw new Failure('the build failed; see the errors of tsc above');
  }
  if (!run(process.execPath, ['scripts/bundle.mjs']))
    throw new Failure('bundling the command line failed; see the errors above');
  mkdirSync(at('build'), { recursive: true });
  writeFileSync(stamp, inputs);
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `action` while no other process installs or builds in this checkout. */
function exclusively(action) {
  const owner = join(lock, 'pid');
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0;
    // An owner that left no id within a second, or is gone, was interrupted.
    if (pid > 0 ? !isRunning(pid) : waited > 10) rmSync(lock, { recursive: true, force: true });
    else if (waited === 0) say('waiting for another build in this folder');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  try {
    writeFileSync(owner, String(process.pid));
    action();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

try {
  if (!isInstalled() || !isBuilt() || !isPageBuilt() || !isBrowserInstalled()) {
    exclusively(() => {
      if (!isInstalled()) install();
      if (!isBuilt()) build();
      if (!isPageBuilt()) buildPage();
      if (!isBrowserInstalled()) installBrowser();
    });
  }
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say(error.message);
  process.exitCode = 1;
}
