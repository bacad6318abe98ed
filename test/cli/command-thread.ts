/** The thread that `fenceline` of command-line.ts runs commands in, one after the other, as bundled. */
import { createRequire } from 'node:module';
import type os from 'node:os';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import type { Ends, Outcome } from './outcome.js';

interface Command {
  main(args: readonly string[]): Promise<void>;
}

const { port, done } = workerData as Ends;
const require = createRequire(import.meta.url);
// Not by the working directory: the first command may be one that runs in a folder.
const loader = fileURLToPath(new URL('../../../bin/load.js', import.meta.url));
const { load } = require(loader) as { load(): Command };
// Other tests have the other processors; and what threads of a run compile is gone with them.
(require('node:os') as typeof os).availableParallelism = () => 1;
const command = load();

port.on('message', async (args: readonly string[]) => {
  port.postMessage(await outcomeOf(args));
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});

async function outcomeOf(args: readonly string[]): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (text: string | Uint8Array) => {
      texts[name] += typeof text === 'string' ? text : Buffer.from(text);
      return true;
    };
  process.exitCode = 0;
  try {
    await command.main(args);
  } catch (error) {
    return { ...texts, status: 1, stderr: `${texts.stderr}${(error as Error).stack}\n` };
  } finally {
    process.stdout.removeAllListeners('error');
  }
  return { ...texts, status: Number(process.exitCode) };
}
