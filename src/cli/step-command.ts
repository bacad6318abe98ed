import { type Command, Option } from 'commander';
import { architectureOf, Stepper, withSomethingShown } from '../check/index.js';
import { SourceError } from '../diagnostics.js';
import { type KernelTarget, targets } from '../kernel/index.js';
import { within } from '../limits.js';
import type { LitmusTest } from '../litmus/index.js';
import { BadChoice } from '../operational/index.js';
import { choicesText, formatState, tableText, traceReport } from '../report/index.js';
import { EXIT, UsageError } from './exit.js';
import { readTest } from './files.js';
import { kernelOption } from './kernel-option.js';
import { addLimitOptions, limitsOf } from './limit-options.js';
import { natural } from './numbers.js';
import { choiceList, machineName, type StepOptions, stepCommand } from './step-options.js';
import { StepSession, standing } from './step-session.js';

export function addStepCommand(program: Command): void {
  const command = program
    .command('step')
    .description('walk a test through a machine, one step at a time')
    .argument('<file>', 'a litmus file')
    .requiredOption(
      '--machine <name>',
      'the machine: fenceline run --engine operational runs the same',
      machineName,
    )
    .addOption(
      new Option(
        '--target <name>',
        "whose code a C program's primitives are mapped to, if not the machine's own",
      ).choices(targets),
    )
    .addOption(kernelOption())
    .option('--follow <choices>', 'make these choices, as 0,2,1, and show where they lead', choiceList)
    .option('--states', 'list all reachable final states, each with the choices that lead to it')
    .option('--max-states <n>', 'give up looking for states when there are more than this', natural);
  addLimitOptions(command, 'looking for states').action(step);
}

type Print = (...lines: readonly string[]) => void;

/** What looking for states may cost. */
interface Patience {
  readonly expired: () => boolean;
  readonly maxStates?: number;
}

async function step(file: string, options: StepOptions): Promise<void> {
  try {
    await stepThrough(file, options);
  } catch (error) {
    if (error instanceof BadChoice) throw new UsageError(`--follow: ${error.message}`);
    if (!(error instanceof SourceError)) throw error;
    console.error(error.message);
    process.exitCode = EXIT.badInput;
  }
}

async function stepThrough(file: string, options: StepOptions): Promise<void> {
  const test = withSomethingShown(readTest(file, limitsOf(options)));
  const target = targetOfStep(test, options);
  const stepper = within(
    limitsOf(options),
    () => new Stepper(test, options.machine, target ? { target } : {}),
  );
  const again = stepCommand(file, options.machine, target);
  const print: Print = (...lines) => console.log(lines.join('\n'));
  if (options.states) return listStates(stepper, patience(options), print);
  if (options.follow) return follow(stepper, options.follow, again, print);
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    return tellShortest(stepper, patience(options), again, print);
  await new StepSession(stepper, again, () => patience(options)).run(process.stdin, process.stdout);
}

/** What a C program's primitives are mapped to. */
function targetOfStep(
  { program }: LitmusTest,
  { target, machine, kernel }: StepOptions,
): KernelTarget | undefined {
  if (program.dialect !== 'C') return undefined;
  return { architecture: target ?? architectureOf(machine), era: kernel };
}

function patience({ timeout, maxStates }: StepOptions): Patience {
  const end = performance.now() + (timeout ?? Number.POSITIVE_INFINITY) * 1000;
  return { expired: () => performance.now() > end, ...(maxStates === undefined ? {} : { maxStates }) };
}

function listStates(stepper: Stepper, limits: Patience, print: Print): void {
  const { states, errors, complete } = stepper.finalStates(limits);
  const rows = states
    .map((state) => [
      `${state.satisfies ? '*' : ' '} ${formatState(state, stepper.observables, stepper.test.program)}`,
      `--follow ${choicesText(state.choices)}`,
    ])
    .sort(([a], [b]) => (a.slice(2) < b.slice(2) ? -1 : 1));
  print(`${rows.length} final state${rows.length === 1 ? '' : 's'} (* satisfies the condition):`);
  for (const line of tableText(rows)) print(`  ${line}`);
  if (errors.length > 0) print('runs in error, which have no final state:');
  for (const line of tableText(
    errors.map(({ error, choices }) => [error, `--follow ${choicesText(choices)}`]),
  ))
    print(`    ${line}`);
  if (complete) return;
  print('incomplete: a limit was reached before every state was seen');
  process.exitCode = EXIT.undecided;
}

function follow(stepper: Stepper, choices: readonly number[], again: string, print: Print): void {
  const trace = stepper.told(choices);
  for (const choice of choices) stepper.take(choice);
  print(...traceReport(trace, again), ...standing(stepper));
}

/** The shortest way to what the condition asks for. */
function tellShortest(stepper: Stepper, limits: Patience, again: string, print: Print): void {
  const way = stepper.wayToCondition(limits);
  if (way === undefined)
    print(`no final state of the machine ${stepper.walk.machine.name} satisfies the condition`);
  else if (way !== 'limit') follow(stepper, way, again, print);
  else {
    print('undecided: a limit was reached before a final state was found that satisfies the condition');
    process.exitCode = EXIT.undecided;
  }
}
