/** Good files to start from: what ships, and what folders have. */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { shippedModels, shippedTests } from '../src/shipped.js';

/**
 * What can be broken: litmus tests in any dialect, and what models are made of. `cfg`: herd7's configuration
 * files.
 */
export const fileKinds = ['litmus', 'cat', 'bell', 'def', 'cfg'] as const;
export type FileKind = (typeof fileKinds)[number];

/**
 * The longest file of a folder that is worth breaking: of longer ones, most of the time goes into reading.
 */
const LONGEST = 20_000;

/** A configuration as a kernel's, for there is none that ships. */
const configuration = `macros linux-kernel.def
bell linux-kernel.bell
model linux-kernel.cat
graph columns
squished true
showevents noregs
movelabel true
fontsize 8
xscale 2.0
yscale 1.5
arrowsize 0.8
showinitrf false
showfinalrf false
showinitwrites false
splines spline
pad 0.1
edgeattr hb,color,indigo
edgeattr co,color,blue
edgeattr mb,color,darkgreen
edgeattr wmb,color,darkgreen
edgeattr rmb,color,darkgreen
`;

/** @param folders are searched for files of the kind, with all that is in them */
export function originalsOf(kind: FileKind, folders: readonly string[]): readonly string[] {
  return [...shippedOf(kind), ...folders.flatMap((folder) => found(kind, folder))];
}

function shippedOf(kind: FileKind): readonly string[] {
  if (kind === 'litmus') return Object.values(shippedTests);
  if (kind === 'cfg') return [configuration];
  return Object.entries(shippedModels).flatMap(([name, text]) =>
    extname(name) === `.${kind}` ? [text] : [],
  );
}

function found(kind: FileKind, folder: string): readonly string[] {
  return globSync(`**/*.${kind}`, { cwd: folder })
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => text.length <= LONGEST);
}
