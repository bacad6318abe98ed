import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const path = fileURLToPath(new URL('../build/fenceline.cjs', import.meta.url));

/**
 * The command line's code, as built; undefined, and a message, when it is not. V8's compiled code of the first run is kept beside it,
 * where that can be written: half of the time to start is compilation. V8 looks at no more of the source than its length to see whether
 * compiled code belongs to it, so that the name of the file tells the build and the Node version.
 */
export function load() {
  if (!existsSync(path)) {
    console.error('fenceline: not built yet; run `npm run build` first');
    process.exitCode = 2;
    return undefined;
  }
  const source = readFileSync(path, 'utf8');
  const kept = path.replace(/cjs$/, `${source.slice(3, 19)}-${process.version}-${process.arch}.cache`);
  const cachedData = existsSync(kept) ? readFileSync(kept) : undefined;
  const script = new vm.Script(`(function (require, module, __filename, __dirname) {${source}\n})`, {
    filename: path,
    cachedData,
  });
  const module = { exports: {} };
  script.runInThisContext()(createRequire(path), module, path, dirname(path));
  if (!cachedData) process.once('exit', () => keep(kept, script));
  return module.exports;
}

function keep(file, script) {
  try {
    writeFileSync(`${file}.${process.pid}`, script.createCachedData());
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Somebody else's folder: it works without.
  }
}
