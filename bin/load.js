// These files are no ES modules: Node takes several milliseconds more to load those.
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const vm = require('node:vm');

const path = join(__dirname, '../build/fenceline.cjs');

/**
 * The command line's code, as built; undefined, and a message, when it is not. V8's compiled code of the first run is kept beside it,
 * where that can be written: half of the time to start is compilation. V8 looks at no more of the source than its length to see whether
 * compiled code belongs to it, so that the name of the file tells the build and the Node version.
 */
exports.load = () => {
  if (!existsSync(path)) {
    console.error('fenceline: not built yet; run `npm run build` first');
    process.exitCode = 2;
    return undefined;
  }
  // A function of what a module is given.
  const source = readFileSync(path, 'utf8');
  const kept = path.replace(/cjs$/, `${source.slice(3, 19)}-${process.version}-${process.arch}.cache`);
  const cachedData = existsSync(kept) ? readFileSync(kept) : undefined;
  const script = new vm.Script(source, { filename: path, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(createRequire(path), module, path, dirname(path));
  if (!cachedData) process.once('exit', () => keep(kept, script));
  return module.exports;
};

function keep(file, script) {
  try {
    writeFileSync(`${file}.${process.pid}`, script.createCachedData());
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Somebody else's folder: it works without.
  }
}
