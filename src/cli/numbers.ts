import { InvalidArgumentError } from 'commander';

/** Arguments of options that are numbers. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}

export function count(text: string): number {
  const value = natural(text);
  if (value === 0) throw new InvalidArgumentError('A whole number from 1 on is expected.');
  return value;
}

export function natural(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('A whole number from 0 on is expected.');
  return value;
}
