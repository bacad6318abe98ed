import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import sirv from 'sirv';

/** The only address that is listened on: the page is for who sits at this machine. */
export const ADDRESS = '127.0.0.1';

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/**
 * Serves a folder as it is now, file by file: no path leads out of it. Who asks under another name than this
 * machine's own, as a page whose name was made to lead here does, gets nothing.
 * @param port 0 for any that is free
 */
export function servePage(folder: string, port: number): Promise<Server> {
  const files = sirv(folder, { etag: true, dotfiles: false, setHeaders });
  const server = createServer((request, response) => {
    const refusal = refuseRequest(request, server);
    if (refusal) end(response, ...refusal);
    else files(request, response, () => end(response, 404, 'not found'));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, ADDRESS, () => resolve(server));
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function refuseRequest(
  { method, headers }: IncomingMessage,
  server: Server,
): [status: number, why: string] | undefined {
  const port = portOf(server);
  const names = [ADDRESS, 'localhost'].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  if (!names.includes(headers.host?.toLowerCase() ?? ''))
    return [421, 'this server answers for this machine alone'];
  return method === 'GET' || method === 'HEAD'
    ? undefined
    : [405, 'there are files to get here, and nothing else'];
}

function setHeaders(response: ServerResponse, path: string): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  // What stands in assets/ has its content's name; the rest is asked for again.
  const isNamed = /^\/assets\//.test(path);
  response.setHeader('Cache-Control', isNamed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...HEADERS });
  response.end(`${text}\n`);
}
