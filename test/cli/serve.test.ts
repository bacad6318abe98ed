import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { portOf, servePage } from '../../src/cli/page-server.js';
import { fenceline } from './command-line.js';

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fenceline-'));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'page/index.html'), 'the page');
  writeFileSync(join(folder, 'page/.hidden'), 'hidden');
  writeFileSync(join(folder, 'page/assets/a.js'), 'code');
  server = await servePage(join(folder, 'page'), 0);
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Reply {
  readonly status: number | undefined;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

function get(
  path: string,
  options: { readonly host?: string; readonly method?: string } = {},
): Promise<Reply> {
  const { host = `127.0.0.1:${portOf(server)}`, method = 'GET' } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: portOf(server), path, method, headers: { host }, agent: false },
      (response) => {
        let text = '';
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode, text, headers: response.headers }));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

describe('the server of the page', () => {
  it('gives its files, with their types', async () => {
    expect(await get('/')).toMatchObject({ status: 200, text: 'the page' });
    const { headers, text } = await get('/assets/a.js');
    expect(text).toBe('code');
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('text/javascript'),
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringContaining('immutable'),
    });
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/.hidden',
    '/%',
    '/..\\secret.txt',
    '/none',
  ])('gives nothing for %s', async (path) => {
    const { status, text } = await get(path);
    expect(status).toBe(404);
    expect(text).not.toMatch(/secret|hidden/);
  });

  it('answers to the names of this machine, and to no other', async () => {
    const port = portOf(server);
    expect(await get('/', { host: `localhost:${port}` })).toMatchObject({ status: 200 });
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
    ])
      expect(await get('/', { host })).toMatchObject({
        status: 421,
        text: expect.not.stringContaining('page'),
      });
  });

  it('takes nothing', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(await get('/', { method })).toMatchObject({ status: 405 });
  });

  it('listens on this machine alone', () => {
    expect(server.address()).toMatchObject({ address: '127.0.0.1' });
  });
});

describe('fenceline serve', () => {
  it('says what is wrong with a port', () => {
    expect(fenceline('serve', '--port', '70000')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('A port is a number from 0 to 65535.'),
    });
    expect(fenceline('serve', '--port', String(portOf(server)))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/something listens there already; choose another one with --port/),
    });
  });
});
