import { Command, CommanderError } from 'commander';
import { LimitReached } from '../limits.js';
import { version } from '../shipped.js';
import { addDistinguishCommand } from './distinguish-command.js';
import { EXIT, UsageError } from './exit.js';
import { addGenerateCommand } from './generate-command.js';
import { addGraphCommand } from './graph-command.js';
import { runHerd7 } from './herd7/herd7-command.js';
import { withTwoDashes } from './model-options.js';
import { addModelsCommand } from './models-command.js';
import { addQuizCommand } from './quiz/quiz-command.js';
import { addRepairCommand } from './repair-command.js';
import { addRunCommand } from './run-command.js';
import { addServeCommand } from './serve-command.js';
import { addStepCommand } from './step-command.js';
import { addWhyCommand } from './why-command.js';

export { work } from './jobs.js';

/**
 * The command line.
 * @param args what stands behind the command's name
 */
export async function main(args: readonly string[]): Promise<void> {
  // A reader that has seen enough, such as head, is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  try {
    // Its options are herd7's: one dash, any place.
    if (args[0] === 'herd7') runHerd7(args.slice(1));
    else await parse(args);
  } catch (error) {
    process.exitCode = EXIT.badInput;
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.badInput;
    else if (error instanceof UsageError) console.error(`fenceline: ${error.message}`);
    else if (error instanceof LimitReached) undecided(error);
    else throw error;
  }
}

/** A limit was reached before there was anything to tell: while a file was read, for one. */
function undecided({ message }: LimitReached): void {
  console.error(`fenceline: undecided: ${message}`);
  process.exitCode = EXIT.undecided;
}

async function parse(args: readonly string[]): Promise<void> {
  const program = commands();
  const command = program.commands.find((one) => one.name() === args[0]);
  await program.parseAsync(command ? withTwoDashes(args, command) : args, { from: 'user' });
}

function commands(): Command {
  const program = new Command('fenceline')
    .description(
      'Checks small concurrent programs against memory models: may this program, on this machine, read stale data, and which barrier stops it?',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('(fenceline --help tells what there is)')
    .addHelpText(
      'after',
      `
  Examples:
    fenceline quiz                                     the Quick Quiz of Linux' NMI-RCU.txt, answered by checked runs
    fenceline run litmus/classic                       every test of a folder, against what it expects
    fenceline run test.litmus --model i386 --states    all final states under one model
    fenceline run test.litmus --target i386,alpha      a C program on two machines
    fenceline step test.litmus --machine i386          one step of the machine at a time

  Exit status: 0 expectations hold, 1 one fails, 2 bad input or usage, 3 undecided within the limits.`,
    );
  addRunCommand(program);
  addWhyCommand(program);
  addRepairCommand(program);
  addGraphCommand(program);
  addGenerateCommand(program);
  addDistinguishCommand(program);
  addQuizCommand(program);
  addStepCommand(program);
  addServeCommand(program);
  addModelsCommand(program);

  program
    .command('herd7')
    .description("take herd7's options and print what herd7 prints (fenceline-herd7 is the same)")
    .argument('[args...]');
  return program;
}
