/**
 * The command lines of the campaigns that npm scripts start, all with `--help` and with one line for what is
 * wrong.
 */
import { Command, InvalidArgumentError } from 'commander';

/** A command that ends with status 2 when it is called wrongly. `name` is what stands after `npm run`. */
export function campaignCommand(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description.replaceAll('\n', ' '))
    .allowExcessArguments(false)
    .showHelpAfterError(`npm run ${name} -- --help lists the options.`)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}

/** Parses a whole number that is not negative. */
export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number is expected.');
}

/** Parses a time in seconds, with a fraction or without. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0) return value;
  throw new InvalidArgumentError('A number of seconds is expected.');
}
