import { InvalidArgumentError, Option } from 'commander';
import { type Era, eraNamed } from '../kernel/index.js';

/** Of every command that runs C programs on machines. */
export function kernelOption(): Option {
  return new Option(
    '--kernel <version>',
    'the version of Linux whose code for the primitives is meant, such as 2.6 or 5.8; 6.x is the newest',
  )
    .argParser(kernel)
    .default('6.x');
}

function kernel(text: string): Era {
  const era = eraNamed(text);
  if (era) return era;
  throw new InvalidArgumentError('A version of Linux is expected, such as 2.6, 4.15 or 6.x.');
}
