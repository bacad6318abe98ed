import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from './exit.js';

interface ServeOptions {
  readonly port: number;
  readonly open?: boolean;
}

const PORT = 8420;

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('open the explorer, a page on this machine: programs, models and machines to play with')
    .option('--port <number>', `the port on 127.0.0.1; 0 for any that is free (default: ${PORT})`, portNumber)
    .option('--open', 'open it in the browser')
    .action(serve);
}

async function serve({ port = PORT, open = false }: Partial<ServeOptions>): Promise<void> {
  const folder = pageFolder();
  const { ADDRESS, portOf, servePage } = await import('./page-server.js');
  const server = await servePage(folder, port).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'something listens there already' : error.message;
    throw new UsageError(`port ${port} of ${ADDRESS}: ${why}; choose another one with --port`);
  });
  const address = `http://${ADDRESS}:${portOf(server)}/`;
  console.log(`the explorer is at ${address} (stop it with Ctrl-C)`);
  if (open) openInBrowser(address);
}

/**
 * The page as it was built: beside the bundle, or above the compiled files. @throws UsageError when it was
 * not
 */
function pageFolder(): string {
  const places = ['./page/', '../../page/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = places.find((path) => existsSync(`${path}index.html`));
  if (found === undefined)
    throw new UsageError('the page is not built yet; run `npm run site` in the checkout');
  return found;
}

function openInBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['explorer.exe', address]
        : ['xdg-open', address];
  const opener = spawn(command, args, { stdio: 'ignore', detached: true });
  opener.on('error', () =>
    console.error(`fenceline: no browser was found (${command}); open the address by hand`),
  );
  opener.unref();
}

function portNumber(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
