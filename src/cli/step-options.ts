import { InvalidArgumentError } from 'commander';
import { architectureOf, machineNames } from '../check/index.js';
import type { Era, KernelTarget, TargetName } from '../kernel/index.js';
import type { LimitOptions } from './limit-options.js';

/** The options of `fenceline step`. */
export interface StepOptions extends LimitOptions {
  readonly machine: string;
  readonly target?: TargetName;
  readonly kernel: Era;
  readonly follow?: readonly number[];
  readonly states?: boolean;
  readonly maxStates?: number;
}

export function machineName(text: string): string {
  if (!machineNames.includes(text))
    throw new InvalidArgumentError(`There is no machine ${text}; there are ${machineNames.join(', ')}.`);
  return text;
}

export function choiceList(text: string): number[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.length === 1 && words[0] === '') return [];
  if (!words.every((word) => /^\d+$/.test(word)))
    throw new InvalidArgumentError('A list of choices is expected, as 0,2,1.');
  return words.map(Number);
}

/**
 * The command that walks a program on a machine. A C program's choices depend on what its primitives are
 * mapped to.
 */
export function stepCommand(file: string, machine: string, target: KernelTarget | undefined): string {
  const words = ['fenceline', 'step', file, '--machine', machine];
  const own = machineNames.includes(machine) ? architectureOf(machine) : undefined;
  if (target && target.architecture !== own) words.push('--target', target.architecture);
  if (target) words.push('--kernel', target.era);
  return words.join(' ');
}
