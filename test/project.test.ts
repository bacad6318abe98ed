import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { shippedModels, shippedTests } from '../src/shipped.js';

/** Text of every file under a folder that may be missing, by its path in the folder. */
function texts(folder: string, included: RegExp): Record<string, string> {
  const entries = statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder, { recursive: true }) : [];
  const paths = entries.map(String).filter((path) => included.test(path));
  return Object.fromEntries(
    paths.map((path) => [
      path.replaceAll('\\', '/'),
      readFileSync(`${folder}/${path}`, 'utf8').replaceAll('\r\n', '\n'),
    ]),
  );
}

describe('the package', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

  it('has the command it declares', () => {
    const command = readFileSync(manifest.bin.fenceline, 'utf8');
    expect(command.startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  it('embeds every model and litmus test that ships', () => {
    expect(shippedModels).toEqual(texts('models', /\.(cat|bell|def)$/));
    expect(shippedTests).toMatchObject(texts('litmus', /\.litmus$/));
  });

  it('lists its embedded files in a fixed order', () => {
    for (const table of [shippedModels, shippedTests]) {
      expect(Object.keys(table)).toEqual(Object.keys(table).sort());
    }
  });

  it('ships whatever the documents that it ships link to', () => {
    const shipped: readonly string[] = [...manifest.files, 'README.md', 'LICENSE', 'package.json'];
    const documents = ['README.md', 'DEVELOPING.md', 'CHANGELOG.md', 'litmus/README.md'];
    for (const name of readdirSync('docs')) if (name.endsWith('.md')) documents.push(`docs/${name}`);
    for (const document of documents) {
      const links = [...readFileSync(document, 'utf8').matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link);
      const paths = links
        .filter((link) => !/^\w+:/.test(link))
        .map((link) => posix.join(dirname(document), link));
      const missing = paths.filter(
        (path) => !existsSync(path) || !shipped.some((one) => path === one || path.startsWith(`${one}/`)),
      );
      expect({ document, missing }).toEqual({ document, missing: [] });
    }
  });

  it('names no place on the web that is not there', () => {
    for (const field of ['homepage', 'repository', 'bugs']) expect(manifest).not.toHaveProperty(field);
  });

  it.each(['.', 'browser'])(
    'locks all that its packages ask for, so that a fresh clone installs: %s',
    (folder) => {
      const { packages } = JSON.parse(readFileSync(`${folder}/package-lock.json`, 'utf8')) as {
        packages: Record<string, { [kind in 'dependencies' | 'optionalDependencies']?: object }>;
      };
      const isLocked = (name: string, from: string): boolean =>
        `${from}node_modules/${name}` in packages ||
        (from !== '' && isLocked(name, from.replace(/(^|\/)node_modules\/(@[^/]*\/)?[^/]*\/$/, '$1')));
      const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
        Object.keys({ ...dependencies, ...optionalDependencies }).filter(
          (name) => !isLocked(name, path === '' ? '' : `${path}/`),
        ),
      );
      expect(missing).toEqual([]);
    },
  );

  it('locks its dependencies without naming a registry', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"');
  });
});
