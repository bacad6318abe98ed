import { afterAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startBrowsing } from './browsing.js';

const started = await startBrowsing();
if (typeof started === 'string') console.warn(`tests of the page are skipped: ${started}`);
const browsing = typeof started === 'string' ? undefined : started;
// Skipped only where no browser can be had, which is said above: the page's logic has tests of its own that need none.
const flow = browsing ? it : it.skip;
const { visit } = browsing ?? ({} as never);

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

/** Puts the cursor behind a piece of the program. */
async function place(page: Page, piece: string): Promise<void> {
  const line = page.locator('.cm-line', { hasText: piece }).first();
  await line.click();
  await page.keyboard.press('End');
}
