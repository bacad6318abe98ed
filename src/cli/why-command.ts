import { type Command, Option } from 'commander';
import type { CheckOptions } from '../check/index.js';
import { type SafetyTarget, type Site, sitesOf, weakenedText, why } from '../explain/index.js';
import { type LitmusTest, parseSyntax } from '../litmus/index.js';
import { whyJson, whyMarkdown, whyText } from '../report/index.js';
import { EXIT, UsageError } from './exit.js';
import { list } from './lists.js';
import { addSafetyOptions, type SafetyOptions, withTest } from './safety.js';

interface WhyOptions extends SafetyOptions {
  readonly format: 'text' | 'json' | 'markdown';
  readonly without?: readonly string[];
}

export function addWhyCommand(program: Command): void {
  const command = program
    .command('why')
    .description(
      'say which primitives of a test keep its outcome from happening, and what goes wrong without each',
    )
    .argument('<file>', 'a litmus file');
  addSafetyOptions(command)
    .addOption(
      new Option('--format <format>', 'what to print').choices(['text', 'json', 'markdown']).default('text'),
    )
    .option(
      '--without <numbers>',
      'print the test with these primitives left out or weakened instead, comma-separated',
      list,
    )
    .action((file: string, options: WhyOptions) =>
      withTest(file, options, (...given) => answer(options, ...given)),
    );
}

function answer(
  options: WhyOptions,
  test: LitmusTest,
  targets: readonly SafetyTarget[],
  given: CheckOptions,
): void {
  if (options.without) {
    const sites = sitesOf(parseSyntax(test.source));
    process.stdout.write(weakenedText(test, sites, numbersOf(options.without, sites, test), targets[0]));
    return;
  }
  const result = why(test, targets, given);
  if (result.undecided) process.exitCode = EXIT.undecided;
  if (options.format === 'json') console.log(JSON.stringify(whyJson(result, given)));
  else
    process.stdout.write(options.format === 'markdown' ? whyMarkdown(result, given) : whyText(result, given));
}

function numbersOf(texts: readonly string[], sites: readonly Site[], { source }: LitmusTest): number[] {
  return texts.map((text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= sites.length) return number - 1;
    throw new UsageError(`${source.name}: there is no primitive ${text}; there are 1 to ${sites.length}`);
  });
}
