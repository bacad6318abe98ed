import { existsSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { type TargetName, targets as targetNames } from '../kernel/index.js';
import { isTarget } from './plans.js';

/** The names in an option's value. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

/**
 * Names or paths of models. What has a comma in it is one path where a file has that name. With those given
 * before: an option that stands twice adds to what it was.
 */
export function models(text: string, before: readonly string[] = []): string[] {
  const parts = text.split(',');
  const names = [...before];
  for (let from = 0, to = parts.length; from < parts.length; from = to, to = parts.length) {
    while (to > from + 1 && !existsSync(parts.slice(from, to).join(',').trim())) to--;
    const name = parts.slice(from, to).join(',').trim();
    if (name !== '') names.push(name);
  }
  return names;
}

/** The same of targets. */
export function targets(text: string): TargetName[] {
  return list(text).map((name) => {
    if (!isTarget(name))
      throw new InvalidArgumentError(`There is no target ${name}; there are ${targetNames.join(', ')}.`);
    return name;
  });
}

/** The same, or all that there are for a test. */
export function targetsOrAll(text: string): 'all' | TargetName[] {
  if (text === 'all') return 'all';
  try {
    return targets(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new InvalidArgumentError(`${error.message} Or say all.`);
    throw error;
  }
}
