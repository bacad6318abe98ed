/** What the build of the page needs beside Vite. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { preparsedModule } from './preparse.mjs';

/** The models as parsed, in the place of the module that has none: see preparse.mjs. */
export function preparsed() {
  return {
    name: 'fenceline:preparsed',
    load(id) {
      return /[\\/]cat[\\/]syntax[\\/]preparsed\.ts$/.test(id) ? preparsedModule() : null;
    },
  };
}

/** Writes the service worker, with the names of all files of the page and a name for this state of them. */
export function offline() {
  let folder;
  return {
    name: 'fenceline:offline',
    apply: 'build',
    configResolved({ publicDir }) {
      folder = publicDir;
    },
    generateBundle(_, bundle) {
      const made = Object.keys(bundle).filter((name) => !name.endsWith('.map') && name !== 'offline.js');
      const copied = readdirSync(folder);
      const hash = createHash('sha256');
      for (const name of made.sort())
        hash.update(name).update(bundle[name].code ?? bundle[name].source ?? '');
      for (const name of copied) hash.update(name).update(readFileSync(`${folder}/${name}`));
      const kept = JSON.stringify(['./', ...made, ...copied]);
      const name = JSON.stringify(`fenceline-${hash.digest('hex').slice(0, 12)}`);
      this.emitFile({ type: 'asset', fileName: 'offline.js', source: serviceWorker(name, kept) });
    },
  };
}

/**
 * Keeps the page's own files, so that it opens without a network; whatever else is asked for, it leaves
 * alone.
 */
const serviceWorker = (name, files) => `const NAME = ${name};
const FILES = ${files};
self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(NAME)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  );
});
self.addEventListener('activate', (event) => {
  const isOld = (key) => key.startsWith('fenceline-') && key !== NAME;
  event.waitUntil(
    caches.keys()
      .then((keys) => Promise.all(keys.filter(isOld).map((key) => caches.delete(key))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(
    caches.open(NAME)
      .then((cache) => cache.match(request, { ignoreSearch: true }))
      .then((kept) => kept ?? fetch(request)),
  );
});
`;
