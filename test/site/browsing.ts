import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { portOf, servePage } from '../../src/cli/page-server.js';

/** What the browser says while a test runs that no page should have to say. */
export interface Visit {
  readonly page: Page;
  readonly complaints: string[];
}

/** The page as built, served, and a browser to look at it with. */
export interface Browsing {
  readonly address: string;
  visit(fragment?: string, options?: BrowserContextOptions): Promise<Visit>;
  /** Leaves all pages. */
  leave(): Promise<void>;
  end(): Promise<void>;
}

/** As browsers are in containers: no user namespaces, and no forking ahead of time. */
const FLAGS = ['--no-sandbox', '--no-zygote', '--font-render-hinting=none'];

/** Starts both; where there is no browser, says why. */
export async function startBrowsing(): Promise<Browsing | string> {
  const executablePath = await findChromium();
  if (executablePath === undefined)
    return 'no Chromium: `npm ci` in browser/ installs one, and FENCELINE_CHROMIUM names another';
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const server = await servePage('build/page', 0);
  const address = `http://127.0.0.1:${portOf(server)}/`;
  const visit = async (fragment = '', options: BrowserContextOptions = {}): Promise<Visit> => {
    const context = await browser.newContext({ serviceWorkers: 'block', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      const isExpected = message.text().includes('Service Worker registration blocked');
      if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(message.text());
    });
    await page.goto(address + fragment);
    return { page, complaints };
  };
  const leave = async (): Promise<void> => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  };
  const end = async (): Promise<void> => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  };
  return { address, visit, leave, end };
}

/** The one that an environment variable names, or the one that its package brings along. */
async function findChromium(): Promise<string | undefined> {
  const { FENCELINE_CHROMIUM: named } = process.env;
  if (named !== undefined) return named;
  const carried = resolve('browser/node_modules/@sparticuz/chromium/build/esm/index.js');
  if (!existsSync(carried)) return undefined;
  // It unpacks itself where temporary files go; here it stays beside its package, of whose version it is.
  const { TMPDIR } = process.env;
  process.env.TMPDIR = resolve('browser/node_modules/.unpacked');
  mkdirSync(process.env.TMPDIR, { recursive: true });
  try {
    const { default: packed } = await import(pathToFileURL(carried).href);
    return await packed.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
