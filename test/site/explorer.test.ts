import { readFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { linkOf, openLink } from '../../site/logic/link.js';
import { shippedTests, version } from '../../src/index.js';
import { isLong } from '../seed.js';
import { type Browsing, startBrowsing } from './browsing.js';

const started = await startBrowsing();
if (typeof started === 'string') console.warn(`tests of the page are skipped: ${started}`);
const browsing = typeof started === 'string' ? undefined : started;
// Skipped only where no browser can be had, which is said above: the page's logic has tests of its own that
// need none.
const flow = browsing ? it : it.skip;
const { visit } = browsing ?? ({} as never);

afterEach(() => browsing?.leave());
afterAll(() => browsing?.end());

describe('the explorer in a browser', () => {
  flow('goes from the question to the stale load, and to why i386 has none', async () => {
    const { page, complaints } = await visit();
    const alpha = page.locator('.machine', {
      has: page.getByRole('heading', { name: 'Alpha', exact: true }),
    });
    const i386 = page.locator('.machine', { has: page.getByRole('heading', { name: 'i386' }) });
    await i386.getByText('Never').waitFor();
    await alpha.getByRole('button', { name: 'Show me' }).click();
    await page.locator('.told .picture svg').waitFor();
    const story = await page.locator('.told ol').textContent();
    expect(story).toMatch(/loads my_data in the handler and sees the old version.* ahead of/);
    await i386.getByRole('button', { name: 'Why not?' }).click();
    await page.getByText('Why it never happens on i386').waitFor();
    await page.getByRole('switch', { name: /rcu_dereference/ }).click();
    await alpha.getByText('Never').waitFor();
    await page.getByRole('switch', { name: /rcu_assign_pointer/ }).click();
    await alpha.getByText('Yes, it can').waitFor();
    expect(await i386.getByRole('status').textContent()).toBe('Never');
    expect(complaints).toEqual([]);
  });

  flow(
    'follows what is typed: an error is told in words and mended, and a barrier changes the verdict',
    async () => {
      const { page, complaints } = await visit('#test=classic/c/SB.litmus');
      const alpha = page.getByRole('row', { name: /^alpha / });
      await alpha.getByText('Sometimes').waitFor();
      const editor = page.getByRole('textbox', { name: 'Program' });
      await editor.locator('.tok-known', { hasText: 'WRITE_ONCE' }).first().waitFor();
      await place(page, 'WRITE_ONCE(*x, 1);');
      await page.keyboard.type(' smp_m();');
      const alert = page.getByRole('alert');
      await alert.getByText('smp_mb').waitFor();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.type('b');
      await alert.waitFor({ state: 'detached' });
      await place(page, 'WRITE_ONCE(*y, 1);');
      await page.keyboard.type(' smp_mb();');
      await alpha.getByText('Never').waitFor();
      expect(complaints).toEqual([]);
    },
  );

  flow('shows states, an execution of each, and the line of an event', async () => {
    const { page, complaints } = await visit('#test=classic/x86/SB.litmus');
    await page.getByRole('button', { name: 'i386' }).click();
    await page.getByRole('tab', { name: 'States' }).click();
    await page.getByRole('button', { name: /0:EAX=1; 1:EAX=1/ }).click();
    await page.getByText('An execution that ends in final state 4').waitFor();
    await page.locator('.execution svg [data-event]').last().hover();
    await page.locator('.editor .marked').waitFor();
    expect(await page.locator('.editor .marked').textContent()).toMatch(/MOV/);
    expect(complaints).toEqual([]);
  });

  flow('opens in another window what its link says', async () => {
    const { page } = await visit('#test=classic/c/MP.litmus');
    await page
      .getByRole('row', { name: /^alpha / })
      .getByText('Sometimes')
      .waitFor();
    await page.getByRole('button', { name: 'pso' }).click();
    await place(page, 'WRITE_ONCE(*x, 1);');
    await page.keyboard.type(' smp_wmb(); /* <img src=x onerror=alert(1)> */');
    await page.getByRole('row', { name: /^pso / }).getByText('Never').waitFor();
    await page.waitForTimeout(500);
    const { page: other, complaints } = await visit(new URL(page.url()).hash);
    await other.getByRole('row', { name: /^pso / }).getByText('Never').waitFor();
    expect(await other.getByRole('button', { name: 'pso' }).getAttribute('aria-pressed')).toBe('true');
    await other.locator('.editor', { hasText: 'onerror=alert(1)' }).waitFor();
    expect(complaints).toEqual([]);
  });

  flow('takes primitives out and puts one in that is missing', async () => {
    const { page, complaints } = await visit('#test=nmi/other-cpu-global-plain-load.litmus');
    await page.getByRole('tab', { name: 'Why and repair' }).click();
    const pso = page.locator('.chip', { hasText: 'pso' });
    await pso.getByText('Never').waitFor();
    await page.getByRole('checkbox', { name: /rcu_assign_pointer/ }).uncheck();
    await pso.getByText('Sometimes').waitFor();
    await page.getByRole('button', { name: 'for alpha', exact: true }).click();
    await page.getByText('The cheapest repair: rcu_dereference in line 45').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page
      .getByRole('row', { name: /^alpha / })
      .getByText('Never')
      .waitFor();
    expect(complaints).toEqual([]);
  });

  flow('steps through a machine, back, along the shortest way, and asks first', async () => {
    const { page, complaints } = await visit('#test=classic/x86/SB.litmus');
    await page.getByRole('tab', { name: 'Machine' }).click();
    await page.getByRole('combobox', { name: 'Machine' }).selectOption('i386');
    const last = page.locator('.last');
    await page.getByRole('button', { name: 'CPU0 stores x = 1 into its store buffer' }).click();
    await last.getByText('1. CPU0 stores x = 1').waitFor();
    await page.locator('.cpu-box').first().locator('.queue .new', { hasText: 'x = 1' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await last.getByText('Nothing has happened yet.').waitFor();
    await page.getByRole('button', { name: 'Show the shortest way' }).click();
    await page.getByLabel('predict first').check();
    for (let step = 1; step <= 6; step++) {
      await page.getByRole('button', { name: new RegExp(`^Next of the way .${step} of 6`) }).click();
      await page.locator(`.guess, .last:has-text("${step}. ")`).first().waitFor();
      if (!(await page.locator('.guess').isVisible())) continue;
      await page.locator('.guess').getByRole('button', { name: '0' }).click();
      await page.getByText('Right.').waitFor();
      await page.getByRole('button', { name: 'Go on' }).click();
    }
    await page.getByText('2 of 2 right').waitFor();
    await page.locator('.ended', { hasText: '0:EAX=0; 1:EAX=0; is what' }).waitFor();
    expect(complaints).toEqual([]);
  });

  // test/site/link.test.ts takes every link apart; here, `npm test` opens each tenth, and test:long all.
  flow('opens the links of tests that ship, one after the other', async () => {
    const { page, complaints } = await visit('#test=classic/x86/SB.litmus');
    await page.locator('.cm-editor').waitFor();
    const tests = Object.entries(shippedTests).filter((_, index) => isLong || index % 10 === 0);
    expect(tests.length).toBeGreaterThan(10);
    const links = tests.map(([path, text]) => ({
      path,
      // One verdict each: that links open is what is asked.
      link: linkOf({ view: 'program', test: path, text: `${text}\n(* mine *)`, targets: ['sc'] }, version),
    }));
    const wrong = await page.evaluate(`(async () => {
      const wrong = [];
      for (const { path, link } of ${JSON.stringify(links)}) {
        location.hash = link;
        const isThere = () => document.querySelector('.title').textContent === path && document.querySelector('.trouble') === null;
        for (let tries = 0; tries < 3000 && !isThere(); tries++) await new Promise((resolve) => setTimeout(resolve, 5));
        if (!isThere()) wrong.push(path);
      }
      return wrong;
    })()`);
    expect(wrong).toEqual([]);
    await page.getByRole('button', { name: 'Undo changes' }).waitFor();
    expect(complaints).toEqual([]);
  });

  flow('goes on when its workers are gone', async () => {
    const { page, complaints } = await visit('#test=classic/x86/SB.litmus');
    const i386 = page.getByRole('row', { name: /^i386 / });
    await i386.getByText('Sometimes').waitFor();
    for (const worker of page.workers()) await worker.evaluate('close()').catch(() => undefined);
    await place(page, 'MOV [x],$1');
    await page.keyboard.type('x');
    await page.getByRole('alert').waitFor();
    await page.keyboard.press('Backspace');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  flow('says what is wrong with a link, and takes nothing of it for code', async () => {
    const text = '<img src=x onerror="document.title=1">\n'.repeat(6_000);
    const { page, complaints } = await visit(`#${linkOf({ view: 'program', text }, '0.0.1')}`);
    await page.getByText('This link was made by fenceline 0.0.1').waitFor();
    await page.getByRole('alert').getByText('more than 200000 are not looked at here').waitFor();
    expect(await page.title()).toBe('fenceline');
    const { page: other } = await visit('#1.damaged');
    await other.getByText('this link is damaged').waitFor();
    expect(complaints).toEqual([]);
  });

  flow('opens without a network once it was visited', async () => {
    const { page, complaints } = await visit('', { serviceWorkers: 'allow' });
    await page.evaluate('navigator.serviceWorker.ready');
    await page.waitForFunction('navigator.serviceWorker.controller');
    await page.context().setOffline(true);
    await page.reload();
    await page.locator('.machine.bad').first().waitFor();
    await page.getByRole('button', { name: 'Library' }).click();
    await page.getByRole('button', { name: 'IRIW+mbs' }).first().click();
    await page.locator('.cm-editor').waitFor();
    expect(complaints).toEqual([]);
  });

  flow('stands in the pages of others, whose origin is another one, with its verdicts', async () => {
    const { page, complaints } = await visit();
    const { address } = browsing as Browsing;
    // Who hosts the page for others says that they may use it.
    await page.route(`${address}**`, async (route) => {
      const response = await route.fetch();
      const headers = {
        'access-control-allow-origin': '*',
        'content-type': response.headers()['content-type'],
      };
      await route.fulfill({ status: response.status(), body: await response.body(), headers });
    });
    const body = `<script type="module" src="${address}fenceline-test.js"></script>
      <fenceline-test test="classic/x86/SB.litmus" targets="sc,i386"></fenceline-test>
      <fenceline-test targets="sc">
        X86 mine
        { x=0; }
         P0         ;
         MOV [x],$1 ;
        exists (x=1)
      </fenceline-test>`;
    await page.route('http://slides.example/', (route) => route.fulfill({ body, contentType: 'text/html' }));
    await page.goto('http://slides.example/');
    const items = page.locator('fenceline-test').first().locator('li');
    await items.filter({ hasText: 'sc Never' }).waitFor();
    await items.filter({ hasText: 'i386 Sometimes' }).waitFor();
    const mine = page.locator('fenceline-test').last();
    await mine.locator('li', { hasText: 'sc Always' }).waitFor();
    const link = await mine.getByRole('link', { name: 'Play with it' }).getAttribute('href');
    expect(link?.startsWith(`${address}#`)).toBe(true);
    expect(openLink(new URL(link as string).hash, version)?.shared.text).toMatch(/^X86 mine\n/);
    expect(complaints).toEqual([]);
  });

  flow('shows which tests a changed model answers otherwise', async () => {
    const { page, complaints } = await visit('#model');
    const line = page.locator('.cm-line', { hasText: 'acyclic dp | rf as causality' });
    await line.click();
    await page.keyboard.press('Home');
    await page.keyboard.type('flag ~');
    await page.locator('.effects').getByText('classic/alpha/LB+datas.litmus').waitFor();
    await page.getByText(/^-acyclic dp/).waitFor();
    await page.getByRole('button', { name: 'classic/alpha/LB+datas.litmus' }).click();
    await page.getByRole('row', { name: /^alpha .*Sometimes.*changed model/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  flow('has a lesson predicted and revealed, and remembers it', async () => {
    const { page, complaints } = await visit('#lessons');
    await page.getByRole('button', { name: 'Begin with the Quick Quiz' }).click();
    const field = page.getByRole('button', { name: 'plain load in do_nmi() on alpha: no guess' });
    await field.click();
    await page.getByRole('button', { name: 'plain load in do_nmi() on alpha: never' }).click();
    await page.getByRole('button', { name: 'Reveal' }).click();
    const row = page.getByRole('row', { name: /plain load in do_nmi/ });
    await row.getByText('as you thought').waitFor();
    await page.getByRole('button', { name: /Show how it happens on alpha-linux/ }).click();
    await page.locator('.lesson svg').waitFor();
    await page.getByRole('button', { name: 'Tutorial: from the question to its answer' }).click();
    await page.locator('.command .chip', { hasText: 'alpha Sometimes' }).first().waitFor();
    await page.reload();
    await page.getByText('1 of').waitFor();
    expect(complaints).toEqual([]);
  });

  flow('finds a test in the library', async () => {
    const { page, complaints } = await visit('#library');
    await page.getByRole('searchbox').fill('iriw mbs alpha');
    await page
      .getByRole('status')
      .filter({ hasText: /^\d of/ })
      .waitFor();
    await page.getByRole('button', { name: 'IRIW+mbs' }).first().click();
    await page.getByRole('heading', { name: /IRIW\+mbs/ }).waitFor();
    expect(complaints).toEqual([]);
  });
});

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/**
 * What is wrong for people with other senses and hands, by rule and element.
 * @param rules all without them
 * @param parts selectors of what is looked at: the whole page without them
 */
async function barriers(page: Page, rules?: readonly string[], parts?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(axe);
  const context = JSON.stringify({ include: (parts ?? ['html']).map((part) => [part]) });
  const options = JSON.stringify(rules ? { runOnly: rules } : {});
  const { violations } = (await page.evaluate(`axe.run(${context}, ${options})`)) as AxeResult;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

describe('every view', () => {
  flow.each([
    ['quiz', '.machine.good'],
    ['model', '.cm-editor .tok-keyword'],
    ['lessons', '.contents'],
    ['library', '.tests li'],
    ['test=nmi/whole.litmus', '.execution svg'],
  ])('is open to everybody, and fits a phone: %s', async (fragment, sign) => {
    const { page, complaints } = await visit(`#${fragment}`, { viewport: { width: 360, height: 740 } });
    await page.locator(sign).first().waitFor();
    if (fragment === 'library') await page.getByRole('searchbox').fill('iriw');
    expect(await barriers(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await barriers(page, ['color-contrast'])).toEqual([]);
    for (const name of await page.getByRole('tab').allTextContents()) {
      await page.getByRole('tab', { name }).click();
      await page.locator('.pane :is(.execution, .states, .sites, .cpus)').waitFor();
      // The rest of the page was looked at above.
      expect(await barriers(page, undefined, ['.panes'])).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(complaints).toEqual([]);
  });
});

/** Puts the cursor behind a piece of the program. */
async function place(page: Page, piece: string): Promise<void> {
  const line = page.locator('.cm-line', { hasText: piece }).first();
  await line.click();
  await page.keyboard.press('End');
}
