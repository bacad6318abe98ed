import type { Command } from 'commander';
import { table } from '../report/index.js';
import { modelNamed, shippedModelNames } from './model-loader.js';

export function addModelsCommand(program: Command): void {
  program
    .command('models')
    .description('list the models that ship')
    .action(() => {
      const rows = shippedModelNames().map((name) => {
        const model = modelNamed(name);
        const checks = model.checks.map((check) => check.name).join(', ');
        return [name, model.title, `checks: ${checks}`];
      });
      for (const line of table(rows)) console.log(line);
    });
}
