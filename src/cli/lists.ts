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

/** The same, each a target. */
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
