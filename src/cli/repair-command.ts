import { type Command, Option } from 'commander';
import { repair } from '../explain/index.js';
import { repairJson, repairMarkdown, repairText } from '../report/index.js';
import { EXIT } from './exit.js';
import { addSafetyOptions, type SafetyOptions, withTest } from './safety.js';

interface RepairOptions extends SafetyOptions {
  readonly format: 'text' | 'json' | 'markdown' | 'litmus';
}

export function addRepairCommand(program: Command): void {
  const command = program
    .command('repair')
    .description('find the cheapest barriers and accesses that keep the outcome of a test from happening')
    .argument('<file>', 'a litmus file');
  addSafetyOptions(command)
    .addOption(
      new Option('--format <format>', 'what to print: litmus is the repaired test')
        .choices(['text', 'json', 'markdown', 'litmus'])
        .default('text'),
    )
    .action((file: string, options: RepairOptions) =>
      withTest(file, options, (test, targets, given) => {
        const found = repair(test, targets, given);
        if (found.kind === 'impossible') process.exitCode = EXIT.failed;
        if (found.kind === 'undecided') process.exitCode = EXIT.undecided;
        if (options.format === 'json') console.log(JSON.stringify(repairJson(found, given)));
        else if (options.format === 'markdown') process.stdout.write(repairMarkdown(found, given));
        else if (options.format === 'litmus' && (found.kind === 'repaired' || found.kind === 'safe'))
          process.stdout.write(found.kind === 'repaired' ? found.text : test.source.text);
        else process.stdout.write(repairText(found, given));
      }),
    );
}
