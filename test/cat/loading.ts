import { readFileSync } from 'node:fs';
import { loadModel, type Model, printTerm, type Term } from '../../src/cat/index.js';
import type { Tree } from './naive.js';

/** Reads what ships in models/. */
export function shipped(file: string): string | undefined {
  try {
    return readFileSync(`models/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Loads a model that may include what ships and `files`. */
export function load(text: string, files: Record<string, string> = {}, variants: string[] = []): Model {
  const include = (file: string) => files[file] ?? shipped(file);
  return loadModel('test.cat', text, { include, variants: new Set(variants) });
}

export function loadShipped(name: string): Model {
  return load(shipped(`${name}.cat`) as string);
}

/** The term that an expression comes down to. */
export function termOf(expression: string, before = ''): Term {
  return load(`${before}\nempty ${expression}`).checks[0].term;
}

/** A tree as a model would write it, fully in parentheses where the printer puts them. */
export function textOf(tree: Tree): string {
  return printTerm(tree as Term);
}

/** The message for a model that does not load. */
export function errorOf(text: string, files: Record<string, string> = {}): string {
  try {
    load(text, files);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the model loads');
}
