import type { Command } from 'commander';
import { explainPlan, planOf, shippedModel, shippedModelNames } from '../cat/index.js';
import { SourceError } from '../diagnostics.js';
import { tableText } from '../report/index.js';
import { EXIT } from './exit.js';
import { ModelFiles } from './model-files.js';
import { addModelOptions, herd7OptionsOf, type ModelOptions } from './model-options.js';

export function addModelsCommand(program: Command): void {
  const command = program
    .command('models')
    .description('list the models that ship, or explain one')
    .option('--explain <model>', 'what is computed when, and which checks cut the search short');
  addModelOptions(command).action(({ explain, ...options }: { readonly explain?: string } & ModelOptions) => {
    if (explain !== undefined) {
      printExplanation(explain, options);
      return;
    }
    const rows = shippedModelNames().map((name) => {
      const model = shippedModel(name);
      const checks = model.checks.map((check) => check.name).join(', ');
      return [name, model.title, `checks: ${checks}`];
    });
    for (const line of tableText(rows)) console.log(line);
  });
}

function printExplanation(name: string, options: ModelOptions): void {
  try {
    const files = new ModelFiles(herd7OptionsOf(options).settings());
    const model = files.named(name);
    for (const warning of model.warnings) console.error(`${warning.message}\n  (unused, so left out)`);
    console.log(explainPlan(planOf(model)));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    console.error(error.message);
    process.exitCode = EXIT.badInput;
  }
}
