import { afterAll, describe, expect, it } from '@jest/globals';
import { startBrowsing } from './browsing.js';

const started = await startBrowsing();
if (typeof started === 'string') console.warn(`tests of the page are skipped: ${started}`);
const browsing = typeof started === 'string' ? undefined : started;
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
});
