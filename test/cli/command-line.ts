import { spawnSync } from 'node:child_process';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Ends, Outcome } from './outcome.js';

export type { Outcome };

/** Longer than any command takes: milliseconds. */
const PATIENCE = 300_000;

let kept: Ends | undefined;

/**
 * Runs the built command line in the project's root, in a thread that stays for the next command: most of
 * what a process of its own would do is to start and to compile. test/cli/processes.test.ts compares.
 */
export function fenceline(...args: readonly string[]): Outcome {
  kept ??= start();
  const { port, done } = kept;
  Atomics.store(done, 0, 0);
  port.postMessage(args);
  if (Atomics.wait(done, 0, 0, PATIENCE) === 'timed-out') throw new Error(`no end of ${args.join(' ')}`);
  return receiveMessageOnPort(port)!.message;
}

/** The same in a folder. */
export function fencelineIn(folder: string, ...args: readonly string[]): Outcome {
  const root = process.cwd();
  process.chdir(folder);
  try {
    return fenceline(...args);
  } finally {
    process.chdir(root);
  }
}

function start(): Ends {
  const { port1: port, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(new URL('./command-thread.js', import.meta.url), {
    workerData: { port: port2, done },
    transferList: [port2],
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  thread.unref();
  port.unref();
  return { port, done };
}

/** Runs the built command line as a user does: in a process of its own, in the project's root. */
export function fencelineAlone(...args: readonly string[]): Outcome {
  return fencelineOn('', ...args);
}

/** The same with a text as the standard input. */
export function fencelineOn(input: string, ...args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/fenceline.js', ...args], {
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr };
}
