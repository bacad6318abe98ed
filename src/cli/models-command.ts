import type { Command } from 'commander';
import { shippedModel, shippedModelNames } from '../cat/index.js';
import { table } from '../report/index.js';

export function addModelsCommand(program: Command): void {
  program
    .command('models')
    .description('list the models that ship')
    .action(() => {
      const rows = shippedModelNames().map((name) => {
        const model = shippedModel(name);
        const checks = model.checks.map((check) => check.name).join(', ');
        return [name, model.title, `checks: ${checks}`];
      });
      for (const line of table(rows)) console.log(line);
    });
}
