import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Channel, GivenUp, Pool } from '../../site/logic/pool.js';
import type { Request } from '../../site/logic/protocol.js';
import { runs } from '../seed.js';

/** A worker that answers when it is told to. */
class Puppet implements Channel {
  onReply: Channel['onReply'] = () => {};
  onCrash: Channel['onCrash'] = () => {};
  request: Request | undefined;
  isClosed = false;

  post(request: Request): void {
    this.request = request;
  }

  close(): void {
    this.isClosed = true;
  }

  answer(value: unknown): void {
    const { id } = this.request as Request;
    this.request = undefined;
    this.onReply({ id, kind: 'answer', value });
  }
}

function puppets(size: number): { readonly pool: Pool; readonly all: Puppet[] } {
  const all: Puppet[] = [];
  const open = (): Channel => {
    const one = new Puppet();
    all.push(one);
    return one;
  };
  return { pool: new Pool(open, size), all };
}

describe('the pool of workers', () => {
  it('answers every question by the worker that it was put to, whatever the order of answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
        async (size, picks) => {
          const { pool, all } = puppets(size);
          const answers = picks.map((_, index) => pool.ask('shipped', index));
          for (const pick of picks) {
            const busy = all.filter(({ request }) => request);
            expect(busy.length).toBeLessThanOrEqual(size);
            const chosen = busy[pick % busy.length];
            chosen.answer(`${chosen.request?.args}!`);
            await Promise.resolve();
          }
          expect(await Promise.all(answers)).toEqual(picks.map((_, index) => `${index}!`));
        },
      ),
      runs(100),
    );
  });

  it('gives up a group: what waits is never asked, and a worker that goes on is replaced', async () => {
    const { pool, all } = puppets(1);
    const running = pool.ask('shipped', 'running', { group: 'program' });
    const waiting = pool.ask('shipped', 'waiting', { group: 'program' });
    const other = pool.ask('shipped', 'other');
    pool.giveUp('program');
    await expect(running).rejects.toBeInstanceOf(GivenUp);
    await expect(waiting).rejects.toBeInstanceOf(GivenUp);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(all.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    all[1].answer('here');
    expect(await other).toBe('here');
  });

  it('asks another worker when one does not begin any more', async () => {
    const { pool, all } = puppets(1);
    const first = pool.ask('shipped', 'a');
    all[0].answer('b');
    expect(await first).toBe('b');
    const second = pool.ask('shipped', 'c');
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(all.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    all[1].answer('d');
    expect(await second).toBe('d');
  });

  it('asks once more when a worker is lost, and says so when the next is lost as well', async () => {
    const { pool, all } = puppets(1);
    const lucky = pool.ask('shipped', 'a');
    all[0].onCrash('out of memory');
    all[1].answer('b');
    expect(await lucky).toBe('b');
    const unlucky = pool.ask('shipped', 'c');
    all[1].onCrash('out of memory');
    all[2].onCrash('out of memory');
    await expect(unlucky).rejects.toThrow('the engine was lost: out of memory');
  });
});
